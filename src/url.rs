//! The URLs that a caller gives, parsed once: the API, the token endpoint, the region's domain and proxies.
//!
//! HTTP libraries disagree about malformed URLs. `ureq` takes a port that is no number for the default port, and `reqwest`
//! normalizes before it connects. The token follows the URL, so what they could read in two ways is refused here, and what is
//! sent is made of the parsed parts.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use percent_encoding::percent_decode_str;

use crate::error::Error;

/// A scheme with its default port.
type Scheme = (&'static str, u16);

const WEB: [Scheme; 2] = [("https", 443), ("http", 80)];
const PROXY: [Scheme; 4] = [("http", 80), ("https", 443), ("socks5", 1080), ("socks5h", 1080)];

/// Limits of the domain name system.
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Scheme, host, port and maybe the start of a path, to which the paths of operations are appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    /// The whole URL, without a slash at its end.
    text: String,
    scheme: &'static str,
    /// Host and port. The default port of the scheme is left out.
    authority: String,
}

impl BaseUrl {
    /// `what` is the setting that gave the URL.
    pub(crate) fn parse(what: &'static str, text: &str) -> Result<Self, Error> {
        let invalid = |problem: &str| Error::invalid(what, format!("{problem}; an example is https://api.example.com"));
        let url = parse(text, &WEB).map_err(invalid)?;
        if url.user.is_some() {
            return Err(invalid("has a user name or a password; give credentials to the client instead"));
        }
        if !is_path(url.path) {
            return Err(invalid("has a path with dot segments or with characters that are not percent-encoded"));
        }
        let authority = url.authority();
        let text = format!("{}://{authority}{}", url.scheme.0, url.path.trim_end_matches('/'));
        if text.parse::<Uri>().is_err() {
            return Err(invalid("is longer than a URL can be"));
        }
        Ok(Self { text, scheme: url.scheme.0, authority })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port, for messages.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// The host alone. An IPv6 address has its brackets.
    pub(crate) fn host(&self) -> &str {
        let port = self.authority.rfind(':').filter(|colon| !self.authority[*colon..].contains(']'));
        &self.authority[..port.unwrap_or(self.authority.len())]
    }

    /// Whether a request to this URI goes to the same scheme, host and port. It is compared as text, because a URI that was
    /// made of this URL has the same text.
    pub(crate) fn is_origin_of(&self, uri: &Uri) -> bool {
        uri.scheme_str() == Some(self.scheme) && uri.authority().is_some_and(|found| found.as_str() == self.authority)
    }
}

/// The URL of a proxy, as both HTTP libraries take it: `scheme://user:password@host:port`. The problem doesn't repeat the URL,
/// which may hold a password.
pub(crate) fn proxy(text: &str) -> Result<String, &'static str> {
    let url = parse(text, &PROXY)?;
    if !matches!(url.path, "" | "/") {
        return Err("has a path");
    }
    let user = match url.user {
        None => String::new(),
        Some(user) if is_encoded(user, b":") && percent_decode_str(user).decode_utf8().is_ok() => format!("{user}@"),
        Some(_) => return Err("has a user name or a password that is not percent-encoded UTF-8"),
    };
    Ok(format!("{}://{user}{}", url.scheme.0, url.authority()))
}

/// Whether a text is the name of a host, and not an IP address.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.split('.').all(is_label)
        && text.rsplit('.').next().is_some_and(|last| !is_number(last))
}

struct Parts<'a> {
    scheme: Scheme,
    user: Option<&'a str>,
    host: String,
    port: Option<u16>,
    path: &'a str,
}

impl Parts<'_> {
    fn authority(&self) -> String {
        let mut authority = self.host.clone();
        if let Some(port) = self.port.filter(|port| *port != self.scheme.1) {
            // Writing to a String doesn't fail.
            let _ = write!(authority, ":{port}");
        }
        authority
    }
}

