//! What `q` finds.

use serde_json::{Map, Value};

use crate::sandbox::http::answer::Failure;
use crate::sandbox::rules::phone;

const LONGEST: usize = 256;

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
    fn has_word(&self, term: &str) -> bool {
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

fn on_one_line(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c })
}

/// What is looked for: all terms must be found.
pub(crate) struct Search(Vec<Term>);

enum Term {
    /// The start of a word, of several words where it was quoted, or something whole.
    Word(String),
    /// A number in international form, and nothing else: what looks like a number is not looked for as a text.
    Number(String),
}

impl Search {
    pub(crate) fn parse(q: Option<&str>) -> Result<Self, Failure> {
        let q = q.unwrap_or_default();
        let length = q.chars().count();
        if length > LONGEST {
            return Err(Failure::invalid_query(
                "q",
                &format!("{length} characters"),
                &format!("at most {LONGEST} characters"),
            ));
        }
        let mut terms = Vec::new();
        // Every second part stands in quotes. A quote that is not closed goes to the end.
        for (index, part) in q.split('"').enumerate() {
            if index % 2 == 1 {
                let part = part.trim().to_lowercase();
                if !part.is_empty() {
                    terms.push(Term::Word(on_one_line(&part).collect()));
                }
            } else {
                unquoted(&part.split_whitespace().collect::<Vec<_>>(), &mut terms);
            }
        }
        Ok(Self(terms))
    }

    pub(crate) fn finds(&self, index: &Index) -> bool {
        self.0.iter().all(|term| match term {
            Term::Word(word) => index.has_word(word) || index.has_whole(word),
            Term::Number(number) => index.has_whole(number),
        })
    }
}

/// Words, and numbers that may be written in several words.
fn unquoted(words: &[&str], terms: &mut Vec<Term>) {
    let mut rest = words;
    while let [first, after_first @ ..] = rest {
        let run = rest.iter().take_while(|word| looks_like_a_number(word)).count();
        let number = (1..=run).rev().find_map(|count| Some((count, phone::read(&rest[..count].join(" "), None)?)));
        match number {
            Some((count, number)) => {
                terms.push(Term::Number(number.e164));
                rest = &rest[count..];
            }
            None => {
                terms.push(Term::Word(first.to_lowercase()));
                rest = after_first;
            }
        }
    }
}

fn looks_like_a_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || b"+-.()/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_must_start_a_word() {
        let mut index = Index::default();
        for text in ["Anne-Marie", "O'Hara Ñandú", "anne@example.com", "ACME-77"] {
            index.text(text);
        }
        index.whole("+442079460018");
        index.whole("Gold Member");
        for (q, found) in [
            ("", true),
            ("   ", true),
            ("anne", true),
            ("MARIE", true),
            ("arie", false),
            ("marie ohara", false),
            ("marie o'ha", true),
            ("ñan", true),
            ("anne@example.com", true),
            ("example", true),
            ("acme-77", true),
            ("77", true),
            ("anne bob", false),
            ("+44 20 7946 0018", true),
            ("+442079460018", true),
            ("anne +44 (20) 7946-0018", true),
            ("+44 20 7946 0018 marie", true),
            ("+44 20 7946 0019", false),
            ("\"+44 20 7946 0018\"", false),
            ("\"+442079460018\"", true),
            ("\"o'hara ñandú\"", true),
            ("\"hara ñandú\"", true),
            ("\"ara ñandú\"", false),
            ("\"o'hara  ñandú\"", false),
            ("\"gold member\"", true),
            ("gold", false),
            ("\"gold\"", false),
            ("\"", true),
            ("\"anne", true),
            ("anne\nmarie", true),
            ("\"com\nacme-77\"", false),
        ] {
            assert_eq!(Search::parse(Some(q)).unwrap().finds(&index), found, "{q}");
        }
    }
}
