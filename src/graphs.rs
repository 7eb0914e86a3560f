//! `client.graphs()`: contacts that may be the same person, as the service finds them, and their merges.

mod model;

use std::ops::RangeInclusive;

pub use model::{
    Cluster, ClusterScan, ClusterScanExpand, ClusterScanStatistics, ClusterStatistics, ContactVertex, Graph, GraphEdge,
    GraphSettings, GraphVertices, IdentifierVertex, MergeError, MergeInfo, MergeStatus, NormalizedIdentifierType,
};

use crate::error::Error;
use crate::model::Listing;
use crate::operation::{
    ByCursor, Expand, InDivisions, Job, Operation, Paged, Polled, Progress, Request, RequestParts, Route,
};

/// How many scans or clusters a page holds.
const PAGE_SIZES: RangeInclusive<u32> = 1..=100;

/// What the service finds about contacts that may be the same person; see [`Client::graphs`](crate::Client::graphs).
///
/// From time to time the service scans all contacts. Those that share identifiers form a cluster, which can be merged into
/// one contact.
#[derive(Clone, Debug)]
pub struct Graphs<C> {
    client: C,
}

impl<C: Clone> Graphs<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Lists the scans.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans`
    ///
    /// Options: [`expand`](Request::expand), [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    ///
    /// ```
    /// use genesys_external_contacts::graphs::ClusterScanExpand;
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # sandbox.scan_clusters();
    /// # let client = sandbox.client();
    ///
    /// for scan in client.graphs().scans().expand([ClusterScanExpand::Statistics]).items() {
    ///     println!("{:?}", scan?.date_completed);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphClusterScan:view`.
    ///
    /// # Limits
    ///
    /// 1 to 100 scans a page, 20 unless asked otherwise. A cursor is good for 24 hours.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for a page size out of bounds.
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn scans(&self) -> Request<C, ListClusterScans> {
        Request::new(self.client.clone(), ListClusterScans::default())
    }

    /// Fetches the latest scan.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/latest`
    ///
    /// Option: [`expand`](Request::expand).
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # sandbox.scan_clusters();
    /// # let client = sandbox.client();
    /// let latest = client.graphs().latest().send()?;
    /// assert!(latest.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there has been no scan yet.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn latest(&self) -> Request<C, GetLatestClusterScan> {
        Request::new(self.client.clone(), GetLatestClusterScan { expand: Vec::new() })
    }

    /// Fetches the figures of the latest scan.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/latest/statistics`
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # sandbox.scan_clusters();
    /// # let client = sandbox.client();
    /// let statistics = client.graphs().latest_statistics().send()?;
    /// assert_eq!(statistics.aggregated.and_then(|all| all.total_clusters), Some(0));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there has been no scan yet.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn latest_statistics(&self) -> Request<C, GetLatestClusterScanStatistics> {
        Request::new(self.client.clone(), GetLatestClusterScanStatistics)
    }

    /// Fetches one scan.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}`
    ///
    /// Option: [`expand`](Request::expand).
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let id = sandbox.scan_clusters();
    /// # let client = sandbox.client();
    /// let scan = client.graphs().scan(&id).send()?;
    /// assert_eq!(scan.id, Some(id));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphClusterScan:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such scan.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`; or it is `latest`, which is no id:
    ///   see [`latest`](Graphs::latest).
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn scan(&self, scan_id: impl Into<String>) -> Request<C, GetClusterScan> {
        Request::new(self.client.clone(), GetClusterScan { scan_id: scan_id.into(), expand: Vec::new() })
    }

    /// Fetches the figures of one scan.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/statistics`
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let id = sandbox.scan_clusters();
    /// # let client = sandbox.client();
    /// let statistics = client.graphs().statistics(&id).send()?;
    /// assert!(statistics.aggregated.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphClusterScan:view`.
    ///
    /// # Errors
    ///
    /// As [`scan`](Graphs::scan), except that `latest` is [`latest_statistics`](Graphs::latest_statistics).
    pub fn statistics(&self, scan_id: impl Into<String>) -> Request<C, GetClusterScanStatistics> {
        Request::new(self.client.clone(), GetClusterScanStatistics { scan_id: scan_id.into() })
    }

    /// Lists the clusters of a scan: all of them, or those of some [divisions](Request::division_ids), or those whose merge
    /// [stands so](Request::merge_status).
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters`
    ///
    /// Options: [`division_ids`](Request::division_ids), [`merge_status`](Request::merge_status),
    /// [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    ///
    /// ```
    /// use genesys_external_contacts::graphs::MergeStatus;
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let scan = sandbox.scan_clusters();
    /// # let client = sandbox.client();
    ///
    /// for cluster in client.graphs().clusters(&scan).merge_status(MergeStatus::NotMerged).items() {
    ///     println!("{}", cluster?.id.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphCluster:view`.
    ///
    /// # Limits
    ///
    /// 1 to 100 clusters a page, 20 unless asked otherwise. At most 50 divisions. A cursor is good for 24 hours.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such scan.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.`, `..` or `latest`.
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn clusters(&self, scan_id: impl Into<String>) -> Request<C, ListClusters> {
        let operation = ListClusters {
            scan_id: scan_id.into(),
            page: ByCursor::default(),
            division_ids: Vec::new(),
            merge_status: None,
        };
        Request::new(self.client.clone(), operation)
    }

    /// Fetches one cluster: who is in it, and what became of its merge.
    ///
    /// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}`
    ///
    /// [`wait`](Request::wait) comes back when its merge has ended, [`polls`](Request::polls) shows how it gets on.
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let scan = sandbox.scan_clusters();
    /// # let client = sandbox.client();
    /// let error = client.graphs().cluster(&scan, "no such cluster").send().unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphCluster:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such scan or cluster.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`; the scan's is `latest`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn cluster(&self, scan_id: impl Into<String>, cluster_id: impl Into<String>) -> Request<C, GetCluster> {
        Request::new(self.client.clone(), GetCluster { scan_id: scan_id.into(), cluster_id: cluster_id.into() })
    }

    /// Asks for a cluster to be merged into one contact, and returns it as it stands: queued. [`cluster`](Graphs::cluster)
    /// with [`wait`](Request::wait) says what became of it.
    ///
    /// `PUT /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}/merge`
    ///
    /// There is no way to undo a merge. It is sent once only: whether a second request for the same cluster does harm is
    /// undocumented.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::graphs::MergeStatus;
    /// # use genesys_external_contacts::ExternalContact;
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let client = sandbox.client();
    /// # for email in [("a@example.com", "b@example.com"), ("c@example.com", "a@example.com")] {
    /// #     let contact = ExternalContact::default().with_work_email(email.0).with_personal_email(email.1);
    /// #     client.contacts().create(contact).send()?;
    /// # }
    /// # let scan = sandbox.scan_clusters();
    ///
    /// let graphs = client.graphs();
    /// for cluster in graphs.clusters(&scan).merge_status(MergeStatus::NotMerged).items() {
    ///     let id = cluster?.id.unwrap_or_default();
    ///     graphs.merge(&scan, &id).send()?;
    ///     let merged = graphs.cluster(&scan, &id).wait(Duration::from_secs(600))?;
    ///     assert_eq!(merged.merge_info.and_then(|info| info.status), Some(MergeStatus::ManualSucceeded));
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphCluster:merge`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such scan or cluster.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`; the scan's is `latest`.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the merge may be queued: look at the
    ///   [`cluster`](Graphs::cluster) before you ask again.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn merge(&self, scan_id: impl Into<String>, cluster_id: impl Into<String>) -> Request<C, MergeCluster> {
        Request::new(self.client.clone(), MergeCluster { scan_id: scan_id.into(), cluster_id: cluster_id.into() })
    }

    /// Fetches what the service does by itself.
    ///
    /// `GET /api/v2/externalcontacts/graphs/settings`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let settings = client.graphs().settings().send()?;
    /// assert_eq!(settings.automatic_merging_enabled, Some(false));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphSettingsGlobal:view`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn settings(&self) -> Request<C, GetGraphSettings> {
        Request::new(self.client.clone(), GetGraphSettings)
    }

    /// Changes what the service does by itself: with automatic merging, what it is sure of is merged, and there is no way to
    /// undo that.
    ///
    /// `PUT /api/v2/externalcontacts/graphs/settings`
    ///
    /// ```
    /// use genesys_external_contacts::graphs::GraphSettings;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let settings = GraphSettings::default().with_automatic_merging_enabled(false);
    /// let settings = client.graphs().update_settings(settings).send()?;
    /// assert!(settings.date_modified.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:graphSettingsGlobal:edit`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update_settings(&self, settings: GraphSettings) -> Request<C, UpdateGraphSettings> {
        Request::new(self.client.clone(), UpdateGraphSettings { settings })
    }
}

