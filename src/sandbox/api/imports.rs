//! Imports of files: uploads, settings, jobs.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::sandbox::api::import_run;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions, Run as Operation};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::http::files::UPLOAD_HEADERS;
use crate::sandbox::rules::after::{BY_AFTER, BY_URI};
use crate::sandbox::rules::csv;
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, not_empty, read_only};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::{new_id, stub};
use crate::sandbox::store::files::What;
use crate::sandbox::store::state::State;
use crate::sandbox::store::work::{Import, Phase, Progress, Report, Upload};

const UPLOADS: &str = "/api/v2/externalcontacts/import/csv/uploads";
const CSV_SETTINGS: &str = "/api/v2/externalcontacts/import/csv/settings";
const SETTINGS: &str = "/api/v2/externalcontacts/import/settings";
const JOBS: &str = "/api/v2/externalcontacts/import/jobs";

macro_rules! all {
    ($($permission:literal),*) => { Permissions::Any(&[$(concat!("externalContacts:", $permission)),*]) };
}

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(UPLOADS, all!("importCsvUpload:add"), start_upload),
    Endpoint::get("/api/v2/externalcontacts/import/csv/uploads/{}/details", all!("importCsvUpload:view"), show_details),
    Endpoint::get("/api/v2/externalcontacts/import/csv/uploads/{}/preview", all!("importCsvUpload:view"), show_preview),
    Endpoint::get(CSV_SETTINGS, all!("importCsvSettings:view"), list_csv_settings),
    Endpoint::post(CSV_SETTINGS, all!("importCsvSettings:add"), CREATE_CSV),
    Endpoint::get("/api/v2/externalcontacts/import/csv/settings/{}", all!("importCsvSettings:view"), GET_CSV),
    Endpoint::put("/api/v2/externalcontacts/import/csv/settings/{}", all!("importCsvSettings:edit"), UPDATE_CSV),
    Endpoint::delete("/api/v2/externalcontacts/import/csv/settings/{}", all!("importCsvSettings:delete"), DELETE_CSV),
    Endpoint::get(SETTINGS, all!("importSettings:viewAll"), list_settings),
    Endpoint::post(SETTINGS, all!("importSettings:add"), CREATE),
    Endpoint::get("/api/v2/externalcontacts/import/settings/{}", all!("importSettings:view"), GET),
    Endpoint::put("/api/v2/externalcontacts/import/settings/{}", all!("importSettings:edit"), UPDATE),
    Endpoint::delete("/api/v2/externalcontacts/import/settings/{}", all!("importSettings:delete"), DELETE),
    Endpoint::post("/api/v2/externalcontacts/import/csv/jobs", all!("importCsvJob:add"), start_csv_job),
    Endpoint::get(JOBS, all!("importJob:viewAll"), list_jobs),
    Endpoint::post(JOBS, all!("importJob:add"), start_job),
    Endpoint::get("/api/v2/externalcontacts/import/jobs/{}", all!("importJob:view"), get_job),
    Endpoint::put("/api/v2/externalcontacts/import/jobs/{}", all!("importJob:edit"), update_job),
];

/// Documented for the import in the vendor's own pages: 50 MB.
const LARGEST_FILE: u64 = 50_000_000;

/// Assumed: a file has at least a byte.
fn start_upload(state: &mut State, call: &Call) -> Outcome {
    let members = [member("fileName", not_empty(255)), member("fileSize", Kind::Int)];
    let body = validate::document(&call.body, &members, state.settings.unknown_members)?;
    let size = body.get("fileSize").and_then(Value::as_u64).filter(|size| (1..=LARGEST_FILE).contains(size));
    let size = size.ok_or_else(|| Failure::bad_member("fileSize"))?;
    let id = new_id();
    let url = state.work.files.link(&state.clock, &state.settings, What::Upload(id.clone()), state.clock.now());
    let name = body.get("fileName").and_then(Value::as_str).map(str::to_owned);
    state.work.uploads.push(Upload { id: id.clone(), name, size, file: None });
    let headers: Vec<_> = UPLOAD_HEADERS.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    Ok(Success::created(json!({ "uploadId": id, "uploadUrl": url, "uploadHeaders": headers })))
}

