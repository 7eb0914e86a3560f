//! What a sandbox is filled with, and how it is brought back to what it was.

use std::fmt;

use serde_json::{Map, Value, json};
use uuid::Builder;

use super::api::contacts;
use super::api::organizations;
use super::http::answer::Failure;
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
        state.misbehaviors = now.misbehaviors;
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

/// How many contacts there are for each organization, and organizations at most.
const CONTACTS_PER_ORGANIZATION: u64 = 20;
const MOST_ORGANIZATIONS: u64 = 1000;

fn generate(state: &mut State, number: u64) -> Option<String> {
    let mut random = Random::of(number);
    let organization = number / CONTACTS_PER_ORGANIZATION % MOST_ORGANIZATIONS;
    let organization_id = Random::of(!organization).id();
    if state.organizations.get(&organization_id).is_none() {
        let organization = generate_organization(organization, organization_id.clone());
        // Nothing in it is anything that would be refused.
        organizations::add(state, organization.as_object()?, Some(organization_id.clone())).ok()?;
    }
    let id = random.id();
    let (first, last) = (random.of_list(FIRST_NAMES), random.of_list(LAST_NAMES));
    let address = format!("{first}.{last}").to_lowercase();
    let mut contact = json!({
        "firstName": first,
        "lastName": last,
        "workPhone": { "display": american_number(number) },
        "workEmail": format!("{address}.{number}@example.com"),
    });
    if random.one_in(2) {
        contact["cellPhone"] = json!({ "display": british_number(random.below(1_000)) });
    }
    if random.one_in(3) {
        contact["personalEmail"] = format!("{address}{number}@mail.example.com").into();
    }
    if random.one_in(2) {
        contact["title"] = random.of_list(TITLES).into();
    }
    if random.one_in(4) {
        contact["middleName"] = random.of_list(FIRST_NAMES).into();
    }
    if random.one_in(3) {
        let (city, region, code) = random.of_list(CITIES);
        contact["address"] = json!({
            "address1": format!("{} {}", random.below(900) + 1, random.of_list(STREETS)),
            "city": city,
            "state": region,
            "postalCode": code,
            "countryCode": "US",
        });
    }
    if random.one_in(10) {
        contact["surveyOptOut"] = true.into();
    }
    if random.one_in(2) {
        contact["externalOrganization"] = json!({ "id": organization_id });
    }
    contacts::add_as(state, contact.as_object()?, contacts::CURATED, Some(id)).ok()
}

fn generate_organization(number: u64, id: String) -> Value {
    let mut random = Random::of(!number);
    let name = format!("{} {}", random.of_list(LAST_NAMES), random.of_list(TRADES));
    let employees = (random.below(500) + 1) * 10;
    json!({
        "id": id,
        "name": if number < 100 { name } else { format!("{name} {number}") },
        "industry": random.of_list(INDUSTRIES),
        "phoneNumber": { "display": american_number(random.below(10_000)) },
        "employeeCount": employees,
        "websites": [format!("https://organization-{number}.example.com")],
    })
}

/// 555-0100 to 555-0199 belong to nobody, in every area.
fn american_number(number: u64) -> String {
    let area = AREAS.get((number / 100 % AREAS.len() as u64) as usize).copied().unwrap_or(317);
    format!("+1{area}55501{:02}", number % 100)
}

/// 07700 900000 to 900999 belong to nobody.
fn british_number(number: u64) -> String {
    format!("+447700900{:03}", number % 1_000)
}

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(0x1234_5678_9ABC_DEF1));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        number ^ (number >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// One of an array that is not empty.
    fn of_list<T: Copy, const N: usize>(&mut self, list: [T; N]) -> T {
        list[(self.next() % N as u64) as usize]
    }

    fn id(&mut self) -> String {
        let bytes = (u128::from(self.next()) << 64) | u128::from(self.next());
        Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid().to_string()
    }
}

const AREAS: [u16; 40] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 303, 304, 305, 307, 309, 310,
    312, 313, 314, 315, 316, 317, 318, 319, 402, 404, 405, 406, 407, 408, 410, 412, 415,
];

const FIRST_NAMES: [&str; 40] = [
    "Ada", "Alan", "Amara", "Anna", "Antonio", "Barbara", "Carlos", "Chen", "Claire", "David", "Edsger", "Elena",
    "Emma", "Farid", "Fatima", "Grace", "Hannah", "Hugo", "Ingrid", "Ivan", "James", "Jan", "Joan", "Kofi", "Lars",
    "Leila", "Linus", "Maria", "Mei", "Mohammed", "Nadia", "Olga", "Omar", "Priya", "Rosa", "Sofia", "Tim", "Wei",
    "Yuki", "Zoe",
];

const LAST_NAMES: [&str; 50] = [
    "Adams",
    "Andersson",
    "Baker",
    "Becker",
    "Bianchi",
    "Brown",
    "Clark",
    "Costa",
    "Davis",
    "Diallo",
    "Dubois",
    "Evans",
    "Fischer",
    "Garcia",
    "Haddad",
    "Hall",
    "Hansen",
    "Hoffmann",
    "Ivanov",
    "Jansen",
    "Johnson",
    "Kim",
    "Kowalski",
    "Kumar",
    "Lee",
    "Lopez",
    "Martin",
    "Mensah",
    "Meyer",
    "Miller",
    "Moreau",
    "Murphy",
    "Nguyen",
    "Novak",
    "Okafor",
    "Patel",
    "Peters",
    "Quinn",
    "Ramirez",
    "Rossi",
    "Sato",
    "Silva",
    "Singh",
    "Smith",
    "Tanaka",
    "Taylor",
    "Thomas",
    "Wang",
    "Weber",
    "Wilson",
];

const TITLES: [&str; 10] = [
    "Accountant",
    "Buyer",
    "Chief Executive",
    "Developer",
    "Engineer",
    "Manager",
    "Nurse",
    "Sales Representative",
    "Support Agent",
    "Teacher",
];

const CITIES: [(&str, &str, &str); 6] = [
    ("Indianapolis", "IN", "46204"),
    ("Raleigh", "NC", "27601"),
    ("Seattle", "WA", "98101"),
    ("Austin", "TX", "78701"),
    ("Chicago", "IL", "60601"),
    ("Denver", "CO", "80202"),
];

const STREETS: [&str; 5] = ["Main Street", "Oak Avenue", "Maple Drive", "Park Road", "Hill Street"];

const TRADES: [&str; 8] = ["Engines", "Foods", "Insurance", "Logistics", "Medical", "Software", "Travel", "Utilities"];

const INDUSTRIES: [&str; 6] = ["Finance", "Health", "Manufacturing", "Retail", "Technology", "Transport"];
