//! Creates a contact for each row of a CSV file: no row is lost and none is created twice, however often the import is
//! interrupted and run again.
//!
//! `cargo run --example import -- people.csv --dry-run`
//!
//! Before a contact is sent, the results file says so, and the contact carries a marker of its own. A row of which the
//! file doesn't know how it ended is looked for by that marker before it is sent again.

mod common;

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use genesys_external_contacts::operation::{Operation, RequestParts, Response, Route};
use genesys_external_contacts::{Client, DataSchema, Error, ErrorKind, ExternalContact};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

const FIELDS: &str = "firstName middleName lastName salutation title workPhone cellPhone homePhone otherPhone \
    workEmail personalEmail otherEmail address.address1 address.address2 address.city address.state address.postalCode \
    address.countryCode externalOrganization division surveyOptOut externalSystemUrl";

const URL: &str = "externalSystemUrl";
const CUSTOM: &str = "customFields.";

const AFTER_HELP: &str = "\
Columns:
  A column whose header is the name of a field goes there by itself:
    firstName middleName lastName salutation title
    workPhone cellPhone homePhone otherPhone workEmail personalEmail otherEmail
    address.address1 address.address2 address.city address.state address.postalCode address.countryCode
    externalOrganization (an id), division (an id), surveyOptOut (true or false), externalSystemUrl
    customFields.NAME (by the end of the name: _integer, _number, _checkbox true or false, _tag a|b|c, others text)
  All others need --map or --ignore. Empty cells are left out. A row needs a name or an e-mail address, by which it
  can be found again after a crash (unless --marker names a custom field).

Nothing is created twice:
  Each contact carries a marker: externalSystemUrl is set to https://import.invalid/<import>-<line>, or the custom
  field that --marker names to <import>-<line>. Keep it until the import is complete. The results file is written
  and synced before each contact is sent. After a crash, or an error that leaves open whether the contact was created,
  the next run searches for the contact by its e-mail address, its name or the custom field, and compares markers. If it
  is there, it counts as created. If it is not, it is sent again only when --lag has passed since it was sent, and the
  contact created before it is found. Otherwise it stays \"unknown\" until another run.
  This holds as long as a request reaches the service, and its search finds the new contact, within that time; the
  clock of this machine is right; and the results file is not changed or lost. The script notices if the service
  doesn't keep markers. Rows that are equal are different rows: each is created.
  A sandbox forgets its contacts when it ends; results of an import into one are of no use then.

Pace:
  Contacts are sent one after the other. The service takes 300 calls a minute; the client waits when these are used up.

Exit codes:
  0  every row is a contact
  1  stopped early, or not begun; run the same command again when the problem is solved
  2  the command line is wrong
  3  all that could be created is, but some rows are invalid, or were refused by the service
  4  of some rows it is not known yet whether they were created; run the same command again later";

/// Creates a contact for each row of a CSV file, and nothing twice: run the same command again after a crash.
#[derive(Parser)]
#[command(after_help = AFTER_HELP)]
struct Options {
    /// The CSV file, in UTF-8; its first row names the columns
    input: PathBuf,
    #[command(flatten)]
    connection: common::Connection,
    /// Put a column into a field; once for each column whose header is not the name of a field
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Leave out a column; once for each
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// What stands between two cells: one ASCII character
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,
    /// The id of the schema that custom fields follow; needed if there are any
    #[arg(long, value_name = "ID")]
    schema: Option<String>,
    /// Where each contact carries its marker: externalSystemUrl, or customFields.NAME with a name that ends in
    /// _identifier or _text, which is found faster and for any contact
    #[arg(long, value_name = "FIELD", default_value = URL)]
    marker: String,
    /// Where the results go, one line for each row: line, status (created, invalid, failed, unknown), contact id, time,
    /// message. After a crash there may be more (sending, and how it ended), of which the last counts. Later runs go on
    /// from it. The default is the input with .results.csv in place of .csv
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// How long the service may take until a search finds a new contact, in minutes; 0 for a sandbox. It counts from the time in the
    /// results file; the client may have waited for the rate limit after that, for 3 minutes at most
    #[arg(long, value_name = "MINUTES", default_value_t = 10)]
    lag: u32,
    /// Send the unknown row on this line of the input again without waiting, because you have looked and the contact is
    /// not there; once for each
    #[arg(long, value_name = "LINE")]
    resend: Vec<u64>,
    /// Only say what would happen; nothing is sent or written
    #[arg(long)]
    dry_run: bool,
}

