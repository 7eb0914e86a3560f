//! Enrichments: found by identifiers, then merged, changed or created.

use genesys_external_contacts::sandbox::UnknownStatus;

use super::*;

const ENRICH: &str = "/api/v2/externalcontacts/contacts/enrich";

fn email(address: &str) -> Value {
    json!({ "type": "Email", "value": address })
}

fn body(action: &str, by: &[&str], contact: Value) -> Value {
    let by: Vec<_> = by.iter().map(|address| email(address)).collect();
    json!({ "matchingIdentifiers": by, "action": action, "contact": contact })
}

fn titles(api: &Api) -> Vec<String> {
    let mut titles: Vec<_> = api.get(CONTACTS).column("title").into_iter().map(str::to_owned).collect();
    titles.sort();
    titles
}

#[test]
fn the_action_says_what_becomes_of_what_is_found() {
    // facts 2 A3: status, and the titles that there are afterwards
    for (action, by, status, after) in [
        ("Upsert", &["a@example.com", "b@example.com"][..], 200, &["B", "new"][..]),
        ("Upsert", &["x@example.com", "b@example.com", "a@example.com"], 200, &["A", "new"]),
        ("Upsert", &["x@example.com"], 201, &["A", "B", "new"]),
        ("Update", &["b@example.com"], 200, &["A", "new"]),
        // assumed
        ("Update", &["x@example.com"], 404, &["A", "B"]),
        ("Insert", &["x@example.com"], 201, &["A", "B", "new"]),
        ("Insert", &["x@example.com", "b@example.com"], 409, &["A", "B"]),
        ("Merge", &["x@example.com"], 201, &["A", "B", "new"]),
        ("Merge", &["a@example.com"], 200, &["B", "new"]),
        ("Merge", &["a@example.com", "b@example.com"], 200, &["new"]),
        ("Move", &["a@example.com"], 400, &["A", "B"]),
        ("Upsert", &[], 422, &["A", "B"]),
    ] {
        let api = Api::new();
        for name in ["A", "B"] {
            api.contact(json!({ "title": name, "workEmail": format!("{name}@example.com") }));
        }
        for dry_run in [true, false] {
            let path = format!("{ENRICH}?dryRun={dry_run}");
            let answer = api.call("POST", &path, &body(action, by, json!({ "title": "new" })));
            // The status of a dry run that would be a success is not known.
            let status = if dry_run && status < 300 { 200 } else { status };
            assert_eq!(answer.status, status, "{action} {by:?} {dry_run}: {}", answer.body);
            if status < 300 {
                assert_eq!(answer.body["title"], "new");
            }
            if dry_run {
                assert_eq!(titles(&api), ["A", "B"], "{action} {by:?}");
            }
        }
        assert_eq!(titles(&api), after, "{action} {by:?}");
    }
    let api = Api::new();
    let by = vec![email("a@example.com"); 26];
    assert_eq!(api.call("POST", ENRICH, &json!({ "matchingIdentifiers": by, "action": "Upsert" })).status, 422);
}

#[test]
fn field_rules_say_which_value_wins() {
    let old = json!({
        "workEmail": "a@example.com", "firstName": "old", "lastName": "old", "address": { "city": "old", "state": "old" },
        "appleOpaqueIds": [{ "value": "1" }], "workPhone": { "display": "+442079460018" },
    });
    let new = json!({
        "firstName": "new", "title": "new", "address": { "city": "new", "postalCode": "new" },
        "appleOpaqueIds": [{ "value": "1" }, { "value": "2" }], "workPhone": { "display": "+442079460019" },
    });
    let ids = |ids: &[&str]| json!(ids.iter().map(|id| json!({ "value": id })).collect::<Vec<_>>());
    // facts 2 A3
    for (rules, pointer, becomes) in [
        (Value::Null, "/firstName", json!("new")),
        (Value::Null, "/lastName", json!("old")),
        (Value::Null, "/address", json!({ "city": "new", "state": "old", "postalCode": "new" })),
        (Value::Null, "/appleOpaqueIds", ids(&["1", "2"])),
        (Value::Null, "/workPhone/e164", json!("+442079460019")),
        (json!({ "defaultAction": "PreferExisting" }), "/firstName", json!("old")),
        (json!({ "defaultAction": "PreferExisting" }), "/title", json!("new")),
        (json!({ "defaultAction": "PreferExisting" }), "/address/city", json!("old")),
        (json!({ "defaultAction": "PreferExisting" }), "/workPhone/e164", json!("+442079460018")),
        // What is left out is a null, and wins.
        (json!({ "defaultAction": "AlwaysUseProvided" }), "/lastName", Value::Null),
        (json!({ "defaultAction": "AlwaysUseProvided" }), "/workEmail", Value::Null),
        (json!({ "defaultAction": "AlwaysUseProvided" }), "/address", json!({ "city": "new", "postalCode": "new" })),
        (
            json!({ "defaultAction": "AlwaysUseProvided", "rules": [{ "field": "$.address.state", "action": "PreferExisting" }] }),
            "/address/state",
            json!("old"),
        ),
        (json!({ "defaultArrayAction": "Replace" }), "/appleOpaqueIds", ids(&["1", "2"])),
        (
            json!({ "defaultArrayAction": "Replace", "rules": [{ "field": "$.appleOpaqueIds", "arrayAction": "Extend" }] }),
            "/appleOpaqueIds",
            ids(&["1", "2"]),
        ),
    ] {
        let api = Api::new();
        let id = api.contact(old.clone()).id();
        let mut request = body("Update", &["a@example.com"], new.clone());
        request["fieldRules"] = rules.clone();
        let answer = api.call("POST", ENRICH, &request);
        assert_eq!((answer.status, answer.id()), (200, id), "{rules}: {}", answer.body);
        assert_eq!(answer.body.pointer(pointer).cloned().unwrap_or_default(), becomes, "{rules} {pointer}");
        assert_eq!(answer.body["type"], "Curated");
    }
}

