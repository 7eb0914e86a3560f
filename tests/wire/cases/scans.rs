//! Scans.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_scan_contacts" => {
            sent(with!(args, client.contacts().scan(); page_size, cursor, division_id)).await
        }
        "get_externalcontacts_scan_contacts_divisionviews_all" => {
            sent(with!(args, client.contacts().scan_all_divisions(); page_size, cursor)).await
        }
        "get_externalcontacts_scan_organizations" => {
            sent(with!(args, client.organizations().scan(); page_size, cursor, division_id)).await
        }
        "get_externalcontacts_scan_organizations_divisionviews_all" => {
            sent(with!(args, client.organizations().scan_all_divisions(); page_size, cursor)).await
        }
        "get_externalcontacts_scan_relationships" => {
            sent(with!(args, client.relationships().scan(); page_size, cursor, division_id)).await
        }
        "get_externalcontacts_scan_relationships_divisionviews_all" => {
            sent(with!(args, client.relationships().scan_all_divisions(); page_size, cursor)).await
        }
        "get_externalcontacts_scan_notes" => {
            sent(with!(args, client.notes().scan(); page_size, cursor, division_id)).await
        }
        "get_externalcontacts_scan_notes_divisionviews_all" => {
            sent(with!(args, client.notes().scan_all_divisions(); page_size, cursor)).await
        }
        _ => return None,
    })
}