type Problem = Box<dyn StdError>;

fn refuse<T>(problem: impl Into<Problem>) -> Result<T, Problem> {
    Err(problem.into())
}

fn main() -> ExitCode {
    common::end(run(&Options::parse()).map(ExitCode::from))
}

fn run(options: &Options) -> Result<u8, Problem> {
    let input = fs::read(&options.input).map_err(|error| about(&options.input, "can't be read", &error))?;
    let (rows, settings) = read_rows(options, &input)?;
    let path = options.results.clone().unwrap_or_else(|| options.input.with_extension("results.csv"));
    if path == options.input {
        return refuse("--results names the input itself; name another file");
    }
    let of = [format!("input {}", hash(&input)), format!("settings {}", hash(settings.as_bytes()))];
    if options.dry_run {
        return Ok(report(&rows, &path, Journal::read(&path, &of)?.map(|(journal, _)| journal)));
    }
    let _lock = lock(&path)?;
    let client = options.connection.client()?;
    let place =
        options.connection.place().unwrap_or_else(|| format!("a sandbox in memory of its own, {}", random_id()));
    let [input, settings] = of;
    let of = [input, settings, format!("place: {place}, organization {}", client.execute(&WhoAmI)?)];
    let journal = Journal::open(&path, &of)?;
    let created_before = journal.count(CREATED);
    let schema = options.schema.as_ref().map(|id| client.contacts().schemas().get(id).send()).transpose()?;
    let schema = schema.map(|schema| {
        let reference = DataSchema::default().with_id(schema.id.unwrap_or_default());
        reference.with_version(schema.version.unwrap_or(1))
    });
    let mut import = Import { options, client, rows: &rows, schema, journal, failures_in_a_row: 0 };
    let result = import.run();
    let tidied = import.journal.tidy();

    let count = |status| import.journal.count(status);
    let (created, invalid, failed, unknown) = (count(CREATED), count(INVALID), count(FAILED), count(UNKNOWN));
    let before =
        if created_before > 0 { format!(" ({created_before} of them by earlier runs)") } else { String::new() };
    println!("Rows: {}. {created} created{before}, {invalid} invalid, {failed} failed, {unknown} unknown", rows.len());
    let problems =
        import.journal.outcomes.iter().filter(|(_, outcome)| !["import", CREATED].contains(&&*outcome.status));
    for (line, outcome) in problems.take(10) {
        println!("  line {line}: {}: {}", outcome.status, outcome.message);
    }
    println!("{}The results are in {}", if rows.len() - created > 10 { "  …\n" } else { "" }, path.display());
    result.and(tidied)?;
    if unknown > 0 {
        println!("Run the same command again later: it finds out whether the unknown rows were created.");
    }
    Ok(if unknown > 0 {
        4
    } else if invalid + failed > 0 {
        3
    } else {
        0
    })
}

fn about(path: &Path, what: &str, error: &dyn StdError) -> String {
    format!("{} {what}: {error}", path.display())
}

