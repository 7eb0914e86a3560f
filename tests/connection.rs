//! How connections are made: proxies, roots, client certificates, and agents and clients of your own. Everything is on
//! loopback, with an authority that is made for the test.

#[path = "support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use genesys_external_contacts::{Connection, Error, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

const PASSWORD: &str = "pr0xy-p4ss";

/// What a call came to: the id of the contact, or the error.
type Outcome = Result<String, Error>;

/// Both flavours in one shape: one `get` from the API at this URL.
struct Flavour {
    name: &'static str,
    get: fn(url: &str, connection: Connection) -> Outcome,
    get_with_own: fn(url: &str) -> Outcome,
    /// Builds a client that signs in.
    build: fn(api_url: &str, login_url: &str) -> Result<(), Error>,
}

const FLAVOURS: &[Flavour] = &[
    #[cfg(feature = "ureq")]
    Flavour { name: "ureq", get: blocking::get, get_with_own: blocking::get_with_own, build: blocking::build },
    #[cfg(feature = "reqwest")]
    Flavour {
        name: "reqwest",
        get: nonblocking::get,
        get_with_own: nonblocking::get_with_own,
        build: nonblocking::build,
    },
];

#[cfg(feature = "ureq")]
mod blocking {
    use genesys_external_contacts::transport::ureq::Ureq;
    use genesys_external_contacts::{Client, ClientBuilder, RetryPolicy};

    use super::*;

    fn call(url: &str, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Outcome {
        let builder = Client::builder().api_url(url).access_token("t").retry(RetryPolicy::never());
        Ok(change(builder).build()?.contacts().get("x").send()?.id.unwrap_or_default())
    }

    pub(super) fn get(url: &str, connection: Connection) -> Outcome {
        call(url, |builder| builder.connection(connection))
    }

    pub(super) fn build(api_url: &str, login_url: &str) -> Result<(), Error> {
        Client::builder().api_url(api_url).login_url(login_url).client_credentials("id", "secret").build().map(drop)
    }

    pub(super) fn get_with_own(url: &str) -> Outcome {
        // Its own way with redirects and statuses is not ours.
        let agent = ureq::Agent::config_builder().max_redirects(5).proxy(None).build().new_agent();
        call(url, |builder| builder.transport(Ureq::with_agent(agent)))
    }
}

#[cfg(feature = "reqwest")]
mod nonblocking {
    use genesys_external_contacts::transport::reqwest::Reqwest;
    use genesys_external_contacts::{AsyncClient, AsyncClientBuilder, RetryPolicy};

    use super::*;

    fn call(url: &str, change: impl FnOnce(AsyncClientBuilder) -> AsyncClientBuilder) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let builder = AsyncClient::builder().api_url(url).access_token("t").retry(RetryPolicy::never());
        let client = change(builder).build()?;
        let contact = runtime.block_on(client.contacts().get("x").send())?;
        Ok(contact.id.unwrap_or_default())
    }

    pub(super) fn get(url: &str, connection: Connection) -> Outcome {
        call(url, |builder| builder.connection(connection))
    }

    pub(super) fn build(api_url: &str, login_url: &str) -> Result<(), Error> {
        AsyncClient::builder()
            .api_url(api_url)
            .login_url(login_url)
            .client_credentials("id", "secret")
            .build()
            .map(drop)
    }

    pub(super) fn get_with_own(url: &str) -> Outcome {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let tls = tls.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(tls).build().unwrap();
        call(url, |builder| builder.transport(Reqwest::with_client(client)))
    }
}

// --------------------------------------------------------------------------------------------------------- servers

/// Serves one connection, and tells what it read of it.
fn serve(handle: impl FnOnce(TcpStream) -> Vec<String> + Send + 'static) -> (u16, JoinHandle<Vec<String>>) {
    support::watch_logs();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (port, thread::spawn(move || handle(listener.accept().unwrap().0)))
}

