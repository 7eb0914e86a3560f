//! Schemas and custom fields.

use super::*;

/// A field as the official tutorial writes it.
fn schema(name: &str, fields: Value) -> Value {
    json!({
        "name": name, "version": 0, "enabled": true,
        "jsonSchema": { "$schema": "http://json-schema.org/draft-04/schema#", "title": name, "properties": fields },
    })
}

#[test]
fn schemas_have_versions() {
    let api = Api::new();
    for (owner, applies_to) in [(CONTACTS, "CONTACT"), (ORGANIZATIONS, "EXTERNAL_ORGANIZATION")] {
        let path = format!("{owner}/schemas");
        let created = api.create(&path, &schema("One", json!({ "a_text": { "title": "A" } })));
        let one = format!("{path}/{}", created.id());
        assert_eq!(created.body["version"], 1); // assumed
        assert_eq!((&created.body["appliesTo"], &created.body["selfUri"]), (&json!([applies_to]), &json!(one)));
        assert_eq!(api.get(&one).body, created.body);
        // facts 6.4: the current version must be sent
        let mut next = created.body.clone();
        next["enabled"] = json!(false);
        let updated = api.call("PUT", &one, &next);
        assert_eq!(
            (updated.status, &updated.body["version"], &updated.body["enabled"]),
            (200, &json!(2), &json!(false))
        );
        let conflict = api.call("PUT", &one, &next);
        assert_eq!((conflict.status, conflict.code()), (409, "conflict"));
        next.as_object_mut().unwrap().remove("version");
        assert_eq!(api.call("PUT", &one, &next).status, 422);
        // facts 6.4
        let versions = api.get(&format!("{one}/versions")).body;
        assert_eq!((&versions["total"], &versions["entities"][0]), (&json!(2), &created.body));
        assert_eq!(api.get(&format!("{one}/versions/1")).body, created.body);
        assert_eq!(api.get(&format!("{one}/versions/2")).body, updated.body);
        for (version, status) in [("3", 404), ("0", 404), ("one", 400)] {
            assert_eq!(api.get(&format!("{one}/versions/{version}")).status, status, "{version}");
        }
        let list = api.get(&path).body;
        assert_eq!(list, json!({ "total": 1, "entities": [updated.body], "selfUri": path }));
        for (body, status) in [
            // assumed
            (schema("One", json!({})), 409),
            // facts 6.4
            (schema("Two", json!({ "a": {} })), 422),
            (schema("Two", (0..26).map(|n| (format!("f{n}_text"), json!({}))).collect()), 422),
            (schema("Two", (0..25).map(|n| (format!("f{n}_text"), json!({}))).collect()), 200),
            (json!({ "name": "Three" }), 422),
        ] {
            assert_eq!(api.call("POST", &path, &body).status, status, "{body}");
        }
        for number in 3..=20 {
            api.create(&path, &schema(&format!("Nr{number}"), json!({})));
        }
        assert_eq!(api.call("POST", &path, &schema("one too many", json!({}))).status, 422);
        assert_eq!(api.get(&format!("{path}/{NOBODY}")).code(), "not.found");
        // facts 6.1, 6.4: only those of contacts can be deleted
        let deleted = api.delete(&one);
        assert_eq!(deleted.status, if owner == CONTACTS { 204 } else { 405 });
    }
}

