//! Identifiers that are claimed and released, and look-ups by them.

use super::*;

const LOOK_UP: &str = "/api/v2/externalcontacts/identifierlookup/contacts";

fn identifier(kind: &str, value: &str) -> Value {
    json!({ "type": kind, "value": value })
}

fn change(api: &Api, id: &str, operation: &str, identifier: &Value) -> Answer {
    let body = json!({ "operation": operation, "identifier": identifier });
    api.call("PATCH", &format!("{CONTACTS}/{id}/identifiers"), &body)
}

fn owned(api: &Api, id: &str) -> Vec<String> {
    let listed = api.get(&format!("{CONTACTS}/{id}/identifiers"));
    assert_eq!(listed.status, 200);
    // There is nothing but the entities. facts 2 A5
    assert_eq!(listed.body.as_object().unwrap().len(), 1);
    listed.column("value").into_iter().map(str::to_owned).collect()
}

#[test]
fn what_stands_in_any_field_is_found_whatever_the_type_of_the_contact() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let external = json!({ "type": "ExternalId", "value": "7", "externalSource": { "id": source } });
    let kinds = [
        (json!({ "cellPhone": { "display": "+44 20 7946 0018" } }), identifier("Phone", "+44 20 7946 0018")),
        (json!({ "otherEmail": "Ada@Example.com" }), identifier("Email", "ada@example.com")),
        (json!({ "twitterId": { "id": "17" } }), identifier("SocialTwitter", "17")),
        (json!({ "lineId": { "ids": [{ "userId": "l" }], "displayName": "A" } }), identifier("SocialLine", "l")),
        (json!({ "facebookId": { "ids": [{ "scopedId": "f" }] } }), identifier("SocialFacebook", "f")),
        (json!({ "instagramId": { "ids": [{ "scopedId": "i" }] } }), identifier("SocialInstagram", "i")),
        (json!({ "instagramId": { "handle": "ada" } }), identifier("SocialInstagramHandle", "ada")),
        (
            json!({ "whatsAppId": { "phoneNumber": { "display": "+44 20 7946 0019" } } }),
            identifier("SocialWhatsapp", "+442079460019"),
        ),
        (json!({ "appleOpaqueIds": [{ "value": "a" }] }), identifier("AppleOpaqueId", "a")),
        (json!({ "externalIds": [{ "value": "7", "externalSource": { "id": source } }] }), external),
    ];
    for (index, (fields, identifier)) in kinds.iter().enumerate() {
        // Search hides the first two; look-ups see them. facts 2 A5
        let kind = ["Ephemeral", "Identified", "Curated"][index % 3];
        let id = api.sandbox.add_contact_of_type(kind, fields).unwrap();
        for path in [LOOK_UP, "/api/v2/externalcontacts/identifierlookup"] {
            let found = api.call("POST", path, identifier);
            assert_eq!((found.status, found.id()), (200, id.clone()), "{identifier}");
        }
    }
    // 404 if there is nobody. facts 2 A5
    assert_eq!(api.call("POST", LOOK_UP, &identifier("Email", "grace@example.com")).status, 404);
    for (wrong, status) in [
        // Country code and leading plus. facts 2 A5
        (identifier("Phone", "020 7946 0018"), 422),
        (identifier("Phone", ""), 422),
        (json!({ "value": "x" }), 422),
        (json!({ "type": "ExternalId", "value": "7" }), 422),
        // assumed
        (identifier("Pigeon", "x"), 400),
        (json!({ "type": "ExternalId", "value": "7", "externalSource": { "id": NOBODY } }), 400),
    ] {
        assert_eq!(api.call("POST", LOOK_UP, &wrong).status, status, "{wrong}");
    }
    let expanded = api.call("POST", &format!("{LOOK_UP}?expand=identifiers,division"), &kinds[0].1).body;
    assert_eq!(expanded["identifiers"][0]["value"], "+442079460018");
    assert_eq!(expanded["division"]["name"], "Unassigned");
    assert_eq!(api.call("POST", &format!("{LOOK_UP}?expand=externalDataSources"), &kinds[0].1).status, 400);
}

