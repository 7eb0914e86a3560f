//! The cases; compiled once for each flavour.

use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction, EnrichOutcome, OrganizationEnrichment};
use genesys_external_contacts::model::{ExternalId, ExternalSource};
use genesys_external_contacts::operation::Operation;
use genesys_external_contacts::patch::{PatchAction, PatchChange, PatchRecord};
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Error, ErrorKind, ExternalContact, ExternalOrganization, FoundOrCreated, Identifier, PhoneNumber, Region, Request,
};
use serde_json::{Value, json};

use super::{Client, client, collected, maybe_async};
use crate::support::Script;

const EMAIL: &str = "ada@example.com";

fn ada() -> ExternalContact {
    ExternalContact::default().with_last_name("Lovelace")
}

fn scripted(script: &Script) -> Client {
    Client::builder().region(Region::EuWest1).access_token("a-token").transport(script.clone()).build().unwrap()
}

/// What is wrong, in the words for the caller.
fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{error}");
    error.to_string()
}

/// How many calls there were after signing in.
fn calls(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path != "/oauth/token").count()
}

/// The bodies that arrived at paths that end like this.
fn bodies(sandbox: &Sandbox, end: &str) -> Vec<Value> {
    let requests = sandbox.requests();
    let requests = requests.iter().filter(|request| request.path.ends_with(end));
    requests.map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

// ---- Patches ------------------------------------------------------------------------------------------------------------

#[maybe_async]
pub async fn a_patch_that_can_not_be_right_is_refused() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let patch = || client.contacts().patch("an-id");
    let change = |field: &str| PatchChange::default().with_field(field).with_action(PatchAction::Remove);
    let cases: Vec<(Request<Client, PatchRecord<ExternalContact>>, &str)> = vec![
        (patch(), "changes: there is none"),
        (patch().set("", "x"), "field: is empty"),
        (patch().set("title", "x").remove("title"), "$.title: is changed twice"),
        (patch().set("address.city", "x").remove("address"), "$.address: is changed together with $.address.city"),
        (patch().remove("address").set("address.city", "x"), "$.address.city: is changed together with $.address"),
        // The same field, however it is written.
        (patch().set("address.city", "x").changes([change("$['address']")]), "is changed together with"),
        (patch().set("title", "x").changes([change("$[\"title\"]")]), "is changed twice"),
        (patch().set("title", None::<String>), "$.title: is null: clear the field with `remove`"),
    ];
    for (request, words) in cases {
        let refusal = refusal(request.send().await);
        assert!(refusal.contains(words), "{refusal}");
    }
    // No field is inside of one that only begins like it.
    let id = client.contacts().create(ada()).send().await.unwrap().id.unwrap();
    client.contacts().patch(&id).set("title", "x").remove("titles").remove("address.city").send().await.unwrap();
    assert_eq!(calls(&sandbox), 2);
}

#[maybe_async]
pub async fn a_patch_is_checked_by_the_model() {
    let client = client(&Sandbox::new());
    let patch = || client.contacts().patch("an-id");
    for request in [
        patch().set("title", 5),
        patch().set_if_empty("title", json!({})),
        patch().set_if_present("workPhone", "+44 20 7946 0018"),
        patch().set("workPhone.extension", "12"),
        patch().set("surveyOptOut", "no"),
        patch().append("externalIds", ["7"]),
        patch().append("title", ["7"]),
        patch().remove_from("appleOpaqueIds", "7"),
        patch().set("address", "London"),
        patch().set("address.city", ["London"]),
        patch().set("createDate", "yesterday"),
    ] {
        let words = refusal(request.send().await);
        assert!(words.contains("does not take this value: expected "), "{words}");
        // The value may be personal data.
        assert!(!words.contains("London") && !words.contains("7946"), "{words}");
    }
    let id = client.contacts().create(ada()).send().await.unwrap().id.unwrap();
    let patched = client
        .contacts()
        .patch(&id)
        .set("workPhone", PhoneNumber::new("+44 20 7946 0018"))
        .set("address.city", "London")
        .append("appleOpaqueIds", [json!({ "value": "7" })])
        // A field that the model doesn't have.
        .set("nickname", ["a", "b"])
        .send()
        .await
        .unwrap();
    assert_eq!(patched.work_phone.unwrap().e164.as_deref(), Some("+442079460018"));
    assert_eq!(patched.address.unwrap().city.as_deref(), Some("London"));
    assert_eq!(patched.apple_opaque_ids.unwrap()[0].value.as_deref(), Some("7"));
    assert_eq!(patched.extra["nickname"], json!(["a", "b"]));
    assert_eq!(patched.last_name.as_deref(), Some("Lovelace"));
}

