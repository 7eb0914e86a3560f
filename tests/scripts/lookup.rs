//! `external-contacts lookup`.

use std::time::Duration;

use genesys_external_contacts::model::{TwitterId, User};
use genesys_external_contacts::{ExternalContact, ExternalOrganization, Note, PhoneNumber};

use super::Place;

#[test]
fn a_lookup_tells_none_one_and_several_apart() {
    let place = Place::new(0);
    let organization = ExternalOrganization::default().with_name("Analytical Engines").with_industry("Computing");
    let organization = place.client.organizations().create(organization).send().unwrap().id.unwrap();
    let ada = ExternalContact::default().with_first_name("Ada").with_last_name("Lovelace");
    let ada = ada.with_work_phone(PhoneNumber::new("+44 20 7946 0018")).with_work_email("ada@example.com");
    let ada = ada.with_twitter_id(TwitterId::default().with_screen_name("ada_l"));
    let ada = place.add(ada.with_external_organization(ExternalOrganization::reference(&organization)));
    for first in ["Grace", "Jean"] {
        let phone = PhoneNumber::new("+1 317 555 0100");
        place.add(ExternalContact::default().with_first_name(first).with_last_name("Smith").with_cell_phone(phone));
    }
    for note in ["first", "second", "third\nin two lines", "fourth \u{1b}[31m"] {
        let note = Note::new(note).with_created_by(User::reference("3d5f2c1e-0000-4000-8000-000000000002"));
        place.client.contacts().notes(&ada).create(note).send().unwrap();
        // Notes of the same moment have no order.
        place.sandbox.advance(Duration::from_secs(60));
    }

    for value in ["+44 (0)20 7946-0018", "0044 20 7946.0018", "ADA@example.com", "@ada_l", "ada_l", " +442079460018 "] {
        let one = place.run("lookup", &[value]);
        assert_eq!(one.code, Some(0), "{value}: {}{}", one.out, one.err);
        assert!(one.out.starts_with("One contact has "), "{}", one.out);
        for line in
            ["\nAda Lovelace\n", "  Organization      Analytical Engines\n", "  Work phone        +44 20 7946 0018\n"]
        {
            assert!(one.out.contains(line), "{line}: {}", one.out);
        }
        let at = |text: &str| one.out.find(text);
        assert!(one.out.contains("the newest 3 of 4") && at("fourth") < at("third") && at("third") < at("second"));
        assert!(at("fourth").is_some() && at("first").is_none() && at("in two lines").is_some(), "{}", one.out);
        assert!(!one.out.contains('\u{1b}'), "a note can do nothing to the terminal");
    }
    // What the service is asked for is what is shown.
    let of_ada = place.run("lookup", &["+44 (0)20 7946-0018", "--notes", "0"]).out;
    assert!(of_ada.starts_with("One contact has +442079460018.\n"), "{of_ada}");
    assert!(place.run("lookup", &["0039 (0)6 6982"]).out.starts_with("Nobody has +39066982.\n"));
    assert!(!place.run("lookup", &["ada_l", "--notes", "0"]).out.contains("Notes"));
    assert!(place.run("lookup", &["ada_l", "--notes", "9"]).out.contains("first"));
    assert_eq!(place.run("lookup", &["ada_l", "--notes", "1001"]).code, Some(2));

    let several = place.run("lookup", &["+13175550100"]);
    assert_eq!(several.code, Some(4), "{}", several.err);
    assert!(several.out.starts_with("2 contacts have +13175550100.\n"), "{}", several.out);
    assert!(
        several.out.contains("Grace Smith") && several.out.contains("Jean Smith") && several.out.contains("No notes")
    );

    let none = place.run("lookup", &["(317) 555-0100"]);
    assert_eq!(none.code, Some(3));
    assert!(none.out.contains("Nobody has (317) 555-0100.") && none.out.contains("country code"), "{}", none.out);
    let none = place.run("lookup", &["nobody@example.com"]);
    assert_eq!((none.code, &*none.out, &*none.err), (Some(3), "Nobody has nobody@example.com.\n", ""));
    let nothing = place.run("lookup", &[" "]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.err.starts_with("error: "), "{}", nothing.err);
}