fn hash(bytes: &[u8]) -> String {
    hmac_sha256::Hash::hash(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn random_id() -> String {
    // Taken apart from the time, so that no two imports share it even where there is no randomness.
    let random = getrandom::u64().unwrap_or_default();
    hash(format!("{random} {} {}", std::process::id(), OffsetDateTime::now_utc()).as_bytes())
}

/// What a dry run says.
fn report(rows: &[Row], path: &Path, journal: Option<Journal>) -> u8 {
    let outcomes = journal.map(|journal| journal.outcomes).unwrap_or_default();
    let has = |row: &&Row, statuses: &[&str]| {
        outcomes.get(&row.line).is_some_and(|outcome| statuses.contains(&&*outcome.status))
    };
    let done = rows.iter().filter(|row| has(row, &[CREATED])).count();
    let open = rows.iter().filter(|row| has(row, &[SENDING, UNKNOWN])).count();
    let invalid: Vec<_> = rows.iter().filter_map(|row| row.contact.as_ref().err().map(|why| (row.line, why))).collect();
    println!("Rows: {}", rows.len());
    println!("{:>8} would be created", rows.len() - done - open - invalid.len());
    println!("{done:>8} are contacts already, by {}", path.display());
    println!("{open:>8} may be contacts already, which the import would find out");
    println!("{:>8} are invalid", invalid.len());
    for (line, why) in &invalid {
        println!("  line {line}: {why}");
    }
    println!("Nothing was sent or written.");
    if invalid.is_empty() { 0 } else { 3 }
}

// The rows of the input.

struct Row {
    /// Where it begins in the input: what it is known by.
    line: u64,
    /// The contact, or what is wrong with the row.
    contact: Result<ExternalContact, String>,
}

fn is_custom(field: &str) -> bool {
    field.strip_prefix(CUSTOM).is_some_and(|name| !name.is_empty())
}

/// The rows, and a text that tells apart what makes other contacts of them.
fn read_rows(options: &Options, input: &[u8]) -> Result<(Vec<Row>, String), Problem> {
    let in_custom_field = is_custom(&options.marker);
    let can_be_searched = ["_identifier", "_text"].iter().any(|end| options.marker.ends_with(end));
    if options.marker != URL && !(in_custom_field && can_be_searched) {
        return refuse("--marker takes externalSystemUrl, customFields.NAME_identifier or customFields.NAME_text");
    }
    let delimiter = u8::try_from(options.delimiter).ok().filter(u8::is_ascii);
    let delimiter = delimiter.ok_or("--delimiter takes one ASCII character, such as ;")?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(|error| about(&options.input, "can't be read", &error))?;
    let names = header.iter().map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned()));
    let header: Vec<String> =
        names.collect::<Result<_, _>>().map_err(|_| "the first row is not in UTF-8; save it so")?;
    if header.is_empty() {
        return refuse(format!("{} is empty; its first row must name the columns", options.input.display()));
    }
    let fields = fields_of(options, &header)?;
    let needs_schema = in_custom_field || fields.iter().flatten().any(|field| is_custom(field));
    if needs_schema && options.schema.is_none() {
        return refuse("custom fields need --schema, the id of the schema that they follow");
    }
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(|error| about(&options.input, "can't be read", &error))?;
        let Some(position) = record.position() else { continue };
        // The reader counts empty lines to the row that follows them.
        let before = input.iter().skip(position.byte() as usize).take_while(|byte| b"\r\n".contains(byte));
        let line = position.line() + before.filter(|byte| **byte == b'\n').count() as u64;
        rows.push(Row { line, contact: contact_of(&record, &fields, in_custom_field) });
    }
    Ok((rows, format!("{:?}", (fields, delimiter, &options.marker, &options.schema))))
}

/// The field of each column; nothing where the column is ignored.
fn fields_of(options: &Options, header: &[String]) -> Result<Vec<Option<String>>, Problem> {
    let mut map: BTreeMap<&str, Option<&str>> = options.ignore.iter().map(|column| (column.trim(), None)).collect();
    for pair in &options.map {
        let (column, field) = pair.rsplit_once('=').ok_or(format!("--map {pair}: write it as COLUMN=FIELD"))?;
        map.insert(column.trim(), Some(field.trim()));
    }
    if let Some(column) = map.keys().find(|column| !header.iter().any(|name| name == *column)) {
        return refuse(format!("there is no column {column:?}; the columns are {}", header.join(", ")));
    }
    let mut fields: Vec<Option<String>> = Vec::new();
    for column in header {
        let field = map.get(&**column).copied().unwrap_or(Some(column));
        if let Some(field) = field {
            let is_known = is_custom(field) || FIELDS.split(' ').any(|known| known == field);
            if !is_known {
                let hint = if header.len() == 1 { "\n  if there are several columns: see --delimiter" } else { "" };
                return refuse(format!(
                    "column {column:?}: {field:?} is no field of a contact\n  fields: {}, customFields.NAME\n  to put \
                     the column into one of them: --map '{column}=FIELD'\n  to leave it out: --ignore '{column}'{hint}",
                    FIELDS.replace(' ', ", ")
                ));
            }
            if field == options.marker {
                return refuse(format!("column {column:?}: the import puts its marker into {field}; see --marker"));
            }
            if fields.iter().flatten().any(|earlier| earlier == field) {
                return refuse(format!("column {column:?}: another one goes to {field}, too; use --ignore or --map"));
            }
        }
        fields.push(field.map(str::to_owned));
    }
    Ok(fields)
}

