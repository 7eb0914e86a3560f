//! Through which proxy a request goes. Both HTTP libraries read the environment, each by its own rules, and pass over what they
//! can't use; so it is read here, once for both, and a proxy that can't be used is an error.

// Without a transport of the crate, nobody asks.
#![cfg_attr(not(any(feature = "ureq", feature = "reqwest")), allow(dead_code))]

use std::ffi::OsString;
use std::net::IpAddr;

use secrecy::{ExposeSecret as _, SecretString};

use crate::config::{Connection, Proxy};
use crate::error::Error;
use crate::url::{self, BaseUrl};

/// The proxies for both schemes, and the hosts that are reached without one.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    http: Option<Setting>,
    https: Option<Setting>,
    excluded: Vec<Excluded>,
}

/// The URL of a proxy, or why it isn't one. A variable may be malformed as long as no request would use it.
type Setting = Result<SecretString, Error>;

#[derive(Clone, Debug)]
enum Excluded {
    Everything,
    /// A name and all names below it.
    Domain(String),
    /// An address, or all that agree with it in so many bits.
    Network(IpAddr, u32),
}

impl Proxies {
    pub(crate) fn of(connection: &Connection) -> Self {
        match &connection.proxy {
            Proxy::FromEnvironment => Self::of_environment(|name| std::env::var_os(name)),
            Proxy::None => Self::default(),
            Proxy::At(url) => {
                let setting = Some(setting("proxy", url.expose_secret()));
                Self { http: setting.clone(), https: setting, excluded: Vec::new() }
            }
        }
    }

    /// The rules are those of curl: each variable in upper or lower case, the one for the scheme before `ALL_PROXY`, and
    /// without a scheme of its own a proxy is one for HTTP.
    fn of_environment(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let read = |names: [&'static str; 2]| {
            let value = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
            names.into_iter().find_map(value)
        };
        let proxy = |names| {
            let (name, value): (_, OsString) = read(names)?;
            let Some(value) = value.to_str() else { return Some(Err(Error::invalid(name, "is not UTF-8"))) };
            let has_scheme = value.contains("://");
            Some(if has_scheme { setting(name, value) } else { setting(name, &format!("http://{value}")) })
        };
        // In a CGI program, `HTTP_PROXY` is what a client of the web server put into the header `Proxy`.
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let http = proxy([if is_cgi { "http_proxy" } else { "HTTP_PROXY" }, "http_proxy"]);
        let all = proxy(["ALL_PROXY", "all_proxy"]);
        let excluded = read(["NO_PROXY", "no_proxy"]).map(|(_, value)| value.to_string_lossy().into_owned());
        Self {
            http: http.or_else(|| all.clone()),
            https: proxy(["HTTPS_PROXY", "https_proxy"]).or(all),
            excluded: excluded.as_deref().unwrap_or_default().split([',', ' ']).filter_map(Excluded::parse).collect(),
        }
    }

