//! Files that are fetched from, or sent to, a URL of their own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sandbox::store::clock::Clock;
use crate::sandbox::store::settings::Settings;
use crate::sandbox::store::tokens::random;

/// Under which path they are.
pub(crate) const PATH: &str = "/files/";

/// The URLs that were given out.
#[derive(Clone, Default)]
pub(crate) struct Files {
    links: HashMap<String, Link>,
}

/// What is behind a URL.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) what: What,
    ready: Instant,
    expires: Instant,
}

#[derive(Clone)]
pub(crate) enum What {
    /// A file to be fetched, and what tells it from others.
    Download { content: Arc<[u8]>, tag: String },
    /// Where the file of an upload goes: its id.
    Upload(String),
}

/// What a URL is good for.
pub(crate) enum Found<'a> {
    Link(&'a Link),
    NotReady,
    Expired,
    Nothing,
}

impl Files {
    /// Makes a URL. `since` is when what is behind it came to be.
    pub(crate) fn link(&mut self, clock: &Clock, settings: &Settings, what: What, since: Instant) -> String {
        let now = clock.now();
        // Those that expired long ago are nothing any more.
        let long_ago = now.checked_sub(Duration::from_secs(86_400));
        self.links.retain(|_, link| long_ago.is_none_or(|long_ago| link.expires > long_ago));
        let lag = if matches!(what, What::Download { .. }) { settings.download_lag } else { Duration::ZERO };
        let ready = since.checked_add(lag).unwrap_or(since);
        let key = random();
        let url = format!("{}{PATH}{key}", settings.files_url);
        self.links.insert(key, Link { what, ready, expires: clock.after(settings.file_lifetime) });
        url
    }

    pub(crate) fn find(&self, key: &str, clock: &Clock) -> Found<'_> {
        let now = clock.now();
        match self.links.get(key) {
            None => Found::Nothing,
            Some(link) if now >= link.expires => Found::Expired,
            Some(link) if now < link.ready => Found::NotReady,
            Some(link) => Found::Link(link),
        }
    }
}