fn contact_of(
    record: &csv::ByteRecord,
    fields: &[Option<String>],
    any_can_be_found: bool,
) -> Result<ExternalContact, String> {
    if record.len() != fields.len() {
        return Err(format!("number of cells: {}, but the header has {}", record.len(), fields.len()));
    }
    let mut body = Map::new();
    for (cell, field) in record.iter().zip(fields) {
        let Some(field) = field else { continue };
        let text = std::str::from_utf8(cell).map_err(|_| format!("{field} is not in UTF-8"))?.trim();
        if text.is_empty() {
            continue;
        }
        let value = value_of(field, text).map_err(|problem| format!("{field} {problem}"))?;
        match field.split_once('.') {
            Some((outer, inner)) => body.entry(outer).or_insert_with(|| json!({}))[inner] = value,
            None => drop(body.insert(field.clone(), value)),
        }
    }
    if body.is_empty() {
        return Err("is empty".to_owned());
    }
    let contact: ExternalContact = serde_json::from_value(body.into()).map_err(|_| "can't be read".to_owned())?;
    if !any_can_be_found && searches_for(&contact).is_empty() {
        return Err("has no name and no e-mail address, by which it could be found after a crash; see --marker".into());
    }
    Ok(contact)
}

/// What a cell is on the wire.
fn value_of(field: &str, text: &str) -> Result<Value, &'static str> {
    let kind = if field.starts_with(CUSTOM) { field.rsplit('_').next().unwrap_or_default() } else { field };
    Ok(match kind {
        "surveyOptOut" | "checkbox" => text.parse::<bool>().map_err(|_| "is neither true nor false")?.into(),
        "integer" => text.parse::<i64>().map_err(|_| "is no whole number")?.into(),
        "number" => Value::Number(text.parse().map_err(|_| "is no number")?),
        "tag" => text.split('|').map(str::trim).collect(),
        "workPhone" | "cellPhone" | "homePhone" | "otherPhone" => json!({ "display": text }),
        "externalOrganization" | "division" => json!({ "id": text }),
        _ => text.into(),
    })
}

/// What to search for to find the contact, the most telling first.
fn searches_for(contact: &ExternalContact) -> Vec<String> {
    let text = |member: &Option<String>| member.clone().map(|text| text.replace('"', " "));
    let emails = [&contact.work_email, &contact.personal_email, &contact.other_email];
    let email = emails.into_iter().find_map(text);
    // In quotes: a name is no phone number, whatever it looks like.
    let names = [&contact.first_name, &contact.middle_name, &contact.last_name];
    let names: Vec<_> = names.into_iter().filter_map(text).map(|name| format!("\"{name}\"")).collect();
    let names = (!names.is_empty()).then(|| names.join(" "));
    // The service takes 256 characters. What is left out makes it find more, not less.
    email.into_iter().chain(names).map(|q| q.chars().take(256).collect()).collect()
}

// Sending them.

struct Import<'a> {
    options: &'a Options,
    client: Client,
    rows: &'a [Row],
    schema: Option<DataSchema>,
    journal: Journal,
    failures_in_a_row: u32,
}

const ADVICE: &str = "if you see that it is not there, use --resend";

/// What is known of a contact that was sent.
enum Fate {
    Created(String),
    /// It is not there: it can be sent again.
    Missing,
    /// Why it can't be sent again yet.
    Unknown(String),
}

