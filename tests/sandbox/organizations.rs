//! External organizations.

use super::*;

#[test]
fn an_organization_is_kept_as_the_service_keeps_it() {
    let api = Api::new();
    let created = api.create(
        ORGANIZATIONS,
        &json!({
            "name": " Acme ", "employeeCount": 5, "revenue": 9_007_199_254_740_993_i64, "tags": ["a", "b"],
            "phoneNumber": { "display": "+33100000001" }, "tickers": [{ "symbol": "ACM", "exchange": "NYSE" }],
            "trustor": { "id": NOBODY, "enabled": true }, "future": { "x": 1 }, "industry": null,
        }),
    );
    let (id, date) = (created.id(), created.body["createDate"].clone());
    let path = format!("{ORGANIZATIONS}/{id}");
    assert_eq!(
        created.body,
        json!({
            "id": id, "selfUri": path, "createDate": date, "modifyDate": date, "name": "Acme", "employeeCount": 5,
            "revenue": 9_007_199_254_740_993_i64, "tags": ["a", "b"], "future": { "x": 1 },
            "phoneNumber": { "display": "+33 1 00 00 00 01", "userInput": "+33100000001", "e164": "+33100000001",
                "countryCode": "FR" },
            "tickers": [{ "symbol": "ACM", "exchange": "NYSE" }],
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&path).body, created.body);
    let updated = api.call("PUT", &path, &json!({ "name": "Acme", "industry": "Anvils" })).body;
    assert_eq!((&updated["industry"], updated.get("tags"), &updated["createDate"]), (&json!("Anvils"), None, &date));
    for (body, status, field) in [
        // facts 1.3
        (json!({ "name": "x".repeat(1001) }), 422, "name"),
        // facts 6.5
        (json!({ "name": "x", "tickers": [{ "symbol": "ACM" }] }), 422, "tickers[0].exchange"),
        // assumed
        (json!({}), 422, "name"),
        (json!({ "name": " " }), 422, "name"),
        // facts 1.2
        (json!({ "name": "x", "employeeCount": "5" }), 400, "employeeCount"),
        (json!({ "name": "x", "tags": "a" }), 400, "tags"),
    ] {
        for (method, path) in [("POST", ORGANIZATIONS), ("PUT", &path)] {
            let answer = api.call(method, path, &body);
            assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (status, &json!(field)), "{body}");
        }
    }
    assert_eq!(api.delete(&path).status, 200);
    assert_eq!((api.get(&path).code(), api.delete(&path).code()), ("not.found", "not.found"));
}

#[test]
fn a_contact_can_be_of_an_organization() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let organization_path = format!("{ORGANIZATIONS}/{organization}");
    let contact =
        api.contact(json!({ "lastName": "Young", "externalOrganization": { "id": organization, "name": "ignored" } }));
    api.contact(json!({ "lastName": "Adams" }));
    let path = format!("{CONTACTS}/{}", contact.id());
    // facts 6.2
    let stub = json!({ "id": organization, "selfUri": organization_path });
    assert_eq!(contact.body["externalOrganization"], stub);
    assert_eq!(api.get(&path).body["externalOrganization"], stub);
    let expanded = api.get(&format!("{path}?expand=externalOrganization")).body;
    assert_eq!(expanded["externalOrganization"], api.get(&organization_path).body);
    // assumed, as seen with external sources (facts 1.3)
    for (method, path) in [("POST", CONTACTS), ("PUT", &*path)] {
        let unknown = api.call(method, path, &json!({ "externalOrganization": { "id": NOBODY } }));
        assert_eq!((unknown.status, unknown.code()), (400, "bad.request"));
        assert_eq!(unknown.body["details"][0]["fieldName"], "externalOrganization.id");
    }
    let contacts = format!("{organization_path}/contacts");
    for (query, names) in [
        // facts 5
        ("", &["Young"][..]),
        ("q=young&sortOrder=lastName:asc&expand=division", &["Young"]),
        ("q=adams", &[]),
    ] {
        assert_eq!(api.get(&format!("{contacts}?{query}")).column("lastName"), names, "{query}");
    }
    assert_eq!(api.get(&contacts).body["selfUri"], format!("{contacts}?pageSize=20&pageNumber=1"));
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{NOBODY}/contacts")).code(), "not.found");
    // A deleted organization leaves no trace: assumed
    api.delete(&organization_path);
    assert!(api.get(&path).body.get("externalOrganization").is_none());
}

