//! Merges, promotions, and who stands for whom.

use genesys_external_contacts::sandbox::UnknownStatus;

use super::*;

const MERGE: &str = "/api/v2/externalcontacts/contacts/merge";

fn merge(api: &Api, ids: &[String]) -> Answer {
    api.call("POST", MERGE, &json!({ "contactIds": ids }))
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_contact_takes_the_place_of_all() {
    let api = Api::new();
    let ada = api.contact(json!({ "firstName": "Ada", "lastName": "Byron", "workEmail": "ada@example.com" })).id();
    api.sandbox.advance(Duration::from_secs(1));
    let twin = api.contact(json!({ "lastName": "King", "workEmail": "king@example.com", "title": "Countess" })).id();
    let note =
        api.create(&format!("{CONTACTS}/{ada}/notes"), &json!({ "noteText": "a", "createdBy": { "id": "u" } })).id();
    let before = api.get(&format!("{CONTACTS}/{ada}")).body;
    for name in ["canonicalContact", "mergeSet", "mergedFrom", "mergedTo"] {
        assert!(before.get(name).is_none(), "{name}");
    }

    let body = json!({ "contactIds": [ada, twin], "valueOverride": { "title": "Enchantress" } });
    let merged = api.call("POST", MERGE, &body);
    assert_eq!(merged.status, 200);
    let id = merged.id();
    // facts 2 A4: the override, the last that changed, the others; what conflicts moves to a field that is free
    for (name, value) in [
        ("title", "Enchantress"),
        ("lastName", "King"),
        ("firstName", "Ada"),
        ("workEmail", "king@example.com"),
        ("personalEmail", "ada@example.com"),
    ] {
        assert_eq!(merged.body[name], value, "{name}");
    }
    assert_eq!(ids(&merged.body["mergedFrom"]), [ada.clone(), twin.clone()]);
    let mut set = ids(&merged.body["mergeSet"]);
    set.sort();
    let mut all = vec![id.clone(), ada.clone(), twin.clone()];
    all.sort();
    assert_eq!(set, all);
    assert_eq!(merged.body["canonicalContact"]["id"], *id);

    // The ids of the others lead to it, and the contacts themselves can still be seen. facts 2 A4
    for old in [&ada, &twin] {
        assert_eq!(api.get(&format!("{CONTACTS}/{old}")).body, merged.body);
        let unresolved = api.get(&format!("{CONTACTS}/{old}/unresolved")).body;
        assert_eq!(unresolved["id"], **old);
        assert_eq!((&unresolved["mergedTo"]["id"], &unresolved["canonicalContact"]["id"]), (&json!(id), &json!(id)));
    }
    assert_eq!(api.get(&format!("{CONTACTS}/{id}/unresolved")).body, merged.body);
    assert_eq!(api.get(CONTACTS).column("id"), [id.as_str()]);
    let patched =
        api.call("PUT", &format!("{CONTACTS}/{twin}"), &json!({ "title": "Countess", "workEmail": "k@example.com" }));
    assert_eq!((patched.id(), patched.body["title"].as_str()), (id.clone(), Some("Countess")));
    assert_eq!(ids(&patched.body["mergeSet"]).len(), 3);

    // Its identifiers are those of all. facts 2 A4
    for address in ["ada@example.com", "king@example.com", "k@example.com"] {
        let by = json!({ "type": "Email", "value": address });
        let found = api.call("POST", "/api/v2/externalcontacts/identifierlookup/contacts", &by);
        assert_eq!(found.id(), id, "{address}");
    }
    // assumed: and so are its notes
    assert_eq!(api.get(&format!("{CONTACTS}/{ada}/notes")).column("id"), [note.as_str()]);
    assert_eq!(api.get(&format!("{CONTACTS}/{id}/notes/{note}")).status, 200);

    api.call("DELETE", &format!("{CONTACTS}/{ada}"), &Value::Null);
    assert_eq!(api.get(&format!("{CONTACTS}/{id}")).status, 404);
}

#[test]
fn a_set_has_52_contacts_at_most() {
    let api = Api::new();
    let many = |count: usize| (0..count).map(|_| api.contact(json!({})).id()).collect::<Vec<_>>();
    // facts 2 A4
    assert_eq!(merge(&api, &many(1)).status, 422);
    assert_eq!(merge(&api, &many(26)).status, 422);
    let first = merge(&api, &many(25));
    let second = merge(&api, &many(24));
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(ids(&first.body["mergeSet"]).len(), 26);
    let both = merge(&api, &[first.id(), second.id()]);
    assert_eq!((both.status, ids(&both.body["mergeSet"]).len()), (200, 52));
    assert_eq!(merge(&api, &[both.id(), many(1).remove(0)]).status, 409);
    // By the id of any of them.
    let member = ids(&first.body["mergedFrom"]).remove(0);
    assert_eq!(api.get(&format!("{CONTACTS}/{member}")).id(), both.id());
    assert_eq!(merge(&api, &[both.id(), member]).status, 422);
}

#[test]
fn what_cannot_be_merged_stays() {
    let api = Api::new();
    let ada = api.contact(json!({ "division": { "id": "d1" } })).id();
    let other = api.contact(json!({ "division": { "id": "d2" } })).id();
    assert_eq!(merge(&api, &[ada.clone(), other.clone()]).status, 409);
    assert_eq!(merge(&api, &[ada.clone(), NOBODY.to_owned()]).status, 404);
    assert_eq!(merge(&api, &[ada.clone(), ada.clone()]).status, 422);
    assert_eq!(api.get(CONTACTS).column("id").len(), 2);
}

#[test]
fn two_curated_contacts_are_merged_by_the_newer_route_only() {
    let api = Api::new();
    let [ada, twin] = [0, 1].map(|_| api.contact(json!({})).id());
    let visitor = api.sandbox.add_contact_of_type("Ephemeral", &json!({})).unwrap();
    let two = |source: &str, target: &str| {
        let body = json!({ "sourceContactId": source, "targetContactId": target });
        api.call("POST", "/api/v2/externalcontacts/merge/contacts", &body)
    };
    // facts 2 A4
    assert_eq!(two(&ada, &twin).status, 400);
    let merged = two(&visitor, &ada);
    assert_eq!((merged.status, merged.body["type"].as_str()), (200, Some("Curated")));
    assert_eq!(merge(&api, &[ada, twin]).status, 200);
}

#[test]
fn promoted_contacts_are_found() {
    let api = Api::new();
    let visitor = api.sandbox.add_contact_of_type("Ephemeral", &json!({})).unwrap();
    let promote = |id: &str| api.raw("POST", &format!("{CONTACTS}/{id}/promotion"), "", "");
    assert_eq!(api.get(CONTACTS).column("id").len(), 0);
    assert_eq!(promote(&visitor).body["type"], "Curated");
    assert_eq!(api.get(CONTACTS).column("id"), [visitor.as_str()]);
    // assumed
    assert_eq!(promote(&visitor).status, 200);
    assert_eq!(promote(NOBODY).status, 404);
}

#[test]
fn what_nobody_knows_can_be_chosen() {
    for (what, status) in [
        (UnknownStatus::DivisionsDiffer, 422),
        (UnknownStatus::MergeSetTooLarge, 400),
        (UnknownStatus::BothCurated, 409),
        (UnknownStatus::AlreadyCurated, 409),
        (UnknownStatus::NotClaimed, 200),
    ] {
        let api = Api::of(Sandbox::builder().calls_per_minute(None).status_of(what, status).build());
        let many = |count: usize| (0..count).map(|_| api.contact(json!({})).id()).collect::<Vec<_>>();
        let [ada, twin] = [0, 1].map(|_| api.contact(json!({})).id());
        let answer = match what {
            UnknownStatus::DivisionsDiffer => {
                merge(&api, &[ada, api.contact(json!({ "division": { "id": "d1" } })).id()])
            }
            UnknownStatus::MergeSetTooLarge => merge(&api, &[merge(&api, &many(25)).id(), merge(&api, &many(25)).id()]),
            UnknownStatus::BothCurated => {
                let body = json!({ "sourceContactId": ada, "targetContactId": twin });
                api.call("POST", "/api/v2/externalcontacts/merge/contacts", &body)
            }
            UnknownStatus::AlreadyCurated => api.raw("POST", &format!("{CONTACTS}/{ada}/promotion"), "", ""),
            _ => {
                let identifier = json!({ "type": "Email", "value": "ada@example.com" });
                let body = json!({ "operation": "Release", "identifier": identifier });
                api.call("PATCH", &format!("{CONTACTS}/{ada}/identifiers"), &body)
            }
        };
        assert_eq!(answer.status, status, "{what:?}");
    }
    // Notes stay where they are, and can be listed with those of all others.
    let api = Api::of(Sandbox::builder().merges_move_notes(false).build());
    let [ada, twin] = [0, 1].map(|_| api.contact(json!({})).id());
    api.create(&format!("{CONTACTS}/{ada}/notes"), &json!({ "noteText": "a", "createdBy": { "id": "u" } }));
    merge(&api, &[ada.clone(), twin]);
    assert_eq!(api.get(&format!("{CONTACTS}/{ada}/notes")).column("id").len(), 0);
    assert_eq!(api.get(&format!("{CONTACTS}/{ada}/notes?expand=mergeset")).column("id").len(), 1);
}
