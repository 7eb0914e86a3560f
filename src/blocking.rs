//! The blocking flavour: `dual/` with `async` and `.await` taken out, and what really differs.

use std::any::Any;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub(crate) use maybe_async::must_be_sync as maybe_async;

use crate::config::{Connection, Limits};
use crate::error::Error;
use crate::model::Listing;
use crate::operation::Paged;

/// Names and documents what `dual/` defines, as it is in this flavour.
macro_rules! flavored {
    ($(#[$meta:meta])* pub struct Client $($rest:tt)*) => {
        /// The way to the service: signs in, sends, reads.
        ///
        /// Cheap to clone; all clones share the connections and the token. Make one and keep it. It blocks the thread that
        /// calls it and needs no runtime.
        ///
        /// ```
        /// use genesys_external_contacts::{Client, Error, ExternalContact, Region};
        ///
        /// let client = Client::builder().region(Region::EuWest1).client_credentials("an id", "a secret").build()?;
        ///
        /// fn invite(client: &Client, email: &str) -> Result<String, Error> {
        ///     let guest = ExternalContact::default().with_last_name("Guest").with_work_email(email);
        ///     let guest = client.contacts().create(guest).send()?;
        ///     Ok(guest.display_name())
        /// }
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
        /// assert_eq!(invite(&client, "ada@example.com")?, "Guest");
        /// # Ok::<(), Error>(())
        /// ```
        $(#[$meta])*
        pub struct Client $($rest)*
    };
    ($(#[$meta:meta])* pub struct ClientBuilder $($rest:tt)*) => {
        /// What a [`Client`] is built from; [`builder`](Client::builder) makes one.
        ///
        /// It needs a region and credentials, everything else has a default.
        ///
        /// ```
        /// use std::time::Duration;
        /// use genesys_external_contacts::{Client, Limits, Region, RetryPolicy};
        ///
        /// let mut limits = Limits::default();
        /// limits.call_timeout = Duration::from_secs(10);
        /// let client = Client::builder()
        ///     .region(Region::EuWest1)
        ///     .client_credentials("an id", "a secret")
        ///     .limits(limits)
        ///     .retry(RetryPolicy::never())
        ///     .build()?;
        /// # drop(client);
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct ClientBuilder $($rest)*
    };
    ($(#[$meta:meta])* pub struct Pages $($rest:tt)*) => {
        /// The pages of a listing, fetched as they are asked for; see [`Request::pages`](crate::Request::pages).
        ///
        /// It is an iterator.
        ///
        /// ```
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
        /// for page in client.contacts().search().pages() {
        ///     println!("{} contacts", page?.into_iter().count());
        /// }
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct Pages $($rest)*
    };
    ($(#[$meta:meta])* pub struct Items $($rest:tt)*) => {
        /// The records of a listing, fetched page by page as they are asked for; see
        /// [`Request::items`](crate::Request::items).
        ///
        /// It is an iterator over results. For a single record there are [`first`](Self::first) and [`find`](Self::find).
        ///
        /// ```
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
        /// for contact in client.contacts().search().items() {
        ///     println!("{}", contact?.display_name());
        /// }
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct Items $($rest)*
    };
    ($(#[$meta:meta])* pub struct Outcomes $($rest:tt)*) => {
        /// What becomes of each record of a bulk request, in the order of the input; see
        /// [`BulkRequest::outcomes`](crate::bulk::BulkRequest::outcomes).
        ///
        /// It is an `Iterator`. Requests are sent as it is drained.
        ///
        /// ```
        /// use genesys_external_contacts::ExternalContact;
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
        ///
        /// let contacts = (1..=120).map(|number| ExternalContact::default().with_last_name(format!("Customer {number}")));
        /// let mut outcomes = client.contacts().bulk().add(contacts).outcomes();
        /// while let Some(outcome) = outcomes.next() {
        ///     println!("{}: {:?}", outcome.index, outcome.result.map(|contact| contact.id));
        ///     let progress = outcomes.progress();
        ///     println!("{} done, {} failed, {} requests", progress.done, progress.failed, progress.requests);
        /// }
        /// ```
        $(#[$meta])*
        pub struct Outcomes $($rest)*
    };
    ($(#[$meta:meta])* pub struct OrganizationResolver $($rest:tt)*) => {
        /// The ids of organizations by their external ids; see
        /// [`Organizations::resolver`](crate::organizations::Organizations::resolver).
        ///
        /// A contact names its organization by id, and a system outside knows the organization by an id of its own. This looks
        /// it up once, and remembers a bounded number: those that were asked for lately. Clones share what is remembered.
        ///
        /// ```
        /// use genesys_external_contacts::{ExternalContact, Identifier};
        /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
        /// # let crm = sandbox.add_external_source("CRM");
        /// # let client = sandbox.client();
        ///
        /// let resolver = client.organizations().resolver(10_000);
        /// let mut ada = ExternalContact::default().with_last_name("Lovelace");
        /// ada.external_organization = resolver.reference(&Identifier::external_id(crm, "C-1842"))?.map(Box::new);
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct OrganizationResolver $($rest)*
    };
    ($(#[$meta:meta])* pub struct Polls $($rest:tt)*) => {
        /// The answers of a job that is watched, one look at a time; see [`Request::polls`](crate::Request::polls).
        ///
        /// It is an iterator.
        ///
        /// ```
        /// use std::time::Duration;
        /// use genesys_external_contacts::exports::Export;
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
        ///
        /// let exports = client.contacts().exports();
        /// let id = exports.start(Export::default()).send()?.id.unwrap_or_default();
        /// for export in exports.get(id).polls(Duration::from_secs(3600)) {
        ///     println!("{:?}", export?.status);
        /// }
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct Polls $($rest)*
    };
    ($(#[$meta:meta])* pub struct Upload $($rest:tt)*) => {
        /// A file that is ready to be sent; see [`CsvUploads::put`](crate::imports::CsvUploads::put).
        $(#[$meta])*
        pub struct Upload $($rest)*
    };
    ($(#[$meta:meta])* pub trait Body $($rest:tt)*) => {
        /// The body of an answer that is read part by part; see [`Transport::stream`](crate::Transport::stream).
        $(#[$meta])*
        pub trait Body $($rest)*
    };
    ($(#[$meta:meta])* pub trait Transport $($rest:tt)*) => {
        /// How requests get to the service, and how time passes: one HTTP exchange, one wait, one clock.
        ///
        /// Implement it to bring an HTTP client of your own, or to answer from a test;
        /// [`ClientBuilder::transport`](crate::ClientBuilder::transport) takes it. The rules that every transport keeps:
        ///
        /// - A status is never an error: 404 and 503 are responses.
        /// - Redirects are not followed.
        /// - The request is sent once. Repeating it is the client's decision.
        /// - A body larger than [`Limits::max_body`] bytes (after decompression) is an error, and is not read to its end.
        /// - An error says whether the service may have received the request, and prints neither query nor body.
        $(#[$meta])*
        pub trait Transport $($rest)*
    };
    (spawn_detached) => {
        "Runs work besides and to its end, whatever becomes of the call that began it. Gives the work back where there is no \
         way to. Sign-ins run here: many calls wait for one, and its answer may hold a refresh token, which comes only once.\n\n\
         Unless a transport does otherwise, it starts a thread."
    };
    (prefetch) => {
        "Fetches one page ahead, on a thread of its own, while you work on the last one."
    };
    (first) => {
        r##"The first record, or `None` if there is none. Only that one is asked for.

```
use genesys_external_contacts::ContactSort;
# let client = genesys_external_contacts::sandbox::Sandbox::new().client();

let first = client.contacts().search().q("lovelace").sort(ContactSort::LastName.asc()).items().first()?;
assert!(first.is_none());
# Ok::<(), genesys_external_contacts::Error>(())
```

# Errors

Any [`Error`]: a listing that can't be read is not an empty one."##
    };
    (find) => {
        r##"The first record that matches, or `None` after the last one. Called again, it goes on after that record.

It takes the place of [`Iterator::find`], which would be given results: one that looks at the records only would take an
error for a record that doesn't match, and an expired token for "not found".

```
# let client = genesys_external_contacts::sandbox::Sandbox::new().client();
let countess = client.contacts().search().items().find(|contact| contact.title.as_deref() == Some("Countess"))?;
assert!(countess.is_none());
# Ok::<(), genesys_external_contacts::Error>(())
```

# Errors

Any [`Error`], also [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the record may be among those that the
service doesn't give out."##
    };
}

#[path = "dual/builder.rs"]
mod builder;
#[path = "dual/bulk.rs"]
mod bulk;
#[path = "dual/call.rs"]
mod call;
#[path = "dual/client.rs"]
mod client;
#[path = "dual/download.rs"]
mod download;
mod files;
mod flight;
#[path = "dual/identity.rs"]
mod identity;
#[path = "dual/job.rs"]
mod job;
#[path = "dual/join.rs"]
mod join;
mod outcomes;
#[path = "dual/pages.rs"]
mod pages;
#[path = "dual/session.rs"]
mod session;
#[path = "dual/transport.rs"]
mod transport;
#[path = "dual/upload.rs"]
mod upload;
mod watch;

pub use builder::ClientBuilder;
pub use bulk::Outcomes;
pub use client::Client;
pub use files::Download;
pub use identity::OrganizationResolver;
pub use job::Polls;
pub use pages::{Items, Pages};
pub use transport::{Body, Transport};
pub use upload::Upload;

pub(crate) use files::no_stream;
pub(crate) use watch::PollState;

use pages::{Step, Walk};

impl ClientBuilder {
    /// Sends through this transport instead of the one that the crate brings.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

#[cfg(feature = "ureq")]
pub(crate) fn default_transport(limits: &Limits, connection: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::ureq::Ureq::new(limits, connection)?))
}

#[cfg(not(feature = "ureq"))]
pub(crate) fn default_transport(_: &Limits, _: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `ureq`, or call transport(…)"))
}

/// Something to run besides.
pub(crate) type Work = Box<dyn FnOnce() + Send>;

/// Runs work on a thread of its own, or gives it back where there can be none.
pub(crate) fn spawn_detached(work: Work) -> Result<(), Work> {
    // A thread that can't be started would take the work with it.
    let work = Arc::new(Mutex::new(Some(work)));
    let taken = Arc::clone(&work);
    let take = |work: &Mutex<Option<Work>>| work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new().name("genesys-background".into()).spawn(move || {
        if let Some(work) = take(&taken) {
            work();
        }
    });
    match started {
        Ok(_) => Ok(()),
        Err(_) => take(&work).map_or(Ok(()), Err),
    }
}

/// A thread goes on whatever becomes of its handle.
pub(crate) fn spawn(work: Work) -> Result<Box<dyn Any + Send>, Work> {
    spawn_detached(work).map(|()| Box::new(()) as _)
}

/// How far a walk through pages is.
pub(crate) enum State<O: Paged> {
    Waiting(Walk<O>),
    /// A page is being fetched in the background. The walk is where it stood before, in case nothing comes.
    Ahead(Receiver<Step<O>>, Walk<O>),
    Done,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn run_ahead(walk: Walk<O>, wanted: Option<u64>) -> State<O> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let ahead = walk.clone();
        // If the iterator was dropped, nobody receives any more.
        let work = Box::new(move || drop(sender.send(ahead.step(wanted))));
        match walk.spawn(work) {
            Some(_) => State::Ahead(receiver, walk),
            None => State::Waiting(walk),
        }
    }

    /// The next page, of which so many records are wanted.
    fn step(&mut self, wanted: Option<u64>) -> Option<Result<Listing<O::Item>, Error>> {
        let step = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) => walk.step(wanted),
            State::Ahead(receiver, walk) => receiver.recv().unwrap_or_else(|_| walk.step(wanted)),
            State::Done => return None,
        };
        self.take(step, wanted)
    }
}

impl<O: Paged> Iterator for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step(None)
    }
}

impl<O: Paged> std::iter::FusedIterator for Pages<O> {}

impl<O: Paged> Iterator for Items<O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.wanted != Some(0) {
            if let Some(item) = self.pop() {
                return Some(Ok(item));
            }
            match self.pages.step(self.wanted)? {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

impl<O: Paged> std::iter::FusedIterator for Items<O> {}
