//! Pages, order, search.

use super::*;

#[test]
fn a_listing_comes_in_pages() {
    let api = Api::new();
    for number in 0..45 {
        api.contact(json!({ "lastName": format!("Nr{number:02}") }));
    }
    let uri = |size: u32, number: u32| format!("{CONTACTS}?pageSize={size}&pageNumber={number}");
    // facts 5: 20 and 1 unless asked otherwise, and all members
    let first = api.get(CONTACTS).body;
    let page = json!({
        "pageSize": 20, "pageNumber": 1, "total": 45, "pageCount": 3,
        "firstUri": uri(20, 1), "selfUri": uri(20, 1), "nextUri": uri(20, 2), "lastUri": uri(20, 3),
    });
    let mut rest = first.clone();
    assert_eq!(rest["entities"].as_array().unwrap().len(), 20);
    rest.as_object_mut().unwrap().remove("entities");
    assert_eq!(rest, page);
    // In the order in which they were created: assumed
    let last = api.get(&uri(20, 3));
    assert_eq!(last.column("lastName"), ["Nr40", "Nr41", "Nr42", "Nr43", "Nr44"]);
    assert_eq!(last.body["previousUri"], uri(20, 2));
    assert!(last.body.get("nextUri").is_none());
    // Each link leads where it says.
    assert_eq!(api.get(first["nextUri"].as_str().unwrap()).body["pageNumber"], 2);
    // Beyond the end is empty, and not an error: assumed
    let beyond = api.get(&uri(20, 9)).body;
    assert_eq!((&beyond["entities"], &beyond["total"]), (&json!([]), &json!(45)));
    assert_eq!(beyond["previousUri"], uri(20, 3));
    // The other parameters stay in the links.
    let answer = api.get(&format!("{CONTACTS}?q=%22nr0%22+nr&pageSize=2&future=a%26b")).body;
    assert_eq!(answer["nextUri"], format!("{CONTACTS}?pageSize=2&pageNumber=2&q=%22nr0%22%20nr&future=a%26b"));
    assert_eq!(api.get(answer["nextUri"].as_str().unwrap()).column("lastName"), ["Nr02", "Nr03"]);
    // An empty listing.
    let empty = api.get(&format!("{CONTACTS}?q=nobody")).body;
    assert_eq!((&empty["entities"], &empty["total"], &empty["pageCount"]), (&json!([]), &json!(0), &json!(0)));
}

#[test]
fn only_the_first_1000_can_be_reached() {
    let api = Api::new();
    for _ in 0..1001 {
        api.contact(json!({}));
    }
    // facts 5
    let last = api.get(&format!("{CONTACTS}?pageSize=100&pageNumber=10")).body;
    assert_eq!((&last["total"], &last["pageCount"]), (&json!(1001), &json!(11)));
    // No link out of the window: assumed
    assert!(last.get("nextUri").is_none());
    assert_eq!(last["lastUri"], last["selfUri"]);
    assert_eq!(api.get(&format!("{CONTACTS}?pageSize=100&pageNumber=11")).status, 400);
}

#[test]
fn queries_are_checked() {
    let api = Api::new();
    let divisions = |count: usize| vec!["divisionIds=d"; count].join("&");
    let at_256 = format!("q={}", "%C3%BC".repeat(256));
    let at_257 = format!("q={}", "%C3%BC".repeat(257));
    for (query, status) in [
        ("", 200),
        // facts 5
        ("pageSize=100&pageNumber=10", 200),
        ("pageSize=100&pageNumber=11", 400),
        ("pageNumber=50", 200),
        ("pageNumber=51", 400),
        ("pageSize=77&pageNumber=13", 400),
        // facts 1.3
        (&at_256, 200),
        (&at_257, 400),
        // facts 5
        (&divisions(50), 200),
        (&divisions(51), 400),
        // assumed
        ("pageSize=101", 400),
        ("pageSize=0", 400),
        ("pageNumber=0", 400),
        ("pageSize=-1", 400),
        ("pageSize=ten", 400),
        ("pageNumber=99999999999999999999", 400),
        ("pageNumber=18446744073709551615&pageSize=100", 400),
        ("sortOrder=lastName:asc", 200),
        ("sortOrder=lastName%3Adesc", 200),
        ("sortOrder=lastName", 400),
        ("sortOrder=lastName:down", 400),
        ("sortOrder=workEmail:asc", 400),
        ("expand=identifiers", 200),
        ("expand=Identifiers", 400),
        ("expand=identifiers,everything", 400),
        ("future=1&&=&x", 200),
        ("q=%ff%zz%", 200),
    ] {
        let answer = api.get(&format!("{CONTACTS}?{query}"));
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.code(), "invalid.query.param.value", "{query}");
        }
    }
}

