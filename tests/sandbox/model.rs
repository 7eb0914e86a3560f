//! Random work on the sandbox next to a model of it: a few lists, of which everybody sees that they are right.

use std::collections::HashMap;

use genesys_external_contacts::sandbox::{Sandbox, Snapshot};
use http::Request;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value, json};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations";
const RELATIONSHIPS: &str = "/api/v2/externalcontacts/relationships";
const USER: &str = "00000000-0000-4000-8000-000000000000";

/// None begins another one, in any case.
const NAMES: &[&str] = &["Adams", "baker", "Baxter", "Ñandú", "young"];
const EMAILS: &[&str] = &["one@example.com", "two@example.com", "Three@example.com"];

#[derive(Clone, Debug)]
enum Step {
    CreateContact(NewContact),
    UpdateContact(Index, NewContact),
    DeleteContact(Index),
    CreateOrganization(&'static str),
    UpdateOrganization(Index, &'static str),
    DeleteOrganization(Index),
    CreateNote(Index, u8),
    UpdateNote(Index, u8),
    DeleteNote(Index),
    CreateRelationship(Index, &'static str),
    UpdateRelationship(Index, Index, &'static str),
    DeleteRelationship(Index),
    Snapshot,
    Restore,
}

#[derive(Clone, Debug)]
struct NewContact {
    name: Option<&'static str>,
    email: Option<&'static str>,
    organization: Option<Index>,
}

fn step() -> impl Strategy<Value = Step> {
    let name = || select(NAMES);
    let one = any::<Index>;
    let contact = || {
        let organization = proptest::option::of(one());
        (proptest::option::of(name()), proptest::option::of(select(EMAILS)), organization)
            .prop_map(|(name, email, organization)| NewContact { name, email, organization })
    };
    prop_oneof![
        6 => contact().prop_map(Step::CreateContact),
        4 => (one(), contact()).prop_map(|(which, contact)| Step::UpdateContact(which, contact)),
        3 => one().prop_map(Step::DeleteContact),
        3 => name().prop_map(Step::CreateOrganization),
        1 => (one(), name()).prop_map(|(which, name)| Step::UpdateOrganization(which, name)),
        2 => one().prop_map(Step::DeleteOrganization),
        4 => (one(), any::<u8>()).prop_map(|(owner, text)| Step::CreateNote(owner, text)),
        2 => (one(), any::<u8>()).prop_map(|(which, text)| Step::UpdateNote(which, text)),
        1 => one().prop_map(Step::DeleteNote),
        3 => (one(), name()).prop_map(|(organization, name)| Step::CreateRelationship(organization, name)),
        1 => (one(), one(), name()).prop_map(|(which, to, name)| Step::UpdateRelationship(which, to, name)),
        1 => one().prop_map(Step::DeleteRelationship),
        1 => Just(Step::Snapshot),
        1 => Just(Step::Restore),
    ]
}

/// What there should be, in the order in which it was created.
#[derive(Clone, Default)]
struct Model {
    contacts: Vec<Contact>,
    organizations: Vec<(String, &'static str)>,
    notes: Vec<Note>,
    relationships: Vec<Relationship>,
    /// Who has an e-mail address to itself.
    owners: HashMap<String, String>,
    /// The paths of all that ever was, so that what is gone is asked for as well.
    paths: Vec<String>,
}

#[derive(Clone)]
struct Contact {
    id: String,
    name: Option<&'static str>,
    email: Option<&'static str>,
    organization: Option<String>,
}

#[derive(Clone)]
struct Note {
    id: String,
    /// The path of the contact or the organization.
    owner: String,
    text: u8,
}

#[derive(Clone)]
struct Relationship {
    id: String,
    organization: String,
    name: &'static str,
}

fn one_of<'a, T>(which: &Index, list: &'a [T]) -> Option<&'a T> {
    (!list.is_empty()).then(|| which.get(list))
}

struct Pair {
    sandbox: Sandbox,
    token: String,
    model: Model,
    kept: Option<(Snapshot, Model)>,
}

impl Pair {
    fn new() -> Self {
        let sandbox = Sandbox::builder().calls_per_minute(None).build();
        // Whoever has signed in can say with what.
        sandbox.client().contacts().search().send().unwrap();
        let token = sandbox.requests()[1].headers["authorization"].to_str().unwrap().to_owned();
        Self { sandbox, token, model: Model::default(), kept: None }
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path).header("authorization", &self.token);
        let request = request.header("content-type", "application/json").body(body.to_string().into_bytes());
        let response = self.sandbox.answer(request.unwrap());
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null)
    }

    /// Creates something, and gives its id.
    fn create(&mut self, collection: &str, body: &Value) -> String {
        let id = self.call("POST", collection, body)["id"].as_str().unwrap().to_owned();
        self.model.paths.push(format!("{collection}/{id}"));
        id
    }

    /// What there is in a listing, page by page, which must say how many there are.
    fn list(&self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(format!("{path}{}pageSize=3", if path.contains('?') { '&' } else { '?' }));
        let mut totals = Vec::new();
        while let Some(uri) = next {
            let page = self.get(&uri);
            found.extend(page["entities"].as_array().unwrap().iter().cloned());
            totals.push((page["total"].as_u64().unwrap(), page["pageCount"].as_u64().unwrap()));
            next = page["nextUri"].as_str().map(str::to_owned);
        }
        let (count, pages) = (found.len() as u64, found.len().div_ceil(3) as u64);
        assert!(totals.iter().all(|told| *told == (count, pages)), "{path}: {totals:?}, and there are {count}");
        assert_eq!(totals.len() as u64, pages.max(1), "{path}");
        found
    }

    fn body_of(&self, new: &NewContact) -> (Value, Option<String>) {
        let organization = new.organization.as_ref().and_then(|which| one_of(which, &self.model.organizations));
        let organization = organization.map(|(id, _)| id.clone());
        let reference = organization.as_ref().map(|id| json!({ "id": id }));
        let body = json!({ "lastName": new.name, "workEmail": new.email, "externalOrganization": reference });
        (body, organization)
    }

    fn release(&mut self, id: &str, kept: Option<&str>) {
        self.model.owners.retain(|email, owner| owner != id || Some(&**email) == kept);
    }

    fn claim(&mut self, id: &str, email: Option<&str>) {
        if let Some(email) = email {
            self.model.owners.entry(email.to_lowercase()).or_insert_with(|| id.to_owned());
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::CreateContact(new) => {
                let (body, organization) = self.body_of(new);
                let id = self.create(CONTACTS, &body);
                self.claim(&id, new.email);
                self.model.contacts.push(Contact { id, name: new.name, email: new.email, organization });
            }
            Step::UpdateContact(which, new) => {
                let Some(Contact { id, .. }) = one_of(which, &self.model.contacts).cloned() else { return };
                let (body, organization) = self.body_of(new);
                self.call("PUT", &format!("{CONTACTS}/{id}"), &body);
                self.release(&id, new.email.map(str::to_lowercase).as_deref());
                self.claim(&id, new.email);
                let contact = self.model.contacts.iter_mut().find(|contact| contact.id == id).unwrap();
                *contact = Contact { id, name: new.name, email: new.email, organization };
            }
            Step::DeleteContact(which) => {
                let Some(Contact { id, .. }) = one_of(which, &self.model.contacts).cloned() else { return };
                let path = format!("{CONTACTS}/{id}");
                self.call("DELETE", &path, &Value::Null);
                self.release(&id, None);
                self.model.contacts.retain(|contact| contact.id != id);
                self.model.notes.retain(|note| note.owner != path);
            }
            Step::CreateOrganization(name) => {
                let id = self.create(ORGANIZATIONS, &json!({ "name": name }));
                self.model.organizations.push((id, name));
            }
            Step::UpdateOrganization(which, name) => {
                let Some((id, _)) = one_of(which, &self.model.organizations).cloned() else { return };
                self.call("PUT", &format!("{ORGANIZATIONS}/{id}"), &json!({ "name": name }));
                self.model.organizations.iter_mut().find(|(other, _)| *other == id).unwrap().1 = name;
            }
            Step::DeleteOrganization(which) => {
                let Some((id, _)) = one_of(which, &self.model.organizations).cloned() else { return };
                let path = format!("{ORGANIZATIONS}/{id}");
                self.call("DELETE", &path, &Value::Null);
                self.model.organizations.retain(|(other, _)| *other != id);
                self.model.notes.retain(|note| note.owner != path);
                self.model.relationships.retain(|relationship| relationship.organization != id);
                for contact in &mut self.model.contacts {
                    contact.organization.take_if(|organization| *organization == id);
                }
            }
            Step::CreateNote(which, text) => {
                let contacts = self.model.contacts.iter().map(|contact| format!("{CONTACTS}/{}", contact.id));
                let organizations = self.model.organizations.iter().map(|(id, _)| format!("{ORGANIZATIONS}/{id}"));
                let owners: Vec<_> = contacts.chain(organizations).collect();
                let Some(owner) = one_of(which, &owners).cloned() else { return };
                let id = self.create(&format!("{owner}/notes"), &note(*text));
                self.model.notes.push(Note { id, owner, text: *text });
            }
            Step::UpdateNote(which, text) => {
                let Some(Note { id, owner, .. }) = one_of(which, &self.model.notes).cloned() else { return };
                self.call("PUT", &format!("{owner}/notes/{id}"), &note(*text));
                self.model.notes.iter_mut().find(|note| note.id == id).unwrap().text = *text;
            }
            Step::DeleteNote(which) => {
                let Some(Note { id, owner, .. }) = one_of(which, &self.model.notes).cloned() else { return };
                self.call("DELETE", &format!("{owner}/notes/{id}"), &Value::Null);
                self.model.notes.retain(|note| note.id != id);
            }
            Step::CreateRelationship(which, name) => {
                let Some((organization, _)) = one_of(which, &self.model.organizations).cloned() else { return };
                let id = self.create(RELATIONSHIPS, &relationship(&organization, name));
                self.model.relationships.push(Relationship { id, organization, name });
            }
            Step::UpdateRelationship(which, to, name) => {
                let Some(Relationship { id, .. }) = one_of(which, &self.model.relationships).cloned() else { return };
                let Some((organization, _)) = one_of(to, &self.model.organizations).cloned() else { return };
                self.call("PUT", &format!("{RELATIONSHIPS}/{id}"), &relationship(&organization, name));
                let old = self.model.relationships.iter_mut().find(|relationship| relationship.id == id).unwrap();
                *old = Relationship { id, organization, name };
            }
            Step::DeleteRelationship(which) => {
                let Some(Relationship { id, .. }) = one_of(which, &self.model.relationships).cloned() else { return };
                self.call("DELETE", &format!("{RELATIONSHIPS}/{id}"), &Value::Null);
                self.model.relationships.retain(|relationship| relationship.id != id);
            }
            Step::Snapshot => self.kept = Some((self.sandbox.snapshot(), self.model.clone())),
            Step::Restore => {
                if let Some((snapshot, model)) = &self.kept {
                    self.sandbox.restore(snapshot);
                    // What was created since is gone, and must not be found either.
                    let paths = std::mem::take(&mut self.model.paths);
                    self.model = Model { paths, ..model.clone() };
                }
            }
        }
    }

    /// Everything that can be asked for, against the model.
    fn agree(&self) {
        let model = &self.model;
        let organization_name =
            |id: &str| model.organizations.iter().find(|(other, _)| other == id).map(|(_, name)| *name).unwrap();
        let ids = |found: &[Value]| -> Vec<String> {
            found.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let contacts_where = |is_meant: &dyn Fn(&Contact) -> bool| -> Vec<String> {
            model.contacts.iter().filter(|contact| is_meant(contact)).map(|contact| contact.id.clone()).collect()
        };

        let listed = self.list(&format!("{CONTACTS}?expand=externalOrganization,identifiers"));
        assert_eq!(ids(&listed), contacts_where(&|_| true));
        for (contact, listed) in model.contacts.iter().zip(&listed) {
            let path = format!("{CONTACTS}/{}?expand=identifiers&expand=externalOrganization", contact.id);
            assert_eq!(self.get(&path), *listed);
            assert_eq!(listed["lastName"].as_str(), contact.name);
            assert_eq!(listed["workEmail"].as_str(), contact.email);
            let organization = &listed["externalOrganization"];
            assert_eq!(organization["id"].as_str(), contact.organization.as_deref());
            assert_eq!(organization["name"].as_str(), contact.organization.as_deref().map(organization_name));
            let owns = contact.email.is_some_and(|email| model.owners.get(&email.to_lowercase()) == Some(&contact.id));
            assert_eq!(listed["identifiers"].as_array().unwrap().len(), usize::from(owns));
        }
        for name in NAMES {
            let is_meant = |contact: &Contact| contact.name == Some(name);
            assert_eq!(ids(&self.list(&format!("{CONTACTS}?q={name}"))), contacts_where(&is_meant), "{name}");
        }
        for email in EMAILS {
            let is_meant = |contact: &Contact| contact.email == Some(email);
            let path = format!("/api/v2/externalcontacts/reversewhitepageslookup?lookupVal={email}");
            let expected: Vec<_> = contacts_where(&is_meant).into_iter().take(25).collect();
            assert_eq!(ids(self.get(&path)["contacts"].as_array().unwrap()), expected, "{email}");
        }
        let mut sorted: Vec<_> = model.contacts.iter().collect();
        sorted.sort_by_key(|contact| contact.name.map_or((true, String::new()), |name| (false, name.to_lowercase())));
        let sorted: Vec<_> = sorted.into_iter().map(|contact| contact.id.clone()).collect();
        assert_eq!(ids(&self.list(&format!("{CONTACTS}?sortOrder=lastName:asc"))), sorted);

        let listed = self.list(ORGANIZATIONS);
        let expected: Vec<_> = model.organizations.iter().map(|(id, _)| id.clone()).collect();
        assert_eq!(ids(&listed), expected);
        for ((id, name), listed) in model.organizations.iter().zip(&listed) {
            let path = format!("{ORGANIZATIONS}/{id}");
            assert_eq!(self.get(&path), *listed);
            assert_eq!(listed["name"], *name);
            let is_meant = |contact: &Contact| contact.organization.as_ref() == Some(id);
            assert_eq!(ids(&self.list(&format!("{path}/contacts"))), contacts_where(&is_meant));
            let listed = self.list(&format!("{path}/relationships"));
            let mut expected: Vec<_> =
                model.relationships.iter().filter(|relationship| relationship.organization == *id).collect();
            assert_eq!(listed.len(), expected.len());
            for listed in listed {
                assert_eq!(self.get(&format!("{RELATIONSHIPS}/{}", listed["id"].as_str().unwrap())), listed);
                let relationship = expected.remove(0);
                assert_eq!(
                    (&listed["id"], &listed["relationship"]),
                    (&json!(relationship.id), &json!(relationship.name))
                );
            }
        }
        let contacts = model.contacts.iter().map(|contact| format!("{CONTACTS}/{}", contact.id));
        let organizations = model.organizations.iter().map(|(id, _)| format!("{ORGANIZATIONS}/{id}"));
        for owner in contacts.chain(organizations) {
            let listed = self.list(&format!("{owner}/notes"));
            let expected: Vec<_> = model.notes.iter().filter(|note| note.owner == owner).collect();
            assert_eq!(listed.len(), expected.len(), "{owner}");
            for (listed, note) in listed.iter().zip(expected) {
                assert_eq!(self.get(&format!("{owner}/notes/{}", note.id)), *listed);
                assert_eq!((&listed["id"], &listed["noteText"]), (&json!(note.id), &json!(note.text.to_string())));
            }
        }

        // Of all that ever was, there is what the model has.
        let exists = |path: &str| {
            let (collection, id) = path.rsplit_once('/').unwrap();
            match collection {
                CONTACTS => model.contacts.iter().any(|contact| contact.id == id),
                ORGANIZATIONS => model.organizations.iter().any(|(other, _)| other == id),
                RELATIONSHIPS => model.relationships.iter().any(|relationship| relationship.id == id),
                _ => model.notes.iter().any(|note| note.id == id),
            }
        };
        for path in &model.paths {
            let (status, _) = self.send("GET", path, &Value::Null);
            assert_eq!(status, if exists(path) { 200 } else { 404 }, "{path}");
        }
    }
}

fn note(text: u8) -> Value {
    json!({ "noteText": text.to_string(), "createdBy": { "id": USER } })
}

fn relationship(organization: &str, name: &str) -> Value {
    json!({ "user": { "id": USER }, "externalOrganization": { "id": organization }, "relationship": name })
}

proptest! {
    #![proptest_config(Config { cases: 96, failure_persistence: None, ..Config::default() })]
    #[test]
    fn the_sandbox_does_what_the_model_does(steps in proptest::collection::vec(step(), 1..80)) {
        let mut pair = Pair::new();
        for (index, step) in steps.iter().enumerate() {
            pair.take(step);
            // Now and then as well as in the end: what is wrong for a while only is wrong.
            if index % 16 == 0 {
                pair.agree();
            }
        }
        pair.agree();
    }
}