#[test]
fn lists_are_filled_extended_or_replaced() {
    let ids = |from: u32, to: u32| (from..to).map(|id| json!({ "value": id.to_string() })).collect::<Vec<_>>();
    for (action, status, count) in [("Fill", 200, 10), ("Extend", 422, 8), ("Replace", 200, 5)] {
        let api = Api::new();
        let ada = api.contact(json!({ "workEmail": "a@example.com", "appleOpaqueIds": ids(0, 8) })).id();
        let mut request = body("Update", &["a@example.com"], json!({ "appleOpaqueIds": ids(10, 15) }));
        request["fieldRules"] = json!({ "defaultArrayAction": action });
        assert_eq!(api.call("POST", ENRICH, &request).status, status, "{action}");
        let now = api.get(&format!("{CONTACTS}/{ada}")).body;
        assert_eq!(now["appleOpaqueIds"].as_array().unwrap().len(), count, "{action}");
    }
    for (field, rule) in [("nowhere", json!({})), ("$.title", json!({ "action": "Toss" }))] {
        let mut request = body("Upsert", &["a@example.com"], json!({}));
        request["fieldRules"] = json!({ "rules": [{ "field": field, "action": rule["action"] }] });
        assert!(matches!(Api::new().call("POST", ENRICH, &request).status, 400 | 422), "{field}");
    }
}

#[test]
fn what_is_created_answers_to_its_own_fields() {
    // Nobody knows whether it answers to the matching identifiers, too. facts 2 A3
    let api = Api::new();
    for _ in 0..2 {
        assert_eq!(api.call("POST", ENRICH, &body("Upsert", &["a@example.com"], json!({}))).status, 201);
    }
    let with_field = body("Upsert", &["b@example.com"], json!({ "workEmail": "b@example.com" }));
    assert_eq!([0, 1].map(|_| api.call("POST", ENRICH, &with_field).status), [201, 200]);
}

#[test]
fn who_the_service_made_is_promoted_on_demand() {
    let api = Api::new();
    api.sandbox.add_contact_of_type("Identified", &json!({ "workEmail": "a@example.com" })).unwrap();
    let mut request = body("Upsert", &["a@example.com"], json!({ "title": "new" }));
    assert_eq!(api.call("POST", ENRICH, &request).body["type"], "Identified");
    assert_eq!(titles(&api), [""; 0]);
    request["options"] = json!({ "promote": true });
    assert_eq!(api.call("POST", ENRICH, &request).body["type"], "Curated");
    assert_eq!(titles(&api), ["new"]);
}

#[test]
fn organizations_are_enriched_by_external_ids() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let external = json!({ "type": "ExternalId", "value": "7", "externalSource": { "id": source } });
    let path = "/api/v2/externalcontacts/organizations/enrich";
    let request = |action: &str, name: &str| {
        json!({
            "matchingIdentifiers": [external], "action": action,
            "externalOrganization": { "name": name, "externalIds": [{ "value": "7", "externalSource": { "id": source } }] },
        })
    };
    let created = api.call("POST", path, &request("Upsert", "Acme"));
    let updated = api.call("POST", path, &request("Upsert", "Acme Inc."));
    assert_eq!((created.status, updated.status), (201, 200));
    assert_eq!((updated.id(), updated.body["name"].as_str()), (created.id(), Some("Acme Inc.")));
    // facts 2 A3
    assert_eq!(api.call("POST", path, &request("Merge", "Acme")).status, 400);
    assert_eq!(updated.body["externalIds"].as_array().unwrap().len(), 1);
}

#[test]
fn a_merge_that_cannot_be_leaves_no_trace() {
    let sandbox = Sandbox::builder().status_of(UnknownStatus::DivisionsDiffer, 400).build();
    let api = Api::of(sandbox);
    for (name, division) in [("A", "d1"), ("B", "d2")] {
        api.contact(
            json!({ "title": name, "workEmail": format!("{name}@example.com"), "division": { "id": division } }),
        );
    }
    let merge = body("Merge", &["a@example.com", "b@example.com"], json!({ "title": "new" }));
    assert_eq!(api.call("POST", ENRICH, &merge).status, 400);
    assert_eq!(titles(&api), ["A", "B"]);
    // Merged, and then refused: nothing is left of it.
    api.contact(json!({ "title": "C", "workEmail": "c@example.com", "division": { "id": "d1" } }));
    let merge = body("Merge", &["a@example.com", "c@example.com"], json!({ "otherEmail": "nobody" }));
    assert_eq!(api.call("POST", ENRICH, &merge).status, 422);
    assert_eq!(titles(&api), ["A", "B", "C"]);
}
