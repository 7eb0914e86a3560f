use std::any::Any;

use super::{Client, Work, maybe_async};
use crate::decide::pages::{self, Facts, Next};
use crate::error::Error;
use crate::model::Listing;
use crate::operation::{CallOptions, Paged, Request};

/// What a step of a walk gives: the walk, to go on with, and the page.
pub(crate) type Step<O> = (Walk<O>, Option<Result<Listing<<O as Paged>::Item>, Error>>);

/// Where a walk through the pages of a listing stands.
#[derive(Clone)]
pub(crate) struct Walk<O> {
    client: Client,
    operation: O,
    options: CallOptions,
    next: Next,
    /// How many records are still wanted, where there is a limit.
    pub(crate) wanted: Option<u64>,
    /// What the last page said.
    pub(crate) total: Option<i64>,
}

impl<O: Paged> Walk<O> {
    pub(crate) fn new(request: Request<Client, O>) -> Self {
        let Request { client, mut operation, options } = request;
        let first = operation.page().number.unwrap_or(1);
        Self { client, operation, options, next: Next::Page(first), wanted: None, total: None }
    }

    /// Runs work besides, where the transport has a way to.
    pub(crate) fn spawn(&self, work: Work) -> Option<Box<dyn Any + Send>> {
        self.client.transport().spawn(work).ok()
    }

    /// Whether another step sends a request.
    pub(crate) fn goes_on(&self) -> bool {
        matches!(self.next, Next::Page(_)) && self.wanted != Some(0)
    }
}

#[maybe_async]
impl<O: Paged> Walk<O> {
    /// Fetches the next page. Takes and gives back the walk, so that a step can run ahead in a thread or a future.
    pub(crate) async fn step(mut self) -> Step<O> {
        if self.wanted == Some(0) {
            return (self, None);
        }
        let number = match std::mem::replace(&mut self.next, Next::End) {
            Next::Page(number) => number,
            Next::OutOfReach => {
                let error = pages::window_error(self.total);
                return (self, Some(Err(error)));
            }
            Next::End | Next::WrongPage => return (self, None),
        };
        let params = self.operation.page();
        // Kept from now on: page numbers only mean something as long as the size stays the same.
        let size = pages::size(params.size, self.wanted);
        params.size = Some(size);
        params.number = Some(number);
        let (mut page, meta) = match self.client.answer(&self.operation, &self.options).await {
            Ok(answer) => (answer.output, answer.meta),
            Err(error) => return (self, Some(Err(error))),
        };
        let facts = Facts::of(&page);
        self.total = facts.total;
        self.next = pages::after(number, size, facts);
        if self.next == Next::WrongPage {
            self.next = Next::End;
            return (self, Some(Err(pages::wrong_page::<O>(number, meta))));
        }
        if let (Some(wanted), Some(records)) = (&mut self.wanted, &mut page.entities) {
            records.truncate(usize::try_from(*wanted).unwrap_or(usize::MAX));
            *wanted -= records.len() as u64;
        }
        (self, Some(Ok(page)))
    }
}
