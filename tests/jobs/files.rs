//! Files; compiled once for each flavour.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use genesys_external_contacts::exports::Export;
use genesys_external_contacts::imports::{CsvMapping, CsvSettings, ImportAction, ImportField, ImportSettings};
use genesys_external_contacts::sandbox::{Sandbox, SandboxBuilder};
use genesys_external_contacts::{Error, ErrorKind, FileProblem, Region, UploadFile};

use super::{Client, client_of, maybe_async};
use crate::support::Script;

const HOUR: Duration = Duration::from_secs(3600);

/// A sandbox with an export that has ended: its id, and its file as it must come.
#[maybe_async]
async fn exported(builder: SandboxBuilder, contacts: usize) -> (Sandbox, Client, String, Vec<u8>) {
    let sandbox = builder.build();
    sandbox.generate_contacts(contacts);
    let client = client_of(&sandbox);
    let id = client.contacts().exports().start(Export::default()).send().await.unwrap().id.unwrap();
    client.contacts().exports().get(&id).wait(HOUR).await.unwrap();
    sandbox.advance(Duration::from_secs(3600));
    let mut file = Vec::new();
    client.contacts().exports().get(&id).download().write_to(&mut file).await.unwrap();
    assert_eq!(file.iter().filter(|byte| **byte == b'\n').count(), contacts);
    (sandbox, client, id, file)
}

fn problem(error: &Error) -> &FileProblem {
    match error.kind() {
        ErrorKind::File(error) => &error.problem,
        _ => panic!("{error}"),
    }
}

/// Interruptions at many places, with a host that gives parts and with one that doesn't.
#[maybe_async]
pub async fn a_download_is_whole_whatever_breaks() {
    for builder in
        [Sandbox::builder(), Sandbox::builder().files_ignore_ranges(), Sandbox::builder().files_on_api_host()]
    {
        let (sandbox, client, id, file) = exported(builder.clone(), 300).await;
        assert!(file.len() > 50_000);
        let ignores = format!("{builder:?}").contains("files_ignore_ranges: true");
        for bytes in [1, 1000, 16_384, 20_000] {
            // A host that always begins anew gets further each time.
            for nth in 1..=10 {
                let bytes = if ignores { bytes * nth } else { bytes };
                sandbox.next_calls(1).matching("GET", "/files/*").cut_off(bytes);
            }
            sandbox.next_calls(1).matching("GET", "/files/*").fail(503);
            sandbox.next_calls(1).matching("GET", "/files/*").reset();
            let mut whole = Vec::new();
            let written = client.contacts().exports().get(&id).download().write_to(&mut whole).await.unwrap();
            assert!(whole == file && written == file.len() as u64, "{bytes}: {} of {}", whole.len(), file.len());
        }
    }
}

#[maybe_async]
pub async fn parts_and_the_whole_are_the_same() {
    let (_, client, id, file) = exported(Sandbox::builder(), 100).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let download = client.contacts().exports().get(&id).download();
    let mut download = download.on_progress(move |so_far| tell.lock().unwrap().push((so_far.bytes, so_far.total)));
    let mut whole = Vec::new();
    while let Some(part) = download.next().await {
        whole.extend(part.unwrap());
    }
    assert!(whole == file);
    let got = download.next().await;
    assert!(got.is_none());
    let told = told.lock().unwrap();
    assert_eq!(told.last(), Some(&(file.len() as u64, Some(file.len() as u64))));
    assert!(told.is_sorted() && told.len() > 1);
}

