//! `external-contacts import`: no row is lost and none is created twice.

use std::io::{BufRead as _, Read as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fs, io};

use genesys_external_contacts::{DataSchema, ExternalOrganization, JsonSchemaDocument, SchemaField};

use super::{Place, Run, command};

impl Place {
    /// A place with an input.
    fn with(csv: &str) -> Self {
        let place = Self::new(0);
        place.write("people.csv", csv);
        place
    }

    fn results(&self) -> String {
        self.read("people.results.csv")
    }

    /// Changes the results file; it must have been changed.
    fn edit_results(&self, edit: impl Fn(&str) -> String) {
        let before = self.results();
        let after = edit(&before);
        assert_ne!(before, after);
        self.write("people.results.csv", &after);
    }

    /// The row on that line is being sent, says the results file from now on, and not how it ended.
    fn forget(&self, line: u64, sent_at: &str) {
        self.edit_results(|results| {
            let lines = results.lines().filter(|text| !text.starts_with(&format!("{line},")));
            let kept: String = lines.map(|line| format!("{line}\n")).collect();
            format!("{kept}{line},sending,,{sent_at},\n")
        });
    }

    /// The import with a search that has no lag, as the sandbox has none.
    fn import(&self, arguments: &[&str]) -> Run {
        self.run("import", &[&["people.csv", "--lag", "0"], arguments].concat())
    }
}

const LONG_AGO: &str = "2020-01-01T00:00:00Z";

#[test]
fn a_dry_run_sends_and_writes_nothing() {
    let place = Place::with("firstName,lastName\nAda,Lovelace\nGrace\n");
    let ran = place.import(&["--dry-run"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.out.contains("1 would be created"), "{}", ran.out);
    assert!(ran.out.contains("line 3: number of cells: 1, but the header has 2"), "{}", ran.out);
    assert_eq!(place.sandbox.requests().len(), 0);
    assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 1);

    assert_eq!(place.import(&[]).code, Some(3));
    place.forget(2, LONG_AGO);
    let (requests, results) = (place.sandbox.requests().len(), place.results());
    let ran = place.import(&["--dry-run"]);
    assert!(ran.out.contains("0 would be created") && ran.out.contains("1 may be contacts already"), "{}", ran.out);
    assert_eq!((place.sandbox.requests().len(), place.results()), (requests, results));
}

