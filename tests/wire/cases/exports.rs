//! Exports.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "post_externalcontacts_contacts_exports" => sent(client.contacts().exports().start(args.body())).await,
        "get_externalcontacts_contacts_exports" => {
            sent(with!(args, client.contacts().exports().list(); division_ids, page_size, cursor = args.text("after")))
                .await
        }
        "get_externalcontacts_contacts_export" => sent(client.contacts().exports().get(args.id("exportId"))).await,
        "post_externalcontacts_organizations_exports" => {
            sent(client.organizations().exports().start(args.body())).await
        }
        "get_externalcontacts_organizations_exports" => sent(
            with!(args, client.organizations().exports().list(); division_ids, page_size, cursor = args.text("after")),
        )
        .await,
        "get_externalcontacts_organizations_export" => {
            sent(client.organizations().exports().get(args.id("exportId"))).await
        }
        "post_externalcontacts_relationships_exports" => {
            sent(client.relationships().exports().start(args.body())).await
        }
        "get_externalcontacts_relationships_exports" => sent(
            with!(args, client.relationships().exports().list(); division_ids, page_size, cursor = args.text("after")),
        )
        .await,
        "get_externalcontacts_relationships_export" => {
            sent(client.relationships().exports().get(args.id("exportId"))).await
        }
        "post_externalcontacts_notes_exports" => sent(client.notes().exports().start(args.body())).await,
        "get_externalcontacts_notes_exports" => {
            sent(with!(args, client.notes().exports().list(); division_ids, page_size, cursor = args.text("after")))
                .await
        }
        "get_externalcontacts_notes_export" => sent(client.notes().exports().get(args.id("exportId"))).await,
        _ => return None,
    })
}
