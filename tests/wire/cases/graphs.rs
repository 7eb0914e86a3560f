//! Graphs.

use genesys_external_contacts::graphs::{ClusterScanExpand, MergeStatus};

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_graphs_clusterscans" => {
            sent(with!(args, client.graphs().scans(); page_size, cursor, expand = expand(args))).await
        }
        "get_externalcontacts_graphs_clusterscans_latest" => {
            sent(with!(args, client.graphs().latest(); expand = expand(args))).await
        }
        "get_externalcontacts_graphs_clusterscans_latest_statistics" => sent(client.graphs().latest_statistics()).await,
        "get_externalcontacts_graphs_clusterscan" => {
            sent(with!(args, client.graphs().scan(args.id("scanId")); expand = expand(args))).await
        }
        "get_externalcontacts_graphs_clusterscan_statistics" => {
            sent(client.graphs().statistics(args.id("scanId"))).await
        }
        "get_externalcontacts_graphs_clusterscan_clusters" => {
            sent(with!(args, client.graphs().clusters(args.id("scanId"));
                page_size, cursor, division_ids, merge_status = args.text("mergeInfo.status").map(MergeStatus::from)))
            .await
        }
        "get_externalcontacts_graphs_clusterscan_cluster" => {
            sent(client.graphs().cluster(args.id("scanId"), args.id("clusterId"))).await
        }
        "put_externalcontacts_graphs_clusterscan_cluster_merge" => {
            sent(client.graphs().merge(args.id("scanId"), args.id("clusterId"))).await
        }
        "get_externalcontacts_graphs_settings" => sent(client.graphs().settings()).await,
        "put_externalcontacts_graphs_settings" => sent(client.graphs().update_settings(args.body())).await,
        _ => return None,
    })
}

/// The API lists no values, and the rows have some of their own.
fn expand(args: &mut Args) -> Option<Vec<ClusterScanExpand>> {
    Some(args.texts("expand")?.into_iter().map(ClusterScanExpand::from).collect())
}
