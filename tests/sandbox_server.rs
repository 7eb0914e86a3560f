//! The example `sandbox_server`: a client can't tell whether the sandbox is in its memory or behind HTTP.
#![cfg(feature = "ureq")]

#[path = "support/scripts.rs"]
mod scripts;
#[path = "support/server.rs"]
mod server;

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::Parser as _;
use genesys_external_contacts::model::User;
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Client, ContactSort, ConversationAssociation, ConversationMediaType, DataSchema, Error, ErrorKind as Kind,
    ExternalContact, ExternalOrganization, JsonSchemaDocument, LookupExpand, Note, NoteExpand, Relationship,
    SchemaField,
};
use server::Server;
use server::program::{Args, Bounds, introduction};

const USER: &str = "00000000-0000-4000-8000-000000000000";

fn over_http(sandbox: &Sandbox) -> (Client, Server) {
    let server = Server::start(sandbox.clone());
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
        let Kind::Api(error) = error.kind() else { return Err(error) };
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

/// What comes for this until the server ends the connection.
fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // What was not read when the connection ended may reset it.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A connection that stays open from one request to the next.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        // Where the server does what a test says it doesn't, the test fails and doesn't hang.
        stream.set_read_timeout(Some(HANGS)).unwrap();
        stream.set_write_timeout(Some(HANGS)).unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// The head of an answer and its body.
    fn receive(&mut self) -> (String, String) {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    fn exchange(&mut self, request: &str) -> (String, String) {
        self.send(request);
        self.receive()
    }

    /// Waits until the server ends the connection, whatever comes before.
    fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

const HANGS: Duration = Duration::from_secs(30);
const REQUEST: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// The head of a sign-in without the length of its body.
fn sign_in_head() -> String {
    let credentials = format!("{}:{}", Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let basic = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, credentials);
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n"
    )
}

const FORM: &str = "grant_type=client_credentials";

/// The head of a create, for somebody who is signed in, without the length of its body.
fn create_head(connection: &mut Connection) -> String {
    let request = format!("{}Content-Length: {}\r\n\r\n{FORM}", sign_in_head(), FORM.len());
    let (_, token) = connection.exchange(&request);
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let token = token["access_token"].as_str().unwrap();
    format!(
        "POST /api/v2/externalcontacts/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n"
    )
}

#[test]
fn requests_are_read_however_they_are_written() {
    let (_client, server) = over_http(&Sandbox::new());
    let sign_in =
        |head: &str, body: &str| raw(&server, &format!("{}Connection: close\r\n{head}\r\n{body}", sign_in_head()));
    let chunked = "5;x=y\r\ngrant\r\n18\r\n_type=client_credentials\r\n0\r\nTrailer: x\r\n\r\n";
    for (head, body) in [
        ("Content-Length: 29\r\n", FORM),
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Expect: 100-continue\r\nContent-Length: 29\r\n", FORM),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.contains("HTTP/1.1 200 OK\r\n") && answer.contains("access_token"), "{head}: {answer}");
    }
    for (head, body, status) in [
        ("Content-Length: 29\r\nContent-Length: 30\r\n", FORM, "400"),
        ("Transfer-Encoding: gzip\r\n", FORM, "400"),
        ("Transfer-Encoding: chunked\r\n", "zz\r\n", "400"),
        ("Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n", "400"),
        ("Content-Length: -1\r\n", FORM, "400"),
        ("no colon\r\n", "", "400"),
        (&*format!("X: {}\r\n", "x".repeat(70_000)), "", "431"),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
    // Some clients end their side when they have sent all.
    let mut connection = Connection::to(server.address());
    connection.send(format!("{}Content-Length: 29\r\n\r\n{FORM}", sign_in_head()));
    connection.0.get_mut().shutdown(Shutdown::Write).unwrap();
    assert!(connection.receive().1.contains("access_token"));
    let head = raw(&server, "HEAD /api/v2/tokens/me HTTP/1.0\r\n\r\n");
    assert!(head.starts_with("HTTP/1.0 401 ") && head.ends_with("\r\n\r\n"), "{head}");
    for nonsense in ["GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET http:// HTTP/1.1\r\n\r\n", "\0\0\0"] {
        let answer = raw(&server, nonsense);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{nonsense}: {answer}");
    }
}

/// Who expects to be told to go on sends no body before that.
#[test]
fn a_client_is_told_to_send_the_body() {
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    connection.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
    assert_eq!(connection.receive().0, "HTTP/1.1 100 Continue\r\n\r\n");
    let (head, body) = connection.exchange(FORM);
    assert!(head.starts_with("HTTP/1.1 200 ") && body.contains("access_token"), "{head}{body}");

    // Who would send too much is told so instead.
    let head = create_head(&mut connection);
    connection.send(format!("{head}Expect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n"));
    let (head, body) = connection.receive();
    assert!(head.starts_with("HTTP/1.1 413 ") && body.contains("request.entity.too.large"), "{head}{body}");
    assert!(connection.is_closed());
}

#[test]
fn requests_that_come_at_once_are_answered_in_their_order() {
    let sandbox = Sandbox::new();
    let (_client, server) = over_http(&sandbox);
    let requests: Vec<_> = (0..200).map(|number| format!("GET /{number} HTTP/1.1\r\nHost: x\r\n\r\n")).collect();
    for number in 0..200 {
        sandbox.next_calls(1).matching("GET", &format!("/{number}")).answer(200, "text/plain", format!("no. {number}"));
    }
    let mut connection = Connection::to(server.address());
    connection.send(requests.concat());
    for number in 0..200 {
        let (head, body) = connection.receive();
        assert!(head.starts_with("HTTP/1.1 200 ") && body == format!("no. {number}"), "{number}: {head}{body}");
    }
}

#[test]
fn connections_break_where_the_sandbox_says_so() {
    let sandbox = Sandbox::new();
    let (_client, server) = over_http(&sandbox);
    for misbehave in [
        (|sandbox| sandbox.next_calls(1).reset()) as fn(&Sandbox),
        |sandbox| sandbox.next_calls(1).time_out(),
        |sandbox| sandbox.next_calls(1).refuse_connection(),
    ] {
        misbehave(&sandbox);
        // What was answered before that arrives.
        let ok = REQUEST.replace("GET / ", "POST /oauth/token ");
        let answer = raw(&server, &[&ok, REQUEST].concat());
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
}

#[test]
fn bodies_that_are_too_large_are_refused_as_by_the_service() {
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    let head = create_head(&mut connection);
    let body = |length: usize| {
        let title = "x".repeat(length - r#"{"title":""}"#.len());
        format!(r#"{{"title":"{title}"}}"#)
    };
    let whole = |body: &str| format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let in_chunks = |body: &str| {
        let chunks = body.as_bytes().chunks(100_000).map(|chunk| std::str::from_utf8(chunk).unwrap());
        let chunks: String = chunks.map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len())).collect();
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
    };
    // Titles have at most 1,000 characters: 422.
    for (length, status) in [(512_000, "422"), (512_001, "413"), (2_000_000, "413"), (16 << 20, "413")] {
        for request in [whole(&body(length)), in_chunks(&body(length))] {
            // The connection goes on all the same.
            let (head, answer) = connection.exchange(&request);
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{length}: {head}");
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["code"] == "request.entity.too.large", status == "413", "{length}: {answer}");
        }
    }
}

/// Without the limit it would be read for ever.
#[test]
fn a_body_without_an_end_is_not_read_on() {
    const FAR_TOO_MUCH: usize = 128 << 20;
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    let head = create_head(&mut connection);
    connection.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n"));
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(1 << 16));
    let mut sent = 0;
    while sent < FAR_TOO_MUCH && connection.0.get_mut().write_all(chunk.as_bytes()).is_ok() {
        sent += chunk.len();
    }
    assert!((16 << 20..FAR_TOO_MUCH).contains(&sent), "{sent}");
    assert!(connection.is_closed());
}

/// Each of these does something less than the timeout apart, and would hold its connection for ever.
#[test]
fn slow_clients_lose_their_connection() {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let server = Server::bounded(sandbox.clone(), Bounds { connections: 8, timeout: Duration::from_millis(200) });
    let body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
    let chunk = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n";
    let head_after_another = [REQUEST, "GET / HTTP/1.1\r\nX: "].concat();
    for start in ["GET /", "GET / HTTP/1.1\r\nX: ", "\r\n", &head_after_another, body, chunk] {
        let mut connection = Connection::to(server.address());
        connection.0.get_mut().set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        connection.send(start);
        // So many bytes take 20 s at least, and are not enough for the server to have had enough of the head.
        let is_closed = (0..2000).any(|_| {
            let mut answer = [0; 4096];
            // A write to what is closed may succeed once.
            let is_sent = connection.0.get_mut().write_all(b"x").is_ok();
            let read = connection.0.get_mut().read(&mut answer);
            !is_sent || read.is_ok_and(|count| count == 0)
        });
        assert!(is_closed, "{start:?}");
    }
    for start in ["", REQUEST] {
        let mut connection = Connection::to(server.address());
        connection.send(start);
        assert!(connection.is_closed(), "silent after {start:?}");
    }
    // Somebody who asks and asks, and takes no answer.
    let mut connection = Connection::to(server.address());
    let many = REQUEST.repeat(1000);
    let error = std::iter::from_fn(|| Some(connection.0.get_mut().write_all(many.as_bytes()))).find_map(Result::err);
    let kind = error.unwrap().kind();
    assert!(matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{kind}");
    // A request that is not slow is answered.
    assert!(Connection::to(server.address()).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
}

#[test]
fn connections_past_the_limit_wait_for_one_to_end() {
    let (sandbox, connections) = (Sandbox::builder().calls_per_minute(None).build(), 4);
    let server = Server::bounded(sandbox.clone(), Bounds { connections, timeout: Duration::from_secs(600) });
    let mut served: Vec<_> = (0..connections).map(|_| Connection::to(server.address())).collect();
    for connection in &mut served {
        assert!(!connection.exchange(REQUEST).0.contains("connection: close"));
    }
    let mut kept = Vec::new();
    for path in ["/first", "/second"] {
        let mut waiting = Connection::to(server.address());
        waiting.send(REQUEST.replace("GET / ", &format!("GET {path} ")));
        let mut served = served.pop().unwrap();
        // The server may not have seen yet that somebody waits. When it has, it keeps no place for the next request.
        let mut answers = (0..1000).map(|_| served.exchange(REQUEST).0);
        assert!(answers.any(|answer| {
            let is_last = answer.contains("connection: close");
            assert!(is_last || sandbox.requests().iter().all(|request| request.path != path));
            is_last
        }));
        assert!(waiting.receive().0.starts_with("HTTP/1.1 401 "));
        kept.push(waiting);
    }
}

/// Many more connections than are served, none of which sends anything.
#[test]
fn idle_connections_make_room() {
    let bounds = Bounds { connections: 10, timeout: Duration::from_millis(100) };
    let server = Server::bounded(Sandbox::new(), bounds);
    let mut idle: Vec<_> = (0..50).map(|_| Connection::to(server.address())).collect();
    assert!(Connection::to(server.address()).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
    assert!(idle.iter_mut().all(Connection::is_closed));
}

#[test]
fn options_are_read() {
    #[derive(clap::Parser)]
    struct Options {
        #[command(flatten)]
        args: Args,
    }
    let parse = |words: &str| Options::try_parse_from(["x"].into_iter().chain(words.split_whitespace()));
    let Options { args } = parse("").unwrap();
    assert_eq!((&*args.host, args.port, args.contacts, args.no_limit), ("127.0.0.1", 8080, 0, false));
    assert_eq!((args.connections, args.timeout), (128, 60));
    let Options { args } = parse("--port 0 --contacts 5000 --host ::1 --no-limit --connections 1 --timeout 2").unwrap();
    assert_eq!((&*args.host, args.port, args.contacts, args.no_limit), ("::1", 0, 5000, true));
    assert_eq!((args.connections, args.timeout), (1, 2));
    for wrong in ["--port", "--port x", "--port 65536", "--contacts -1", "port", "--connections 0", "--timeout 0"] {
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
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."));
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
}

#[test]
fn the_server_says_how_to_reach_it() {
    let text = introduction("127.0.0.1:8080".parse().unwrap(), 5);
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

/// The program, until this is dropped.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(arguments: &str) -> Self {
        Self::of(Command::new(scripts::EXAMPLES.join("sandbox_server")).args(arguments.split_whitespace()))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.trim_start().strip_prefix("API ")?.trim().strip_prefix("http://")?.parse().ok());
        Self { child, address: address.unwrap() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_program_says_what_is_wrong() {
    let run = |arguments: &str| {
        let mut program = Command::new(scripts::EXAMPLES.join("sandbox_server"));
        let output = program.args(arguments.split_whitespace()).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), text)
    };
    let (code, text) = run("--help");
    assert_eq!(code, Some(0));
    assert!(text.starts_with("The Genesys Cloud External Contacts API in memory, over HTTP"), "{text}");
    for option in ["--port", "--host", "--contacts", "--no-limit", "--connections", "--timeout"] {
        assert!(text.contains(option), "{option}: {text}");
    }
    assert_eq!(run("--port x").0, Some(2));
    assert_eq!(run("more").0, Some(2));
    let taken = Program::start("--port 0").address.port();
    let program = Program::start(&format!("--port {taken}"));
    let (code, text) = run(&format!("--port {taken}"));
    assert_eq!(code, Some(1));
    assert!(text.starts_with(&format!("can't listen on 127.0.0.1, port {taken}: ")), "{text}");
    drop(program);
}

#[cfg(unix)]
#[test]
fn what_has_begun_is_answered_before_the_program_ends() {
    for signal in ["-INT", "-TERM"] {
        let mut program = Program::start("--port 0");
        let mut idle = Connection::to(program.address);
        idle.exchange(REQUEST);
        let mut begun = Connection::to(program.address);
        begun.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
        begun.receive();
        assert!(Command::new("kill").args([signal, &program.child.id().to_string()]).status().unwrap().success());
        assert!(idle.is_closed());
        assert!(TcpStream::connect(program.address).is_err());
        let (head, body) = begun.exchange(FORM);
        assert!(head.starts_with("HTTP/1.1 200 ") && body.contains("access_token"), "{head}{body}");
        assert!(begun.is_closed());
        assert!(program.child.wait().unwrap().success());
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_what_has_begun() {
    let mut program = Program::start("--port 0 --timeout 3600");
    let mut idle = Connection::to(program.address);
    idle.exchange(REQUEST);
    let mut begun = Connection::to(program.address);
    begun.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
    begun.receive();
    let end = |program: &Program| {
        assert!(Command::new("kill").arg(program.child.id().to_string()).status().unwrap().success());
    };
    end(&program);
    assert!(idle.is_closed());
    end(&program);
    assert!(begun.is_closed());
    assert!(program.child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::fs;
    use std::time::Instant;

    use super::*;

    impl Program {
        fn read(&self, file: &str) -> String {
            fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
        }

        /// The most memory that it has had.
        fn peak_mb(&self) -> usize {
            let status = self.read("status");
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
            peak.unwrap().parse::<usize>().unwrap() * 1024 / 1_000_000
        }

        fn cpu_time(&self) -> Duration {
            // The name of the program may hold spaces; the figures stand behind it, in hundredths of a second.
            let stat = self.read("stat");
            let (_, figures) = stat.rsplit_once(") ").unwrap();
            let figures: Vec<&str> = figures.split(' ').collect();
            let spent: u64 = figures[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap()).sum();
            Duration::from_millis(spent * 10)
        }
    }

    /// A thread that isn't started can't fail to start.
    #[test]
    fn the_program_has_one_thread() {
        let program = Program::start("--port 0");
        let mut connections: Vec<_> = (0..50).map(|_| Connection::to(program.address)).collect();
        for connection in &mut connections {
            connection.exchange(REQUEST);
        }
        let threads = fs::read_dir(format!("/proc/{}/task", program.child.id())).unwrap();
        assert_eq!(threads.count(), 1);
    }

    /// With 40 file descriptors and 100 connections, taking one fails, until the server has closed another.
    #[test]
    fn the_program_waits_for_file_descriptors() {
        let path = scripts::EXAMPLES.join("sandbox_server");
        let script = "ulimit -n 40 && exec \"$0\" --port 0 --timeout 1";
        let program = Program::of(Command::new("sh").args(["-c", script]).arg(path));
        let began = Instant::now();
        let mut connections: Vec<_> = (0..100).map(|_| Connection::to(program.address)).collect();
        assert!(connections.iter_mut().all(Connection::is_closed));
        // Three times all descriptors are used for a second. Who tries again and again has the processor all this time.
        let (elapsed, spent) = (began.elapsed(), program.cpu_time());
        assert!(elapsed > Duration::from_secs(2), "{elapsed:?}");
        assert!(spent < elapsed / 4, "{spent:?} of {elapsed:?}");
        assert!(Connection::to(program.address).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
    }

    /// What many small requests leave behind, which were read into larger buffers.
    #[test]
    fn memory_is_bounded_under_small_requests() {
        let program = Program::start("--port 0 --no-limit");
        let mut connection = Connection::to(program.address);
        for _ in 0..12_000 {
            connection.exchange(REQUEST);
        }
        let peak = program.peak_mb();
        println!("after 12,000 small requests: {peak} MB");
        assert!(peak < 40, "{peak} MB");
    }

    /// 3,000 bodies of 512,000 bytes, 120 of them at a time, each lacking its last byte until all others of these are there.
    #[test]
    fn memory_is_bounded_under_large_requests() {
        let program = Program::start("--port 0 --no-limit");
        let mut connections: Vec<_> = (0..120).map(|_| Connection::to(program.address)).collect();
        let head = create_head(&mut connections[0]);
        let before = program.peak_mb();
        let body = format!(r#"{{"title":"{}""#, "x".repeat(512_000 - r#"{"title":""}"#.len()));
        let with_token = format!("{head}Content-Length: 512000\r\n\r\n{body}");
        let without = with_token.replace("Authorization:", "Other:");
        for round in 0..25 {
            let (request, status) = if round == 0 { (&with_token, "422") } else { (&without, "401") };
            for connection in &mut connections {
                connection.send(request);
            }
            for connection in &mut connections {
                let (head, _) = connection.exchange("}");
                assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
            }
        }
        let peak = program.peak_mb();
        println!("after 3,000 bodies of 512 kB: {peak} MB, before that {before} MB");
        assert!(peak < 200, "{peak} MB");
    }
}