/// It isn't there at once, or it has expired: the job has a fresh one.
#[maybe_async]
pub async fn a_download_waits_for_its_url() {
    let sandbox = Sandbox::builder().download_lag(Duration::from_secs(20)).build();
    sandbox.generate_contacts(5);
    let client = client_of(&sandbox);
    let exports = client.contacts().exports();
    let id = exports.start(Export::default()).send().await.unwrap().id.unwrap();
    // Nothing has been made yet.
    let error = exports.get(&id).download().write_to(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(problem(&error), FileProblem::NoFile), "{error}");
    exports.get(&id).wait(HOUR).await.unwrap();
    exports.get(&id).download().write_to(&mut Vec::new()).await.unwrap();

    // It expires in the middle: the next request for it is one with another URL.
    let (sandbox, client, id, file) = exported(Sandbox::builder(), 100).await;
    sandbox.next_calls(1).matching("GET", "/files/*").cut_off(20_000);
    let mut download = client.contacts().exports().get(&id).download();
    let mut whole = download.next().await.unwrap().unwrap();
    sandbox.advance(HOUR);
    while let Some(part) = download.next().await {
        whole.extend(part.unwrap());
    }
    assert!(whole == file);
}

#[maybe_async]
pub async fn a_url_that_stays_bad_ends_the_download() {
    for status in [403, 404, 503] {
        let (sandbox, client, id, _) = exported(Sandbox::builder(), 5).await;
        sandbox.next_calls(100).matching("GET", "/files/*").fail(status);
        let before = sandbox.requests().len();
        let error = client.contacts().exports().get(&id).download().write_to(&mut Vec::new()).await.unwrap_err();
        assert!(
            matches!(problem(&error), FileProblem::Refused { status: refused, .. } if *refused == status),
            "{error}"
        );
        let requests = sandbox.requests();
        let count = |part: &str| requests[before..].iter().filter(|request| request.path.contains(part)).count();
        assert_eq!(count("/files/"), 6, "{status}");
        assert_eq!(count("/exports/"), if status == 503 { 1 } else { 6 }, "{status}");
        assert!(!error.to_string().contains("/files/"), "the URL is a secret: {error}");
    }
    let (sandbox, client, id, _) = exported(Sandbox::builder(), 5).await;
    sandbox.next_calls(1).matching("GET", "/files/*").fail(400);
    let got = client.contacts().exports().get(&id).download().write_to(&mut Vec::new()).await;
    assert!(got.is_err());
}

/// Everything that was sent is searched.
#[maybe_async]
pub async fn the_token_goes_to_the_api_and_nowhere_else() {
    for (builder, is_on_api) in [(Sandbox::builder(), false), (Sandbox::builder().files_on_api_host(), true)] {
        let (sandbox, client, id, _) = exported(builder, 5).await;
        sandbox.next_calls(1).matching("GET", "/files/*").fail(403);
        // A token that is no longer good is renewed, as for a call.
        sandbox.revoke_tokens();
        client.contacts().exports().get(&id).download().write_to(&mut Vec::new()).await.unwrap();
        let upload = client.imports().uploads().start(4).send().await.unwrap();
        let sent = client.imports().uploads().put(upload, UploadFile::bytes("a,b\n")).send().await;
        assert_eq!(sent.is_ok(), !is_on_api, "an upload never has the token");
        let mut with_token = 0;
        for request in sandbox.requests() {
            let all = format!("{:?} {:?} {:?}", request.headers, request.query, request.body);
            let is_api = request.host.as_deref() == Some("api.sandbox.example");
            let has_token = all.contains("Bearer") || request.headers.contains_key("authorization");
            let is_sign_in = request.path == "/oauth/token";
            assert!(is_api || is_sign_in || !has_token, "{request:?}");
            with_token += usize::from(has_token && request.path.contains("/files/"));
        }
        assert_eq!(with_token > 0, is_on_api);
    }
}

