//! `client.contacts().journey(id)`: the segments that a contact is in, and its sessions.

mod model;
mod session;

use std::ops::RangeInclusive;

pub use model::{SegmentAssignment, SegmentSession, SegmentUpdate, Segments, UnprocessedSegments};
pub use session::{
    AcdOutcome, Browser, CaseAssociation, CaseStatus, ChannelMessageType, ChannelType, ConversationChannel, Device,
    DeviceCategory, DisconnectType, EventAttribute, EventAttributeList, JourneyApp, JourneyCampaign,
    JourneyGeolocation, JourneyPage, NetworkConnectivity, OutcomeAchievement, Referrer, ReferrerMedium, SdkLibrary,
    Session, SessionDirection, SessionLastEvent, SessionSegmentAssignment, UserDisposition,
};

use serde::Serialize;

use crate::error::Error;
use crate::model::{EntityRef, Listing};
use crate::operation::{After, IncludeMerged, Operation, Paged, Request, RequestParts, Route};

/// The journey of one contact; see [`Contacts::journey`](crate::contacts::Contacts::journey).
#[derive(Clone)]
pub struct Journey<C> {
    client: C,
    contact_id: String,
}

impl<C: Clone> Journey<C> {
    pub(crate) fn new(client: C, contact_id: String) -> Self {
        Self { client, contact_id }
    }

    /// Lists the segments that the contact is in, all in one answer.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/journey/segments`
    ///
    /// Options: [`include_merged`](Request::include_merged), [`at_most`](Request::at_most).
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(Default::default()).send()?.id.unwrap_or_default();
    /// let segments = client.contacts().journey(&id).segments().include_merged(true).send()?;
    /// for assignment in segments.entities.unwrap_or_default() {
    ///     println!("{:?} until {:?}", assignment.segment, assignment.date_for_unassignment);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:segmentAssignment:view`.
    ///
    /// # Limits
    ///
    /// 25 segments unless asked otherwise, and 500 at most.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn segments(&self) -> Request<C, ListSegments> {
        let operation = ListSegments { contact_id: self.contact_id.clone(), include_merged: None, limit: None };
        Request::new(self.client.clone(), operation)
    }

    /// Puts the contact into segments, and takes it out of others.
    ///
    /// `POST /api/v2/externalcontacts/contacts/{contactId}/journey/segments`
    ///
    /// Options: [`assign`](Request::assign), [`unassign`](Request::unassign). `send` makes one request, whose answer says
    /// what the service did not get to; [`complete`](Request::complete) sends that again. To assign a segment again is to
    /// extend it.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(Default::default()).send()?.id.unwrap_or_default();
    /// let journey = client.contacts().journey(&id);
    /// let left = journey.update_segments().assign(["5f1c8d3e-0000-4000-8000-000000000001"]).complete()?;
    /// assert!(left.unprocessed.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `externalContacts:segmentAssignment:add`, `externalContacts:segmentAssignment:delete`.
    ///
    /// # Limits
    ///
    /// `send` takes 10 segments, those to be assigned and unassigned together; `complete` any number.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for more than 10 segments in one request.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update_segments(&self) -> Request<C, UpdateSegments> {
        let operation =
            UpdateSegments { contact_id: self.contact_id.clone(), assign: Vec::new(), unassign: Vec::new() };
        Request::new(self.client.clone(), operation)
    }

    /// Lists the sessions of the contact.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/journey/sessions`
    ///
    /// Options: [`include_merged`](Request::include_merged), [`page_size`](Request::page_size),
    /// [`cursor`](Request::cursor).
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(Default::default()).send()?.id.unwrap_or_default();
    /// for session in client.contacts().journey(&id).sessions().items() {
    ///     println!("{:?}", session?.created_date);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:session:view`.
    ///
    /// # Limits
    ///
    /// At most 200 sessions a page.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn sessions(&self) -> Request<C, ListSessions> {
        let operation =
            ListSessions { contact_id: self.contact_id.clone(), page: After::default(), include_merged: None };
        Request::new(self.client.clone(), operation)
    }
}

impl<C> std::fmt::Debug for Journey<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journey").finish_non_exhaustive()
    }
}

