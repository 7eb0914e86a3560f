//! What is assumed, and the switches that change it.

use genesys_external_contacts::sandbox::UnknownMembers;

use super::*;

/// facts 9: nobody knows, and so it can be chosen
#[test]
fn what_is_assumed_can_be_switched() {
    let builder = Sandbox::builder().calls_per_minute(None);
    let api = Api::of(builder.updates_keep_members(true).deletions_spread(false).notes_need_author(false).build());
    let phone = json!({ "display": "(317) 222-2222" });
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "industry": "Anvils" })).id();
    let organization_path = format!("{ORGANIZATIONS}/{organization}");
    let reference = json!({ "id": organization });
    let created = api.contact(json!({ "firstName": "Ada", "workPhone": phone, "externalOrganization": reference }));
    let contact = format!("{CONTACTS}/{}", created.id());
    let relationship =
        json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "Manager" });
    let relationship = format!("{RELATIONSHIPS}/{}", api.create(RELATIONSHIPS, &relationship).id());
    let notes = format!("{contact}/notes");
    let note = api.create(&notes, &json!({ "noteText": "x", "name": "kept" }));
    assert!(note.body.get("createdBy").is_none());

    let updated = api.call("PUT", &contact, &json!({ "lastName": "Lovelace" })).body;
    let mut expected = created.body.clone();
    expected["lastName"] = json!("Lovelace");
    expected["modifyDate"] = updated["modifyDate"].clone();
    assert_eq!(updated, expected);
    assert_eq!(api.get(&format!("{CONTACTS}?q=ada")).body["total"], 1);
    // A null clears it, and what is kept is checked with the rest.
    assert!(api.call("PUT", &contact, &json!({ "lastName": null })).body.get("lastName").is_none());
    assert_eq!(api.call("PUT", &contact, &json!({ "workEmail": "x" })).status, 422);
    for (path, change, member, kept) in [
        (&*organization_path, json!({ "industry": null }), "name", "Acme"),
        (&format!("{notes}/{}", note.id()), json!({ "noteText": "y" }), "name", "kept"),
        (&*relationship, json!({ "name": "x" }), "relationship", "Manager"),
    ] {
        let updated = api.call("PUT", path, &change);
        assert_eq!((updated.status, &updated.body[member]), (200, &json!(kept)), "{path}: {}", updated.body);
    }

    api.delete(&organization_path);
    assert_eq!(api.get(&contact).body["externalOrganization"]["id"], organization);
    assert_eq!(api.get(&relationship).body["externalOrganization"]["id"], organization);
}

/// facts 9: nobody knows
#[test]
fn codes_that_are_assumed_can_be_chosen() {
    let builder = Sandbox::builder().error_code(400, "a").error_code(409, "b").error_code(422, "c");
    let api = Api::of(builder.error_code(404, "never").build());
    for query in ["pageSize=100&pageNumber=11", "sortOrder=x", "expand=x"] {
        let refused = api.get(&format!("{CONTACTS}?{query}"));
        assert_eq!((refused.status, refused.code()), (400, "a"), "{query}");
        assert_eq!(refused.body["details"][0]["errorCode"], "a");
    }
    let refused = api.call("POST", CONTACTS, &json!({ "workEmail": "x" }));
    assert_eq!((refused.status, refused.code()), (422, "c"));
    let schema = json!({ "name": "x", "jsonSchema": {} });
    let schemas = format!("{CONTACTS}/schemas");
    api.create(&schemas, &schema);
    let refused = api.call("POST", &schemas, &schema);
    assert_eq!((refused.status, refused.code()), (409, "b"));
    api.sandbox.next_calls(1).fail(409);
    assert_eq!(api.get(CONTACTS).code(), "b");
    // Those that are documented stay.
    assert_eq!(api.raw("POST", CONTACTS, "application/json", "{").code(), "bad.request");
    assert_eq!(api.call("POST", CONTACTS, &json!({ "firstName": 1 })).code(), "invalid.value");
    assert_eq!(api.get(&format!("{CONTACTS}/{NOBODY}")).code(), "not.found");
}

/// facts 9: nobody knows
#[test]
fn the_order_without_sort_order_can_be_chosen() {
    let builder = Sandbox::builder().default_sort("lastName:asc").default_sort("name:desc");
    let api = Api::of(builder.default_sort("nobody knows this").build());
    for name in ["B", "C", "A"] {
        api.contact(json!({ "firstName": name, "lastName": name }));
        api.create(ORGANIZATIONS, &json!({ "name": name }));
    }
    assert_eq!(api.get(CONTACTS).column("lastName"), ["A", "B", "C"]);
    assert_eq!(api.get(&format!("{CONTACTS}?sortOrder=firstName:desc")).column("lastName"), ["C", "B", "A"]);
    assert_eq!(api.get(ORGANIZATIONS).column("name"), ["C", "B", "A"]);
}

/// facts 9: nobody knows
#[test]
fn a_look_up_can_mind_case() {
    let api = Api::of(Sandbox::builder().lookups_ignore_case(false).build());
    api.contact(json!({ "workEmail": "Ada@example.com", "twitterId": { "screenName": "@AdaL" } }));
    for (value, found) in [("Ada@example.com", 1), ("ada@example.com", 0), ("AdaL", 1), ("@AdaL", 1), ("adal", 0)] {
        let answer = api.get(&format!("/api/v2/externalcontacts/reversewhitepageslookup?lookupVal={value}"));
        assert_eq!(answer.body["contacts"].as_array().unwrap().len(), found, "{value}");
    }
}

