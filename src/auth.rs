//! Who the client signs in as, and the token that it gets.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac_sha256::Hash as Sha256;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::error::{DecodeError, Error, RawBody, SignInError};
use crate::meta::Meta;
use crate::operation::{Operation, RequestParts, Route};
use crate::region::Region;
use crate::{decide, random, wire};

/// `DELETE /api/v2/tokens/me`; see [`Client::sign_out`](crate::Client::sign_out).
pub(crate) struct SignOut;

impl Operation for SignOut {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/tokens/me");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

/// Who the client signs in as: one of the ways in which the service gives out tokens.
///
/// | way | for | renewed |
/// |---|---|---|
/// | [`client_credentials`](Self::client_credentials) | a program that acts for itself | as often as needed |
/// | [`authorization_code`](Self::authorization_code) | a web application that acts for a user | with the refresh token that came along |
/// | [`pkce`](Self::pkce) | an application that can't keep a secret | with the refresh token, if one came along |
/// | [`refresh_token`](Self::refresh_token) | going on where such an application stopped | with the next refresh token |
/// | [`saml2_bearer`](Self::saml2_bearer) | an application whose users sign in elsewhere | as long as the assertion is good |
/// | [`access_token`](Self::access_token) | a token that somebody else got | never |
///
/// `Debug` prints which way it is, and no secret.
///
/// Nothing has to be done to stay signed in. [`sign_out`](crate::Client::sign_out) makes the service forget the token
/// before its time, for the client and all its clones; credentials that are good for more than one sign-in get a new one
/// with the next call:
///
/// ```
/// use genesys_external_contacts::Credentials;
/// use genesys_external_contacts::sandbox::Sandbox;
///
/// let sandbox = Sandbox::new();
/// let credentials = Credentials::client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
/// let client = sandbox.client_with(credentials)?;
/// client.contacts().search().send()?;
///
/// client.sign_out()?;
/// client.contacts().search().send()?;
/// let sign_ins = sandbox.requests().iter().filter(|request| request.path == "/oauth/token").count();
/// assert_eq!(sign_ins, 2);
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone)]
pub struct Credentials(Grant);

#[derive(Clone)]
enum Grant {
    AccessToken(SecretString),
    ClientCredentials { client: OAuthClient },
    AuthorizationCode { client: OAuthClient, code: SecretString, redirect_uri: String },
    Pkce { client: OAuthClient, code: SecretString, verifier: SecretString, redirect_uri: String },
    RefreshToken { client: OAuthClient, token: SecretString },
    Saml2Bearer { client: OAuthClient, org_name: String, assertion: SecretString },
}

/// An OAuth client; one of an application that can't keep a secret has none.
#[derive(Clone)]
struct OAuthClient {
    id: String,
    secret: Option<SecretString>,
}

impl OAuthClient {
    fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), secret: Some(secret.into()) }
    }
}

impl Credentials {
    /// A token that you got elsewhere. It can't be renewed: when it expires, calls fail with 401.
    pub fn access_token(token: impl Into<SecretString>) -> Self {
        Self(Grant::AccessToken(token.into()))
    }

    /// An OAuth client with the grant "client credentials".
    pub fn client_credentials(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self(Grant::ClientCredentials { client: OAuthClient::new(id, secret) })
    }

    /// The code that a user brought back from signing in, which is good for one sign-in. After that the refresh token
    /// that came with the first token renews it; see
    /// [`on_refresh_token`](crate::ClientBuilder::on_refresh_token).
    pub fn authorization_code(
        id: impl Into<String>,
        secret: impl Into<SecretString>,
        code: impl Into<SecretString>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let client = OAuthClient::new(id, secret);
        Self(Grant::AuthorizationCode { client, code: code.into(), redirect_uri: redirect_uri.into() })
    }

    /// The code that a user brought back from signing in with a [`Pkce`] challenge. No secret is needed.
    pub fn pkce(
        id: impl Into<String>,
        code: impl Into<SecretString>,
        pkce: &Pkce,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let client = OAuthClient { id: id.into(), secret: None };
        let verifier = pkce.verifier.clone();
        Self(Grant::Pkce { client, code: code.into(), verifier, redirect_uri: redirect_uri.into() })
    }

