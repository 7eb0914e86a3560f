//! Work that takes a while, and how a test has it go.

use std::fmt;
use std::time::Duration;

use super::api::graphs;
use super::store::document::new_id;
use super::store::work::Plan;
use super::{Sandbox, lock};

impl Sandbox {
    /// Begins to say how the next pieces of work go: exports, the dry runs of imports and the imports themselves, merges of
    /// clusters, and the looks at uploads. Each takes one of `count`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::exports::Export;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.client();
    /// sandbox.next_jobs(1).take(Duration::from_secs(3 * 86_400));
    /// let id = client.contacts().exports().start(Export::default()).send()?.id.unwrap_or_default();
    /// let export = client.contacts().exports().get(&id).wait(Duration::from_secs(4 * 86_400))?;
    /// assert!(export.download_url.is_some());
    ///
    /// sandbox.next_jobs(1).fail_after(Duration::from_secs(60));
    /// let id = client.contacts().exports().start(Export::default()).send()?.id.unwrap_or_default();
    /// let error = client.contacts().exports().get(&id).wait(Duration::from_secs(3600)).unwrap_err();
    /// assert!(error.to_string().contains(&id), "{error}");
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn next_jobs(&self, count: u32) -> NextJobs<'_> {
        NextJobs { sandbox: self, count }
    }

    /// Has the service scan all contacts for those that may be the same person, and returns the id of the scan.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.client();
    /// for name in ["Ada", "Augusta Ada"] {
    ///     let contact = ExternalContact::default().with_first_name(name).with_work_email("ada@example.com");
    ///     client.contacts().create(contact).send()?;
    /// }
    /// let scan = sandbox.scan_clusters();
    /// assert_eq!(client.graphs().clusters(scan).items().count(), 1);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn scan_clusters(&self) -> String {
        graphs::scan(&mut lock(&self.shared.state))
    }

    /// Leaves so many of the next segments unprocessed, which are then to be sent again.
    pub fn leave_segments(&self, count: u32) {
        lock(&self.shared.state).work.unprocessed_segments = count;
    }

    /// Adds a session to a contact, and returns its id.
    ///
    /// # Errors
    ///
    /// What is wrong: the contact doesn't exist, or the session is no object.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.client();
    /// let contact = client.contacts().create(Default::default()).send().unwrap().id.unwrap();
    /// sandbox.add_session(&contact, &serde_json::json!({ "type": "web" }))?;
    /// assert_eq!(client.contacts().journey(&contact).sessions().items().count(), 1);
    /// # Ok::<(), String>(())
    /// ```
    pub fn add_session(&self, contact_id: &str, session: &serde_json::Value) -> Result<String, String> {
        let mut state = lock(&self.shared.state);
        let contact = state.contacts.get(contact_id).ok_or("there is no such contact")?.id.clone();
        let mut session = session.as_object().ok_or("a session is an object")?.clone();
        let id = new_id();
        session.insert("id".to_owned(), id.clone().into());
        session.insert("selfUri".to_owned(), format!("/api/v2/journey/sessions/{id}").into());
        session.entry("createdDate").or_insert_with(|| state.clock.date().into());
        state.work.sessions.entry(contact).or_default().push(session);
        Ok(id)
    }
}

/// How the next pieces of work go; see [`Sandbox::next_jobs`].
#[must_use = "nothing is planned until one of the methods is called"]
pub struct NextJobs<'a> {
    sandbox: &'a Sandbox,
    count: u32,
}

impl NextJobs<'_> {
    /// They take so long, in the time of the sandbox.
    pub fn take(self, time: Duration) {
        self.plan(Plan { takes: Some(time), fails: false });
    }

    /// They fail after so long.
    pub fn fail_after(self, time: Duration) {
        self.plan(Plan { takes: Some(time), fails: true });
    }

    /// They never come to an end.
    pub fn never_end(self) {
        self.plan(Plan { takes: None, fails: false });
    }

    fn plan(self, plan: Plan) {
        lock(&self.sandbox.shared.state).work.plans.push_back((self.count, plan));
    }
}

impl fmt::Debug for NextJobs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextJobs").field("count", &self.count).finish_non_exhaustive()
    }
}