#[test]
fn columns_go_to_fields() {
    let place = Place::new(0);
    let client = &place.client;
    let acme = client.organizations().create(ExternalOrganization::default().with_name("Acme")).send().unwrap();
    let fields = [
        SchemaField::text("segment", "Segment"),
        SchemaField::integer("visits", "Visits", ..),
        SchemaField::checkbox("vip", "VIP"),
        SchemaField::tags("likes", "Likes"),
    ];
    let document = JsonSchemaDocument::of_fields("Customers", fields).unwrap();
    let schema = DataSchema::default().with_name("Customers").with_version(0).with_json_schema(document);
    let schema = client.contacts().schemas().create(schema).send().unwrap().id.unwrap();
    place.write(
        "people.csv",
        &format!(
            "\u{feff}firstName;Surname;Mobile;workEmail;address.city;externalOrganization;surveyOptOut;Shoes;\
             customFields.segment_text;customFields.visits_integer;customFields.vip_checkbox;customFields.likes_tag\r\n\
             Ada;\" Lovelace; Countess \";+1 317 555 0100;ada@example.com;London;{};true;38;Retail;3;false;tea|maths\r\n\
             Grace;Hopper;;;;;;;;;;\r\n\
             Alan;Turing;;;;;perhaps;;;;;\r\n\
             Edsger;Dijkstra;;;;;;;;x;;\r\n",
            acme.id.as_deref().unwrap()
        ),
    );
    let map = ["--map", "Surname=lastName", "--map", "Mobile=cellPhone"];
    let ran = place.import(&[&map[..], &["--delimiter", ";"]].concat());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("column \"Shoes\"") && ran.err.contains("personalEmail"), "{}", ran.err);
    assert!(ran.err.contains("--map 'Shoes=FIELD'") && ran.err.contains("--ignore 'Shoes'"), "{}", ran.err);

    let all = [&map[..], &["--delimiter", ";", "--ignore", "Shoes"]].concat();
    let ran = place.import(&all);
    assert!(ran.code == Some(2) && ran.err.contains("--schema"), "{}", ran.err);
    let ran = place.import(&[&all[..], &["--schema", &schema]].concat());
    assert_eq!(ran.code, Some(3), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("line 4: invalid: surveyOptOut is neither true nor false"), "{}", ran.out);
    assert!(ran.out.contains("line 5: invalid: customFields.visits_integer is no whole number"), "{}", ran.out);

    assert_eq!(place.last_names(), ["Hopper", "Lovelace; Countess"]);
    let ada = client.contacts().search().q("ada").send().unwrap().entities.unwrap().remove(0);
    assert_eq!(ada.cell_phone.and_then(|phone| phone.e164).as_deref(), Some("+13175550100"));
    assert_eq!(ada.work_email.as_deref(), Some("ada@example.com"));
    assert_eq!(ada.address.and_then(|address| address.city).as_deref(), Some("London"));
    assert_eq!(ada.external_organization.and_then(|organization| organization.id), acme.id);
    assert_eq!(ada.survey_opt_out, Some(true));
    let fields = serde_json::to_value(ada.custom_fields).unwrap();
    let expected = serde_json::json!({
        "segment_text": "Retail", "visits_integer": 3, "vip_checkbox": false, "likes_tag": ["tea", "maths"],
    });
    assert_eq!(fields, expected);

    for (arguments, problem) in [
        (&["--delimiter", ";", "--map", "Name=lastName"][..], "no column \"Name\"; the columns are firstName, Surname"),
        (&["--delimiter", ";", "--map", "lastName"], "COLUMN=FIELD"),
        (&["--delimiter", ";", "--map", "Surname=firstName"], "another one goes to firstName"),
        (&["--delimiter", "é"], "one ASCII character"),
        (&["--marker", "title"], "--marker takes"),
        (&["--delimiter", ";", "--map", "Surname=externalSystemUrl"], "the import puts its marker into"),
    ] {
        let ran = place.import(&[&["--dry-run"], arguments].concat());
        assert!(ran.code == Some(2) && ran.err.contains(problem), "{problem}: {}", ran.err);
    }
}

#[test]
fn what_is_wrong_with_a_row_is_said_and_the_rest_goes_on() {
    let csv = format!(
        "firstName,lastName,title,workEmail\n\nAda,Lovelace,,\n,,,\nToo,Many,,,,\n{},Long,,\n\
         \"Grace\nBrewster\",Hopper,,\nEve,Secret,,no address at all\n,,Countess,\nAlan,Turing,,\n",
        "x".repeat(1001)
    );
    let place = Place::with(&csv);
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.out.starts_with("Rows: 8. 3 created, 3 invalid, 2 failed, 0 unknown\n"));
    assert_eq!(place.last_names(), ["Hopper", "Lovelace", "Turing"]);
    let results = place.results();
    let of = |line: u64| results.lines().find(|text| text.starts_with(&format!("{line},"))).unwrap().to_owned();
    for (line, words) in [
        (3, ",created,"),
        (4, "is empty"),
        (5, "number of cells: 6, but the header has 4"),
        (6, "422 payload.or.params.invalid firstName"),
        (7, ",created,"),
        (9, "422 payload.or.params.invalid workEmail"),
        (10, "no name and no e-mail address"),
        (11, ",created,"),
    ] {
        assert!(of(line).contains(words), "{line} {words}: {results}");
    }
    for personal in ["Ada", "Secret", "no address", "xxx", "Countess"] {
        assert!(!results.contains(personal) && !ran.out.contains(personal), "{personal}: {results}");
    }
}

