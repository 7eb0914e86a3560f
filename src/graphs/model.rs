use time::OffsetDateTime;

use crate::contacts::model::ExternalContact;
use crate::model::{Division, Timestamp};

model! {
    /// One search of the service for contacts that may be the same person.
    pub struct ClusterScan {
        /// The scan's id.
        id: String => "id",
        /// When it was done.
        date_completed: OffsetDateTime as Timestamp => "dateCompleted",
        /// What it found, in figures.
        statistics: ClusterScanStatistics => "statistics",
        /// The path of the scan.
        self_uri: String => "selfUri",
    }
}

model! {
    /// What a scan found, in figures.
    pub struct ClusterScanStatistics {
        /// The figures of all divisions together.
        aggregated: ClusterStatistics => "aggregated",
        /// The path of the statistics.
        self_uri: String => "selfUri",
    }
}

model! {
    /// How many clusters there are, and what became of them.
    pub struct ClusterStatistics {
        /// How many clusters were found.
        total_clusters: i64 => "totalClusters",
        /// How many of them the service merged by itself.
        total_automatic_merge_successes: i64 => "totalAutomaticMergeSuccesses",
        /// How many of them it failed to merge by itself.
        total_automatic_merge_failures: i64 => "totalAutomaticMergeFailures",
    }
}

model! {
    /// What is fetched along with a scan.
    pub enum ClusterScanExpand {
        /// [`ClusterScan::statistics`].
        Statistics => "statistics.aggregated",
    }
}

model! {
    /// Contacts that may be the same person, because they share identifiers.
    pub struct Cluster {
        /// The cluster's id, which is unique within its scan.
        id: String => "id",
        /// The division of all contacts in it.
        division: Division => "division",
        /// The scan that found it.
        cluster_scan: ClusterScan => "clusterScan",
        /// What became of its merge.
        merge_info: MergeInfo => "mergeInfo",
        /// Who is in it, and what they share.
        graph: Graph => "graph",
        /// When it was found.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// The path of the cluster.
        self_uri: String => "selfUri",
    }
}

model! {
    /// What became of the merge of a cluster.
    pub struct MergeInfo {
        /// How far it is.
        status: MergeStatus => "status",
        /// Why it failed; there only if it did.
        error: MergeError => "error",
        /// When it was tried.
        date_merged: OffsetDateTime as Timestamp => "dateMerged",
    }
}

model! {
    /// How far the merge of a cluster is. `Auto…` is what the service does by itself, `Manual…` what was asked for.
    pub enum MergeStatus {
        /// The service is about to merge it by itself.
        AutoQueued => "AutoQueued",
        /// The service merged it by itself.
        AutoSucceeded => "AutoSucceeded",
        /// The service tried to merge it by itself, and failed.
        AutoFailed => "AutoFailed",
        /// Its merge was asked for and has not ended yet.
        ManualQueued => "ManualQueued",
        /// Its merge was asked for and done.
        ManualSucceeded => "ManualSucceeded",
        /// Its merge was asked for and failed.
        ManualFailed => "ManualFailed",
        /// Nobody has merged it, and nobody is about to.
        NotMerged => "NotMerged",
    }
}

model! {
    /// Why a merge failed.
    pub struct MergeError {
        /// In words.
        message: String => "message",
        /// For programs.
        code: String => "code",
    }
}

model! {
    /// Contacts, identifiers, and which contact has which identifier.
    pub struct Graph {
        /// The contacts and the identifiers.
        vertices: GraphVertices => "vertices",
        /// Which contact has which identifier.
        edges: Vec<GraphEdge> => "edges",
    }
}

model! {
    /// The vertices of a graph.
    pub struct GraphVertices {
        /// The contacts.
        contacts: Vec<ContactVertex> => "contacts",
        /// What they share.
        identifiers: Vec<IdentifierVertex> => "identifiers",
    }
}

model! {
    /// A contact in a graph.
    pub struct ContactVertex {
        /// What edges call it. It means nothing outside of this graph.
        vertex_id: String => "vertexId",
        /// The contact.
        contact: Box<ExternalContact> => "contact",
    }
}

model! {
    /// An identifier in a graph.
    pub struct IdentifierVertex {
        /// What edges call it. It means nothing outside of this graph.
        vertex_id: String => "vertexId",
        /// What kind of identifier it is.
        kind: NormalizedIdentifierType => "normalizedType",
        /// The identifier, in the form in which identifiers are compared.
        value: String => "normalizedValue",
    }
}

model! {
    /// The kinds of identifiers by which contacts are compared.
    pub enum NormalizedIdentifierType {
        /// A phone number.
        Phone => "Phone",
        /// An e-mail address.
        Email => "Email",
        /// An id in an external source.
        ExternalId => "ExternalId",
        /// The id of a Twitter account.
        TwitterId => "TwitterId",
        /// The name of a Twitter account.
        TwitterHandle => "TwitterHandle",
        /// The id of a Facebook account.
        FacebookId => "FacebookId",
        /// The id of an Instagram account.
        InstagramId => "InstagramId",
        /// The name of an Instagram account.
        InstagramHandle => "InstagramHandle",
    }
}

model! {
    /// Says that two vertices belong together.
    pub struct GraphEdge {
        /// The one vertex.
        from: String => "from",
        /// The other.
        to: String => "to",
    }
}

model! {
    /// What the service does by itself.
    pub struct GraphSettings {
        /// Whether it merges what it is sure of.
        automatic_merging_enabled: bool => "automaticMergingEnabled",
        /// When this was last changed. Set by the service.
        date_modified: OffsetDateTime as Timestamp => "dateModified",
        /// The path of the settings. Set by the service.
        self_uri: String => "selfUri",
    }
}
