//! The tokens that were given out.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How long a window of the rate limit is.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);

/// The tokens that were given out, and when.
#[derive(Clone, Default)]
pub(crate) struct Tokens {
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) codes: HashMap<String, Code>,
    /// What is behind each refresh token.
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
    pub(crate) sign_ins: VecDeque<Instant>,
}

/// What a user brings back from signing in.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) expires: Option<Instant>,
    pub(crate) redirect_uri: String,
    /// The hash of what the client must prove itself with, if it sent one ahead.
    pub(crate) challenge: Option<String>,
}

/// A sign-in that can be renewed.
#[derive(Clone, Copy)]
pub(crate) struct Renewable {
    /// Whether it takes the client's secret.
    pub(crate) takes_secret: bool,
}

#[derive(Clone)]
pub(crate) struct RefreshToken {
    pub(crate) renewable: Renewable,
    pub(crate) expires: Option<Instant>,
}

#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) grant: &'static str,
    /// Never, where no clock can express it.
    pub(crate) expires: Option<Instant>,
    pub(crate) window: Option<Window>,
}

impl RefreshToken {
    pub(crate) fn is_good(&self, now: Instant) -> bool {
        self.expires.is_none_or(|at| now < at)
    }
}

impl Token {
    pub(crate) fn is_good(&self, now: Instant) -> bool {
        self.expires.is_none_or(|at| now < at)
    }
}

/// Assumed: a window begins with its first call, and what is refused doesn't count.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) begin: Instant,
    pub(crate) calls: u32,
}

impl Tokens {
    /// Ends all tokens that were given out so far.
    pub(crate) fn revoke(&mut self) {
        self.tokens.clear();
    }

    /// Ends all refresh tokens that were given out so far.
    pub(crate) fn revoke_refresh_tokens(&mut self) {
        self.refresh_tokens.clear();
    }

    pub(crate) fn issue(&mut self, grant: &'static str, now: Instant, lifetime: Duration) -> String {
        self.tokens.retain(|_, token| token.is_good(now));
        let text = random();
        self.tokens.insert(text.clone(), Token { grant, expires: now.checked_add(lifetime), window: None });
        text
    }

    /// Assumed, unless the sandbox was told otherwise: it is good until it is used or revoked.
    pub(crate) fn issue_refresh_token(
        &mut self,
        renewable: Renewable,
        now: Instant,
        lifetime: Option<Duration>,
    ) -> String {
        self.refresh_tokens.retain(|_, token| token.is_good(now));
        let text = random();
        let expires = lifetime.and_then(|lifetime| now.checked_add(lifetime));
        self.refresh_tokens.insert(text.clone(), RefreshToken { renewable, expires });
        text
    }

    pub(crate) fn may_sign_in(&mut self, now: Instant, per_minute: Option<u32>) -> bool {
        let Some(per_minute) = per_minute else {
            return true;
        };
        while self.sign_ins.front().is_some_and(|then| now.saturating_duration_since(*then) >= WINDOW) {
            self.sign_ins.pop_front();
        }
        let may = self.sign_ins.len() < per_minute as usize;
        if may {
            self.sign_ins.push_back(now);
        }
        may
    }
}

pub(crate) fn random() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
