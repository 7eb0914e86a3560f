//! Conversations.

use super::*;

#[test]
fn a_conversation_can_be_associated() {
    let api = Api::new();
    let contact = api.contact(json!({})).id();
    let path = "/api/v2/externalcontacts/conversations/c1";
    let body = |contact: Value| json!({ "externalContactId": contact, "conversationId": "c1", "communicationId": "k1", "mediaType": "CALL" });
    // facts 6.1
    let answer = api.call("PUT", path, &body(json!(contact)));
    assert_eq!((answer.status, &answer.body, answer.headers.get("content-type")), (202, &Value::Null, None));
    assert_eq!(api.sandbox.contact_of_conversation("c1"), Some(contact));
    // facts 6.5
    assert_eq!(api.call("PUT", path, &body(Value::Null)).status, 202);
    assert_eq!(api.sandbox.contact_of_conversation("c1"), None);
    let with = |name: &str, value: Value| {
        let mut body = body(Value::Null);
        body[name] = value;
        body
    };
    for (body, code, field) in [
        // facts 6.5
        (with("mediaType", "PIGEON".into()), "invalid.value", "mediaType"),
        // assumed
        (with("mediaType", Value::Null), "bad.request", "mediaType"),
        (with("communicationId", Value::Null), "bad.request", "communicationId"),
        (with("externalContactId", NOBODY.into()), "bad.request", "externalContactId"),
    ] {
        let answer = api.call("PUT", path, &body);
        assert_eq!((answer.status, answer.code()), (400, code), "{body}");
        assert_eq!(answer.body["details"][0]["fieldName"], field);
    }
}

/// facts 9: nobody knows
#[test]
fn the_conversation_of_the_path_counts_or_must_be_that_of_the_body() {
    let other = |contact: &str| json!({ "externalContactId": contact, "conversationId": "c2", "communicationId": "k1", "mediaType": "CALL" });
    let path = "/api/v2/externalcontacts/conversations/c1";
    let api = Api::new();
    let contact = api.contact(json!({})).id();
    assert_eq!(api.call("PUT", path, &other(&contact)).status, 202);
    assert_eq!(api.sandbox.contact_of_conversation("c1"), Some(contact));
    assert_eq!(api.sandbox.contact_of_conversation("c2"), None);

    let api = Api::of(Sandbox::builder().conversation_ids_must_match(true).build());
    let contact = api.contact(json!({})).id();
    let answer = api.call("PUT", path, &other(&contact));
    assert_eq!((answer.status, answer.code()), (400, "bad.request"));
    assert_eq!(answer.body["details"][0]["fieldName"], "conversationId");
    assert_eq!(api.sandbox.contact_of_conversation("c1"), None);
}
