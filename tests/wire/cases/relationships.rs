//! Relationships.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "post_externalcontacts_relationships" => sent(client.relationships().create(args.body())).await,
        "get_externalcontacts_relationship" => {
            sent(with!(args, client.relationships().get(args.id("relationshipId")); expand)).await
        }
        "put_externalcontacts_relationship" => {
            sent(client.relationships().update(args.id("relationshipId"), args.body())).await
        }
        "delete_externalcontacts_relationship" => sent(client.relationships().delete(args.id("relationshipId"))).await,
        _ => return None,
    })
}