#[test]
fn an_input_that_is_no_csv_is_refused() {
    let place = Place::new(0);
    for (csv, problem) in [
        (&b""[..], "is empty"),
        (b"first\xe9,lastName\n", "not in UTF-8"),
        (b"firstName|lastName\nAda|Lovelace\n", "see --delimiter"),
    ] {
        fs::write(place.folder.join("people.csv"), csv).unwrap();
        let ran = place.import(&[]);
        let code = if problem == "see --delimiter" { 2 } else { 1 };
        assert!(ran.code == Some(code) && ran.err.contains(problem), "{problem}: {}", ran.err);
    }
    let ran = place.run("import", &["none.csv"]);
    assert!(ran.code == Some(1) && ran.err.contains("none.csv can't be read: "), "{}", ran.err);
    assert_eq!(place.sandbox.requests().len(), 0);
}

#[test]
fn run_again_it_creates_nothing_again() {
    let place = Place::with("lastName\nLovelace\nHopper\nLovelace\n");
    assert_eq!(place.import(&[]).code, Some(0));
    assert_eq!(place.last_names(), ["Hopper", "Lovelace", "Lovelace"], "equal rows are different rows");
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("3 created (3 of them by earlier runs)"), "{}", ran.out);
    assert_eq!(place.contacts().len(), 3);

    // Another import is another import.
    assert_eq!(place.import(&["--results", "other.csv"]).code, Some(0));
    assert_eq!(place.contacts().len(), 6);
}

#[test]
fn an_import_goes_on_only_as_it_began() {
    let place = Place::with("lastName,title\nLovelace,Countess\n");
    assert_eq!(place.import(&[]).code, Some(0));
    let refused = |place: &Place, arguments: &[&str], problem: &str| {
        let ran = place.import(arguments);
        assert!(ran.code == Some(1) && ran.err.contains(problem), "{problem}: {}", ran.err);
        assert!(ran.err.contains("--results"), "{}", ran.err);
    };
    refused(&place, &["--ignore", "title"], "another --map, --ignore");
    refused(&place, &["--ignore", "title", "--dry-run"], "another --map, --ignore");
    let elsewhere = Place::with("lastName,title\nLovelace,Countess\n");
    elsewhere.write("people.results.csv", &place.results());
    refused(&elsewhere, &[], "it went to another place");
    place.write("people.csv", "lastName,title\nLovelace,Countess\nHopper,\n");
    refused(&place, &[], "the input was changed");
    assert_eq!(place.import(&["--results", "people.csv"]).code, Some(2));
    place.write("precious.csv", "a,b\n1,2\n");
    refused(&place, &["--results", "precious.csv"], "is not a results file");
    assert_eq!(place.read("precious.csv"), "a,b\n1,2\n");
    assert_eq!(place.contacts().len() + elsewhere.contacts().len(), 1);
}