#[maybe_async]
pub async fn a_patch_is_repeated_unless_it_appends() {
    for appends in [false, true] {
        let sandbox = Sandbox::new();
        let client = client(&sandbox);
        let acme = ExternalOrganization::default().with_name("Acme").with_tags(["a".to_owned(), "b".to_owned()]);
        let id = client.organizations().create(acme).send().await.unwrap().id.unwrap();
        sandbox.next_calls(1).matching("PATCH", "*").after_applying().reset();
        let patch = client.organizations().patch(&id).set("industry", "Machines").remove_from("tags", "a");
        let patch = if appends { patch.append("websites", ["w"]) } else { patch.set_if_empty("websites", ["w"]) };
        let result = patch.send().await;
        if appends {
            let error = result.unwrap_err();
            assert!(error.may_have_been_applied() && error.attempts() == 1, "{error}");
        } else {
            result.unwrap();
        }
        let now = client.organizations().get(&id).send().await.unwrap();
        assert_eq!((now.tags, now.websites), (Some(vec!["b".to_owned()]), Some(vec!["w".to_owned()])));
    }
    // An action that this crate doesn't know may be anything.
    let script = Script::new().then(503, "{}").then(200, "{}");
    let change = PatchChange::default().with_field("$.tags").with_action("Shuffle");
    scripted(&script).organizations().patch("an-id").changes([change]).send().await.unwrap_err();
    assert_eq!(script.calls().len(), 1);
}

// ---- Enrichments --------------------------------------------------------------------------------------------------------

#[maybe_async]
pub async fn the_status_tells_what_an_enrichment_did() {
    for (status, dry_run, outcome) in [
        (201, false, EnrichOutcome::Created),
        (200, false, EnrichOutcome::Updated),
        (202, false, EnrichOutcome::Unknown),
        (201, true, EnrichOutcome::Unknown),
        (200, true, EnrichOutcome::Unknown),
    ] {
        let script = Script::new().then(status, r#"{"id":"7"}"#).then(status, r#"{"id":"7"}"#);
        let client = scripted(&script);
        let by = [Identifier::email(EMAIL)];
        let enrichment = ContactEnrichment::new(EnrichAction::Upsert, by, ada());
        let enriched = client.contacts().enrich(enrichment).dry_run(dry_run).send().await.unwrap();
        assert_eq!((enriched.outcome, enriched.record.id.as_deref()), (outcome, Some("7")), "{status} {dry_run}");
        let by = [Identifier::external_id("crm", "7")];
        let enrichment = OrganizationEnrichment::new(EnrichAction::Upsert, by, ExternalOrganization::default());
        let enriched = client.organizations().enrich(enrichment).dry_run(dry_run).send().await.unwrap();
        assert_eq!(enriched.outcome, outcome, "{status} {dry_run}");
    }
}

#[maybe_async]
async fn tries<O: Operation>(request: impl Fn(Client) -> Request<Client, O>) -> usize {
    let script = Script::new().then(503, "{}").then(200, "{}");
    let sent = request(scripted(&script)).send().await;
    let tries = script.calls().len();
    if let Err(error) = sent {
        assert!(error.may_have_been_applied(), "{error}");
        assert_eq!(tries, 1);
    }
    tries
}

#[maybe_async]
#[allow(deprecated)]
pub async fn only_what_is_idempotent_is_repeated() {
    let enrichment = || ContactEnrichment::new(EnrichAction::Upsert, [Identifier::email(EMAIL)], ada());
    let email = || Identifier::email(EMAIL);
    let answer = tries(|client| client.contacts().enrich(enrichment())).await;
    assert_eq!(answer, 1);
    let answer = tries(|client| client.contacts().enrich(enrichment()).dry_run(false)).await;
    assert_eq!(answer, 1);
    let answer = tries(|client| client.contacts().enrich(enrichment()).dry_run(true)).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().upsert_by(email(), ada())).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().merge(["a", "b"])).await;
    assert_eq!(answer, 1);
    let answer = tries(|client| client.contacts().merge_two("a", "b")).await;
    assert_eq!(answer, 1);
    let answer = tries(|client| client.contacts().promote("a")).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().find_by(email())).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().identifier_lookup(email())).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().identifiers("a").claim(email())).await;
    assert_eq!(answer, 2);
    let answer = tries(|client| client.contacts().identifiers("a").release(email())).await;
    assert_eq!(answer, 2);
    let one_request = |client: Client| client.contacts().bulk().enrich([enrichment()]).one_request();
    let answer = tries(one_request).await;
    assert_eq!(answer, 1);
    let answer = tries(|client| one_request(client).dry_run(true)).await;
    assert_eq!(answer, 2);
}

