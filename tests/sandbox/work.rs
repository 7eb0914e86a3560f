//! Exports, imports, graphs and journeys. What is documented stands in the vendor's description of the API of 2025; the rest is
//! assumed, and listed in `src/sandbox.rs`.

use super::*;

const IMPORT: &str = "/api/v2/externalcontacts/import";
const SCANS: &str = "/api/v2/externalcontacts/graphs/clusterscans";

impl Api {
    /// A request for a file, with or without a token.
    fn file(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> http::Response<Vec<u8>> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.sandbox.answer(request.body(body.as_bytes().to_vec()).unwrap())
    }

    /// The lines of an export that has been started with this body.
    fn exported(&self, entity: &str, body: &Value) -> Vec<Value> {
        let path = format!("/api/v2/externalcontacts/{entity}/exports");
        let answer = self.call("POST", &path, body);
        assert_eq!((answer.status, &answer.body["status"]), (201, &json!("RUNNING")), "{}", answer.body);
        assert_eq!(answer.body["downloadUrl"], Value::Null);
        self.sandbox.advance(Duration::from_secs(10));
        let export = self.get(&format!("{path}/{}", answer.id())).body;
        assert_eq!(export["status"], "SUCCEEDED");
        let file = self.file("GET", export["downloadUrl"].as_str().unwrap(), &[], "");
        let text = String::from_utf8(file.into_body()).unwrap();
        let lines: Vec<_> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(export["resultRowCount"], lines.len());
        lines
    }
}

/// Documented: the members of a filter, and what each kind of record can be filtered by.
#[test]
fn an_export_has_what_its_filter_lets_through() {
    let api = Api::new();
    let acme = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let reference = json!({ "id": acme });
    api.contact(json!({ "lastName": "a", "externalOrganization": reference, "division": { "id": "d1" } }));
    api.sandbox.advance(Duration::from_secs(3600));
    api.contact(json!({ "lastName": "b" }));
    api.sandbox.add_contact_of_type("Identified", &json!({ "lastName": "c" })).unwrap();
    let note = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
    api.create(&format!("{ORGANIZATIONS}/{acme}/notes"), &note);
    let relationship = json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "x" });
    api.create(RELATIONSHIPS, &relationship);
    let names = |filter: Value| {
        let lines = api.exported("contacts", &json!({ "queryConditions": { "filters": filter } }));
        lines.iter().map(|line| line["lastName"].as_str().unwrap()).collect::<String>()
    };
    let first = api.exported("contacts", &json!({}))[0]["createDate"].clone();
    let eq = |field: &str, value: &str| json!({ "eq": { "field": field, "value": value } });
    let curated = eq("ContactClassification", "Curated");
    for (filter, expected) in [
        (eq("DivisionId", "d1"), "a"),
        (eq("ExternalOrganizationId", &acme), "a"),
        (curated.clone(), "ab"),
        (json!({ "not": curated }), "c"),
        (json!({ "in": { "field": "ContactClassification", "values": ["Curated", "Identified"] } }), "abc"),
        (json!({ "lte": { "field": "CreateDate", "value": first } }), "a"),
        (json!({ "and": [eq("DivisionId", "d1"), { "not": eq("DivisionId", "d1") }] }), ""),
        (json!({ "or": [eq("DivisionId", "d1"), { "not": eq("DivisionId", "d1") }] }), "abc"),
    ] {
        assert_eq!(names(filter.clone()), expected, "{filter}");
    }
    assert_eq!(api.exported("contacts", &json!({ "queryConditions": { "limit": 2 } })).len(), 2);
    assert_eq!(api.exported("contacts", &json!({ "divisionIds": ["d1"] })).len(), 1);
    for (entity, filter) in [
        ("notes", eq("EntityType", "organization")),
        ("organizations", json!({ "not": eq("SchemaId", "x") })),
        ("relationships", eq("UserId", NOBODY)),
    ] {
        let lines = api.exported(entity, &json!({ "queryConditions": { "filters": filter } }));
        assert_eq!(lines.len(), 1, "{entity}");
    }
    for filter in
        [json!({}), json!({ "eq": {} }), eq("UserId", "x"), json!({ "and": [], "or": [] }), json!({ "xor": [] })]
    {
        let body = json!({ "queryConditions": { "filters": filter } });
        assert_eq!(api.call("POST", &format!("{CONTACTS}/exports"), &body).status, 400, "{body}");
    }
}