#[test]
fn a_file_as_a_spreadsheet_writes_it_is_recognized() {
    for (csv, delimiter, names) in [
        ("\u{feff}firstName;lastName;title\r\nAda;\"Love;lace\";\"a, b\"\r\n", ";", &["Love;lace"][..]),
        ("firstName\tlastName\r\nAda\tLovelace\r\n", "\\t", &["Lovelace"]),
        ("lastName\nLovelace\n", ",", &["Lovelace"]),
        // More semicolons than commas, in a file with commas.
        ("lastName,\"a;b;c;d\"\nLovelace,1\n", ",", &["Lovelace"]),
        // More commas than semicolons, in a file with semicolons.
        ("lastName;\"a,b,c,d\"\nLovelace;1\n", ";", &["Lovelace"]),
        ("Vor,Mittel;Nachname\nAda;Lovelace\n", ";", &["Lovelace"]),
    ] {
        let place = Place::with(csv);
        let mut arguments = vec!["--ignore", "title"];
        for (column, option) in [
            ("a;b;c;d", ["--ignore", "a;b;c;d"]),
            ("a,b,c,d", ["--ignore", "a,b,c,d"]),
            ("Nachname", ["--map", "Nachname=lastName"]),
            ("Vor,Mittel", ["--map", "Vor,Mittel=firstName"]),
        ] {
            if csv.contains(column) {
                arguments.extend(option);
            }
        }
        if !csv.contains("title") {
            arguments.drain(..2);
        }
        let ran = place.import(&[&["--dry-run"], &arguments[..]].concat());
        assert_eq!(ran.code, Some(0), "{csv:?}: {}", ran.err);
        assert!(ran.out.starts_with(&format!("Rows: 1, with '{delimiter}' between the cells\n")), "{}", ran.out);
        assert_eq!(place.import(&arguments).code, Some(0));
        assert_eq!(place.last_names(), names);
    }
    // Nothing of it is known: the message shows single columns all the same.
    let ran = Place::with("Vorname;Nachname\nAda;Lovelace\n").import(&[]);
    assert!(ran.code == Some(2) && ran.err.contains("column \"Vorname\""), "{}", ran.err);
}

#[test]
fn two_imports_at_once_are_refused() {
    let place = Place::with("lastName\nLovelace\n");
    place.write("people.results.csv", "");
    let lock = fs::File::options().write(true).open(place.folder.join("people.results.csv")).unwrap();
    fs4::FileExt::try_lock(&lock).unwrap();
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.contains("another import is running"), "{}", ran.err);
    assert!(ran.err.contains("people.results.csv locked"), "{}", ran.err);
    assert_eq!(place.contacts().len(), 0);
    drop(lock);
    assert_eq!(place.import(&[]).code, Some(0));
    let mut files: Vec<_> = fs::read_dir(&place.folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["people.csv", "people.results.csv"], "nothing else is left");
}

#[test]
fn an_import_that_can_not_begin_leaves_no_file() {
    let place = Place::with("lastName\nLovelace\n");
    place.sandbox.next_calls(1).matching("POST", "/oauth/token").fail(400);
    assert_eq!(place.import(&[]).code, Some(1));
    assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 1);
}

/// Nothing was sent before the first two lines were on the disk.
#[test]
fn a_results_file_whose_making_was_interrupted_is_made_anew() {
    let place = Place::with("lastName\nLovelace\n");
    assert_eq!(place.import(&[]).code, Some(0));
    let begin: String = place.results().lines().take(2).map(|line| format!("{line}\n")).collect();
    for length in [0, 10, begin.find('\n').unwrap(), begin.find('\n').unwrap() + 1, begin.len() - 1] {
        place.write("people.results.csv", &begin[..length]);
        assert_eq!(place.import(&["--dry-run"]).code, Some(0), "{length}");
        let before = place.contacts().len();
        let ran = place.import(&[]);
        assert_eq!(ran.code, Some(0), "{length}: {}", ran.err);
        assert_eq!(place.contacts().len(), before + 1);
        assert_eq!(place.results().lines().count(), 3);
    }
}

#[test]
fn what_was_created_before_a_crash_is_recognized() {
    let place = Place::with("firstName,lastName,workEmail\nAda,Lovelace,\n,,a@example.com\n");
    assert_eq!(place.import(&[]).code, Some(0));
    for line in [2, 3] {
        let before = place.results();
        place.forget(line, LONG_AGO);
        let ran = place.import(&[]);
        assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
        let id = before.lines().find(|text| text.starts_with(&format!("{line},"))).unwrap().split(',').nth(2).unwrap();
        assert!(place.results().contains(&format!("{line},created,{id},")), "{}", place.results());
        assert_eq!(place.contacts().len(), 2);
    }
}

