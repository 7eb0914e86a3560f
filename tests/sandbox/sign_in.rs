//! Signing in, and what tokens are good for.

use std::sync::{Arc, Mutex};

use genesys_external_contacts::{Credentials, Pkce, Region};

use super::*;

#[test]
fn signing_in_gives_a_token() {
    let sandbox = Sandbox::new();
    let answer = sign_in_with(&sandbox, &good_user(), "grant_type=client_credentials");
    // facts 3
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["token_type"], "bearer");
    assert_eq!(answer.body["expires_in"], 86_399);
    assert!(answer.body["access_token"].as_str().unwrap().len() >= 32);
    // facts 1.4
    assert_eq!(answer.header("inin-correlation-id").len(), 36);
    // Each is another one.
    assert_ne!(sign_in(&sandbox), sign_in(&sandbox));
}

#[test]
fn signing_in_is_refused_in_its_own_shape() {
    let good = good_user();
    let wrong_secret = format!("{}:wrong", Sandbox::CLIENT_ID);
    for (user, form, error, description) in [
        // facts 1.4
        ("nobody:secret", "grant_type=client_credentials", "invalid_client", "client not found"),
        (&wrong_secret, "grant_type=client_credentials", "invalid_client", "authentication failed"),
        // assumed
        ("no colon", "grant_type=client_credentials", "invalid_client", "client credentials are missing"),
        (&good, "", "invalid_request", "grant_type is missing"),
        (&good, "grant_type=password", "unsupported_grant_type", "the grant type is not one that the service has"),
    ] {
        let answer = sign_in_with(&Sandbox::new(), user, form);
        assert_eq!(answer.status, 400, "{user}");
        let expected = json!({ "error": error, "description": description, "error_description": description });
        assert_eq!(answer.body, expected, "{user}");
        assert!(answer.headers.contains_key("inin-correlation-id"));
    }
}

#[test]
fn signing_in_has_a_limit_of_its_own() {
    let sandbox = Sandbox::builder().sign_ins_per_minute(2).build();
    let sign_in = || sign_in_with(&sandbox, &good_user(), "grant_type=client_credentials");
    assert_eq!((sign_in().status, sign_in().status), (200, 200));
    // facts 1.4
    let refused = sign_in();
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_request")));
    assert!(refused.body["error_description"].as_str().unwrap().starts_with("rate limit exceeded;"));
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(sign_in().status, 200);
}

#[test]
fn every_call_needs_a_good_token() {
    let sandbox = Sandbox::new();
    let token = sign_in(&sandbox);
    let call = |authorization: &str| {
        let mut request = Request::get(CONTACTS);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        Answer::of(sandbox.answer(request.body(Vec::new()).unwrap()))
    };
    for (authorization, code) in [
        // facts 1.2
        ("", "authentication.required"),
        ("Bearer ", "authentication.required"),
        ("Basic abc", "authentication.required"),
        ("ü", "authentication.required"),
        ("Bearer wrong", "bad.credentials"),
    ] {
        let answer = call(authorization);
        assert_eq!((answer.status, answer.code()), (401, code), "{authorization}");
    }
    let good = format!("Bearer {token}");
    assert_eq!(call(&good).status, 200);
    assert_eq!(call(&good.replacen("Bearer", "bearer", 1)).status, 200);
    // Almost to the last second, and not after. facts 3
    sandbox.advance(Duration::from_secs(86_390));
    assert_eq!(call(&good).status, 200);
    sandbox.advance(Duration::from_secs(9));
    assert_eq!(call(&good).code(), "bad.credentials");

    let fresh = format!("Bearer {}", sign_in(&sandbox));
    assert_eq!(call(&fresh).status, 200);
    sandbox.revoke_tokens();
    assert_eq!(call(&fresh).code(), "bad.credentials");
}

const BACK: &str = "https://app.example.com/back?from=login";

fn code(sandbox: &Sandbox) -> String {
    let back = BACK.replace('?', "%3F").replace('=', "%3D");
    let url = format!("/oauth/authorize?client_id={}&response_type=code&redirect_uri={back}", Sandbox::CLIENT_ID);
    sandbox.authorize(&url).unwrap()
}

