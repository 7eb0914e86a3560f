//! Changing single fields of a record, whatever else changes in it meanwhile.
//!
//! An update replaces the whole record, and with it what somebody else changed since it was fetched. A patch names the fields
//! that change, and nothing else:
//!
//! ```
//! use genesys_external_contacts::PhoneNumber;
//! # use genesys_external_contacts::ExternalContact;
//! # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
//! # let client = sandbox.client();
//! # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
//! # let source = genesys_external_contacts::model::ExternalSource::default().with_id(sandbox.add_external_source("CRM"));
//! # let crm_id = genesys_external_contacts::model::ExternalId::default().with_external_source(source).with_value("7");
//! let contact = client
//!     .contacts()
//!     .patch(&id)
//!     .set("title", "Countess")
//!     .set_if_empty("workPhone", PhoneNumber::new("+44 20 7946 0018"))
//!     .set_if_present("address.city", "London")
//!     .append("externalIds", [crm_id])
//!     .remove("middleName")
//!     .send()?;
//! assert_eq!(contact.title.as_deref(), Some("Countess"));
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! Reached through `patch` of [`Contacts`](crate::contacts::Contacts::patch),
//! [`Organizations`](crate::organizations::Organizations::patch), [`Notes`](crate::notes::Notes::patch) and
//! [`Relationships`](crate::relationships::Relationships::patch). All changes of a request are made together.
//!
//! # Fields
//!
//! A field is called what it is called on the wire, and a field inside of another by its path: `address.city`,
//! `customFields.segment_text`. The model checks the value of a field that it has: `set("title", 5)` is refused before
//! anything is sent. Fields that it doesn't have are sent as they are.
//!
//! Three things are refused before sending, because the service can't do them or nobody knows what it does: no change at all;
//! a field twice; a field together with one inside of it.
//!
//! # Repeating
//!
//! A patch is repeated where its answer was lost: the second one finds the change in place. With
//! [`append`](crate::Request::append) it is not, because the values would be there twice; then the error says whether it
//! [may have been applied](crate::Error::may_have_been_applied).

use std::marker::PhantomData;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::entity::{Entity, Patchable};
use crate::error::Error;
use crate::operation::{Operation, Repeat, Request, RequestParts, Route};

/// An operation that changes single fields: [`Request::set`] and its sisters.
pub trait Patching: Operation {
    /// The changes.
    fn changes(&mut self) -> &mut Changes;
}

/// The changes of a patch, in the order in which they were named.
#[derive(Clone, Default)]
pub struct Changes {
    list: Vec<PatchChange>,
    /// Why a value can't be sent.
    problem: Option<Error>,
}

model! {
    /// The changes of a patch, as they are sent.
    pub struct Patch {
        /// The changes; at least one.
        changes: Vec<PatchChange> => "changes",
    }
}

model! {
    /// One change of a patch, as it is sent.
    pub struct PatchChange {
        /// Which field changes: its path, such as `$.address.city`.
        field: String => "field",
        /// The value. None for [`PatchAction::Remove`].
        value: Value => "value",
        /// What is done with the field.
        action: PatchAction => "action",
    }
}

model! {
    /// What a [`PatchChange`] does with its field.
    pub enum PatchAction {
        /// Sets it if it is empty.
        UpdateIfEmpty => "UpdateIfEmpty",
        /// Sets it if it is not empty.
        UpdateIfExists => "UpdateIfExists",
        /// Sets it.
        Update => "Update",
        /// Adds values to a list.
        AppendToCollection => "AppendToCollection",
        /// Clears it.
        Remove => "Remove",
        /// Takes a value out of a list.
        RemoveFromCollection => "RemoveFromCollection",
    }
}

impl Changes {
    fn add(&mut self, action: PatchAction, field: &str, value: Option<impl Serialize>) {
        let mut change = PatchChange::default().with_field(path(field)).with_action(action);
        match value.map(serde_json::to_value) {
            None => {}
            Some(Ok(value)) => change.value = Some(value),
            // The first problem is the one to solve first.
            Some(Err(error)) => drop(self.problem.get_or_insert(Error::invalid(field.to_owned(), error.to_string()))),
        }
        self.list.push(change);
    }

    /// Writes the body, unless it can't be right. `E` is what is changed.
    pub(crate) fn write<E: Entity>(&self, request: &mut RequestParts) -> Result<(), Error> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        if self.list.is_empty() {
            return Err(Error::invalid("changes", "there is none: name what changes, with `set` for example"));
        }
        let mut seen: Vec<(Vec<&str>, &str)> = Vec::with_capacity(self.list.len());
        for change in &self.list {
            let name = change.field.as_deref().unwrap_or_default();
            let field = segments(name);
            if field.is_empty() {
                return Err(Error::invalid("field", "is empty: name the field, as in `address.city`"));
            }
            for (other, other_name) in &seen {
                if *other == field {
                    return Err(Error::invalid(
                        name.to_owned(),
                        "is changed twice: change it once, or in two requests",
                    ));
                }
                if other.starts_with(&field) || field.starts_with(other) {
                    let problem = format!("is changed together with {other_name}, one of which is inside of the other");
                    return Err(Error::invalid(name.to_owned(), problem));
                }
            }
            check::<E>(change, &field)?;
            seen.push((field, name));
        }
        request.json(&Patch::default().with_changes(self.list.clone()))
    }

    /// Whatever is not known to be idempotent is done once only.
    pub(crate) fn repeat(&self) -> Repeat {
        let is_idempotent = |change: &PatchChange| {
            !matches!(change.action, None | Some(PatchAction::AppendToCollection | PatchAction::Other(_)))
        };
        if self.list.iter().all(is_idempotent) { Repeat::Idempotent } else { Repeat::Once }
    }
}

