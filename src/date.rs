//! Dates as text, read by hand: the format descriptions of the crate `time` are a fifth of what this crate compiles to.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// What is left to read. Each step gives `None` where something else stands there.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Takes one of these bytes, if one of them is next.
    fn take(&mut self, bytes: &[u8]) -> bool {
        let is_next = self.0.first().is_some_and(|next| bytes.contains(next));
        if is_next {
            self.0 = &self.0[1..];
        }
        is_next
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(&[byte]).then_some(())
    }

    fn is_at_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    /// A number of exactly so many digits, four at most.
    fn number(&mut self, digits: usize) -> Option<u16> {
        (0..digits).try_fold(0, |number, _| {
            let digit = self.byte().filter(u8::is_ascii_digit)?;
            Some(number * 10 + u16::from(digit - b'0'))
        })
    }

    fn pair(&mut self) -> Option<u8> {
        self.number(2)?.try_into().ok()
    }

    /// The nanoseconds behind the seconds, if there are some. What is finer is left out.
    fn fraction(&mut self) -> Option<u32> {
        if !self.take(b".,") {
            return Some(0);
        }
        if !self.is_at_digit() {
            return None;
        }
        let (mut nanoseconds, mut unit) = (0, 100_000_000);
        while self.is_at_digit() {
            nanoseconds += u32::from(self.byte()? - b'0') * unit;
            unit /= 10;
        }
        Some(nanoseconds)
    }

    /// Year, month and day, with hyphens or without, and whether there were some.
    fn date(&mut self) -> Option<(Date, bool)> {
        let year = self.number(4)?;
        let has_hyphens = self.take(b"-");
        let month = self.pair()?;
        if has_hyphens {
            self.expect(b'-')?;
        }
        let date = Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, self.pair()?).ok()?;
        Some((date, has_hyphens))
    }

    fn offset(&mut self) -> Option<UtcOffset> {
        if self.take(b"Zz") {
            return Some(UtcOffset::UTC);
        }
        let sign = match self.byte()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours: i8 = self.pair()?.try_into().ok()?;
        let minutes: i8 = if self.take(b":") || self.is_at_digit() { self.pair()?.try_into().ok()? } else { 0 };
        // `time` knows offsets of more than a day. Nobody lives there.
        UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok().filter(|_| hours < 24)
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// A date-time of RFC 3339, or of ISO 8601 with the day of the month. Seconds and minutes may be missing in the latter.
pub(crate) fn date_time(text: &str) -> Option<OffsetDateTime> {
    let mut reader = Reader::new(text);
    let (date, is_extended) = reader.date()?;
    let separator = reader.byte()?;
    let hour = reader.pair()?;
    let (mut minute, mut second, mut nanosecond, mut is_whole) = (0, 0, 0, false);
    let goes_on = |reader: &mut Reader<'_>| if is_extended { reader.take(b":") } else { reader.is_at_digit() };
    if goes_on(&mut reader) {
        minute = reader.pair()?;
        if goes_on(&mut reader) {
            (second, nanosecond, is_whole) = (reader.pair()?, reader.fraction()?, true);
        }
    }
    // RFC 3339 lets another character stand in place of the T.
    if separator != b'T' && !(is_extended && is_whole) {
        return None;
    }
    let is_leap = second == 60;
    if is_leap {
        // There is no such second here. The API writes milliseconds, so the last of them stands for it.
        (second, nanosecond) = (59, 999_000_000);
    }
    let time = Time::from_hms_nano(hour, minute, second, nanosecond).ok()?;
    let value = PrimitiveDateTime::new(date, time).assume_offset(reader.offset()?);
    if is_leap && !may_be_leap(value) {
        return None;
    }
    reader.end(value)
}

/// Leap seconds are the last of a month, in UTC.
fn may_be_leap(value: OffsetDateTime) -> bool {
    let utc = value.checked_to_offset(UtcOffset::UTC);
    utc.is_some_and(|utc| (utc.hour(), utc.minute()) == (23, 59) && utc.day() == utc.month().length(utc.year()))
}

/// `2026-01-02`.
pub(crate) fn day(text: &str) -> Option<Date> {
    let mut reader = Reader::new(text);
    let (date, has_hyphens) = reader.date()?;
    reader.end(date).filter(|_| has_hyphens)
}

/// The date of a header: `Sun, 22 Nov 2026 10:00:00 GMT`.
pub(crate) fn http_date(text: &str) -> Option<OffsetDateTime> {
    const WEEKDAYS: [&str; 7] = ["Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, "];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = WEEKDAYS.iter().find_map(|weekday| text.strip_prefix(weekday))?;
    let mut reader = Reader::new(text.strip_suffix(" GMT")?);
    let day = reader.pair()?;
    reader.expect(b' ')?;
    let name = [reader.byte()?, reader.byte()?, reader.byte()?];
    let month = (1..).zip(MONTHS).find(|(_, month)| month.as_bytes() == name)?.0;
    reader.expect(b' ')?;
    let date = Date::from_calendar_date(reader.number(4)?.into(), Month::try_from(month).ok()?, day).ok()?;
    reader.expect(b' ')?;
    let hour = reader.pair()?;
    reader.expect(b':')?;
    let minute = reader.pair()?;
    reader.expect(b':')?;
    let time = Time::from_hms(hour, minute, reader.pair()?).ok()?;
    reader.end(PrimitiveDateTime::new(date, time).assume_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::format_description::well_known::{Iso8601, Rfc3339};
    use time::macros::{datetime, format_description};

    use super::*;

    /// What the crate `time` reads, by the formats that were used before.
    fn judged(text: &str) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(text, &Iso8601::PARSING)).ok()
    }

    fn judged_day(text: &str) -> Option<Date> {
        Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
    }

    fn judged_http_date(text: &str) -> Option<OffsetDateTime> {
        let format =
            format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
        PrimitiveDateTime::parse(text, format).ok().map(PrimitiveDateTime::assume_utc)
    }

    #[test]
    fn a_leap_second_is_the_last_millisecond_of_its_minute() {
        let last = datetime!(2016-12-31 23:59:59.999 UTC);
        for text in ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00", "20161231T235960Z"]
        {
            assert_eq!(date_time(text), Some(last), "{text}");
            assert!(judged(text).is_some(), "{text}");
        }
        for text in ["2016-12-30T23:59:60Z", "2016-12-31T22:59:60Z", "2016-12-31T23:59:61Z"] {
            assert_eq!((date_time(text), judged(text)), (None, None), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        /// Whatever has the shape of a date-time is read as the crate `time` reads it, or refused as there.
        #[test]
        fn date_times_are_what_they_were(
            date in ("(19|20|00|99)[0-9]{2}", "(0[0-9]|1[0-3])", "([0-2][0-9]|3[0-2])"),
            separator in "[Tt _]",
            time in ("([01][0-9]|2[0-5])", "([0-5][0-9]|60)", "([0-5][0-9]|61)", "([.][0-9]{0,9})?"),
            offset in "(Z|z|[+-]([01][0-9]|2[0-6])(:?([0-5][0-9]|60))?|[+-]0|)",
            shape in 0..4,
        ) {
            let ((year, month, day), (hour, minute, second, fraction)) = (date, time);
            let text = match shape {
                0 | 1 => format!("{year}-{month}-{day}{separator}{hour}:{minute}:{second}{fraction}{offset}"),
                2 => format!("{year}{month}{day}T{hour}{minute}{second}{fraction}{}", offset.replace(':', "")),
                _ => format!("{year}-{month}-{day}T{hour}:{minute}{offset}"),
            };
            // A space or a `z` is of RFC 3339, an offset without a colon of ISO 8601: here one may stand beside the other.
            let is_mixed = separator != "T" && !offset.contains(':') && !offset.eq_ignore_ascii_case("z") || shape > 1;
            let is_too_far = offset.get(1..3).is_some_and(|hours| hours >= "24");
            match judged(&text) {
                None if is_mixed => {}
                Some(_) if is_too_far => prop_assert_eq!(date_time(&text), None, "{}", text),
                expected => prop_assert_eq!(date_time(&text), expected, "{}", text),
            }
        }

        #[test]
        fn what_is_no_date_time_is_none(text in "[0-9TZz:. +-]{0,28}|\\PC{0,30}") {
            if let Some(read) = date_time(&text) {
                prop_assert_eq!(Some(read), judged(&text), "{}", text);
            }
            if let Some(read) = day(&text) {
                prop_assert_eq!(Some(read), judged_day(&text), "{}", text);
            }
            let _ = http_date(&text);
        }

        #[test]
        fn days_are_what_they_were(text in "[0-9]{3,5}-(0[0-9]|1[0-3]|[0-9])-([0-3][0-9]|[0-9])") {
            prop_assert_eq!(day(&text), judged_day(&text), "{}", text);
        }

        #[test]
        fn dates_of_headers_are_what_they_were(
            day in "(Mon|Tue|Sun|Foo), ([0-3][0-9]|[1-9])",
            month in "(Jan|Feb|Jun|Dec|dec|Foo)",
            year in "[0-9]{4}",
            time in "([01][0-9]|2[0-5]):([0-5][0-9]|60):([0-5][0-9]|6[01])",
            zone in "(GMT|UTC|)",
        ) {
            let text = format!("{day} {month} {year} {time} {zone}");
            prop_assert_eq!(http_date(&text), judged_http_date(&text), "{}", text);
        }
    }
}
