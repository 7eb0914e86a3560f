//! Loading, generating, snapshots.

use super::*;

#[test]
fn contacts_are_loaded_or_none_is() {
    let api = Api::new();
    let id = "3D5F2C1E-0000-4000-8000-000000000001";
    let listing = json!({ "entities": [
        { "id": id, "lastName": "One", "type": "Identified", "workPhone": { "display": "+13175550100" } },
        { "lastName": "Two", "createDate": "2020-01-01T00:00:00.000Z" },
    ] });
    let ids = api.sandbox.load_contacts(&listing.to_string()).unwrap();
    let first = api.get(&format!("{CONTACTS}/{id}"));
    assert_eq!((first.id(), &first.body["type"]), (id.to_lowercase(), &json!("Identified")));
    assert_eq!(first.body["workPhone"]["e164"], "+13175550100");
    assert_eq!(api.get(&format!("{CONTACTS}/{}", ids[1])).body["lastName"], "Two");
    // What comes out goes in again.
    let listing = api.get(CONTACTS).body;
    assert_eq!(listing["total"], 1);
    assert_eq!(api.sandbox.load_contacts(&listing.to_string()).unwrap(), [ids[1].clone()]);
    assert_eq!(api.get(CONTACTS).body["total"], 1);
    for (json, problem) in [
        ("{", "EOF"),
        ("{}", "neither"),
        ("7", "neither"),
        ("[{}, 7]", "contact 2: is no object"),
        ("[{}, {\"type\": \"Curious\"}]", "contact 2: "),
        ("[{}, {\"externalOrganization\": {\"id\": \"none\"}}]", "contact 2: "),
    ] {
        let error = api.sandbox.load_contacts(json).unwrap_err();
        assert!(error.starts_with(problem), "{error}");
    }
    assert_eq!(api.get(CONTACTS).body["total"], 1);
}

#[test]
fn organizations_are_loaded_or_none_is() {
    let api = Api::new();
    let id = "8F0A3A5E-0000-4000-8000-000000000001";
    let ids = api.sandbox.load_organizations(&json!([{ "id": id, "name": "Acme" }, { "name": "Beta" }]).to_string());
    let ids = ids.unwrap();
    assert_eq!(ids[0], id.to_lowercase());
    // They can be referred to, in any spelling.
    let contact = api.contact(json!({ "externalOrganization": { "id": id } })).id();
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{id}/contacts")).body["entities"][0]["id"], contact);
    // What comes out goes in again, and takes the place of what was there.
    let mut listing = api.get(ORGANIZATIONS).body;
    listing["entities"][0]["name"] = json!("Acme Corp");
    assert_eq!(api.sandbox.load_organizations(&listing.to_string()).unwrap(), ids);
    assert_eq!(api.get(ORGANIZATIONS).column("name"), ["Acme Corp", "Beta"]);
    assert_eq!(api.get(&format!("{ORGANIZATIONS}?q=corp")).body["total"], 1);
    for (json, problem) in [
        ("{", "EOF"),
        ("{}", "neither"),
        ("[{\"name\": \"Gamma\"}, []]", "organization 2: is no object"),
        ("[{\"name\": \"Gamma\"}, {}]", "organization 2: "),
        ("[{\"name\": \"Gamma\"}, {\"name\": \"Delta\", \"employeeCount\": \"5\"}]", "organization 2: "),
    ] {
        let error = api.sandbox.load_organizations(json).unwrap_err();
        assert!(error.starts_with(problem), "{error}");
    }
    assert_eq!(api.get(ORGANIZATIONS).body["total"], 2);
}

#[test]
fn generated_contacts_could_be_real() {
    let api = Api::new();
    let ids: HashSet<_> =
        api.sandbox.generate_contacts(150).into_iter().chain(api.sandbox.generate_contacts(150)).collect();
    assert_eq!(ids.len(), 300);
    let mut addresses = HashSet::new();
    let mut numbers = HashSet::new();
    let mut with_organization = 0;
    for page in 1..=3 {
        let answer = api.get(&format!("{CONTACTS}?pageSize=100&pageNumber={page}&expand=externalOrganization"));
        assert_eq!(answer.body["total"], 300);
        for contact in answer.body["entities"].as_array().unwrap() {
            addresses.insert(contact["workEmail"].as_str().unwrap().to_owned());
            numbers.insert(contact["workPhone"]["e164"].as_str().expect("a valid number").to_owned());
            if contact["cellPhone"].is_object() {
                assert_eq!(contact["cellPhone"]["countryCode"], "GB");
            }
            if contact["externalOrganization"].is_object() {
                with_organization += 1;
                assert!(contact["externalOrganization"]["name"].is_string());
            }
        }
    }
    assert_eq!((addresses.len(), numbers.len()), (300, 300));
    assert!((100..200).contains(&with_organization), "{with_organization}");
    assert_eq!(api.get("/api/v2/externalcontacts/organizations").body["total"], 15);
    // Twice 150 are the same as 300.
    assert!(Sandbox::new().generate_contacts(300).iter().all(|id| ids.contains(id)));
}

#[test]
fn snapshots_bring_back_everything_but_the_session() {
    let api = Api::new();
    let organization = api.create("/api/v2/externalcontacts/organizations", &json!({ "name": "Acme" })).id();
    let of_it = json!({ "lastName": "One", "externalOrganization": { "id": organization } });
    let one = format!("{CONTACTS}/{}", api.contact(of_it).id());
    let notes = format!("{one}/notes");
    api.create(&notes, &json!({ "noteText": "Kept.", "createdBy": { "id": NOBODY } }));
    let snapshot = api.sandbox.snapshot();
    let look = |api: &Api| (api.get(&one).body, api.get(&notes).body, api.get(CONTACTS).body);
    let before = look(&api);

    api.delete(&format!("/api/v2/externalcontacts/organizations/{organization}"));
    api.call("PUT", &one, &json!({ "lastName": "Two" }));
    api.contact(json!({}));
    api.delete(&one);
    api.sandbox.next_calls(1).matching("GET", "/nowhere").fail(500);
    api.sandbox.restore(&snapshot);
    assert_eq!(look(&api), before);
    assert_eq!(api.get("/nowhere").status, 500);

    let other = Api::new();
    other.sandbox.restore(&snapshot);
    assert_eq!(look(&other), before);
    // Both go their own ways.
    other.delete(&one);
    assert_eq!(look(&api), before);
}
