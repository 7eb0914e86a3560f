//! The example `sandbox_server`: a client can't tell whether the sandbox is in its memory or behind HTTP.
#![cfg(feature = "ureq")]

#[allow(dead_code)]
#[path = "../examples/sandbox_server.rs"]
mod server;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use genesys_external_contacts::model::User;
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Client, ContactSort, ConversationAssociation, ConversationMediaType, DataSchema, Error, ErrorKind, ExternalContact,
    ExternalOrganization, JsonSchemaDocument, LookupExpand, Note, NoteExpand, Relationship, SchemaField,
};
use server::{Options, Server};

const USER: &str = "00000000-0000-4000-8000-000000000000";

fn over_http(sandbox: &Sandbox) -> (Client, Server) {
    let server = Server::start(sandbox.clone(), "127.0.0.1", 0).unwrap();
    let url = format!("http://{}", server.address());
    let client = Client::builder()
        .api_url(&url)
        .login_url(&url)
        .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
        .build();
    (client.unwrap(), server)
}

/// What a client sees, without what differs each time.
fn scenario(client: &Client) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let contacts = client.contacts();
    let search = contacts.search().q("smith").sort(ContactSort::FirstName.asc()).page_size(3);
    for contact in search.items() {
        seen.push(format!("{:?}", contact?.work_email));
    }
    let answer = contacts.create(ExternalContact::default().with_last_name("Løvelace & Söhne")).send_with_meta()?;
    seen.push(format!("{} {:?}", answer.meta.status(), answer.output.last_name));
    seen.push(format!("{:?}", answer.meta.headers().get("cache-control")));
    let id = answer.output.id.clone().unwrap_or_default();
    let found = contacts.search().q("\"løvelace &\"").send()?;
    seen.push(format!("{:?}", found.total));
    let organization = client.organizations().create(ExternalOrganization::default().with_name("Acme")).send()?;
    let organization_id = organization.id.unwrap_or_default();
    contacts
        .update(&id, answer.output.with_external_organization(ExternalOrganization::reference(&organization_id)))
        .send()?;
    seen.push(format!("{:?}", client.organizations().contacts(&organization_id).search().send()?.total));
    let link = client.organizations().link_trustor(&organization_id, "3d5f2c1e-0000-4000-8000-000000000001").send()?;
    seen.push(format!("{}", link.trustor_org_id.is_some()));
    client.organizations().unlink_trustor(&organization_id).send()?;

    let owner = client.organizations().notes(&organization_id);
    for notes in [contacts.notes(&id).list().send()?.total, owner.list().send()?.total] {
        seen.push(format!("{notes:?}"));
    }
    let note = contacts.notes(&id).create(Note::new("called").with_created_by(User::reference(USER))).send()?;
    let note_id = note.id.clone().unwrap_or_default();
    contacts.notes(&id).update(&note_id, note.with_note_text("wrote")).send()?;
    let note = contacts.notes(&id).get(&note_id).expand([NoteExpand::Author]).send()?;
    seen.push(format!("{:?} {:?}", note.note_text, note.created_by.map(|author| author.name)));
    contacts.notes(&id).delete(&note_id).send()?;

    let relationship = Relationship::default()
        .with_user(User::reference(USER))
        .with_external_organization(ExternalOrganization::reference(&organization_id))
        .with_relationship("Manager");
    let relationship = client.relationships().create(relationship).send()?;
    for one in client.organizations().relationships(&organization_id).list().items() {
        let one = one?;
        seen.push(format!("{:?} {}", one.relationship, one.id == relationship.id));
    }
    client.relationships().delete(relationship.id.unwrap_or_default()).send()?;

    let document = JsonSchemaDocument::of_fields("Rank", [SchemaField::text("rank", "Rank")])?;
    let schema = DataSchema::default().with_name("Rank").with_version(0).with_json_schema(document);
    let schema = contacts.schemas().create(schema).send()?;
    let with_rank = |rank: &str| {
        let reference = DataSchema::default().with_id(schema.id.clone().unwrap_or_default()).with_version(1);
        ExternalContact::default().with_schema(reference).with_custom_field("rank_text", rank.to_owned())
    };
    let ranked = contacts.create(with_rank("high")?).send()?;
    seen.push(format!("{:?}", ranked.custom_fields));
    seen.push(format!("{:?}", contacts.search().q("high").send()?.total));
    let association = ConversationAssociation::default()
        .with_external_contact_id(&*id)
        .with_communication_id("k1")
        .with_media_type(ConversationMediaType::Call);
    client.conversations().associate("c1", association).send()?;
    let found = client
        .reverse_white_pages_lookup("alan.smith.135@example.com")
        .expand([LookupExpand::ContactsExternalOrganization])
        .send()?;
    for contact in found.contacts.into_iter().flatten() {
        let organization = contact.external_organization.map(|organization| organization.name);
        seen.push(format!("{:?} {organization:?}", contact.cell_phone.map(|phone| phone.display)));
    }

    contacts.delete(&id).send()?;
    let refused = ExternalContact::default().with_title("x".repeat(1001));
    for error in [
        contacts.get(&id).send().unwrap_err(),
        contacts.get("a/b ?").send().unwrap_err(),
        contacts.create(refused).send().unwrap_err(),
        contacts.create(with_rank(&"x".repeat(101))?).send().unwrap_err(),
        contacts
            .schemas()
            .update(schema.id.clone().unwrap_or_default(), schema.clone().with_version(7))
            .send()
            .unwrap_err(),
        contacts.notes(&id).list().send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(600_000))).send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(2_000_000))).send().unwrap_err(),
    ] {
        // The id of the answer is in its body and in its head.
        let ErrorKind::Api(error) = error.kind() else { return Err(error) };
        let in_head = error.meta.correlation_id().map(str::to_owned);
        let in_body = error.body.context_id.clone();
        assert!(in_head.is_some() && in_head == in_body, "{in_head:?} {in_body:?}");
        let fields: Vec<_> = error.body.details.iter().flatten().map(|detail| &detail.field_name).collect();
        seen.push(format!("{} {:?} {fields:?}", error.status(), error.body.code));
    }
    client.sign_out()?;
    seen.push(format!("{:?}", contacts.search().send()?.total));
    Ok(seen)
}

