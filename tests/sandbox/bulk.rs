//! Many records in one request.

use super::*;

const BULK: &str = "/api/v2/externalcontacts/bulk";

fn bulk(api: &Api, path: &str, entities: Value) -> Answer {
    api.call("POST", &format!("{BULK}/{path}"), &json!({ "entities": entities }))
}

/// The result of the record with this id.
fn result<'a>(answer: &'a Answer, id: &str) -> &'a Value {
    let results = answer.body["results"].as_array().unwrap();
    results.iter().find(|result| result["id"] == id).unwrap_or_else(|| panic!("{id}: {}", answer.body))
}

/// Two records of each kind that can be added, and one that can't with the field that is wrong.
fn records(api: &Api) -> [(&'static str, Value, Value, &'static str); 4] {
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let contact = api.contact(json!({ "lastName": "Byron" })).id();
    let note = |text: &str| json!({ "entityId": contact, "entityType": "contact", "noteText": text, "createdBy": { "id": NOBODY } });
    let relationship = |role: &str| json!({ "user": { "id": NOBODY }, "externalOrganization": { "id": organization }, "relationship": role });
    [
        ("contacts", json!({ "lastName": "Lovelace" }), json!({ "workEmail": "no" }), "workEmail"),
        ("organizations", json!({ "name": "Analytical Engines" }), json!({}), "name"),
        ("notes", note("called"), json!({ "noteText": "of nobody" }), "entityId"),
        ("relationships", relationship("Manager"), relationship(""), "relationship"),
    ]
}

/// facts 6.6: 200 whatever becomes of the records, `errorIndexes` are places in the results, failures say what was sent.
#[test]
fn records_are_added_fetched_updated_and_removed() {
    let api = Api::new();
    for (kind, good, bad, field) in records(&api) {
        let added = bulk(&api, &format!("{kind}/add"), json!([good, bad, good]));
        assert_eq!((added.status, &added.body["errorCount"]), (200, &json!(1)), "{kind}: {}", added.body);
        let results = added.body["results"].as_array().unwrap();
        let failed = usize::try_from(added.body["errorIndexes"][0].as_u64().unwrap()).unwrap();
        let error = &results[failed]["error"];
        assert_eq!(results[failed]["success"], false, "{kind}");
        assert_eq!((&error["status"], &error["entity"]), (&json!(422), &bad), "{kind}");
        assert_eq!(error["details"][0]["fieldName"], field, "{kind}");
        assert_eq!(error["retryable"], false);
        let done: Vec<_> = results.iter().filter(|result| result["success"] == true).collect();
        let ids: Vec<_> = done.iter().map(|result| result["id"].as_str().unwrap()).collect();
        assert_eq!(done.len(), 2, "{kind}");
        assert!(done.iter().all(|result| result["status"] == 200 && result["entity"]["id"] == result["id"]), "{kind}");

        let fetched = bulk(&api, kind, json!([{ "id": ids[0] }, { "id": NOBODY }, { "id": ids[0].to_uppercase() }]));
        assert_eq!(result(&fetched, ids[0])["entity"], done[0]["entity"], "{kind}");
        let nobody = &result(&fetched, NOBODY)["error"];
        // facts A2: inferred
        assert_eq!((&nobody["status"], &nobody["code"]), (&json!(404), &json!("not.found")), "{kind}");
        assert_eq!(nobody["entity"], json!({ "id": NOBODY }), "{kind}");
        // assumed: the same id twice is answered twice
        assert_eq!(fetched.body["results"].as_array().unwrap().len(), 3, "{kind}");

        let mut changed = done[0]["entity"].clone();
        changed["externalSystemUrl"] = "https://crm.example.com/1".into();
        let without_id = good.clone();
        let updated = bulk(&api, &format!("{kind}/update"), json!([changed, without_id]));
        assert_eq!(result(&updated, ids[0])["success"], true, "{kind}: {}", updated.body);
        assert_eq!(updated.body["errorCount"], 1, "{kind}: one without an id");

        let removed = bulk(&api, &format!("{kind}/remove"), json!([{ "id": ids[0] }, { "id": NOBODY }]));
        assert_eq!(result(&removed, ids[0])["success"], true, "{kind}");
        assert_eq!(result(&removed, NOBODY)["error"]["status"], 404, "{kind}");
        let left = bulk(&api, kind, json!([{ "id": ids[0] }, { "id": ids[1] }]));
        assert_eq!(result(&left, ids[0])["error"]["status"], 404, "{kind}");
        assert_eq!(result(&left, ids[1])["success"], true, "{kind}");
    }
}