/// A request without a body, line by line.
fn head(stream: &mut impl Read) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(stream).lines() {
        match line {
            Ok(line) if !line.is_empty() => lines.push(line.to_lowercase()),
            _ => break,
        }
    }
    lines
}

fn answer(stream: &mut impl Write, status: &str, id: &str) {
    let body = format!(r#"{{"id":"{id}"}}"#);
    let length = body.len();
    // A client that has given up doesn't listen any more.
    let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let _ = stream.flush();
}

fn plain(status: &'static str, id: &'static str) -> (u16, JoinHandle<Vec<String>>) {
    serve(move |mut stream| {
        let lines = head(&mut stream);
        answer(&mut stream, status, id);
        lines
    })
}

struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, both as PEM and as the server takes them.
struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn issue(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        Identity { certificate: params.signed_by(&key, &self.0).unwrap(), key }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }
}

/// A server with TLS. With `clients`, it only talks to who has a certificate of that authority.
fn secure(identity: &Identity, clients: Option<&Authority>) -> (u16, JoinHandle<Vec<String>>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let roots = Arc::new(authority.roots());
            config.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(roots, provider).build().unwrap(),
            )
        }
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
    let config = config.with_single_cert(vec![identity.certificate.der().clone()], key).unwrap();
    serve(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
        let mut lines = head(&mut stream);
        if stream.conn.peer_certificates().is_some() {
            lines.push("a certificate was shown".to_owned());
        }
        if !lines.is_empty() {
            answer(&mut stream, "200 OK", "secure");
        }
        lines
    })
}

// ----------------------------------------------------------------------------------------------------------- proxies

/// A proxy that is asked for a tunnel, or for the answer itself, gives the answer of the host behind it.
fn proxy() -> (u16, JoinHandle<Vec<String>>) {
    serve(|mut stream| {
        let mut lines = head(&mut stream);
        if lines.first().is_some_and(|line| line.starts_with("connect ")) {
            write!(stream, "HTTP/1.1 200 OK\r\n\r\n").unwrap();
            lines.extend(head(&mut stream));
        }
        answer(&mut stream, "200 OK", "through the proxy");
        lines
    })
}

#[test]
fn a_proxy_is_gone_through() {
    for flavour in FLAVOURS {
        let (port, proxy) = proxy();
        let connection = Connection::default().proxy(format!("http://user:{PASSWORD}@127.0.0.1:{port}"));
        assert!(!format!("{connection:?}").contains(PASSWORD));
        let id = (flavour.get)("http://api.genesys.invalid", connection).unwrap();
        let seen = proxy.join().unwrap();
        assert_eq!(id, "through the proxy", "{}", flavour.name);
        assert!(seen[0].contains("api.genesys.invalid"), "{}: {seen:?}", flavour.name);
        // user and the password, in base64.
        let credentials = "proxy-authorization: basic dxnlcjpwcjb4es1wnhnz";
        assert!(seen.iter().any(|line| line == credentials), "{}: {seen:?}", flavour.name);
    }
}

/// A SOCKS5 proxy that is also the host behind it. Its first line is who asked, and for which host.
fn socks() -> (u16, JoinHandle<Vec<String>>) {
    serve(|mut stream| {
        // Somebody who only ends the server says nothing.
        let Ok(asked_by) = greet(&mut stream) else { return Vec::new() };
        let mut lines = vec![asked_by];
        lines.extend(head(&mut stream));
        answer(&mut stream, "200 OK", "through the proxy");
        lines
    })
}

fn read(stream: &mut TcpStream, length: u8) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).map(|()| bytes)
}

/// A text with its length in front.
fn read_text(stream: &mut TcpStream) -> std::io::Result<String> {
    let length = read(stream, 1)?[0];
    Ok(String::from_utf8(read(stream, length)?).unwrap())
}

