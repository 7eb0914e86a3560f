//! Contacts that may be the same person, and their merges.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::sandbox::api::merges;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::after::Walk;
use crate::sandbox::rules::validate::{self, Kind, member, read_only};
use crate::sandbox::rules::view::{self, MAX_DIVISIONS};
use crate::sandbox::store::document::{id_in, new_id};
use crate::sandbox::store::state::State;
use crate::sandbox::store::work::{Cluster, Merge, Progress, Scan};

const SCANS: &str = "/api/v2/externalcontacts/graphs/clusterscans";
const SETTINGS: &str = "/api/v2/externalcontacts/graphs/settings";

macro_rules! one {
    ($permission:literal) => {
        Permissions::Any(&[concat!("externalContacts:", $permission)])
    };
}

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(SCANS, one!("graphClusterScan:view"), list_scans),
    Endpoint::get("/api/v2/externalcontacts/graphs/clusterscans/latest", one!("contact:view"), latest),
    Endpoint::get(
        "/api/v2/externalcontacts/graphs/clusterscans/latest/statistics",
        one!("contact:view"),
        latest_statistics,
    ),
    Endpoint::get("/api/v2/externalcontacts/graphs/clusterscans/{}", one!("graphClusterScan:view"), get_scan),
    Endpoint::get(
        "/api/v2/externalcontacts/graphs/clusterscans/{}/statistics",
        one!("graphClusterScan:view"),
        get_statistics,
    ),
    Endpoint::get("/api/v2/externalcontacts/graphs/clusterscans/{}/clusters", one!("graphCluster:view"), list_clusters),
    Endpoint::get(
        "/api/v2/externalcontacts/graphs/clusterscans/{}/clusters/{}",
        one!("graphCluster:view"),
        get_cluster,
    ),
    Endpoint::put(
        "/api/v2/externalcontacts/graphs/clusterscans/{}/clusters/{}/merge",
        one!("graphCluster:merge"),
        merge_cluster,
    )
    .without_body(),
    Endpoint::get(SETTINGS, one!("graphSettingsGlobal:view"), get_settings),
    Endpoint::put(SETTINGS, one!("graphSettingsGlobal:edit"), update_settings),
];

const BY_CURSOR: Walk = Walk { size: "limit", position: "cursor", default_size: 20, max_size: 100, has_cursors: true };

const EXPAND: &[&str] = &["statistics.aggregated"];

