//! Many records in one request: which go together, which result is that of which record, and what is sent again.

mod matching;

use std::collections::HashMap;
use std::collections::HashSet;
use std::mem;

use super::retry::was_refused;
use crate::bulk::{BulkOperation, BulkOutcome, BulkResponse, BulkResult, RecordError, RecordErrorKind, Refusal};
use crate::error::Error;
use crate::route::Repeat;
use matching::{Came, Matched, Sent};

/// How many bytes of records fit into a request: the service takes 512,000 in all, and this leaves room for what stands
/// around them.
const MOST_BYTES: usize = 512_000 - 64;

/// A record that was taken from the input.
struct Slot<O: BulkOperation> {
    index: u64,
    input: O::Input,
    /// Its id, in the form in which ids are compared.
    key: Option<String>,
    bytes: usize,
    state: State<O::Record>,
}

enum State<T> {
    /// To be sent. It may have been sent before, and may have been applied then.
    Open {
        in_doubt: bool,
        last: Option<RecordError>,
    },
    /// The same as another record of the same request, whose place this is.
    SameAs(usize),
    Settled(Result<T, RecordError>, bool),
}

/// Makes requests of records: each gets as many as fit.
pub(crate) struct Batches<O: BulkOperation> {
    most_records: usize,
    next: u64,
    open: Batch<O>,
    /// Whether nothing more goes into `open`.
    is_full: bool,
    /// The record that did not go into `open`.
    held: Option<Slot<O>>,
    is_over: bool,
    /// The ids of updates that are under way: another update of the same record has to wait for them.
    under_way: HashSet<String>,
}

impl<O: BulkOperation> Batches<O> {
    pub(crate) fn new(most_records: usize) -> Self {
        Self {
            most_records,
            next: 0,
            open: Batch::default(),
            is_full: false,
            held: None,
            is_over: false,
            under_way: HashSet::new(),
        }
    }

    /// Whether there is room for another record.
    pub(crate) fn wants_more(&self) -> bool {
        !self.is_full && self.held.is_none() && !self.is_over
    }

    /// Whether everything was taken.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over && self.open.slots.is_empty() && self.held.is_none()
    }

    /// Takes the next record of the input, or learns that there is none.
    pub(crate) fn push(&mut self, input: Option<O::Input>) {
        let Some(mut input) = input else {
            self.is_over = true;
            return;
        };
        let index = self.next;
        self.next += 1;
        O::track(&mut input, index);
        let key = O::id(&input).map(str::to_ascii_lowercase);
        let (bytes, state) = match O::bytes(&input) {
            Ok(bytes) => (bytes + 1, State::Open { in_doubt: false, last: None }),
            // It can't be sent; the others can.
            Err(error) => (0, State::Settled(Err(RecordError::new(RecordErrorKind::Request(error), false)), true)),
        };
        self.place(Slot { index, input, key, bytes, state });
    }

    fn place(&mut self, mut slot: Slot<O>) {
        let is_open = matches!(slot.state, State::Open { .. });
        if is_open && let Some(key) = &slot.key {
            if is_update::<O>() {
                if self.open.keys.contains_key(key) || self.under_way.contains(key) {
                    self.held = Some(slot);
                    return;
                }
            } else if let Some(place) = self.open.keys.get(key) {
                (slot.bytes, slot.state) = (0, State::SameAs(*place));
            }
        }
        if !self.open.slots.is_empty() && self.open.bytes + slot.bytes > MOST_BYTES {
            self.held = Some(slot);
            return;
        }
        self.open.push(slot);
        self.is_full = self.open.slots.len() >= self.most_records;
    }

    /// The next request, if it is complete and may leave.
    pub(crate) fn take(&mut self) -> Option<Batch<O>> {
        if self.open.slots.is_empty() || self.wants_more() {
            return None;
        }
        let batch = mem::take(&mut self.open);
        if is_update::<O>() {
            self.under_way.extend(batch.keys.keys().cloned());
        }
        self.is_full = false;
        self.place_held();
        Some(batch)
    }

    /// Gives the record that was held its place in the request that is now open, if it may travel.
    fn place_held(&mut self) {
        if self.open.slots.is_empty()
            && let Some(slot) = self.held.take()
        {
            self.place(slot);
        }
    }

    /// Learns that a request is no longer under way.
    pub(crate) fn landed(&mut self, keys: Vec<String>) {
        for key in keys {
            self.under_way.remove(&key);
        }
        self.place_held();
    }
}