    /// A refresh token from an earlier session. The service gives a new one with each token, and the one before is no
    /// longer good then: store what [`on_refresh_token`](crate::ClientBuilder::on_refresh_token) hands over, and begin
    /// with that the next time.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use genesys_external_contacts::Credentials;
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// # let sandbox = Sandbox::new();
    /// # let back = "https://app.example.com/back";
    /// # let url = format!("/oauth/authorize?client_id={}&response_type=code&redirect_uri={back}", Sandbox::CLIENT_ID);
    /// # let code = sandbox.authorize(&url).unwrap();
    /// # let stored = Arc::new(Mutex::new(String::new()));
    /// # let store = Arc::clone(&stored);
    /// # let (id, secret) = (Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    /// # let first = sandbox.client_builder().credentials(Credentials::authorization_code(id, secret, code, back));
    /// # let first = first.on_refresh_token(move |token| *store.lock().unwrap() = token.to_owned()).build()?;
    /// # first.contacts().search().send()?;
    ///
    /// // Where the token is kept between two runs: a file or a database, in place of this.
    /// let kept: Arc<Mutex<String>> = stored;
    ///
    /// let last = kept.lock().unwrap().clone();
    /// let store = Arc::clone(&kept);
    /// let client = sandbox
    ///     .client_builder()
    ///     .credentials(Credentials::refresh_token(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, last.clone()))
    ///     .on_refresh_token(move |token| *store.lock().unwrap() = token.to_owned())
    ///     .build()?;
    /// client.contacts().search().send()?;
    /// assert_ne!(*kept.lock().unwrap(), last);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn refresh_token(
        id: impl Into<String>,
        secret: impl Into<SecretString>,
        refresh_token: impl Into<SecretString>,
    ) -> Self {
        Self(Grant::RefreshToken { client: OAuthClient::new(id, secret), token: refresh_token.into() })
    }

    /// A SAML2 assertion from the identity provider of the organization with this (short) name.
    pub fn saml2_bearer(
        id: impl Into<String>,
        secret: impl Into<SecretString>,
        org_name: impl Into<String>,
        assertion: impl Into<SecretString>,
    ) -> Self {
        let client = OAuthClient::new(id, secret);
        Self(Grant::Saml2Bearer { client, org_name: org_name.into(), assertion: assertion.into() })
    }

    /// Refuses what can't be right, before anything is sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let secret = |what, secret: &SecretString| not_empty(what, secret.expose_secret());
        if let Some(client) = self.client() {
            not_empty("client id", &client.id)?;
            client.secret.as_ref().map_or(Ok(()), |value| secret("client secret", value))?;
        }
        match &self.0 {
            Grant::AccessToken(token) => bearer(token).map(|_| ()),
            Grant::ClientCredentials { .. } => Ok(()),
            Grant::AuthorizationCode { code, redirect_uri, .. } | Grant::Pkce { code, redirect_uri, .. } => {
                secret("authorization code", code)?;
                not_empty("redirect uri", redirect_uri)
            }
            Grant::RefreshToken { token, .. } => secret("refresh token", token),
            Grant::Saml2Bearer { org_name, assertion, .. } => {
                not_empty("organization name", org_name)?;
                secret("assertion", assertion)
            }
        }
    }

    /// The token, for those who have it already.
    pub(crate) fn given_token(&self) -> Option<&SecretString> {
        if let Grant::AccessToken(token) = &self.0 { Some(token) } else { None }
    }

    fn client(&self) -> Option<&OAuthClient> {
        match &self.0 {
            Grant::AccessToken(_) => None,
            Grant::ClientCredentials { client }
            | Grant::AuthorizationCode { client, .. }
            | Grant::Pkce { client, .. }
            | Grant::RefreshToken { client, .. }
            | Grant::Saml2Bearer { client, .. } => Some(client),
        }
    }

    /// The request that gets a token. `last` is what the last sign-in left to renew it with.
    pub(crate) fn sign_in_request(&self, url: &str, last: Option<&Renewal>) -> Result<http::Request<Vec<u8>>, Error> {
        const GRANT: &str = "grant_type";
        let expose = |secret: &SecretString| secret.expose_secret().to_owned();
        let refresh = |token| vec![(GRANT, "refresh_token".to_owned()), ("refresh_token", expose(token))];
        let mut fields = match (&self.0, last) {
            // `Session` never signs in with a token that it was given.
            (Grant::AccessToken(_), _) => Vec::new(),
            (Grant::ClientCredentials { .. }, _) => vec![(GRANT, "client_credentials".to_owned())],
            (Grant::Saml2Bearer { org_name, assertion, .. }, _) => vec![
                (GRANT, "urn:ietf:params:oauth:grant-type:saml2-bearer".to_owned()),
                ("orgName", org_name.clone()),
                ("assertion", expose(assertion)),
            ],
            (_, Some(Renewal { refresh_token: Some(token) })) => refresh(token),
            (Grant::RefreshToken { token, .. }, _) => refresh(token),
            (Grant::AuthorizationCode { .. } | Grant::Pkce { .. }, Some(Renewal { refresh_token: None })) => {
                let problem = "gave a token that is no longer good and no refresh token; let the user sign in again";
                return Err(Error::invalid("authorization code", problem));
            }
            (Grant::AuthorizationCode { code, redirect_uri, .. }, None) => vec![
                (GRANT, "authorization_code".to_owned()),
                ("code", expose(code)),
                ("redirect_uri", redirect_uri.clone()),
            ],
            (Grant::Pkce { code, verifier, redirect_uri, .. }, None) => vec![
                (GRANT, "authorization_code".to_owned()),
                ("code", expose(code)),
                ("code_verifier", expose(verifier)),
                ("redirect_uri", redirect_uri.clone()),
            ],
        };
        let client = self.client();
        if let Some(OAuthClient { id, secret: None }) = client {
            fields.push(("client_id", id.clone()));
        }
        let mut request = wire::Prepared::form(url, &fields)?.request(None);
        if let Some(OAuthClient { id, secret: Some(secret) }) = client {
            let pair = SecretString::from(format!("{id}:{}", secret.expose_secret()));
            let basic = SecretString::from(format!("Basic {}", BASE64_STANDARD.encode(pair.expose_secret())));
            request.headers_mut().insert(AUTHORIZATION, sensitive("client secret", basic.expose_secret())?);
        }
        Ok(request)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Grant::AccessToken(_) => "AccessToken(…)",
            Grant::ClientCredentials { .. } => "ClientCredentials(…)",
            Grant::AuthorizationCode { .. } => "AuthorizationCode(…)",
            Grant::Pkce { .. } => "Pkce(…)",
            Grant::RefreshToken { .. } => "RefreshToken(…)",
            Grant::Saml2Bearer { .. } => "Saml2Bearer(…)",
        })
    }
}