#[test]
fn a_code_is_good_once() {
    let sandbox = Sandbox::new();
    let with_code = |code: &str, back: &str| {
        let back = back.replace('?', "%3F").replace('=', "%3D");
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={back}");
        sign_in_with(&sandbox, &good_user(), &form)
    };
    // facts 3
    let first = code(&sandbox);
    let answer = with_code(&first, BACK);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body["refresh_token"].is_string());
    // assumed, after the OAuth standard
    for (code, back) in [(&*first, BACK), ("wrong", BACK), (&code(&sandbox), "https://elsewhere.example.com")] {
        let answer = with_code(code, back);
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_grant")));
    }
    let late = code(&sandbox);
    sandbox.advance(Duration::from_secs(300));
    assert_eq!(with_code(&late, BACK).body["error"], "invalid_grant");
    assert_eq!(sign_in_with(&sandbox, &good_user(), "grant_type=authorization_code").body["error"], "invalid_request");
}

#[test]
fn the_sign_in_page_sends_back_with_a_code() {
    let sandbox = Sandbox::new();
    let open = |query: &str| {
        Answer::of(sandbox.answer(Request::get(format!("/oauth/authorize?{query}")).body(Vec::new()).unwrap()))
    };
    let id = Sandbox::CLIENT_ID;
    // facts 3
    let answer = open(&format!("client_id={id}&response_type=code&redirect_uri=https://a.example/b&state=x%26y"));
    assert_eq!(answer.status, 302);
    let back = answer.header("location");
    assert!(back.starts_with("https://a.example/b?code=") && back.ends_with("&state=x%26y"), "{back}");
    for query in [
        "",
        "client_id=nobody&response_type=code&redirect_uri=https://a.example/b",
        &format!("client_id={id}&response_type=code"),
        &format!("client_id={id}&response_type=token&redirect_uri=https://a.example/b"),
        &format!("client_id={id}&response_type=code&redirect_uri=https://a.example/b&code_challenge=x"),
    ] {
        assert_eq!(open(query).status, 400, "{query}");
        assert!(sandbox.authorize(query).is_err());
    }
}

#[test]
fn our_client_signs_in_in_every_way() {
    let sandbox = Sandbox::new();
    let (id, secret) = (Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let pkce = Pkce::generate().unwrap();
    let url = pkce.authorize_url(&Region::EuWest1, id, BACK, Some("state")).unwrap();
    let pkce_code = sandbox.authorize(&url).unwrap();
    let stolen_code = sandbox.authorize(&url).unwrap();
    let unproven_code = sandbox.authorize(&url).unwrap();
    for (credentials, refusal) in [
        (Credentials::client_credentials(id, secret), None),
        (Credentials::authorization_code(id, secret, code(&sandbox), BACK), None),
        (Credentials::authorization_code(id, "wrong", code(&sandbox), BACK), Some("invalid_client")),
        (Credentials::pkce(id, pkce_code, &pkce, BACK), None),
        (Credentials::pkce(id, stolen_code, &Pkce::generate().unwrap(), BACK), Some("invalid_grant")),
        (Credentials::pkce("nobody", code(&sandbox), &pkce, BACK), Some("invalid_client")),
        (Credentials::authorization_code(id, secret, unproven_code, BACK), Some("invalid_grant")),
        (Credentials::refresh_token(id, secret, "wrong"), Some("invalid_grant")),
        (Credentials::saml2_bearer(id, secret, Sandbox::ORG_NAME, "assertion"), None),
        (Credentials::saml2_bearer(id, secret, "another", "assertion"), Some("invalid_grant")),
        (Credentials::saml2_bearer(id, "wrong", Sandbox::ORG_NAME, "assertion"), Some("invalid_client")),
    ] {
        let what = format!("{credentials:?} {refusal:?}");
        let client = sandbox.client_with(credentials).unwrap();
        let error = client.contacts().search().send().err();
        assert_eq!(error.as_ref().and_then(|error| error.code()), refusal, "{what}: {error:?}");
        if refusal.is_none() {
            // What can be renewed is renewed. A code is not what it is renewed with.
            sandbox.revoke_tokens();
            client.contacts().search().send().unwrap_or_else(|error| panic!("{what}: {error}"));
        }
    }
}

#[test]
fn refresh_tokens_rotate() {
    let sandbox = Sandbox::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let credentials = Credentials::authorization_code(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, code(&sandbox), BACK);
    let client = sandbox
        .client_builder()
        .credentials(credentials)
        .on_refresh_token(move |token| tell.lock().unwrap().push(token.to_owned()))
        .build()
        .unwrap();
    for _ in 0..3 {
        client.contacts().search().send().unwrap();
        sandbox.advance(Duration::from_secs(86_399));
    }
    // facts 3: each is another one
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 3);
    assert!(told[0] != told[1] && told[1] != told[2]);
    // assumed: those before are worthless, and a program that stores the last one goes on with it.
    let resume = |token: &str| {
        let credentials = Credentials::refresh_token(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, token);
        sandbox.client_with(credentials).unwrap().contacts().search().send()
    };
    assert_eq!(resume(&told[1]).unwrap_err().code(), Some("invalid_grant"));
    assert!(resume(&told[2]).is_ok());
    assert_eq!(resume(&told[2]).unwrap_err().code(), Some("invalid_grant"));
    // A secret can't be left out later.
    let form = "grant_type=authorization_code";
    let renewable = sign_in_with(
        &sandbox,
        &good_user(),
        &format!("{form}&code={}&redirect_uri={}", code(&sandbox), BACK.replace('?', "%3F")),
    );
    let form = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={}",
        Sandbox::CLIENT_ID,
        renewable.body["refresh_token"].as_str().unwrap()
    );
    let request = Request::post("/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.into_bytes())
        .unwrap();
    assert_eq!(Answer::of(sandbox.answer(request)).body["error"], "invalid_grant");
}

