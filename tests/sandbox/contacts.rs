//! Contacts.

use super::*;

#[test]
fn a_contact_is_kept_as_the_service_keeps_it() {
    let api = Api::new();
    let answer = api.contact(json!({
        // Read-only: what is sent doesn't count. facts 6.2
        "id": NOBODY, "selfUri": "/elsewhere", "type": "Ephemeral",
        "createDate": "2001-01-01T00:00:00Z", "modifyDate": "2001-01-01T00:00:00Z",
        "mergeSet": [{ "id": NOBODY }], "canonicalContact": { "id": NOBODY }, "identifiers": [],
        // Trimmed. facts 6.2
        "firstName": "  Ada ", "workEmail": " ada@example.com ", "address": { "city": " London ", "planet": 3 },
        "surveyOptOut": false,
        // Unknown members are kept. assumed
        "futureText": "x", "futureList": [1, null, { "a": 9_007_199_254_740_993_i64 }], "futureNull": null,
        // Null and empty are absent. assumed
        "title": null, "lastName": "", "middleName": "  ",
    }));
    let contact = answer.body;
    let id = contact["id"].as_str().unwrap();
    assert_ne!(id, NOBODY);
    let date = contact["createDate"].as_str().unwrap();
    // facts 6.2
    assert_eq!((date.len(), &date[23..], &date[19..20]), (24, "Z", "."));
    assert!(!date.starts_with("2001"));
    assert_eq!(
        contact,
        json!({
            "id": id, "selfUri": format!("{CONTACTS}/{id}"), "type": "Curated", "createDate": date, "modifyDate": date,
            "firstName": "Ada", "workEmail": "ada@example.com", "address": { "city": "London", "planet": 3 },
            "surveyOptOut": false,
            "futureText": "x", "futureList": [1, null, { "a": 9_007_199_254_740_993_i64 }], "futureNull": null,
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&format!("{CONTACTS}/{id}")).body, contact);
    // No member is required. facts 6.2
    api.contact(json!({}));
    // What was read can be written as another contact. facts 0 (RESET)
    let copy = api.contact(contact.clone());
    assert_eq!(copy.body["firstName"], contact["firstName"]);
    assert_ne!(copy.id(), id);
}

#[test]
fn phone_numbers_are_completed() {
    let api = Api::new();
    for (written, kept) in [
        // facts 6.2
        (
            json!({ "display": "+33100000001" }),
            json!({ "display": "+33 1 00 00 00 01", "userInput": "+33100000001", "e164": "+33100000001",
                "countryCode": "FR" }),
        ),
        (
            json!({ "display": "(317) 222-2222", "extension": 77, "acceptsSMS": true }),
            json!({ "display": "+1 317-222-2222", "userInput": "(317) 222-2222", "e164": "+13172222222",
                "countryCode": "US", "extension": 77, "acceptsSMS": true }),
        ),
        (
            json!({ "display": "020 7946 0018", "normalizationCountryCode": "GB" }),
            json!({ "display": "+44 20 7946 0018", "userInput": "020 7946 0018", "e164": "+442079460018",
                "countryCode": "GB", "normalizationCountryCode": "GB" }),
        ),
        (json!({ "display": "ask Ada" }), json!({ "display": "ask Ada", "userInput": "ask Ada" })),
        // What only the service writes is ignored, and never outlives what it was made of.
        (
            json!({ "display": "none", "e164": "+33100000001", "countryCode": "FR", "userInput": "x" }),
            json!({ "display": "none", "userInput": "none" }),
        ),
        (json!({ "e164": "+33100000001" }), json!({})),
    ] {
        assert_eq!(api.contact(json!({ "workPhone": written })).body["workPhone"], kept);
    }
    // facts 6.2: E.164 without a plus; with one: assumed
    for display in ["442079460018", "+442079460018"] {
        let contact = api.contact(json!({ "whatsAppId": { "phoneNumber": { "display": display } } })).body;
        assert_eq!(contact["whatsAppId"]["phoneNumber"]["e164"], "+442079460018");
    }
}

#[test]
fn what_can_not_be_read_is_a_400() {
    let api = Api::new();
    for (body, code, field) in [
        // facts 1.2
        (json!({ "firstName": 5 }), "invalid.value", "firstName"),
        (json!({ "surveyOptOut": "yes" }), "invalid.value", "surveyOptOut"),
        (json!({ "workPhone": "+33100000001" }), "invalid.value", "workPhone"),
        (json!({ "workPhone": { "extension": "7" } }), "invalid.value", "workPhone.extension"),
        (json!({ "workPhone": { "extension": 7.5 } }), "invalid.value", "workPhone.extension"),
        (json!({ "address": { "city": [] } }), "invalid.value", "address.city"),
        (json!({ "externalIds": {} }), "invalid.value", "externalIds"),
        (json!({ "lineId": { "ids": [{ "userId": 1 }] } }), "invalid.value", "lineId.ids[0].userId"),
        (json!({ "type": "Robot" }), "invalid.value", "type"),
        (json!({ "customFields": [] }), "invalid.value", "customFields"),
        (json!({ "externalOrganization": {} }), "invalid.value", "externalOrganization.id"),
        (json!({ "schema": { "id": NOBODY, "version": "1" } }), "invalid.value", "schema.version"),
        (json!({ "createDate": "yesterday" }), "invalid.date", "createDate"),
        (json!({ "createDate": 1 }), "invalid.date", "createDate"),
        // facts 1.3: seen with external sources
        (
            json!({ "externalIds": [{ "externalSource": { "id": NOBODY }, "value": "7" }] }),
            "bad.request",
            "externalIds[0].externalSource.id",
        ),
    ] {
        let answer = api.call("POST", CONTACTS, &body);
        assert_eq!((answer.status, answer.code()), (400, code), "{body}");
        assert_eq!(answer.body["details"], json!([{ "errorCode": code, "fieldName": field }]), "{body}");
    }
}

/// facts 1.2: the message names the value, and the details name the field
#[test]
fn an_invalid_value_is_repeated() {
    let api = Api::new();
    let long = "x".repeat(101);
    for (body, value, kind, field) in [
        (json!({ "lastName": 5 }), "5", "String", "lastName"),
        (json!({ "surveyOptOut": "yes" }), "yes", "Boolean", "surveyOptOut"),
        (json!({ "surveyOptOut": "{allowed}" }), "{allowed}", "Boolean", "surveyOptOut"),
        (json!({ "workPhone": { "extension": 7.5 } }), "7.5", "Integer", "workPhone.extension"),
        (json!({ "address": { "city": ["x"] } }), "[\"x\"]", "String", "address.city"),
        (json!({ "type": "Robot" }), "Robot", "Enum", "type"),
        (json!({ "externalOrganization": {} }), "null", "String", "externalOrganization.id"),
        // assumed
        (json!({ "surveyOptOut": long }), &long[..100], "Boolean", "surveyOptOut"),
    ] {
        let answer = api.call("POST", CONTACTS, &body);
        let message = answer.body["message"].as_str().unwrap();
        let begin = format!("Value [{value}] is not valid for field type [{kind}]. Allowable values are: ");
        assert!(message.starts_with(&begin), "{message}");
        assert_eq!(answer.body["messageParams"]["value"], value);
        assert_eq!(answer.body["details"][0]["fieldName"], field);
    }
    // A parameter of a path is one, too.
    let schema = api.create(&format!("{CONTACTS}/schemas"), &json!({ "name": "x", "jsonSchema": {} })).id();
    let answer = api.get(&format!("{CONTACTS}/schemas/{schema}/versions/latest"));
    assert!(
        answer.body["message"].as_str().unwrap().starts_with("Value [latest] is not valid for field type [Integer]")
    );
    assert_eq!(answer.body["details"][0]["fieldName"], "versionId");
}

#[test]
fn what_breaks_a_rule_is_a_422() {
    let api = Api::new();
    let long = |length: usize| "ü".repeat(length);
    let cases = [
        // facts 1.3, 6.2
        (json!({ "firstName": long(1000) }), json!({ "firstName": long(1001) }), "firstName"),
        (json!({ "salutation": long(1000) }), json!({ "salutation": long(1001) }), "salutation"),
        (json!({ "externalSystemUrl": long(1000) }), json!({ "externalSystemUrl": long(1001) }), "externalSystemUrl"),
        (json!({ "address": { "city": long(100) } }), json!({ "address": { "city": long(101) } }), "address.city"),
        (json!({ "address": { "state": long(50) } }), json!({ "address": { "state": long(51) } }), "address.state"),
        (
            json!({ "workPhone": { "display": long(512) } }),
            json!({ "workPhone": { "display": long(513) } }),
            "workPhone.display",
        ),
        (json!({ "workEmail": "a@b.c" }), json!({ "workEmail": "a@b" }), "workEmail"),
        (json!({ "otherEmail": "ada+x@example.co.uk" }), json!({ "otherEmail": "ada at example.com" }), "otherEmail"),
        (json!({ "personalEmail": "" }), json!({ "personalEmail": "a@b@c.d" }), "personalEmail"),
        (
            json!({ "workEmail": format!("{}@b.c", long(252)) }),
            json!({ "workEmail": format!("{}@b.c", long(253)) }),
            "workEmail",
        ),
        (
            json!({ "twitterId": { "screenName": "@Ada_1" } }),
            json!({ "twitterId": { "screenName": "Ada 1" } }),
            "twitterId.screenName",
        ),
        (json!({ "lineId": { "displayName": "A" } }), json!({ "lineId": { "displayName": "" } }), "lineId.displayName"),
        (
            json!({ "facebookId": { "displayName": long(100) } }),
            json!({ "facebookId": { "displayName": long(101) } }),
            "facebookId.displayName",
        ),
        (
            json!({ "lineId": { "ids": [{ "userId": "1" }] } }),
            json!({ "lineId": { "ids": [{ "userId": "1" }, { "userId": "2" }] } }),
            "lineId.ids",
        ),
        (
            json!({ "appleOpaqueIds": vec![json!({ "value": "x" }); 10] }),
            json!({ "appleOpaqueIds": vec![json!({ "value": "x" }); 11] }),
            "appleOpaqueIds",
        ),
        (
            json!({ "appleOpaqueIds": [{ "value": long(255) }] }),
            json!({ "appleOpaqueIds": [{ "value": long(256) }] }),
            "appleOpaqueIds[0].value",
        ),
        (
            json!({ "whatsAppId": { "phoneNumber": { "display": "13172222222" } } }),
            json!({ "whatsAppId": { "phoneNumber": { "display": "Ada" } } }),
            "whatsAppId.phoneNumber.display",
        ),
    ];
    let code = "payload.or.params.invalid";
    for (good, bad, field) in &cases {
        api.contact(good.clone());
        let answer = api.call("POST", CONTACTS, bad);
        assert_eq!((answer.status, answer.code()), (422, code), "{field}: {}", answer.body);
        assert_eq!(answer.body["details"], json!([{ "errorCode": code, "fieldName": field }]), "{field}");
    }
    // All of them are named, and none of the values.
    let bad = json!({ "workEmail": "secret", "title": long(1001), "otherEmail": "private" });
    let answer = api.call("POST", CONTACTS, &bad);
    let text = answer.body.to_string();
    assert_eq!(answer.body["details"].as_array().unwrap().len(), 3);
    assert!(!text.contains("secret") && !text.contains("private") && !text.contains("üü"), "{text}");
    // Nothing was created by what was refused.
    assert_eq!(api.get(CONTACTS).body["total"], cases.len());
}

#[test]
fn a_put_replaces_the_whole_contact() {
    let api = Api::new();
    let created = api.contact(json!({
        "firstName": "Ada", "title": "Countess", "futureText": "x", "workPhone": { "display": "+33100000001" },
        "division": { "id": "D1" },
    }));
    let path = format!("{CONTACTS}/{}", created.id());
    api.sandbox.advance(Duration::from_secs(3600));
    let updated = api.call("PUT", &path, &json!({ "lastName": "Lovelace", "id": NOBODY, "division": { "id": "d2" } }));
    // Left out is cleared: assumed. The division stays: facts 6.8
    assert_eq!(updated.status, 200);
    let mut expected = created.body.clone();
    for gone in ["firstName", "title", "futureText", "workPhone"] {
        expected.as_object_mut().unwrap().remove(gone);
    }
    expected["lastName"] = json!("Lovelace");
    expected["modifyDate"] = updated.body["modifyDate"].clone();
    assert_eq!(updated.body, expected);
    assert_eq!(updated.body["division"]["id"], "d1");
    assert!(updated.body["modifyDate"].as_str() > created.body["modifyDate"].as_str(), "time has passed");
    assert_eq!(api.get(&path).body, expected);
    // What was fetched can be written back as it came.
    let again = api.call("PUT", &path, &expected).body;
    expected["modifyDate"] = again["modifyDate"].clone();
    assert_eq!(again, expected);
    // It is checked like a new one, and nothing changes when it is refused.
    assert_eq!(api.call("PUT", &path, &json!({ "workEmail": "x" })).status, 422);
    assert_eq!(api.get(&path).body, expected);
    assert_eq!(api.call("PUT", &format!("{CONTACTS}/{NOBODY}"), &json!({})).code(), "not.found");
}

#[test]
fn a_deleted_contact_is_gone() {
    let api = Api::new();
    let path = format!("{CONTACTS}/{}", api.contact(json!({})).id());
    let answer = api.delete(&path);
    // facts 6.1; the body: assumed
    assert_eq!((answer.status, answer.body), (200, json!({})));
    // facts 1.2
    let again = api.delete(&path);
    assert_eq!((again.status, again.code()), (404, "contact.not.found"));
    assert_eq!(again.body["message"], "Contact not found by contact id");
    assert_eq!(api.get(&path).code(), "not.found");
    assert_eq!(api.get(CONTACTS).body["total"], 0);
}

#[test]
fn related_data_comes_when_it_is_asked_for() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let created = api.contact(json!({
        "workPhone": { "display": "+33100000001" }, "cellPhone": { "display": "nothing" },
        "workEmail": "Ada@Example.com", "otherEmail": "ada@example.com",
        "twitterId": { "screenName": "@ada" },
        "externalIds": [{ "externalSource": { "id": source, "name": "ignored" }, "value": "7" }],
        "division": { "id": "d1", "name": "ignored" },
    }));
    let path = format!("{CONTACTS}/{}", created.id());
    let source_uri = format!("/api/v2/externalcontacts/externalsources/{source}");
    // Only ids without `expand`: assumed
    assert_eq!(created.body["division"], json!({ "id": "d1", "selfUri": "/api/v2/authorization/divisions/d1" }));
    assert_eq!(
        created.body["externalIds"],
        json!([{ "externalSource": { "id": source, "selfUri": source_uri }, "value": "7" }])
    );
    assert_eq!(created.body["twitterId"]["profileUrl"], "https://www.twitter.com/ada"); // facts 6.2
    for absent in ["identifiers", "externalDataSources", "externalOrganization"] {
        assert!(created.body.get(absent).is_none(), "{absent}");
    }
    // facts 5: repeated; joined, as the official SDKs do
    for query in [
        "expand=identifiers&expand=externalSources&expand=division&expand=externalDataSources",
        "expand=identifiers,externalSources&expand=division%2CexternalDataSources",
    ] {
        let contact = api.get(&format!("{path}?{query}")).body;
        assert_eq!(contact["division"]["name"], "Division d1");
        assert_eq!(contact["externalDataSources"], json!([]));
        assert_eq!(contact["externalIds"][0]["externalSource"]["name"], "CRM");
        let claimed: Vec<_> = contact["identifiers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|identifier| (identifier["type"].as_str().unwrap(), identifier["value"].as_str().unwrap()))
            .collect();
        // facts 6.3
        let expected =
            [("Phone", "+33100000001"), ("Email", "ada@example.com"), ("SocialTwitter", "ada"), ("ExternalId", "7")];
        assert_eq!(claimed, expected);
        assert_eq!(contact["identifiers"][0]["dateCreated"], created.body["createDate"]);
        assert_eq!(contact["identifiers"][3]["externalSource"]["name"], "CRM");
    }
    // assumed
    let answer = api.get(&format!("{path}?expand=author"));
    assert_eq!((answer.status, answer.code()), (400, "invalid.query.param.value"));
}

/// facts 5: each of its own, and nothing else besides
#[test]
fn each_expansion_shows_what_it_says() {
    let api = Api::new();
    let source = json!([{ "externalSource": { "id": api.sandbox.add_external_source("CRM") }, "value": "7" }]);
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "externalIds": source })).id();
    let reference = json!({ "id": organization });
    api.raw("PUT", &format!("{ORGANIZATIONS}/{organization}/trustor/{NOBODY}"), "", "");
    let contact = api.contact(json!({ "externalOrganization": reference, "externalIds": source })).id();
    let notes = format!("{CONTACTS}/{contact}/notes");
    let note = api.create(&notes, &json!({ "noteText": "x", "createdBy": { "id": NOBODY } })).id();
    let relationship =
        json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "Manager" });
    let relationship = api.create(RELATIONSHIPS, &relationship).id();
    let of_contact = [
        ("expand=externalOrganization", "externalOrganization"),
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=identifiers", "identifiers"),
        ("expand=externalSources", "externalIds"),
        ("expand=division", "division"),
    ];
    let of_organization = [
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=identifiers", "identifiers"),
        ("expand=externalSources", "externalIds"),
        ("expand=division", "division"),
        ("includeTrustors=true", "trustor"),
    ];
    let of_note = [
        ("expand=author", "createdBy"),
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=division", "division"),
    ];
    let of_relationship = [("expand=externalDataSources", "externalDataSources"), ("expand=division", "division")];
    for (one, listing, expansions) in [
        (format!("{CONTACTS}/{contact}"), CONTACTS, &of_contact[..]),
        (format!("{CONTACTS}/{contact}"), &format!("{ORGANIZATIONS}/{organization}/contacts"), &of_contact),
        (format!("{ORGANIZATIONS}/{organization}"), ORGANIZATIONS, &of_organization),
        (format!("{notes}/{note}"), &notes, &of_note),
        (
            format!("{RELATIONSHIPS}/{relationship}"),
            &format!("{ORGANIZATIONS}/{organization}/relationships"),
            &of_relationship,
        ),
    ] {
        let plain = api.get(&one).body;
        for (query, member) in expansions {
            let expanded = api.get(&format!("{one}?{query}")).body;
            let members: HashSet<_> =
                plain.as_object().unwrap().keys().chain(expanded.as_object().unwrap().keys()).collect();
            let changed: Vec<_> =
                members.into_iter().filter(|member| plain.get(*member) != expanded.get(*member)).collect();
            assert_eq!(changed, [*member], "{one}?{query}");
            assert_eq!(api.get(&format!("{listing}?{query}")).body["entities"], json!([expanded]), "{listing}?{query}");
        }
    }
}