/// RFC 1928, and RFC 1929 for a name and a password.
fn greet(stream: &mut TcpStream) -> std::io::Result<String> {
    let methods = read(stream, 2)?[1];
    let has_password = read(stream, methods)?.contains(&2);
    stream.write_all(&[5, if has_password { 2 } else { 0 }])?;
    let mut user = String::new();
    if has_password {
        read(stream, 1)?;
        user = format!("{}:{}@", read_text(stream)?, read_text(stream)?);
        stream.write_all(&[1, 0])?;
    }
    let host = match read(stream, 4)?[3] {
        1 => read(stream, 4)?.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        _ => read_text(stream)?,
    };
    let port = read(stream, 2)?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(format!("{user}{host}:{}", u16::from_be_bytes([port[0], port[1]])))
}

#[test]
fn a_socks_proxy_is_gone_through() {
    for flavour in FLAVOURS {
        for (scheme, user, url, asked) in [
            ("socks5h", "", "http://api.genesys.invalid", "api.genesys.invalid:80"),
            ("socks5h", "user:p%40ss@", "http://api.genesys.invalid:81", "user:p@ss@api.genesys.invalid:81"),
            ("socks5", "", "http://127.0.0.1:9", "127.0.0.1:9"),
        ] {
            let (port, proxy) = socks();
            let connection = Connection::default().proxy(format!("{scheme}://{user}127.0.0.1:{port}"));
            let id = (flavour.get)(url, connection).unwrap();
            let seen = proxy.join().unwrap();
            assert_eq!((id.as_str(), seen[0].as_str()), ("through the proxy", asked), "{} {scheme}", flavour.name);
            assert!(seen.iter().any(|line| line == "authorization: bearer t"), "{}: {seen:?}", flavour.name);
        }
    }
}