/// What an upsert sends as the contact, and the rules that it sends with it.
#[maybe_async]
async fn sent_by_upsert(identifier: Identifier, contact: ExternalContact) -> (Value, Value) {
    let script = Script::new().then(201, "{}");
    scripted(&script).contacts().upsert_by(identifier, contact).send().await.unwrap();
    let body = script.calls()[0].json();
    assert_eq!((&body["action"], &body["options"]["promote"]), (&json!("Upsert"), &json!(true)));
    (body["contact"].clone(), body["fieldRules"]["rules"].clone())
}

#[maybe_async]
pub async fn an_upsert_puts_the_identifier_into_the_record() {
    let phone = || Identifier::phone("+44 20 7946 0018");
    let source = || ExternalSource::default().with_id("CRM");
    let id = |value: &str| ExternalId::default().with_external_source(source()).with_value(value);
    let contact = ExternalContact::default;
    let shown = json!({ "display": "+44 20 7946 0018" });
    for (identifier, contact, fields, filled) in [
        (phone(), contact(), json!({ "workPhone": shown }), "$.workPhone"),
        (
            phone(),
            contact().with_work_phone(PhoneNumber::new("+1 317 555 0100")),
            json!({ "workPhone": { "display": "+1 317 555 0100" }, "cellPhone": shown }),
            "$.cellPhone",
        ),
        // It stands there, in other words.
        (
            phone(),
            contact().with_home_phone(PhoneNumber::new("+44 (20) 79460018")),
            json!({ "homePhone": { "display": "+44 (20) 79460018" } }),
            "",
        ),
        (Identifier::email(EMAIL), contact(), json!({ "workEmail": EMAIL }), "$.workEmail"),
        (
            Identifier::email(EMAIL),
            contact().with_other_email("Ada@Example.com"),
            json!({ "otherEmail": "Ada@Example.com" }),
            "",
        ),
        (
            Identifier::external_id("crm", "7"),
            contact().with_external_ids([id("8")]),
            json!({ "externalIds": [
                { "externalSource": { "id": "CRM" }, "value": "8" }, { "externalSource": { "id": "crm" }, "value": "7" },
            ] }),
            "",
        ),
        (
            Identifier::external_id("crm", "8"),
            contact().with_external_ids([id("8")]),
            json!({ "externalIds": [{ "externalSource": { "id": "CRM" }, "value": "8" }] }),
            "",
        ),
        (
            Identifier::whats_app("+44 20 7946 0018"),
            contact(),
            json!({ "whatsAppId": { "phoneNumber": shown } }),
            "$.whatsAppId",
        ),
        (Identifier::line("l"), contact(), json!({ "lineId": { "ids": [{ "userId": "l" }] } }), "$.lineId"),
        (
            Identifier::facebook("f"),
            contact(),
            json!({ "facebookId": { "ids": [{ "scopedId": "f" }] } }),
            "$.facebookId",
        ),
        (
            Identifier::instagram("i"),
            contact(),
            json!({ "instagramId": { "ids": [{ "scopedId": "i" }] } }),
            "$.instagramId",
        ),
        (
            Identifier::instagram_handle("ada"),
            contact(),
            json!({ "instagramId": { "handle": "ada" } }),
            "$.instagramId",
        ),
        (Identifier::twitter("17"), contact(), json!({ "twitterId": { "id": "17" } }), "$.twitterId"),
        (Identifier::apple("a"), contact(), json!({ "appleOpaqueIds": [{ "value": "a" }] }), ""),
    ] {
        let (sent, rules) = sent_by_upsert(identifier, contact).await;
        assert_eq!(sent, fields);
        let rules = rules.as_array().unwrap();
        let existing: Vec<_> = rules.iter().filter(|rule| rule["action"] == "PreferExisting").collect();
        let fields: Vec<_> = existing.iter().map(|rule| rule["field"].as_str().unwrap()).collect();
        assert_eq!(fields.join(" "), filled);
    }
}

