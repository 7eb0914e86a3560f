//! The operations: one request each.

use std::io;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use super::model::{BulkResponse, Nothing};
use crate::contacts::model::ExternalContact;
use crate::entity::{InBulk, InBulkByDivision};
use crate::error::Error;
use crate::model::EntityRef;
use crate::operation::{Operation, RequestParts, Route};

/// An operation that carries many records in one request: those that [`Bulk`](super::Bulk) lists.
pub trait BulkOperation:
    Operation<Output = BulkResponse<Self::Entity, Self::Echo>> + sealed::Sealed + Sized + 'static
{
    /// What goes out, one a record: the record, or its id.
    type Input: Serialize + Clone + Send + Sync + 'static;

    /// What a success gives: the record, or nothing.
    type Record: Clone + Send + 'static;

    #[doc(hidden)]
    type Entity: Serialize + DeserializeOwned + Send + 'static;

    #[doc(hidden)]
    type Echo: Serialize + DeserializeOwned + Send + 'static;

    /// How many records a request carries unless it is set.
    #[doc(hidden)]
    const CHUNK_SIZE: usize = 50;

    /// Whether "not found" is what a record answers that is removed already.
    #[doc(hidden)]
    const REMOVES: bool = false;

    /// Whether results say by id which record they are of. Additions have no id to say.
    #[doc(hidden)]
    const IS_BY_ID: bool = true;

    #[doc(hidden)]
    fn of(inputs: Vec<Self::Input>) -> Self;

    /// The id by which the result will be known.
    #[doc(hidden)]
    fn id(input: &Self::Input) -> Option<&str>;

    /// How many bytes the record takes in the body.
    #[doc(hidden)]
    fn bytes(input: &Self::Input) -> Result<usize, Error> {
        size(input)
    }

    /// Gives the record an id by which its result will be known, where it has none and may have one.
    #[doc(hidden)]
    fn track(_input: &mut Self::Input, _index: u64) {}

    /// What a success gives, of what the service answers. Older versions of the service send no status.
    #[doc(hidden)]
    fn record(entity: Option<Self::Entity>, status: Option<i64>) -> Option<Self::Record>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// The body of all bulk requests.
#[derive(Serialize)]
pub(super) struct Body<'a, T> {
    pub(super) entities: &'a [T],
}

/// How a record is named whose id is all that goes out.
#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

/// The ids, as a list of objects.
struct Ids<'a>(&'a [String]);

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|id| Id { id }))
    }
}

#[derive(Serialize)]
struct IdsBody<'a> {
    entities: Ids<'a>,
}

/// Counts bytes instead of keeping them.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn size(value: &impl Serialize) -> Result<usize, Error> {
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).map_err(|error| Error::invalid("record", error.to_string()))?;
    Ok(counter.0)
}

macro_rules! by_id {
    ($( $(#[$meta:meta])* $name:ident<$entity:ident: $bound:ident>, $route:ident, $answer:ty, $record:ty, $removes:literal; )*) => { $(
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name<$entity> {
            ids: Vec<String>,
            entity: PhantomData<fn() -> $entity>,
        }

        impl<$entity: $bound> Operation for $name<$entity> {
            type Output = BulkResponse<$answer, EntityRef>;
            const ROUTE: Route = $entity::$route;

            fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
                request.json(&IdsBody { entities: Ids(&self.ids) })
            }
        }

        impl<$entity: $bound> sealed::Sealed for $name<$entity> {}

        impl<$entity: $bound> BulkOperation for $name<$entity> {
            type Input = String;
            type Record = $record;
            type Entity = $answer;
            type Echo = EntityRef;
            const REMOVES: bool = $removes;

            fn of(ids: Vec<String>) -> Self {
                Self { ids, entity: PhantomData }
            }

            fn id(id: &String) -> Option<&str> {
                Some(id)
            }

            fn bytes(id: &String) -> Result<usize, Error> {
                if id.is_empty() {
                    return Err(Error::invalid("id", "is empty"));
                }
                size(&Id { id })
            }

            fn record(entity: Option<$answer>, _: Option<i64>) -> Option<$record> {
                FromEntity::from_entity(entity)
            }
        }
    )* };
}

