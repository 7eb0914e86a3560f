//! The reverse look-up.

use super::*;

#[test]
fn a_look_up_finds_who_has_a_value() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    api.contact(json!({
        "title": "one", "cellPhone": { "display": "+44 20 7946 0018" }, "otherEmail": "Ada@example.com",
        "twitterId": { "screenName": "@lovelace" }, "externalOrganization": { "id": organization },
    }));
    api.contact(json!({ "title": "two", "workEmail": "ada@example.com", "division": { "id": "d1" } }));
    api.sandbox.add_contact_of_type("Identified", &json!({ "title": "x", "workEmail": "ada@example.com" })).unwrap();
    let look_up = |query: &str| api.get(&format!("/api/v2/externalcontacts/reversewhitepageslookup?{query}"));
    for (query, titles) in [
        // facts 5
        ("lookupVal=ada@example.com", &["one", "two"][..]),
        ("lookupVal=%2B442079460018", &["one"]),
        ("lookupVal=lovelace", &["one"]),
        ("lookupVal=ada@example.com&divisionId=d1", &["two"]),
        ("lookupVal=ada@example.com&divisionId=*", &["one", "two"]),
        ("lookupVal=ada", &[]),
        // An unencoded plus is a space. facts 8.15; without one it is no number: assumed
        ("lookupVal=+442079460018", &[]),
        ("lookupVal=@Lovelace", &["one"]),
    ] {
        let found = look_up(query);
        let found: Vec<_> = found.body["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|contact| contact["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles, "{query}");
    }
    // facts 5
    let expanded = look_up("lookupVal=lovelace&expand=contacts.externalOrganization,division").body;
    assert_eq!(expanded["contacts"][0]["externalOrganization"]["name"], "Acme");
    assert_eq!(expanded["contacts"][0]["division"]["name"], "Unassigned");
    assert_eq!(expanded.as_object().unwrap().len(), 1);
    for query in ["", "lookupVal=", "lookupVal=x&expand=externalOrganization"] {
        assert_eq!(look_up(query).status, 400, "{query}");
    }
    for _ in 0..30 {
        api.contact(json!({ "workEmail": "many@example.com" }));
    }
    assert_eq!(look_up("lookupVal=many@example.com").body["contacts"].as_array().unwrap().len(), 25);
}
