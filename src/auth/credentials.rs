//! The ways to sign in.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};

use super::pkce::Pkce;
use super::token::{Renewal, bearer};
use super::{not_empty, sensitive};
use crate::error::{Error, SingleUse};
use crate::wire;

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

    /// What the next sign-in sends that is good only once. `last` is what the last one left to renew its token with.
    pub(crate) fn single_use(&self, last: Option<&Renewal>) -> Option<SingleUse> {
        match (&self.0, last) {
            (Grant::AccessToken(_) | Grant::ClientCredentials { .. } | Grant::Saml2Bearer { .. }, _) => None,
            (_, Some(last)) => (!last.was_reused).then_some(SingleUse::RefreshToken),
            (Grant::RefreshToken { .. }, None) => Some(SingleUse::RefreshToken),
            (Grant::AuthorizationCode { .. } | Grant::Pkce { .. }, None) => Some(SingleUse::AuthorizationCode),
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
            (_, Some(Renewal { refresh_token: Some(token), .. })) => refresh(token),
            (Grant::RefreshToken { token, .. }, _) => refresh(token),
            (Grant::AuthorizationCode { .. } | Grant::Pkce { .. }, Some(Renewal { refresh_token: None, .. })) => {
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