#[maybe_async]
pub async fn an_upsert_that_can_not_be_repeated_is_refused() {
    let client = client(&Sandbox::new());
    let phones = || {
        let phone = |end: &str| PhoneNumber::new(format!("+1 317 555 010{end}"));
        let phones = ExternalContact::default().with_work_phone(phone("0")).with_cell_phone(phone("1"));
        phones.with_home_phone(phone("2")).with_other_phone(phone("3"))
    };
    let other = ExternalSource::default().with_name("CRM");
    for (identifier, contact, words) in [
        (Identifier::of("Cookie", "c"), ada(), "identifier: is of Cookie, and no field of a contact holds such a one"),
        (Identifier::of("Pigeon", "p"), ada(), "identifier: is of Pigeon"),
        (Identifier::default(), ada(), "identifier: has no value"),
        (Identifier::email(" "), ada(), "identifier: has no value"),
        (Identifier::of("ExternalId", "7"), ada(), "identifier: names no external source"),
        (Identifier::of("ExternalId", "7").with_external_source(other), ada(), "identifier: names no external source"),
        (Identifier::phone("+1 317 555 0199"), phones(), "record: has other phone numbers in every field for them"),
    ] {
        let words_for_it = refusal(client.contacts().upsert_by(identifier, contact).send().await);
        assert!(words_for_it.contains(words), "{words_for_it}");
    }
    client.contacts().upsert_by(Identifier::phone("+1 317 555 0103"), phones()).send().await.unwrap();
    let acme = ExternalOrganization::default().with_name("Acme");
    let words = refusal(client.organizations().upsert_by(Identifier::email(EMAIL), acme).send().await);
    assert!(words.contains("identifier: is no external id"), "{words}");
}

#[maybe_async]
pub async fn an_upsert_leaves_other_fields_alone() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let erp = sandbox.add_external_source("ERP");
    let client = client(&sandbox);
    let id = |source: &str| {
        ExternalId::default().with_external_source(ExternalSource::default().with_id(source)).with_value("7")
    };
    let there = ada()
        .with_title("Countess")
        .with_work_phone(PhoneNumber::new("+1 317 555 0100"))
        .with_cell_phone(PhoneNumber::new("+44 20 7946 0018"))
        .with_external_ids([id(&erp)]);
    let there = client.contacts().create(there).send().await.unwrap();
    let phone = Identifier::phone("+44 20 7946 0018");
    let new = ExternalContact::default().with_title("Lady").with_external_ids([id(&crm)]);
    for _ in 0..2 {
        let upserted = client.contacts().upsert_by(phone.clone(), new.clone()).send().await.unwrap();
        assert_eq!(upserted.outcome, EnrichOutcome::Updated);
        let now = upserted.record;
        assert_eq!(
            (&now.id, now.last_name.as_deref(), now.title.as_deref()),
            (&there.id, Some("Lovelace"), Some("Lady"))
        );
        // The identifier doesn't take the place of another number, and no id is lost or there twice.
        assert_eq!(now.work_phone, there.work_phone);
        assert_eq!(now.cell_phone, there.cell_phone);
        assert_eq!(now.external_ids.unwrap().len(), 2);
    }
    // Who the service made by itself is kept.
    sandbox.add_contact_of_type("Identified", &json!({ "workEmail": EMAIL })).unwrap();
    let upserted = client.contacts().upsert_by(Identifier::email(EMAIL), ada()).send().await.unwrap();
    assert_eq!((upserted.outcome, upserted.record.kind.unwrap().as_str()), (EnrichOutcome::Updated, "Curated"));
}

