//! Patches: single fields, all of them or none.

use super::*;

fn patch(api: &Api, path: &str, changes: Value) -> Answer {
    api.call("PATCH", path, &json!({ "changes": changes }))
}

fn one(field: &str, action: &str, value: Value) -> Value {
    json!({ "field": field, "action": action, "value": value })
}

#[test]
fn six_actions_change_a_field() {
    let api = Api::new();
    let full = json!({ "name": "Acme", "industry": "Machines", "tags": ["a", "b"], "address": { "city": "London" } });
    for (field, action, value, path, becomes) in [
        // facts 2 A6
        ("industry", "Update", json!("Toys"), "/industry", json!("Toys")),
        ("companyType", "Update", json!("Partner"), "/companyType", json!("Partner")),
        ("industry", "UpdateIfEmpty", json!("Toys"), "/industry", json!("Machines")),
        ("companyType", "UpdateIfEmpty", json!("Partner"), "/companyType", json!("Partner")),
        ("industry", "UpdateIfExists", json!("Toys"), "/industry", json!("Toys")),
        ("companyType", "UpdateIfExists", json!("Partner"), "/companyType", Value::Null),
        ("industry", "Remove", Value::Null, "/industry", Value::Null),
        ("companyType", "Remove", Value::Null, "/companyType", Value::Null),
        ("tags", "AppendToCollection", json!(["b", "c"]), "/tags", json!(["a", "b", "b", "c"])),
        // assumed: one value as well as a list
        ("tags", "AppendToCollection", json!("c"), "/tags", json!(["a", "b", "c"])),
        ("websites", "AppendToCollection", json!(["w"]), "/websites", json!(["w"])),
        ("tags", "RemoveFromCollection", json!("a"), "/tags", json!(["b"])),
        ("tags", "RemoveFromCollection", json!(["a", "b"]), "/tags", json!([])),
        ("tags", "RemoveFromCollection", json!("z"), "/tags", json!(["a", "b"])),
        ("address.city", "Update", json!("Turin"), "/address/city", json!("Turin")),
        ("address.state", "UpdateIfEmpty", json!("MD"), "/address/state", json!("MD")),
        ("address.city", "Remove", Value::Null, "/address/city", Value::Null),
        ("phoneNumber", "Update", json!({ "display": "+442079460018" }), "/phoneNumber/e164", json!("+442079460018")),
    ] {
        let organization = api.create(ORGANIZATIONS, &full);
        let before = organization.body["modifyDate"].clone();
        api.sandbox.advance(Duration::from_secs(1));
        let path_of = format!("{ORGANIZATIONS}/{}", organization.id());
        let answer = patch(&api, &path_of, json!([one(&format!("$.{field}"), action, value.clone())]));
        assert_eq!(answer.status, 200, "{field} {action}: {}", answer.body);
        let now = answer.body.pointer(path).cloned().unwrap_or_default();
        assert_eq!(now, becomes, "{field} {action} {value}");
        assert_eq!(answer.body["name"], "Acme");
        assert_ne!(answer.body["modifyDate"], before);
        assert_eq!(api.get(&path_of).body, answer.body);
    }
}

#[test]
fn what_a_caller_read_is_found_in_a_collection() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let id = |value: &str| json!({ "value": value, "externalSource": { "id": source } });
    let ada = api.contact(json!({ "externalIds": [id("7"), id("8")] }));
    let read = ada.body["externalIds"][0].clone();
    assert!(read["externalSource"]["selfUri"].is_string());
    let left =
        patch(&api, &format!("{CONTACTS}/{}", ada.id()), json!([one("$.externalIds", "RemoveFromCollection", read)]));
    assert_eq!(left.body["externalIds"].as_array().unwrap().len(), 1);
    assert_eq!(left.body["externalIds"][0]["value"], "8");
}

#[test]
fn what_cannot_be_changes_nothing() {
    let api = Api::new();
    let ada = api.contact(json!({ "lastName": "Lovelace", "address": { "city": "London" } }));
    let path = format!("{CONTACTS}/{}", ada.id());
    let good = || one("$.title", "Update", json!("Countess"));
    for (changes, status) in [
        // facts 2 A6
        (json!([good(), one("$.address", "Remove", Value::Null), one("$.address.city", "Remove", Value::Null)]), 409),
        (json!([good(), one("$.workEmail", "Update", json!("nobody"))]), 422),
        (json!([good(), one("$.firstName", "Update", json!(["a"]))]), 400),
        // assumed
        (json!([good(), one("$.title", "Remove", Value::Null)]), 409),
        (json!([good(), one("$.id", "Update", json!(NOBODY))]), 422),
        (json!([good(), one("$.type", "Update", json!("Ephemeral"))]), 422),
        (json!([good(), one("$.division", "Update", json!({ "id": "d1" }))]), 422),
        (json!([good(), one("$.lastName", "Update", Value::Null)]), 422),
        (json!([good(), one("lastName", "Update", json!("x"))]), 422),
        (json!([good(), one("$.lastName.first", "Update", json!("x"))]), 422),
        (json!([good(), one("$.lastName", "AppendToCollection", json!("x"))]), 422),
        (json!([good(), one("$.lastName", "Replace", json!("x"))]), 400),
        (json!([good(), { "field": "$.lastName" }]), 422),
        (json!([good(), one("$.externalOrganization", "Update", json!({ "id": NOBODY }))]), 400),
        (json!([]), 422),
        (Value::Null, 422),
    ] {
        let answer = patch(&api, &path, changes.clone());
        assert_eq!(answer.status, status, "{changes}: {}", answer.body);
        assert_eq!(api.get(&path).body, ada.body, "{changes}");
    }
    assert_eq!(patch(&api, &format!("{CONTACTS}/{NOBODY}"), json!([good()])).status, 404);
}

#[test]
fn notes_and_relationships_are_patched_too() {
    let api = Api::new();
    let ada = api.contact(json!({})).id();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    for owner in [format!("{CONTACTS}/{ada}"), format!("{ORGANIZATIONS}/{organization}")] {
        let note = api.create(&format!("{owner}/notes"), &json!({ "noteText": "a", "createdBy": { "id": "u" } })).id();
        let path = format!("{owner}/notes/{note}");
        let patched = patch(&api, &path, json!([one("$.noteText", "Update", json!("b"))]));
        assert_eq!((patched.status, patched.body["noteText"].as_str()), (200, Some("b")), "{}", patched.body);
        assert_eq!(api.get(&path).body, patched.body);
        assert_eq!(patch(&api, &path, json!([one("$.noteText", "Remove", Value::Null)])).status, 422);
    }
    let relationship = api.create(
        RELATIONSHIPS,
        &json!({ "user": { "id": "u" }, "externalOrganization": { "id": organization }, "relationship": "Sponsor" }),
    );
    let path = format!("{RELATIONSHIPS}/{}", relationship.id());
    let patched = patch(&api, &path, json!([one("$.relationship", "Update", json!("Owner"))]));
    assert_eq!((patched.status, patched.body["relationship"].as_str()), (200, Some("Owner")));
}

#[test]
fn identifiers_follow_what_is_patched() {
    let api = Api::new();
    let ada = api.contact(json!({ "workEmail": "ada@example.com" })).id();
    let changes = json!([one("$.workEmail", "Update", json!("countess@example.com"))]);
    patch(&api, &format!("{CONTACTS}/{ada}"), changes);
    let listed = api.get(&format!("{CONTACTS}/{ada}/identifiers"));
    assert_eq!(listed.column("value"), ["countess@example.com"]);
}