#[maybe_async]
pub async fn redirects_are_followed_without_the_token_and_not_for_ever() {
    let (sandbox, client, id, file) = exported(Sandbox::builder().files_on_api_host(), 5).await;
    // The API's own host redirects elsewhere, and back.
    let open = Sandbox::builder().build();
    drop(open);
    let export = client.contacts().exports().get(&id).send().await.unwrap();
    let path = export.download_url.unwrap().split_once("/files/").unwrap().1.to_owned();
    sandbox.next_calls(1).matching("GET", "/files/*").redirect(format!("https://elsewhere.example/files/{path}"));
    // There, files need a token in this sandbox, so that the end is a refusal; what counts is what was sent.
    let _ = client.contacts().exports().get(&id).download().write_to(&mut Vec::new()).await;
    let elsewhere: Vec<_> =
        sandbox.requests().into_iter().filter(|one| one.host.as_deref() == Some("elsewhere.example")).collect();
    assert!(!elsewhere.is_empty());
    assert!(elsewhere.iter().all(|request| !request.headers.contains_key("authorization")), "{elsewhere:?}");

    let (sandbox, client, id, open_file) = exported(Sandbox::builder(), 5).await;
    assert_eq!(open_file.len(), file.len());
    for (times, to, is_good) in [
        (1, "https://elsewhere.example/files/", true),
        (5, "https://elsewhere.example/files/", true),
        (6, "https://elsewhere.example/files/", false),
        (1, "/files/", true),
        (1, "http://elsewhere.example/files/", false),
        (1, "ftp://elsewhere.example/files/", false),
    ] {
        let export = client.contacts().exports().get(&id).send().await.unwrap();
        let key = export.download_url.unwrap().split_once("/files/").unwrap().1.to_owned();
        sandbox.next_calls(times).matching("GET", "/files/*").redirect(format!("{to}{key}"));
        let mut whole = Vec::new();
        let result = client.contacts().exports().get(&id).download().write_to(&mut whole).await;
        assert_eq!(result.is_ok(), is_good, "{times} {to}");
        match result {
            Ok(_) => assert!(whole == open_file),
            Err(error) => assert!(matches!(problem(&error), FileProblem::Redirect(_)), "{error}"),
        }
    }
    // A redirect of a call is an error, and goes nowhere.
    sandbox.next_calls(1).matching("GET", "/contacts").redirect("https://elsewhere.example/");
    let got = client.contacts().search().send().await;
    assert_eq!(got.unwrap_err().status().unwrap(), 302);
}

/// The export is another one when the download goes on: what came before is no part of it.
#[maybe_async]
pub async fn another_file_is_not_glued_on() {
    let (sandbox, client, id, file) = exported(Sandbox::builder().files_ignore_ranges(), 100).await;
    let mut download = client.contacts().exports().get(&id).download();
    sandbox.next_calls(1).matching("GET", "/files/*").cut_off(20_000);
    let first = download.next().await.unwrap().unwrap();
    assert!(file.starts_with(&first));
    sandbox.next_calls(1).matching("GET", "/files/*").answer(200, "text/plain", vec![b'x'; file.len()]);
    let mut last = None;
    while let Some(part) = download.next().await {
        last = Some(part);
    }
    let error = last.unwrap().unwrap_err();
    assert!(matches!(problem(&error), FileProblem::Changed), "{error}");
    // A shorter one, too.
    let mut download = client.contacts().exports().get(&id).download();
    sandbox.next_calls(1).matching("GET", "/files/*").cut_off(20_000);
    download.next().await.unwrap().unwrap();
    sandbox.next_calls(10).matching("GET", "/files/*").answer(200, "text/plain", "x");
    let mut is_error = false;
    while let Some(part) = download.next().await {
        is_error = part.is_err();
    }
    assert!(is_error);
}

#[maybe_async]
pub async fn a_download_has_the_size_that_it_may_have() {
    let (_, client, id, file) = exported(Sandbox::builder(), 20).await;
    let size = file.len() as u64;
    for (limit, is_good) in [(size, true), (size - 1, false)] {
        let download = client.contacts().exports().get(&id).download().max_size(limit);
        let got = download.write_to(&mut Vec::new()).await;
        assert_eq!(got.is_ok(), is_good, "{limit}");
    }
}