/// What a success gives, of what the service answers.
trait FromEntity<T>: Sized {
    fn from_entity(entity: Option<T>) -> Option<Self>;
}

impl<E: InBulk> FromEntity<E> for E {
    fn from_entity(entity: Option<E>) -> Option<E> {
        entity
    }
}

impl FromEntity<Nothing> for () {
    fn from_entity(_: Option<Nothing>) -> Option<()> {
        Some(())
    }
}

by_id! {
    /// `POST /api/v2/externalcontacts/bulk/…`; see [`Bulk::fetch`](super::Bulk::fetch).
    BulkFetch<E: InBulk>, BULK_FETCH, E, E, false;
    /// `POST /api/v2/externalcontacts/bulk/…/remove`; see [`Bulk::remove`](super::Bulk::remove).
    BulkRemove<E: InBulk>, BULK_REMOVE, Nothing, (), true;
    /// `POST /api/v2/externalcontacts/bulk/…/divisionviews`; see
    /// [`Bulk::fetch_division_views`](super::Bulk::fetch_division_views).
    BulkFetchDivisionViews<E: InBulkByDivision>, BULK_FETCH_DIVISION_VIEWS, E, E, false;
}

/// `POST /api/v2/externalcontacts/bulk/contacts/unresolved`; see [`Bulk::fetch_unresolved`](super::Bulk::fetch_unresolved).
#[derive(Clone)]
pub struct BulkFetchUnresolved {
    ids: Vec<String>,
}

impl Operation for BulkFetchUnresolved {
    type Output = BulkResponse<ExternalContact, EntityRef>;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/bulk/contacts/unresolved").that_reads();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&IdsBody { entities: Ids(&self.ids) })
    }
}

impl sealed::Sealed for BulkFetchUnresolved {}

impl BulkOperation for BulkFetchUnresolved {
    type Input = String;
    type Record = ExternalContact;
    type Entity = ExternalContact;
    type Echo = EntityRef;

    fn of(ids: Vec<String>) -> Self {
        Self { ids }
    }

    fn id(id: &String) -> Option<&str> {
        Some(id)
    }

    fn bytes(id: &String) -> Result<usize, Error> {
        BulkFetch::<ExternalContact>::bytes(id)
    }

    fn record(entity: Option<ExternalContact>, _: Option<i64>) -> Option<ExternalContact> {
        entity
    }
}

macro_rules! of_records {
    ($( $(#[$meta:meta])* $name:ident, $route:ident, $is_by_id:literal; )*) => { $(
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name<E> {
            entities: Vec<E>,
        }

        impl<E: InBulk> Operation for $name<E> {
            type Output = BulkResponse<E, E>;
            const ROUTE: Route = E::$route;

            fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
                request.json(&Body { entities: &self.entities })
            }
        }

        impl<E: InBulk> sealed::Sealed for $name<E> {}

        impl<E: InBulk> BulkOperation for $name<E> {
            type Input = E;
            type Record = E;
            type Entity = E;
            type Echo = E;
            const IS_BY_ID: bool = $is_by_id;

            fn of(entities: Vec<E>) -> Self {
                Self { entities }
            }

            fn id(entity: &E) -> Option<&str> {
                if Self::IS_BY_ID { entity.id() } else { None }
            }

            fn bytes(entity: &E) -> Result<usize, Error> {
                if Self::IS_BY_ID && entity.id().is_none_or(str::is_empty) {
                    let problem = "is missing; an update in bulk says by it which record is meant";
                    return Err(Error::invalid("id", problem));
                }
                size(entity)
            }

            fn record(entity: Option<E>, _: Option<i64>) -> Option<E> {
                entity
            }
        }
    )* };
}

of_records! {
    /// `POST /api/v2/externalcontacts/bulk/…/add`; see [`Bulk::add`](super::Bulk::add).
    BulkAdd, BULK_ADD, false;
    /// `POST /api/v2/externalcontacts/bulk/…/update`; see [`Bulk::update`](super::Bulk::update).
    BulkUpdate, BULK_UPDATE, true;
}
