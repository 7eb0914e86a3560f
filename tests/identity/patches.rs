//! Any sequence of patches through the builder, on the sandbox, comes to what a plain model of the six actions comes to.

use genesys_external_contacts::ExternalOrganization;
use genesys_external_contacts::sandbox::Sandbox;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
enum Action {
    Set(Value),
    SetIfEmpty(Value),
    SetIfPresent(Value),
    Append(Vec<&'static str>),
    Remove,
    RemoveFrom(&'static str),
}

const TEXTS: &[&str] = &["industry", "companyType", "address.city", "address.state", "twitterId.name"];
const LISTS: &[&str] = &["tags", "websites"];
const WORDS: &[&str] = &["a", "b", "c"];

fn change() -> impl Strategy<Value = (&'static str, Action)> {
    let word = || select(WORDS);
    let words = || proptest::collection::vec(select(WORDS), 0..3);
    let text = prop_oneof![
        word().prop_map(|word| Action::Set(word.into())),
        word().prop_map(|word| Action::SetIfEmpty(word.into())),
        word().prop_map(|word| Action::SetIfPresent(word.into())),
        Just(Action::Remove),
    ];
    let list = prop_oneof![
        words().prop_map(|words| Action::Set(words.into())),
        words().prop_map(|words| Action::SetIfEmpty(words.into())),
        words().prop_map(|words| Action::SetIfPresent(words.into())),
        words().prop_map(Action::Append),
        Just(Action::Remove),
        word().prop_map(Action::RemoveFrom),
    ];
    prop_oneof![(select(TEXTS), text), (select(LISTS), list)]
}

/// The value of each field that is not empty: that is all there is to the model.
type Model = Map<String, Value>;

fn apply(model: &mut Model, field: &str, action: &Action) {
    let old = model.remove(field);
    let list = |value: Option<Value>| value.and_then(|value| value.as_array().cloned()).unwrap_or_default();
    let new = match action {
        Action::Set(value) => Some(value.clone()),
        Action::SetIfEmpty(value) => old.or_else(|| Some(value.clone())),
        Action::SetIfPresent(value) => old.map(|_| value.clone()),
        Action::Append(words) => {
            Some(list(old).into_iter().chain(words.iter().map(|word| Value::from(*word))).collect())
        }
        Action::Remove => None,
        Action::RemoveFrom(word) => Some(list(old).into_iter().filter(|one| one != word).collect()),
    };
    if let Some(new) = new.filter(|new| new != &json!([])) {
        model.insert(field.to_owned(), new);
    }
}

/// What is in the fields of the record, as the model has it.
fn fields(organization: &ExternalOrganization) -> Model {
    let record = serde_json::to_value(organization).unwrap();
    let value = |field: &str| record.pointer(&format!("/{}", field.replace('.', "/"))).cloned();
    let fields = TEXTS.iter().chain(LISTS).filter_map(|field| Some(((*field).to_owned(), value(field)?)));
    fields.filter(|(_, value)| *value != json!([])).collect()
}

#[test]
fn patches_come_to_what_a_plain_model_comes_to() {
    let patches = proptest::collection::vec(proptest::collection::vec(change(), 1..5), 1..8);
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let client = sandbox.client();
    let empty = sandbox.snapshot();
    let count = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 256, failure_persistence: None, ..Config::default() });
    let result = runner.run(&patches, |patches| {
        sandbox.restore(&empty);
        let acme = ExternalOrganization::default().with_name("Acme").with_tags(["a".to_owned()]);
        let id = client.organizations().create(acme).send().unwrap().id.unwrap();
        let mut model = Model::from_iter([("tags".to_owned(), json!(["a"]))]);
        for mut patch in patches {
            // A field twice is refused, which is the subject of another test.
            let mut seen = std::collections::BTreeSet::new();
            patch.retain(|(field, _)| seen.insert(*field));
            let mut request = client.organizations().patch(&id);
            for (field, action) in &patch {
                request = match action.clone() {
                    Action::Set(value) => request.set(field, value),
                    Action::SetIfEmpty(value) => request.set_if_empty(field, value),
                    Action::SetIfPresent(value) => request.set_if_present(field, value),
                    Action::Append(words) => request.append(field, words),
                    Action::Remove => request.remove(field),
                    Action::RemoveFrom(word) => request.remove_from(field, word),
                };
                apply(&mut model, field, action);
            }
            let organization = request.send().unwrap();
            prop_assert_eq!(fields(&organization), model.clone(), "{:?}", patch);
            prop_assert_eq!(organization.name.as_deref(), Some("Acme"));
            count.set(count.get() + patch.len());
        }
        let stored = client.organizations().get(&id).send().unwrap();
        prop_assert_eq!(fields(&stored), model);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(count.get() > 500, "{} changes", count.get());
}
