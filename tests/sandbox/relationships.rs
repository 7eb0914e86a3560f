//! Relationships.

use super::*;

#[test]
fn a_relationship_joins_a_user_and_an_organization() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let body = |role: &str| json!({ "user": { "id": NOBODY }, "externalOrganization": { "id": organization }, "relationship": role });
    let created = api.create(RELATIONSHIPS, &body("Manager"));
    let path = format!("{RELATIONSHIPS}/{}", created.id());
    assert_eq!(
        created.body,
        json!({
            "id": created.id(), "selfUri": path, "relationship": "Manager",
            "user": { "id": NOBODY, "selfUri": format!("/api/v2/users/{NOBODY}") },
            "externalOrganization": { "id": organization, "selfUri": format!("{ORGANIZATIONS}/{organization}") },
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&path).body, created.body);
    assert_eq!(api.call("PUT", &path, &body("Engineer")).body["relationship"], "Engineer");
    let with = |name: &str, value: Value| {
        let mut body = body("x");
        body[name] = value;
        body
    };
    for (body, status, field) in [
        // facts 6.5
        (json!({ "user": { "id": NOBODY }, "relationship": "x" }), 422, "externalOrganization"),
        (with("user", Value::Null), 422, "user"),
        (with("relationship", "".into()), 422, "relationship"),
        (with("relationship", "x".repeat(101).into()), 422, "relationship"),
        // assumed
        (with("externalOrganization", json!({ "id": NOBODY })), 400, "externalOrganization.id"),
    ] {
        for (method, path) in [("POST", RELATIONSHIPS), ("PUT", &path)] {
            let answer = api.call(method, path, &body);
            assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (status, &json!(field)), "{body}");
        }
    }
    api.create(RELATIONSHIPS, &body("Assistant"));
    let other = api.create(ORGANIZATIONS, &json!({ "name": "Other" })).id();
    api.create(RELATIONSHIPS, &with("externalOrganization", json!({ "id": other })));
    let list = format!("{ORGANIZATIONS}/{organization}/relationships");
    // facts 5
    assert_eq!(api.get(&list).column("relationship"), ["Engineer", "Assistant"]);
    assert_eq!(
        api.get(&format!("{list}?sortOrder=relationship:asc")).column("relationship"),
        ["Assistant", "Engineer"]
    );
    assert_eq!(api.get(&format!("{list}?sortOrder=createDate:desc")).column("relationship"), ["Assistant", "Engineer"]);
    assert_eq!(api.get(&format!("{list}?expand=author")).status, 400);
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{NOBODY}/relationships")).code(), "not.found");
    assert_eq!((api.delete(&path).body, api.delete(&path).code()), (json!({}), "not.found"));
    // The rest go with the organization: assumed
    let other = format!("{RELATIONSHIPS}/{}", api.get(&list).body["entities"][0]["id"].as_str().unwrap());
    api.delete(&format!("{ORGANIZATIONS}/{organization}"));
    assert_eq!(api.get(&other).code(), "not.found");
}