#[maybe_async]
pub async fn upserts_can_be_repeated() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let client = client(&sandbox);
    sandbox.next_calls(2).matching("POST", "*/contacts/enrich").after_applying().time_out();
    let upserted = client.contacts().upsert_by(Identifier::email(EMAIL), ada()).send().await.unwrap();
    // The first try created it.
    assert_eq!(upserted.outcome, EnrichOutcome::Updated);
    let answer = client.contacts().search().send().await;
    assert_eq!(answer.unwrap().total, Some(1));
    sandbox.next_calls(1).matching("POST", "*/organizations/enrich").after_applying().fail(504);
    let by = Identifier::external_id(&crm, "7");
    let acme = ExternalOrganization::default().with_name("Acme").with_tags(["customer".to_owned()]);
    let first = client.organizations().upsert_by(by.clone(), acme.clone()).send().await.unwrap();
    let again = client.organizations().upsert_by(by, acme).send().await.unwrap();
    let answer = client.organizations().search().send().await;
    assert_eq!(answer.unwrap().total, Some(1));
    assert_eq!((again.record.tags.unwrap().len(), again.record.external_ids.unwrap().len()), (1, 1));
    assert_eq!(again.record.id, first.record.id);
}

// ---- Found, created, several ----------------------------------------------------------------------------------------------

#[maybe_async]
pub async fn found_created_and_several_are_told_apart() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let contacts = client.contacts();
    let email = || Identifier::email(EMAIL);

    let created = contacts.find_or_create(email(), ada()).await.unwrap();
    let FoundOrCreated::Created(created) = created else { panic!("{created:?}") };
    assert_eq!(created.work_email.as_deref(), Some(EMAIL));
    let found = contacts.find_or_create(email(), ada().with_title("Countess")).await.unwrap();
    let FoundOrCreated::Found(found) = found else { panic!("{found:?}") };
    // It is found, not changed.
    assert_eq!((found.id, found.title), (created.id.clone(), None));

    // Nobody answers to it, and one has it in a field.
    let id = created.id.unwrap();
    contacts.identifiers(&id).release(email()).send().await.unwrap();
    let answer = contacts.find_by(email()).optional().send().await;
    assert!(answer.unwrap().is_none());
    // A search finds this one, too, and it is another one.
    contacts.create(ada().with_other_email("ada@example.com.invalid")).send().await.unwrap();
    let found = contacts.find_or_create(email(), ada()).await.unwrap();
    assert_eq!(found.record().unwrap().id.as_deref(), Some(&*id));

    // Two have it.
    let twin = contacts.create(ada().with_work_email("Ada@Example.com")).send().await.unwrap().id.unwrap();
    contacts.identifiers(&twin).release(email()).send().await.unwrap();
    let several = contacts.find_or_create(email(), ada()).await.unwrap();
    let FoundOrCreated::Several(several) = &several else { panic!("{several:?}") };
    let mut ids: Vec<_> = several.iter().map(|contact| contact.id.clone().unwrap()).collect();
    ids.sort();
    let mut both = vec![id, twin];
    both.sort();
    assert_eq!(ids, both);
    let answer = contacts.search().send().await;
    assert_eq!(answer.unwrap().total, Some(3), "nothing was created");

    // Who the service made by itself.
    let visitor =
        sandbox.add_contact_of_type("Ephemeral", &json!({ "lineId": { "ids": [{ "userId": "l" }] } })).unwrap();
    let found = contacts.find_or_create(Identifier::line("l"), ada()).await.unwrap();
    let visitor = contacts.get(&visitor).send().await.unwrap();
    assert_eq!(found, FoundOrCreated::Found(visitor));
    // Answers that are lost change nothing.
    for path in ["*/identifierlookup/contacts", "*/externalcontacts/contacts", "*/contacts/enrich"] {
        sandbox.next_calls(2).matching("*", path).after_applying().fail(503);
    }
    contacts.find_or_create(Identifier::phone("+44 20 7946 0018"), ada()).await.unwrap();
    let answer = contacts.search().q("+442079460018").send().await;
    assert_eq!(answer.unwrap().total, Some(1));
}

