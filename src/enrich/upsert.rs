//! Upserts that can be repeated: the record answers to the identifier by which it is looked for.
//!
//! A contact that is created answers to what stands in its fields, and to nothing else. So the identifier goes there, too;
//! without that, a repetition would find nobody and create a second contact.

use crate::contacts::model::ExternalContact;
use crate::enrich::model::{
    ArrayAction, ContactEnrichment, ContactEnrichmentOptions, EnrichAction, FieldAction, FieldRule, FieldRules,
    OrganizationEnrichment,
};
use crate::error::Error;
use crate::model::{
    AppleOpaqueId, ExternalId, ExternalSource, FacebookId, FacebookScopedId, Identifier, IdentifierType, InstagramId,
    InstagramScopedId, LineId, LineUserId, PhoneNumber, TwitterId, WhatsAppId,
};
use crate::organizations::model::ExternalOrganization;

/// Lists whose elements are ids of which each stands there once: those that were sent are added to those that are there.
const LISTS_OF_IDS: &[&str] = &["$.externalIds", "$.appleOpaqueIds"];

pub(crate) fn of_contact(identifier: &Identifier, contact: &ExternalContact) -> Result<ContactEnrichment, Error> {
    let mut contact = contact.clone();
    let filled = put_into_contact(identifier, &mut contact)?;
    let mut enrichment = ContactEnrichment::new(EnrichAction::Upsert, [identifier.clone()], contact)
        .with_field_rules(field_rules(filled))
        .with_options(ContactEnrichmentOptions::default().with_promote(true));
    // A contact is looked for in the division in which it is created.
    enrichment.division = identifier.division.clone().or_else(|| enrichment.contact.as_ref()?.division.clone());
    Ok(enrichment)
}

pub(crate) fn of_organization(
    identifier: &Identifier,
    organization: &ExternalOrganization,
) -> Result<OrganizationEnrichment, Error> {
    let mut organization = organization.clone();
    if identifier.kind != Some(IdentifierType::ExternalId) {
        return Err(Error::invalid("identifier", "is no external id, and organizations are known by nothing else"));
    }
    put_external_id(identifier, &mut organization.external_ids)?;
    let mut enrichment = OrganizationEnrichment::new(EnrichAction::Upsert, [identifier.clone()], organization)
        .with_field_rules(field_rules(None));
    enrichment.division = identifier.division.clone().or_else(|| enrichment.organization.as_ref()?.division.clone());
    Ok(enrichment)
}

/// Whether the identifier stands in the fields of the contact: then putting it there changes nothing.
pub(crate) fn contact_has(identifier: &Identifier, contact: &ExternalContact) -> bool {
    let mut filled = contact.clone();
    put_into_contact(identifier, &mut filled).is_ok() && filled == *contact
}

/// Whether the external id is one of the organization's.
pub(crate) fn organization_has(identifier: &Identifier, organization: &ExternalOrganization) -> bool {
    let mut ids = organization.external_ids.clone();
    put_external_id(identifier, &mut ids).is_ok() && ids == organization.external_ids
}

/// What is sent wins, and a second time changes nothing more: lists are replaced, but for lists of ids.
///
/// The field that only the identifier stands in is `filled` where the record has nothing there: the record may have the
/// identifier in another of its fields, and another value in this one.
fn field_rules(filled: Option<&str>) -> FieldRules {
    let of_list = |field: &&str| FieldRule::default().with_field(*field).with_array_action(ArrayAction::Fill);
    let mut rules: Vec<_> = LISTS_OF_IDS.iter().map(of_list).collect();
    if let Some(field) = filled {
        rules.push(FieldRule::default().with_field(format!("$.{field}")).with_action(FieldAction::PreferExisting));
    }
    FieldRules::default()
        .with_default_action(FieldAction::PreferProvided)
        .with_default_array_action(ArrayAction::Replace)
        .with_rules(rules)
}