/// What an application without a secret proves itself with: a random verifier that it keeps, and its hash, the challenge,
/// that it sends ahead.
///
/// ```
/// use genesys_external_contacts::{Client, Credentials, Pkce, Region};
///
/// // Send the user there …
/// let pkce = Pkce::generate()?;
/// let url = pkce.authorize_url(&Region::EuWest1, "an id", "https://app.example.com/back", Some("some state"));
/// assert!(url.starts_with("https://login.mypurecloud.ie/oauth/authorize?client_id=an%20id&response_type=code&"));
///
/// // … and take the code that comes back.
/// let credentials = Credentials::pkce("an id", "the code", &pkce, "https://app.example.com/back");
/// let client = Client::builder().region(Region::EuWest1).credentials(credentials).build()?;
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone)]
pub struct Pkce {
    verifier: SecretString,
}

impl Pkce {
    /// A new verifier, from the random numbers of the operating system.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) where the operating system has none.
    pub fn generate() -> Result<Self, Error> {
        let bytes = random::bytes::<32>()
            .ok_or_else(|| Error::invalid("verifier", "the operating system gives no random numbers"))?;
        Ok(Self { verifier: BASE64_URL_SAFE_NO_PAD.encode(bytes).into() })
    }

    /// A verifier that was generated earlier, for an application that was restarted while the user signed in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) unless it has 43 to 128 characters out of `A-Z a-z 0-9 - . _ ~`.
    pub fn from_verifier(verifier: impl Into<SecretString>) -> Result<Self, Error> {
        let verifier = verifier.into();
        let text = verifier.expose_secret();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&text.len()) || !text.bytes().all(is_allowed) {
            return Err(Error::invalid("verifier", "does not have 43 to 128 characters out of A-Z a-z 0-9 - . _ ~"));
        }
        Ok(Self { verifier })
    }

    /// The verifier. Keep it where only the application gets at it.
    pub fn verifier(&self) -> &str {
        self.verifier.expose_secret()
    }

    /// The challenge: the hash of the verifier, which may be seen (`S256`).
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(self.verifier().as_bytes()))
    }

    /// Where to send the user to sign in. The code comes back as a parameter of the redirect URI, and the state with it.
    pub fn authorize_url(&self, region: &Region, client_id: &str, redirect_uri: &str, state: Option<&str>) -> String {
        let challenge = self.challenge();
        let mut fields = vec![
            ("client_id", client_id),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        fields.extend(state.map(|state| ("state", state)));
        format!("https://login.{}/oauth/authorize?{}", region.domain(), wire::form(&fields))
    }
}