#[test]
fn what_was_not_created_before_a_crash_is_created_once_there_was_time_enough() {
    // The contact of the equal row is not taken for this one.
    let place = Place::with("lastName\nLovelace\nLovelace\n");
    assert_eq!(place.import(&[]).code, Some(0));
    let id = place.results().lines().last().unwrap().split(',').nth(2).unwrap().to_owned();
    place.client.contacts().delete(id).send().unwrap();
    let now = time::OffsetDateTime::now_utc().format(&time::format_description::well_known::Rfc3339).unwrap();
    place.forget(3, &now);

    let ran = place.run("import", &["people.csv"]);
    assert_eq!(ran.code, Some(4), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("line 3: unknown: not found, but a new contact may take a while"), "{}", ran.out);
    assert_eq!(place.contacts().len(), 1);
    assert!(place.results().contains(&format!("3,unknown,,{now},")), "still since then: {}", place.results());
    // A clock that was set back makes nothing old.
    place.edit_results(|results| results.replace(&now, "2999-01-01T00:00:00Z"));
    assert_eq!(place.import(&[]).code, Some(4));
    assert_eq!(place.contacts().len(), 1);

    place.edit_results(|results| results.replace("2999-01-01T00:00:00Z", LONG_AGO));
    let ran = place.run("import", &["people.csv"]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert_eq!(place.contacts().len(), 2);
}

#[test]
fn a_search_that_is_behind_makes_nothing_twice() {
    let place = Place::with("lastName\nLovelace\nHopper\nTuring\n");
    place.sandbox.search_lag(Duration::from_secs(3600));
    assert_eq!(place.import(&[]).code, Some(0));
    place.forget(3, LONG_AGO);
    // Time enough has passed, it would seem; but line 2 is not found, either.
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(4), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("line 3: unknown: not found, but nor is line 2"), "{}", ran.out);
    place.sandbox.advance(Duration::from_secs(3600));
    assert_eq!(place.last_names(), ["Hopper", "Lovelace", "Turing"]);
    assert_eq!(place.import(&[]).code, Some(0));
    assert_eq!(place.last_names(), ["Hopper", "Lovelace", "Turing"]);
}

#[test]
fn a_row_can_be_sent_again_by_hand() {
    let place = Place::with("lastName\nLovelace\n");
    place.sandbox.next_calls(1).matching("POST", "/contacts").reset();
    assert_eq!(place.run("import", &["people.csv"]).code, Some(4));
    assert_eq!(place.run("import", &["people.csv"]).code, Some(4));
    assert_eq!(place.contacts().len(), 0);
    assert_eq!(place.run("import", &["people.csv", "--resend", "2"]).code, Some(0));
    assert_eq!(place.contacts().len(), 1);
}

#[test]
fn too_many_that_are_alike_leave_a_row_unknown_unless_the_marker_can_be_searched() {
    let place = Place::with("lastName\nSmith\n");
    let document = JsonSchemaDocument::of_fields("Import", [SchemaField::identifier("import", "Import")]).unwrap();
    let schema = DataSchema::default().with_name("Import").with_version(0).with_json_schema(document);
    let schema = place.client.contacts().schemas().create(schema).send().unwrap().id.unwrap();
    let many: Vec<_> = (0..1001).map(|_| serde_json::json!({ "lastName": "Smith" })).collect();
    place.sandbox.load_contacts(&serde_json::Value::from(many).to_string()).unwrap();
    let by_field = ["--marker", "customFields.import_identifier", "--schema", &schema, "--results", "by-field.csv"];
    for (arguments, code) in [(&by_field[..], 0), (&[], 4)] {
        place.sandbox.next_calls(1).matching("POST", "/contacts").after_applying().reset();
        assert_eq!(place.import(arguments).code, Some(4));
        let ran = place.import(arguments);
        assert_eq!(ran.code, Some(code), "{} {}", ran.out, ran.err);
        assert!(code == 0 || ran.out.contains("too many contacts that are like it"), "{}", ran.out);
    }
    let creates = place.sandbox.requests().into_iter().filter(|request| request.path.ends_with("/contacts"));
    assert_eq!(creates.filter(|request| request.method == "POST").count(), 2);
}

