//! The reverse white pages look-up.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_reversewhitepageslookup" => {
            sent(with!(
                args, client.reverse_white_pages_lookup(args.text("lookupVal").unwrap());
                expand, division_id
            ))
            .await
        }
        _ => return None,
    })
}