#[test]
fn organizations_are_listed_like_contacts() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("ERP");
    for body in [
        json!({ "name": "Beta", "industry": "a", "division": { "id": "d1" }, "phoneNumber": { "display": "+33100000001" } }),
        json!({ "name": "alpha Corp", "industry": "b" }),
        json!({ "name": "Gamma", "externalIds": [{ "externalSource": { "id": source }, "value": "X-7" }] }),
    ] {
        api.create(ORGANIZATIONS, &body);
    }
    for (query, names) in [
        // facts 5
        ("", &["Beta", "alpha Corp", "Gamma"][..]),
        ("sortOrder=name:asc", &["alpha Corp", "Beta", "Gamma"]),
        ("sortOrder=industry:desc", &["alpha Corp", "Beta", "Gamma"]),
        ("q=corp", &["alpha Corp"]),
        ("q=x-7", &["Gamma"]),
        ("q=%2B33100000001", &["Beta"]),
        ("divisionIds=d1", &["Beta"]),
        ("pageSize=1&pageNumber=2", &["alpha Corp"]),
    ] {
        assert_eq!(api.get(&format!("{ORGANIZATIONS}?{query}")).column("name"), names, "{query}");
    }
    for query in ["sortOrder=lastName:asc", "expand=externalOrganization", "includeTrustors=maybe", "pageSize=101"] {
        assert_eq!(api.get(&format!("{ORGANIZATIONS}?{query}")).status, 400, "{query}");
    }
    let gamma = api.get(&format!("{ORGANIZATIONS}?q=gamma&expand=identifiers,externalSources"));
    let identifiers = &gamma.body["entities"][0]["identifiers"];
    assert_eq!(
        (&identifiers[0]["type"], &identifiers[0]["externalSource"]["name"]),
        (&json!("ExternalId"), &json!("ERP"))
    );
}

#[test]
fn a_trustor_can_be_linked_to_an_organization() {
    let api = Api::new();
    let ids: Vec<_> =
        ["A", "B", "C"].iter().map(|name| api.create(ORGANIZATIONS, &json!({ "name": name })).id()).collect();
    let [first, second] = ["11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"];
    // No body, and so no content type.
    let link = api.raw("PUT", &format!("{ORGANIZATIONS}/{}/trustor/{first}", ids[0]), "", "");
    // facts 6.1
    assert_eq!(
        (link.status, &link.body),
        (
            200,
            &json!({
                "externalOrganizationId": ids[0], "trustorOrgId": first, "dateCreated": link.body["dateCreated"],
                "externalOrganizationUri": format!("{ORGANIZATIONS}/{}", ids[0]),
                "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
            })
        )
    );
    api.raw("PUT", &format!("{ORGANIZATIONS}/{}/trustor/{second}", ids[1]), "", "");
    // facts 5: in the order asked for, and `q` is ignored
    let of = |query: &str| api.get(&format!("{ORGANIZATIONS}?{query}"));
    assert_eq!(of(&format!("trustorId={second}&trustorId={first}&q=nobody")).column("name"), ["B", "A"]);
    assert_eq!(of(&format!("trustorId={second},{NOBODY}")).column("name"), ["B"]);
    assert_eq!(of(&vec![format!("trustorId={first}"); 26].join("&")).status, 400);
    // facts 5: embedded when asked for
    let path = format!("{ORGANIZATIONS}/{}", ids[0]);
    assert!(api.get(&path).body.get("trustor").is_none());
    assert_eq!(api.get(&format!("{path}?includeTrustors=true")).body["trustor"]["id"], first);
    assert_eq!(of("includeTrustors=true").body["entities"][1]["trustor"]["enabled"], true);
    // facts 6.1
    let unlinked = api.delete(&format!("{path}/trustor"));
    assert_eq!((unlinked.status, &unlinked.body, unlinked.headers.get("content-type")), (204, &Value::Null, None));
    // assumed
    assert_eq!(api.delete(&format!("{path}/trustor")).code(), "not.found");
    assert_eq!(api.raw("PUT", &format!("{ORGANIZATIONS}/{NOBODY}/trustor/{first}"), "", "").code(), "not.found");
}
