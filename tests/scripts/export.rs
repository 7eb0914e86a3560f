//! `external-contacts export`.

use std::collections::BTreeSet;
use std::fs;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    DataSchema, ExternalContact, ExternalOrganization, JsonSchemaDocument, PhoneNumber, SchemaField,
};
use serde_json::Value;

use super::{Place, command, folder, run, text};

fn csv_ids(text: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(0), Some("id"));
    reader.records().map(|record| record.unwrap()[0].to_owned()).collect()
}

fn jsonl_ids(text: &str) -> Vec<String> {
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    text.lines().map(id).collect()
}

fn different(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn an_export_has_every_contact_once() {
    let folder = folder("every_contact_once");
    let ids: BTreeSet<_> = Sandbox::new().generate_contacts(300).into_iter().collect();
    let on_stdout = run("export", &[]);
    assert_eq!(on_stdout.code, Some(0), "{}", on_stdout.err);
    assert_eq!(csv_ids(&on_stdout.out).into_iter().collect::<BTreeSet<_>>(), ids);
    // What is piped on is the contacts and nothing else.
    assert!(on_stdout.out.starts_with("id,firstName,"));
    for (name, ids_of) in [("a.csv", csv_ids as fn(&str) -> Vec<String>), ("a.jsonl", jsonl_ids)] {
        let path = folder.join(name);
        let run = run("export", &["--output", text(&path)]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(run.err.contains("Exported 300 contacts to "), "{}", run.err);
        let found = ids_of(&fs::read_to_string(&path).unwrap());
        assert_eq!(found.len(), 300);
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), ids);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside the exports");
    let run = run("export", &["--output", text(&folder.join("a.txt"))]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("add --format"), "{}", run.err);
}

#[test]
fn a_search_or_an_organization_is_exported() {
    let place = Place::new(60);
    let organization = ExternalOrganization::default().with_name("Engines, \"Analytical\"");
    let organization = place.client.organizations().create(organization).send().unwrap().id.unwrap();
    for (first, last) in [("Ada", "Lovelace"), ("Augusta", "Byron")] {
        let contact = ExternalContact::default().with_first_name(first).with_last_name(last);
        place.add(contact.with_external_organization(ExternalOrganization::reference(&organization)));
    }
    let fields = ["--fields", "lastName,externalOrganization.name,lastName"];
    let of = ["--organization", &organization];
    for (criteria, names) in [
        (&of[..], &["Lovelace", "Byron"][..]),
        (&["--q", "byron"], &["Byron"]),
        (&[&of[..], &["--q", "ada"]].concat(), &["Lovelace"]),
        (&["--q", "nobody"], &[]),
    ] {
        let run = place.run("export", &[criteria, &fields].concat());
        assert_eq!(run.code, Some(0), "{}", run.err);
        let mut reader = csv::Reader::from_reader(run.out.as_bytes());
        assert_eq!(reader.headers().unwrap(), vec!["id", "lastName", "externalOrganization.name"]);
        let rows: Vec<_> =
            reader.records().map(|row| (row.as_ref().unwrap()[1].to_owned(), row.unwrap()[2].to_owned())).collect();
        let expected: Vec<_> =
            names.iter().map(|name| ((*name).to_owned(), "Engines, \"Analytical\"".to_owned())).collect();
        assert_eq!(rows, expected);
    }
    let run = place.run("export", &["--organization", "3d5f2c1e-0000-4000-8000-00000000000f"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.starts_with("error: ") && run.err.contains("not.found") && run.err.contains("--organization"),
        "{}",
        run.err
    );
}

#[test]
fn an_export_says_when_it_is_not_all_and_split_gets_the_rest() {
    let folder = folder("not_all");
    let place = Place::new(1500);
    let path = folder.join("a.jsonl");
    let cut = place.run("export", &["--output", text(&path)]);
    assert_eq!(cut.code, Some(3), "{}", cut.err);
    for words in ["Exported 1000 contacts to ", "NOT ALL: 1500 contacts match", "--split"] {
        assert!(cut.err.contains(words), "{words}: {}", cut.err);
    }
    assert_eq!(different(&jsonl_ids(&fs::read_to_string(&path).unwrap())), 1000);

    let all = place.run("export", &["--output", text(&path), "--resume", "--split"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    let ids = jsonl_ids(&fs::read_to_string(&path).unwrap());
    assert_eq!((ids.len(), different(&ids)), (1500, 1500));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "it is complete, so that nothing can be resumed");

    // Nothing tells these apart: the orders give the same ones again and again.
    let same = Place::new(0);
    let smith = ExternalContact::default().with_last_name("Smith");
    same.sandbox.load_contacts(&serde_json::to_string(&vec![smith; 2200]).unwrap()).unwrap();
    let run = same.run("export", &["--split", "--fields", "id"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    let ids = csv_ids(&run.out);
    assert!(run.err.contains(&format!("2200 contacts match, and the service gave out {} of them", ids.len())));
    assert_eq!(ids.len(), different(&ids));
}

/// Answers so many pages as ever, and fails then.
fn fail_after(place: &Place, pages: u32) {
    let page = |number| place.client.contacts().search().page_size(100).page_number(number).send().unwrap();
    let bodies: Vec<_> = (1..=pages).map(|number| serde_json::to_vec(&page(number)).unwrap()).collect();
    for body in bodies {
        place.sandbox.next_calls(1).matching("GET", "/contacts").answer(200, "application/json", body);
    }
    place.sandbox.next_calls(1).matching("GET", "/contacts").fail(500);
}

#[test]
fn an_export_that_fails_can_be_resumed() {
    let folder = folder("fails");
    let place = Place::new(250);
    let path = folder.join("a.jsonl");
    fail_after(&place, 2);
    let failed = place.run("export", &["-o", text(&path)]);
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert!(failed.err.contains("--resume continues") && failed.err.contains("error: "), "{}", failed.err);
    let before = fs::read(&path).unwrap();
    assert_eq!(jsonl_ids(std::str::from_utf8(&before).unwrap()).len(), 200, "what came is written");
    // Meanwhile the order shifts.
    let ids = jsonl_ids(std::str::from_utf8(&before).unwrap());
    place.client.contacts().delete(&ids[0]).send().unwrap();
    let run = place.run("export", &["-o", text(&path), "--resume"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let after = fs::read(&path).unwrap();
    assert!(after.starts_with(&before), "what was there stays");
    let ids = jsonl_ids(std::str::from_utf8(&after).unwrap());
    assert_eq!((ids.len(), different(&ids)), (250, 250));
}

#[test]
fn a_resumed_export_is_the_same_as_one_that_was_not_cut_off() {
    let folder = folder("resume");
    let place = Place::new(0);
    for title in ["one\nline \"and\"\nanother", "a, b", "ünï\"cödé\"\r\n", "\"", "=1+1"] {
        place.add(ExternalContact::default().with_last_name("Tricky").with_title(format!("{title} x")));
    }
    place.sandbox.generate_contacts(100);
    for name in ["a.csv", "a.jsonl"] {
        let path = folder.join(name);
        let state_path = folder.join(format!("{name}.resume"));
        let export = |more: &[&str]| place.run("export", &[&["-o", text(&path)], more].concat());
        fail_after(&place, 1);
        assert_eq!(export(&[]).code, Some(1));
        let state = fs::read(&state_path).unwrap();
        assert_eq!(export(&[]).code, Some(0));
        assert!(!state_path.exists());
        let whole = fs::read(&path).unwrap();

        // All positions would take too long: some within the tricky ones, and some of the rest.
        let tricky = (0..16).map(|step| 250 + step * 41);
        let mut seed = 11_usize;
        let random = (0..8).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 20) % whole.len()
        });
        let edges = [0, 1, 5, whole.len() - 1, whole.len()];
        for length in edges.into_iter().chain(random).chain(tricky) {
            fs::write(&path, &whole[..length]).unwrap();
            fs::write(&state_path, &state).unwrap();
            let run = export(&["--resume"]);
            assert_eq!(run.code, Some(0), "{length}: {}", run.err);
            assert!(fs::read(&path).unwrap() == whole, "{name} cut off at {length}");
        }

        // With other criteria it stays as it is, and so does a file that is something else.
        fs::write(&state_path, &state).unwrap();
        let run = export(&["--resume", "--q", "tricky"]);
        assert_eq!(run.code, Some(1));
        assert!(run.err.contains("--q changed"), "{}", run.err);
        assert!(fs::read(&path).unwrap() == whole);
        let mut other_client = command("export", &["-o", text(&path), "--resume", "--server", &place.url]);
        let output = other_client.env("GENESYSCLOUD_OAUTHCLIENT_ID", "of another organization").output().unwrap();
        assert!(String::from_utf8(output.stderr).unwrap().contains("GENESYSCLOUD_OAUTHCLIENT_ID changed"));
        assert!(fs::read(&path).unwrap() == whole);
        fs::write(&path, "something else\nand more").unwrap();
        let run = export(&["--resume"]);
        assert_eq!(run.code, Some(1));
        assert!(run.err.contains("no export wrote"), "{}", run.err);
        fs::remove_file(&state_path).unwrap();
        let run = export(&["--resume"]);
        assert_eq!(run.code, Some(1));
        assert!(run.err.contains("FILE.resume is not beside it"), "{}", run.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else\nand more");
        fs::remove_file(&path).unwrap();
        assert_eq!(export(&["--resume"]).code, Some(0), "there is nothing yet: it begins");
        assert!(fs::read(&path).unwrap() == whole);
    }
}

#[test]
fn custom_fields_are_columns() {
    let place = Place::new(0);
    let fields = [
        SchemaField::text("segment", "Segment"),
        SchemaField::integer("visits", "Visits", ..),
        SchemaField::tags("interests", "Interests"),
        SchemaField::checkbox("vip", "VIP"),
    ];
    let document = JsonSchemaDocument::of_fields("Customers", fields).unwrap();
    let schema = DataSchema::default().with_name("Customers").with_version(0).with_json_schema(document);
    let schema = place.client.contacts().schemas().create(schema).send().unwrap();
    let schema_id = schema.id.unwrap();
    let schema = DataSchema::default().with_id(&*schema_id).with_version(schema.version.unwrap());
    let contact = ExternalContact::default().with_last_name("Lovelace").with_schema(schema);
    let contact = contact.with_work_phone(PhoneNumber::new("(317) 555-0100 x7"));
    let contact = contact.with_custom_field("segment_text", "=Retail; \"big\"").unwrap();
    let contact = contact.with_custom_field("visits_integer", 3).unwrap();
    let contact = contact.with_custom_field("interests_tag", ["music", "a;b"]).unwrap();
    place.add(contact.with_custom_field("vip_checkbox", true).unwrap());
    place.add(ExternalContact::default().with_last_name("Plain"));

    let all = place.run("export", &[]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    let header = all.out.lines().next().unwrap();
    assert!(header.ends_with(",modifyDate,interests_tag,segment_text,vip_checkbox,visits_integer"), "{header}");

    let names = "lastName,segment_text,visits_integer,interests_tag,vip_checkbox,workPhone,workPhone.e164";
    let chosen = place.run("export", &["--fields", names]);
    let mut reader = csv::Reader::from_reader(chosen.out.as_bytes());
    let rows: Vec<_> =
        reader.records().map(|row| row.unwrap().iter().skip(1).map(str::to_owned).collect::<Vec<_>>()).collect();
    let ada =
        ["Lovelace", "=Retail; \"big\"", "3", r#"["music","a;b"]"#, "true", "+1 317-555-0100 ext. 7", "+13175550100"];
    assert_eq!(rows, [ada, ["Plain", "", "", "", "", "", ""]]);

    let wrong = place.run("export", &["--fields", "lastName,segmnt_text"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("\"segmnt_text\"") && wrong.err.contains(",segment_text"), "{}", wrong.err);

    // The data outlives the schema: it isn't lost in silence.
    place.client.contacts().schemas().delete(&schema_id).send().unwrap();
    let left_out = place.run("export", &[]);
    assert!(left_out.err.contains("left out: interests_tag, segment_text, vip_checkbox, visits_integer."));
    assert!(!left_out.out.contains("Retail") && place.run("export", &["--format", "jsonl"]).out.contains("Retail"));

    // Without the permission to see schemas, contacts can be exported all the same.
    place.sandbox.set_permissions(["externalContacts:contact:view"]);
    let forbidden = place.run("export", &[]);
    assert_eq!(forbidden.code, Some(1));
    assert!(forbidden.err.contains("choose columns with --fields"), "{}", forbidden.err);
    assert_eq!(csv_ids(&place.run("export", &["--fields", "id,lastName"]).out).len(), 2);
}

#[test]
fn who_has_seen_enough_hears_nothing() {
    let place = Place::new(1100);
    let mut export = command("export", &["--server", &place.url]);
    let mut export = export.spawn().unwrap();
    // More is written than a pipe holds: it can't come to its end without seeing this.
    drop(export.stdout.take());
    let output = export.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
