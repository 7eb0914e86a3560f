//! What a client is built with.

use std::time::Duration;

use crate::error::Error;

/// What one exchange with the service may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Time to make a connection, name resolution and TLS included.
    pub connect_timeout: Duration,
    /// Time for the whole exchange, from the first byte sent to the last byte read.
    pub call_timeout: Duration,
    /// How large a body may be, in bytes, after decompression.
    pub max_body: u64,
}

impl Default for Limits {
    /// 10 seconds, 30 seconds, 64 MiB.
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), call_timeout: Duration::from_secs(30), max_body: 64 << 20 }
    }
}

/// Scheme, host and maybe the start of a path, to which the paths of operations are appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    pub(crate) fn parse(what: &'static str, url: &str) -> Result<Self, Error> {
        let url = url.trim().trim_end_matches('/');
        let invalid = |problem: &str| Error::invalid(what, format!("{problem}; an example is https://api.example.com"));
        let uri: http::Uri = url.parse().map_err(|_| invalid("is not a URL"))?;
        if !matches!(uri.scheme_str(), Some("https" | "http")) {
            return Err(invalid("does not start with https:// or http://"));
        }
        let authority = uri.authority().ok_or_else(|| invalid("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("holds a user name or a password"));
        }
        if authority.host().is_empty() || url.contains(['?', '#', '{']) {
            return Err(invalid("is not just a scheme, a host and maybe a path"));
        }
        Ok(Self(url.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, for messages.
    pub(crate) fn host(&self) -> &str {
        self.0.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_scheme_host_and_maybe_a_path() {
        for (text, base, host) in [
            ("https://api.mypurecloud.ie", "https://api.mypurecloud.ie", "api.mypurecloud.ie"),
            (" https://gateway.corp:8443/genesys/ ", "https://gateway.corp:8443/genesys", "gateway.corp:8443"),
            ("http://[::1]:80", "http://[::1]:80", "[::1]:80"),
        ] {
            let url = BaseUrl::parse("api_url", text).unwrap();
            assert_eq!((url.as_str(), url.host()), (base, host));
        }
        for text in [
            "",
            "api.mypurecloud.ie",
            "ftp://host",
            "https://",
            "https:///path",
            "https://user:secret@host",
            "https://host?x=1",
            "https://host/#x",
            "https://host/{id}",
            "https://ho st",
        ] {
            let error = BaseUrl::parse("api_url", text).unwrap_err().to_string();
            assert!(error.starts_with("api_url: "), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