#[test]
fn an_identifier_belongs_to_one_contact() {
    let api = Api::new();
    let email = json!({ "workEmail": "ada@example.com" });
    let owner = |id: &str| {
        let contact = api.get(&format!("{CONTACTS}/{id}?expand=identifiers")).body;
        !contact["identifiers"].as_array().unwrap().is_empty()
    };
    let first = api.contact(email.clone()).id();
    let second = api.contact(email.clone()).id();
    // facts 6.3: who is later goes without
    assert_eq!((owner(&first), owner(&second)), (true, false));
    // facts 6.2: a PUT releases and claims
    api.call("PUT", &format!("{CONTACTS}/{first}"), &json!({}));
    assert_eq!((owner(&first), owner(&second)), (false, false));
    api.call("PUT", &format!("{CONTACTS}/{second}"), &email);
    assert_eq!((owner(&first), owner(&second)), (false, true));
    // Deleting releases, too: assumed
    api.delete(&format!("{CONTACTS}/{second}"));
    api.call("PUT", &format!("{CONTACTS}/{first}"), &email);
    assert!(owner(&first));
    // What stays claimed keeps its date.
    let identifiers = || api.get(&format!("{CONTACTS}/{first}?expand=identifiers")).body["identifiers"].clone();
    let before = identifiers();
    api.sandbox.advance(Duration::from_secs(60));
    api.call("PUT", &format!("{CONTACTS}/{first}"), &email);
    assert_eq!(identifiers(), before);
    // Another division has identifiers of its own. facts 6.3, 6.8
    let elsewhere = api.contact(json!({ "workEmail": "ada@example.com", "division": { "id": "d1" } })).id();
    assert!(owner(&elsewhere));
}
