//! Journeys.

use std::collections::BTreeMap;

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contact_journey_segments" => {
            sent(with!(args, client.contacts().journey(args.id("contactId")).segments();
                include_merged, at_most = args.number("limit")))
            .await
        }
        "post_externalcontacts_contact_journey_segments" => {
            let (assign, unassign) = (segments(args, "assign"), segments(args, "unassign"));
            sent(with!(args, client.contacts().journey(args.id("contactId")).update_segments();
                assign = assign, unassign = unassign))
            .await
        }
        "get_externalcontacts_contact_journey_sessions" => {
            sent(with!(args, client.contacts().journey(args.id("contactId")).sessions();
                page_size, include_merged, cursor = args.text("after")))
            .await
        }
        _ => return None,
    })
}

/// The ids of the segments in a member of the body.
fn segments(args: &mut Args, name: &str) -> Option<Vec<String>> {
    let segments: BTreeMap<String, Vec<BTreeMap<String, String>>> = args.member(name)?;
    Some(segments["segments"].iter().map(|segment| segment["id"].clone()).collect())
}
