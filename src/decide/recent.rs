//! A cache that forgets what was not asked for lately.

use std::collections::HashMap;

/// Values by their keys, of which it holds a bounded number.
///
/// Two generations: what is asked for moves to the young one. When that is full, it becomes the old one, and the old one is
/// forgotten.
pub(crate) struct Recent<V> {
    young: HashMap<String, V>,
    old: HashMap<String, V>,
    /// How many values a generation holds.
    most: usize,
}

impl<V: Clone> Recent<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), most: (capacity / 2).max(1) }
    }

    pub(crate) fn get(&mut self, key: &str) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let value = self.old.remove(key)?;
        self.put(key.to_owned(), value.clone());
        Some(value)
    }

    pub(crate) fn put(&mut self, key: String, value: V) {
        if self.young.len() >= self.most && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.young.remove(key);
        self.old.remove(key);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(10);
        recent.put("often".to_owned(), 0);
        for number in 1..1000 {
            assert_eq!(recent.get("often"), Some(0), "{number}");
            recent.put(number.to_string(), number);
            assert!(recent.len() <= 10);
        }
        assert_eq!(recent.get("999"), Some(999));
        assert_eq!(recent.get("900"), None);
        recent.remove("often");
        assert_eq!(recent.get("often"), None);
    }
}
