//! Models with their values, for the messages of failed tests.

use std::fmt;

use serde::Serialize;

/// Shows a model with its values, or several of them: in `assert_eq!`, what differs can be seen.
///
/// `Debug` of a model prints no values, because they are personal data and end up in logs. `reveal` says at each place that
/// this place prints them, and it is only there with the feature `sandbox`, which belongs into `[dev-dependencies]`: a build
/// for production that has a forgotten `reveal` in it doesn't compile.
///
/// ```
/// use genesys_external_contacts::ExternalContact;
/// use genesys_external_contacts::sandbox::reveal;
///
/// let ada = ExternalContact::default().with_last_name("Lovelace");
/// assert_eq!(format!("{ada:?}"), "ExternalContact {lastName}");
/// assert_eq!(format!("{:?}", reveal(&ada)), "{\n  \"lastName\": \"Lovelace\"\n}");
///
/// // Whatever models are in: lists, options, pages.
/// let found = vec![ada.clone()];
/// assert_eq!(reveal(&found), reveal(&vec![ada]));
/// ```
pub fn reveal<T: Serialize + ?Sized>(value: &T) -> Revealed<'_, T> {
    Revealed(value)
}

/// Something whose `Debug` prints all that is in it; see [`reveal`].
#[derive(Clone, Copy, PartialEq)]
pub struct Revealed<'a, T: ?Sized>(&'a T);

impl<T: Serialize + ?Sized> fmt::Debug for Revealed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string_pretty(self.0) {
            Ok(text) => f.write_str(&text),
            // A date beyond the year 9999, or a type of the caller's own.
            Err(error) => write!(f, "(can't be shown: {error})"),
        }
    }
}