/// The upload and its file. Assumed: what has not arrived is not found, and what is being looked at is a conflict.
fn uploaded<'a>(state: &'a State, id: &str) -> Result<(&'a Upload, &'a Arc<[u8]>), Failure> {
    let upload = state.work.uploads.iter().find(|upload| upload.id.eq_ignore_ascii_case(id));
    let upload = upload.ok_or_else(Failure::not_found)?;
    let (file, run) = upload.file.as_ref().ok_or_else(Failure::not_found)?;
    if run.progress(&state.clock) == Progress::Running {
        return Err(Failure::conflict("uploadId"));
    }
    Ok((upload, file))
}

fn show_details(state: &mut State, call: &Call) -> Outcome {
    let (upload, file) = uploaded(state, call.param(0))?;
    let mut details = json!({ "uploadId": upload.id, "validationResult": csv::validate(file) });
    if let Some(name) = &upload.name {
        details["fileName"] = name.clone().into();
    }
    Ok(Success::ok(details))
}

fn show_preview(state: &mut State, call: &Call) -> Outcome {
    let (upload, file) = uploaded(state, call.param(0))?;
    if !csv::is_valid(&csv::validate(file)) {
        return Err(Failure::violation("file", "can't be read"));
    }
    let (headers, entries) = csv::preview(file);
    Ok(Success::ok(json!({ "uploadId": upload.id, "headers": headers, "entries": entries })))
}

const CSV_MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("externalSettingsId", ANY),
    member(
        "mappings",
        Kind::List(
            &Kind::Object(&[member("sourceField", not_empty(1000)), member("targetField", not_empty(1000))]),
            None,
        ),
    ),
    read_only("selfUri", ANY),
];

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("name", not_empty(1000)),
    member("matchingCriteria", Kind::List(&Kind::OneOf(&["Email", "Phone"]), None)),
    member("mergeContacts", Kind::Bool),
    member("externalSourceId", ANY),
    member(
        "importFields",
        Kind::List(&Kind::Object(&[member("name", not_empty(1000)), member("included", Kind::Bool)]), None),
    ),
    read_only("dateCreated", Kind::Date),
    read_only("selfUri", ANY),
];

/// One of the two kinds of settings.
struct Settings {
    members: &'static [Member],
    required: &'static [&'static str],
    /// Each entry of this list must have these members.
    list: (&'static str, &'static [&'static str]),
    path: &'static str,
    is_csv: bool,
}

const FOR_CSV: Settings = Settings {
    members: CSV_MEMBERS,
    required: &["mappings"],
    list: ("mappings", &["sourceField", "targetField"]),
    path: CSV_SETTINGS,
    is_csv: true,
};

const FOR_IMPORTS: Settings = Settings {
    members: MEMBERS,
    required: &["name", "mergeContacts", "externalSourceId", "importFields"],
    list: ("importFields", &["name", "included"]),
    path: SETTINGS,
    is_csv: false,
};

const CREATE_CSV: Operation = |state, call| FOR_CSV.create(state, call);
const GET_CSV: Operation = |state, call| FOR_CSV.get(state, call);
const UPDATE_CSV: Operation = |state, call| FOR_CSV.update(state, call);
const DELETE_CSV: Operation = |state, call| FOR_CSV.delete(state, call);
const CREATE: Operation = |state, call| FOR_IMPORTS.create(state, call);
const GET: Operation = |state, call| FOR_IMPORTS.get(state, call);
const UPDATE: Operation = |state, call| FOR_IMPORTS.update(state, call);
const DELETE: Operation = |state, call| FOR_IMPORTS.delete(state, call);

impl Settings {
    fn all<'a>(&self, state: &'a mut State) -> &'a mut Vec<Map<String, Value>> {
        if self.is_csv { &mut state.work.csv_settings } else { &mut state.work.import_settings }
    }

    fn find(&self, state: &mut State, id: &str) -> Result<usize, Failure> {
        self.all(state).iter().position(|settings| has_id(settings, id)).ok_or_else(Failure::not_found)
    }

    /// Assumed: what is missing, and what refers to nothing, is refused with 400, because 422 is not documented here.
    fn read(&self, state: &mut State, call: &Call) -> Result<Map<String, Value>, Failure> {
        let settings = validate::document(&call.body, self.members, state.settings.unknown_members)?;
        if let Some(missing) = self.required.iter().find(|name| !settings.contains_key(**name)) {
            return Err(Failure::bad_member(*missing));
        }
        let (list, required) = self.list;
        for (index, entry) in settings.get(list).and_then(Value::as_array).into_iter().flatten().enumerate() {
            if let Some(missing) = required.iter().find(|name| entry.get(**name).is_none()) {
                return Err(Failure::bad_member(format!("{list}[{index}].{missing}")));
            }
        }
        let refers = |name: &str| settings.get(name).and_then(Value::as_str).map(str::to_lowercase);
        if let Some(id) = refers("externalSettingsId")
            && FOR_IMPORTS.find(state, &id).is_err()
        {
            return Err(Failure::bad_member("externalSettingsId"));
        }
        if let Some(id) = refers("externalSourceId")
            && !view::is_source(state, &id)
        {
            return Err(Failure::bad_member("externalSourceId"));
        }
        Ok(settings)
    }

    fn create(&self, state: &mut State, call: &Call) -> Outcome {
        let mut settings = self.read(state, call)?;
        let id = new_id();
        settings.insert("selfUri".to_owned(), format!("{}/{id}", self.path).into());
        settings.insert("id".to_owned(), id.into());
        if !self.is_csv {
            settings.insert("dateCreated".to_owned(), state.clock.date().into());
        }
        self.all(state).push(settings.clone());
        // Documented: 201 for the one, 200 for the other.
        Ok(if self.is_csv { Success::created(settings) } else { Success::ok(settings) })
    }

    fn get(&self, state: &mut State, call: &Call) -> Outcome {
        let at = self.find(state, call.param(0))?;
        Ok(Success::ok(self.all(state)[at].clone()))
    }

    fn update(&self, state: &mut State, call: &Call) -> Outcome {
        let at = self.find(state, call.param(0))?;
        let mut settings = self.read(state, call)?;
        let old = &mut self.all(state)[at];
        for kept in ["id", "dateCreated", "selfUri"] {
            if let Some(value) = old.remove(kept) {
                settings.insert(kept.to_owned(), value);
            }
        }
        *old = settings.clone();
        Ok(Success::ok(settings))
    }

    fn delete(&self, state: &mut State, call: &Call) -> Outcome {
        let at = self.find(state, call.param(0))?;
        self.all(state).remove(at);
        Ok(Success::no_content())
    }
}

