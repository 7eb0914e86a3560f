//! Signing in without a secret.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::Error;
use crate::region::Region;
use crate::url::BaseUrl;
use crate::{random, wire};

/// What an application without a secret proves itself with: a random verifier that it keeps, and its hash, the challenge,
/// that it sends ahead.
///
/// ```
/// use genesys_external_contacts::{Client, Credentials, Pkce, Region};
///
/// // Send the user there …
/// let pkce = Pkce::generate()?;
/// let url = pkce.authorize_url(&Region::EuWest1, "an id", "https://app.example.com/back", Some("some state"))?;
/// assert!(url.starts_with("https://login.mypurecloud.ie/oauth/authorize?client_id=an%20id&response_type=code&"));
///
/// // … and take the code that comes back.
/// let credentials = Credentials::pkce("an id", "the code", &pkce, "https://app.example.com/back");
/// let client = Client::builder().region(Region::EuWest1).credentials(credentials).build()?;
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone)]
pub struct Pkce {
    pub(super) verifier: SecretString,
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
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a [`Region::Custom`] whose domain is malformed.
    pub fn authorize_url(
        &self,
        region: &Region,
        client_id: &str,
        redirect_uri: &str,
        state: Option<&str>,
    ) -> Result<String, Error> {
        let challenge = self.challenge();
        let mut fields = vec![
            ("client_id", client_id),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        fields.extend(state.map(|state| ("state", state)));
        let login = BaseUrl::parse("region", &region.url("login")?)?;
        Ok(format!("{}/oauth/authorize?{}", login.as_str(), wire::form(&fields)))
    }
}

impl fmt::Debug for Pkce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkce(…)")
    }
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
    fn nobody_is_sent_to_sign_in_at_a_host_that_is_none() {
        let pkce = Pkce::generate().unwrap();
        let url = |domain: &str| pkce.authorize_url(&Region::Custom(domain.to_owned()), "id", "https://x.com", None);
        assert!(url("Example.COM").unwrap().starts_with("https://login.example.com/oauth/authorize?client_id=id&"));
        for domain in ["", "evil.com/path", "evil.com#", "user@evil.com", "evil.com:1"] {
            let error = url(domain).unwrap_err().to_string();
            assert!(error.starts_with("region: has a domain that is no name"), "{domain}: {error}");
        }
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