impl Import<'_> {
    fn run(&mut self) -> Result<(), Problem> {
        let open = self.rows.len() - self.journal.count(CREATED);
        if open > 300 {
            eprintln!(
                "{open} rows to go. The service takes 300 calls a minute: it may take {} minutes.",
                open / 300 + 1
            );
        }
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {elapsed} gone, {eta} to go {msg}")?;
        let bar = ProgressBar::new(self.rows.len() as u64).with_style(style);
        // Otherwise nothing would move while the client waits for the rate limit.
        bar.enable_steady_tick(std::time::Duration::from_secs(1));
        let mut problems = 0;
        for Row { line, contact } in self.rows {
            let before = self.journal.outcomes.get(line);
            let is_created = match (contact, before.map(|before| (&*before.status, before.time))) {
                (_, Some((CREATED, _))) => true,
                (Err(why), _) => self.journal.write(*line, INVALID, "", why)?,
                (Ok(contact), Some((SENDING | UNKNOWN, sent_at))) => match self.find_out(*line, contact, sent_at)? {
                    Fate::Created(id) => self.journal.write(*line, CREATED, &id, "found after a crash or an error")?,
                    Fate::Missing => self.send(*line, contact)?,
                    Fate::Unknown(why) => self.journal.keep_unknown(*line, why),
                },
                (Ok(contact), _) => self.send(*line, contact)?,
            };
            if !is_created {
                problems += 1;
                bar.set_message(format!("({problems} with problems)"));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// Says whether the contact is created.
    fn send(&mut self, line: u64, contact: &ExternalContact) -> Result<bool, Problem> {
        let contact = self.marked(line, contact.clone())?;
        self.journal.write(line, SENDING, "", "")?;
        let error = match self.client.contacts().create(contact).send() {
            Ok(created) => {
                self.failures_in_a_row = 0;
                self.journal.write(line, CREATED, created.id.as_deref().unwrap_or_default(), "")?;
                if !self.is_marked(line, &created) {
                    return refuse(format!(
                        "the service did not keep the marker in {}; see --marker",
                        self.options.marker
                    ));
                }
                return Ok(true);
            }
            Err(error) => error,
        };
        let why = outline(&error);
        if error.may_have_been_applied() {
            self.journal.keep_unknown(line, format!("no answer that says whether it was created ({why})"));
            self.failures_in_a_row += 1;
            if self.failures_in_a_row < 3 { Ok(false) } else { refuse(error) }
        } else {
            self.failures_in_a_row = 0;
            self.journal.write(line, FAILED, "", &format!("not created: {why}"))?;
            let is_about_this_row = |status: u16| matches!(status, 400 | 409 | 413 | 415 | 422);
            // Anything else would hit the next row, too.
            if error.status().is_some_and(|status| is_about_this_row(status.as_u16())) {
                Ok(false)
            } else {
                refuse(error)
            }
        }
    }

    fn find_out(&self, line: u64, contact: &ExternalContact, sent_at: OffsetDateTime) -> Result<Fate, Problem> {
        let fate = self.find(line, contact)?;
        if matches!(fate, Fate::Created(_)) {
            return Ok(fate);
        }
        if self.options.resend.contains(&line) {
            return Ok(Fate::Missing);
        }
        let wait = Duration::minutes(self.options.lag.into()) - (OffsetDateTime::now_utc() - sent_at);
        if wait.is_positive() {
            let wait = wait.whole_minutes() + 1;
            return Ok(Fate::Unknown(format!(
                "not found, but a new contact may take a while; run again in {wait} min"
            )));
        }
        // That the contact before it is found shows that the search is not behind after all, and finds by such values.
        let earlier = self.journal.outcomes.range(..line).rev().find(|(_, outcome)| outcome.status == CREATED);
        let witness = earlier.and_then(|(line, _)| self.rows.iter().find(|row| row.line == *line));
        if let Some(Row { line, contact: Ok(contact) }) = witness
            && !matches!(self.find(*line, contact)?, Fate::Created(_))
        {
            return Ok(Fate::Unknown(format!("not found, but nor is line {line}; run again later, or {ADVICE}")));
        }
        Ok(fate)
    }

    fn find(&self, line: u64, contact: &ExternalContact) -> Result<Fate, Error> {
        let searches = match &*self.options.marker {
            URL => searches_for(contact),
            _ => vec![format!("\"{}\"", self.journal.key(line))],
        };
        let mut fate = Fate::Unknown(format!("the search finds too many contacts that are like it; {ADVICE}"));
        for q in searches {
            let mut items = self.client.contacts().search().q(q).page_size(100).items();
            let is_searched = loop {
                match items.next() {
                    Some(Ok(found)) if self.is_marked(line, &found) => {
                        return Ok(Fate::Created(found.id.unwrap_or_default()));
                    }
                    Some(Ok(_)) => {}
                    // What the other search says may be enough.
                    Some(Err(error)) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => break false,
                    Some(Err(error)) => return Err(error),
                    None => break true,
                }
            };
            if is_searched {
                fate = Fate::Missing;
            }
        }
        Ok(fate)
    }

    fn marked(&self, line: u64, mut contact: ExternalContact) -> Result<ExternalContact, Error> {
        contact.schema = self.schema.clone().map(Box::new);
        let key = self.journal.key(line);
        match self.options.marker.strip_prefix(CUSTOM) {
            Some(name) => contact.with_custom_field(name, key),
            None => Ok(contact.with_external_system_url(format!("https://import.invalid/{key}"))),
        }
    }

    fn is_marked(&self, line: u64, contact: &ExternalContact) -> bool {
        let key = self.journal.key(line);
        match self.options.marker.strip_prefix(CUSTOM) {
            Some(name) => contact.custom_field(name) == Some(key.into()),
            None => contact.external_system_url.as_ref().is_some_and(|url| url.ends_with(&format!("/{key}"))),
        }
    }
}

/// An error without what the service says in words, where a name or a number may be in it.
fn outline(error: &Error) -> String {
    let ErrorKind::Api(api) = error.kind() else {
        return error.code().map_or_else(|| "no complete answer".to_owned(), str::to_owned);
    };
    let fields: Vec<_> = api.body.details.iter().flatten().filter_map(|detail| detail.field_name.as_deref()).collect();
    let code = error.code().unwrap_or_default();
    let id = error.correlation_id().unwrap_or("none");
    format!("{} {code} {} (correlation id {id})", api.status().as_u16(), fields.join(", "))
}

/// `GET /api/v2/tokens/me`: the id of the organization that the client belongs to.
struct WhoAmI;

impl Operation for WhoAmI {
    type Output = String;
    const ROUTE: Route = Route::get("/api/v2/tokens/me");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<String, Error> {
        let me: Value = response.json()?;
        Ok(me["organization"]["id"].as_str().unwrap_or("unknown").to_owned())
    }
}

// The results file.

const SENDING: &str = "sending";
const CREATED: &str = "created";
const INVALID: &str = "invalid";
const FAILED: &str = "failed";
const UNKNOWN: &str = "unknown";

const COLUMNS: [&str; 5] = ["line", "status", "contactId", "time", "message"];

struct Outcome {
    status: String,
    id: String,
    time: OffsetDateTime,
    message: String,
}

impl Outcome {
    fn now(status: &str, id: &str, message: &str) -> Self {
        let [status, id, message] = [status, id, message].map(str::to_owned);
        Self { status, id, time: OffsetDateTime::now_utc(), message }
    }
}

/// The results file. While an import runs, lines are only added to it, and the last one of a row counts.
struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// By line. Line 0 is the import itself: its random id, so that no other has the same markers, and what it is of.
    outcomes: BTreeMap<u64, Outcome>,
}

impl Journal {
    /// Opens the results file for adding to it, or makes it.
    fn open(path: &Path, of: &[String]) -> Result<Self, Problem> {
        let failed = |error| about(path, "can't be written", &error);
        let mut journal = match Self::read(path, of)? {
            Some((journal, length)) => {
                // The last line may be torn: then the script ended before it went on to what comes after the line.
                File::options().write(true).open(path).and_then(|file| file.set_len(length)).map_err(failed)?;
                journal
            }
            None => {
                let import = Outcome::now("import", &random_id(), &of.join("; "));
                let journal = Self { path: path.to_owned(), file: None, outcomes: BTreeMap::from([(0, import)]) };
                journal.replace()?;
                journal
            }
        };
        journal.file = Some(File::options().append(true).open(path).map_err(failed)?);
        Ok(journal)
    }

    /// Reads the results file, if there is one, and says how long it is without a torn last line.
    fn read(path: &Path, of: &[String]) -> Result<Option<(Self, u64)>, Problem> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(about(path, "can't be read", &error).into()),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..whole]).into_records();
        let mut outcomes = BTreeMap::new();
        if records.next().and_then(Result::ok).is_some_and(|first| first.iter().eq(COLUMNS)) {
            for (index, record) in records.enumerate() {
                let outcome = record.ok().and_then(|record| {
                    let time = OffsetDateTime::parse(&record[3], &Rfc3339).ok()?;
                    let [status, id, message] = [1, 2, 4].map(|index| record[index].to_owned());
                    Some((record[0].parse::<u64>().ok()?, Outcome { status, id, time, message }))
                });
                let unreadable = || format!("{}: line {} can't be read; restore the file", path.display(), index + 2);
                outcomes.extend([outcome.ok_or_else(unreadable)?]);
            }
        }
        let Some(import) = outcomes.get(&0) else {
            return refuse(format!(
                "{} is not a results file of an import; name another with --results",
                path.display()
            ));
        };
        if let Some((now, then)) = of.iter().zip(import.message.splitn(3, "; ")).find(|(now, then)| now != then) {
            let reason = match now.split([' ', ':']).next() {
                Some("input") => "the input was changed since",
                Some("settings") => "it was run with another --map, --ignore, --delimiter, --schema or --marker",
                _ => &format!("it went to another {then}\n  this one goes to {now}\n "),
            };
            return refuse(format!(
                "{} is of another import: {reason}. Go on as it was begun, or begin another import, which \
                 creates every row of its input: give it another file with --results",
                path.display()
            ));
        }
        let journal = Self { path: path.to_owned(), file: None, outcomes };
        Ok(Some((journal, whole as u64)))
    }

    fn key(&self, line: u64) -> String {
        // Line 0 is there: neither of the two ways to get a journal gives one without.
        format!("{}-{line}", self.outcomes[&0].id)
    }

    fn count(&self, status: &str) -> usize {
        self.outcomes.values().filter(|outcome| outcome.status == status).count()
    }

    /// Adds a line; says whether it is that a contact is created. That one is being sent must be on the disk before it
    /// is: otherwise a power failure could forget it. Other lines may be lost, because that is found out again.
    fn write(&mut self, line: u64, status: &str, id: &str, message: &str) -> Result<bool, Problem> {
        let outcome = Outcome::now(status, id, message);
        let failed = |error| about(&self.path, "can't be written", &error);
        if let Some(file) = &mut self.file {
            file.write_all(&line_of(line, &outcome)?).map_err(failed)?;
            if status == SENDING {
                file.sync_data().map_err(failed)?;
            }
        }
        self.outcomes.insert(line, outcome);
        Ok(status == CREATED)
    }

    /// The row stays unknown since it was sent.
    fn keep_unknown(&mut self, line: u64, why: String) -> bool {
        if let Some(outcome) = self.outcomes.get_mut(&line) {
            UNKNOWN.clone_into(&mut outcome.status);
            outcome.message = why;
        }
        false
    }

    /// Leaves one line for each row.
    fn tidy(&mut self) -> Result<(), Problem> {
        for outcome in self.outcomes.values_mut().filter(|outcome| outcome.status == SENDING) {
            UNKNOWN.clone_into(&mut outcome.status);
            "it is not known whether it was created; run the same command again".clone_into(&mut outcome.message);
        }
        // Some systems replace no file that is open.
        self.file = None;
        self.replace()
    }

    /// Writes the whole file anew, at once or not at all.
    fn replace(&self) -> Result<(), Problem> {
        let mut bytes = format!("{}\n", COLUMNS.join(",")).into_bytes();
        for (line, outcome) in &self.outcomes {
            bytes.extend(line_of(*line, outcome)?);
        }
        let new = beside(&self.path, ".new");
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&new, &self.path)?;
            // The name of the file, too, has to outlive a power failure.
            #[cfg(unix)]
            File::open(self.path.parent().filter(|path| *path != "").unwrap_or(Path::new(".")))?.sync_all()?;
            Ok(())
        });
        written.map_err(|error| about(&self.path, "can't be written", &error).into())
    }
}

fn line_of(line: u64, outcome: &Outcome) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let message = outcome.message.replace(char::is_control, " ");
    let time = outcome.time.format(&Rfc3339)?;
    writer.write_record([&line.to_string(), &outcome.status, &outcome.id, &time, &message])?;
    Ok(writer.into_inner().map_err(|error| error.to_string())?)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Keeps other processes off the results file until this one ends, in whatever way.
fn lock(path: &Path) -> Result<File, Problem> {
    let path = beside(path, ".lock");
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    let file = options.open(&path);
    #[cfg(unix)]
    let file = file.and_then(|file| {
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive)?;
        Ok(file)
    });
    file.map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => {
            format!("another import is running: it keeps {} locked", path.display()).into()
        }
        _ => about(&path, "can't be written", &error).into(),
    })
}
