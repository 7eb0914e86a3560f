//! `external-contacts audit`.

use std::fs;

use genesys_external_contacts::{ExternalContact, ExternalOrganization, PhoneNumber};

use super::{Place, folder, text};

#[test]
fn an_audit_counts_right() {
    let folder = folder("audit");
    let place = Place::new(0);
    let organization = |name: &str| {
        let organization = ExternalOrganization::default().with_name(name);
        let id = place.client.organizations().create(organization).send().unwrap().id.unwrap();
        ExternalOrganization::reference(&id)
    };
    let (odd, other) = (organization("<b>\"Engines\" & 'Co'</b>"), organization("Zwei"));
    let named = |first: &str, last: &str| ExternalContact::default().with_first_name(first).with_last_name(last);
    let phone = PhoneNumber::new;
    for contact in [
        named("Ada", "Lovelace").with_work_phone(phone("(317) 555-0100")).with_external_organization(odd.clone()),
        // The same phone twice on one contact is no duplicate of its own.
        named("ADA", "lovelace").with_cell_phone(phone("+1 317 555 0100")).with_home_phone(phone("317.555.0100")),
        named("Grace", "Hopper").with_work_email("Grace@Example.com").with_external_organization(odd),
        named("Jean", "Bartik").with_other_email("grace@example.COM").with_external_organization(other),
        ExternalContact::default().with_title("Nobody"),
    ] {
        place.add(contact);
    }
    let path = folder.join("a.svg");
    let run = place.run("audit", &["--svg", text(&path)]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for line in [
        "Audit of 5 contacts\n",
        "  Same phone number: 1, shared by 2 contacts\n",
        "    +13175550100     2  Ada Lovelace, ADA lovelace\n",
        "  Same e-mail address: 1, shared by 2 contacts\n",
        "    grace@example.com     2  Grace Hopper, Jean Bartik\n",
        "  Same first and last name: 1, shared by 2 contacts\n",
        // One scale for both charts: a fifth is as long in each.
        "  First name                   1   20.0 %  ██████▍\n",
        "  Title                        4   80.0 %  █████████████████████████▋\n",
        "  Any phone number             3   60.0 %  ███████████████████▎\n",
        "  Cell phone                   4   80.0 %",
        "  Any e-mail address           3   60.0 %",
        "  Work e-mail                  4   80.0 %",
        "  Organization                 2   40.0 %",
        "  <b>\"Engines\" & 'Co'</b>      2   40.0 %  ████████████▊\n",
        "  Zwei                         1   20.0 %  ██████▍\n",
        "  In no organization: 2.\n",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    let axis = "  ├───────┼───────┼───────┼───────┤\n";
    assert_eq!(run.out.matches(axis).count(), 2, "{}", run.out);
    assert_eq!(run.out.matches("  0       25      50      75      100 %\n").count(), 2, "{}", run.out);
    assert_eq!(
        run.out.lines().find_map(|line| line.find('├')),
        run.out.lines().find_map(|line| line.find('█')),
        "the axis is below the bars"
    );
    let svg = fs::read_to_string(&path).unwrap();
    assert_eq!(svg.matches(">100 %</text>").count(), 2);
    assert_eq!(svg.matches("width=\"72.0\" height").count(), 2 + 1, "a fifth of 360: two names, an organization");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("&lt;b&gt;&quot;Engines&quot; &amp; 'Co'&lt;/b&gt;") && !svg.contains("<b>"));
    assert_eq!(svg.matches("<rect ").count(), 1 + 12 + 2, "the background, each field, each organization");

    let top = place.run("audit", &["--top", "1"]);
    assert!(top.out.contains("In no organization: 2. In other organizations (1): 1.\n"), "{}", top.out);
    let some = place.run("audit", &["--q", "grace"]);
    assert!(some.out.starts_with("Audit of 2 contacts\n"), "{}", some.out);
    let wrong = place.run("audit", &["--svg", text(&folder.join("no/folder.svg"))]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("folder.svg: "), "{}", wrong.err);
}

#[test]
fn an_audit_says_when_it_is_of_a_part() {
    let run = Place::new(1500).run("audit", &[]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(run.out.starts_with("Audit of the first 1000 of 1500 contacts\n\nNOT ALL: "), "{}", run.out);
}
