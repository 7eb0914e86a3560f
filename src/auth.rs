//! Who the client signs in as, and the token that it gets.

mod credentials;
mod pkce;
mod token;

use http::HeaderValue;

pub use credentials::Credentials;
pub use pkce::Pkce;
pub(crate) use token::{Renewal, Token, bearer, read_token};

use crate::error::Error;
use crate::operation::{Operation, RequestParts, Route};

/// `DELETE /api/v2/tokens/me`; see [`Client::sign_out`](crate::Client::sign_out).
pub(crate) struct SignOut;

impl Operation for SignOut {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/tokens/me");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

fn sensitive(what: &'static str, value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| Error::invalid(what, "has characters that can't stand in a header, a line break for example"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn not_empty(what: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() { Err(Error::invalid(what, "is empty")) } else { Ok(()) }
}
