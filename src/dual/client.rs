use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pages::Walk;
use super::session::Session;
use super::{Items, Pages, Transport, maybe_async};
use crate::attempt::Attempt;
use crate::auth::SignOut;
use crate::config::Limits;
use crate::contacts::Contacts;
use crate::conversations::Conversations;
use crate::decide::rate_limit::Window;
use crate::error::Error;
use crate::external_sources::ExternalSources;
use crate::graphs::Graphs;
use crate::imports::Imports;
use crate::lookup::ReverseWhitePagesLookup;
use crate::meta::Answer;
use crate::notes::AllNotes;
use crate::operation::{CallOptions, Operation, Paged, Request};
use crate::organizations::Organizations;
use crate::relationships::Relationships;
use crate::retry::RetryPolicy;
use crate::settings::Settings;
use crate::url::BaseUrl;

flavored! {
    #[derive(Clone)]
    pub struct Client {
        pub(super) inner: Arc<Inner>,
    }
}

pub(super) type OnAttempt = Box<dyn Fn(&Attempt) + Send + Sync>;

pub(super) struct Inner {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) api: BaseUrl,
    pub(super) session: Session,
    pub(super) limits: Limits,
    pub(super) retry: RetryPolicy,
    pub(super) fail_when_rate_limited: bool,
    pub(super) on_attempt: Option<OnAttempt>,
    /// Never held while waiting.
    pub(super) window: Mutex<Window>,
}

impl Client {
    /// The people that the contact center talks to.
    pub fn contacts(&self) -> Contacts<Self> {
        Contacts::new(self.clone())
    }

    /// The companies that the contact center deals with.
    pub fn organizations(&self) -> Organizations<Self> {
        Organizations::new(self.clone())
    }

    /// All notes, on contacts and on organizations.
    pub fn notes(&self) -> AllNotes<Self> {
        AllNotes::new(self.clone())
    }

    /// The systems outside in which contacts and organizations have ids.
    pub fn external_sources(&self) -> ExternalSources<Self> {
        ExternalSources::new(self.clone())
    }

    /// What users are to external organizations.
    pub fn relationships(&self) -> Relationships<Self> {
        Relationships::new(self.clone())
    }

    /// How external contacts behave for the agents of the organization.
    pub fn settings(&self) -> Settings<Self> {
        Settings::new(self.clone())
    }

    /// Which contacts conversations are with.
    pub fn conversations(&self) -> Conversations<Self> {
        Conversations::new(self.clone())
    }

    /// Contacts out of files.
    pub fn imports(&self) -> Imports<Self> {
        Imports::new(self.clone())
    }

    /// Contacts that may be the same person, as the service finds them, and their merges.
    pub fn graphs(&self) -> Graphs<Self> {
        Graphs::new(self.clone())
    }

    /// Finds out who has a phone number, an e-mail address or a Twitter name.
    ///
    /// `GET /api/v2/externalcontacts/reversewhitepageslookup`
    ///
    /// A phone number is written in E.164 (`+13175550100`). Descriptions before May 2025 promise organizations, too; the
    /// API returns contacts only since then. Only contacts of the type `Curated` are found. [`ReverseWhitePagesLookup`]
    /// has an example.
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Limits
    ///
    /// At most 25 contacts are returned.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the value is empty.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when the service can't take the value;
    ///   [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn reverse_white_pages_lookup(&self, value: impl Into<String>) -> Request<Self, ReverseWhitePagesLookup> {
        Request::new(self.clone(), ReverseWhitePagesLookup::new(value.into()))
    }

    /// Makes a request of an operation, for endpoints that this crate doesn't have yet; see [`Operation`].
    pub fn request<O: Operation>(&self, operation: O) -> Request<Self, O> {
        Request::new(self.clone(), operation)
    }
}

#[maybe_async]
impl Client {
    /// Sends an operation, for endpoints that this crate doesn't have yet; see [`Operation`].
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn execute<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        Ok(self.answer(operation, &CallOptions::default()).await?.output)
    }

    /// Makes the service forget the token of this client and all its clones. A later call signs in again, if the
    /// credentials allow it. [`Credentials`](crate::Credentials) has an example.
    ///
    /// `DELETE /api/v2/tokens/me`
    ///
    /// # Errors
    ///
    /// [`is_unauthorized`](Error::is_unauthorized) when a given token is no longer good. All others that [`Error`] lists.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.execute(&SignOut).await?;
        self.inner.session.forget();
        Ok(())
    }
}

impl Client {
    pub(crate) fn transport(&self) -> &dyn Transport {
        self.inner.transport.as_ref()
    }

    pub(super) fn window(&self) -> MutexGuard<'_, Window> {
        // What it guards is one value that is replaced as a whole: a panic elsewhere can't have left half of it.
        self.inner.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("api", &self.inner.api.authority()).finish_non_exhaustive()
    }
}

#[maybe_async]
impl<O: Operation> Request<Client, O> {
    /// Sends the request and returns what it asks for.
    ///
    /// # Errors
    ///
    /// See the method that made the request, and [`Error`].
    pub async fn send(self) -> Result<O::Output, Error> {
        Ok(self.send_with_meta().await?.output)
    }

    /// Sends the request and returns what it asks for together with status, headers, correlation id and rate limit.
    ///
    /// # Errors
    ///
    /// The same as those of `send`.
    pub async fn send_with_meta(self) -> Result<Answer<O::Output>, Error> {
        self.client.answer(&self.operation, &self.options).await
    }
}

impl<O: Paged> Request<Client, O> {
    /// All pages, one request at a time. Asks for 100 records a page unless [`page_size`](Request::page_size) says
    /// otherwise, and starts at [`page_number`](Request::page_number).
    ///
    /// The service gives out the first 1,000 records of a listing. Where there are more, the last thing that comes is
    /// [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow); a listing never ends as if it were complete. After an error nothing more comes.
    pub fn pages(self) -> Pages<O> {
        Pages::new(Walk::new(self))
    }

    /// All records of all pages; see [`pages`](Request::pages).
    pub fn items(self) -> Items<O> {
        Items::new(self.pages())
    }
}