#[test]
fn custom_fields_follow_their_schema() {
    let api = Api::new();
    let path = format!("{CONTACTS}/schemas");
    let fields = json!({
        "a_text": {}, "b_longtext": { "minLength": 2 }, "c_number": { "minimum": 1, "maximum": 5.5 }, "d_integer": {},
        "e_date": {}, "f_datetime": {}, "g_checkbox": {}, "h_enum": { "enum": ["_1", "_2"] }, "i_tag": {},
        "j_identifier": {},
    });
    let id = api.create(&path, &schema("One", fields)).id();
    let contact = |fields: Value| json!({ "schema": { "id": id, "version": 1 }, "customFields": fields });
    for (good, bad) in [
        // facts 6.4
        (json!({ "a_text": "x".repeat(100) }), json!({ "a_text": "x".repeat(101) })),
        (json!({ "b_longtext": "x".repeat(1000) }), json!({ "b_longtext": "x" })),
        (json!({ "c_number": 5.5 }), json!({ "c_number": 5.6 })),
        (json!({ "c_number": 1 }), json!({ "c_number": "1" })),
        (json!({ "d_integer": 9_007_199_254_740_993_i64 }), json!({ "d_integer": 1.5 })),
        (json!({ "e_date": "2026-01-02" }), json!({ "e_date": "2026-02-30" })),
        (json!({ "f_datetime": "2026-01-02T03:04:05.678Z" }), json!({ "f_datetime": "2026-01-02" })),
        (json!({ "g_checkbox": false }), json!({ "g_checkbox": "false" })),
        (json!({ "h_enum": "_2" }), json!({ "h_enum": "_3" })),
        (json!({ "i_tag": ["a", "b"] }), json!({ "i_tag": ["a", "a"] })),
        (json!({ "i_tag": [] }), json!({ "i_tag": ["", "b"] })),
        (json!({}), json!({ "i_tag": (0..11).map(|n| n.to_string()).collect::<Vec<_>>() })),
        // assumed
        (json!({}), json!({ "z_text": "x" })),
    ] {
        assert_eq!(api.contact(contact(good.clone())).body["customFields"], good);
        let answer = api.call("POST", CONTACTS, &contact(bad.clone()));
        let field = format!("customFields.{}", bad.as_object().unwrap().keys().next().unwrap());
        assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (422, &json!(field)), "{bad}");
    }
    // assumed
    for (body, status) in [
        (json!({ "customFields": { "a_text": "x" } }), 422),
        (json!({ "customFields": {} }), 200),
        (json!({ "customFields": { "a_text": null } }), 200),
        (json!({ "schema": { "id": NOBODY, "version": 1 } }), 400),
        (json!({ "schema": { "id": id, "version": 2 } }), 400),
    ] {
        assert_eq!(api.call("POST", CONTACTS, &body).status, status, "{body}");
    }
    let kept =
        api.contact(json!({ "schema": { "id": id, "name": "ignored" }, "customFields": { "a_text": null } })).body;
    assert_eq!(kept["schema"], json!({ "id": id, "version": 1, "selfUri": format!("{path}/{id}") }));
    // facts 5, 6.4: texts are searched by word, identifiers and tags as a whole
    let all = json!({ "a_text": "big shoes", "b_longtext": "none", "i_tag": ["Gold Member"], "j_identifier": "AB-12" });
    let mut found = contact(all);
    found["title"] = json!("found");
    let found = api.contact(found).body;
    for (q, count) in [("shoes", 1), ("ab-12", 1), ("ab", 0), ("%22gold%20member%22", 1), ("gold", 0), ("none", 0)] {
        assert_eq!(api.get(&format!("{CONTACTS}?q={q}")).body["total"], count, "{q}");
    }
    // facts 6.4: a disabled schema can't be assigned, and what has it keeps it. When it is deleted: assumed
    let mut disabled = api.get(&format!("{path}/{id}")).body;
    disabled["enabled"] = json!(false);
    assert_eq!(api.call("PUT", &format!("{path}/{id}"), &disabled).status, 200);
    assert_eq!(api.call("POST", CONTACTS, &contact(json!({}))).status, 422);
    let one = format!("{CONTACTS}/{}", found["id"].as_str().unwrap());
    assert_eq!(api.call("PUT", &one, &found).body["customFields"], found["customFields"]);
    api.delete(&format!("{path}/{id}"));
    assert_eq!(api.call("PUT", &one, &found).body["customFields"], found["customFields"]);
}