#[test]
fn listings_are_sorted() {
    let api = Api::new();
    for (first, last) in [("b", "Young"), ("a", "young"), ("c", "Adams"), ("d", "")] {
        api.contact(json!({ "firstName": first, "lastName": last }));
    }
    for (order, expected) in [
        // facts 5
        ("firstName:asc", ["a", "b", "c", "d"]),
        ("firstName:desc", ["d", "c", "b", "a"]),
        // Case doesn't count, equals stay in their order, and who has none comes last: assumed
        ("lastName:asc", ["c", "b", "a", "d"]),
        ("lastName:desc", ["a", "b", "c", "d"]),
        ("", ["b", "a", "c", "d"]),
    ] {
        assert_eq!(api.get(&format!("{CONTACTS}?sortOrder={order}")).column("firstName"), expected, "{order}");
    }
}

#[test]
fn a_search_finds_what_the_service_finds() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    for contact in [
        json!({ "title": "phone", "workPhone": { "display": "020 7946 0018", "normalizationCountryCode": "GB" } }),
        json!({ "title": "name", "firstName": "Anne-Marie", "lastName": "O'Hara" }),
        json!({ "title": "email", "personalEmail": "Ada@example.com" }),
        json!({ "title": "id", "externalIds": [{ "externalSource": { "id": source }, "value": "3172222222" }] }),
        json!({ "title": "twitter", "twitterId": { "screenName": "@lovelace" }, "division": { "id": "d1" } }),
        json!({ "title": "unreadable", "workPhone": { "display": "555 ask" } }),
    ] {
        api.contact(contact);
    }
    api.sandbox.add_contact_of_type("Identified", &json!({ "title": "x", "workEmail": "ada@example.com" })).unwrap();
    for (query, titles) in [
        // facts 5: every word starts one, whatever its case
        ("q=marie%20o", &["name"][..]),
        ("q=MARIE", &["name"]),
        ("q=arie", &[]),
        ("q=ada@example.com", &["email"]),
        ("q=ADA", &["email"]),
        ("q=lovelace", &["twitter"]),
        ("q=anne%20lovelace", &[]),
        // facts 5: numbers are compared in international form, and only in that
        ("q=%2B442079460018", &["phone"]),
        ("q=%2B44%20%2820%29%207946%200018", &["phone"]),
        ("q=3172222222", &[]),
        ("q=%223172222222%22", &["id"]),
        ("q=02079460018", &[]),
        // facts 5: a number that has no such form is not found
        ("q=555", &[]),
        // What is not searched: assumed from the list in facts 5
        ("q=phone", &[]),
        ("q=&divisionIds=d1", &["twitter"]),
        ("q=lovelace&divisionIds=d2&divisionIds=D1", &["twitter"]),
        ("divisionIds=d2,d1", &["twitter"]),
        ("divisionIds=d2", &[]),
        // facts 5: only curated contacts
        ("", &["phone", "name", "email", "id", "twitter", "unreadable"]),
        ("divisionIds=*", &["phone", "name", "email", "id", "twitter", "unreadable"]),
    ] {
        assert_eq!(api.get(&format!("{CONTACTS}?{query}")).column("title"), titles, "{query}");
    }
}

#[test]
fn searches_lag_behind() {
    let api = Api::new();
    let lag = Duration::from_secs(10);
    api.sandbox.search_lag(lag);
    let names = || {
        let answer = api.get(CONTACTS);
        answer.column("lastName").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let id = api.contact(json!({ "lastName": "One" })).id();
    let one = format!("{CONTACTS}/{id}");
    assert!(names().is_empty());
    api.sandbox.advance(lag / 2);
    api.call("PUT", &one, &json!({ "lastName": "Two" }));
    assert!(names().is_empty());
    assert_eq!(api.get(&one).body["lastName"], "Two");
    api.sandbox.advance(lag / 2);
    assert_eq!(names(), ["One"]);
    api.delete(&one);
    assert_eq!(api.get(&one).status, 404);
    api.sandbox.advance(lag / 2);
    assert_eq!(names(), ["Two"]);
    api.contact(json!({ "lastName": "Three" }));
    api.sandbox.advance(lag / 2);
    assert!(names().is_empty());
    api.sandbox.search_lag(Duration::ZERO);
    api.contact(json!({ "lastName": "Four" }));
    assert_eq!(names(), ["Four"]);
    api.sandbox.advance(lag);
    assert_eq!(names(), ["Three", "Four"]);
    // Organizations alike.
    let organizations = "/api/v2/externalcontacts/organizations";
    api.sandbox.search_lag(Duration::MAX);
    api.create(organizations, &json!({ "name": "Acme" }));
    assert_eq!(api.get(organizations).body["total"], 0);
}
