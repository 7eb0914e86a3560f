//! Many records in one request.

use genesys_external_contacts::BulkRequest;
use genesys_external_contacts::bulk::{BulkOperation, Iterated};
use serde::de::DeserializeOwned;

use super::*;

/// The records of a body, which has nothing else.
pub(super) fn entities<T: DeserializeOwned + Debug>(args: &mut Args) -> Vec<T> {
    args.member("entities").expect("no entities")
}

/// A function, so that the tables name the method that takes the records.
pub(super) fn one_request<O: BulkOperation, I: Iterator<Item: Into<O::Input>>>(
    request: BulkRequest<Client, O, Iterated<I>>,
) -> Request<Client, O> {
    request.one_request()
}

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "post_externalcontacts_bulk_contacts" => {
            sent(one_request(client.contacts().bulk().fetch(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_contacts_divisionviews" => {
            sent(one_request(client.contacts().bulk().fetch_division_views(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_contacts_unresolved" => {
            sent(one_request(client.contacts().bulk().fetch_unresolved(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_contacts_add" => {
            sent(one_request(client.contacts().bulk().add(entities(args)))).await
        }
        "post_externalcontacts_bulk_contacts_update" => {
            sent(one_request(client.contacts().bulk().update(entities(args)))).await
        }
        "post_externalcontacts_bulk_contacts_remove" => {
            sent(one_request(client.contacts().bulk().remove(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_organizations" => {
            sent(one_request(client.organizations().bulk().fetch(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_organizations_divisionviews" => {
            sent(one_request(client.organizations().bulk().fetch_division_views(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_organizations_add" => {
            sent(one_request(client.organizations().bulk().add(entities(args)))).await
        }
        "post_externalcontacts_bulk_organizations_update" => {
            sent(one_request(client.organizations().bulk().update(entities(args)))).await
        }
        "post_externalcontacts_bulk_organizations_remove" => {
            sent(one_request(client.organizations().bulk().remove(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_relationships" => {
            sent(one_request(client.relationships().bulk().fetch(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_relationships_add" => {
            sent(one_request(client.relationships().bulk().add(entities(args)))).await
        }
        "post_externalcontacts_bulk_relationships_update" => {
            sent(one_request(client.relationships().bulk().update(entities(args)))).await
        }
        "post_externalcontacts_bulk_relationships_remove" => {
            sent(one_request(client.relationships().bulk().remove(args.entity_ids()))).await
        }
        "post_externalcontacts_bulk_notes" => sent(one_request(client.notes().bulk().fetch(args.entity_ids()))).await,
        "post_externalcontacts_bulk_notes_add" => sent(one_request(client.notes().bulk().add(entities(args)))).await,
        "post_externalcontacts_bulk_notes_update" => {
            sent(one_request(client.notes().bulk().update(entities(args)))).await
        }
        "post_externalcontacts_bulk_notes_remove" => {
            sent(one_request(client.notes().bulk().remove(args.entity_ids()))).await
        }
        _ => return None,
    })
}
