//! When a token is renewed.

use std::time::Duration;

use crate::error::ErrorKind;

/// How long a token is used, given the lifetime that the service states (`expires_in`).
///
/// It is renewed a minute early, so that no request travels with a token that expires on the way; a token that lives
/// under ten minutes is renewed after nine tenths of its life.
pub(crate) fn use_for(lifetime: Duration) -> Duration {
    const MARGIN: Duration = Duration::from_secs(60);
    lifetime - MARGIN.min(lifetime / 10)
}

/// Whether a sign-in that failed surely didn't use what is good only once: an authorization code, a refresh token.
pub(crate) fn grant_is_unused(failure: &ErrorKind) -> bool {
    match failure {
        ErrorKind::Transport(error) => !error.may_have_been_received(),
        ErrorKind::SignIn(error) => error.is_rate_limited(),
        _ => false,
    }
}

/// Whether an answer with 401 is worth a new token and a second try.
pub(crate) fn renew_on_unauthorized(can_renew: bool, already_renewed: bool) -> bool {
    can_renew && !already_renewed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_expires() {
        for (lifetime, used) in [(86_400, 86_340), (600, 540), (300, 270), (10, 9), (0, 0)] {
            assert_eq!(use_for(Duration::from_secs(lifetime)), Duration::from_secs(used), "{lifetime}");
        }
    }
}
