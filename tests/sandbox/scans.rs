//! Scans.

use super::*;

const SCAN: &str = "/api/v2/externalcontacts/scan";
const DAY: Duration = Duration::from_secs(86_400);

impl Answer {
    fn count(&self) -> usize {
        self.body["entities"].as_array().unwrap_or_else(|| panic!("{}", self.body)).len()
    }

    fn cursor(&self) -> Option<&str> {
        self.body["cursors"]["after"].as_str()
    }

    fn details(&self) -> (u16, &str, &Value) {
        (self.status, self.code(), &self.body["details"][0]["fieldName"])
    }
}

/// All pages of a listing, as their links lead from one to the next.
fn pages(api: &Api, path: &str) -> Vec<Answer> {
    let mut pages = vec![api.get(path)];
    while let Some(next) = pages.last().unwrap().body["nextUri"].as_str() {
        pages.push(api.get(next));
    }
    pages
}

fn ids(pages: &[Answer]) -> Vec<String> {
    pages.iter().flat_map(|page| page.column("id")).map(str::to_owned).collect()
}

fn counts(pages: &[Answer]) -> Vec<usize> {
    pages.iter().map(Answer::count).collect()
}

/// A sandbox with one of everything, and a contact that only its id finds.
fn with_one_of_everything() -> Api {
    let api = Api::new();
    let division = json!({ "id": "d1" });
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "division": division })).id();
    let reference = json!({ "id": organization });
    let contact = json!({ "lastName": "Lovelace", "externalOrganization": reference, "division": division });
    let contact = api.contact(contact).id();
    let note = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
    api.create(&format!("{CONTACTS}/{contact}/notes"), &note);
    api.create(&format!("{ORGANIZATIONS}/{organization}/notes"), &note);
    let relationship =
        json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "Manager" });
    api.create(RELATIONSHIPS, &relationship);
    api.sandbox.add_contact_of_type("Identified", &json!({ "lastName": "Nobody" })).unwrap();
    api
}

#[test]
fn a_scan_gives_what_a_fetch_gives() {
    let api = with_one_of_everything();
    for (entity, count) in [("contacts", 1), ("organizations", 1), ("notes", 2), ("relationships", 1)] {
        for path in [format!("{SCAN}/{entity}"), format!("{SCAN}/{entity}/divisionviews/all")] {
            let page = api.get(&path);
            // facts 5: only curated contacts. facts A1: what a page has, and the last one no cursor
            assert_eq!((page.status, page.count(), page.cursor()), (200, count, None), "{path}: {}", page.body);
            let members: Vec<_> = page.body.as_object().unwrap().keys().collect();
            assert_eq!(members, ["entities", "selfUri"], "{path}");
            assert_eq!(page.body["selfUri"], path);
            for entity in page.body["entities"].as_array().unwrap() {
                // facts A1: no expand, other entities are stubs
                assert_eq!(&api.get(entity["selfUri"].as_str().unwrap()).body, entity);
            }
        }
    }
    let contact = &api.get(&format!("{SCAN}/contacts?expand=externalOrganization")).body["entities"][0];
    assert_eq!(contact["externalOrganization"].as_object().unwrap().len(), 2);
}

#[test]
fn scans_need_permissions_of_their_own() {
    let api = with_one_of_everything();
    // facts.json, permissions; A1: those of contacts for notes and relationships, too
    for (permission, allowed) in [
        ("externalContacts:contact:view", &["contacts", "notes", "relationships"][..]),
        ("relate:contact:view", &["contacts", "notes", "relationships"]),
        ("externalContacts:externalOrganization:view", &["organizations"]),
        ("relate:externalOrganization:view", &["organizations"]),
        (
            "externalContacts:contact:viewAll",
            &["contacts/divisionviews/all", "notes/divisionviews/all", "relationships/divisionviews/all"],
        ),
        ("externalContacts:externalOrganization:viewAll", &["organizations/divisionviews/all"]),
    ] {
        api.sandbox.set_permissions([permission]);
        for entity in ["contacts", "organizations", "notes", "relationships"] {
            for view in ["", "/divisionviews/all"] {
                let scan = format!("{entity}{view}");
                let answer = api.get(&format!("{SCAN}/{scan}"));
                let status = if allowed.contains(&&*scan) { 200 } else { 403 };
                assert_eq!(answer.status, status, "{permission}: {scan}");
                if status == 403 {
                    // facts 1.2: one of several, or all of these
                    let code = if view.is_empty() { "missing.any.permissions" } else { "missing.permissions" };
                    assert_eq!(answer.code(), code, "{scan}");
                }
            }
        }
    }
}

