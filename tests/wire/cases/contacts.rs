//! Contacts.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contacts" => {
            sent(with!(args, client.contacts().search(); page_size, page_number, q, sort, expand, division_ids)).await
        }
        "post_externalcontacts_contacts" => sent(client.contacts().create(args.body())).await,
        "get_externalcontacts_contact" => sent(with!(args, client.contacts().get(args.id("contactId")); expand)).await,
        "put_externalcontacts_contact" => sent(client.contacts().update(args.id("contactId"), args.body())).await,
        "delete_externalcontacts_contact" => sent(client.contacts().delete(args.id("contactId"))).await,
        _ => return None,
    })
}