#[test]
fn an_identifier_is_claimed_once_and_can_be_released() {
    let api = Api::new();
    let ada = api.contact(json!({ "workEmail": "ada@example.com" })).id();
    let grace = api.contact(json!({ "workEmail": "ada@example.com" })).id();
    let email = identifier("Email", "ADA@example.com");
    let owner = || api.call("POST", LOOK_UP, &email);
    assert_eq!(owned(&api, &ada), ["ada@example.com"]);
    assert_eq!(owned(&api, &grace), [""; 0]);

    // facts 1.2: somebody else has it
    assert_eq!(change(&api, &grace, "Claim", &email).status, 409);
    // Inferred: one's own is no conflict. facts 2 A5
    let own = change(&api, &ada, "Claim", &email);
    assert_eq!((own.status, own.body["value"].as_str()), (200, Some("ada@example.com")));
    assert!(own.body["dateCreated"].is_string() && own.body["division"]["id"] == "*");

    assert_eq!(change(&api, &ada, "Release", &email).status, 200);
    assert_eq!(owner().status, 404);
    // assumed
    assert_eq!(change(&api, &ada, "Release", &email).status, 404);
    assert_eq!(change(&api, &grace, "Claim", &email).status, 200);
    assert_eq!(owner().id(), grace);
    // The field of the other one stays, and gives nothing back.
    assert_eq!(api.get(&format!("{CONTACTS}/{ada}")).body["workEmail"], "ada@example.com");
    assert_eq!(owned(&api, &ada), [""; 0]);

    // One that stands in no field lasts until it is released, or the contact is deleted.
    let cookie = identifier("Cookie", "c");
    assert_eq!(change(&api, &ada, "Claim", &cookie).status, 200);
    api.call("PUT", &format!("{CONTACTS}/{ada}"), &json!({ "title": "Countess" }));
    assert_eq!(owned(&api, &ada), ["c"]);
    api.call("DELETE", &format!("{CONTACTS}/{ada}"), &Value::Null);
    assert_eq!(api.call("POST", LOOK_UP, &cookie).status, 404);

    for (body, status) in [
        (json!({ "identifier": email }), 422),
        (json!({ "operation": "Claim" }), 422),
        (json!({ "operation": "Steal", "identifier": email }), 400),
    ] {
        assert_eq!(api.call("PATCH", &format!("{CONTACTS}/{grace}/identifiers"), &body).status, status, "{body}");
    }
    assert_eq!(change(&api, NOBODY, "Claim", &email).status, 404);
}

#[test]
fn each_division_has_its_own() {
    let api = Api::new();
    let divisions = ["d1", "d2"];
    let ids = divisions
        .map(|division| api.contact(json!({ "division": { "id": division }, "workEmail": "ada@example.com" })).id());
    for (division, id) in divisions.iter().zip(&ids) {
        let within = json!({ "type": "Email", "value": "ada@example.com", "division": { "id": division } });
        assert_eq!(api.call("POST", LOOK_UP, &within).id(), *id);
    }
    // assumed: in any
    assert!(ids.contains(&api.call("POST", LOOK_UP, &identifier("Email", "ada@example.com")).id()));
    let elsewhere = json!({ "type": "Email", "value": "ada@example.com", "division": { "id": "d3" } });
    assert_eq!(api.call("POST", LOOK_UP, &elsewhere).status, 404);
}

#[test]
fn organizations_have_external_ids_only() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let id = json!({ "value": "7", "externalSource": { "id": source } });
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "externalIds": [id] })).id();
    let external = json!({ "type": "ExternalId", "value": "7", "externalSource": { "id": source } });
    let look_up = "/api/v2/externalcontacts/identifierlookup/organizations";
    assert_eq!(api.call("POST", look_up, &external).id(), organization);
    assert_eq!(api.call("POST", look_up, &identifier("Email", "ada@example.com")).status, 422);
    let path = format!("{ORGANIZATIONS}/{organization}/identifiers");
    assert_eq!(api.get(&path).column("value"), ["7"]);
    let release = json!({ "operation": "Release", "identifier": external });
    assert_eq!(api.call("PATCH", &path, &release).status, 200);
    assert_eq!(api.call("POST", look_up, &external).status, 404);
}