/// Documented: a listing of exports says only in `nextUri` how it goes on.
#[test]
fn listings_of_work_go_on_after_the_last() {
    let api = Api::new();
    let path = format!("{CONTACTS}/exports");
    let ids: Vec<_> = (0..5).map(|_| api.call("POST", &path, &json!({})).id()).collect();
    let mut found = Vec::new();
    let mut next = Some(format!("{path}?pageSize=2"));
    while let Some(uri) = next {
        let page = api.get(&uri);
        assert_eq!(page.body["cursors"], Value::Null);
        found.extend(page.column("id").into_iter().map(str::to_owned));
        next = page.body["nextUri"].as_str().map(str::to_owned);
    }
    assert_eq!(found, ids);
    for query in ["pageSize=0", "pageSize=x", "after=x"] {
        assert_eq!(api.get(&format!("{path}?{query}")).status, 400, "{query}");
    }
    assert_eq!(api.get("/api/v2/externalcontacts/notes/exports").body["entities"], json!([]));
}

/// Assumed: as the storage that the vendor's other exports come from.
#[test]
fn the_url_of_a_file_is_good_for_a_while_and_for_one_thing() {
    let sandbox = Sandbox::builder().download_lag(Duration::from_secs(20)).build();
    let api = Api::of(sandbox);
    api.contact(json!({ "lastName": "Lovelace" }));
    let path = format!("{CONTACTS}/exports");
    let id = api.call("POST", &path, &json!({})).id();
    api.sandbox.advance(Duration::from_secs(10));
    let url = || api.get(&format!("{path}/{id}")).body["downloadUrl"].as_str().unwrap().to_owned();
    let first = url();
    assert!(first.starts_with("https://files.sandbox.example/files/"));
    assert_ne!(first, url(), "a new one each time");
    assert_eq!(api.file("GET", &first, &[], "").status(), 404, "not yet");
    api.sandbox.advance(Duration::from_secs(20));
    let whole = api.file("GET", &first, &[], "");
    assert_eq!(whole.status(), 200);
    let tag = whole.headers()["etag"].to_str().unwrap().to_owned();
    let total = whole.body().len();
    for (headers, status, length) in [
        (vec![("range", "bytes=7-")], 206, total - 7),
        (vec![("range", "bytes=7-"), ("if-range", tag.as_str())], 206, total - 7),
        (vec![("range", "bytes=7-"), ("if-range", "\"other\"")], 200, total),
        (vec![("range", "bytes=9999999-")], 416, 0),
        (vec![("authorization", "Bearer x")], 400, 0),
    ] {
        let answer = api.file("GET", &first, &headers, "");
        assert_eq!(answer.status(), status, "{headers:?}");
        assert!(status >= 400 || answer.body().len() == length, "{headers:?}");
    }
    assert_eq!(api.file("PUT", &first, &[], "").status(), 405);
    api.sandbox.advance(Duration::from_secs(600));
    assert_eq!(api.file("GET", &first, &[], "").status(), 403, "expired");
    assert_eq!(api.file("GET", "https://files.sandbox.example/files/x", &[], "").status(), 403);
}

#[test]
fn work_takes_as_long_as_it_is_told() {
    let api = Api::new();
    let path = format!("{CONTACTS}/exports");
    let next = || api.call("POST", &path, &json!({})).id();
    api.sandbox.next_jobs(1).take(Duration::from_secs(100));
    api.sandbox.next_jobs(1).fail_after(Duration::from_secs(50));
    api.sandbox.next_jobs(1).never_end();
    let ids = [next(), next(), next(), next()];
    for (seconds, expected) in [
        (0, ["RUNNING", "RUNNING", "RUNNING", "RUNNING"]),
        (10, ["RUNNING", "RUNNING", "RUNNING", "SUCCEEDED"]),
        (50, ["RUNNING", "FAILED", "RUNNING", "SUCCEEDED"]),
        (10_000_000, ["SUCCEEDED", "FAILED", "RUNNING", "SUCCEEDED"]),
    ] {
        api.sandbox.advance(Duration::from_secs(seconds));
        let token = sign_in(&api.sandbox);
        let api = Api { sandbox: api.sandbox.clone(), token };
        let status = |id: &String| api.get(&format!("{path}/{id}")).body["status"].as_str().unwrap().to_owned();
        assert_eq!(ids.each_ref().map(status), expected, "{seconds}");
    }
}

