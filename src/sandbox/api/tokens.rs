//! What a token says of itself.

use serde_json::json;

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::sign_in::{CLIENT_ID, ORG_NAME};
use crate::sandbox::store::state::State;

const ME: &str = "/api/v2/tokens/me";

/// The token itself is all that these need.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(ME, Permissions::NONE, me),
    Endpoint::head(ME, Permissions::NONE, is_good),
    Endpoint::delete(ME, Permissions::NONE, sign_out),
];

/// `GET /api/v2/tokens/me`.
fn me(state: &mut State, call: &Call) -> Outcome {
    let organization = json!({ "id": "5a4db0c5-0000-4000-8000-000000000002", "name": ORG_NAME });
    let grant = state.tokens.tokens.get(&call.token).map(|token| token.grant);
    // Client credentials have no scope. Assumed: the scope that lets a user do everything here.
    let scope = if grant == Some("client_credentials") { json!([]) } else { json!(["external-contacts"]) };
    Ok(Success::ok(json!({
        "organization": organization,
        "homeOrganization": organization,
        "authorizedScope": scope,
        "OAuthClient": { "id": CLIENT_ID, "name": "Sandbox", "organization": organization },
    })))
}

/// `HEAD /api/v2/tokens/me`.
fn is_good(_: &mut State, _: &Call) -> Outcome {
    Ok(Success::empty())
}

/// `DELETE /api/v2/tokens/me`. Assumed: a refresh token that came with it stays good.
fn sign_out(state: &mut State, call: &Call) -> Outcome {
    state.tokens.tokens.remove(&call.token);
    Ok(Success::empty())
}
