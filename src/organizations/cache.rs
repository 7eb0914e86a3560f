//! Organizations that were fetched lately.

use std::collections::HashMap;
use std::fmt;
use std::mem;

use super::model::ExternalOrganization;
use crate::contacts::model::ExternalContact;

/// The organizations of contacts, fetched 50 in one request and remembered; see
/// [`Organizations::cache`](super::Organizations::cache).
#[derive(Clone)]
pub struct OrganizationCache<C> {
    pub(crate) client: C,
    /// Half of what is remembered at most.
    half: usize,
    /// What was used since `older` was last replaced. `None` is an organization that can't be fetched.
    newer: HashMap<String, Option<ExternalOrganization>>,
    older: HashMap<String, Option<ExternalOrganization>>,
}

/// Organizations by their ids.
pub(crate) type Known = HashMap<String, Option<ExternalOrganization>>;

impl<C> OrganizationCache<C> {
    const MOST: usize = 10_000;

    pub(super) fn new(client: C) -> Self {
        Self { client, half: Self::MOST / 2, newer: HashMap::new(), older: HashMap::new() }
    }

    /// How many organizations are remembered at most: 10,000 unless set. Those that were not used for the longest time are
    /// forgotten.
    #[must_use]
    pub fn capacity(mut self, organizations: usize) -> Self {
        self.half = organizations.div_ceil(2);
        self
    }

    /// What is known of the organizations of these contacts, and the ids of the others.
    pub(crate) fn look_up(&mut self, contacts: &[ExternalContact]) -> (Known, Vec<String>) {
        let (mut known, mut unknown) = (Known::new(), Vec::new());
        for contact in contacts {
            let Some(id) = organization_id(contact) else { continue };
            if known.contains_key(&id) {
                continue;
            }
            match self.newer.get(&id).cloned().or_else(|| self.older.remove(&id)) {
                Some(organization) => {
                    self.remember(id.clone(), organization.clone());
                    known.insert(id, organization);
                }
                None => {
                    // Each is asked for once; `known` says that it was.
                    known.insert(id.clone(), None);
                    unknown.push(id);
                }
            }
        }
        (known, unknown)
    }

    pub(crate) fn remember(&mut self, id: String, organization: Option<ExternalOrganization>) {
        if self.newer.len() >= self.half && !self.newer.contains_key(&id) {
            self.older = mem::take(&mut self.newer);
        }
        if self.half > 0 {
            self.newer.insert(id, organization);
        }
    }
}

/// Puts the whole organizations in the place of their ids.
pub(crate) fn fill_in(contacts: &mut [ExternalContact], known: &Known) {
    for contact in contacts {
        if let Some(id) = organization_id(contact)
            && let Some(Some(organization)) = known.get(&id)
        {
            contact.external_organization = Some(Box::new(organization.clone()));
        }
    }
}

/// The id of the organization, in the form in which ids are compared.
fn organization_id(contact: &ExternalContact) -> Option<String> {
    contact.external_organization.as_ref()?.id.as_deref().map(str::to_ascii_lowercase)
}

impl<C> fmt::Debug for OrganizationCache<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrganizationCache")
            .field("known", &(self.newer.len() + self.older.len()))
            .finish_non_exhaustive()
    }
}
