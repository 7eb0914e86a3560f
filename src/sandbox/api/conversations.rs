//! Who a conversation is with.

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member};
use crate::sandbox::store::state::State;

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::put(
    "/api/v2/externalcontacts/conversations/{}",
    Permissions::Any(&["relate:conversation:associate", "externalContacts:conversation:associate"]),
    associate,
)];

const MEDIA: &[&str] = &[
    "CALL",
    "CALLBACK",
    "CHAT",
    "COBROWSE",
    "EMAIL",
    "MESSAGE",
    "INTERNAL_MESSAGE",
    "SCREEN_MONITORING",
    "SOCIAL_EXPRESSION",
    "VIDEO",
    "SCREENSHARE",
];

const MEMBERS: &[Member] = &[
    member("externalContactId", ANY),
    member("conversationId", ANY),
    member("communicationId", ANY),
    member("mediaType", Kind::OneOf(MEDIA)),
];

/// The sandbox has no conversations: it takes every id.
///
/// Assumed: the conversation of the path counts, and the body may name another one, unless the sandbox was told otherwise.
/// What is wrong with the body is a 400, because 422 is not documented here.
fn associate(state: &mut State, call: &Call) -> Outcome {
    let association = validate::document(&call.body, MEMBERS, state.settings.unknown_members)?;
    let text = |name: &str| association.get(name).and_then(serde_json::Value::as_str);
    for name in ["conversationId", "communicationId", "mediaType"] {
        text(name).ok_or_else(|| Failure::bad_member(name))?;
    }
    let conversation = call.param(0);
    if state.settings.conversation_ids_must_match && text("conversationId") != Some(conversation) {
        return Err(Failure::bad_member("conversationId"));
    }
    match text("externalContactId") {
        Some(contact) => {
            let contact =
                state.contacts.get(state.canonical(contact)).ok_or_else(|| Failure::bad_member("externalContactId"))?;
            let contact = contact.id.clone();
            state.conversations.insert(conversation.to_owned(), contact);
        }
        None => {
            state.conversations.remove(conversation);
        }
    }
    Ok(Success::accepted())
}