#[test]
fn a_service_that_drops_the_marker_is_noticed_at_the_first_row() {
    let place = Place::with("lastName\nLovelace\nHopper\n");
    place.sandbox.next_calls(1).matching("POST", "/contacts").answer(200, "application/json", r#"{"id": "some-id"}"#);
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.contains("did not keep the marker"), "{}", ran.err);
    assert!(place.results().ends_with("\n") && place.results().contains("2,created,some-id,"), "{}", place.results());
    assert_eq!(place.contacts().len(), 0);
}

#[test]
fn what_would_hit_every_row_ends_the_import() {
    let place = Place::with("lastName\nLovelace\nHopper\nTuring\nDijkstra\n");
    place.sandbox.set_permissions(["externalContacts:contact:view"]);
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.contains("externalContacts:contact:add"), "{}", ran.err);
    assert!(place.results().contains("2,failed,") && !place.results().contains("\n3,"), "{}", place.results());
    place.sandbox.set_permissions(["externalContacts:*:*"]);
    place.sandbox.next_calls(3).matching("POST", "/contacts").fail(500);
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.contains("500"), "{}", ran.err);
    assert!(place.results().contains("4,unknown,") && !place.results().contains("\n5,"), "{}", place.results());
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert_eq!(place.contacts().len(), 4);
}

#[test]
fn a_torn_last_line_is_dropped() {
    let place = Place::with("lastName\nLovelace\nHopper\n");
    assert_eq!(place.import(&[]).code, Some(0));
    // Torn after the create: the row is looked for.
    place.forget(3, LONG_AGO);
    place.edit_results(|results| format!("{results}3,created,5a"));
    assert_eq!(place.import(&[]).code, Some(0));
    assert_eq!(place.contacts().len(), 2);
    assert_eq!(place.results().lines().filter(|line| line.starts_with("3,created,")).count(), 1);
    // Other damage is not guessed at.
    place.edit_results(|results| results.replace("2,created", "created"));
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.contains("line 3 can't be read"), "{}", ran.err);
}

#[test]
fn killed_between_the_create_and_its_answer_it_finds_what_it_created() {
    let place = Place::with("lastName\nLovelace\n");
    // The contact is created, and the import waits: the moment that a kill has to hit.
    place.sandbox.next_calls(1).matching("POST", "/contacts").after_applying().rate_limit(Duration::from_secs(60));
    let mut child = place.command("import", &["people.csv", "--lag", "0"]).spawn().unwrap();
    while place.contacts().is_empty() && child.try_wait().unwrap().is_none() {}
    assert!(place.results().contains("\n2,sending,"), "written before it is sent: {}", place.results());
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert!(place.results().contains("found after a crash"), "{}", place.results());
    assert_eq!(place.contacts().len(), 1);
}