#[maybe_async]
pub async fn an_organization_is_found_or_created() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let organizations = client(&sandbox).organizations();
    let by = || Identifier::external_id(&crm, "7");
    let acme = || ExternalOrganization::default().with_name("Acme");
    let created = organizations.find_or_create(by(), acme()).await.unwrap();
    assert!(matches!(created, FoundOrCreated::Created(_)), "{created:?}");
    let found = organizations.find_or_create(by(), acme()).await.unwrap();
    assert!(matches!(found, FoundOrCreated::Found(_)), "{found:?}");
    let id = found.record().unwrap().id.unwrap();
    organizations.identifiers(&id).release(by()).send().await.unwrap();
    let found = organizations.find_or_create(by(), acme()).await.unwrap();
    assert_eq!(found.record().unwrap().id, Some(id));
}

#[maybe_async]
pub async fn a_search_without_an_end_is_no_end() {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let crm = sandbox.add_external_source("CRM");
    let client = client(&sandbox);
    // More than a search gives out have a word that begins like the id.
    for number in 0..1010 {
        sandbox.load_contacts(&json!([{ "lastName": format!("7{number}") }]).to_string()).unwrap();
    }
    let created = client.contacts().find_or_create(Identifier::external_id(crm, "7"), ada()).await.unwrap();
    assert!(matches!(created, FoundOrCreated::Created(_)), "{created:?}");
}

#[maybe_async]
pub async fn ids_of_organizations_are_looked_up_once() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let client = client(&sandbox);
    let by = |number: usize| Identifier::external_id(&crm, number.to_string());
    let mut ids = Vec::new();
    for number in 0..5 {
        let acme = ExternalOrganization::default().with_name("Acme");
        ids.push(client.organizations().upsert_by(by(number), acme).send().await.unwrap().record.id);
    }
    let resolver = client.organizations().resolver(4);
    let looked_up = || calls(&sandbox) - 5;
    for _ in 0..3 {
        let answer = resolver.id(&by(0)).await;
        assert_eq!(answer.unwrap(), ids[0]);
        let organization = resolver.clone().reference(&by(0)).await.unwrap().unwrap();
        assert_eq!(organization.id, ids[0]);
    }
    assert_eq!(looked_up(), 1);
    // That there is none may change.
    for _ in 0..2 {
        let answer = resolver.id(&by(9)).await;
        assert_eq!(answer.unwrap(), None);
    }
    assert_eq!(looked_up(), 3);
    resolver.forget(&by(0));
    let answer = resolver.id(&by(0)).await;
    assert_eq!(answer.unwrap(), ids[0]);
    assert_eq!(looked_up(), 4);
    for (number, id) in ids.iter().enumerate().take(5).skip(1) {
        let answer = resolver.id(&by(number)).await;
        assert_eq!(answer.unwrap(), *id);
    }
    // More than it remembers: the first was not asked for lately.
    assert_eq!(looked_up(), 8);
    let answer = resolver.id(&by(4)).await;
    assert_eq!(answer.unwrap(), ids[4]);
    assert_eq!(looked_up(), 8);
    let answer = resolver.id(&by(0)).await;
    assert_eq!(answer.unwrap(), ids[0]);
    assert_eq!(looked_up(), 9);
}

// ---- In bulk ----------------------------------------------------------------------------------------------------------------

