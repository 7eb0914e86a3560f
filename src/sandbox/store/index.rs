//! What makes a document quick to find.

use serde_json::{Map, Value};

/// The texts of a document that can be searched, made ready when the document is written.
#[derive(Clone, Default)]
pub(crate) struct Index {
    /// All texts in lower case, one per line.
    lines: String,
    /// What is only found as a whole: numbers in international form, custom identifiers and tags. In lower case.
    wholes: Vec<String>,
    /// What documents are filtered and sorted by: names of members, and their texts in lower case, or the ids in them.
    keys: Vec<(&'static str, Box<str>)>,
    /// Whether it is only fetched by its id.
    pub(crate) is_hidden: bool,
}

impl Index {
    pub(crate) fn keys_of(&mut self, document: &Map<String, Value>, names: &[&'static str]) {
        for name in names {
            let text = document.get(*name).and_then(|value| value.get("id").unwrap_or(value).as_str());
            if let Some(text) = text {
                self.keys.push((name, text.to_lowercase().into()));
            }
        }
    }

    pub(crate) fn key(&self, name: &str) -> Option<&str> {
        self.keys.iter().find(|(known, _)| *known == name).map(|(_, text)| &**text)
    }

    /// Gives back what is not needed for good.
    pub(crate) fn shrink(&mut self) {
        self.lines.shrink_to_fit();
        self.wholes.shrink_to_fit();
        self.keys.shrink_to_fit();
    }

    pub(crate) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.lines.push('\n');
            self.lines.extend(on_one_line(&text.to_lowercase()));
        }
    }

    pub(crate) fn whole(&mut self, text: &str) {
        self.wholes.push(on_one_line(&text.to_lowercase()).collect());
    }

    pub(crate) fn texts_of(&mut self, document: &Map<String, Value>, names: &[&str]) {
        for text in names.iter().filter_map(|name| document.get(*name)?.as_str()) {
            self.text(text);
        }
    }

    /// Numbers that have no international form can't be found.
    pub(crate) fn phones_of(&mut self, document: &Map<String, Value>, names: &[&str]) {
        for number in names.iter().filter_map(|name| document.get(*name)?.get("e164")?.as_str()) {
            self.whole(number);
        }
    }

    /// Names, external ids and custom fields, which contacts and organizations have alike.
    pub(crate) fn common_of(&mut self, document: &Map<String, Value>) {
        if let Some(twitter) = document.get("twitterId").and_then(Value::as_object) {
            self.texts_of(twitter, &["id", "name", "screenName"]);
        }
        for id in document.get("externalIds").and_then(Value::as_array).into_iter().flatten() {
            if let Some(value) = id.get("value").and_then(Value::as_str) {
                self.text(value);
            }
        }
        for (name, value) in document.get("customFields").and_then(Value::as_object).into_iter().flatten() {
            match value {
                Value::String(text) if name.ends_with("_text") => self.text(text),
                Value::String(text) if name.ends_with("_identifier") => self.whole(text),
                Value::Array(tags) if name.ends_with("_tag") => {
                    tags.iter().filter_map(Value::as_str).for_each(|tag| self.whole(tag));
                }
                _ => {}
            }
        }
    }

    /// Whether one of the texts is this, which must be in lower case. An at sign before the text doesn't count.
    pub(crate) fn has_text(&self, text: &str) -> bool {
        self.lines.split('\n').any(|line| line == text || line.strip_prefix('@') == Some(text))
    }

    pub(crate) fn has_whole(&self, text: &str) -> bool {
        self.wholes.iter().any(|whole| whole == text)
    }

    /// Whether the term stands at the start of a word.
    pub(crate) fn has_word(&self, term: &str) -> bool {
        // Looking for one character needs no preparation, which would cost more here than the search.
        let Some(first) = term.chars().next() else {
            return true;
        };
        let starts = self.lines.match_indices(first);
        starts.map(|(at, _)| self.lines.split_at(at)).any(|(before, rest)| {
            // There is always a character before: each line starts with its line break.
            rest.starts_with(term) && !before.ends_with(char::is_alphanumeric)
        })
    }
}

pub(crate) fn on_one_line(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c })
}