/// Fills in the id of a scan. What stands there for the latest scan is no id: the answer would be about another scan
/// whenever there is a new one.
fn write_scan_id(request: &mut RequestParts, scan_id: &str) -> Result<(), Error> {
    if scan_id.eq_ignore_ascii_case("latest") {
        let problem = "is no id; call latest() or latest_statistics(), or take the id of the scan that latest() gives";
        return Err(Error::invalid("scan_id", problem));
    }
    request.path_param("scanId", scan_id)
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans`; see [`Graphs::scans`].
#[derive(Clone, Default)]
pub struct ListClusterScans {
    page: ByCursor,
    expand: Vec<ClusterScanExpand>,
}

impl Operation for ListClusterScans {
    type Output = Listing<ClusterScan>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Paged for ListClusterScans {
    type Item = ClusterScan;
    type Paging = ByCursor;
    const PAGE_SIZES: RangeInclusive<u32> = PAGE_SIZES;

    fn paging(&mut self) -> &mut ByCursor {
        &mut self.page
    }
}

impl Expand for ListClusterScans {
    type Field = ClusterScanExpand;

    fn expand(&mut self) -> &mut Vec<ClusterScanExpand> {
        &mut self.expand
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/latest`; see [`Graphs::latest`].
#[derive(Clone)]
pub struct GetLatestClusterScan {
    expand: Vec<ClusterScanExpand>,
}

impl Operation for GetLatestClusterScan {
    type Output = ClusterScan;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/latest");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetLatestClusterScan {
    type Field = ClusterScanExpand;

    fn expand(&mut self) -> &mut Vec<ClusterScanExpand> {
        &mut self.expand
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/latest/statistics`; see [`Graphs::latest_statistics`].
#[derive(Clone)]
pub struct GetLatestClusterScanStatistics;

impl Operation for GetLatestClusterScanStatistics {
    type Output = ClusterScanStatistics;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/latest/statistics");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}`; see [`Graphs::scan`].
#[derive(Clone)]
pub struct GetClusterScan {
    scan_id: String,
    expand: Vec<ClusterScanExpand>,
}

impl Operation for GetClusterScan {
    type Output = ClusterScan;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/{scanId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        write_scan_id(request, &self.scan_id)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetClusterScan {
    type Field = ClusterScanExpand;

    fn expand(&mut self) -> &mut Vec<ClusterScanExpand> {
        &mut self.expand
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/statistics`; see [`Graphs::statistics`].
#[derive(Clone)]
pub struct GetClusterScanStatistics {
    scan_id: String,
}

impl Operation for GetClusterScanStatistics {
    type Output = ClusterScanStatistics;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/{scanId}/statistics");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        write_scan_id(request, &self.scan_id)
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters`; see [`Graphs::clusters`].
#[derive(Clone)]
pub struct ListClusters {
    scan_id: String,
    page: ByCursor,
    division_ids: Vec<String>,
    merge_status: Option<MergeStatus>,
}

impl Operation for ListClusters {
    type Output = Listing<Cluster>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        write_scan_id(request, &self.scan_id)?;
        self.page.write(request)?;
        request.query_list("divisionIds", &self.division_ids);
        request.query_opt("mergeInfo.status", self.merge_status.as_ref());
        Ok(())
    }
}

impl Paged for ListClusters {
    type Item = Cluster;
    type Paging = ByCursor;
    const PAGE_SIZES: RangeInclusive<u32> = PAGE_SIZES;

    fn paging(&mut self) -> &mut ByCursor {
        &mut self.page
    }
}

impl InDivisions for ListClusters {
    fn division_ids(&mut self) -> &mut Vec<String> {
        &mut self.division_ids
    }
}

impl<C> Request<C, ListClusters> {
    /// Lists only clusters whose merge stands so (`mergeInfo.status`). The default is all.
    pub fn merge_status(mut self, status: MergeStatus) -> Self {
        self.operation.merge_status = Some(status);
        self
    }
}

/// `GET /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}`; see [`Graphs::cluster`].
#[derive(Clone)]
pub struct GetCluster {
    scan_id: String,
    cluster_id: String,
}

impl Operation for GetCluster {
    type Output = Cluster;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        write_scan_id(request, &self.scan_id)?;
        request.path_param("clusterId", &self.cluster_id)
    }
}

/// The job is the merge of the cluster.
impl Polled for GetCluster {
    fn job_id(&self) -> &str {
        &self.cluster_id
    }

    fn status(answer: &Cluster) -> Option<&str> {
        answer.merge_info.as_ref()?.status.as_ref().map(MergeStatus::as_str)
    }

    fn progress(answer: &Cluster) -> Progress {
        let info = answer.merge_info.as_ref();
        match info.and_then(|info| info.status.as_ref()) {
            Some(MergeStatus::AutoSucceeded | MergeStatus::ManualSucceeded) => Progress::Done,
            Some(MergeStatus::AutoFailed | MergeStatus::ManualFailed) => {
                let error = info.and_then(|info| info.error.clone()).unwrap_or_default();
                let reason = error.message.unwrap_or_else(|| "the service gives no reason".to_owned());
                Progress::Failed { code: error.code, reason }
            }
            // Nobody has asked for a merge.
            Some(MergeStatus::NotMerged) => Progress::WaitsForYou,
            _ => Progress::Running,
        }
    }
}

impl Job for GetCluster {}

/// `PUT /api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}/merge`; see [`Graphs::merge`].
#[derive(Clone)]
pub struct MergeCluster {
    scan_id: String,
    cluster_id: String,
}

impl Operation for MergeCluster {
    type Output = Cluster;
    const ROUTE: Route =
        Route::put("/api/v2/externalcontacts/graphs/clusterscans/{scanId}/clusters/{clusterId}/merge").once();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        write_scan_id(request, &self.scan_id)?;
        request.path_param("clusterId", &self.cluster_id)
    }
}

/// `GET /api/v2/externalcontacts/graphs/settings`; see [`Graphs::settings`].
#[derive(Clone)]
pub struct GetGraphSettings;

impl Operation for GetGraphSettings {
    type Output = GraphSettings;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/graphs/settings");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

/// `PUT /api/v2/externalcontacts/graphs/settings`; see [`Graphs::update_settings`].
#[derive(Clone)]
pub struct UpdateGraphSettings {
    settings: GraphSettings,
}

impl Operation for UpdateGraphSettings {
    type Output = GraphSettings;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/graphs/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.settings)
    }
}