/// facts 9: nobody knows
#[test]
fn deletions_can_answer_nothing() {
    let api = Api::of(Sandbox::builder().deletions_answer_nothing(true).build());
    let contact = format!("{CONTACTS}/{}", api.contact(json!({})).id());
    let note = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
    let note = api.create(&format!("{contact}/notes"), &note).id();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let relationship = json!({
        "user": { "id": NOBODY }, "externalOrganization": { "id": organization }, "relationship": "Manager",
    });
    let relationship = api.create(RELATIONSHIPS, &relationship).id();
    for path in [
        format!("{contact}/notes/{note}"),
        contact.clone(),
        format!("{RELATIONSHIPS}/{relationship}"),
        format!("{ORGANIZATIONS}/{organization}"),
    ] {
        let deleted = api.delete(&path);
        assert_eq!((deleted.status, deleted.body), (204, Value::Null), "{path}");
    }
    let client = api.sandbox.client();
    let ada = client.contacts().create(ExternalContact::default()).send().unwrap();
    client.contacts().delete(ada.id.unwrap()).send().unwrap();
}

/// facts 9: nobody knows
#[test]
fn null_clears_what_an_update_would_keep() {
    let api = Api::of(Sandbox::builder().updates_keep_members(true).build());
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let cleared = [
        ("firstName", json!("Ada")),
        ("workPhone", json!({ "display": "+33100000001" })),
        ("address", json!({ "city": "London" })),
        ("externalOrganization", json!({ "id": organization })),
        ("surveyOptOut", json!(true)),
        ("appleOpaqueIds", json!([{ "value": "1" }])),
        ("nickname", json!("a member that nobody knows")),
    ];
    let mut body: serde_json::Map<_, _> =
        cleared.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    body.insert("lastName".to_owned(), json!("Lovelace"));
    let path = format!("{CONTACTS}/{}", api.contact(body.into()).id());
    for (name, _) in cleared {
        assert!(api.get(&path).body.get(name).is_some(), "{name}");
        let answer = api.call("PUT", &path, &json!({ name: null }));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        assert_eq!(answer.body.get(name), None);
        assert_eq!(api.get(&path).body, answer.body);
    }
    assert_eq!(api.get(&path).body["lastName"], "Lovelace");
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{organization}/contacts")).body["total"], 0);
}

/// facts 9: nobody knows
#[test]
fn unknown_members_can_be_dropped_or_refused() {
    let body = json!({
        "lastName": "Lovelace", "nickname": "Ada", "none": null,
        "address": { "city": "London", "planet": "Earth" },
        "workPhone": { "display": "+33100000001", "color": "red" },
        "appleOpaqueIds": [{ "value": "1", "size": 7 }],
        "division": { "id": "d1", "color": "red" },
    });
    for unknown in [UnknownMembers::Keep, UnknownMembers::Drop] {
        let api = Api::of(Sandbox::builder().unknown_members(unknown).build());
        let contact = api.contact(body.clone()).body;
        let is_kept = unknown == UnknownMembers::Keep;
        for (object, member) in [
            (&contact, "nickname"),
            (&contact, "none"),
            (&contact["address"], "planet"),
            (&contact["workPhone"], "color"),
            (&contact["appleOpaqueIds"][0], "size"),
        ] {
            assert_eq!(object.get(member).is_some(), is_kept, "{unknown:?}: {member}");
        }
        assert_eq!((&contact["lastName"], &contact["address"]["city"]), (&json!("Lovelace"), &json!("London")));
    }

    let builder = Sandbox::builder().updates_keep_members(true);
    let api = Api::of(builder.unknown_members(UnknownMembers::Refuse).build());
    for (path, body, field) in [
        (CONTACTS, json!({ "nickname": "Ada" }), "nickname"),
        (CONTACTS, json!({ "address": { "planet": "Earth" } }), "address.planet"),
        (CONTACTS, json!({ "whatsAppId": { "phoneNumber": { "color": "red" } } }), "whatsAppId.phoneNumber.color"),
        (CONTACTS, json!({ "appleOpaqueIds": [{ "value": "1", "size": 7 }] }), "appleOpaqueIds[0].size"),
        (ORGANIZATIONS, json!({ "name": "Acme", "nickname": "A" }), "nickname"),
    ] {
        let refused = api.call("POST", path, &body);
        // facts 1.2; that it is this one: assumed
        assert_eq!((refused.status, refused.code()), (400, "invalid.property"), "{field}");
        assert_eq!(refused.body["details"][0]["fieldName"], field);
    }
    // Another entity is its own affair, null is nothing, and what was fetched can be written back as it came.
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "nickname": null })).body;
    let contact = api.contact(json!({
        "lastName": "Lovelace", "externalOrganization": { "id": organization["id"], "nickname": "A" },
        "workPhone": { "display": "+33100000001" }, "twitterId": { "screenName": "ada" },
    }));
    let path = format!("{CONTACTS}/{}", contact.id());
    let fetched = api.get(&format!("{path}?expand=externalOrganization,identifiers,division,externalDataSources")).body;
    for body in [fetched, json!({})] {
        assert_eq!(api.call("PUT", &path, &body).status, 200, "{body}");
    }
}
