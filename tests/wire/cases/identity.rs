//! Who somebody is: identifiers, patches, enrichments, merges; and the settings of external contacts.

// Two routes are deprecated.
#![allow(deprecated)]

use genesys_external_contacts::identifiers::{ClaimOperation, IdentifierClaim};

use super::bulk::{entities, one_request};
use super::*;

/// What a body claims.
fn claimed(args: &mut Args) -> genesys_external_contacts::Identifier {
    let claim: IdentifierClaim = args.body();
    assert_eq!(claim.operation, Some(ClaimOperation::Claim));
    claim.identifier.unwrap()
}

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contact_identifiers" => {
            sent(client.contacts().identifiers(args.id("contactId")).list()).await
        }
        "patch_externalcontacts_contact_identifiers" => {
            sent(client.contacts().identifiers(args.id("contactId")).claim(claimed(args))).await
        }
        "post_externalcontacts_identifierlookup_contacts" => {
            sent(with!(args, client.contacts().find_by(args.body()); expand)).await
        }
        "post_externalcontacts_identifierlookup" => {
            sent(with!(args, client.contacts().identifier_lookup(args.body()); expand)).await
        }
        "patch_externalcontacts_contact" => {
            sent(with!(args, client.contacts().patch(args.id("contactId")); changes)).await
        }
        "post_externalcontacts_contacts_enrich" => {
            sent(with!(args, client.contacts().enrich(args.body()); dry_run)).await
        }
        "post_externalcontacts_bulk_contacts_enrich" => {
            sent(with!(args, one_request(client.contacts().bulk().enrich(entities(args))); dry_run)).await
        }
        "post_externalcontacts_contacts_merge" => {
            sent(with!(
                args, client.contacts().merge(args.member::<Vec<String>>("contactIds").unwrap());
                value_override = args.member("valueOverride")
            ))
            .await
        }
        "post_externalcontacts_merge_contacts" => {
            sent(client.contacts().merge_two(
                args.member::<String>("sourceContactId").unwrap(),
                args.member::<String>("targetContactId").unwrap(),
            ))
            .await
        }
        "post_externalcontacts_contact_promotion" => sent(client.contacts().promote(args.id("contactId"))).await,
        "get_externalcontacts_contact_unresolved" => {
            sent(with!(args, client.contacts().get_unresolved(args.id("contactId")); expand)).await
        }
        "patch_externalcontacts_contact_note" => {
            sent(with!(args, client.contacts().notes(args.id("contactId")).patch(args.id("noteId")); changes)).await
        }
        "get_externalcontacts_organization_identifiers" => {
            sent(client.organizations().identifiers(args.id("externalOrganizationId")).list()).await
        }
        "patch_externalcontacts_organization_identifiers" => {
            sent(client.organizations().identifiers(args.id("externalOrganizationId")).claim(claimed(args))).await
        }
        "post_externalcontacts_identifierlookup_organizations" => {
            sent(with!(args, client.organizations().find_by(args.body()); expand)).await
        }
        "patch_externalcontacts_organization" => {
            sent(with!(args, client.organizations().patch(args.id("externalOrganizationId")); changes)).await
        }
        "post_externalcontacts_organizations_enrich" => {
            sent(with!(args, client.organizations().enrich(args.body()); dry_run)).await
        }
        "post_externalcontacts_bulk_organizations_enrich" => {
            sent(with!(args, one_request(client.organizations().bulk().enrich(entities(args))); dry_run)).await
        }
        "patch_externalcontacts_organization_note" => {
            sent(with!(
                args, client.organizations().notes(args.id("externalOrganizationId")).patch(args.id("noteId"));
                changes
            ))
            .await
        }
        "patch_externalcontacts_relationship" => {
            sent(with!(args, client.relationships().patch(args.id("relationshipId")); changes)).await
        }
        "get_externalcontacts_settings" => sent(client.settings().get()).await,
        "put_externalcontacts_settings" => sent(client.settings().update(args.body())).await,
        "delete_externalcontacts_settings" => sent(client.settings().reset()).await,
        _ => return None,
    })
}
