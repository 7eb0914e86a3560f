//! What a client is built with.

// Without a transport of the crate, nobody reads a `Connection`.
#![cfg_attr(not(any(feature = "ureq", feature = "reqwest")), allow(dead_code))]

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use crate::error::Error;

/// What one exchange with the service may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Time to make a connection, name resolution and TLS included.
    pub connect_timeout: Duration,
    /// Time for the whole exchange, from the first byte sent to the last byte read.
    pub call_timeout: Duration,
    /// How large a body may be, in bytes, after decompression. It doesn't count for files.
    pub max_body: u64,
    /// Time without a byte, after which the transfer of a file is taken for broken. Files have no other time limit.
    pub stall_timeout: Duration,
}

impl Default for Limits {
    /// 10 seconds, 30 seconds, 64 MiB, 30 seconds.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            call_timeout: Duration::from_secs(30),
            max_body: 64 << 20,
            stall_timeout: Duration::from_secs(30),
        }
    }
}

/// How connections are made: through which proxy, whom they trust, and as whom.
///
/// ```
/// use genesys_external_contacts::{Client, Connection, Region};
///
/// let connection = Connection::default().proxy("http://proxy.example.com:3128");
/// let client = Client::builder().region(Region::EuWest1).access_token("a token").connection(connection).build()?;
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
///
/// What is wrong with a setting is told when the client is built. For anything else that an HTTP client can do, bring
/// one of your own: `Ureq::with_agent` and `Reqwest::with_client` in [`transport`](crate::transport).
///
/// `Debug` prints which settings there are, not what they are.
#[derive(Clone, Default)]
#[must_use]
pub struct Connection {
    pub(crate) proxy: Proxy,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
}

/// Through what connections are made.
#[derive(Clone, Default)]
pub(crate) enum Proxy {
    #[default]
    FromEnvironment,
    None,
    At(SecretString),
}

/// Who the client is, as TLS knows it. Both parts are PEM.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<u8>,
    pub(crate) key: SecretSlice<u8>,
}

impl Connection {
    /// Goes through this proxy, such as `http://proxy.example.com:3128` or `http://user:password@proxy.example.com`
    /// (percent-encoded where needed). The scheme is `http`, `https`, `socks5`, or `socks5h`, with which the proxy looks up
    /// the names of hosts.
    ///
    /// Unless it is set, the environment says which proxy there is, by the rules of curl: `HTTPS_PROXY`, `HTTP_PROXY` or
    /// `ALL_PROXY`, and `NO_PROXY` for the hosts that are reached without one. A proxy that can't be used is an error when
    /// the client is built. Once it is set here, the environment says nothing.
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.proxy = Proxy::At(url.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Also trusts these root certificates: one or more, as PEM. Each call adds to those that are trusted already.
    ///
    /// Needed where a gateway, or a proxy that looks into TLS, has a certificate of your company's own authority. Without
    /// them `ureq` trusts the roots of Mozilla's program, and `reqwest` those of the operating system.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Shows this certificate to servers that ask for one: its chain, its own certificate first, and its private key
    /// (PKCS #8, PKCS #1 or SEC 1, not encrypted), both as PEM.
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(Identity { chain: chain.into(), key: SecretSlice::from(key.into()) });
        self
    }

    /// Refuses what no transport can use. Only TLS knows what is wrong with a certificate.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let holds = |pem: &[u8], what: &str| pem.windows(what.len()).any(|window| window == what.as_bytes());
        const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
        if self.root_certificates.iter().any(|pem| !holds(pem, CERTIFICATE)) {
            return Err(Error::invalid("root certificates", format!("hold no PEM, which starts with {CERTIFICATE}")));
        }
        if let Some(Identity { chain, key }) = &self.identity {
            let invalid = |problem| Err(Error::invalid("client certificate", problem));
            if !holds(chain, CERTIFICATE) {
                return invalid(format!("has no chain as PEM, which starts with {CERTIFICATE}"));
            }
            if !holds(key.expose_secret(), "PRIVATE KEY-----") {
                return invalid("has no key as PEM, which starts with -----BEGIN PRIVATE KEY-----".to_owned());
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = match self.proxy {
            Proxy::FromEnvironment => "from the environment",
            Proxy::None => "none",
            Proxy::At(_) => "…",
        };
        f.debug_struct("Connection")
            .field("proxy", &format_args!("{proxy}"))
            .field("root_certificates", &self.root_certificates.len())
            .field("client_certificate", &self.identity.is_some())
            .finish()
    }
}