    /// Whether no proxy is set at all.
    #[cfg(feature = "reqwest")]
    pub(crate) fn are_none(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// The URL of the proxy for requests to this host, if there is one.
    pub(crate) fn to(&self, is_https: bool, host: &str) -> Result<Option<&SecretString>, &Error> {
        let Some(setting) = (if is_https { &self.https } else { &self.http }) else { return Ok(None) };
        if self.excluded.iter().any(|excluded| excluded.holds(host)) {
            return Ok(None);
        }
        setting.as_ref().map(Some)
    }

    /// Refuses a proxy that can't be used and would be.
    pub(crate) fn check(&self, url: &BaseUrl) -> Result<(), Error> {
        self.to(url.is_https(), url.host()).map(|_| ()).map_err(Clone::clone)
    }
}

fn setting(name: &'static str, url: &str) -> Setting {
    let invalid = |problem| {
        let rule = "the URL of a proxy is http://, https://, socks5:// or socks5h:// with a host and maybe a port";
        Error::invalid(name, format!("{problem}; {rule}; an example is http://proxy.example.com:3128"))
    };
    url::proxy(url).map(SecretString::from).map_err(invalid)
}

impl Excluded {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self::Everything);
        }
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, bits.parse().ok()));
        if let Ok(address) = address.trim_matches(['[', ']']).parse() {
            return Some(Self::Network(address, bits.unwrap_or(u32::MAX)));
        }
        let domain = text.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
        Some(Self::Domain(domain)).filter(|_| !text.is_empty())
    }

    fn holds(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let address = host.parse::<IpAddr>();
        match (self, address) {
            (Self::Everything, _) => true,
            (Self::Domain(domain), Err(_)) => {
                host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            (Self::Network(IpAddr::V4(network), bits), Ok(IpAddr::V4(address))) => {
                let shift = 32_u32.saturating_sub(*bits);
                // A shift by all bits leaves nothing to compare.
                u32::from(*network).checked_shr(shift) == u32::from(address).checked_shr(shift)
            }
            (Self::Network(IpAddr::V6(network), bits), Ok(IpAddr::V6(address))) => {
                let shift = 128_u32.saturating_sub(*bits);
                u128::from(*network).checked_shr(shift) == u128::from(address).checked_shr(shift)
            }
            (Self::Domain(_) | Self::Network(..), _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a request to this URL goes, with these variables.
    fn way(variables: &[(&str, &str)], url: &str) -> String {
        let proxies =
            Proxies::of_environment(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()));
        let url = BaseUrl::parse("url", url).unwrap();
        match proxies.to(url.is_https(), url.host()) {
            Ok(None) => "direct".to_owned(),
            Ok(Some(url)) => url.expose_secret().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn variables_are_read_as_curl_reads_them() {
        let (https, http) = ("https://api.example.com", "http://api.example.com");
        let all = ("ALL_PROXY", "http://all:1");
        for (variables, url, expected) in [
            (&[] as &[(&str, &str)], https, "direct"),
            (&[all], https, "http://all:1"),
            (&[all], http, "http://all:1"),
            (&[("all_proxy", "all:1")], http, "http://all:1"),
            (&[all, ("HTTPS_PROXY", "http://secure:2")], https, "http://secure:2"),
            (&[all, ("https_proxy", "http://secure:2")], https, "http://secure:2"),
            (&[all, ("HTTPS_PROXY", "http://secure:2")], http, "http://all:1"),
            (&[all, ("HTTPS_PROXY", "")], https, "http://all:1"),
            (&[("HTTP_PROXY", "http://plain:3")], https, "direct"),
            (&[("HTTP_PROXY", "http://plain:3")], http, "http://plain:3"),
            (&[("HTTP_PROXY", "http://plain:3"), ("REQUEST_METHOD", "GET")], http, "direct"),
            (&[("http_proxy", "http://plain:3"), ("REQUEST_METHOD", "GET")], http, "http://plain:3"),
            (&[("ALL_PROXY", "socks5://u:p@socks:4")], https, "socks5://u:p@socks:4"),
            (&[all, ("NO_PROXY", "other.com, EXAMPLE.com")], https, "direct"),
            (&[all, ("no_proxy", ".example.com")], https, "direct"),
            (&[all, ("NO_PROXY", "*.example.com")], https, "direct"),
            (&[all, ("NO_PROXY", "ample.com,b.example.com")], https, "http://all:1"),
            (&[all, ("NO_PROXY", "*")], https, "direct"),
            (&[all, ("NO_PROXY", "")], https, "http://all:1"),
            (&[all, ("NO_PROXY", ",")], https, "http://all:1"),
            (&[all, ("NO_PROXY", "10.0.0.0/8")], "http://10.1.2.3", "direct"),
            (&[all, ("NO_PROXY", "10.0.0.0/8")], "http://11.1.2.3", "http://all:1"),
            (&[all, ("NO_PROXY", "0.0.0.0/0")], "http://11.1.2.3", "direct"),
            (&[all, ("NO_PROXY", "10.1.2.3")], "http://10.1.2.3:80", "direct"),
            (&[all, ("NO_PROXY", "::1")], "http://[::1]:8080", "direct"),
            (&[all, ("NO_PROXY", "fe80::/10")], "http://[fe81::1]", "direct"),
            (&[all, ("NO_PROXY", "fe80::/10")], "http://[::1]", "http://all:1"),
        ] {
            assert_eq!(way(variables, url), expected, "{variables:?} {url}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_an_error_where_it_would_be() {
        let garbage = ("ALL_PROXY", "garbage::://");
        assert!(way(&[garbage], "https://x.com").starts_with("ALL_PROXY: "));
        assert!(way(&[garbage], "http://x.com").starts_with("ALL_PROXY: "));
        assert_eq!(way(&[garbage, ("NO_PROXY", "x.com")], "https://x.com"), "direct");
        assert_eq!(way(&[garbage, ("HTTPS_PROXY", "http://good")], "https://x.com"), "http://good");
        for value in ["socks4://host", "http://s3cret@", "http://u:s3cret@host:99999", "ftp://host", "http://host/path"]
        {
            let error = way(&[("https_proxy", value)], "https://x.com");
            assert!(error.starts_with("https_proxy: ") && error.contains("socks5h://"), "{value}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