/// Refuses a value that the model says can't be in its field.
fn check<E: Entity>(change: &PatchChange, field: &[&str]) -> Result<(), Error> {
    let refused = |problem: String| Err(Error::invalid(change.field.clone().unwrap_or_default(), problem));
    let value = match (&change.action, &change.value) {
        (Some(PatchAction::Remove) | None, _) | (_, None) => return Ok(()),
        (_, Some(Value::Null)) => return refused("is null: clear the field with `remove`".to_owned()),
        (Some(PatchAction::RemoveFromCollection), Some(value)) => Value::from(vec![value.clone()]),
        (_, Some(value)) => value.clone(),
    };
    // The place of an element in a list is no member of a model.
    if field.iter().any(|segment| segment.bytes().all(|byte| byte.is_ascii_digit())) {
        return Ok(());
    }
    let record =
        field.iter().rev().fold(value, |value, name| Value::Object(Map::from_iter([(name.to_string(), value)])));
    match serde_json::from_value::<E>(record) {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = error.to_string();
            // The first half of the message repeats the value, which may be personal data.
            let expected = error.rsplit_once("expected ").map_or("another type", |(_, expected)| expected);
            refused(format!("does not take this value: expected {expected}"))
        }
    }
}

/// The path as the service wants it: `$.address.city`.
fn path(field: &str) -> String {
    if field.is_empty() || field.starts_with('$') { field.to_owned() } else { format!("$.{field}") }
}

/// The names in a path: `$.a.b` and `$['a'].b` are the same.
fn segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('$').unwrap_or(path);
    path.split(['.', '[', ']']).map(|name| name.trim_matches(['\'', '"'])).filter(|name| !name.is_empty()).collect()
}

impl<C, O: Patching> Request<C, O> {
    /// Sets a field, whatever is in it (`Update`). A path names a field inside of another: `address.city`.
    pub fn set(self, field: &str, value: impl Serialize) -> Self {
        self.change(PatchAction::Update, field, Some(value))
    }

    /// Sets a field only if it is empty (`UpdateIfEmpty`).
    pub fn set_if_empty(self, field: &str, value: impl Serialize) -> Self {
        self.change(PatchAction::UpdateIfEmpty, field, Some(value))
    }

    /// Sets a field only if it is not empty (`UpdateIfExists`).
    pub fn set_if_present(self, field: &str, value: impl Serialize) -> Self {
        self.change(PatchAction::UpdateIfExists, field, Some(value))
    }

    /// Adds values to the end of a list (`AppendToCollection`); what is in it stays.
    ///
    /// A patch that appends is never repeated blindly: the values would be there twice.
    pub fn append<V: Serialize>(self, field: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<V> = values.into_iter().collect();
        self.change(PatchAction::AppendToCollection, field, Some(values))
    }

    /// Clears a field (`Remove`).
    pub fn remove(self, field: &str) -> Self {
        self.change(PatchAction::Remove, field, None::<()>)
    }

    /// Takes a value out of a list (`RemoveFromCollection`). Whether the whole value has to be the same, or its id, is not
    /// documented: hand in the value as it was read.
    pub fn remove_from(self, field: &str, value: impl Serialize) -> Self {
        self.change(PatchAction::RemoveFromCollection, field, Some(value))
    }

    /// Adds changes as they are sent, for what the other setters can't express.
    pub fn changes(mut self, changes: impl IntoIterator<Item = PatchChange>) -> Self {
        self.operation.changes().list.extend(changes);
        self
    }

    fn change(mut self, action: PatchAction, field: &str, value: Option<impl Serialize>) -> Self {
        self.operation.changes().add(action, field, value);
        self
    }
}

/// `PATCH` of a contact, an organization or a relationship; see [`patch`](crate::patch).
#[derive(Clone)]
pub struct PatchRecord<E> {
    id: String,
    changes: Changes,
    entity: PhantomData<fn() -> E>,
}

impl<E> PatchRecord<E> {
    pub(crate) fn new(id: String) -> Self {
        Self { id, changes: Changes::default(), entity: PhantomData }
    }
}

impl<E: Patchable> Operation for PatchRecord<E> {
    type Output = E;
    const ROUTE: Route = E::PATCH;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.id)?;
        self.changes.write::<E>(request)
    }

    fn repeat(&self) -> Repeat {
        self.changes.repeat()
    }
}

impl<E: Patchable> Patching for PatchRecord<E> {
    fn changes(&mut self) -> &mut Changes {
        &mut self.changes
    }
}
