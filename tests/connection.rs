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
}

const FLAVOURS: &[Flavour] = &[
    #[cfg(feature = "ureq")]
    Flavour { name: "ureq", get: blocking::get, get_with_own: blocking::get_with_own },
    #[cfg(feature = "reqwest")]
    Flavour { name: "reqwest", get: nonblocking::get, get_with_own: nonblocking::get_with_own },
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

    pub(super) fn get_with_own(url: &str) -> Outcome {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
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

/// The environment is the process's: a child has its own.
#[test]
fn the_environment_says_which_proxy_there_is_unless_the_code_does() {
    const MARK: &str = "CALL_THROUGH";
    if let Ok(how) = std::env::var(MARK) {
        let (flavour, how) = how.split_once(' ').unwrap();
        let flavour = FLAVOURS.iter().find(|known| known.name == flavour).unwrap();
        let (port, server) = plain("200 OK", "direct");
        let (url, connection) = match how {
            "environment" => ("http://api.genesys.invalid".to_owned(), Connection::default()),
            _ => (format!("http://127.0.0.1:{port}"), Connection::default().no_proxy()),
        };
        println!("<{}>", (flavour.get)(&url, connection).unwrap());
        drop((TcpStream::connect(("127.0.0.1", port)), server));
        return;
    }
    for flavour in FLAVOURS {
        for (how, id) in [("environment", "<through the proxy>"), ("none", "<direct>")] {
            let (port, proxy) = proxy();
            let mut child = std::process::Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "the_environment_says_which_proxy_there_is_unless_the_code_does", "--nocapture"]);
            child.env(MARK, format!("{} {how}", flavour.name)).env_remove("NO_PROXY").env_remove("no_proxy");
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
                child.env(name, format!("http://127.0.0.1:{port}"));
            }
            let output = child.output().unwrap();
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(printed.contains(id), "{} {how}: {output:?}", flavour.name);
            // Nobody else ends the proxy that nobody went through.
            drop(TcpStream::connect(("127.0.0.1", port)));
            proxy.join().unwrap();
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
        ("proxy", connection().proxy(format!("socks5://user:{PASSWORD}@127.0.0.1:1"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD}@:1"))),
        ("proxy", connection().proxy(format!("http://user:{PASSWORD} @host:1"))),
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
            // reqwest only finds out about some when everything is put together.
            let names_it = |found| found == what || flavour.name == "reqwest" && found == "connection";
            let is_named = matches!(error.kind(), ErrorKind::Invalid(invalid) if names_it(&invalid.what));
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
