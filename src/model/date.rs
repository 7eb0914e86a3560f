//! Date-times and days as the API writes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// What is dated earlier was never dated: year 0 and year 1 are how some systems write "no value".
const FIRST_YEAR: i32 = 1900;

const MILLISECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
const NANOSECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:9]Z");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A value that is read from a string as it comes by: only then an error knows its place.
struct Parsed<T>(fn(&str) -> Result<T, &'static str>);

impl<T> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// `2026-01-02T03:04:05.678Z`: UTC, with milliseconds. A value that is finer than that is written with nanoseconds,
/// so that reading and writing back loses nothing.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp(OffsetDateTime);

impl From<OffsetDateTime> for Timestamp {
    fn from(value: OffsetDateTime) -> Self {
        Self(value)
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(value: Timestamp) -> Self {
        value.0
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let utc = self
            .0
            .checked_to_offset(UtcOffset::UTC)
            .filter(|utc| (0..=9999).contains(&utc.year()))
            .ok_or_else(|| S::Error::custom("a date-time must lie between the years 0 and 9999"))?;
        let format = if utc.nanosecond() % 1_000_000 == 0 { MILLISECONDS } else { NANOSECONDS };
        serializer.serialize_str(&utc.format(format).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(|text| {
            let value = OffsetDateTime::parse(text, &Rfc3339)
                .or_else(|_| OffsetDateTime::parse(text, &Iso8601::PARSING))
                .map_err(|_| "expected a date-time such as 2026-01-02T03:04:05.678Z")?;
            if value.year() < FIRST_YEAR {
                return Err("expected a date-time of the year 1900 or later");
            }
            Ok(Self(value))
        }))
    }
}

/// `2026-01-02`.
#[derive(Clone, Copy)]
pub(crate) struct Day(Date);

impl From<Date> for Day {
    fn from(value: Date) -> Self {
        Self(value)
    }
}

impl From<Day> for Date {
    fn from(value: Day) -> Self {
        value.0
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.format(DAY).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(|text| {
            Date::parse(text, DAY).map(Self).map_err(|_| "expected a day such as 2026-01-02")
        }))
    }
}