impl fmt::Debug for Pkce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkce(…)")
    }
}

/// What a sign-in leaves to renew its token with.
pub(crate) struct Renewal {
    pub(crate) refresh_token: Option<SecretString>,
}

/// A token and how long it is good for.
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    /// How long to use it from when it was asked for; `None` where the service didn't say.
    pub(crate) use_for: Option<Duration>,
    pub(crate) refresh_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
    expires_in: Option<u64>,
    refresh_token: Option<SecretString>,
}

#[derive(Default, Deserialize)]
struct RefusalBody {
    error: Option<String>,
    error_description: Option<String>,
    description: Option<String>,
}

/// The token that the token endpoint gave, or why it gave none.
pub(crate) fn read_token(response: http::Response<Vec<u8>>) -> Result<Token, Error> {
    let (parts, body) = response.into_parts();
    let meta = Meta::new(parts.status, parts.headers);
    if !meta.status().is_success() {
        let refusal: RefusalBody = serde_json::from_slice(&body).unwrap_or_default();
        let description = refusal.error_description.or(refusal.description);
        return Err(SignInError { meta, code: refusal.error, description }.into());
    }
    let decode_error = |problem: &str| {
        Error::from(DecodeError {
            meta: meta.clone(),
            path: ".".to_owned(),
            type_name: "Token",
            // Not even its start: it may hold the token.
            body_start: RawBody::default(),
            problem: problem.to_owned(),
        })
    };
    let token: TokenBody = serde_json::from_slice(&body)
        .map_err(|_| decode_error("expected an object with access_token and expires_in"))?;
    let header = bearer(&token.access_token).map_err(|_| decode_error("the access token can't stand in a header"))?;
    let use_for = token.expires_in.map(|seconds| decide::token::use_for(Duration::from_secs(seconds)));
    Ok(Token { header, use_for, refresh_token: token.refresh_token })
}

pub(crate) fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    not_empty("access token", token.expose_secret())?;
    let value = SecretString::from(format!("Bearer {}", token.expose_secret()));
    sensitive("access token", value.expose_secret())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let pkce = Pkce::from_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn verifiers_are_random_and_long_enough() {
        let (a, b) = (Pkce::generate().unwrap(), Pkce::generate().unwrap());
        assert_ne!(a.verifier(), b.verifier());
        assert_eq!(Pkce::from_verifier(a.verifier()).unwrap().challenge(), a.challenge());
        for bad in ["", "short", &"x".repeat(129), &format!("{}+", "x".repeat(50))] {
            assert!(Pkce::from_verifier(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(!format!("{a:?}").contains(a.verifier()));
    }
}
