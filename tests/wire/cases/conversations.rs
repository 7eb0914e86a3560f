//! Conversations.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "put_externalcontacts_conversation" => {
            sent(client.conversations().associate(args.id("conversationId"), args.body())).await
        }
        _ => return None,
    })
}