#[maybe_async]
pub async fn an_upload_sends_what_was_said_and_nothing_else() {
    let sandbox = Sandbox::new();
    let client = client_of(&sandbox);
    let uploads = client.imports().uploads();
    let csv = "External ID,Last name\n1,Lovelace\n";
    let upload = uploads.start(csv.len() as u64).file_name("contacts.csv").send().await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let put = uploads.put(upload.clone(), UploadFile::bytes(csv));
    put.on_progress(move |so_far| tell.lock().unwrap().push(so_far.bytes)).send().await.unwrap();
    assert_eq!(told.lock().unwrap().last(), Some(&(csv.len() as u64)));
    let request = sandbox.requests().pop().unwrap();
    assert_eq!((request.method.as_str(), request.body.as_slice()), ("PUT", csv.as_bytes()));
    assert_eq!(request.headers["content-length"], csv.len().to_string());
    assert!(!request.headers.contains_key("authorization") && !request.headers.contains_key("transfer-encoding"));
    for header in upload.upload_headers.unwrap() {
        assert_eq!(request.headers[header.name.unwrap()], header.value.unwrap());
    }
    let id = upload.upload_id.unwrap();
    let details = uploads.details(&id).wait(HOUR).await.unwrap();
    assert!(details.is_valid());
    assert_eq!(details.file_name.as_deref(), Some("contacts.csv"));
    let preview = uploads.preview(&id).send().await.unwrap();
    assert_eq!(preview.headers.unwrap(), ["External ID", "Last name"]);
    assert_eq!(preview.entries.unwrap(), [["1", "Lovelace"]]);

    // What can't be right.
    for (text, size) in [("a;b\n1;2\n", 8), ("a,b\n1\n", 6), ("a,b\n\u{fffd}", 5)] {
        let bytes = text.replace('\u{fffd}', "").into_bytes();
        let bytes = if text.contains('\u{fffd}') { [bytes, vec![0xff]].concat() } else { bytes };
        let upload = uploads.start(size).send().await.unwrap();
        let id = upload.upload_id.clone().unwrap();
        uploads.put(upload, UploadFile::bytes(bytes)).send().await.unwrap();
        let got = uploads.details(&id).wait(HOUR).await;
        assert!(!got.unwrap().is_valid(), "{text:?}");
        let got = uploads.preview(&id).send().await;
        assert_eq!(got.unwrap_err().status().unwrap(), 422, "{text:?}");
    }
    // Another size than was announced, and other headers.
    let upload = uploads.start(9).send().await.unwrap();
    let error = uploads.put(upload.clone(), UploadFile::bytes("x")).send().await.unwrap_err();
    assert!(matches!(problem(&error), FileProblem::Refused { status, .. } if *status == 400), "{error}");
    let bare = upload.without_upload_headers();
    let error = uploads.put(bare, UploadFile::bytes("123456789")).send().await.unwrap_err();
    assert!(matches!(problem(&error), FileProblem::Refused { status, .. } if *status == 403), "{error}");
}

#[maybe_async]
pub async fn an_upload_that_breaks_is_sent_once_more() {
    let sandbox = Sandbox::new();
    let client = client_of(&sandbox);
    let uploads = client.imports().uploads();
    let puts = || sandbox.requests().iter().filter(|request| request.method == "PUT").count();
    let mut expected = 0;
    for (failures, is_good) in [(1, true), (2, false)] {
        for reset in [true, false] {
            let upload = uploads.start(4).send().await.unwrap();
            let next = sandbox.next_calls(failures).matching("PUT", "/files/*");
            if reset {
                next.reset()
            } else {
                next.fail(503)
            }
            let sent = uploads.put(upload, UploadFile::bytes("a,b\n")).send().await;
            assert_eq!(sent.is_ok(), is_good, "{failures}");
            expected += 2;
            assert_eq!(puts(), expected);
        }
    }
    // What is refused is not sent again.
    let upload = uploads.start(4).send().await.unwrap();
    sandbox.next_calls(1).matching("PUT", "/files/*").fail(403);
    let got = uploads.put(upload, UploadFile::bytes("a,b\n")).send().await;
    assert!(got.is_err());
    assert_eq!(puts(), expected + 1);
}

