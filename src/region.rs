//! Where the service lives.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::url;

/// A region of Genesys Cloud. An organization lives in one, and only that one knows its users and clients: the wrong
/// region looks like wrong credentials.
///
/// ```
/// use genesys_external_contacts::Region;
///
/// assert_eq!(Region::EuWest1.domain(), "mypurecloud.ie");
/// assert_eq!("eu-west-1".parse::<Region>()?, Region::EuWest1);
/// assert_eq!("mypurecloud.ie".parse::<Region>()?, Region::EuWest1);
/// assert_eq!("new.pure.cloud".parse::<Region>()?.domain(), "new.pure.cloud");
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// US East (N. Virginia): `mypurecloud.com`.
    UsEast1,
    /// US East 2 (Ohio, FedRAMP): `use2.us-gov-pure.cloud`.
    UsEast2,
    /// US West (Oregon): `usw2.pure.cloud`.
    UsWest2,
    /// Canada (Central): `cac1.pure.cloud`.
    CaCentral1,
    /// Mexico (Central): `mxc1.pure.cloud`.
    MxCentral1,
    /// South America (São Paulo): `sae1.pure.cloud`.
    SaEast1,
    /// Europe (Ireland): `mypurecloud.ie`.
    EuWest1,
    /// Europe (London): `euw2.pure.cloud`.
    EuWest2,
    /// Europe (Frankfurt): `mypurecloud.de`.
    EuCentral1,
    /// Europe (Zurich): `euc2.pure.cloud`.
    EuCentral2,
    /// Europe (sovereign cloud): `edee1.eusc-pure.cloud`.
    EuscDeEast1,
    /// Middle East (UAE): `mec1.pure.cloud`.
    MeCentral1,
    /// Asia Pacific (Mumbai): `aps1.pure.cloud`.
    ApSouth1,
    /// Asia Pacific (Singapore): `apse1.pure.cloud`.
    ApSoutheast1,
    /// Asia Pacific (Sydney): `mypurecloud.com.au`.
    ApSoutheast2,
    /// Asia Pacific (Tokyo): `mypurecloud.jp`.
    ApNortheast1,
    /// Asia Pacific (Seoul): `apne2.pure.cloud`.
    ApNortheast2,
    /// Asia Pacific (Osaka): `apne3.pure.cloud`.
    ApNortheast3,
    /// A domain that is not listed here: the service is at `api.<domain>` and `login.<domain>`. It is checked where it is
    /// used, when a client is built for example.
    Custom(String),
}

const REGIONS: [(Region, &str, &str); 18] = [
    (Region::UsEast1, "us-east-1", "mypurecloud.com"),
    (Region::UsEast2, "us-east-2", "use2.us-gov-pure.cloud"),
    (Region::UsWest2, "us-west-2", "usw2.pure.cloud"),
    (Region::CaCentral1, "ca-central-1", "cac1.pure.cloud"),
    (Region::MxCentral1, "mx-central-1", "mxc1.pure.cloud"),
    (Region::SaEast1, "sa-east-1", "sae1.pure.cloud"),
    (Region::EuWest1, "eu-west-1", "mypurecloud.ie"),
    (Region::EuWest2, "eu-west-2", "euw2.pure.cloud"),
    (Region::EuCentral1, "eu-central-1", "mypurecloud.de"),
    (Region::EuCentral2, "eu-central-2", "euc2.pure.cloud"),
    (Region::EuscDeEast1, "eusc-de-east-1", "edee1.eusc-pure.cloud"),
    (Region::MeCentral1, "me-central-1", "mec1.pure.cloud"),
    (Region::ApSouth1, "ap-south-1", "aps1.pure.cloud"),
    (Region::ApSoutheast1, "ap-southeast-1", "apse1.pure.cloud"),
    (Region::ApSoutheast2, "ap-southeast-2", "mypurecloud.com.au"),
    (Region::ApNortheast1, "ap-northeast-1", "mypurecloud.jp"),
    (Region::ApNortheast2, "ap-northeast-2", "apne2.pure.cloud"),
    (Region::ApNortheast3, "ap-northeast-3", "apne3.pure.cloud"),
];

impl Region {
    /// The regions that this version knows, all but [`Region::Custom`].
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.into_iter().map(|(region, _, _)| region)
    }

    /// The domain below which the service lives: `api.<domain>` and `login.<domain>`.
    pub fn domain(&self) -> &str {
        match self {
            Self::Custom(domain) => domain,
            known => REGIONS.iter().find(|(region, _, _)| region == known).map_or("", |(_, _, domain)| domain),
        }
    }

    /// The URL of a host below the domain. Whoever makes a `Custom` may have put anything into it.
    pub(crate) fn url(&self, host: &str) -> Result<String, Error> {
        let domain = self.domain();
        if !url::is_name(domain) {
            let problem =
                "has a domain that is no name of ASCII letters, digits, - and _; an example is mypurecloud.ie";
            return Err(Error::invalid("region", problem));
        }
        Ok(format!("https://{host}.{domain}"))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match REGIONS.iter().find(|(region, _, _)| region == self) {
            Some((_, name, _)) => f.write_str(name),
            None => f.write_str(self.domain()),
        }
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Takes the name of a region with hyphens or underscores (`eu-west-1`, `eu_west_1`), or a domain
    /// (`mypurecloud.ie`), in upper or lower case.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim().to_ascii_lowercase();
        let name = text.replace('_', "-");
        if let Some((region, _, _)) = REGIONS.into_iter().find(|(_, n, domain)| *n == name || *domain == text) {
            return Ok(region);
        }
        if text.contains('.') && url::is_name(&text) {
            return Ok(Self::Custom(text));
        }
        let known: Vec<_> = REGIONS.iter().map(|(_, name, _)| *name).collect();
        Err(Error::invalid("region", format!("is neither a domain nor one of {}", known.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_goes_by_its_name_and_by_its_domain() {
        let mut domains: Vec<_> = Region::all().map(|region| region.domain().to_owned()).collect();
        assert_eq!(domains.len(), 18);
        for region in Region::all() {
            for text in [
                region.to_string(),
                region.to_string().replace('-', "_").to_uppercase(),
                region.domain().to_owned(),
                format!(" {} ", region.domain().to_uppercase()),
            ] {
                assert_eq!(text.parse::<Region>().unwrap(), region, "{text}");
            }
        }
        domains.sort();
        domains.dedup();
        assert_eq!(domains.len(), 18, "no domain stands twice");
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_region() {
        for text in [
            "",
            "ireland",
            "https://x.com",
            "x.com/path",
            "user@x.com",
            "x..com",
            ".com",
            "x.com:80",
            "x y.com",
            "1.2.3.4",
        ] {
            let error = text.parse::<Region>().unwrap_err().to_string();
            assert!(error.starts_with("region: is neither a domain nor one of us-east-1, "), "{text}: {error}");
        }
        for text in ["", "evil.com/path", "user@evil.com", "evil.com:1", "evil.com#", "1.2.3.4", "x..com", "a b"] {
            let error = Region::Custom(text.to_owned()).url("api").unwrap_err().to_string();
            assert!(error.starts_with("region: has a domain that is no name"), "{text}: {error}");
        }
        let custom: Region = "Api-Test.inintca.com".parse().unwrap();
        assert_eq!((custom.domain(), custom.to_string().as_str()), ("api-test.inintca.com", "api-test.inintca.com"));
    }
}