fn row(number: usize) -> (Identifier, ExternalContact) {
    (Identifier::email(format!("{number}@example.com")), ExternalContact::default().with_title(number.to_string()))
}

#[maybe_async]
pub async fn upserts_in_bulk_come_in_the_order_of_the_input() {
    for has_status in [true, false] {
        let sandbox = Sandbox::builder().bulk_results_have_status(has_status).build();
        let client = client(&sandbox);
        for outcome in [EnrichOutcome::Created, EnrichOutcome::Updated] {
            let outcome = if has_status { outcome } else { EnrichOutcome::Unknown };
            let outcomes = collected(client.contacts().bulk().upsert_by((0..95).map(row)).outcomes()).await;
            assert_eq!(outcomes.len(), 95);
            for (number, one) in outcomes.iter().enumerate() {
                let enriched = one.result.as_ref().unwrap();
                assert_eq!((one.index, enriched.outcome, one.is_certain), (number as u64, outcome, true));
                assert_eq!(enriched.record.title, Some(number.to_string()));
                assert_eq!(one.input.identifier, row(number).0);
            }
        }
        let answer = client.contacts().search().send().await;
        assert_eq!(answer.unwrap().total, Some(95));
        assert_eq!(bodies(&sandbox, "/bulk/contacts/enrich").len(), 20);
    }
}

#[maybe_async]
pub async fn two_upserts_of_one_identifier_never_travel_together() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let rows = [row(0), row(1), (Identifier::email("0@Example.com "), ada()), row(2), row(0).clone(), row(3)];
    for concurrency in [1, 4] {
        let request = client.contacts().bulk().upsert_by(rows.clone()).concurrency(concurrency);
        let outcomes = collected(request.outcomes()).await;
        let records: Vec<_> = outcomes.into_iter().map(|outcome| outcome.result.unwrap().record).collect();
        assert_eq!((&records[0].id, &records[2].id), (&records[4].id, &records[2].id));
        // The last one is applied last.
        let answer = client.contacts().find_by(row(0).0).send().await;
        assert_eq!(answer.unwrap().title.as_deref(), Some("0"));
    }
    for body in bodies(&sandbox, "/bulk/contacts/enrich") {
        let entities = body["entities"].as_array().unwrap().clone();
        let zeros =
            entities.iter().filter(|one| one["matchingIdentifiers"][0]["value"].as_str().unwrap().starts_with('0'));
        assert!(zeros.count() <= 1, "{entities:?}");
    }
    let answer = client.contacts().search().send().await;
    assert_eq!(answer.unwrap().total, Some(4));
}

#[maybe_async]
pub async fn upserts_in_bulk_are_sent_again() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_calls(1).matching("POST", "*/enrich").after_applying().reset();
    let outcomes = collected(client.contacts().bulk().upsert_by((0..25).map(row)).outcomes()).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
    let answer = client.contacts().search().send().await;
    assert_eq!(answer.unwrap().total, Some(25));
    assert_eq!(bodies(&sandbox, "/bulk/contacts/enrich").len(), 4);
    // Enrichments are not: nobody knows whether a second one finds what the first one created.
    sandbox.next_calls(1).matching("POST", "*/enrich").after_applying().reset();
    let enrichment = ContactEnrichment::new(EnrichAction::Upsert, [Identifier::email(EMAIL)], ada());
    let outcomes = collected(client.contacts().bulk().enrich([enrichment]).outcomes()).await;
    assert!(outcomes[0].result.as_ref().unwrap_err().may_have_been_applied());
    assert_eq!(bodies(&sandbox, "/bulk/contacts/enrich").len(), 5);
}

