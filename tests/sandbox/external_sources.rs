//! External sources.

use super::*;

const SOURCES: &str = "/api/v2/externalcontacts/externalsources";

#[test]
fn an_external_source_is_created_read_changed_and_deleted() {
    let api = Api::new();
    let template = "https://crm.example.com/{{externalId.value}}";
    let link = json!({ "uriTemplate": template });
    let created =
        api.create(SOURCES, &json!({ "name": " CRM ", "active": false, "linkConfiguration": link, "id": NOBODY }));
    let path = format!("{SOURCES}/{}", created.id());
    // facts.json, the model. Trimmed, and the id is the service's: assumed
    let expected = json!({
        "id": created.id(), "name": "CRM", "active": false, "linkConfiguration": link, "selfUri": path,
    });
    assert_ne!(created.id(), NOBODY);
    assert_eq!(created.body, expected);
    assert_eq!(api.get(&path).body, expected);
    // facts 1.1: the whole entity is replaced. Active unless it says otherwise: assumed
    let updated = api.call("PUT", &path, &json!({ "name": "crm" })).body;
    assert_eq!(updated, json!({ "id": created.id(), "name": "crm", "active": true, "selfUri": path }));
    // facts 1.2: 200 or 204
    let deleted = api.delete(&path);
    assert_eq!((deleted.status, deleted.body), (200, json!({})));
    for answer in [api.get(&path), api.delete(&path), api.call("PUT", &path, &json!({ "name": "x" }))] {
        assert_eq!((answer.status, answer.code()), (404, "not.found"));
    }
    let api = Api::of(Sandbox::builder().deletions_answer_nothing(true).updates_keep_members(true).build());
    let path = format!("{SOURCES}/{}", api.create(SOURCES, &json!({ "name": "CRM", "active": false })).id());
    assert_eq!(api.call("PUT", &path, &json!({ "name": "ERP" })).body["active"], false);
    assert_eq!(api.delete(&path).status, 204);
}

#[test]
fn external_sources_are_validated() {
    let api = Api::new();
    let one = api.create(SOURCES, &json!({ "name": "CRM" })).id();
    let path = format!("{SOURCES}/{}", api.create(SOURCES, &json!({ "name": "ERP" })).id());
    let template = |length: usize| json!({ "name": "new", "linkConfiguration": { "uriTemplate": "x".repeat(length) } });
    for (body, status, field) in [
        // facts A7: a name is required, 200 at most
        (json!({}), 422, "name"),
        (json!({ "name": null }), 422, "name"),
        (json!({ "name": " " }), 422, "name"),
        (json!({ "name": "ü".repeat(201) }), 422, "name"),
        // facts A7: 400 at most
        (template(401), 422, "linkConfiguration.uriTemplate"),
        // facts A7: unique. That case doesn't count: assumed
        (json!({ "name": "CRM" }), 409, "name"),
        (json!({ "name": "crm" }), 409, "name"),
        (json!({ "name": 1 }), 400, "name"),
        (json!({ "name": "new", "active": "yes" }), 400, "active"),
    ] {
        for (method, path) in [("POST", SOURCES), ("PUT", &path)] {
            let answer = api.call(method, path, &body);
            let found = (answer.status, &answer.body["details"][0]["fieldName"]);
            assert_eq!(found, (status, &json!(field)), "{method} {body}");
        }
    }
    for body in [json!({ "name": "ü".repeat(200) }), template(400), json!({ "name": "ERP" })] {
        assert_eq!(api.call("PUT", &path, &body).status, 200, "{body}");
    }
    // A name is free again when its source has gone.
    api.delete(&format!("{SOURCES}/{one}"));
    api.create(SOURCES, &json!({ "name": "CRM" }));
    assert_eq!(
        api.sandbox.add_external_source("crm"),
        api.get(&format!("{SOURCES}?name=crm")).body["entities"][0]["id"]
    );
}