#[test]
fn a_page_has_10_to_200_records() {
    let api = Api::new();
    api.sandbox.generate_contacts(450);
    for (query, first) in [
        // facts A1
        ("", 100),
        ("?limit=10", 10),
        ("?limit=200", 200),
        // assumed
        ("?limit=", 100),
        ("?cursor=", 100),
        ("?pageSize=20", 100),
    ] {
        let pages = pages(&api, &format!("{SCAN}/contacts{query}"));
        let mut expected = vec![first; 450 / first];
        expected.extend(Some(450 % first).filter(|rest| *rest > 0));
        assert_eq!(counts(&pages), expected, "{query}");
        // Creation order: assumed
        assert_eq!(ids(&pages), ids(&self::pages(&api, &format!("{SCAN}/contacts?limit=200"))));
        // facts A1: each page gives a new cursor
        let cursors: HashSet<_> = pages.iter().filter_map(Answer::cursor).collect();
        assert_eq!(cursors.len(), pages.len() - 1);
    }
    for limit in ["9", "201", "0", "-1", "ten", "99999999999999999999", "10.0"] {
        // facts A1: 422, inferred from where it is documented
        let refused = api.get(&format!("{SCAN}/contacts?limit={limit}"));
        assert_eq!(refused.details(), (422, "payload.or.params.invalid", &json!("limit")), "{limit}");
    }
}

#[test]
fn a_cursor_lives_24_hours() {
    let api = Api::new();
    api.sandbox.generate_contacts(30);
    let path = |cursor: &str| format!("{SCAN}/contacts?limit=10&cursor={cursor}");
    let first = api.get(&path(""));
    let cursor = first.cursor().unwrap();
    // The link and the cursor lead to the same page.
    assert_eq!(first.body["nextUri"], path(cursor));
    api.sandbox.advance(DAY - Duration::from_secs(60));
    let token = sign_in(&api.sandbox);
    let api = Api { token, sandbox: api.sandbox };
    // Used twice, by whoever may scan, with pages of another size: assumed
    let second = api.get(&path(cursor));
    assert_eq!(second.count(), 10);
    assert_eq!(ids(&[api.get(&path(cursor))]), ids(&[second]));
    assert_eq!(api.get(&format!("{SCAN}/contacts?limit=20&cursor={cursor}")).count(), 20);
    api.sandbox.advance(Duration::from_secs(60));
    // facts A1: the time, and that it is a 422: inferred
    assert_eq!(api.get(&path(cursor)).details(), (422, "payload.or.params.invalid", &json!("cursor")));
}

#[test]
fn a_cursor_is_good_for_its_scan_only() {
    let api = Api::new();
    api.sandbox.generate_contacts(300);
    let cursor = api.get(&format!("{SCAN}/contacts?limit=10&divisionId=d1"));
    let cursor = cursor.cursor().unwrap();
    let altered = cursor.replacen(|c: char| c.is_ascii_digit(), "x", 1);
    let scan = |rest: &str| format!("{SCAN}/{rest}");
    for (path, status) in [
        (scan(&format!("contacts?divisionId=d1&cursor={cursor}")), 200),
        // assumed
        (scan(&format!("contacts?cursor={cursor}")), 422),
        (scan(&format!("contacts?divisionId=d2&cursor={cursor}")), 422),
        (scan(&format!("organizations?divisionId=d1&cursor={cursor}")), 422),
        (scan(&format!("contacts/divisionviews/all?cursor={cursor}")), 422),
        (scan(&format!("contacts?divisionId=d1&cursor={altered}")), 422),
        (scan(&format!("contacts?divisionId=d1&cursor={}", &cursor[1..])), 422),
        (scan(&format!("contacts?divisionId=d1&cursor={cursor}AAAA")), 422),
        (scan("contacts?cursor=x"), 422),
        (scan("contacts?cursor=%F0%9F%98%80"), 422),
        (scan("contacts?cursor=%00"), 422),
    ] {
        assert_eq!(api.get(&path).status, status, "{path}");
    }
}

