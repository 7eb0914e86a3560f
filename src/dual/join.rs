use super::client::Client;
use super::maybe_async;
use crate::bulk::{BulkFetch, BulkRequest, Iterated, RecordErrorKind};
use crate::contacts::ExternalContact;
use crate::error::Error;
use crate::organizations::{ExternalOrganization, OrganizationCache, fill_in};

#[maybe_async]
impl OrganizationCache<Client> {
    /// Puts whole organizations into contacts that have only the id of theirs, as those of a scan do. What is not known yet is
    /// fetched, 50 organizations in one request. One that doesn't exist any more stays an id.
    ///
    /// # Errors
    ///
    /// That of the first request that failed as a whole. Organizations that could be fetched are filled in all the same, and
    /// the others are asked for again the next time.
    pub async fn fill_in(&mut self, contacts: &mut [ExternalContact]) -> Result<(), Error> {
        let (mut known, unknown) = self.look_up(contacts);
        let fetch: BulkRequest<_, BulkFetch<ExternalOrganization>, _> =
            BulkRequest::new(self.client.clone(), Iterated(unknown.into_iter()));
        let mut outcomes = fetch.outcomes();
        let mut first_error = None;
        while let Some(outcome) = outcomes.next().await {
            let organization = match outcome.result {
                Ok(organization) => Some(organization),
                Err(error) => {
                    if let RecordErrorKind::Request(error) = error.kind() {
                        first_error.get_or_insert_with(|| error.clone());
                        continue;
                    }
                    None
                }
            };
            self.remember(outcome.input.clone(), organization.clone());
            known.insert(outcome.input, organization);
        }
        fill_in(contacts, &known);
        first_error.map_or(Ok(()), Err)
    }
}