#[maybe_async]
pub async fn an_import_from_file_to_report() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let client = client_of(&sandbox);
    let imports = client.imports();
    let known = r#"[{"lastName": "Byron", "workEmail": "ada@example.com"}]"#;
    let known = sandbox.load_contacts(known).unwrap().remove(0);
    let csv = "External ID,Last name,Mail\n1,Lovelace,ada@example.com\n2,Hopper,\n,Nobody,\n2,Murray,\n";
    let upload = imports.uploads().start(csv.len() as u64).send().await.unwrap();
    let upload_id = upload.upload_id.clone().unwrap();
    imports.uploads().put(upload, UploadFile::bytes(csv)).send().await.unwrap();
    imports.uploads().details(&upload_id).wait(HOUR).await.unwrap();

    let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    let settings = settings.with_external_source_id(crm).with_matching_criteria(vec!["Email".into()]);
    let settings = settings.with_import_fields(vec![ImportField::included("lastName")]);
    let settings = imports.settings().create(settings).send().await.unwrap().id.unwrap();
    let mappings = [("External ID", "$.externalIds[0].value"), ("Last name", "$.lastName"), ("Mail", "$.workEmail")];
    let mappings: Vec<_> = mappings.iter().map(|(column, field)| CsvMapping::new(*column, *field)).collect();
    let mapping = CsvSettings::default().with_external_settings_id(settings).with_mappings(mappings);
    let mapping = imports.csv_settings().create(mapping).send().await.unwrap().id.unwrap();
    let job = imports.jobs().start_csv(upload_id, mapping).send().await.unwrap().job.unwrap().id.unwrap();

    let validated = imports.jobs().get(&job).wait_validated(HOUR).await.unwrap().metadata.unwrap();
    assert_eq!((validated.dry_run_success_count, validated.dry_run_failed_count), (Some(3), Some(1)));
    let got = client.contacts().search().send().await;
    assert_eq!(got.unwrap().total, Some(1), "a dry run changes nothing");
    let mut report = Vec::new();
    imports.jobs().get(&job).dry_run_report().write_to(&mut report).await.unwrap();
    assert!(String::from_utf8(report).unwrap().contains("4,failed"));

    imports.jobs().update(&job, ImportAction::Continue).send().await.unwrap();
    let done = imports.jobs().get(&job).wait_finished(HOUR).await.unwrap().metadata.unwrap();
    assert_eq!((done.import_success_count, done.import_failed_count), (Some(3), Some(1)));
    let got = client.contacts().search().send().await;
    assert_eq!(got.unwrap().total, Some(2));
    let ada = client.contacts().get(known).send().await.unwrap();
    assert_eq!(ada.last_name.as_deref(), Some("Lovelace"), "found by its e-mail address");
    let got = client.contacts().search().q("murray").send().await;
    assert_eq!(got.unwrap().total, Some(1), "the last line counts");
    let mut report = Vec::new();
    imports.jobs().get(&job).report().write_to(&mut report).await.unwrap();
    assert!(!report.is_empty());
    // It has ended.
    let got = imports.jobs().update(&job, ImportAction::Cancel).send().await;
    assert!(got.unwrap_err().is_conflict());
}

#[maybe_async]
pub async fn a_transport_without_streams_says_so() {
    let script = Script::new().then(200, r#"{"status":"SUCCEEDED","downloadUrl":"https://files.example.com/x"}"#);
    let builder = Client::builder().region(Region::EuWest1).access_token("a-token");
    let client = builder.transport(script.clone()).build().unwrap();
    let error = client.contacts().exports().get("x").download().write_to(&mut Vec::new()).await.unwrap_err();
    assert!(matches!(problem(&error), FileProblem::Broken(_)), "{error}");
    assert!(format!("{error:?}").contains("the transport has no `stream`"), "{error:?}");
    assert!(!error.is_retryable());
}