#[test]
fn a_client_sees_the_same_in_memory_and_over_http() {
    let in_memory = Sandbox::new();
    let behind_http = Sandbox::new();
    in_memory.generate_contacts(200);
    behind_http.generate_contacts(200);
    let (client, _server) = over_http(&behind_http);
    let expected = scenario(&in_memory.client()).unwrap();
    assert!(expected.len() > 22, "{expected:?}");
    assert_eq!(scenario(&client).unwrap(), expected);

    // Connections break over HTTP too, and the client gets over it.
    behind_http.next_calls(2).matching("GET", "/contacts").reset();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(201));
}

fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // What was not read when the connection ended may reset it.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn requests_are_read_however_they_are_written() {
    let (_client, server) = over_http(&Sandbox::new());
    let sign_in = |head: &str, body: &str| {
        let basic = base64::Engine::encode(
            &base64::prelude::BASE64_STANDARD,
            format!("{}:{}", Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET),
        );
        let form = "application/x-www-form-urlencoded";
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\nContent-Type: {form}\r\n\
             Connection: close\r\n{head}\r\n{body}"
        );
        raw(&server, &request)
    };
    let form = "grant_type=client_credentials";
    let chunked = "5;x=y\r\ngrant\r\n18\r\n_type=client_credentials\r\n0\r\nTrailer: x\r\n\r\n";
    for (head, body) in [
        ("Content-Length: 29\r\n", form),
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Expect: 100-continue\r\nContent-Length: 29\r\n", form),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.contains("HTTP/1.1 200 OK\r\n") && answer.contains("access_token"), "{head}: {answer}");
    }
    for (head, body) in [
        ("Content-Length: 29\r\nContent-Length: 29\r\n", form),
        ("Content-Length: 29\r\nTransfer-Encoding: chunked\r\n", chunked),
        ("Transfer-Encoding: gzip\r\n", form),
        ("Transfer-Encoding: chunked\r\n", "zz\r\n"),
        ("Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n"),
        ("Content-Length: -1\r\n", form),
        ("Content-Length: 99999999999\r\n", form),
        ("no colon\r\n", ""),
        (&*format!("X: {}\r\n", "x".repeat(70_000)), ""),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    let head = raw(&server, "HEAD /api/v2/tokens/me HTTP/1.0\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 401 ") && head.ends_with("\r\n\r\n"), "{head}");
    for nonsense in ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET http:// HTTP/1.1\r\n\r\n"] {
        assert!(raw(&server, nonsense).starts_with("HTTP/1.1 400 "), "{nonsense}");
    }
    // Two requests at once.
    let two = raw(&server, "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(two.matches("HTTP/1.1 401 ").count(), 2, "{two}");
}

#[test]
fn options_are_read() {
    let parse = |words: &str| Options::parse(words.split_whitespace().map(str::to_owned));
    let options = parse("").unwrap().unwrap();
    assert_eq!((&*options.host, options.port, options.contacts), ("127.0.0.1", 8080, 0));
    let options = parse("--port 0 --contacts 5000 --host ::1 --no-limit").unwrap().unwrap();
    assert_eq!((&*options.host, options.port, options.contacts, options.no_limit), ("::1", 0, 5000, true));
    assert!(parse("--port 1 --help").unwrap().is_none());
    for wrong in ["--port", "--port x", "--port 65536", "--contacts -1", "port"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

/// Whatever arrives at the port, the server goes on. A panic in one of its threads would fail nothing by itself, so they
/// are counted.
#[test]
fn the_server_survives_what_it_is_sent() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        told(info);
    }));
    let (client, server) = over_http(&Sandbox::new());
    let parts = vec![
        "GET ",
        "POST ",
        "/oauth/token",
        "/api/v2/externalcontacts/contacts",
        "/",
        " ",
        " HTTP/1.1",
        " HTTP/1.0",
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        ":",
        "Content-Length: ",
        "0",
        "5",
        "-1",
        "18446744073709551616",
        "Transfer-Encoding: chunked",
        "ffffffffffffffff",
        "0\r\n\r\n",
        "Expect: 100-continue",
        "Connection: close",
        "Authorization: Basic ",
        "Content-Type: application/json",
        "{}",
        "?",
        "%",
        "#",
        "\0",
        "http://x/",
        "*",
        "é",
    ];
    let part = prop_oneof![
        8 => proptest::sample::select(parts).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    let bytes = proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat());
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&bytes, |bytes| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        // The server may have had enough before all was sent.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "));
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
}

#[test]
fn the_server_says_how_to_reach_it() {
    let text = server::introduction("127.0.0.1:8080".parse().unwrap(), 5);
    for part in [
        "http://127.0.0.1:8080/oauth/token",
        Sandbox::CLIENT_ID,
        Sandbox::CLIENT_SECRET,
        "Client::builder().api_url(\"http://127.0.0.1:8080\").login_url(\"http://127.0.0.1:8080\")",
        "PureCloudPlatformClientV2.configuration.host = \"http://127.0.0.1:8080\"",
        "setGateway({ host: \"127.0.0.1\", protocol: \"http\", port: 8080 })",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
