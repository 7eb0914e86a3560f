//! `external-contacts sync-note`.

use genesys_external_contacts::{ExternalContact, PhoneNumber};

use super::{Place, Run, command};

const PHONE: &str = "+1 (317) 555-0100";

impl Place {
    fn with_phones(names: &[&str]) -> (Self, Vec<String>) {
        let place = Self::new(0);
        let create = |name: &&str| {
            let contact = ExternalContact::default().with_last_name(*name).with_home_phone(PhoneNumber::new(PHONE));
            place.client.contacts().create(contact).send().unwrap().id.unwrap()
        };
        let ids = names.iter().map(create).collect();
        (place, ids)
    }

    fn notes(&self, id: &str) -> Vec<String> {
        let notes = self.client.contacts().notes(id).list().send().unwrap().entities.unwrap();
        notes.into_iter().filter_map(|note| note.note_text).collect()
    }
}

#[test]
fn a_note_creates_the_contact_that_is_not_there() {
    let place = Place::new(0);
    let ran = place.run("sync-note", &[PHONE, "Hello", "--no-create"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let ran = place.run("sync-note", &[PHONE, "Hello", "--dry-run"]);
    assert!(ran.code == Some(0) && ran.out.contains("a new contact"), "{} {}", ran.out, ran.err);
    assert_eq!(place.writes(), 0);

    let ran = place.run("sync-note", &[PHONE, "Hello", "--last-name", "Lovelace"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let contacts = place.contacts();
    let id = contacts[0].id.clone().unwrap();
    assert!(ran.out.contains(&format!("created contact {id}")), "{}", ran.out);
    assert_eq!((place.last_names(), place.notes(&id)), (vec!["Lovelace".to_owned()], vec!["Hello".to_owned()]));
    assert_eq!(place.run("sync-note", &["+13175550100", "Again"]).code, Some(0));
    assert_eq!((place.contacts().len(), place.notes(&id).len()), (1, 2));
}

#[test]
fn a_note_goes_to_the_one_contact_that_is_there() {
    let (place, ids) = Place::with_phones(&["Lovelace"]);
    let before = place.writes();
    let ran = place.run("sync-note", &[PHONE, "Hello", "--dry-run"]);
    assert!(ran.code == Some(0) && ran.out.contains(&ids[0]), "{} {}", ran.out, ran.err);
    assert_eq!(place.writes(), before);
    let user = "3d5f2c1e-0000-4000-8000-000000000099";
    let ran = place.run("sync-note", &[PHONE, "Hello", "--user", user]);
    assert!(ran.code == Some(0) && ran.out.contains(&ids[0]), "{} {}", ran.out, ran.err);
    assert_eq!((place.contacts().len(), place.notes(&ids[0])), (1, vec!["Hello".to_owned()]));
    let notes = place.client.contacts().notes(&ids[0]).list().send().unwrap().entities.unwrap();
    assert_eq!(notes[0].created_by.as_ref().and_then(|author| author.id.as_deref()), Some(user));
}

#[test]
fn of_many_contacts_a_note_goes_to_the_chosen_one() {
    let (place, ids) = Place::with_phones(&["Lovelace", "Byron"]);
    let before = place.writes();
    let ran = place.run("sync-note", &[PHONE, "Hello"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    for (id, name) in ids.iter().zip(["Lovelace", "Byron"]) {
        assert!(ran.out.contains(&format!("--contact {id}  {name}\n")), "{}", ran.out);
    }
    assert_eq!(place.writes(), before);
    assert_eq!(place.run("sync-note", &[PHONE, "Hello", "--contact", &ids[1]]).code, Some(0));
    assert_eq!((place.notes(&ids[0]).len(), place.notes(&ids[1]).len()), (0, 1));
}

#[test]
fn what_a_note_needs_is_asked_for_before_anything_is_written() {
    let place = Place::new(0);
    let unknown = "3d5f2c1e-0000-4000-8000-000000000001";
    let ran = place.run("sync-note", &[PHONE, "Hello", "--contact", unknown]);
    assert!(ran.code == Some(1) && ran.err.contains("404 not.found"), "{}", ran.err);
    let mut on_service = command("sync-note", &[PHONE, "Hello"]);
    let ran: Run = on_service.env("GENESYSCLOUD_REGION", "eu-west-1").output().unwrap().into();
    assert!(ran.code == Some(2) && ran.err.contains("--user"), "{}", ran.err);
    assert_eq!(place.writes(), 0);
    // An answer that got lost leaves it open.
    place.sandbox.next_calls(1).matching("POST", "/contacts").after_applying().reset();
    let ran = place.run("sync-note", &[PHONE, "Hello"]);
    assert!(ran.code == Some(1) && ran.err.contains("the contact may exist all the same"), "{}", ran.err);
    place.sandbox.next_calls(1).matching("POST", "/contacts/*/notes").fail(403);
    let ran = place.run("sync-note", &[PHONE, "Hello"]);
    assert!(ran.code == Some(1) && ran.err.contains("the note is not written"), "{}", ran.err);
}