/// facts 6.6: not ordered. Assumed: another order in each request, and the same ones in every run.
#[test]
fn results_come_in_another_order() {
    let orders = |api: &Api| -> Vec<Vec<u64>> {
        let contacts: Vec<_> = (0..20).map(|number| json!({ "title": number.to_string() })).collect();
        (0..2)
            .map(|_| {
                let answer = bulk(api, "contacts/add", json!(contacts));
                let results = answer.body["results"].as_array().unwrap();
                results.iter().map(|result| result["entity"]["title"].as_str().unwrap().parse().unwrap()).collect()
            })
            .collect()
    };
    let shuffled = orders(&Api::new());
    let in_order: Vec<_> = (0..20).collect();
    assert_ne!(shuffled[0], in_order);
    assert_ne!(shuffled[0], shuffled[1]);
    assert_eq!(orders(&Api::new()), shuffled);
    let sandbox = Sandbox::builder().bulk_results_shuffled(false).build();
    assert_eq!(orders(&Api::of(sandbox)), [in_order.clone(), in_order]);
}

#[test]
fn a_request_has_caps_and_is_refused_as_a_whole() {
    let api = Api::new();
    let contacts = |count: usize, length: usize| json!(vec![json!({ "title": "x".repeat(length) }); count]);
    for (entities, status) in [
        // assumed: 50
        (contacts(50, 1), 200),
        (contacts(51, 1), 422),
        (json!([]), 422),
        // facts 6.6: malformed is 422
        (json!({}), 422),
        (json!([{}, "x"]), 422),
        // facts 2: 512,000 bytes
        (contacts(50, 10_300), 413),
    ] {
        let before = api.get(CONTACTS).body["total"].clone();
        let answer = bulk(&api, "contacts/add", entities);
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(api.get(CONTACTS).body["total"] == before, status != 200);
    }
    let api = Api::of(Sandbox::builder().bulk_records(2).build());
    assert_eq!(bulk(&api, "contacts/add", contacts(2, 1)).status, 200);
    assert_eq!(bulk(&api, "contacts/add", contacts(3, 1)).status, 422);
}

/// facts A2: `status` is there since version 9841 only.
#[test]
fn older_results_have_no_status() {
    let api = Api::of(Sandbox::builder().bulk_results_have_status(false).build());
    let answer = bulk(&api, "contacts/add", json!([{}, { "workEmail": "no" }]));
    for result in answer.body["results"].as_array().unwrap() {
        assert!(result.get("status").is_none(), "{result}");
    }
}

/// facts.json: notes and relationships need both permissions, views of divisions another one than the rest.
#[test]
fn permissions_are_those_of_the_facts() {
    let facts: Value = serde_json::from_str(include_str!("../facts/facts.json")).unwrap();
    let operations = facts["operations"].as_array().unwrap().iter();
    let bulk = operations.filter(|operation| {
        let path = operation["path"].as_str().unwrap();
        path.contains("/bulk/") && !path.ends_with("/enrich")
    });
    let api = Api::new();
    let mut count = 0;
    for operation in bulk {
        let path = operation["path"].as_str().unwrap();
        let all = operation["permissions"].as_object().unwrap().values().next().unwrap();
        let all: Vec<_> = all.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        let body = json!({ "entities": [{ "id": NOBODY }] });
        api.sandbox.set_permissions(all.clone());
        assert_eq!(api.call("POST", path, &body).status, 200, "{path}");
        for missing in &all {
            api.sandbox.set_permissions(all.iter().copied().filter(|one| one != missing));
            assert_eq!(api.call("POST", path, &body).status, 403, "{path} without {missing}");
        }
        count += 1;
    }
    assert_eq!(count, 19);
}