#[test]
fn a_token_can_be_looked_at_and_deleted() {
    let me = "/api/v2/tokens/me";
    let api = Api::new();
    // Whatever the client may do.
    api.sandbox.set_permissions(["nothing"]);
    // facts 3
    let info = api.get(me);
    assert_eq!(info.status, 200);
    assert_eq!(info.body["OAuthClient"]["id"], Sandbox::CLIENT_ID);
    assert_eq!(info.body["organization"], info.body["homeOrganization"]);
    assert_eq!(info.body["authorizedScope"], json!([]));
    let head = api.raw("HEAD", me, "", "");
    assert_eq!((head.status, head.body), (200, Value::Null));
    let other = Api { sandbox: api.sandbox.clone(), token: sign_in(&api.sandbox) };
    let deleted = api.delete(me);
    assert_eq!((deleted.status, deleted.body), (200, Value::Null));
    for method in ["GET", "DELETE"] {
        let again = api.raw(method, me, "", "");
        assert_eq!((again.status, again.code()), (401, "bad.credentials"));
    }
    assert_eq!(api.raw("HEAD", me, "", "").status, 401);
    assert_eq!(other.get(me).status, 200);
    assert_eq!(other.raw("POST", me, "", "").header("allow"), "GET, HEAD, DELETE");
}

#[test]
fn our_client_signs_out() {
    let sandbox = Sandbox::new();
    let client = sandbox.client();
    client.contacts().search().send().unwrap();
    let token = sandbox.requests().last().unwrap().headers["authorization"].clone();
    client.sign_out().unwrap();
    let request = Request::get(CONTACTS).header("authorization", token).body(Vec::new()).unwrap();
    assert_eq!(sandbox.answer(request).status(), 401);
    // It signs in again when it is needed again.
    client.contacts().search().send().unwrap();
}

/// facts 9: nobody knows
#[test]
fn refresh_tokens_can_expire() {
    let lifetime = Duration::from_secs(3600);
    let sandbox = Sandbox::builder().refresh_token_lifetime(lifetime).build();
    let back = BACK.replace('?', "%3F").replace('=', "%3D");
    let form = format!("grant_type=authorization_code&code={}&redirect_uri={back}", code(&sandbox));
    let first = sign_in_with(&sandbox, &good_user(), &form);
    let renew = |before: &Answer| {
        let token = before.body["refresh_token"].as_str().unwrap();
        sign_in_with(&sandbox, &good_user(), &format!("grant_type=refresh_token&refresh_token={token}"))
    };
    sandbox.advance(Duration::from_secs(3500));
    let second = renew(&first);
    assert_eq!(second.status, 200);
    // Each has its own time.
    sandbox.advance(Duration::from_secs(3500));
    let third = renew(&second);
    assert_eq!(third.status, 200);
    sandbox.advance(lifetime);
    let refused = renew(&third);
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_grant")));
}
