//! Contacts and organizations that could be real, the same for the same number.

use serde_json::{Value, json};
use uuid::Builder;

/// How many contacts there are for each organization, and organizations at most.
const CONTACTS_PER_ORGANIZATION: u64 = 20;
const MOST_ORGANIZATIONS: u64 = 1000;

/// The number and the id of the organization that a contact may work for.
pub(crate) fn organization_of(contact: u64) -> (u64, String) {
    let organization = contact / CONTACTS_PER_ORGANIZATION % MOST_ORGANIZATIONS;
    (organization, Random::of(!organization).id())
}

/// A contact with the id that it is to have. Nothing in it is anything that would be refused.
pub(crate) fn contact(number: u64) -> Value {
    let mut random = Random::of(number);
    let id = random.id();
    let (first, last) = (random.of_list(FIRST_NAMES), random.of_list(LAST_NAMES));
    let address = format!("{first}.{last}").to_lowercase();
    let mut contact = json!({
        "id": id,
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
        contact["externalOrganization"] = json!({ "id": organization_of(number).1 });
    }
    contact
}

/// An organization with the id that it is to have. Nothing in it is anything that would be refused.
pub(crate) fn organization(number: u64) -> Value {
    let mut random = Random::of(!number);
    let id = Random::of(!number).id();
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