/// The environment is the process's: a child has its own.
#[test]
fn the_environment_says_which_proxy_there_is_unless_the_code_does() {
    const MARK: &str = "CALL_THROUGH";
    const TEST: &str = "the_environment_says_which_proxy_there_is_unless_the_code_does";
    if let Ok(how) = std::env::var(MARK) {
        let how: Vec<_> = how.split(' ').collect();
        let flavour = FLAVOURS.iter().find(|known| known.name == how[0]).unwrap();
        let outcome = match how[1..] {
            ["get", url] => (flavour.get)(url, Connection::default()),
            ["direct", url] => (flavour.get)(url, Connection::default().no_proxy()),
            ["build", api_url, login_url] => (flavour.build)(api_url, login_url).map(|()| "built".to_owned()),
            _ => panic!("{how:?}"),
        };
        match outcome {
            Ok(id) => println!("<{id}>"),
            Err(error) => println!("<{}>", support::printed(&error)),
        }
        return;
    }
    // `{http}` and `{socks}` are proxies, `{direct}` a server that is no proxy.
    type Row = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    const GARBAGE: &str = "garbage::://";
    let rows: &[Row] = &[
        (&[("ALL_PROXY", "{http}")], "get http://api.genesys.invalid", "<through the proxy>"),
        (&[("all_proxy", "{http}")], "get http://api.genesys.invalid", "<through the proxy>"),
        (&[("HTTP_PROXY", "{http}")], "get http://api.genesys.invalid", "<through the proxy>"),
        (&[("ALL_PROXY", "{socks}")], "get http://api.genesys.invalid", "<through the proxy>"),
        (&[("ALL_PROXY", GARBAGE), ("HTTP_PROXY", "{socks}")], "get http://api.genesys.invalid", "<through the proxy>"),
        (&[("HTTPS_PROXY", "{http}")], "get {direct}", "<direct>"),
        (&[("ALL_PROXY", "{http}"), ("NO_PROXY", "localhost, 127.0.0.0/8")], "get {direct}", "<direct>"),
        (&[("ALL_PROXY", "{http}")], "direct {direct}", "<direct>"),
        (&[("ALL_PROXY", GARBAGE)], "direct {direct}", "<direct>"),
        (&[("ALL_PROXY", GARBAGE), ("NO_PROXY", "127.0.0.1")], "get {direct}", "<direct>"),
        (&[("ALL_PROXY", GARBAGE)], "get {direct}", "<ALL_PROXY: "),
        (&[("http_proxy", "http://user:pr0xy-p4ss@host:99999")], "get {direct}", "<http_proxy: "),
        (&[("ALL_PROXY", "socks4://127.0.0.1:1")], "get {direct}", "<ALL_PROXY: "),
        // Nothing is sent when a client is built, and both of its hosts count.
        (
            &[("ALL_PROXY", GARBAGE), ("NO_PROXY", "genesys.invalid")],
            "build http://api.genesys.invalid https://login.genesys.invalid",
            "<built>",
        ),
        (
            &[("ALL_PROXY", GARBAGE), ("NO_PROXY", "api.genesys.invalid")],
            "build http://api.genesys.invalid https://login.genesys.invalid",
            "<ALL_PROXY: ",
        ),
        (
            &[("HTTPS_PROXY", GARBAGE)],
            "build http://api.genesys.invalid https://login.genesys.invalid",
            "<HTTPS_PROXY: ",
        ),
        (&[("HTTP_PROXY", GARBAGE)], "build http://api.genesys.invalid https://login.genesys.invalid", "<HTTP_PROXY: "),
    ];
    for flavour in FLAVOURS {
        for (variables, how, expected) in rows {
            let servers = [proxy(), socks(), plain("200 OK", "direct")];
            let [http, socks, direct] = [0, 1, 2].map(|n: usize| servers[n].0);
            let filled = |text: &str| {
                let text = text.replace("{http}", &format!("http://127.0.0.1:{http}"));
                let text = text.replace("{socks}", &format!("socks5h://127.0.0.1:{socks}"));
                text.replace("{direct}", &format!("http://127.0.0.1:{direct}"))
            };
            let mut child = std::process::Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", TEST, "--nocapture"]).env(MARK, format!("{} {}", flavour.name, filled(how)));
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
                child.env_remove(name).env_remove(name.to_lowercase());
            }
            child.envs(variables.iter().map(|(name, value)| (name, filled(value))));
            let output = child.output().unwrap();
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(printed.contains(expected), "{} {variables:?} {how}: {output:?}", flavour.name);
            assert!(!printed.contains(PASSWORD), "{printed}");
            // Nobody else ends the servers that nobody called.
            for (port, server) in servers {
                drop(TcpStream::connect(("127.0.0.1", port)));
                server.join().unwrap();
            }
        }
    }
}

// -------------------------------------------------------------------------------------------------------------- URLs

