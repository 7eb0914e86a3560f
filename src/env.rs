//! What the environment says about the client; the names are those of the official command line and Terraform provider.

use std::ffi::OsString;

use crate::auth::Credentials;
use crate::error::Error;
use crate::region::Region;

const REGION: &str = "GENESYSCLOUD_REGION";
const CLIENT_ID: &str = "GENESYSCLOUD_OAUTHCLIENT_ID";
const CLIENT_SECRET: &str = "GENESYSCLOUD_OAUTHCLIENT_SECRET";
const ACCESS_TOKEN: &str = "GENESYSCLOUD_ACCESS_TOKEN";

#[derive(Debug)]
pub(crate) struct Env {
    pub(crate) region: Region,
    pub(crate) credentials: Credentials,
}

/// `variable` gives the value of an environment variable; an empty one counts as missing.
pub(crate) fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Env, Error> {
    let get = |name: &'static str| {
        let Some(value) = variable(name) else { return Ok(None) };
        let value = value.into_string().map_err(|_| Error::invalid(name, "is not UTF-8"))?;
        let value = value.trim();
        // What is cut out of a file or a terminal often brings more along than it should.
        if value.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(Error::invalid(name, "has a blank or a line break in it; it is one word"));
        }
        Ok(Some(value.to_owned()).filter(|value| !value.is_empty()))
    };
    let missing = |name, what: &str| Error::invalid(name, format!("is not set; it is {what}"));

    let region = get(REGION)?
        .ok_or_else(|| missing(REGION, "the region of the organization, such as eu-west-1 or mypurecloud.ie"))?
        .parse()
        .map_err(|error: Error| error.renamed(REGION))?;
    let credentials = match (get(ACCESS_TOKEN)?, get(CLIENT_ID)?, get(CLIENT_SECRET)?) {
        (Some(token), _, _) => Credentials::access_token(token),
        (None, Some(id), Some(secret)) => Credentials::client_credentials(id, secret),
        (None, Some(_), None) => return Err(missing(CLIENT_SECRET, "the secret of the OAuth client")),
        (None, None, _) => {
            return Err(missing(CLIENT_ID, "the id of an OAuth client; or set GENESYSCLOUD_ACCESS_TOKEN"));
        }
    };
    Ok(Env { region, credentials })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(variables: &[(&str, &str)]) -> Result<Env, Error> {
        read(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn each_variable_that_is_missing_or_malformed_is_named() {
        let region = (REGION, "eu_west_1");
        let id = (CLIENT_ID, "an-id");
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[], "GENESYSCLOUD_REGION: is not set; it is the region"),
            (&[(REGION, " ")], "GENESYSCLOUD_REGION: is not set; it is the region"),
            (&[(REGION, "ireland")], "GENESYSCLOUD_REGION: is neither a domain nor one of us-east-1, us-east-2"),
            (&[(REGION, "https://api.mypurecloud.ie")], "GENESYSCLOUD_REGION: is neither"),
            (&[region], "GENESYSCLOUD_OAUTHCLIENT_ID: is not set; it is the id"),
            (&[region, (CLIENT_SECRET, "s3cret")], "GENESYSCLOUD_OAUTHCLIENT_ID: is not set"),
            (&[region, id], "GENESYSCLOUD_OAUTHCLIENT_SECRET: is not set; it is the secret"),
            (&[region, id, (CLIENT_SECRET, "")], "GENESYSCLOUD_OAUTHCLIENT_SECRET: is not set; it is the secret"),
            (&[(REGION, "eu west 1")], "GENESYSCLOUD_REGION: has a blank or a line break in it; it is one word"),
            (&[region, (CLIENT_ID, "an id"), (CLIENT_SECRET, "s")], "GENESYSCLOUD_OAUTHCLIENT_ID: has a blank"),
            (&[region, id, (CLIENT_SECRET, "a\nb")], "GENESYSCLOUD_OAUTHCLIENT_SECRET: has a blank or a line break"),
            (&[region, (ACCESS_TOKEN, "a\r\nb")], "GENESYSCLOUD_ACCESS_TOKEN: has a blank or a line break"),
        ];
        for (variables, message) in cases {
            let error = read_from(variables).unwrap_err().to_string();
            assert!(error.starts_with(message), "{variables:?}: {error}");
        }
    }

    #[test]
    fn a_token_wins_over_id_and_secret() {
        let env = read_from(&[(REGION, "eu-west-1"), (CLIENT_ID, "i"), (CLIENT_SECRET, "s"), (ACCESS_TOKEN, "t")]);
        assert_eq!(format!("{:?}", env.unwrap().credentials), "AccessToken(…)");
        let env = read_from(&[(REGION, "mypurecloud.de"), (CLIENT_ID, "i"), (CLIENT_SECRET, "s")]).unwrap();
        assert_eq!(env.region, Region::EuCentral1);
        assert_eq!(format!("{:?}", env.credentials), "ClientCredentials(…)");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf8_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        let error = read(|_| Some(OsString::from_vec(vec![0xff]))).unwrap_err().to_string();
        assert_eq!(error, "GENESYSCLOUD_REGION: is not UTF-8");
    }
}
