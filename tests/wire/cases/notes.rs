//! Notes on contacts and on organizations.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contact_notes" => {
            sent(with!(
                args, client.contacts().notes(args.id("contactId")).list();
                page_size, page_number, sort, expand
            ))
            .await
        }
        "post_externalcontacts_contact_notes" => {
            sent(client.contacts().notes(args.id("contactId")).create(args.body())).await
        }
        "get_externalcontacts_contact_note" => {
            sent(with!(args, client.contacts().notes(args.id("contactId")).get(args.id("noteId")); expand)).await
        }
        "put_externalcontacts_contact_note" => {
            sent(client.contacts().notes(args.id("contactId")).update(args.id("noteId"), args.body())).await
        }
        "delete_externalcontacts_contact_note" => {
            sent(client.contacts().notes(args.id("contactId")).delete(args.id("noteId"))).await
        }
        "get_externalcontacts_organization_notes" => {
            sent(with!(
                args, client.organizations().notes(args.id("externalOrganizationId")).list();
                page_size, page_number, sort, expand
            ))
            .await
        }
        "post_externalcontacts_organization_notes" => {
            sent(client.organizations().notes(args.id("externalOrganizationId")).create(args.body())).await
        }
        "get_externalcontacts_organization_note" => {
            sent(with!(
                args, client.organizations().notes(args.id("externalOrganizationId")).get(args.id("noteId"));
                expand
            ))
            .await
        }
        "put_externalcontacts_organization_note" => {
            sent(client.organizations().notes(args.id("externalOrganizationId")).update(args.id("noteId"), args.body()))
                .await
        }
        "delete_externalcontacts_organization_note" => {
            sent(client.organizations().notes(args.id("externalOrganizationId")).delete(args.id("noteId"))).await
        }
        _ => return None,
    })
}
