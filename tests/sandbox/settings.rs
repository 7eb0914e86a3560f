//! The settings of external contacts.

use super::*;

#[test]
fn settings_are_set_and_reset() {
    let api = Api::new();
    let path = "/api/v2/externalcontacts/settings";
    let off = json!({ "manuallyAssignDivisionsToInteractions": false, "manuallyAssignDivisionsToContacts": false });
    // facts 2 A9
    assert_eq!(api.get(path).body, off);
    let on = json!({ "manuallyAssignDivisionsToContacts": true });
    let set = api.call("PUT", path, &on);
    assert_eq!((set.status, set.body["manuallyAssignDivisionsToContacts"].as_bool()), (200, Some(true)));
    assert_eq!(api.get(path).body, set.body);
    assert_eq!(api.call("PUT", path, &json!({ "manuallyAssignDivisionsToContacts": "yes" })).status, 400);
    assert_eq!(api.call("DELETE", path, &Value::Null).status, 200);
    assert_eq!(api.get(path).body, off);
    api.sandbox.set_permissions(["externalContacts:settings:view"]);
    assert_eq!(api.get(path).status, 200);
    assert_eq!(api.call("PUT", path, &on).status, 403);
    assert_eq!(api.call("DELETE", path, &Value::Null).status, 403);
}
