//! External sources.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_externalsources" => {
            sent(with!(args, client.external_sources().list(); page_size, cursor, name, active)).await
        }
        "post_externalcontacts_externalsources" => sent(client.external_sources().create(args.body())).await,
        "get_externalcontacts_externalsource" => sent(client.external_sources().get(args.id("externalSourceId"))).await,
        "put_externalcontacts_externalsource" => {
            sent(client.external_sources().update(args.id("externalSourceId"), args.body())).await
        }
        "delete_externalcontacts_externalsource" => {
            sent(client.external_sources().delete(args.id("externalSourceId"))).await
        }
        _ => return None,
    })
}