#[test]
fn a_scan_can_be_narrowed_to_a_division() {
    let api = Api::new();
    for number in 0..30 {
        let division = json!({ "id": if number % 3 == 0 { "d1" } else { "d2" } });
        let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "division": division })).id();
        let contact = api.contact(json!({ "division": division })).id();
        let note = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
        api.create(&format!("{CONTACTS}/{contact}/notes"), &note);
        let user = json!({ "id": NOBODY });
        let relationship =
            json!({ "user": user, "externalOrganization": { "id": organization }, "relationship": "Manager" });
        api.create(RELATIONSHIPS, &relationship);
    }
    for entity in ["contacts", "organizations", "notes", "relationships"] {
        for (query, count) in [
            // facts A1: `*` is the default
            ("", 30),
            ("divisionId=", 30),
            ("divisionId=*", 30),
            ("divisionId=d1", 10),
            ("divisionId=D1", 10),
            ("divisionId=d3", 0),
        ] {
            let pages = pages(&api, &format!("{SCAN}/{entity}?limit=10&{query}"));
            assert_eq!(ids(&pages).len(), count, "{entity} {query}");
        }
        // facts A1: there is no divisionId here
        assert_eq!(api.get(&format!("{SCAN}/{entity}/divisionviews/all?divisionId=d1")).count(), 30);
    }
}

/// facts A1: fewer or no records are not the end. Where that happens: assumed
#[test]
fn pages_have_gaps_where_records_are_left_out() {
    let api = Api::new();
    let of = |division: &str| api.contact(json!({ "division": { "id": division } }));
    for division in ["d1"].into_iter().chain(["d2"; 44]).chain(["d1"; 11]) {
        of(division);
    }
    let path = format!("{SCAN}/contacts?limit=10&divisionId=d1");
    // A page looks at 10, or at twice as many as an empty one before: 10, 10, 20, 16.
    assert_eq!(counts(&pages(&api, &path)), [1, 0, 0, 10, 1]);
    for _ in 0..10 {
        api.sandbox.add_contact_of_type("Ephemeral", &json!({})).unwrap();
    }
    let pages = pages(&api, &path);
    assert_eq!(counts(&pages), [1, 0, 0, 10, 1, 0]);
    // What the scan is narrowed to stays in the links.
    let cursor = pages[0].cursor().unwrap();
    assert_eq!(pages[0].body["nextUri"], format!("{SCAN}/contacts?limit=10&cursor={cursor}&divisionId=d1"));
}