/// Puts the identifier into the fields of the contact, and says which one was filled with it; none if it stands there.
fn put_into_contact(identifier: &Identifier, contact: &mut ExternalContact) -> Result<Option<&'static str>, Error> {
    let value = value_of(identifier)?;
    match &identifier.kind {
        Some(IdentifierType::Phone) => {
            let same = |phone: &Option<PhoneNumber>| phone.as_ref().is_some_and(|phone| is_number(phone, value));
            let phones = [
                ("workPhone", &mut contact.work_phone),
                ("cellPhone", &mut contact.cell_phone),
                ("homePhone", &mut contact.home_phone),
                ("otherPhone", &mut contact.other_phone),
            ];
            first_free(phones, same, || PhoneNumber::new(value), "phone numbers")
        }
        Some(IdentifierType::Email) => {
            let same = |email: &Option<String>| email.as_deref().is_some_and(|email| is_address(email, value));
            let emails = [
                ("workEmail", &mut contact.work_email),
                ("personalEmail", &mut contact.personal_email),
                ("otherEmail", &mut contact.other_email),
            ];
            first_free(emails, same, || value.to_owned(), "e-mail addresses")
        }
        Some(IdentifierType::ExternalId) => {
            put_external_id(identifier, &mut contact.external_ids)?;
            Ok(None)
        }
        Some(IdentifierType::AppleOpaqueId) => {
            let ids = contact.apple_opaque_ids.get_or_insert_default();
            if !ids.iter().any(|id| id.value.as_deref() == Some(value)) {
                ids.push(AppleOpaqueId::default().with_value(value));
            }
            Ok(None)
        }
        Some(IdentifierType::SocialWhatsapp) => {
            let account = contact.whats_app_id.get_or_insert_with(WhatsAppId::default);
            let same = |phone: &Option<PhoneNumber>| phone.as_ref().is_some_and(|phone| is_number(phone, value));
            first_free([("whatsAppId", &mut account.phone_number)], same, || PhoneNumber::new(value), "WhatsApp number")
        }
        Some(IdentifierType::SocialTwitter) => {
            let account = contact.twitter_id.get_or_insert_with(TwitterId::default);
            let same = |id: &Option<String>| id.as_deref() == Some(value);
            first_free([("twitterId", &mut account.id)], same, || value.to_owned(), "Twitter id")
        }
        Some(IdentifierType::SocialInstagramHandle) => {
            let account = contact.instagram_id.get_or_insert_with(InstagramId::default);
            let same = |handle: &Option<String>| handle.as_deref() == Some(value);
            first_free([("instagramId", &mut account.handle)], same, || value.to_owned(), "Instagram handle")
        }
        Some(IdentifierType::SocialInstagram) => {
            let account = contact.instagram_id.get_or_insert_with(InstagramId::default);
            let is_it = |id: &InstagramScopedId| id.scoped_id.as_deref() == Some(value);
            let new = || InstagramScopedId::default().with_scoped_id(value);
            put_only_id("instagramId", &mut account.ids, is_it, new)
        }
        Some(IdentifierType::SocialFacebook) => {
            let account = contact.facebook_id.get_or_insert_with(FacebookId::default);
            let is_it = |id: &FacebookScopedId| id.scoped_id.as_deref() == Some(value);
            put_only_id("facebookId", &mut account.ids, is_it, || FacebookScopedId::default().with_scoped_id(value))
        }
        Some(IdentifierType::SocialLine) => {
            let account = contact.line_id.get_or_insert_with(LineId::default);
            let is_it = |id: &LineUserId| id.user_id.as_deref() == Some(value);
            put_only_id("lineId", &mut account.ids, is_it, || LineUserId::default().with_user_id(value))
        }
        kind => {
            let kind = kind.as_ref().map_or("no kind", IdentifierType::as_str);
            let problem = format!(
                "is of {kind}, and no field of a contact holds such a one: with it, use `enrich`, which isn't repeated"
            );
            Err(Error::invalid("identifier", problem))
        }
    }
}

fn value_of(identifier: &Identifier) -> Result<&str, Error> {
    let value = identifier.value.as_deref().unwrap_or_default();
    if value.trim().is_empty() { Err(Error::invalid("identifier", "has no value")) } else { Ok(value) }
}

/// Puts a value into the first of the fields that has none, unless one of them has it already.
fn first_free<T, const N: usize>(
    fields: [(&'static str, &mut Option<T>); N],
    is_it: impl Fn(&Option<T>) -> bool,
    new: impl FnOnce() -> T,
    what: &str,
) -> Result<Option<&'static str>, Error> {
    if fields.iter().any(|(_, field)| is_it(field)) {
        return Ok(None);
    }
    let Some((name, field)) = fields.into_iter().find(|(_, field)| field.is_none()) else {
        let problem = format!("has other {what} in every field for them: leave one free, or name one of these");
        return Err(Error::invalid("record", problem));
    };
    *field = Some(new());
    Ok(Some(name))
}

/// Puts an id into a list that holds one.
fn put_only_id<T>(
    field: &'static str,
    ids: &mut Option<Vec<T>>,
    is_it: impl Fn(&T) -> bool,
    new: impl FnOnce() -> T,
) -> Result<Option<&'static str>, Error> {
    let ids = ids.get_or_insert_default();
    match ids.first() {
        None => {
            ids.push(new());
            Ok(Some(field))
        }
        Some(_) if ids.iter().any(is_it) => Ok(None),
        Some(_) => {
            Err(Error::invalid("record", format!("has another id in `{field}`: leave it out, or name that one")))
        }
    }
}

fn put_external_id(identifier: &Identifier, ids: &mut Option<Vec<ExternalId>>) -> Result<(), Error> {
    let value = value_of(identifier)?;
    let Some(source) = identifier.external_source.as_ref().and_then(|source| source.id.as_deref()) else {
        return Err(Error::invalid("identifier", "names no external source: make it with `Identifier::external_id`"));
    };
    let is_it = |id: &ExternalId| {
        let of = id.external_source.as_ref().and_then(|source| source.id.as_deref());
        id.value.as_deref() == Some(value) && of.is_some_and(|of| of.eq_ignore_ascii_case(source))
    };
    let ids = ids.get_or_insert_default();
    if !ids.iter().any(is_it) {
        let source = ExternalSource::default().with_id(source);
        ids.push(ExternalId::default().with_external_source(source).with_value(value));
    }
    Ok(())
}

/// Whether it is the same number, however it is written. A number without its country code is no such one.
fn is_number(phone: &PhoneNumber, number: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let text = phone.e164.as_deref().or(phone.display.as_deref()).unwrap_or_default();
    text.trim_start().starts_with('+') && digits(text) == digits(number)
}

fn is_address(email: &str, address: &str) -> bool {
    email.trim().to_lowercase() == address.trim().to_lowercase()
}
