//! The async flavour: `dual/` as written, and what really differs.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::stream::{FusedStream, Stream};
pub(crate) use maybe_async::must_be_async as maybe_async;

use crate::config::{Connection, Limits};
use crate::error::Error;
use crate::model::Listing;
use crate::operation::Paged;

/// Names and documents what `dual/` defines, as it is in this flavour.
///
/// `dual/` goes on to call it by the blocking name, which is a private alias here: rustdoc shows what such an alias stands for.
macro_rules! flavored {
    ($(#[$meta:meta])* pub struct Client $($rest:tt)*) => {
        /// The way to the service: signs in, sends, reads.
        ///
        /// Cheap to clone; all clones share the connections and the token. Make one and keep it. Its calls
        /// are futures; the built-in transport runs on tokio.
        ///
        /// ```
        /// use genesys_external_contacts::{AsyncClient, Error, ExternalContact, Region};
        ///
        /// async fn invite(client: &AsyncClient, email: &str) -> Result<String, Error> {
        ///     let guest = ExternalContact::default().with_last_name("Guest").with_work_email(email);
        ///     let guest = client.contacts().create(guest).send().await?;
        ///     Ok(guest.display_name())
        /// }
        ///
        /// # #[cfg(feature = "reqwest")]
        /// fn connect() -> Result<AsyncClient, Error> {
        ///     AsyncClient::builder().region(Region::EuWest1).client_credentials("an id", "a secret").build()
        /// }
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Error> {
        /// #     let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
        /// #     assert_eq!(invite(&client, "ada@example.com").await?, "Guest");
        /// #     Ok(())
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncClient $($rest)*
        pub(crate) type Client = AsyncClient;
    };
    ($(#[$meta:meta])* pub struct ClientBuilder $($rest:tt)*) => {
        /// What an [`AsyncClient`](crate::AsyncClient) is built from; [`builder`](crate::AsyncClient::builder) makes one.
        ///
        /// It needs a region and credentials, everything else has a default.
        ///
        /// ```
        /// use std::time::Duration;
        /// use genesys_external_contacts::{AsyncClient, Limits, Region, RetryPolicy};
        ///
        /// let mut limits = Limits::default();
        /// limits.call_timeout = Duration::from_secs(10);
        /// let builder = AsyncClient::builder()
        ///     .region(Region::EuWest1)
        ///     .client_credentials("an id", "a secret")
        ///     .limits(limits)
        ///     .retry(RetryPolicy::never());
        /// # #[cfg(feature = "reqwest")]
        /// let client = builder.build()?;
        /// # Ok::<(), genesys_external_contacts::Error>(())
        /// ```
        $(#[$meta])*
        pub struct AsyncClientBuilder $($rest)*
        pub(crate) type ClientBuilder = AsyncClientBuilder;
    };
    ($(#[$meta:meta])* pub struct Pages $($rest:tt)*) => {
        /// The pages of a listing, fetched as they are asked for; see [`Request::pages`](crate::Request::pages).
        ///
        /// It is a `Stream` and has a [`next`](Self::next) of its own. Dropping the future of `next` loses nothing: the page
        /// that it waited for comes with the next call.
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), genesys_external_contacts::Error> {
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
        /// let mut pages = client.contacts().search().pages();
        /// while let Some(page) = pages.next().await {
        ///     println!("{} contacts", page?.into_iter().count());
        /// }
        /// # Ok(())
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncPages $($rest)*
        pub(crate) type Pages<O> = AsyncPages<O>;
    };
    ($(#[$meta:meta])* pub struct Items $($rest:tt)*) => {
        /// The records of a listing, fetched page by page as they are asked for; see
        /// [`Request::items`](crate::Request::items).
        ///
        /// It is a `Stream` of results and has a [`next`](Self::next) of its own. Dropping the future of `next` loses nothing. For a single record there are [`first`](Self::first) and [`find`](Self::find).
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), genesys_external_contacts::Error> {
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
        /// let mut contacts = client.contacts().search().items();
        /// while let Some(contact) = contacts.next().await {
        ///     println!("{}", contact?.display_name());
        /// }
        /// # Ok(())
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncItems $($rest)*
        pub(crate) type Items<O> = AsyncItems<O>;
    };
    ($(#[$meta:meta])* pub struct Outcomes $($rest:tt)*) => {
        /// What becomes of each record of a bulk request, in the order of the input; see
        /// [`BulkRequest::outcomes`](crate::bulk::BulkRequest::outcomes).
        ///
        /// It is a `Stream` and has a [`next`](Self::next) of its own. Requests are sent as it is drained. Dropping the future of
        /// `next` loses nothing.
        ///
        /// ```
        /// use genesys_external_contacts::ExternalContact;
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() {
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
        ///
        /// let contacts = (1..=120).map(|number| ExternalContact::default().with_last_name(format!("Customer {number}")));
        /// let mut outcomes = client.contacts().bulk().add(contacts).outcomes();
        /// while let Some(outcome) = outcomes.next().await {
        ///     println!("{}: {:?}", outcome.index, outcome.result.map(|contact| contact.id));
        ///     let progress = outcomes.progress();
        ///     println!("{} done, {} failed, {} requests", progress.done, progress.failed, progress.requests);
        /// }
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncOutcomes $($rest)*
        pub(crate) type Outcomes<O, R> = AsyncOutcomes<O, R>;
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
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), genesys_external_contacts::Error> {
        /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
        /// # let crm = sandbox.add_external_source("CRM");
        /// # let client = sandbox.async_client();
        ///
        /// let resolver = client.organizations().resolver(10_000);
        /// let mut ada = ExternalContact::default().with_last_name("Lovelace");
        /// let organization = resolver.reference(&Identifier::external_id(crm, "C-1842")).await?;
        /// ada.external_organization = organization.map(Box::new);
        /// # Ok(())
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncOrganizationResolver $($rest)*
        pub(crate) type OrganizationResolver = AsyncOrganizationResolver;
    };
    ($(#[$meta:meta])* pub struct Polls $($rest:tt)*) => {
        /// The answers of a job that is watched, one look at a time; see [`Request::polls`](crate::Request::polls).
        ///
        /// It is a `Stream` and has a [`next`](Self::next) of its own. Dropping the future of `next` loses nothing.
        ///
        /// ```
        /// use std::time::Duration;
        /// use genesys_external_contacts::exports::Export;
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), genesys_external_contacts::Error> {
        /// # let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
        ///
        /// let exports = client.contacts().exports();
        /// let id = exports.start(Export::default()).send().await?.id.unwrap_or_default();
        /// let mut polls = exports.get(id).polls(Duration::from_secs(3600));
        /// while let Some(export) = polls.next().await {
        ///     println!("{:?}", export?.status);
        /// }
        /// # Ok(())
        /// # }
        /// ```
        $(#[$meta])*
        pub struct AsyncPolls $($rest)*
        pub(crate) type Polls<O> = AsyncPolls<O>;
    };
    ($(#[$meta:meta])* pub struct Upload $($rest:tt)*) => {
        /// A file that is ready to be sent; see [`CsvUploads::put`](crate::imports::CsvUploads::put).
        $(#[$meta])*
        pub struct AsyncUpload $($rest)*
        pub(crate) type Upload = AsyncUpload;
    };
    ($(#[$meta:meta])* pub trait Body $($rest:tt)*) => {
        /// The body of an answer that is read part by part; see [`AsyncTransport::stream`](crate::AsyncTransport::stream).
        $(#[$meta])*
        pub trait AsyncBody $($rest)*
        pub(crate) use AsyncBody as Body;
    };
    ($(#[$meta:meta])* pub trait Transport $($rest:tt)*) => {
        /// How requests get to the service, and how time passes: one HTTP exchange, one wait, one clock.
        ///
        /// Implement it to bring an HTTP client of your own, or to answer from a test;
        /// [`AsyncClientBuilder::transport`](crate::AsyncClientBuilder::transport) takes it. The rules that every transport
        /// keeps:
        ///
        /// - A status is never an error: 404 and 503 are responses.
        /// - Redirects are not followed.
        /// - The request is sent once. Repeating it is the client's decision.
        /// - A body larger than [`Limits::max_body`] bytes (after decompression) is an error, and is not read to its end.
        /// - An error says whether the service may have received the request, and prints neither query nor body.
        $(#[$meta])*
        pub trait AsyncTransport $($rest)*
        pub(crate) use AsyncTransport as Transport;
    };
    (spawn_detached) => {
        "Runs work besides and to its end, whatever becomes of the call that began it and of the runtime that this is called \
         in. Gives the work back where there is no way to. Sign-ins run here: many calls wait for one, and its answer may hold \
         a refresh token, which comes only once.\n\n\
         Only a transport knows a place for work, so by default it is given back. Then the calls that wait for a sign-in drive \
         it. It stands still while no call waits, and a call that waits ends when the sign-in does: within the limits of the \
         client, even if its own are shorter. A transport that takes the work also waits in real time: a call that waits for a \
         sign-in calls `sleep_until` with the end of its own limits. A transport with a virtual clock, which `sleep_until` puts \
         forward at once, leaves this as it is."
    };
    (prefetch) => {
        "Fetches one page ahead, in a task, while you work on the last one. The task ends when this is dropped. Without a \
         runtime to run it on, pages are fetched as they are asked for."
    };
    (first) => {
        r##"The first record, or `None` if there is none. Only that one is asked for.

```
use genesys_external_contacts::ContactSort;
# #[tokio::main(flavor = "current_thread")]
# async fn main() -> Result<(), genesys_external_contacts::Error> {
# let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();

let first = client.contacts().search().q("lovelace").sort(ContactSort::LastName.asc()).items().first().await?;
assert!(first.is_none());
# Ok(())
# }
```

# Errors

Any [`Error`]: a listing that can't be read is not an empty one."##
    };
    (find) => {
        r##"The first record that matches, or `None` after the last one. Called again, it goes on after that record.

An error ends the search: an expired token is not taken for "not found".

```
# #[tokio::main(flavor = "current_thread")]
# async fn main() -> Result<(), genesys_external_contacts::Error> {
# let client = genesys_external_contacts::sandbox::Sandbox::new().async_client();
let countess = client.contacts().search().items().find(|contact| contact.title.as_deref() == Some("Countess")).await?;
assert!(countess.is_none());
# Ok(())
# }
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

pub use builder::AsyncClientBuilder;
pub use bulk::AsyncOutcomes;
pub use client::AsyncClient;
pub use files::AsyncDownload;
pub use identity::AsyncOrganizationResolver;
pub use job::AsyncPolls;
pub use pages::{AsyncItems, AsyncPages};
pub use transport::{AsyncBody, AsyncTransport};
pub use upload::AsyncUpload;

pub(crate) use client::Client;
pub(crate) use files::{AsyncDownload as Download, no_stream};
pub(crate) use pages::{Items, Pages};
pub(crate) use transport::{Body, Transport};
pub(crate) use watch::PollState;

use pages::{Step, Walk};

impl AsyncClientBuilder {
    /// Sends through this transport instead of the one that the crate brings.
    pub fn transport(mut self, transport: impl AsyncTransport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

#[cfg(feature = "reqwest")]
pub(crate) fn default_transport(limits: &Limits, connection: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::reqwest::Reqwest::new(limits, connection)?))
}

#[cfg(not(feature = "reqwest"))]
pub(crate) fn default_transport(_: &Limits, _: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `reqwest`, or call transport(…)"))
}

/// How far a walk through pages is.
pub(crate) enum State<O: Paged> {
    Waiting(Walk<O>),
    Running(Later<'static, Step<O>>),
    Ahead(Ahead<O>),
    Done,
}

/// A page that is being fetched in the background.
pub(crate) struct Ahead<O: Paged> {
    page: Receiver<Step<O>>,
    /// The walk where it stood before, in case nothing comes.
    walk: Walk<O>,
    /// Ends the work when it is dropped.
    _work: Box<dyn Any + Send>,
}

/// Something that is there later.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something to run besides.
pub(crate) type Work = Later<'static, ()>;

/// There is no runtime here to run it: a transport that has one says so.
pub(crate) fn spawn(work: Work) -> Result<Box<dyn Any + Send>, Work> {
    Err(work)
}

pub(crate) fn spawn_detached(work: Work) -> Result<(), Work> {
    Err(work)
}

/// Takes what a task sends, once. `None` if the task ended before.
struct Receiver<T>(Arc<Mutex<Slot<T>>>);

struct Sender<T>(Arc<Mutex<Slot<T>>>);

struct Slot<T> {
    value: Option<T>,
    is_over: bool,
    waker: Option<Waker>,
}

fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Mutex::new(Slot { value: None, is_over: false, waker: None }));
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

impl<T> Sender<T> {
    fn send(self, value: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).value = Some(value);
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let waker = {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            slot.is_over = true;
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Receiver<T> {
    fn poll(&self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_over {
            return Poll::Ready(slot.value.take());
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<O: Paged> Pages<O> {
    /// The next page, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<Listing<O::Item>, Error>> {
        poll_fn(|context| self.poll(context, None)).await
    }

    /// The next page, of which so many records are wanted.
    fn poll(
        &mut self,
        context: &mut Context<'_>,
        wanted: Option<u64>,
    ) -> Poll<Option<Result<Listing<O::Item>, Error>>> {
        let step = loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Waiting(walk) => self.state = State::Running(Box::pin(walk.step(wanted))),
                State::Running(mut running) => match running.as_mut().poll(context) {
                    Poll::Ready(step) => break step,
                    Poll::Pending => {
                        self.state = State::Running(running);
                        return Poll::Pending;
                    }
                },
                State::Ahead(ahead) => match ahead.page.poll(context) {
                    Poll::Ready(Some(step)) => break step,
                    Poll::Ready(None) => self.state = State::Waiting(ahead.walk),
                    Poll::Pending => {
                        self.state = State::Ahead(ahead);
                        return Poll::Pending;
                    }
                },
                State::Done => return Poll::Ready(None),
            }
        };
        Poll::Ready(self.take(step, wanted))
    }

    pub(crate) fn run_ahead(walk: Walk<O>, wanted: Option<u64>) -> State<O> {
        let (sender, page) = channel();
        let ahead = walk.clone();
        let work = Box::pin(async move { sender.send(ahead.step(wanted).await) });
        match walk.spawn(work) {
            Some(work) => State::Ahead(Ahead { page, walk, _work: work }),
            None => State::Waiting(walk),
        }
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context, None)
    }
}

impl<O: Paged> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Done)
    }
}

impl<O: Paged> Items<O> {
    /// The next record, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        while self.wanted != Some(0) {
            if let Some(item) = self.pop() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pages.poll(context, self.wanted) {
                Poll::Ready(Some(Ok(page))) => self.page = page.into_iter(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(None)
    }
}

// Nothing in them is pinned in place: the future has a box of its own.
impl<O: Paged> Unpin for Pages<O> {}
impl<O: Paged> Unpin for Items<O> {}

impl<O: Paged> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Paged> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        self.wanted == Some(0) || self.page.len() == 0 && self.pages.is_terminated()
    }
}