/// `GET /api/v2/externalcontacts/contacts/{contactId}/journey/segments`; see [`Journey::segments`].
#[derive(Clone)]
pub struct ListSegments {
    contact_id: String,
    include_merged: Option<bool>,
    limit: Option<u32>,
}

impl Operation for ListSegments {
    type Output = Listing<SegmentAssignment>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/journey/segments");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)?;
        request.query_opt("includeMerged", self.include_merged);
        request.query_opt("limit", self.limit);
        Ok(())
    }
}

impl IncludeMerged for ListSegments {
    fn include_merged(&mut self) -> &mut Option<bool> {
        &mut self.include_merged
    }
}

impl<C> Request<C, ListSegments> {
    /// Lists at most so many segments (`limit`): 25 unless set, and 500 at most.
    pub fn at_most(mut self, segments: u32) -> Self {
        self.operation.limit = Some(segments);
        self
    }
}

/// `POST /api/v2/externalcontacts/contacts/{contactId}/journey/segments`; see [`Journey::update_segments`].
#[derive(Clone)]
pub struct UpdateSegments {
    contact_id: String,
    assign: Vec<String>,
    unassign: Vec<String>,
}

/// How many segments one request takes.
const MOST_SEGMENTS: usize = 10;

impl UpdateSegments {
    /// The first request of those that it takes, and the rest.
    pub(crate) fn split(mut self) -> (Self, Option<Self>) {
        let assign = self.assign.split_off(self.assign.len().min(MOST_SEGMENTS));
        let unassign = self.unassign.split_off(self.unassign.len().min(MOST_SEGMENTS - self.assign.len()));
        let rest = Self { contact_id: self.contact_id.clone(), assign, unassign };
        let is_done = rest.assign.is_empty() && rest.unassign.is_empty();
        (self, (!is_done).then_some(rest))
    }

    /// The same for other segments.
    pub(crate) fn of(&self, assign: Vec<String>, unassign: Vec<String>) -> Self {
        Self { contact_id: self.contact_id.clone(), assign, unassign }
    }
}

impl Operation for UpdateSegments {
    type Output = SegmentUpdate;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/contacts/{contactId}/journey/segments").idempotent();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Body {
            #[serde(skip_serializing_if = "Option::is_none")]
            assign: Option<Segments>,
            #[serde(skip_serializing_if = "Option::is_none")]
            unassign: Option<Segments>,
        }
        let segments = |ids: &[String]| {
            let segments: Vec<_> = ids.iter().map(|id| EntityRef::default().with_id(id.as_str())).collect();
            (!segments.is_empty()).then(|| Segments::default().with_segments(segments))
        };
        request.path_param("contactId", &self.contact_id)?;
        let body = Body { assign: segments(&self.assign), unassign: segments(&self.unassign) };
        if body.assign.is_some() || body.unassign.is_some() {
            request.json(&body)?;
        }
        Ok(())
    }
}

impl<C> Request<C, UpdateSegments> {
    /// Puts the contact into these segments. Called again, it adds to those named before.
    pub fn assign(mut self, segment_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operation.assign.extend(segment_ids.into_iter().map(Into::into));
        self
    }

    /// Takes the contact out of these segments. Called again, it adds to those named before.
    pub fn unassign(mut self, segment_ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operation.unassign.extend(segment_ids.into_iter().map(Into::into));
        self
    }
}

/// `GET /api/v2/externalcontacts/contacts/{contactId}/journey/sessions`; see [`Journey::sessions`].
#[derive(Clone)]
pub struct ListSessions {
    contact_id: String,
    page: After,
    include_merged: Option<bool>,
}

impl Operation for ListSessions {
    type Output = Listing<Session>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/journey/sessions");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)?;
        self.page.write(request)?;
        request.query_opt("includeMerged", self.include_merged);
        Ok(())
    }
}

impl Paged for ListSessions {
    type Item = Session;
    type Paging = After;
    const PAGE_SIZES: RangeInclusive<u32> = 1..=200;

    fn paging(&mut self) -> &mut After {
        &mut self.page
    }
}

impl IncludeMerged for ListSessions {
    fn include_merged(&mut self) -> &mut Option<bool> {
        &mut self.include_merged
    }
}
