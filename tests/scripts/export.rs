//! `external-contacts export`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    DataSchema, ExternalContact, ExternalOrganization, JsonSchemaDocument, PhoneNumber, SchemaField,
};
use serde_json::Value;

use super::{Place, Run, command, folder, run, text};

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
fn a_search_says_when_it_is_not_all() {
    let place = Place::new(0);
    let smith = ExternalContact::default().with_last_name("Smith");
    place.sandbox.load_contacts(&serde_json::to_string(&vec![smith; 1100]).unwrap()).unwrap();
    let path = place.folder.join("a.jsonl");
    let export = |more: &[&str]| place.run("export", &[&["--output", text(&path)], more].concat());
    let cut = export(&["--q", "smith"]);
    assert_eq!(cut.code, Some(3), "{}", cut.err);
    for words in ["Exported 1000 contacts to ", "NOT ALL: 1100 contacts match", "without --q"] {
        assert!(cut.err.contains(words), "{words}: {}", cut.err);
    }
    assert_eq!(different(&jsonl_ids(&fs::read_to_string(&path).unwrap())), 1000);
    assert_eq!(export(&["--q", "smith", "--resume"]).code, Some(2));
    assert_eq!(export(&[]).code, Some(0));
    assert_eq!(different(&jsonl_ids(&fs::read_to_string(&path).unwrap())), 1100);
}

#[test]
fn organizations_have_names_in_an_export_of_all_contacts() {
    let place = Place::new(500);
    // This one has gone.
    let organizations: Vec<_> = place.client.organizations().search().items().map(Result::unwrap).collect();
    let gone = organizations[0].id.clone().unwrap();
    place.sandbox.next_calls(u32::MAX).matching("GET", &format!("/organizations/{gone}")).fail(404);
    let before = place.sandbox.requests().len();
    let fields = ["--fields", "externalOrganization.id,externalOrganization.name"];
    let export = place.run("export", &fields);
    assert_eq!(export.code, Some(0), "{}", export.err);
    let mut reader = csv::Reader::from_reader(export.out.as_bytes());
    let mut of = BTreeSet::new();
    for row in reader.records() {
        let row = row.unwrap();
        let organization = organizations.iter().find(|organization| organization.id.as_deref() == Some(&row[1]));
        let name =
            organization.filter(|found| found.id.as_ref() != Some(&gone)).and_then(|found| found.name.as_deref());
        assert_eq!(&row[2], name.unwrap_or_default());
        of.insert(row[1].to_owned());
    }
    of.remove("");
    assert!(of.len() > 5 && of.contains(&gone));
    // A sign-in, three pages, and each organization once.
    assert_eq!(place.sandbox.requests().len() - before, 4 + of.len());
    // JSON lines are as the service gives the contacts.
    let before = place.sandbox.requests().len();
    assert_eq!(place.run("export", &["--format", "jsonl"]).code, Some(0));
    assert_eq!(place.sandbox.requests().len() - before, 4);

    place.sandbox.set_permissions(["externalContacts:contact:view"]);
    let forbidden = place.run("export", &fields);
    assert_eq!(forbidden.code, Some(1));
    assert!(forbidden.err.contains("without externalOrganization.name with --fields"), "{}", forbidden.err);
}

/// Answers so many pages as ever, and fails then.
fn fail_after(place: &Place, pages: usize) {
    let scan = place.client.contacts().scan().page_size(200);
    let bodies: Vec<_> = scan.pages().take(pages).map(|page| serde_json::to_vec(&page.unwrap()).unwrap()).collect();
    for body in bodies {
        place.sandbox.next_calls(1).matching("GET", "/scan/contacts").answer(200, "application/json", body);
    }
    place.sandbox.next_calls(1).matching("GET", "/scan/contacts").fail(500);
}

#[test]
fn an_export_that_fails_can_be_resumed() {
    let place = Place::new(450);
    let path = place.folder.join("a.jsonl");
    let export = |more: &[&str]| place.run("export", &[&["-o", text(&path)], more].concat());
    fail_after(&place, 2);
    let failed = export(&[]);
    assert_eq!(failed.code, Some(1), "{}", failed.err);
    assert!(failed.err.contains("--resume continues") && failed.err.contains("error: "), "{}", failed.err);
    let before = fs::read(&path).unwrap();
    let ids = jsonl_ids(std::str::from_utf8(&before).unwrap());
    assert_eq!(ids.len(), 400, "what came is written");
    // Meanwhile contacts go and come.
    place.client.contacts().delete(&ids[0]).send().unwrap();
    place.add(ExternalContact::default());
    let run = export(&["--resume"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("Exported 451 contacts to "), "{}", run.err);
    let after = fs::read(&path).unwrap();
    assert!(after.starts_with(&before), "what was there stays");
    let ids = jsonl_ids(std::str::from_utf8(&after).unwrap());
    assert_eq!((ids.len(), different(&ids)), (451, 451));
    assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 1, "it is complete, so that nothing can be resumed");

    // The cursor expires.
    fail_after(&place, 1);
    assert_eq!(export(&[]).code, Some(1));
    place.sandbox.advance(Duration::from_secs(86_400));
    let expired = export(&["--resume"]);
    assert_eq!(expired.code, Some(1));
    assert!(expired.err.contains("24 hours") && expired.err.contains("Without --resume"), "{}", expired.err);
    // A search takes its place.
    assert_eq!(export(&["--q", "nobody"]).code, Some(0));
    assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 1);
}