#[maybe_async]
pub async fn upserts_that_can_not_be_sent_are_told() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let rows = [row(0), (Identifier::of("Cookie", "c"), ada()), row(1), (Identifier::email("nobody"), ada())];
    let outcomes = collected(client.contacts().bulk().upsert_by(rows).outcomes()).await;
    let told: Vec<_> = outcomes.iter().map(|outcome| outcome.result.as_ref().map_err(ToString::to_string)).collect();
    assert!(told[0].is_ok() && told[2].is_ok());
    assert!(told[1].as_ref().unwrap_err().contains("identifier: is of Cookie"), "{told:?}");
    assert!(told[3].as_ref().unwrap_err().contains("422"), "{told:?}");
    assert!(!outcomes[1].result.as_ref().unwrap_err().may_have_been_applied());
    assert_eq!(bodies(&sandbox, "/bulk/contacts/enrich").len(), 1);
}

#[maybe_async]
pub async fn enrichments_in_bulk_are_told_apart() {
    let sandbox = Sandbox::new();
    let crm = sandbox.add_external_source("CRM");
    let client = client(&sandbox);
    client.contacts().upsert_by(row(1).0, row(1).1).send().await.unwrap();
    let enrichment = |number: usize, action| {
        let (by, contact) = row(number);
        ContactEnrichment::new(action, [by.clone()], contact.with_work_email(by.value.unwrap()))
    };
    let enrichments = [
        enrichment(0, EnrichAction::Update),
        enrichment(1, EnrichAction::Insert).with_id("mine"),
        enrichment(1, EnrichAction::Update),
        enrichment(2, EnrichAction::Insert),
    ];
    let outcomes = collected(client.contacts().bulk().enrich(enrichments.clone()).outcomes()).await;
    let ids: Vec<_> = outcomes.iter().map(|outcome| outcome.input.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["0", "mine", "2", "3"]);
    let told: Vec<_> = outcomes
        .iter()
        .map(|outcome| match &outcome.result {
            Ok(enriched) => format!("{:?} {}", enriched.outcome, enriched.record.title.as_deref().unwrap()),
            Err(error) => error.status().unwrap().to_string(),
        })
        .collect();
    assert_eq!(told, ["404", "409", "Updated 1", "Created 2"]);
    // A dry run leaves no trace.
    let dry = client.contacts().bulk().enrich([enrichment(5, EnrichAction::Insert)]).one_request().dry_run(true);
    let dry = dry.send().await.unwrap();
    assert_eq!(dry.results.unwrap()[0].entity.as_ref().unwrap().title.as_deref(), Some("5"));
    let answer = client.contacts().search().send().await;
    assert_eq!(answer.unwrap().total, Some(2));

    let acme = ExternalOrganization::default().with_name("Acme");
    let upserts = ["7", "8"].map(|id| (Identifier::external_id(&crm, id), acme.clone()));
    let outcomes = collected(client.organizations().bulk().upsert_by(upserts).outcomes()).await;
    assert!(outcomes.iter().all(|outcome| outcome.result.as_ref().unwrap().outcome == EnrichOutcome::Created));
}

// ---- The rest ---------------------------------------------------------------------------------------------------------------

#[maybe_async]
pub async fn a_merge_that_can_not_be_is_refused() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let many: Vec<_> = (0..26).map(|number| number.to_string()).collect();
    for (ids, words) in [
        (&[][..], "contact_ids: names 0 contacts: a merge takes 2 to 25"),
        (&many[..1], "names 1 contacts"),
        (&many, "names 26 contacts"),
    ] {
        let refusal = refusal(client.contacts().merge(ids).send().await);
        assert!(refusal.contains(words), "{refusal}");
    }
    let twice = refusal(client.contacts().merge(["a", "b", "A"]).send().await);
    assert!(twice.contains("contact_ids: names a contact twice"), "{twice}");
    assert_eq!(calls(&sandbox), 0);
}

#[maybe_async]
pub async fn settings_are_set_and_reset() {
    let client = client(&Sandbox::new());
    let mut settings = client.settings().get().send().await.unwrap();
    settings.assign_divisions_to_interactions = Some(true);
    let settings = client.settings().update(settings).send().await.unwrap();
    let answer = client.settings().get().send().await;
    assert_eq!(answer.unwrap(), settings);
    client.settings().reset().send().await.unwrap();
    let reset = client.settings().get().send().await.unwrap();
    assert_eq!(reset.assign_divisions_to_interactions, Some(false));
}