#[test]
fn records_fail_on_demand() {
    let api = Api::new();
    api.sandbox.next_records(1).pass();
    api.sandbox.next_records(1).fail(503);
    api.sandbox.next_records(1).after_applying().fail(504);
    api.sandbox.next_records(1).leave_out();
    api.sandbox.next_records(1).after_applying().leave_out();
    let contacts: Vec<_> = (0..6).map(|number| json!({ "title": number.to_string() })).collect();
    let answer = bulk(&api, "contacts/add", json!(contacts));
    let results = answer.body["results"].as_array().unwrap();
    let mut told: Vec<_> = results
        .iter()
        .map(|result| {
            let entity = result.get("entity").unwrap_or(&result["error"]["entity"]);
            (
                entity["title"].as_str().unwrap(),
                result["status"].as_u64().unwrap(),
                result["error"]["retryable"] == true,
            )
        })
        .collect();
    told.sort();
    assert_eq!(told, [("0", 200, false), ("1", 503, true), ("2", 504, true), ("5", 200, false)]);
    let mut there = api.get(CONTACTS).column("title").into_iter().map(str::to_owned).collect::<Vec<_>>();
    there.sort();
    assert_eq!(there, ["0", "2", "4", "5"]);
}

/// facts A9: everything in the body, several sort keys, at most 100 ids, the same window.
#[test]
fn contacts_are_found_with_a_body() {
    let api = Api::new();
    for (first, last) in [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Augusta", "Lovelace")] {
        api.contact(json!({ "firstName": first, "lastName": last }));
    }
    let path = format!("{CONTACTS}/search");
    let search = |simple: Value| {
        let body = json!({ "operation": { "simpleSearch": simple } });
        let answer = api.call("POST", &path, &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.column("firstName").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(search(json!({ "query": "love" })), ["Ada", "Augusta"]);
    let by = ["lastName:desc", "firstName:desc"];
    assert_eq!(search(json!({ "sortOrder": by })), ["Augusta", "Ada", "Grace"]);
    let grace = api.get(&format!("{CONTACTS}?q=hopper")).body["entities"][0]["id"].clone();
    assert_eq!(search(json!({ "ids": [grace, NOBODY] })), ["Grace"]);
    for (body, status) in [
        // facts A9: the wrapper is required
        (json!({ "query": "love" }), 422),
        (json!({ "operation": { "simpleSearch": { "ids": vec![NOBODY; 101] } } }), 422),
        (json!({ "operation": { "simpleSearch": { "sortOrder": ["shoeSize:asc"] } } }), 400),
        (json!({ "operation": { "simpleSearch": {} }, "pageNumber": 11, "pageSize": 100 }), 400),
        (json!({ "operation": { "simpleSearch": {} }, "pageNumber": 2, "pageSize": 2 }), 200),
    ] {
        assert_eq!(api.call("POST", &path, &body).status, status, "{body}");
    }
}

/// facts A9: the names of the kinds; 20 schemas of 25 fields.
#[test]
fn schemas_have_kinds_of_fields_and_limits() {
    let api = Api::new();
    for owner in [CONTACTS, ORGANIZATIONS] {
        let path = format!("{owner}/schemas/coretypes");
        let kinds = api.get(&path);
        let names = [
            "text",
            "longtext",
            "url",
            "identifier",
            "enum",
            "date",
            "datetime",
            "integer",
            "number",
            "checkbox",
            "tag",
        ];
        assert_eq!(kinds.column("name"), names);
        for (index, name) in names.into_iter().enumerate() {
            assert_eq!(api.get(&format!("{path}/{name}")).body, kinds.body["entities"][index]);
        }
        assert_eq!(api.get(&format!("{path}/poem")).status, 404);
        let limits = api.get(&format!("{owner}/schemas/limits")).body;
        assert_eq!(
            (&limits["maxNumberOfSchemasPerOrg"], &limits["maxNumberOfFieldsPerSchema"]),
            (&json!(20), &json!(25))
        );
    }
}