#[test]
fn a_resumed_export_is_the_same_as_one_that_was_not_cut_off() {
    let place = Place::new(0);
    for title in ["one\nline \"and\"\nanother", "a, b", "ünï\"cödé\"\r\n", "\"", "=1+1"] {
        place.add(ExternalContact::default().with_last_name("Tricky").with_title(format!("{title} x")));
    }
    place.sandbox.generate_contacts(500);
    for name in ["a.csv", "a.jsonl"] {
        let path = place.folder.join(name);
        let state_path = place.folder.join(format!("{name}.resume"));
        let export = |more: &[&str]| place.run("export", &[&["-o", text(&path)], more].concat());
        let whole = {
            assert_eq!(export(&[]).code, Some(0));
            assert!(!state_path.exists());
            fs::read(&path).unwrap()
        };
        let states: Vec<_> = (0..3)
            .map(|pages| {
                fail_after(&place, pages);
                assert_eq!(export(&[]).code, Some(1));
                (fs::read(&path).unwrap(), fs::read_to_string(&state_path).unwrap())
            })
            .collect();
        for (written, state) in &states {
            assert!(whole.starts_with(written) && written.ends_with(b"\n") || written.is_empty());
            // The next page may have been written in part. In the last case more than comes now: contacts have gone.
            let rest = &whole[written.len()..];
            for (tail, torn) in [(&b""[..], ""), (&rest[..1], ""), (&rest[..1000], "{\"cursor\":\"x"), (&whole, "")] {
                fs::write(&path, [written, tail].concat()).unwrap();
                fs::write(&state_path, format!("{state}{torn}")).unwrap();
                let run = export(&["--resume"]);
                assert_eq!(run.code, Some(0), "{}", run.err);
                assert!(fs::read(&path).unwrap() == whole, "{name} with {} bytes more", tail.len());
                assert!(!state_path.exists());
            }
        }

        // With other options it stays as it is, and so does a file that is something else.
        let (written, state) = &states[2];
        let refused = |file: &[u8], more: &[&str], problem: &str| {
            fs::write(&path, file).unwrap();
            fs::write(&state_path, state).unwrap();
            let run = export(&[&["--resume"], more].concat());
            assert_eq!(run.code, Some(1), "{problem}");
            assert!(run.err.contains(problem), "{}", run.err);
            assert!(fs::read(&path).unwrap() == file);
        };
        refused(written, &["--format", if name == "a.csv" { "jsonl" } else { "csv" }], "format or columns changed");
        refused(b"something else\nand more", &[], "is something else");
        refused(&whole[..written.len() - 1], &[], "was changed since");
        refused(&[b"x", &written[1..]].concat(), &[], "was changed since");
        fs::write(&path, written).unwrap();
        let mut other_client = command("export", &["-o", text(&path), "--resume", "--server", &place.url]);
        let output = other_client.env("GENESYSCLOUD_OAUTHCLIENT_ID", "of another organization").output().unwrap();
        assert!(String::from_utf8(output.stderr).unwrap().contains("GENESYSCLOUD_OAUTHCLIENT_ID changed"));
        fs::remove_file(&state_path).unwrap();
        let run = export(&["--resume"]);
        assert_eq!(run.code, Some(1));
        assert!(run.err.contains("FILE.resume is not beside it"), "{}", run.err);
        assert!(fs::read(&path).unwrap() == *written);
        fs::remove_file(&path).unwrap();
        assert_eq!(export(&["--resume"]).code, Some(0), "there is nothing yet: it begins");
        assert!(fs::read(&path).unwrap() == whole);
    }
}

