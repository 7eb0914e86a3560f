//! `client.reverse_white_pages_lookup(…)`: who has this phone number, e-mail address or Twitter name.

mod model;

pub use model::ReverseWhitepagesLookupResult;

use crate::error::Error;
use crate::operation::{Expand, InDivision, Operation, RequestParts, Route};

model! {
    /// What can be returned along with what a look-up finds.
    pub enum LookupExpand {
        /// The whole external organizations of the contacts instead of their ids.
        ContactsExternalOrganization => "contacts.externalOrganization",
        /// Where contacts were imported from, `externalDataSources`.
        ExternalDataSources => "externalDataSources",
        /// The names of the divisions besides their ids.
        Division => "division",
    }
}

/// `GET /api/v2/externalcontacts/reversewhitepageslookup`; see
/// [`Client::reverse_white_pages_lookup`](crate::Client::reverse_white_pages_lookup).
///
/// ```
/// use genesys_external_contacts::{ExternalContact, LookupExpand, PhoneNumber};
/// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
///
/// let ada = ExternalContact::default().with_last_name("Lovelace").with_work_phone(PhoneNumber::new("+44 20 7946 0018"));
/// client.contacts().create(ada).send()?;
///
/// let lookup = client.reverse_white_pages_lookup("+442079460018").expand([LookupExpand::Division]);
/// for contact in lookup.send()?.contacts.unwrap_or_default() {
///     println!("{}", contact.display_name());
/// }
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone)]
pub struct ReverseWhitePagesLookup {
    lookup_val: String,
    expand: Vec<LookupExpand>,
    division_id: Option<String>,
}

impl ReverseWhitePagesLookup {
    pub(crate) fn new(lookup_val: String) -> Self {
        Self { lookup_val, expand: Vec::new(), division_id: None }
    }
}

impl Operation for ReverseWhitePagesLookup {
    type Output = ReverseWhitepagesLookupResult;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/reversewhitepageslookup");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        if self.lookup_val.is_empty() {
            return Err(Error::invalid("value", "is empty"));
        }
        request.query("lookupVal", &self.lookup_val);
        request.query_list("expand", &self.expand);
        request.query_opt("divisionId", self.division_id.as_ref());
        Ok(())
    }
}

impl Expand for ReverseWhitePagesLookup {
    type Field = LookupExpand;

    fn expand(&mut self) -> &mut Vec<LookupExpand> {
        &mut self.expand
    }
}

impl InDivision for ReverseWhitePagesLookup {
    fn division_id(&mut self) -> &mut Option<String> {
        &mut self.division_id
    }
}
