//! Notes.

use super::*;

#[test]
fn contacts_and_organizations_have_notes() {
    let api = Api::new();
    let contact = format!("{CONTACTS}/{}", api.contact(json!({ "division": { "id": "d1" } })).id());
    let organization = format!("{ORGANIZATIONS}/{}", api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id());
    for (owner, kind, division) in [(&contact, "contact", "d1"), (&organization, "organization", "*")] {
        let notes = format!("{owner}/notes");
        let note = json!({ "noteText": "called", "createdBy": { "id": NOBODY, "name": "ignored" }, "future": 1 });
        let created = api.create(&notes, &note);
        let date = created.body["createDate"].clone();
        let path = format!("{notes}/{}", created.id());
        assert_eq!(
            created.body,
            json!({
                "id": created.id(), "noteText": "called", "future": 1, "createDate": date, "modifyDate": date,
                "createdBy": { "id": NOBODY, "selfUri": format!("/api/v2/users/{NOBODY}") }, "selfUri": path,
                "entityId": owner.rsplit('/').next(), "entityType": kind,
                "division": { "id": division, "selfUri": format!("/api/v2/authorization/divisions/{division}") },
            })
        );
        assert_eq!(api.get(&path).body, created.body);
        // facts 6.5
        assert_eq!(api.get(&format!("{path}?expand=author")).body["createdBy"]["name"], format!("User {NOBODY}"));
        let updated = api.call("PUT", &path, &json!({ "noteText": "wrote", "createdBy": { "id": NOBODY } })).body;
        assert_eq!(
            (&updated["noteText"], &updated["createDate"], updated.get("future")),
            (&json!("wrote"), &date, None)
        );
        for (body, status, field) in [
            // facts 6.5
            (json!({ "noteText": "", "createdBy": { "id": NOBODY } }), 422, "noteText"),
            (json!({ "noteText": "x".repeat(32_001), "createdBy": { "id": NOBODY } }), 422, "noteText"),
            (json!({ "createdBy": { "id": NOBODY } }), 422, "noteText"),
            // assumed
            (json!({ "noteText": "x" }), 422, "createdBy"),
            (json!({ "noteText": "x", "createdBy": NOBODY }), 400, "createdBy"),
        ] {
            for (method, path) in [("POST", &notes), ("PUT", &path)] {
                let answer = api.call(method, path, &body);
                assert_eq!(
                    (answer.status, &answer.body["details"][0]["fieldName"]),
                    (status, &json!(field)),
                    "{method}"
                );
            }
        }
        api.create(&notes, &json!({ "noteText": "second", "createdBy": { "id": NOBODY } }));
        // facts 5
        assert_eq!(api.get(&notes).column("noteText"), ["wrote", "second"]);
        assert_eq!(api.get(&format!("{notes}?sortOrder=createDate:desc")).column("noteText"), ["second", "wrote"]);
        assert_eq!(api.get(&format!("{notes}?sortOrder=noteText:asc")).status, 400);
        assert_eq!(api.get(&format!("{notes}?expand=mergeset")).status, if kind == "contact" { 200 } else { 400 });
        assert_eq!(api.delete(&path).body, json!({}));
        assert_eq!((api.get(&path).code(), api.delete(&path).code()), ("not.found", "not.found"));
        assert_eq!(api.get(&notes).body["total"], 1);
    }
    // A note is found where it belongs, and goes with that. The latter: assumed
    let note = api.create(&format!("{contact}/notes"), &json!({ "noteText": "x", "createdBy": { "id": NOBODY } })).id();
    assert_eq!(api.get(&format!("{organization}/notes/{note}")).code(), "not.found");
    api.delete(&contact);
    assert_eq!(api.get(&format!("{contact}/notes/{note}")).code(), "not.found");
    assert_eq!(api.get(&format!("{contact}/notes")).code(), "not.found");
}