/// Documented: what is required, 201 for the one and 200 for the other, 204 for both deletions.
#[test]
fn settings_of_imports_are_kept() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let settings = json!({
        "name": "weekly", "mergeContacts": false, "externalSourceId": source,
        "importFields": [{ "name": "lastName", "included": true }],
    });
    let path = format!("{IMPORT}/settings");
    for missing in ["name", "mergeContacts", "externalSourceId", "importFields"] {
        let mut settings = settings.clone();
        settings.as_object_mut().unwrap().remove(missing);
        assert_eq!(api.call("POST", &path, &settings).status, 400, "{missing}");
    }
    let id = api.create(&path, &settings).id();
    let mapping =
        json!({ "externalSettingsId": id, "mappings": [{ "sourceField": "a", "targetField": "$.lastName" }] });
    let csv_path = format!("{IMPORT}/csv/settings");
    let created = api.call("POST", &csv_path, &mapping);
    assert_eq!(created.status, 201);
    for wrong in [json!({}), json!({ "mappings": [{}] }), json!({ "mappings": [], "externalSettingsId": "x" })] {
        assert_eq!(api.call("POST", &csv_path, &wrong).status, 400, "{wrong}");
    }
    // The mapping first: it refers to the settings.
    for (path, id, body) in [(&csv_path, created.id(), mapping), (&path, id.clone(), settings)] {
        let one = format!("{path}/{id}");
        assert_eq!(api.get(&one).status, 200);
        assert_eq!(api.get(path).body["entities"][0]["id"], json!(id));
        let updated = api.call("PUT", &one, &body);
        assert_eq!(updated.status, 200, "{}", updated.body);
        assert_eq!(updated.id(), id);
        assert_eq!(api.delete(&one).status, 204);
        assert_eq!((api.get(&one).status, api.delete(&one).status), (404, 404));
    }
    assert_eq!(api.get(&format!("{path}?sortOrder=up")).status, 400);
}

/// Documented: 201 and the headers; 50 MB.
#[test]
fn an_upload_takes_what_was_announced() {
    let api = Api::new();
    let path = format!("{IMPORT}/csv/uploads");
    for size in [json!(0), json!(50_000_001), json!("7"), Value::Null] {
        assert_eq!(api.call("POST", &path, &json!({ "fileSize": size })).status, 400, "{size}");
    }
    let upload = api.call("POST", &path, &json!({ "fileSize": 4 }));
    assert_eq!(upload.status, 201);
    let id = upload.body["uploadId"].as_str().unwrap();
    let url = upload.body["uploadUrl"].as_str().unwrap();
    let headers = upload.body["uploadHeaders"].as_array().unwrap();
    let headers: Vec<_> =
        headers.iter().map(|one| (one["name"].as_str().unwrap(), one["value"].as_str().unwrap())).collect();
    let details = format!("{path}/{id}/details");
    assert_eq!(api.get(&details).status, 404);
    for (headers, body, status) in [
        (&headers[..], "a,b", 400),
        (&headers[1..], "a,b\n", 403),
        (&[headers.as_slice(), &[("authorization", "Bearer x")]].concat()[..], "a,b\n", 400),
        (&headers[..], "a,b\n", 200),
    ] {
        assert_eq!(api.file("PUT", url, headers, body).status(), status, "{headers:?} {body}");
    }
    assert_eq!(api.get(&details).status, 409, "it is being looked at");
    api.sandbox.advance(Duration::from_secs(10));
    assert_eq!(api.get(&details).body["validationResult"]["separatorValid"], true);
    assert_eq!(api.get(&format!("{path}/{id}/preview")).body["headers"], json!(["a", "b"]));
}

