//! What becomes of a transfer of a file after each answer, and after each interruption.

use std::time::Duration;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG};
use http::{HeaderMap, StatusCode, Uri};

/// How many redirects of one request are followed.
pub(crate) const MOST_REDIRECTS: u32 = 5;
/// How often a URL is asked for anew, and how often an interruption is mended, without a byte in between.
pub(crate) const MOST_FAILURES: u32 = 5;

/// The wait before a transfer goes on after so many failures in a row. What the host asks for wins, up to a maximum.
pub(crate) fn wait(failures: u32, asked: Option<Duration>) -> Duration {
    const LONGEST: Duration = Duration::from_secs(90);
    let own = Duration::from_secs(1 << failures.saturating_sub(1).min(6));
    asked.unwrap_or(own).min(LONGEST)
}

/// What an answer to a request for a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The file from its beginning, and how long it is.
    Whole(Option<u64>),
    /// The file from where it was asked for, and how long it is as a whole.
    Part(Option<u64>),
    /// A part that was not asked for: it has to be asked for as a whole.
    WrongPart,
    /// There is nothing after what is there already.
    Complete,
    Redirect,
    /// The URL may be no longer, or not yet, good.
    Stale,
    /// The token is not.
    Unauthorized,
    /// The host may give the file later.
    Later,
    Refused,
}

/// What an answer says to a request for all from the byte `from` on; 0 is a request for the whole file.
pub(crate) fn answer(status: StatusCode, headers: &HeaderMap, from: u64) -> Answer {
    let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    match status.as_u16() {
        206 if from > 0 => {
            let range = text(CONTENT_RANGE).and_then(|range| range.trim().strip_prefix("bytes "));
            let begins = range.and_then(|range| range.split('-').next()?.parse::<u64>().ok());
            let total = range.and_then(|range| range.rsplit('/').next()?.parse().ok());
            if begins == Some(from) { Answer::Part(total) } else { Answer::WrongPart }
        }
        // Nobody asked for a part.
        206 => Answer::Refused,
        416 if from > 0 => {
            let total =
                text(CONTENT_RANGE).and_then(|range| range.trim().strip_prefix("bytes */")?.parse::<u64>().ok());
            if total == Some(from) { Answer::Complete } else { Answer::WrongPart }
        }
        200..=299 => {
            // The length of what was compressed on the way says nothing.
            let is_as_it_is = text(CONTENT_ENCODING).is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"));
            Answer::Whole(text(CONTENT_LENGTH).filter(|_| is_as_it_is).and_then(|length| length.trim().parse().ok()))
        }
        301 | 302 | 303 | 307 | 308 => Answer::Redirect,
        401 => Answer::Unauthorized,
        403 | 404 | 410 => Answer::Stale,
        408 | 429 | 500..=599 => Answer::Later,
        _ => Answer::Refused,
    }
}

/// What tells a file from others, where the host gives something that is good for that.
pub(crate) fn strong_tag(headers: &HeaderMap) -> Option<http::HeaderValue> {
    headers.get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\"")).cloned()
}

/// Where a redirect leads. `Err` says why it is not followed.
pub(crate) fn redirect(from: &Uri, location: Option<&str>) -> Result<Uri, &'static str> {
    let location = location.ok_or("redirected without saying where to")?;
    let base =
        format!("{}://{}", from.scheme_str().unwrap_or_default(), from.authority().map_or("", |host| host.as_str()));
    let to = if let Some(rest) = location.strip_prefix("//") {
        format!("{}://{rest}", from.scheme_str().unwrap_or_default())
    } else if location.starts_with('/') {
        format!("{base}{location}")
    } else if location.contains("://") {
        location.to_owned()
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{base}{folder}/{location}")
    };
    let to = to.split('#').next().unwrap_or_default();
    let to: Uri = to.parse().map_err(|_| "redirected to something that is no URL")?;
    match (from.scheme_str(), to.scheme_str()) {
        (Some("https"), Some("http")) => Err("redirected from https to http, which is not followed"),
        (_, Some("http" | "https")) if to.authority().is_some_and(|host| !host.host().is_empty()) => Ok(to),
        _ => Err("redirected to something that is no URL"),
    }
}

