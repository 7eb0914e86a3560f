//! What `q` finds.

use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::phone;
use crate::sandbox::store::index::{Index, on_one_line};

const LONGEST: usize = 256;

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
