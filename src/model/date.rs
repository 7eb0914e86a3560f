//! Date-times and days as the API writes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use time::{Date, OffsetDateTime, UtcOffset};

use crate::date;

/// What is dated earlier was never dated: year 0 and year 1 are how some systems write "no value".
const FIRST_YEAR: i32 = 1900;
/// The API writes years with four digits.
const LAST_YEAR: i32 = 9999;

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

impl Timestamp {
    /// The date-time as the API writes it, or `None` where the API can't: a year before 0 or after 9999.
    pub(crate) fn written(self) -> Option<String> {
        let utc = self.0.checked_to_offset(UtcOffset::UTC).filter(|utc| (0..=LAST_YEAR).contains(&utc.year()))?;
        let (year, month, day) = utc.to_calendar_date();
        let (hour, minute, second, nanosecond) = utc.to_hms_nano();
        let is_coarse = nanosecond % 1_000_000 == 0;
        let (fraction, digits) = if is_coarse { (nanosecond / 1_000_000, 3) } else { (nanosecond, 9) };
        let month = u8::from(month);
        Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:0digits$}Z"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = self.written();
        let written = written.ok_or_else(|| S::Error::custom("a date-time must lie between the years 0 and 9999"))?;
        serializer.serialize_str(&written)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(|text| {
            let value = date::date_time(text).ok_or("expected a date-time such as 2026-01-02T03:04:05.678Z")?;
            // It is written in UTC, in which the year may be another one.
            let year = value.checked_to_offset(UtcOffset::UTC).map(|utc| utc.year());
            if !year.is_some_and(|year| (FIRST_YEAR..=LAST_YEAR).contains(&year)) {
                return Err("expected a date-time of the years 1900 to 9999, in UTC");
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
        let (year, month, day) = self.0.to_calendar_date();
        if !(0..=LAST_YEAR).contains(&year) {
            return Err(S::Error::custom("a day must lie between the years 0 and 9999"));
        }
        serializer.collect_str(&format_args!("{year:04}-{:02}-{day:02}", u8::from(month)))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(Parsed(|text| date::day(text).map(Self).ok_or("expected a day such as 2026-01-02")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::format_description::BorrowedFormatItem;
    use time::macros::{datetime, format_description};

    use super::*;

    fn read(text: &str) -> Result<OffsetDateTime, String> {
        serde_json::from_value::<Timestamp>(text.into()).map(Into::into).map_err(|error| error.to_string())
    }

    fn written(value: OffsetDateTime) -> String {
        serde_json::to_value(Timestamp(value)).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn years_are_those_of_the_time_in_utc() {
        for (text, year) in [
            ("9999-12-31T23:59:59.999-01:00", None),
            ("9999-12-31T23:59:59.999+01:00", Some("9999-12-31T22:59:59.999Z")),
            ("1900-01-01T00:00:00+14:00", None),
            ("1899-12-31T23:00:00-01:00", Some("1900-01-01T00:00:00.000Z")),
            ("1900-01-01T00:00:00Z", Some("1900-01-01T00:00:00.000Z")),
            ("0001-01-01T00:00:00Z", None),
            ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59.999Z")),
        ] {
            assert_eq!(read(text).map(written).ok().as_deref(), year, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        /// What was read can be written, and reads again as the same instant.
        #[test]
        fn what_is_read_can_be_written_and_read_again(
            text in prop_oneof![
                "(18|19|20|99)[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])T[0-2][0-9]:[0-5][0-9]:([0-5][0-9]|60)([.][0-9]{1,10})?(Z|[+-][0-2][0-9]:?[0-5][0-9])",
                "(1899|1900|9999)-(01-01|12-31)T(00|01|22|23):(00|59):(00|59|60)([.]9{1,10})?(Z|[+-](00|01|14|23|25):?(00|59))",
            ],
        ) {
            if let Ok(value) = read(&text) {
                let written = written(value);
                prop_assert_eq!(read(&written), Ok(value), "{} {}", text, written);
            }
        }

        /// As the crate `time` writes them by these formats.
        #[test]
        fn date_times_are_written_as_they_were(seconds in -62_167_219_200_i64..=253_402_300_799, nanosecond in prop_oneof![
            (0_u32..1000).prop_map(|milliseconds| milliseconds * 1_000_000),
            0_u32..1_000_000_000,
        ]) {
            const MILLISECONDS: &[BorrowedFormatItem<'_>] =
                format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
            const NANOSECONDS: &[BorrowedFormatItem<'_>] =
                format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:9]Z");
            let value = OffsetDateTime::from_unix_timestamp(seconds).unwrap().replace_nanosecond(nanosecond).unwrap();
            let format = if nanosecond % 1_000_000 == 0 { MILLISECONDS } else { NANOSECONDS };
            prop_assert_eq!(written(value), value.format(format).unwrap());
            let day = serde_json::to_value(Day(value.date())).unwrap();
            prop_assert_eq!(day.as_str().unwrap(), value.date().format(format_description!("[year]-[month]-[day]")).unwrap());
            prop_assert_eq!(Date::from(serde_json::from_value::<Day>(day).unwrap()), value.date());
        }
    }

    #[test]
    fn what_has_no_four_digits_is_not_written() {
        for value in [datetime!(-0001-06-01 00:00 UTC), datetime!(9999-12-31 23:00 -02:00)] {
            assert!(serde_json::to_value(Timestamp(value)).is_err(), "{value}");
        }
        assert!(serde_json::to_value(Day(time::macros::date!(-0001 - 06 - 01))).is_err());
    }
}
