//! The client that somebody would write who needs just these calls: derived structs, `ureq` and `reqwest` as their
//! documentation shows them.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::Agent;

/// The models twice, with what each ends with: a map for what they don't know, or nothing.
macro_rules! models {
    ($($module:ident $extra:tt)* => $models:tt) => {
        $( pub mod $module { models!(@all $extra $models); } )*
    };
    (@all $extra:tt { $( struct $name:ident $fields:tt )* }) => {
        $( models!(@one $name $extra $fields); )*
    };
    (@one $name:ident { $($extra:tt)* } { $( $(#[$meta:meta])* $field:ident: $ty:ty, )* }) => {
        #[derive(serde::Serialize, serde::Deserialize, Clone, Default)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $(#[$meta])*
                pub $field: Option<$ty>,
            )*
            $($extra)*
        }
    };
}

models! {
    keeping {
        #[serde(flatten)]
        pub extra: serde_json::Map<String, serde_json::Value>,
    }
    dropping {}
    => {
        struct Contact {
            id: String,
            division: Named,
            first_name: String,
            middle_name: String,
            last_name: String,
            salutation: String,
            title: String,
            work_phone: Phone,
            cell_phone: Phone,
            home_phone: Phone,
            other_phone: Phone,
            work_email: String,
            personal_email: String,
            other_email: String,
            address: Address,
            twitter_id: Twitter,
            #[serde(with = "time::serde::rfc3339::option", default)]
            modify_date: time::OffsetDateTime,
            #[serde(with = "time::serde::rfc3339::option", default)]
            create_date: time::OffsetDateTime,
            external_organization: Named,
            survey_opt_out: bool,
            external_system_url: String,
            schema: Schema,
            custom_fields: serde_json::Map<String, serde_json::Value>,
            external_ids: Vec<ExternalId>,
            #[serde(rename = "type")]
            kind: String,
            merge_set: Vec<Named>,
            canonical_contact: Named,
            self_uri: String,
        }
        struct Named {
            id: String,
            name: String,
            self_uri: String,
        }
        struct Phone {
            display: String,
            extension: i64,
            #[serde(rename = "acceptsSMS")]
            accepts_sms: bool,
            normalization_country_code: String,
            user_input: String,
            e164: String,
            country_code: String,
        }
        struct Address {
            address1: String,
            address2: String,
            city: String,
            state: String,
            postal_code: String,
            country_code: String,
        }
        struct Twitter {
            id: String,
            name: String,
            screen_name: String,
            verified: bool,
            profile_url: String,
        }
        struct Schema {
            id: String,
            version: i64,
            enabled: bool,
            self_uri: String,
        }
        struct ExternalId {
            external_source: Named,
            value: String,
        }
    }
}

/// A page of a listing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
pub struct Listing<T> {
    pub entities: Vec<T>,
    page_size: Option<i64>,
    page_number: Option<i64>,
    total: Option<i64>,
    page_count: Option<i64>,
    first_uri: Option<String>,
    self_uri: Option<String>,
    pub next_uri: Option<String>,
    last_uri: Option<String>,
}

const BEARER: &str = "Bearer token";
const JSON: &str = "application/json";

pub fn agent() -> Agent {
    let config = Agent::config_builder().timeout_connect(Some(Duration::from_secs(10)));
    config.timeout_global(Some(Duration::from_secs(30))).build().into()
}

/// Each call is written as `ureq`'s own examples are.
pub fn get<T: DeserializeOwned>(agent: &Agent, url: &str) -> T {
    let request = agent.get(url).header("authorization", BEARER).header("accept", JSON);
    request.call().unwrap().body_mut().read_json().unwrap()
}

/// The same by somebody who knows that `read_json` reads a compressed body byte by byte.
pub fn get_at_once<T: DeserializeOwned>(agent: &Agent, url: &str) -> T {
    let request = agent.get(url).header("authorization", BEARER).header("accept", JSON);
    serde_json::from_slice(&request.call().unwrap().body_mut().read_to_vec().unwrap()).unwrap()
}

pub fn create<T: DeserializeOwned>(agent: &Agent, url: &str, contact: &impl serde::Serialize) -> T {
    let request = agent.post(url).header("authorization", BEARER).header("accept", JSON);
    request.send_json(contact).unwrap().body_mut().read_json().unwrap()
}

pub fn page_url(api: &str, number: usize) -> String {
    format!("{api}/api/v2/externalcontacts/contacts?pageSize=100&pageNumber={number}")
}

/// All contacts of a listing, page after page.
pub fn all<T: DeserializeOwned>(agent: &Agent, api: &str) -> usize {
    let (mut records, mut number) = (0, 1);
    loop {
        let page: Listing<T> = get(agent, &page_url(api, number));
        records += page.entities.len();
        if page.next_uri.is_none() {
            return records;
        }
        number += 1;
    }
}

#[cfg(feature = "reqwest")]
pub mod with_reqwest {
    use reqwest::Client;
    use serde::de::DeserializeOwned;

    use super::{BEARER, Duration, JSON};

    pub fn client() -> Client {
        // Whoever writes this by hand turns on a feature of reqwest for it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().connect_timeout(Duration::from_secs(10));
        client.timeout(Duration::from_secs(30)).build().unwrap()
    }

    /// What `json()` does, which is a feature of `reqwest` that this crate doesn't turn on.
    async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> T {
        let response = request.header("authorization", BEARER).header("accept", JSON).send().await.unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    pub async fn get<T: DeserializeOwned>(client: &Client, url: &str) -> T {
        read(client.get(url)).await
    }

    pub async fn create<T: DeserializeOwned>(client: &Client, url: &str, contact: &impl serde::Serialize) -> T {
        let body = serde_json::to_vec(contact).unwrap();
        read(client.post(url).header("content-type", JSON).body(body)).await
    }

    pub async fn all<T: DeserializeOwned>(client: &Client, api: &str) -> usize {
        let (mut records, mut number) = (0, 1);
        loop {
            let page: super::Listing<T> = get(client, &super::page_url(api, number)).await;
            records += page.entities.len();
            if page.next_uri.is_none() {
                return records;
            }
            number += 1;
        }
    }
}