fn has_id(settings: &Map<String, Value>, id: &str) -> bool {
    settings.get("id").and_then(Value::as_str).is_some_and(|known| known.eq_ignore_ascii_case(id))
}

fn with_ids(settings: Vec<Map<String, Value>>) -> Vec<(String, Map<String, Value>)> {
    let id = |settings: &Map<String, Value>| settings.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    settings.into_iter().map(|settings| (id(&settings), settings)).collect()
}

fn list_csv_settings(state: &mut State, call: &Call) -> Outcome {
    let mut found = state.work.csv_settings.clone();
    if let Some(id) = call.query.get("externalSettingsId").filter(|id| !id.is_empty()) {
        found.retain(|settings| settings.get("externalSettingsId").and_then(Value::as_str) == Some(id));
    }
    Ok(Success::ok(BY_URI.show(call, &with_ids(found), |settings| settings.clone().into())?))
}

/// Assumed: a name is found by how it begins, in any case.
fn list_settings(state: &mut State, call: &Call) -> Outcome {
    let mut found = state.work.import_settings.clone();
    if let Some(name) = call.query.get("name").map(str::to_lowercase).filter(|name| !name.is_empty()) {
        let known = |settings: &Map<String, Value>| settings.get("name").and_then(Value::as_str).map(str::to_lowercase);
        found.retain(|settings| known(settings).is_some_and(|known| known.starts_with(&name)));
    }
    if is_descending(call)? {
        found.reverse();
    }
    Ok(Success::ok(BY_AFTER.show(call, &with_ids(found), |settings| settings.clone().into())?))
}

fn is_descending(call: &Call) -> Result<bool, Failure> {
    one_of(call, "sortOrder", &["Ascending", "Descending"]).map(|order| order == Some("Descending"))
}

/// The value of a parameter that takes one of these.
fn one_of<'a>(call: &'a Call, name: &'static str, known: &[&str]) -> Result<Option<&'a str>, Failure> {
    match call.query.get(name).filter(|text| !text.is_empty()) {
        Some(text) if !known.contains(&text) => Err(Failure::invalid_query(name, text, &known.join(", "))),
        given => Ok(given),
    }
}

