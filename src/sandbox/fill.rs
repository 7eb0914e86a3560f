//! What a sandbox is filled with, and how it is brought back to what it was.

use std::fmt;

use serde_json::{Map, Value};

use super::api::{contacts, organizations};
use super::http::failure::Failure;
use super::store::sample;
use super::store::state::State;
use super::{Sandbox, lock};

/// All that was in a sandbox at one time; see [`Sandbox::snapshot`].
///
/// ```
/// use genesys_external_contacts::sandbox::{Sandbox, Snapshot};
///
/// fn prepared() -> Snapshot {
///     let sandbox = Sandbox::new();
///     sandbox.generate_contacts(10);
///     sandbox.snapshot()
/// }
/// # prepared();
/// ```
#[derive(Clone)]
pub struct Snapshot(State);

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Adds contacts from a JSON array, or from a page of a listing as the service gives it. Returns their ids.
    ///
    /// A contact keeps the `id` that it has, and takes the place of the one that has it already; it keeps its `type` as
    /// well. Whatever else only the service can set is set anew.
    ///
    /// # Errors
    ///
    /// Which contact the service would refuse, and with which message. Nothing is added then.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let ids = sandbox.load_contacts(r#"[
    ///     { "id": "3d5f2c1e-0000-4000-8000-000000000001", "lastName": "Lovelace" },
    ///     { "lastName": "Hopper", "workEmail": "grace@example.com" }
    /// ]"#)?;
    /// assert_eq!(ids[0], "3d5f2c1e-0000-4000-8000-000000000001");
    /// assert_eq!(sandbox.client().contacts().search().send().unwrap().total, Some(2));
    ///
    /// let error = sandbox.load_contacts(r#"[{}, { "workEmail": "nobody" }]"#).unwrap_err();
    /// assert!(error.starts_with("contact 2: "), "{error}");
    /// # Ok::<(), String>(())
    /// ```
    pub fn load_contacts(&self, json: &str) -> Result<Vec<String>, String> {
        self.load(json, "contact", |state, contact| {
            let kind = text(contact, "type").unwrap_or(contacts::CURATED);
            contacts::add_as(state, contact, kind, id(contact))
        })
    }

    /// Adds organizations from a JSON array, or from a page of a listing as the service gives it. Returns their ids.
    ///
    /// An organization keeps the `id` that it has, and takes the place of the one that has it already. Whatever else only
    /// the service can set is set anew. Load organizations before the contacts that belong to them.
    ///
    /// # Errors
    ///
    /// Which organization the service would refuse, and with which message. Nothing is added then.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.load_organizations(r#"[{ "id": "8f0a3a5e-0000-4000-8000-000000000001", "name": "Analytical Engines" }]"#)?;
    /// sandbox.load_contacts(r#"[
    ///     { "lastName": "Lovelace", "externalOrganization": { "id": "8f0a3a5e-0000-4000-8000-000000000001" } }
    /// ]"#)?;
    /// let client = sandbox.client();
    /// let found = client.organizations().contacts("8f0a3a5e-0000-4000-8000-000000000001").search().send().unwrap();
    /// assert_eq!(found.total, Some(1));
    ///
    /// let error = sandbox.load_organizations(r#"[{ "industry": "Machines" }]"#).unwrap_err();
    /// assert_eq!(error, "organization 1: The request is not valid: name is missing");
    /// # Ok::<(), String>(())
    /// ```
    pub fn load_organizations(&self, json: &str) -> Result<Vec<String>, String> {
        self.load(json, "organization", |state, organization| organizations::add(state, organization, id(organization)))
    }

    /// Adds each of a list, or none.
    fn load(&self, json: &str, what: &str, add: Add) -> Result<Vec<String>, String> {
        let json: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let list = json.get("entities").unwrap_or(&json).as_array();
        let list = list.ok_or_else(|| format!("neither an array nor a listing of {what}s"))?;
        let mut state = lock(&self.shared.state);
        let before = state.clone();
        let ids: Result<Vec<_>, _> = list
            .iter()
            .enumerate()
            .map(|(index, document)| {
                let problem = |problem: &str| format!("{what} {}: {problem}", index + 1);
                let document = document.as_object().ok_or_else(|| problem("is no object"))?;
                add(&mut state, document).map_err(|failure| problem(failure.message()))
            })
            .collect();
        if ids.is_err() {
            *state = before;
        }
        ids
    }

    /// Adds that many contacts that could be real, and returns their ids. Some work for organizations, which are added
    /// as well: one for 20 contacts, and 1,000 at most.
    ///
    /// They are the same every time, ids included, and go on where the last call ended. Nobody can be reached: e-mail
    /// addresses are at `example.com`, and phone numbers are of the ranges that are kept for fiction; many contacts
    /// share one where there are more of them than numbers.
    ///
    /// A contact takes less than 2 KiB of memory. With 100,000 of them, measured with `cargo bench --bench sandbox`:
    ///
    /// | call | CPU time, optimized build |
    /// |---|---|
    /// | get, create, update, delete | less than 0.1 ms, with 1,000 contacts as well |
    /// | search, whatever it finds; sorted; its last page | 10 to 50 ms |
    /// | reverse look-up | 45 ms |
    /// | [`snapshot`](Self::snapshot) | 140 ms |
    /// | making all of them | 7 s |
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let ids = sandbox.generate_contacts(100);
    /// let client = sandbox.client();
    /// let first = client.contacts().get(&ids[0]).send()?;
    /// assert!(first.last_name.is_some() && first.work_phone.is_some_and(|phone| phone.e164.is_some()));
    /// assert_eq!(client.contacts().search().send()?.total, Some(100));
    /// assert_eq!(client.organizations().search().send()?.total, Some(5));
    /// assert_eq!(ids, Sandbox::new().generate_contacts(100));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn generate_contacts(&self, count: usize) -> Vec<String> {
        let mut state = lock(&self.shared.state);
        let begin = state.generated;
        let numbers = begin..begin.saturating_add(count as u64);
        let ids = numbers.filter_map(|number| generate(&mut state, number)).collect();
        state.generated = begin.saturating_add(count as u64);
        ids
    }

    /// Keeps all that is in the sandbox: what clients created, external sources, associated conversations. Contacts and all
    /// else that doesn't change are shared with the sandbox.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let ids = sandbox.generate_contacts(10);
    /// let ten = sandbox.snapshot();
    ///
    /// let client = sandbox.client();
    /// client.contacts().delete(&ids[0]).send()?;
    /// assert_eq!(client.contacts().search().send()?.total, Some(9));
    ///
    /// sandbox.restore(&ten);
    /// assert_eq!(client.contacts().search().send()?.total, Some(10));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(lock(&self.shared.state).clone())
    }

    /// Brings back what a snapshot has, also one of another sandbox. Clients stay signed in, time goes on, and
    /// permissions, limits, misbehavior and the requests that were received stay what they are.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let first = Sandbox::new();
    /// first.generate_contacts(10);
    /// let second = Sandbox::new();
    /// second.restore(&first.snapshot());
    /// assert_eq!(second.client().contacts().search().send()?.total, Some(10));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn restore(&self, snapshot: &Snapshot) {
        let mut state = lock(&self.shared.state);
        let restored = snapshot.0.clone();
        let now = std::mem::replace(&mut *state, restored);
        state.settings = now.settings;
        state.search_lag = now.search_lag;
        state.clock = now.clock;
        state.tokens = now.tokens;
        state.permissions = now.permissions;
    }
}

type Add = fn(&mut State, &Map<String, Value>) -> Result<String, Failure>;

fn text<'a>(document: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn id(document: &Map<String, Value>) -> Option<String> {
    text(document, "id").map(str::to_ascii_lowercase)
}

fn generate(state: &mut State, number: u64) -> Option<String> {
    let (organization, organization_id) = sample::organization_of(number);
    if state.organizations.get(&organization_id).is_none() {
        organizations::add(state, sample::organization(organization).as_object()?, Some(organization_id)).ok()?;
    }
    let contact = sample::contact(number);
    let contact = contact.as_object()?;
    contacts::add_as(state, contact, contacts::CURATED, id(contact)).ok()
}