/// The verdict is that of `build`, and what is sent is what was parsed: the same line and the same `Host` in both flavours.
#[test]
fn a_url_leads_both_flavours_to_the_same_host() {
    for (url, host, path) in [
        ("http://127.0.0.1:{port}", "127.0.0.1:{port}", ""),
        ("HTTP://LOCALHOST:{port}/Base/", "localhost:{port}", "/Base"),
        (" http://127.0.0.1:{port}/a%2Fb/x:@!$&'()*+,;=~ ", "127.0.0.1:{port}", "/a%2Fb/x:@!$&'()*+,;=~"),
        ("http://127.0.0.1:0{port}//x", "127.0.0.1:{port}", "//x"),
    ] {
        for flavour in FLAVOURS {
            let (port, server) = plain("200 OK", "direct");
            let filled = |text: &str| text.replace("{port}", &port.to_string());
            let outcome = (flavour.get)(&filled(url), Connection::default().no_proxy());
            drop(TcpStream::connect(("127.0.0.1", port)));
            let seen = server.join().unwrap();
            assert_eq!(outcome.unwrap(), "direct", "{} {url}", flavour.name);
            let line = format!("GET {path}/api/v2/externalcontacts/contacts/x HTTP/1.1").to_lowercase();
            assert_eq!(seen[0], line, "{} {url}", flavour.name);
            assert!(seen.contains(&format!("host: {}", filled(host))), "{} {url}: {seen:?}", flavour.name);
        }
    }
    for bad in [
        "http://127.0.0.1:99999",
        "http://127.0.0.1:8O80",
        "http://127.0.0.1:999.99",
        "http://127.0.0.1:-1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:",
        "https://[::1].evil.com",
        "https://xn--a",
        "http://.0.1",
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://host?x",
        "http://host#x",
        "http://user@host",
        "http://a..b",
        "http://h\u{f6}st",
        "http://host/../x",
    ] {
        for flavour in FLAVOURS {
            let is_named = |error: &Error, name: &str| matches!(error.kind(), ErrorKind::Invalid(e) if e.what == name);
            let error = (flavour.build)(bad, "http://127.0.0.1:1").unwrap_err();
            assert!(is_named(&error, "api_url"), "{} {bad}: {error}", flavour.name);
            let error = (flavour.build)("http://127.0.0.1:1", bad).unwrap_err();
            assert!(is_named(&error, "login_url"), "{} {bad}: {error}", flavour.name);
            let connection = Connection::default().proxy(bad.replace("user@", "us er@"));
            let error = (flavour.get)("http://127.0.0.1:1", connection).unwrap_err();
            assert!(is_named(&error, "proxy"), "{} {bad}: {error}", flavour.name);
        }
    }
}

// -------------------------------------------------------------------------------------------------------------- TLS