/// Whether two of the same record must not travel together.
fn is_update<O: BulkOperation>() -> bool {
    O::IS_BY_ID && O::ROUTE.repeat() != Repeat::Reads && !O::REMOVES
}

/// The records of one request.
pub(crate) struct Batch<O: BulkOperation> {
    slots: Vec<Slot<O>>,
    bytes: usize,
    /// The places of the records by their ids.
    keys: HashMap<String, usize>,
}

impl<O: BulkOperation> Default for Batch<O> {
    fn default() -> Self {
        Self { slots: Vec::new(), bytes: 0, keys: HashMap::new() }
    }
}

impl<O: BulkOperation> Batch<O> {
    fn push(&mut self, slot: Slot<O>) {
        if let (Some(key), State::Open { .. }) = (&slot.key, &slot.state) {
            self.keys.insert(key.clone(), self.slots.len());
        }
        self.bytes += slot.bytes;
        self.slots.push(slot);
    }

    /// Which records have no outcome yet.
    fn open(&self) -> Vec<usize> {
        let is_open = |slot: &Slot<O>| matches!(slot.state, State::Open { .. });
        self.slots.iter().enumerate().filter(|(_, slot)| is_open(slot)).map(|(place, _)| place).collect()
    }

    /// What to send; `None` once each record has its outcome.
    pub(crate) fn operation(&self) -> Option<O> {
        let inputs: Vec<_> = self.open().into_iter().map(|place| self.slots[place].input.clone()).collect();
        (!inputs.is_empty()).then(|| O::of(inputs))
    }

    /// How many records are still to be sent.
    pub(crate) fn left(&self) -> usize {
        self.open().len()
    }

    /// Takes in the answer. `earlier` is whether an earlier try of this very request may have been applied. Records that may
    /// be sent again stay open.
    pub(crate) fn settle(&mut self, response: BulkResponse<O::Entity, O::Echo>, earlier: bool) {
        let results = response.results.unwrap_or_default();
        let open = self.open();
        let sent: Vec<_> = open.iter().map(|place| Sent::of::<O>(&self.slots[*place].input)).collect();
        let came: Vec<_> = results.iter().map(Came::of::<O>).collect();
        let reads = O::ROUTE.repeat() == Repeat::Reads;
        let matched = matching::matches(&sent, &came, reads);
        let is_complete = came.len() >= sent.len();
        // Two ids may share one result: the contact that both were merged into.
        let mut results: Vec<_> = results.into_iter().map(Some).collect();
        let mut shared: HashMap<usize, (Result<O::Record, RecordError>, bool)> = HashMap::new();
        for (place, matched) in open.into_iter().zip(matched) {
            let State::Open { in_doubt, .. } = &self.slots[place].state else { continue };
            let in_doubt = *in_doubt || earlier;
            self.slots[place].state = match matched {
                Some(Matched { result, is_certain }) => match results.get_mut(result).and_then(Option::take) {
                    Some(result_of_it) => {
                        let state = judge::<O>(result_of_it, in_doubt, is_certain);
                        if let State::Settled(outcome, is_certain) = &state {
                            shared.insert(result, (outcome.clone(), *is_certain));
                        }
                        state
                    }
                    None => match shared.get(&result) {
                        Some((outcome, is_certain)) => State::Settled(outcome.clone(), *is_certain),
                        None => missing::<O>(in_doubt, false),
                    },
                },
                None => missing::<O>(in_doubt, !is_complete),
            };
        }
    }