/// What a contact is compared by: e-mail addresses in lower case, numbers as E.164, external ids with their source.
pub(crate) fn identifiers(contact: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for member in ["workPhone", "cellPhone", "homePhone", "otherPhone"] {
        let number = contact.get(member).and_then(|phone| phone.get("e164")?.as_str());
        found.extend(number.map(|number| ("Phone", number.to_owned())));
    }
    for member in ["workEmail", "personalEmail", "otherEmail"] {
        let address = contact.get(member).and_then(Value::as_str);
        found.extend(address.map(|address| ("Email", address.to_lowercase())));
    }
    for id in contact.get("externalIds").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        if let (Some(value), Some(source)) = (id.get("value").and_then(Value::as_str), id_in(id, "externalSource")) {
            found.push(("ExternalId", format!("{source}:{value}")));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Scans all contacts.
///
/// Assumed: of those that search finds, those of one division that share an identifier, directly or through others, form a
/// cluster. Nothing is merged by itself, whatever the settings say.
pub(crate) fn scan(state: &mut State) -> String {
    // Who has what; and for each contact the one that stands for its cluster.
    let mut owners: BTreeMap<(String, &'static str, String), Vec<usize>> = BTreeMap::new();
    let mut ids = Vec::new();
    for row in state.contacts.iter().filter(|row| !row.index.is_hidden) {
        let contact = row.document();
        let division = id_in(&contact, "division").unwrap_or("*").to_owned();
        for (kind, value) in identifiers(&contact) {
            owners.entry((division.clone(), kind, value)).or_default().push(ids.len());
        }
        ids.push((row.id.clone(), division));
    }
    let mut heads: Vec<usize> = (0..ids.len()).collect();
    for contacts in owners.values() {
        for pair in contacts.windows(2) {
            let (a, b) = (head(&heads, pair[0]), head(&heads, pair[1]));
            let (first, second) = (a.min(b), a.max(b));
            heads[second] = first;
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..ids.len() {
        members.entry(head(&heads, at)).or_default().push(at);
    }
    let clusters = members.into_iter().filter(|(_, contacts)| contacts.len() > 1).map(|(head, contacts)| {
        let place = |at: &usize| contacts.iter().position(|contact| contact == at);
        let identifiers = owners.iter().filter_map(|((_, kind, value), of)| {
            let places: Option<Vec<_>> = of.iter().map(place).collect();
            places.map(|places| (*kind, value.clone(), places))
        });
        Cluster {
            id: new_id(),
            division: ids[head].1.clone(),
            identifiers: identifiers.collect(),
            contacts: contacts.iter().map(|at| ids[*at].0.clone()).collect(),
            merge: Merge::No,
        }
    });
    let scan = Scan { id: new_id(), date: state.clock.date(), clusters: clusters.collect() };
    let id = scan.id.clone();
    state.work.scans.push(scan);
    id
}

fn head(heads: &[usize], mut at: usize) -> usize {
    while heads[at] != at {
        at = heads[at];
    }
    at
}

fn statistics(scan: &Scan, uri: &str) -> Value {
    json!({
        "aggregated": {
            "totalClusters": scan.clusters.len(),
            "totalAutomaticMergeSuccesses": 0,
            "totalAutomaticMergeFailures": 0,
        },
        "selfUri": uri,
    })
}

fn view_scan(scan: &Scan, expand: &[&str]) -> Value {
    let uri = format!("{SCANS}/{}", scan.id);
    let mut shown = json!({ "id": scan.id, "dateCompleted": scan.date, "selfUri": uri });
    if !expand.is_empty() {
        shown["statistics"] = statistics(scan, &format!("{uri}/statistics"));
    }
    shown
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Scan, Failure> {
    state.work.scans.iter().find(|scan| scan.id.eq_ignore_ascii_case(id)).ok_or_else(Failure::not_found)
}

/// Assumed: the newest first.
fn list_scans(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let scans: Vec<_> = state.work.scans.iter().rev().map(|scan| (scan.id.clone(), scan)).collect();
    Ok(Success::ok(BY_CURSOR.show(call, &scans, |scan| view_scan(scan, &expand))?))
}

fn latest(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let scan = state.work.scans.last().ok_or_else(Failure::not_found)?;
    Ok(Success::ok(view_scan(scan, &expand)))
}

fn latest_statistics(state: &mut State, call: &Call) -> Outcome {
    let scan = state.work.scans.last().ok_or_else(Failure::not_found)?;
    Ok(Success::ok(statistics(scan, &call.path)))
}

fn get_scan(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    Ok(Success::ok(view_scan(find(state, call.param(0))?, &expand)))
}

fn get_statistics(state: &mut State, call: &Call) -> Outcome {
    Ok(Success::ok(statistics(find(state, call.param(0))?, &call.path)))
}

fn status(merge: &Merge) -> &'static str {
    match merge {
        Merge::No => "NotMerged",
        Merge::Queued(_) => "ManualQueued",
        Merge::Done(_) => "ManualSucceeded",
        Merge::Failed(..) => "ManualFailed",
    }
}

fn view_cluster(state: &State, scan: &Scan, cluster: &Cluster) -> Value {
    let mut info = json!({ "status": status(&cluster.merge) });
    match &cluster.merge {
        Merge::No | Merge::Queued(_) => {}
        Merge::Done(date) => info["dateMerged"] = date.clone().into(),
        Merge::Failed(date, code, message) => {
            info["dateMerged"] = date.clone().into();
            info["error"] = json!({ "code": code, "message": message });
        }
    }
    let vertex = |(at, id): (usize, &String)| {
        let contact = state.contacts.get(id).map(|row| view::contact(state, row, &[]));
        json!({ "vertexId": format!("c{at}"), "contact": contact.unwrap_or_else(|| json!({ "id": id })) })
    };
    let contacts: Vec<_> = cluster.contacts.iter().enumerate().map(vertex).collect();
    let mut edges = Vec::new();
    let mut identifiers = Vec::new();
    for (at, (kind, value, owners)) in cluster.identifiers.iter().enumerate() {
        identifiers.push(json!({ "vertexId": format!("i{at}"), "normalizedType": kind, "normalizedValue": value }));
        edges.extend(owners.iter().map(|owner| json!({ "from": format!("c{owner}"), "to": format!("i{at}") })));
    }
    json!({
        "id": cluster.id,
        "division": view::division(&cluster.division, false),
        "clusterScan": { "id": scan.id, "selfUri": format!("{SCANS}/{}", scan.id) },
        "mergeInfo": info,
        "graph": { "vertices": { "contacts": contacts, "identifiers": identifiers }, "edges": edges },
        "dateCreated": scan.date,
        "selfUri": format!("{SCANS}/{}/clusters/{}", scan.id, cluster.id),
    })
}

const STATUSES: &[&str] =
    &["AutoQueued", "AutoSucceeded", "AutoFailed", "ManualQueued", "ManualSucceeded", "ManualFailed", "NotMerged"];

fn list_clusters(state: &mut State, call: &Call) -> Outcome {
    const STATUS: &str = "mergeInfo.status";
    let scan = find(state, call.param(0))?;
    let divisions = call.query.at_most("divisionIds", MAX_DIVISIONS)?;
    let wanted = call.query.get(STATUS).filter(|wanted| !wanted.is_empty());
    if let Some(wanted) = wanted.filter(|wanted| !STATUSES.contains(wanted)) {
        return Err(Failure::invalid_query(STATUS, wanted, &STATUSES.join(", ")));
    }
    let is_meant = |cluster: &&Cluster| {
        let is_in = divisions.is_empty() || divisions.contains(&cluster.division.as_str()) || divisions.contains(&"*");
        is_in && wanted.is_none_or(|wanted| status(&cluster.merge) == wanted)
    };
    let clusters: Vec<_> = scan.clusters.iter().filter(is_meant).map(|cluster| (cluster.id.clone(), cluster)).collect();
    Ok(Success::ok(BY_CURSOR.show(call, &clusters, |cluster| view_cluster(state, scan, cluster))?))
}

fn get_cluster(state: &mut State, call: &Call) -> Outcome {
    let scan = find(state, call.param(0))?;
    let cluster = scan.clusters.iter().find(|cluster| cluster.id.eq_ignore_ascii_case(call.param(1)));
    Ok(Success::ok(view_cluster(state, scan, cluster.ok_or_else(Failure::not_found)?)))
}

/// Assumed: a merge that is queued or done is not asked for again, and nothing is said about it; one that failed is.
fn merge_cluster(state: &mut State, call: &Call) -> Outcome {
    find(state, call.param(0))?;
    let usual = state.settings.job_duration;
    let scans = &state.work.scans;
    let at =
        scans.iter().position(|scan| scan.id.eq_ignore_ascii_case(call.param(0))).ok_or_else(Failure::not_found)?;
    let of = &scans[at].clusters;
    let cluster = of.iter().position(|cluster| cluster.id.eq_ignore_ascii_case(call.param(1)));
    let cluster = cluster.ok_or_else(Failure::not_found)?;
    if matches!(of[cluster].merge, Merge::No | Merge::Failed(..)) {
        let run = state.work.begin(&state.clock, usual);
        state.work.scans[at].clusters[cluster].merge = Merge::Queued(run);
    }
    get_cluster(state, call)
}

/// Merges those clusters whose time has come.
pub(crate) fn settle(state: &mut State) {
    for at in 0..state.work.scans.len() {
        for cluster in 0..state.work.scans[at].clusters.len() {
            let Merge::Queued(run) = &state.work.scans[at].clusters[cluster].merge else { continue };
            let date = run.end_date.clone();
            let merge = match run.progress(&state.clock) {
                Progress::Running => continue,
                Progress::Failed => Merge::Failed(date, "merge.failed", "the sandbox was told to fail it".to_owned()),
                Progress::Done => {
                    let contacts = state.work.scans[at].clusters[cluster].contacts.clone();
                    let ids: Vec<_> = contacts.iter().map(String::as_str).collect();
                    match merges::merge(state, &ids, None) {
                        Ok(_) => Merge::Done(date),
                        Err(failure) => Merge::Failed(date, "merge.failed", failure.message().to_owned()),
                    }
                }
            };
            state.work.scans[at].clusters[cluster].merge = merge;
        }
    }
}

fn get_settings(state: &mut State, _: &Call) -> Outcome {
    Ok(Success::ok(view_settings(state)))
}

/// Assumed: nothing is merged by itself at first.
fn view_settings(state: &State) -> Value {
    let (enabled, date) = state.work.automatic_merging.clone().map_or((false, None), |(on, date)| (on, Some(date)));
    let mut settings = json!({ "automaticMergingEnabled": enabled, "selfUri": SETTINGS });
    if let Some(date) = date {
        settings["dateModified"] = date.into();
    }
    settings
}

fn update_settings(state: &mut State, call: &Call) -> Outcome {
    let members = [
        member("automaticMergingEnabled", Kind::Bool),
        read_only("dateModified", Kind::Date),
        read_only("selfUri", validate::ANY),
    ];
    let body = validate::document(&call.body, &members, state.settings.unknown_members)?;
    let enabled = body.get("automaticMergingEnabled").and_then(Value::as_bool).unwrap_or_default();
    state.work.automatic_merging = Some((enabled, state.clock.date()));
    Ok(Success::ok(view_settings(state)))
}