#[test]
fn what_is_added_after_a_torn_line_can_be_read() {
    let rows: String = (0..300).map(|row| format!("N{row}x\n")).collect();
    let place = Place::with(&format!("lastName\n{rows}"));
    for torn in [false, true] {
        if torn {
            place.edit_results(|results| format!("{results}3,crea"));
        }
        let before = place.results().lines().count();
        let mut child = place.command("import", &["people.csv", "--lag", "0"]).spawn().unwrap();
        while place.results().lines().count() < before + 2 && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ran = place.import(&["--dry-run"]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
}

/// Sends what Ctrl-C sends.
#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
}

#[cfg(unix)]
#[test]
fn after_ctrl_c_it_says_how_to_go_on_and_does() {
    let rows: String = (0..1000).map(|row| format!("N{row}x\n")).collect();
    let place = Place::with(&format!("lastName\n{rows}"));
    let mut child = place.command("import", &["people.csv", "--lag", "0"]).spawn().unwrap();
    while place.results().lines().count() < 10 && child.try_wait().unwrap().is_none() {}
    interrupt(&child);
    let ran: Run = child.wait_with_output().unwrap().into();
    assert_eq!(ran.code, Some(1), "{} {}", ran.out, ran.err);
    assert!(ran.err.starts_with("Ends after the row that is under way."), "{}", ran.err);
    assert!(ran.err.contains("error: interrupted before line ") && ran.err.contains("run the same command again"));
    assert!(ran.out.contains(" 0 unknown\nThe results are in "), "{}", ran.out);
    let created = place.contacts().len();
    assert!(created < 1000 && ran.out.contains(&format!("Rows: 1000. {created} created")), "{created} {}", ran.out);
    let ran = place.import(&[]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert_eq!(place.last_names().len(), 1000);
}

#[cfg(unix)]
#[test]
fn ctrl_c_twice_ends_it_at_once() {
    let place = Place::with("lastName\nLovelace\nHopper\n");
    // The row under way waits for a minute.
    place.sandbox.next_calls(1).matching("POST", "/contacts").after_applying().rate_limit(Duration::from_secs(60));
    let mut child = place.command("import", &["people.csv", "--lag", "0"]).spawn().unwrap();
    while place.contacts().is_empty() && child.try_wait().unwrap().is_none() {}
    interrupt(&child);
    let mut first = String::new();
    let mut errors = io::BufReader::new(child.stderr.take().unwrap());
    errors.read_line(&mut first).unwrap();
    assert_eq!(first, "Ends after the row that is under way. Press Ctrl-C again to end at once.\n");
    interrupt(&child);
    let code = child.wait().unwrap().code();
    let mut second = String::new();
    errors.read_to_string(&mut second).unwrap();
    assert_eq!(code, Some(1));
    assert!(second.starts_with("Ended. To go on, run the same command again"), "{second}");
    assert_eq!(place.import(&[]).code, Some(0));
    assert_eq!(place.last_names(), ["Hopper", "Lovelace"]);
}

#[test]
fn what_it_prints_has_no_stray_lines_and_says_how_long_it_takes() {
    let rows: String = (0..150).map(|row| format!("N{row}x\n")).collect();
    let place = Place::with(&format!("lastName\n{rows}"));
    let ran = place.import(&[]);
    assert!(ran.err.starts_with("50 rows to go: about ") && ran.err.lines().count() == 1, "{}", ran.err);
    assert_eq!(
        ran.out,
        "Rows: 150. 150 created, 0 invalid, 0 failed, 0 unknown\nThe results are in people.results.csv\n"
    );
    // A sandbox in memory has the limit of the service, and no time to wait for it.
    place.write("many.csv", &format!("lastName\n{}", "Lovelace\n".repeat(400)));
    let mut in_memory = command("import", &["many.csv"]);
    let ran: Run = in_memory.current_dir(&place.folder).output().unwrap().into();
    let prediction = ran.err.lines().nth(1).unwrap_or_default();
    assert!(prediction.contains(" rows to go: about ") && !prediction.contains("minute"), "{}", ran.err);
    // Stopped at the first row: no other is a problem.
    let place = Place::with(&format!("lastName\n{rows}"));
    place.sandbox.set_permissions(["externalContacts:contact:view"]);
    let ran = place.import(&[]);
    assert!(ran.code == Some(1) && ran.err.lines().count() == 1, "{}", ran.err);
    assert_eq!((ran.out.lines().count(), ran.out.contains('…')), (3, false), "{}", ran.out);
    // Twelve rows with problems: ten are shown.
    let rows = "x,y\n".repeat(12);
    let ran = Place::with(&format!("lastName\n{rows}")).import(&[]);
    assert!(ran.code == Some(3) && ran.out.contains("\n  … and 2 more\nThe results are in "), "{}", ran.out);
    assert!(!ran.out.contains("\n\n") && ran.err.is_empty(), "{} {}", ran.out, ran.err);
}

/// Stands between the import and the server, and knows when nothing is under way any more.
struct Gate {
    address: SocketAddr,
    open: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Gate {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (open, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (opened, over) = (Arc::clone(&open), Arc::clone(&is_over));
        let thread = thread::spawn(move || {
            for client in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                opened.fetch_add(1, Ordering::SeqCst);
                let open = Arc::clone(&opened);
                thread::spawn(move || {
                    let _ = client.and_then(|client| Self::pass(&client, server));
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, open, is_over, thread: Some(thread) }
    }

    /// Ends when both sides have ended: the server has handled all that came.
    fn pass(client: &TcpStream, server: SocketAddr) -> io::Result<()> {
        let server = &TcpStream::connect(server)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        thread::scope(|scope| {
            scope.spawn(move || {
                let _ = io::copy(&mut &*client, &mut &*server);
                server.shutdown(Shutdown::Write)
            });
            let _ = io::copy(&mut &*server, &mut &*client);
            // Whether or not the client is still there.
            let _ = io::copy(&mut &*server, &mut io::sink());
            let _ = client.shutdown(Shutdown::Write);
        });
        Ok(())
    }

    /// Waits until the server has handled all that was sent by clients which have ended.
    fn settle(&self) {
        // Connections are taken in turn: when this one is over, those before it are counted.
        let mut last = TcpStream::connect(self.address).unwrap();
        last.shutdown(Shutdown::Write).unwrap();
        let _ = io::copy(&mut last, &mut io::sink());
        while self.open.load(Ordering::SeqCst) > 0 {
            thread::yield_now();
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Each kill comes at a random line of the results file, and a random while after it.
#[test]
fn killed_at_any_moment_it_loses_nothing_and_creates_nothing_twice() {
    let kills: usize = std::env::var("IMPORT_KILLS").map_or(3, |kills| kills.parse().unwrap());
    let count = 150 + 10 * kills;
    assert!(count <= 1000, "IMPORT_KILLS is 85 at most: a search gives no more contacts");
    let rows: String = (0..count).map(|row| format!("Row,N{row}x,n{row}@example.com\n")).collect();
    let place = Place::with(&format!("firstName,lastName,workEmail\n{rows}"));
    let gate = Gate::before(place.server.address());
    let import = || {
        let server = format!("http://{}", gate.address);
        let mut command = command("import", &["people.csv", "--lag", "0", "--server", &server]);
        command.current_dir(&place.folder);
        command
    };
    let lines = || place.results().lines().count();
    let (mut killed, mut sent, mut applied) = (0, 0, 0);
    for _ in 0..kills {
        let random = getrandom::u64().unwrap();
        let (goal, spins) = (lines() + random as usize % 20, (random >> 32) % 600_000);
        let mut child = import().spawn().unwrap();
        while lines() < goal && child.try_wait().unwrap().is_none() {}
        (0..spins).for_each(|_| std::hint::spin_loop());
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            // On a machine that is very busy, it was ready before it could be killed.
            break;
        }
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(!problem.contains("error: "), "{problem}");
        // In place of the lag: the search finds at once what the server has handled.
        gate.settle();
        killed += 1;
        let results = place.results();
        let mut last = results.rsplit('\n').nth(1).unwrap_or_default().split(',');
        if let (Some(line), Some("sending")) = (last.next(), last.next()) {
            sent += 1;
            let name = format!("N{}x", line.parse::<usize>().unwrap() - 2);
            applied += place.client.contacts().search().q(name).send().unwrap().total.unwrap();
        }
    }
    println!("{killed} kills: {sent} with a contact being sent, {applied} of these created and not recorded");
    let ran: Run = import().output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let mut expected: Vec<_> = (0..count).map(|row| format!("N{row}x")).collect();
    expected.sort();
    assert_eq!(place.last_names(), expected);
}