    /// Takes in that the request failed as a whole.
    pub(crate) fn fail(&mut self, error: &Error) {
        for place in self.open() {
            let slot = &mut self.slots[place];
            let State::Open { in_doubt, .. } = slot.state else { continue };
            let doubt = in_doubt || error.may_have_been_applied();
            let error = RecordError::new(RecordErrorKind::Request(error.clone()), doubt);
            slot.state = State::Settled(Err(error), true);
        }
    }

    /// The outcomes, and the ids that are no longer under way. What is still open keeps its last failure.
    #[allow(clippy::type_complexity, reason = "the outcomes, and what else it says")]
    pub(crate) fn finish(self) -> (Vec<BulkOutcome<O::Input, O::Record>>, Vec<String>) {
        let Self { slots, keys, .. } = self;
        let settled: Vec<_> = slots.iter().map(|slot| settled(&slot.state)).collect();
        let outcome = |slot: Slot<O>, place: usize| {
            let (result, is_certain) = match slot.state {
                State::Settled(result, is_certain) => (result, is_certain),
                State::SameAs(other) => settled.get(other).cloned().flatten().unwrap_or_else(no_result),
                State::Open { .. } => settled.get(place).cloned().flatten().unwrap_or_else(no_result),
            };
            BulkOutcome { index: slot.index, input: slot.input, result, is_certain }
        };
        let outcomes = slots.into_iter().enumerate().map(|(place, slot)| outcome(slot, place)).collect();
        (outcomes, keys.into_keys().collect())
    }
}

type Settled<T> = (Result<T, RecordError>, bool);

fn settled<T: Clone>(state: &State<T>) -> Option<Settled<T>> {
    match state {
        State::Settled(result, is_certain) => Some((result.clone(), *is_certain)),
        State::Open { last: Some(error), .. } => Some((Err(error.clone()), true)),
        State::Open { last: None, .. } | State::SameAs(_) => None,
    }
}

fn no_result<T>() -> Settled<T> {
    (Err(RecordError::new(RecordErrorKind::NoResult, false)), true)
}

/// What becomes of a record whose result this is.
fn judge<O: BulkOperation>(
    result: BulkResult<O::Entity, O::Echo>,
    in_doubt: bool,
    is_certain: bool,
) -> State<O::Record> {
    let BulkResult { success, entity, error, status, .. } = result;
    if success.unwrap_or(error.is_none()) {
        return match O::record(entity, status) {
            Some(record) => State::Settled(Ok(record), is_certain),
            None => missing::<O>(true, false),
        };
    }
    let refusal = Refusal::of(status, error);
    // Only a refusal says that nothing was applied; a 5xx may come from behind the place where it was.
    let is_refused = refusal
        .status
        .and_then(|status| http::StatusCode::from_u16(status).ok())
        .is_some_and(|status| was_refused(status, true));
    let repeat = O::ROUTE.repeat();
    if O::REMOVES && in_doubt && refusal.status == Some(404) {
        return match O::record(None, None) {
            Some(record) => State::Settled(Ok(record), is_certain),
            None => missing::<O>(true, false),
        };
    }
    let doubt = repeat != Repeat::Reads && (in_doubt || !is_refused);
    let may_be_sent_again = refusal.retryable && is_certain && (repeat != Repeat::Once || !doubt);
    let error = RecordError::new(RecordErrorKind::Refused(refusal), doubt);
    if may_be_sent_again {
        State::Open { in_doubt: doubt, last: Some(error) }
    } else {
        State::Settled(Err(error), is_certain)
    }
}

/// What becomes of a record that has no result.
fn missing<O: BulkOperation>(in_doubt: bool, may_come: bool) -> State<O::Record> {
    let repeat = O::ROUTE.repeat();
    let doubt = repeat != Repeat::Reads;
    let error = RecordError::new(RecordErrorKind::NoResult, doubt);
    if may_come && repeat != Repeat::Once {
        State::Open { in_doubt: doubt || in_doubt, last: Some(error) }
    } else {
        State::Settled(Err(error), true)
    }
}