/// A gap is not taken for a listing without end: 100 empty pages would be one for the client.
#[test]
fn a_long_gap_has_few_pages() {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    sandbox.generate_contacts(21_000);
    let id = sandbox.load_contacts(r#"[{ "division": { "id": "d1" } }]"#).unwrap();
    let scan = sandbox.client().contacts().scan().division_id("d1");
    let found: Vec<_> = scan.items().map(|contact| contact.unwrap().id.unwrap()).collect();
    assert_eq!(found, id);
    assert!(sandbox.requests().len() < 20, "{}", sandbox.requests().len());
}

/// Changes meanwhile: assumed
#[test]
fn a_scan_goes_on_whatever_changes() {
    let api = Api::new();
    api.sandbox.search_lag(DAY);
    let contacts: Vec<_> = (0..30).map(|number| api.contact(json!({ "lastName": number.to_string() })).id()).collect();
    let first = api.get(&format!("{SCAN}/contacts?limit=10"));
    for id in [&contacts[0], &contacts[9], &contacts[10], &contacts[15]] {
        api.delete(&format!("{CONTACTS}/{id}"));
    }
    api.call("PUT", &format!("{CONTACTS}/{}", contacts[1]), &json!({ "lastName": "changed" }));
    api.call("PUT", &format!("{CONTACTS}/{}", contacts[20]), &json!({ "lastName": "changed" }));
    let new = api.contact(json!({ "lastName": "new" })).id();
    let rest = ids(&pages(&api, first.body["nextUri"].as_str().unwrap()));
    let expected = contacts[11..].iter().filter(|id| **id != contacts[15]).chain([&new]);
    assert!(rest.iter().eq(expected), "{rest:?}");
}

#[test]
fn the_order_can_be_shuffled() {
    let api = Api::of(Sandbox::builder().scans_shuffled(true).calls_per_minute(None).build());
    let created = api.sandbox.generate_contacts(145);
    let path = format!("{SCAN}/contacts?limit=10");
    let first = api.get(&path);
    let mut scanned = ids(&pages(&api, &path));
    assert_ne!(scanned, created);
    assert_eq!(ids(&pages(&api, &path)), scanned, "always the same");
    assert_eq!(scanned.iter().collect::<HashSet<_>>().len(), 145);
    assert!(created.iter().all(|id| scanned.contains(id)));
    // What is deleted is not there, what is created after the scan began is not, either: assumed
    for id in scanned.drain(20..25) {
        api.delete(&format!("{CONTACTS}/{id}"));
    }
    api.contact(json!({}));
    let rest = ids(&pages(&api, first.body["nextUri"].as_str().unwrap()));
    assert_eq!(rest, scanned[10..]);
}

#[test]
fn pages_can_be_empty_or_repeated_on_demand() {
    let api = Api::new();
    api.sandbox.generate_contacts(25);
    let path = format!("{SCAN}/contacts?limit=10");
    // facts A1: runs of empty pages
    api.get(&path);
    api.sandbox.next_calls(2).matching("GET", "/scan/organizations").empty_page();
    api.sandbox.next_calls(1).matching("GET", "/scan/contacts").delay(Duration::from_secs(1));
    api.sandbox.next_calls(3).matching("GET", "/scan/contacts").empty_page();
    let gaps = pages(&api, &path);
    assert_eq!(counts(&gaps), [0, 0, 0, 10, 10, 5]);
    assert_eq!(gaps.iter().filter_map(Answer::cursor).collect::<HashSet<_>>().len(), 5);
    let pages = pages(&api, &path);
    assert_eq!(ids(&gaps), ids(&pages));
    // In the middle.
    api.sandbox.next_calls(1).matching("GET", "/scan/contacts").empty_page();
    let empty = api.get(pages[0].body["nextUri"].as_str().unwrap());
    assert_eq!(empty.count(), 0);
    assert_eq!(ids(&[api.get(empty.body["nextUri"].as_str().unwrap())]), ids(&pages[1..2]));
    // facts A1: a cursor that never ends
    api.sandbox.next_calls(50).matching("GET", "/scan/contacts").empty_page();
    let mut next = path.clone();
    for _ in 0..50 {
        next = api.get(&next).body["nextUri"].as_str().expect("it goes on").to_owned();
    }
    api.sandbox.next_calls(4).matching("GET", "/scan/contacts").repeat_page();
    for start in [&pages[0].body["nextUri"], &json!(path)] {
        let page = api.get(start.as_str().unwrap());
        let again = api.get(page.body["nextUri"].as_str().unwrap());
        assert_eq!(ids(&[page]), ids(std::slice::from_ref(&again)));
        assert_eq!(again.body["nextUri"], again.body["selfUri"]);
    }
    // Other calls are answered as always.
    api.sandbox.next_calls(2).empty_page();
    assert_eq!(api.get(CONTACTS).body["total"], 25);
    api.contact(json!({}));
    assert_eq!(api.get(&path).count(), 10);
}
