//! What the service makes of phone numbers.

use std::str::FromStr as _;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Metadata, Mode};
use serde_json::{Map, Value};

/// Where a number without a country code is from, unless `normalizationCountryCode` says otherwise.
const DEFAULT_COUNTRY: Id = Id::US;

/// Longer texts are no phone numbers: the longest has 15 digits, and an extension.
const LONGEST: usize = 64;

/// A text that is a phone number.
pub(crate) struct Number {
    pub(crate) e164: String,
    pub(crate) international: String,
    pub(crate) country: String,
}

/// Reads a phone number.
///
/// Assumed: "can be read as E.164" means that it has a length that numbers of its country can have. Examples are
/// numbers that nobody was given, so to ask for more would refuse them; with less, every short text would be a number.
pub(crate) fn read(text: &str, country: Option<Id>) -> Option<Number> {
    let text = text.trim();
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Given a country, the parser takes that country's prefix off numbers of all countries.
    let country = if text.starts_with(['+', '\u{ff0b}']) { None } else { Some(country.unwrap_or(DEFAULT_COUNTRY)) };
    let number = phonenumber::parse(country, text).ok()?;
    let code = number.country().code();
    // A number that nobody was given is of the country that its code stands for first.
    let metadata = match number.metadata(&DATABASE) {
        Some(metadata) => metadata,
        None => DATABASE.by_code(&code)?.into_iter().next()?,
    };
    let length = u16::try_from(number.national().to_string().len()).ok()?;
    if !lengths(metadata).any(|possible| possible == length) {
        return None;
    }
    Some(Number {
        e164: number.format().mode(Mode::E164).to_string(),
        international: number.format().mode(Mode::International).to_string(),
        country: metadata.id().to_owned(),
    })
}

/// The lengths that numbers of a country have, whatever they are for.
fn lengths(metadata: &Metadata) -> impl Iterator<Item = u16> {
    let all = metadata.descriptors();
    [
        all.fixed_line(),
        all.mobile(),
        all.toll_free(),
        all.premium_rate(),
        all.shared_cost(),
        all.personal_number(),
        all.voip(),
        all.uan(),
    ]
    .into_iter()
    .flatten()
    .flat_map(|descriptor| descriptor.possible_length().iter().copied())
}

/// The country of `normalizationCountryCode`.
///
/// Assumed: it is written as a region (`GB`) or as a calling code (`44`, `+44`); the documentation shows only `+1`.
fn country(text: &str) -> Option<Id> {
    let text = text.trim();
    if let Ok(id) = Id::from_str(&text.to_ascii_uppercase()) {
        return Some(id);
    }
    let code: u16 = text.trim_start_matches('+').parse().ok()?;
    let regions = DATABASE.region(&code)?;
    regions.into_iter().find_map(|region| Id::from_str(region).ok())
}

/// Fills in what the service derives from `display`.
pub(crate) fn complete(phone: &mut Map<String, Value>) {
    complete_as(phone, read);
}

/// The same for a WhatsApp number, whose country code stands there without a plus. False where it is no number.
pub(crate) fn complete_whats_app(phone: &mut Map<String, Value>) -> bool {
    complete_as(phone, |display, _| read(&format!("+{}", display.trim().trim_start_matches('+')), None))
}

fn complete_as(phone: &mut Map<String, Value>, read: impl Fn(&str, Option<Id>) -> Option<Number>) -> bool {
    let Some(display) = phone.get("display").and_then(Value::as_str).map(str::to_owned) else {
        return true;
    };
    let given = phone.get("normalizationCountryCode").and_then(Value::as_str).and_then(country);
    let number = read(&display, given);
    let is_number = number.is_some();
    phone.insert("userInput".to_owned(), display.into());
    if let Some(number) = number {
        phone.insert("display".to_owned(), number.international.into());
        phone.insert("e164".to_owned(), number.e164.into());
        phone.insert("countryCode".to_owned(), number.country.into());
    }
    is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_libphonenumber_reads_them() {
        for (text, country, e164, international, found) in [
            // facts 6.2
            ("+33 1 00 00 00 01", None, "+33100000001", "+33 1 00 00 00 01", "FR"),
            ("+33100000001", None, "+33100000001", "+33 1 00 00 00 01", "FR"),
            ("(317) 222-2222", None, "+13172222222", "+1 317-222-2222", "US"),
            ("1 317 222 2222", None, "+13172222222", "+1 317-222-2222", "US"),
            ("+1 704 298 4733", None, "+17042984733", "+1 704-298-4733", "US"),
            ("+1 416 555 0123", None, "+14165550123", "+1 416-555-0123", "CA"),
            ("+44 20 7946 0018", None, "+442079460018", "+44 20 7946 0018", "GB"),
            ("020 7946 0018", Some("GB"), "+442079460018", "+44 20 7946 0018", "GB"),
            ("020 7946 0018", Some("+44"), "+442079460018", "+44 20 7946 0018", "GB"),
            ("020 7946 0018", Some("44"), "+442079460018", "+44 20 7946 0018", "GB"),
            ("030 123456", Some("de"), "+4930123456", "+49 30 123456", "DE"),
            ("+39 06 6982", None, "+39066982", "+39 06 6982", "IT"),
            ("+1 555 010 0100", None, "+15550100100", "+1 555-010-0100", "US"),
            ("(317) 222-2222 x77", None, "+13172222222", "+1 317-222-2222 ext. 77", "US"),
        ] {
            let number = read(text, country.and_then(super::country)).expect(text);
            assert_eq!((&*number.e164, &*number.international, &*number.country), (e164, international, found));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", " ", "+", "12", "call me", "020 7946 0018", "+999 123", "ada@example.com", "5551", "+1"] {
            assert!(read(text, None).is_none(), "{text}");
        }
        assert!(read(&"9".repeat(1000), None).is_none());
    }

    /// A parser of somebody else's, fed with whatever comes: it must not panic.
    #[test]
    fn no_text_makes_the_parser_panic() {
        let parts = [
            "+",
            "0",
            "00",
            "1",
            "44",
            "99999",
            ";ext=",
            "x12",
            "tel:",
            ";phone-context=",
            "(",
            ")",
            "*",
            "#",
            "٣",
            "a",
            " ",
            "-",
            "\u{0}",
            "é",
            "ext. 7",
            "//",
        ];
        let mut seed = 7_u64;
        for _ in 0..500 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[(seed >> 33) as usize % parts.len()]);
            }
            let _ = read(&text, None);
            let _ = country(&text);
        }
    }
}