fn parse<'a>(text: &'a str, schemes: &[Scheme]) -> Result<Parts<'a>, &'static str> {
    let (scheme, rest) = text.trim().split_once("://").ok_or("is not a URL, which starts with a scheme and ://")?;
    let scheme = schemes.iter().find(|(name, _)| name.eq_ignore_ascii_case(scheme));
    let scheme = *scheme.ok_or("has a scheme that can't be used here")?;
    if rest.contains('?') {
        return Err("has a query");
    }
    if rest.contains('#') {
        return Err("has a fragment");
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host_and_port) = match authority.rsplit_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, authority),
    };
    let end_of_host = match host_and_port.find(']') {
        Some(bracket) => bracket + 1,
        None => host_and_port.find(':').unwrap_or(host_and_port.len()),
    };
    let (host, port) = host_and_port.split_at(end_of_host);
    let host = parse_host(host)?;
    let port = match port.strip_prefix(':') {
        Some(port) => Some(parse_port(port).ok_or("has a port that is not a number from 1 to 65535")?),
        None if port.is_empty() => None,
        None => return Err("has something behind the brackets of its host that is no port"),
    };
    Ok(Parts { scheme, user, host, port, path })
}

fn parse_port(text: &str) -> Option<u16> {
    // `parse` alone takes a sign, too.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port != 0)
}

/// The host in the one way in which it is sent: lower case, and addresses in their usual form.
fn parse_host(text: &str) -> Result<String, &'static str> {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().map_err(|_| "has brackets around what is no IPv6 address")?;
        return Ok(format!("[{address}]"));
    }
    if text.is_empty() {
        return Err("has no host");
    }
    let host = text.to_ascii_lowercase();
    if host.parse::<Ipv4Addr>().is_ok() || is_name(&host) {
        return Ok(host);
    }
    Err(
        "has a host that is neither an IP address nor a name of ASCII letters, digits, - and _; write other letters as punycode \
         (xn--…), which has to be valid",
    )
}

fn is_label(label: &str) -> bool {
    let has_allowed_bytes = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let is_ascii_or_punycode = match label.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("xn--") => is_punycode(&label[4..].to_ascii_lowercase()),
        _ => true,
    };
    (1..=LONGEST_LABEL).contains(&label.len()) && has_allowed_bytes && is_ascii_or_punycode
}

/// Whether libraries take a host with this last label for an IPv4 address, in decimal or in hexadecimal.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a path consists of what RFC 3986 allows in it, and every library sends as it is.
fn is_path(path: &str) -> bool {
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    is_encoded(path, b"/:@") && !path.split('/').any(is_dots)
}

/// Whether a text has only characters that may stand in a URL as they are, the `more` among them, and whole escapes.
fn is_encoded(text: &str, more: &[u8]) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte) || more.contains(&byte);
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.bytes().all(is_allowed) && text.split('%').skip(1).all(is_escape)
}

/// Whether a label of punycode (lower case, without `xn--`) stands for a name that every library takes as it is.
///
/// Which letters a name may have depends on tables that the default build doesn't bring. So only letters are taken that are
/// valid alone and next to each other: lower case of Latin, Greek and Cyrillic, kana, Han and Hangul.
fn is_punycode(label: &str) -> bool {
    let Some(name) = decode_punycode(label) else { return false };
    let mut others = name.iter().filter(|letter| !letter.is_ascii()).peekable();
    others.peek().is_some() && others.all(|letter| is_taken(*letter)) && !name.starts_with(&['x', 'n', '-', '-'])
}

fn is_taken(letter: char) -> bool {
    match letter {
        'ß'..='ö' | 'ø'..='ÿ' | 'ά'..='ώ' | 'а'..='џ' => true,
        // What Unicode replaces by other letters is not among them.
        'ĳ' | 'ŀ' | 'ŉ' | 'ſ' => false,
        'Ā'..='ſ' => letter.is_lowercase(),
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='鿿' | '가'..='힣' => true,
        _ => false,
    }
}

