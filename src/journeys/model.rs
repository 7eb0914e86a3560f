use time::OffsetDateTime;

use crate::model::{EntityRef, Timestamp};

model! {
    /// A segment that a contact is in.
    pub struct SegmentAssignment {
        /// Since when the contact is in it.
        date_assigned: OffsetDateTime as Timestamp => "dateAssigned",
        /// When the contact will leave it by itself.
        date_for_unassignment: OffsetDateTime as Timestamp => "dateForUnassignment",
        /// The segment.
        segment: EntityRef => "segment",
        /// The contact.
        external_contact: EntityRef => "externalContact",
        /// The session for which it was assigned, where the segment is one of sessions.
        session: SegmentSession => "session",
    }
}

model! {
    /// The session for which a segment was assigned.
    pub struct SegmentSession {
        /// The session's id.
        id: String => "id",
        /// What kind of session it is.
        kind: String => "type",
        /// The path of the session.
        self_uri: String => "selfUri",
    }
}

model! {
    /// Segments, named by their ids.
    pub struct Segments {
        /// The segments.
        segments: Vec<EntityRef> => "segments",
    }
}

model! {
    /// What came of assigning and unassigning segments.
    pub struct SegmentUpdate {
        /// What the service did not get to. It is to be sent again; nothing here means that all was done.
        unprocessed: UnprocessedSegments => "unprocessedItems",
    }
}

model! {
    /// Segments that the service did not get to.
    pub struct UnprocessedSegments {
        /// Those that were to be assigned.
        assign: Segments => "assign",
        /// Those that were to be unassigned.
        unassign: Segments => "unassign",
        /// How many there are.
        count: i64 => "count",
    }
}

impl SegmentUpdate {
    /// What is left after the last try.
    pub(crate) fn of_left(assign: &[String], unassign: &[String]) -> Self {
        let segments = |ids: &[String]| {
            let segments: Vec<_> = ids.iter().map(|id| EntityRef::default().with_id(id.as_str())).collect();
            Segments::default().with_segments(segments)
        };
        let count = i64::try_from(assign.len() + unassign.len()).unwrap_or(i64::MAX);
        let left = UnprocessedSegments::default().with_assign(segments(assign)).with_unassign(segments(unassign));
        Self::default().with_unprocessed(left.with_count(count))
    }

    /// The ids of what was left: to be assigned, and to be unassigned.
    pub(crate) fn left(&self) -> (Vec<String>, Vec<String>) {
        let ids = |segments: Option<&Segments>| {
            let segments = segments.and_then(|segments| segments.segments.as_deref()).unwrap_or_default();
            segments.iter().filter_map(|segment| segment.id.clone()).collect()
        };
        let left = self.unprocessed.as_ref();
        (ids(left.and_then(|left| left.assign.as_ref())), ids(left.and_then(|left| left.unassign.as_ref())))
    }
}