/// Whether a URL is on the host of the API, with the same port and the same protection: only there may the token go. A URL that
/// two libraries could read in two ways is on none.
pub(crate) fn is_host_of(api: &str, url: &Uri) -> bool {
    let Ok(api) = api.parse::<Uri>() else { return false };
    let port = |uri: &Uri| match (uri.port_u16(), uri.scheme_str()) {
        (Some(port), _) => Some(port),
        (None, Some("https")) => Some(443),
        (None, _) => Some(80),
    };
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    // Neither a user name nor a port that is no number.
    let is_clean = |uri: &Uri| {
        uri.authority().is_some_and(|authority| {
            let rest = authority.as_str().strip_prefix(authority.host());
            rest.is_some_and(|rest| rest.is_empty() || authority.port_u16().is_some())
        })
    };
    is_clean(url) && host(&api) == host(url) && api.scheme_str() == url.scheme_str() && port(&api) == port(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn answers_are_understood() {
        for (status, given, from, expected) in [
            (200, &[("content-length", "9")][..], 0, Answer::Whole(Some(9))),
            (200, &[], 4, Answer::Whole(None)),
            (200, &[("content-length", "9"), ("content-encoding", "gzip")], 0, Answer::Whole(None)),
            (206, &[("content-range", "bytes 4-8/9")], 4, Answer::Part(Some(9))),
            (206, &[("content-range", "bytes 4-8/*")], 4, Answer::Part(None)),
            (206, &[("content-range", "bytes 0-8/9")], 4, Answer::WrongPart),
            (206, &[], 4, Answer::WrongPart),
            (206, &[("content-range", "bytes 0-8/9")], 0, Answer::Refused),
            (416, &[("content-range", "bytes */4")], 4, Answer::Complete),
            (416, &[("content-range", "bytes */3")], 4, Answer::WrongPart),
            (302, &[], 0, Answer::Redirect),
            (304, &[], 0, Answer::Refused),
            (401, &[], 0, Answer::Unauthorized),
            (403, &[], 0, Answer::Stale),
            (404, &[], 0, Answer::Stale),
            (429, &[], 0, Answer::Later),
            (503, &[], 0, Answer::Later),
            (400, &[], 0, Answer::Refused),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(answer(status, &headers(given), from), expected, "{status} {given:?} {from}");
        }
    }

    #[test]
    fn redirects_lead_somewhere_or_are_not_followed() {
        for (from, location, expected) in [
            ("https://a.example/x/y?z", "https://b.example/q", Ok("https://b.example/q")),
            ("https://a.example/x/y", "/q?r", Ok("https://a.example/q?r")),
            ("https://a.example/x/y", "q", Ok("https://a.example/x/q")),
            ("https://a.example/x/y", "//b.example/q#f", Ok("https://b.example/q")),
            ("http://a.example/", "https://b.example/", Ok("https://b.example/")),
            ("https://a.example/", "http://a.example/", Err(())),
            ("https://a.example/", "ftp://a.example/", Err(())),
            ("https://a.example/", "https:///x", Err(())),
        ] {
            let to = redirect(&from.parse().unwrap(), Some(location));
            assert_eq!(to.map(|to| to.to_string()).map_err(|_| ()), expected.map(str::to_owned), "{location}");
        }
        assert!(redirect(&"https://a.example/".parse().unwrap(), None).is_err());
    }

    #[test]
    fn a_host_is_the_same_only_with_its_port_and_its_protection() {
        let api = "https://api.mypurecloud.ie/gateway";
        for (text, same) in [
            ("https://api.mypurecloud.ie/x", true),
            ("https://API.mypurecloud.ie:443/x", true),
            ("https://api.mypurecloud.ie:8443/x", false),
            ("http://api.mypurecloud.ie/x", false),
            ("https://api.mypurecloud.ie.evil.example/x", false),
            ("https://evil.example/api.mypurecloud.ie", false),
            ("https://api.mypurecloud.ie@evil.example/", false),
            ("https://evil@api.mypurecloud.ie/", false),
            ("https://api.mypurecloud.ie:x/", false),
            ("https://api.mypurecloud.ie:/", false),
            ("/relative", false),
        ] {
            let other: Result<Uri, _> = text.parse();
            assert_eq!(other.is_ok_and(|other| is_host_of(api, &other)), same, "{text}");
        }
    }
}