/// Assumed: an upload that has not been looked at, or that can't be read, is refused with 400.
fn start_csv_job(state: &mut State, call: &Call) -> Outcome {
    let text =
        |name: &'static str| call.body.get(name).and_then(Value::as_str).ok_or_else(|| Failure::bad_member(name));
    let (upload_id, settings_id) = (text("uploadId")?, text("settingsId")?);
    let (upload, file) = uploaded(state, upload_id).map_err(|_| Failure::bad_member("uploadId"))?;
    if !csv::is_valid(&csv::validate(file)) {
        return Err(Failure::bad_member("uploadId"));
    }
    let (file, file_name) = (Arc::clone(file), upload.name.clone());
    let at = FOR_CSV.find(state, settings_id).map_err(|_| Failure::bad_member("settingsId"))?;
    let csv_settings = state.work.csv_settings[at].clone();
    let id = csv_settings.get("externalSettingsId").and_then(Value::as_str).unwrap_or_default();
    let at = FOR_IMPORTS.find(state, id).map_err(|_| Failure::bad_member("settingsId"))?;
    let settings = state.work.import_settings[at].clone();
    let mappings = csv_settings.get("mappings").and_then(Value::as_array).into_iter().flatten();
    let mappings = mappings.filter_map(|mapping| {
        let text = |name| mapping.get(name).and_then(Value::as_str).map(str::to_owned);
        Some((text("sourceField")?, text("targetField")?))
    });
    let id = start(state, call, settings, mappings.collect(), Some((file, file_name)))?;
    Ok(Success::accepted_with(json!({ "job": stub(&id, JOBS) })))
}

/// Assumed: without a file there is nothing to import, and the import comes to an end with that.
fn start_job(state: &mut State, call: &Call) -> Outcome {
    let id = call.body.get("settingsId").and_then(Value::as_str);
    let id = id.ok_or_else(|| Failure::bad_member("settingsId"))?;
    let at = FOR_IMPORTS.find(state, id).map_err(|_| Failure::bad_member("settingsId"))?;
    let settings = state.work.import_settings[at].clone();
    let id = start(state, call, settings, Vec::new(), None)?;
    show_job(state, &id, &[])
}

fn start(
    state: &mut State,
    call: &Call,
    settings: Map<String, Value>,
    mappings: Vec<(String, String)>,
    file: Option<(Arc<[u8]>, Option<String>)>,
) -> Result<String, Failure> {
    let members = [member("division", Kind::Reference)];
    let body = validate::document(&call.body, &members, state.settings.unknown_members)?;
    let id = new_id();
    let run = state.work.begin(&state.clock, state.settings.job_duration);
    let (file, file_name) = file.map_or((None, None), |(file, name)| (Some(file), name));
    state.work.imports.push(Import {
        id: id.clone(),
        settings,
        mappings,
        file_name,
        file,
        division: body.get("division").cloned(),
        date: state.clock.date(),
        phase: Phase::Validating(run),
        dry_run: None,
        report: None,
    });
    Ok(id)
}

const EXPAND: &[&str] = &["division"];

fn find(state: &State, id: &str) -> Result<usize, Failure> {
    let at = state.work.imports.iter().position(|import| import.id.eq_ignore_ascii_case(id));
    at.ok_or_else(Failure::not_found)
}

fn get_job(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    show_job(state, call.param(0), &expand)
}

fn show_job(state: &mut State, id: &str, expand: &[&str]) -> Outcome {
    let at = find(state, id)?;
    let import = state.work.imports[at].clone();
    Ok(Success::ok(view_job(state, &import, expand)))
}

fn list_jobs(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let wanted = one_of(call, "jobStatus", &["Created", "Running", "Completed", "Failed", "Cancelled"])?;
    let is_meant = |import: &&Import| wanted.is_none_or(|wanted| stands(import).0 == wanted);
    let mut found: Vec<_> = state.work.imports.iter().filter(is_meant).cloned().collect();
    if is_descending(call)? {
        found.reverse();
    }
    let found: Vec<_> = found.into_iter().map(|import| (import.id.clone(), import)).collect();
    Ok(Success::ok(BY_AFTER.show(call, &found, |import| view_job(state, import, &expand))?))
}

/// The status and the step of an import.
fn stands(import: &Import) -> (&'static str, &'static str) {
    match &import.phase {
        Phase::Validating(_) => ("Running", "Validating"),
        Phase::Validated => ("Running", "Validated"),
        Phase::Importing(_) => ("Running", "Importing"),
        Phase::Completed => ("Completed", "Importing"),
        Phase::Failed(step) => ("Failed", step),
        Phase::Cancelled(step) => ("Cancelled", step),
    }
}

