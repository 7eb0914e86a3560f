//! Pages of short listings that go on after some record: by `after` and `pageSize`, or by `cursor` and `limit`.

use serde_json::{Value, json};

use crate::sandbox::http::endpoint::Call;
use crate::sandbox::http::failure::Failure;

/// How a listing goes on.
pub(crate) struct Walk {
    pub(crate) size: &'static str,
    pub(crate) position: &'static str,
    pub(crate) default_size: usize,
    pub(crate) max_size: usize,
    /// Whether a page says its cursor in `cursors`, too, and not only in its `nextUri`.
    pub(crate) has_cursors: bool,
}

/// By `after`, which only `nextUri` says.
///
/// Assumed: the sizes, where none are documented.
pub(crate) const BY_URI: Walk =
    Walk { size: "pageSize", position: "after", default_size: 25, max_size: 100, has_cursors: false };

/// By `after`, which `cursors` says, too.
pub(crate) const BY_AFTER: Walk = Walk { has_cursors: true, ..BY_URI };

impl Walk {
    /// The page of these records that is asked for. Each comes with its id. `view` makes what is shown of one.
    ///
    /// Assumed: a position is the id of the last record of the page before; one that is none is refused with 400.
    pub(crate) fn show<T>(
        &self,
        call: &Call,
        records: &[(String, T)],
        view: impl FnMut(&T) -> Value,
    ) -> Result<Value, Failure> {
        let given = |name| call.query.get(name).filter(|text| !text.is_empty());
        let size = match given(self.size).map(|text| (text, text.parse::<usize>())) {
            None => self.default_size,
            Some((_, Ok(size))) if (1..=self.max_size).contains(&size) => size,
            Some((text, _)) => {
                let allowed = format!("a whole number from 1 to {}", self.max_size);
                return Err(Failure::invalid_query(self.size, text, &allowed));
            }
        };
        let from = match given(self.position) {
            None => 0,
            Some(id) => match records.iter().position(|(known, _)| known == id) {
                Some(at) => at + 1,
                None => return Err(Failure::invalid_query(self.position, id, "what a page of this listing gave")),
            },
        };
        let page = &records[from..records.len().min(from.saturating_add(size))];
        let mut listing = json!({ "selfUri": call.path });
        listing["entities"] = page.iter().map(|(_, record)| record).map(view).collect();
        if let Some((last, _)) = page.last().filter(|_| from + page.len() < records.len()) {
            let mut query = call.query.without(&[self.size, self.position]);
            query.push(self.size, &size.to_string());
            query.push(self.position, last);
            listing["nextUri"] = format!("{}?{}", call.path, query.text()).into();
            if self.has_cursors {
                listing["cursors"] = json!({ "after": last });
            }
        }
        Ok(listing)
    }
}