/// Documented: `latest` stands in the place of an id; the filter; a merge has no body.
#[test]
fn clusters_are_found_and_merged() {
    let api = Api::new();
    assert_eq!(api.get(&format!("{SCANS}/latest")).status, 404);
    for (name, mail) in [("a", "x@example.com"), ("b", "X@example.com"), ("c", "y@example.com")] {
        api.contact(json!({ "lastName": name, "workEmail": mail }));
    }
    // Of another division.
    api.contact(json!({ "lastName": "d", "workEmail": "x@example.com", "division": { "id": "d1" } }));
    let scan = api.sandbox.scan_clusters();
    assert_eq!(api.get(&format!("{SCANS}/latest")).id(), scan);
    let expanded = api.get(&format!("{SCANS}/{scan}?expand=statistics.aggregated"));
    assert_eq!(expanded.body["statistics"]["aggregated"]["totalClusters"], 1);
    assert_eq!(api.get(&format!("{SCANS}/{scan}/statistics")).body["aggregated"]["totalClusters"], 1);
    let clusters = format!("{SCANS}/{scan}/clusters");
    let listed = api.get(&format!("{clusters}?mergeInfo.status=NotMerged"));
    let cluster = &listed.body["entities"][0];
    let vertices = &cluster["graph"]["vertices"];
    assert_eq!(vertices["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(vertices["identifiers"][0]["normalizedValue"], "x@example.com");
    assert_eq!(cluster["graph"]["edges"].as_array().unwrap().len(), 2);
    let one = format!("{clusters}/{}", cluster["id"].as_str().unwrap());
    let status = |answer: Answer| answer.body["mergeInfo"]["status"].as_str().unwrap().to_owned();
    api.sandbox.next_jobs(1).fail_after(Duration::from_secs(10));
    assert_eq!(status(api.raw("PUT", &format!("{one}/merge"), "", "")), "ManualQueued");
    api.sandbox.advance(Duration::from_secs(10));
    let failed = api.get(&one);
    assert_eq!(failed.body["mergeInfo"]["error"]["code"], "merge.failed");
    assert_eq!(status(failed), "ManualFailed");
    assert_eq!(status(api.raw("PUT", &format!("{one}/merge"), "", "")), "ManualQueued");
    assert_eq!(api.get(CONTACTS).body["total"], 4);
    api.sandbox.advance(Duration::from_secs(10));
    assert_eq!(status(api.get(&one)), "ManualSucceeded");
    assert_eq!(api.get(CONTACTS).body["total"], 3, "two have become one");
    assert_eq!(api.get(&format!("{clusters}?mergeInfo.status=NotMerged")).body["entities"], json!([]));
    for (path, expected) in [
        (format!("{clusters}?mergeInfo.status=x"), 400),
        (format!("{clusters}?limit=101"), 400),
        (format!("{SCANS}/x/clusters"), 404),
    ] {
        assert_eq!(api.get(&path).status, expected, "{path}");
    }
}

/// Documented: ten segments in one request; to assign one again moves the date of its end; a body is not needed.
#[test]
fn segments_are_assigned() {
    let api = Api::new();
    let path = format!("{CONTACTS}/{}/journey/segments", api.contact(json!({})).id());
    let body = |count: usize| {
        let segments: Vec<_> = (0..count).map(|number| json!({ "id": format!("s{number}") })).collect();
        json!({ "assign": { "segments": segments } })
    };
    assert_eq!(api.call("POST", &path, &body(11)).status, 400);
    assert_eq!(api.create(&path, &body(2)).body, json!({}));
    let until = |answer: Answer| answer.body["entities"][0]["dateForUnassignment"].as_str().unwrap().to_owned();
    let first = until(api.get(&path));
    api.sandbox.advance(Duration::from_secs(60));
    api.sandbox.leave_segments(1);
    let left = api.create(&path, &body(2));
    assert_eq!(left.body["unprocessedItems"]["assign"]["segments"], json!([{ "id": "s1" }]));
    assert!(until(api.get(&path)) > first);
    assert_eq!(api.get(&format!("{path}?limit=1")).body["entities"].as_array().unwrap().len(), 1);
    assert_eq!(api.raw("POST", &path, "", "").status, 200);
    assert_eq!(api.get(&format!("{path}?limit=501")).status, 400);
}
