//! Who is meant: what to search for, and who of those that were found it is.

use crate::contacts::model::ExternalContact;
use crate::enrich::upsert;
use crate::model::{Identifier, IdentifierType};
use crate::organizations::model::ExternalOrganization;

/// The words by which a search finds those who have the identifier in their fields; none where searches don't look there.
pub(crate) fn words(identifier: &Identifier) -> Option<String> {
    let value = identifier.value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
    match identifier.kind.as_ref()? {
        IdentifierType::Phone => {
            let is_part = |c: &char| c.is_ascii_digit() || *c == '+';
            Some(value.chars().filter(is_part).collect())
        }
        IdentifierType::Email | IdentifierType::ExternalId | IdentifierType::SocialTwitter => Some(value.to_owned()),
        _ => None,
    }
}

/// Whether the identifier stands in the fields of the record. Searches find others, too.
pub(crate) trait Has {
    fn has(&self, identifier: &Identifier) -> bool;
}

impl Has for ExternalContact {
    fn has(&self, identifier: &Identifier) -> bool {
        upsert::contact_has(identifier, self)
    }
}

impl Has for ExternalOrganization {
    fn has(&self, identifier: &Identifier) -> bool {
        upsert::organization_has(identifier, self)
    }
}