fn view_job(state: &mut State, import: &Import, expand: &[&str]) -> Value {
    let (status, step) = stands(import);
    let mut metadata = Map::new();
    if let Some(name) = &import.file_name {
        metadata.insert("fileName".to_owned(), name.clone().into());
    }
    let mut report = |names: [&str; 3], report: &Option<Report>| {
        let Some(report) = report else { return };
        let what = What::Download { content: Arc::clone(&report.text), tag: format!("\"{}-{}\"", import.id, names[0]) };
        let now: Instant = state.clock.now();
        let url = state.work.files.link(&state.clock, &state.settings, what, now);
        metadata.insert(names[0].to_owned(), report.good.into());
        metadata.insert(names[1].to_owned(), report.bad.into());
        metadata.insert(names[2].to_owned(), url.into());
    };
    report(["dryRunSuccessCount", "dryRunFailedCount", "dryRunReportDownloadUrl"], &import.dry_run);
    report(["importSuccessCount", "importFailedCount", "importReportDownloadUrl"], &import.report);
    let division = import.division.as_ref().and_then(|division| division.get("id")?.as_str()).unwrap_or("*");
    let mut shown = json!({
        "id": import.id,
        "status": status,
        "executionStep": step,
        "metadata": metadata,
        "dateCreated": import.date,
        "division": view::division(division, expand.contains(&"division")),
        "selfUri": format!("{JOBS}/{}", import.id),
    });
    if let Some(id) = import.settings.get("id").and_then(Value::as_str) {
        shown["settings"] = stub(id, SETTINGS);
    }
    if status == "Failed" {
        shown["statusDetails"] = "the sandbox was told to fail it".into();
    }
    shown
}

/// Assumed: only a validated import goes on, only a failed one is tried again, and what has ended can't be cancelled: 409.
fn update_job(state: &mut State, call: &Call) -> Outcome {
    let at = find(state, call.param(0))?;
    let action = call.body.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
    let names_it =
        call.body.get("jobId").and_then(Value::as_str).is_some_and(|id| id.eq_ignore_ascii_case(call.param(0)));
    if !names_it {
        return Err(Failure::bad_member("jobId"));
    }
    let step = stands(&state.work.imports[at]).1;
    let usual = state.settings.job_duration;
    let phase = match (action.as_str(), &state.work.imports[at].phase) {
        ("Continue", Phase::Validated) => Phase::Importing(state.work.begin(&state.clock, usual)),
        ("Retry", Phase::Failed("Validating")) => Phase::Validating(state.work.begin(&state.clock, usual)),
        ("Retry", Phase::Failed(_)) => Phase::Importing(state.work.begin(&state.clock, usual)),
        ("Cancel", Phase::Validating(_) | Phase::Validated | Phase::Importing(_)) => Phase::Cancelled(step),
        ("Continue" | "Retry" | "Cancel", _) => return Err(Failure::conflict("status")),
        (other, _) => {
            return Err(Failure::invalid_value("status", &other.into(), "Enum", "Continue, Cancel, Retry"));
        }
    };
    state.work.imports[at].phase = phase;
    Ok(Success::ok(json!({ "jobId": state.work.imports[at].id, "status": action })))
}

/// Brings imports to where they are by now.
pub(crate) fn settle(state: &mut State) {
    for at in 0..state.work.imports.len() {
        let (run, step) = match &state.work.imports[at].phase {
            Phase::Validating(run) => (run, "Validating"),
            Phase::Importing(run) => (run, "Importing"),
            _ => continue,
        };
        let phase = match run.progress(&state.clock) {
            Progress::Running => continue,
            Progress::Failed => Phase::Failed(step),
            Progress::Done if step == "Validating" => {
                // A dry run changes a copy.
                let report = import_run::run(&mut state.clone(), &state.work.imports[at].clone());
                state.work.imports[at].dry_run = Some(report);
                Phase::Validated
            }
            Progress::Done => {
                let import = state.work.imports[at].clone();
                let report = import_run::run(state, &import);
                state.work.imports[at].report = Some(report);
                Phase::Completed
            }
        };
        state.work.imports[at].phase = phase;
    }
}