/// RFC 3492.
fn decode_punycode(label: &str) -> Option<Vec<char>> {
    const BASE: u32 = 36;
    let (mut name, digits): (Vec<char>, _) = match label.rsplit_once('-') {
        // Without ASCII letters there is no delimiter either.
        Some(("", _)) => return None,
        Some((ascii, digits)) => (ascii.chars().collect(), digits),
        None => (Vec::new(), label),
    };
    let (mut code, mut index, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = digits.chars().peekable();
    while digits.peek().is_some() {
        let (before, mut weight) = (index, 1_u32);
        for position in (BASE..).step_by(BASE as usize) {
            // `to_digit` has 0 to 9 in front of a to z, punycode has them behind.
            let digit = (digits.next()?.to_digit(BASE)? + 26) % BASE;
            index = index.checked_add(digit.checked_mul(weight)?)?;
            let threshold = position.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(name.len()).ok()? + 1;
        let is_first = before == 0;
        let mut delta = (index - before) / if is_first { 700 } else { 2 };
        delta += delta / length;
        let mut position = 0;
        while delta > 455 {
            delta /= BASE - 1;
            position += BASE;
        }
        bias = position + BASE * delta / (delta + 38);
        code = code.checked_add(index / length)?;
        index %= length;
        name.insert(usize::try_from(index).ok()?, char::from_u32(code)?);
        index += 1;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base(text: &str) -> Result<BaseUrl, String> {
        BaseUrl::parse("api_url", text).map_err(|error| error.to_string())
    }

    /// What is taken leads to the same scheme, host and port by the rules of the standard for URLs.
    fn judge(text: &str) -> Result<(), TestCaseError> {
        let Ok(taken) = base(text) else { return Ok(()) };
        for text in [text.trim(), taken.as_str()] {
            let url = url::Url::parse(text);
            let url = url.map_err(|error| TestCaseError::fail(format!("{text} is taken, and {error}")))?;
            prop_assert_eq!(url.scheme(), taken.scheme);
            // They write some addresses in other ways.
            let address = |host: &str| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
            let host = url.host_str().unwrap_or_default();
            prop_assert_eq!(address(host), address(taken.host()), "{}", text);
            prop_assert!(address(host).is_some() || host == taken.host(), "{} leads to {}", text, host);
            let uri: Uri = taken.as_str().parse().unwrap();
            prop_assert_eq!(url.port(), uri.port_u16(), "{}", text);
            prop_assert_eq!(url.path().trim_end_matches('/'), uri.path().trim_end_matches('/'), "{}", text);
            prop_assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
        }
        Ok(())
    }

    #[test]
    fn a_base_url_is_scheme_host_and_maybe_a_path() {
        for (text, base_url, authority, host) in [
            ("https://api.mypurecloud.ie", "https://api.mypurecloud.ie", "api.mypurecloud.ie", "api.mypurecloud.ie"),
            (
                " HTTPS://Gateway.Corp:8443/genesys/ ",
                "https://gateway.corp:8443/genesys",
                "gateway.corp:8443",
                "gateway.corp",
            ),
            ("http://[::1]:80", "http://[::1]", "[::1]", "[::1]"),
            ("http://[0:0::1]:8080/", "http://[::1]:8080", "[::1]:8080", "[::1]"),
            ("https://127.0.0.1:080", "https://127.0.0.1:80", "127.0.0.1:80", "127.0.0.1"),
            (
                "http://a_b.c-d:65535/x:@!$&'()*+,;=%2F",
                "http://a_b.c-d:65535/x:@!$&'()*+,;=%2F",
                "a_b.c-d:65535",
                "a_b.c-d",
            ),
            (
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
                "xn--bcher-kva.example",
                "xn--bcher-kva.example",
            ),
            ("https://localhost", "https://localhost", "localhost", "localhost"),
            ("https://1.2.3.a", "https://1.2.3.a", "1.2.3.a", "1.2.3.a"),
        ] {
            let url = base(text).unwrap();
            assert_eq!((url.as_str(), url.authority(), url.host()), (base_url, authority, host));
            judge(text).unwrap();
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused_with_the_reason() {
        let long = format!("https://{}.example", "x".repeat(64));
        for (text, problem) in [
            ("", "is not a URL"),
            ("api.mypurecloud.ie", "is not a URL"),
            ("ftp://host", "has a scheme that can't be used here"),
            ("socks5://host", "has a scheme"),
            ("https://", "has no host"),
            ("https:///path", "has no host"),
            ("https://:443", "has no host"),
            ("http://127.0.0.1:99999", "has a port that is not a number from 1 to 65535"),
            ("http://127.0.0.1:65536", "has a port"),
            ("http://127.0.0.1:8O80", "has a port"),
            ("http://127.0.0.1:999.99", "has a port"),
            ("http://127.0.0.1:-1", "has a port"),
            ("http://127.0.0.1:+1", "has a port"),
            ("http://127.0.0.1:0", "has a port"),
            ("http://127.0.0.1:", "has a port"),
            ("http://127.0.0.1:1:2", "has a port"),
            ("http://[::1]:x", "has a port"),
            ("https://[::1].evil.com", "has something behind the brackets"),
            ("https://[::1]evil.com", "has something behind the brackets"),
            ("https://[::1", "has a host"),
            ("https://::1", "has no host"),
            ("https://[::1%25eth0]", "has brackets"),
            ("https://[evil.com]", "has brackets"),
            ("https://[1.2.3.4]", "has brackets"),
            ("https://xn--a.example", "has a host"),
            ("https://xn--.example", "has a host"),
            ("https://XN--ABC-.example", "has a host"),
            ("https://xn--99999.example", "has a host"),
            ("https://bücher.example", "has a host"),
            ("https://host%2e.example", "has a host"),
            ("http://.0.1", "has a host"),
            ("http://1.2.3", "has a host"),
            ("http://1.2.3.4.5", "has a host"),
            ("http://256.1.1.1", "has a host"),
            ("http://127.0.0.01", "has a host"),
            ("http://2130706433", "has a host"),
            ("http://0x7f.1", "has a host"),
            ("http://host.0x7f", "has a host"),
            ("http://host.0X", "has a host"),
            ("http://a..b", "has a host"),
            ("http://a.", "has a host"),
            ("https://ho st", "has a host"),
            ("https://host\\evil.com", "has a host"),
            ("https://evil.com\\@host", "has a user name"),
            ("https://ho\tst", "has a host"),
            (&long, "has a host"),
            ("https://user:s3cret@host", "has a user name"),
            ("https://user@host", "has a user name"),
            ("https://@host", "has a user name"),
            ("https://host?x=1", "has a query"),
            ("https://host?", "has a query"),
            ("https://host/#x", "has a fragment"),
            ("https://host/{id}", "has a path"),
            ("https://host/a b", "has a path"),
            ("https://host/%2", "has a path"),
            ("https://host/%zz", "has a path"),
            ("https://host/../x", "has a path"),
            ("https://host/.%2E/x", "has a path"),
            ("https://host/\\x", "has a path"),
            ("https://host/\u{7f}", "has a path"),
        ] {
            let error = base(text).unwrap_err();
            assert!(error.starts_with(&format!("api_url: {problem}")), "{text}: {error}");
            assert!(error.ends_with("; an example is https://api.example.com"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_proxy_may_have_a_user_name() {
        for (text, taken) in [
            ("http://proxy.corp:3128", "http://proxy.corp:3128"),
            ("HTTPS://user:p%40ss@Proxy.Corp/", "https://user:p%40ss@proxy.corp"),
            ("socks5://127.0.0.1:1080", "socks5://127.0.0.1"),
            ("socks5h://user@[::1]:9050", "socks5h://user@[::1]:9050"),
        ] {
            assert_eq!(proxy(text).unwrap(), taken);
        }
        for text in [
            "",
            "proxy.corp:3128",
            "socks4://host",
            "ftp://host",
            "http://host/path",
            "http://host:0",
            "http://us er@host",
            "http://a@b@host",
            "http://%ff@host",
            "http://user:p%@host",
            "http://host?x",
            "http://[::1].evil.com",
            "garbage::://",
        ] {
            assert!(proxy(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_origin_is_scheme_host_and_port() {
        let url = base("http://localhost:2001/base").unwrap();
        let is_origin = |text: &str| url.is_origin_of(&text.parse().unwrap());
        assert!(is_origin("http://localhost:2001/base/x?y") && is_origin("http://localhost:2001"));
        for other in [
            "https://localhost:2001/x",
            "http://localhost:20010/x",
            "http://localhost/x",
            "http://localhost:2001@localhost:1/x",
            "http://user@localhost:2001/x",
            "http://localhost.evil.com:2001/x",
            "/x",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }

    /// What the standard makes of a label, read back.
    fn normalized(label: &str) -> Option<String> {
        let url = url::Url::parse(&format!("http://{label}.example")).ok()?;
        let host = url.host_str()?.strip_suffix(".example")?;
        let Some(puny) = host.strip_prefix("xn--") else { return Some(host.to_owned()) };
        decode_punycode(puny).map(|letters| letters.into_iter().collect())
    }

    #[test]
    fn the_letters_that_punycode_may_stand_for_are_valid() {
        let taken: Vec<_> = ('\u{80}'..='\u{3ffff}').filter(|letter| is_taken(*letter)).collect();
        assert!(taken.len() > 30_000, "{}", taken.len());
        for letter in taken {
            assert_eq!(normalized(&letter.to_string()), Some(letter.to_string()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        #[test]
        fn what_is_taken_leads_to_where_the_standard_says(
            scheme in "https?://|HTTP://|[a-zA-Z:/]{0,9}",
            host in prop_oneof![
                "[a-zA-Z0-9._-]{1,12}",
                "([0-9]{1,3}\\.){0,4}[0-9xXa-f]{0,4}",
                "xn--[a-z0-9-]{0,8}(\\.[a-z]{1,3})?",
                "\\[[0-9a-f:.%]{0,12}\\]",
                "\\PC{0,8}",
            ],
            port in prop_oneof![3 => Just(String::new()), 2 => ":[0-9]{0,6}", 1 => ":[ -~]{0,4}"],
            path in prop_oneof![3 => Just(String::new()), 2 => "/[ -~]{0,8}", 1 => "/[a-z./%2eE]{0,10}"],
        ) {
            judge(&format!("{scheme}{host}{port}{path}"))?;
        }

        #[test]
        fn punycode_that_is_taken_is_valid(labels in "xn--([a-z]{0,4}-)?[a-z0-9]{1,10}") {
            judge(&format!("http://{labels}.example"))?;
        }

        /// Two letters next to each other are still themselves.
        #[test]
        fn letters_that_are_taken_are_valid_next_to_each_other(
            letters in proptest::collection::vec(prop_oneof![
                proptest::char::range('ß', 'ſ'),
                proptest::char::range('ά', 'џ'),
                proptest::char::range('ぁ', 'ー'),
                proptest::char::range('一', '鿿'),
                proptest::char::range('가', '힣'),
                proptest::char::range('a', 'z'),
            ], 1..6),
        ) {
            let label: String = letters.into_iter().filter(|letter| letter.is_ascii() || is_taken(*letter)).collect();
            if !label.is_empty() {
                prop_assert_eq!(normalized(&label), Some(label));
            }
        }
    }
}
