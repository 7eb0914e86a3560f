//! The example `sandbox_server`: a client can't tell whether the sandbox is in its memory or behind HTTP.
#![cfg(feature = "ureq")]

#[allow(dead_code)]
#[path = "../examples/sandbox_server.rs"]
mod server;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, ContactSort, Error, ExternalContact, ExternalOrganization};
use server::{Options, Server};

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
    contacts.delete(&id).send()?;
    let refused = ExternalContact::default().with_title("x".repeat(1001));
    for error in [
        contacts.get(&id).send().unwrap_err(),
        contacts.get("a/b ?").send().unwrap_err(),
        contacts.create(refused).send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(600_000))).send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(2_000_000))).send().unwrap_err(),
    ] {
        seen.push(format!("{:?} {:?}", error.status(), error.code()));
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
    assert!(expected.len() > 12, "{expected:?}");
    assert_eq!(scenario(&client).unwrap(), expected);

    // Connections break over HTTP too, and the client gets over it.
    behind_http.next_calls(2).matching("GET", "/contacts").reset();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(200));
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