#[test]
fn a_root_of_your_own_is_trusted() {
    let authority = Authority::new();
    let identity = authority.issue("localhost");
    for flavour in FLAVOURS {
        let (port, server) = secure(&identity, None);
        let url = format!("https://localhost:{port}");
        let error = (flavour.get)(&url, Connection::default().no_proxy()).unwrap_err();
        assert!(error.to_string().contains("could not be secured"), "{}: {error}", flavour.name);
        assert!(!error.may_have_been_applied() && !error.is_retryable(), "{}: {error}", flavour.name);
        assert_eq!(server.join().unwrap(), [""; 0]);

        let (port, server) = secure(&identity, None);
        let other = Authority::new().pem();
        let connection = Connection::default().no_proxy().root_certificates(other).root_certificates(authority.pem());
        let id = (flavour.get)(&format!("https://localhost:{port}"), connection).unwrap();
        assert_eq!(id, "secure", "{}", flavour.name);
        assert!(!server.join().unwrap().is_empty());

        // Of the right authority, and another host's.
        let (port, server) = secure(&authority.issue("elsewhere.invalid"), None);
        let connection = Connection::default().no_proxy().root_certificates(authority.pem());
        (flavour.get)(&format!("https://localhost:{port}"), connection).unwrap_err();
        assert_eq!(server.join().unwrap(), [""; 0]);
    }
    // The choice of a cryptography for the whole process is the application's.
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[test]
fn a_client_certificate_is_shown() {
    let authority = Authority::new();
    let (server_identity, own) = (authority.issue("localhost"), authority.issue("a client"));
    for flavour in FLAVOURS {
        let trusting = || Connection::default().no_proxy().root_certificates(authority.pem());
        let (port, server) = secure(&server_identity, Some(&authority));
        (flavour.get)(&format!("https://localhost:{port}"), trusting()).unwrap_err();
        assert_eq!(server.join().unwrap(), [""; 0], "{}: a certificate is needed", flavour.name);

        let (port, server) = secure(&server_identity, Some(&authority));
        let connection = trusting().client_certificate(own.certificate.pem(), own.key.serialize_pem());
        let id = (flavour.get)(&format!("https://localhost:{port}"), connection).unwrap();
        assert_eq!(id, "secure", "{}", flavour.name);
        assert_eq!(server.join().unwrap().last().unwrap(), "a certificate was shown", "{}", flavour.name);
    }
}

#[test]
fn settings_that_cannot_be_used_are_refused_when_the_client_is_built() {
    let authority = Authority::new();
    let (own, other) = (authority.issue("a client"), authority.issue("another"));
    let (chain, key) = (own.certificate.pem(), own.key.serialize_pem());
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let connection = Connection::default;
    let rows = [
        ("proxy", connection().proxy("")),
        ("proxy", connection().proxy(format!("user:{PASSWORD}@127.0.0.1:1"))),
        ("proxy", connection().proxy(format!("socks4://user:{PASSWORD}@127.0.0.1:1"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD}@:1"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD} @host:1"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD}@host:99999"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD}@[::1].evil.com"))),
        ("proxy", connection().proxy("http://host:1#fragment")),
        ("root certificates", connection().root_certificates("")),
        ("root certificates", connection().root_certificates("no PEM at all")),
        ("root certificates", connection().root_certificates(key.clone())),
        ("root certificates", connection().root_certificates(broken)),
        ("root certificates", connection().root_certificates(no_certificate)),
        ("root certificates", connection().root_certificates(chain.clone()).root_certificates("")),
        ("client certificate", connection().client_certificate("", key.clone())),
        ("client certificate", connection().client_certificate(chain.clone(), "")),
        ("client certificate", connection().client_certificate(key.clone(), chain.clone())),
        ("client certificate", connection().client_certificate(broken, key.clone())),
        ("client certificate", connection().client_certificate(no_certificate, key.clone())),
        ("client certificate", connection().client_certificate(chain.clone(), other.key.serialize_pem())),
    ];
    let secret_line = key.lines().nth(1).unwrap();
    for (number, (what, connection)) in rows.into_iter().enumerate() {
        for flavour in FLAVOURS {
            assert!(!format!("{connection:?}").contains(PASSWORD), "{number}");
            // Nothing listens there, so that a client that was built is an error of another kind.
            let error = (flavour.get)("https://127.0.0.1:1", connection.clone()).unwrap_err();
            let is_named = matches!(error.kind(), ErrorKind::Invalid(invalid) if invalid.what == what);
            assert!(is_named, "{} {number}: {error}", flavour.name);
            for text in [format!("{error}"), format!("{error:?}")] {
                assert!(!text.contains(PASSWORD) && !text.contains(secret_line), "{} {number}: {text}", flavour.name);
            }
        }
    }
}

// -------------------------------------------------------------------------------------- agents and clients of your own

#[test]
fn an_agent_of_your_own_keeps_the_rules() {
    for flavour in FLAVOURS {
        let (port, server) = plain("200 OK", "own");
        assert_eq!((flavour.get_with_own)(&format!("http://127.0.0.1:{port}")).unwrap(), "own", "{}", flavour.name);
        server.join().unwrap();

        let (port, server) = plain("404 Not Found", "x");
        let error = (flavour.get_with_own)(&format!("http://127.0.0.1:{port}")).unwrap_err();
        assert_eq!(error.status().unwrap(), 404, "{}: {error}", flavour.name);
        server.join().unwrap();

        // ureq is told not to follow; a reqwest client that follows is found out.
        let (elsewhere, target) = plain("200 OK", "elsewhere");
        let (port, server) = serve(move |mut stream| {
            let lines = head(&mut stream);
            write!(
                stream,
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
            )
            .unwrap();
            lines
        });
        let error = (flavour.get_with_own)(&format!("http://127.0.0.1:{port}")).unwrap_err();
        let told = support::printed(&error);
        assert!(told.contains("redirect"), "{}: {told}", flavour.name);
        server.join().unwrap();
        drop(TcpStream::connect(("127.0.0.1", elsewhere)));
        let seen = target.join().unwrap();
        assert!(!seen.iter().any(|line| line.starts_with("authorization")), "{}: {seen:?}", flavour.name);
    }
}