#[test]
fn external_sources_are_listed() {
    let api = Api::new();
    for number in 0..25 {
        api.create(SOURCES, &json!({ "name": format!("Nr{number:02}"), "active": number % 5 != 0 }));
    }
    let names = |query: &str| {
        let mut names = Vec::new();
        let mut next = format!("{SOURCES}?{query}");
        loop {
            let page = api.get(&next);
            names.push(page.column("name").join(" "));
            match page.body["nextUri"].as_str() {
                Some(uri) => next = uri.to_owned(),
                None => return names,
            }
        }
    };
    let all: Vec<_> = (0..25).map(|number| format!("Nr{number:02}")).collect();
    for (query, pages) in [
        // facts 5: 100 unless asked otherwise
        ("", vec![all.join(" ")]),
        ("limit=10", vec![all[..10].join(" "), all[10..20].join(" "), all[20..].join(" ")]),
        // facts A7: name is a prefix. That case doesn't count: assumed
        ("name=Nr2", vec![all[20..].join(" ")]),
        ("name=nR2", vec![all[20..].join(" ")]),
        ("name=r2", vec![String::new()]),
        // facts A7: active in three states
        ("active=false", vec!["Nr00 Nr05 Nr10 Nr15 Nr20".to_owned()]),
        ("active=false&name=Nr1", vec!["Nr10 Nr15".to_owned()]),
        ("active=true&name=Nr2", vec!["Nr21 Nr22 Nr23 Nr24".to_owned()]),
        ("active=&name=Nr2", vec![all[20..].join(" ")]),
        // Pages are full, unlike those of scans: assumed
        (
            "active=true&limit=10&name=nr",
            vec![
                "Nr01 Nr02 Nr03 Nr04 Nr06 Nr07 Nr08 Nr09 Nr11 Nr12".to_owned(),
                "Nr13 Nr14 Nr16 Nr17 Nr18 Nr19 Nr21 Nr22 Nr23 Nr24".to_owned(),
            ],
        ),
    ] {
        assert_eq!(names(query), pages, "{query}");
    }
    let cursor = api.get(&format!("{SOURCES}?limit=10")).body["cursors"]["after"].as_str().unwrap().to_owned();
    for (query, status) in [
        (format!("cursor={cursor}"), 200),
        // assumed: 422 is not documented here
        (format!("cursor={cursor}&active=true"), 400),
        (format!("cursor={cursor}&name=Nr"), 400),
        ("cursor=x".to_owned(), 400),
        ("limit=9".to_owned(), 400),
        ("limit=201".to_owned(), 400),
        ("limit=200".to_owned(), 200),
        ("active=maybe".to_owned(), 400),
    ] {
        let answer = api.get(&format!("{SOURCES}?{query}"));
        assert_eq!(answer.status, status, "{query}");
        if status == 400 {
            assert_eq!(answer.code(), "invalid.query.param.value", "{query}");
        }
    }
    api.sandbox.advance(Duration::from_secs(86_400));
    let token = sign_in(&api.sandbox);
    let api = Api { token, sandbox: api.sandbox };
    assert_eq!(api.get(&format!("{SOURCES}?cursor={cursor}")).status, 400);
}

#[test]
fn external_sources_need_permissions() {
    let api = Api::new();
    let one = format!("{SOURCES}/{}", api.create(SOURCES, &json!({ "name": "CRM" })).id());
    // facts.json, permissions
    for (permission, allowed) in [
        ("externalContacts:externalSource:view", &["GET", "LIST"][..]),
        ("externalContacts:contact:view", &["GET", "LIST"]),
        ("externalContacts:externalOrganization:view", &["GET", "LIST"]),
        ("externalContacts:externalSource:add", &["POST"]),
        ("externalContacts:externalSource:edit", &["PUT"]),
        ("externalContacts:externalSource:delete", &["DELETE"]),
        ("externalContacts:contact:edit", &[]),
    ] {
        api.sandbox.set_permissions([permission]);
        for method in ["LIST", "GET", "POST", "PUT", "DELETE"] {
            let answer = match method {
                "LIST" => api.get(SOURCES),
                "POST" => api.call("POST", SOURCES, &json!({ "name": "new" })),
                method => api.call(method, &one, &json!({ "name": "CRM" })),
            };
            let status = if allowed.contains(&method) { 200 } else { 403 };
            assert_eq!(answer.status, status, "{permission}: {method}");
        }
    }
}

#[test]
fn external_ids_outlive_their_source() {
    let api = Api::new();
    let id = api.create(SOURCES, &json!({ "name": "CRM" })).id();
    let external_ids = json!([{ "externalSource": { "id": id }, "value": "7" }]);
    let contact = format!("{CONTACTS}/{}", api.contact(json!({ "externalIds": external_ids })).id());
    let shown = |expand: &str| api.get(&format!("{contact}{expand}")).body["externalIds"][0]["externalSource"].clone();
    assert_eq!(shown("?expand=externalSources")["name"], "CRM");
    api.delete(&format!("{SOURCES}/{id}"));
    // facts 6.5: deleting leaves references dangling
    for expand in ["", "?expand=externalSources"] {
        assert_eq!(shown(expand), json!({ "id": id, "selfUri": format!("{SOURCES}/{id}") }));
    }
    // facts 1.2: an unknown source is refused. That a deleted one is unknown: assumed
    let answer = api.call("POST", CONTACTS, &json!({ "externalIds": external_ids }));
    assert_eq!((answer.status, answer.code()), (400, "bad.request"));
}