#[test]
fn two_exports_do_not_write_the_same_file() {
    let place = Place::new(450);
    let path = place.folder.join("a.jsonl");
    let arguments = ["-o", text(&path), "--resume"];
    // The first one waits after its first page.
    let page = serde_json::to_vec(&place.client.contacts().scan().page_size(200).send().unwrap()).unwrap();
    place.sandbox.next_calls(1).matching("GET", "/scan/contacts").answer(200, "application/json", page);
    place.sandbox.next_calls(1).matching("GET", "/scan/contacts").rate_limit(Duration::from_secs(600));
    let mut first = place.command("export", &arguments).spawn().unwrap();
    while length(&path) == 0 && first.try_wait().unwrap().is_none() {}
    let second = place.run("export", &arguments);
    assert_eq!(second.code, Some(1));
    assert!(second.err.contains("another export is writing it"), "{}", second.err);
    first.kill().unwrap();
    first.wait().unwrap();
    place.sandbox.behave();
    assert_eq!(place.run("export", &arguments).code, Some(0));
    let ids = jsonl_ids(&fs::read_to_string(&path).unwrap());
    assert_eq!((ids.len(), different(&ids)), (450, 450));
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |number| number.parse().unwrap())
}

/// Each kill comes at a random length of the file, and a random while after it.
#[test]
fn killed_at_any_moment_it_has_every_contact_once() {
    let contacts = number("EXPORT_CONTACTS", 10_000);
    let kills = number("EXPORT_KILLS", 3);
    let place = Place::new(contacts);
    let path = place.folder.join("a.jsonl");
    let state_path = place.folder.join("a.jsonl.resume");
    let export = || place.command("export", &["-o", text(&path), "--resume"]);
    // About what all of it takes.
    let whole = contacts as u64 * 700;
    let (mut killed, mut in_the_middle) = (0, 0);
    for _ in 0..kills {
        let random = getrandom::u64().unwrap();
        let (goal, spins) = (length(&path) + random % (whole / kills as u64), (random >> 32) % 600_000);
        let mut child = export().spawn().unwrap();
        while length(&path) < goal && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        (0..spins).for_each(|_| std::hint::spin_loop());
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() || (!state_path.exists() && length(&path) > 0) {
            // It was ready before it could be killed.
            break;
        }
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(!problem.contains("error: "), "{problem}");
        killed += 1;
        let state = fs::read_to_string(&state_path).unwrap_or_default();
        let stored = state.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok());
        let stored = stored.and_then(|line| line["length"].as_u64());
        in_the_middle += u32::from(stored.is_some_and(|stored| stored != length(&path)));
    }
    // The last kill may have come when all was written and nothing was left to do but to end.
    if state_path.exists() || length(&path) == 0 {
        let run: Run = export().output().unwrap().into();
        assert_eq!(run.code, Some(0), "{}", run.err);
    }
    let ids = jsonl_ids(&fs::read_to_string(&path).unwrap());
    println!("{contacts} contacts, {killed} kills, {in_the_middle} of them after what the last cursor stands for");
    assert_eq!((ids.len(), different(&ids)), (contacts, contacts));
}

/// The most memory that a process has taken, in KiB, and its CPU time in ticks, as long as it runs.
#[cfg(target_os = "linux")]
fn usage(child: u32) -> Option<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{child}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())?;
    let stat = fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
    let times: Vec<u64> = stat.rsplit(')').next()?.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    Some((peak, times.iter().sum()))
}

#[cfg(target_os = "linux")]
fn watch(mut child: Child) -> (u64, u64) {
    let id = child.id();
    let (ended, end) = mpsc::channel();
    let waiting = thread::spawn(move || {
        let status = child.wait().unwrap();
        ended.send(()).unwrap();
        assert!(status.success());
    });
    let (mut peak, mut ticks) = (0, 0);
    while end.recv_timeout(Duration::from_millis(2)) == Err(RecvTimeoutError::Timeout) {
        if let Some(usage) = usage(id) {
            (peak, ticks) = usage;
        }
    }
    waiting.join().unwrap();
    (peak, ticks)
}

#[cfg(target_os = "linux")]
#[test]
fn its_memory_does_not_grow_with_the_contacts() {
    let most = number("EXPORT_CONTACTS", 10_000);
    let place = Place::new(0);
    let (mut first, mut there) = (None, 0);
    for contacts in [most / 10, most] {
        place.sandbox.generate_contacts(contacts - there);
        there = contacts;
        let before = place.sandbox.requests().len();
        let path = place.folder.join("a.jsonl");
        let child = place.command("export", &["-o", text(&path)]).spawn().unwrap();
        let (peak, ticks) = watch(child);
        let requests = place.sandbox.requests().len() - before;
        println!("{contacts} contacts: {requests} requests, {peak} KiB, {ticks} ticks of CPU time");
        // A sign-in besides.
        assert_eq!(requests, contacts.div_ceil(200) + 1);
        // All contacts together would take more than 1 KiB each.
        let first = *first.get_or_insert(peak);
        assert!(peak < first + first / 4, "{first} KiB and {peak} KiB");
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
