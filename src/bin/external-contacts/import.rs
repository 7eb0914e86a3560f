//! Creates a contact for each row of a CSV file: no row is lost and none is created twice, however often the import is
//! interrupted and run again.
//!
//! Before a contact is sent, the results file says so, and the contact carries a marker of its own. A row of which the
//! file doesn't know how it ended is looked for by that marker before it is sent again.

mod journal;
mod pace;
mod rows;
mod sending;

use std::error::Error as StdError;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use genesys_external_contacts::DataSchema;
use time::OffsetDateTime;

use self::journal::{CREATED, FAILED, INVALID, Journal, SENDING, UNKNOWN};
use self::rows::{Input, Row, read_rows};
use self::sending::{Import, WhoAmI};
use crate::shared::{Connection, Failure, NOT_ALL, NOT_CLEAR, Outcome, wrong};

const URL: &str = "externalSystemUrl";
const CUSTOM: &str = "customFields.";

const AFTER_HELP: &str = "\
Columns:
  A column whose header is the name of a field goes there by itself:
    firstName middleName lastName salutation title workPhone cellPhone
    homePhone otherPhone workEmail personalEmail otherEmail address.address1
    address.address2 address.city address.state address.postalCode
    address.countryCode externalOrganization (an id) division (an id)
    surveyOptOut (true or false) externalSystemUrl customFields.NAME
  The end of a custom field's name says what it holds: _integer, _number,
  _checkbox (true or false), _tag (a|b|c), and text otherwise. All other columns
  need --map or --ignore. Empty cells are left out. A row needs a name or an
  e-mail address, by which it can be found again after a crash (unless --marker
  names a custom field).

Nothing is created twice:
  Each contact carries a marker: externalSystemUrl is set to
  https://import.invalid/<import>-<line>, or the custom field that --marker
  names to <import>-<line>. Keep it until the import is complete. The results
  file is written and synced before each contact is sent. After a crash, or an
  error that leaves open whether the contact was created, the next run searches
  for the contact by its e-mail address, its name or the custom field, and
  compares markers. If it is there, it counts as created. If it is not, it is
  sent again only when --lag has passed since it was sent, and the contact
  created before it is found. Otherwise it stays \"unknown\" until another run.
  This holds as long as a request reaches the service, and its search finds the
  new contact, within that time; the clock of this machine is right; and the
  results file is not changed or lost. The program notices if the service
  doesn't keep markers. Rows that are equal are different rows: each is created.
  A sandbox forgets its contacts when it ends; results of an import into one are
  of no use then.

Pace:
  Contacts are sent one after the other. Where the service limits the calls of a
  minute, the client waits when they are used up. Ctrl-C ends the import after
  the row that is under way; the same command goes on.";

/// Creates a contact for each row of a CSV file; run again after a crash, none twice.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// The CSV file, in UTF-8; its first row names the columns
    input: PathBuf,
    #[command(flatten)]
    connection: Connection,
    /// Put a column into a field; once for each column whose header is not the name of a field
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Leave out a column; once for each
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// What stands between two cells, one ASCII character; a comma, a semicolon (as Excel writes it in many countries) or
    /// a tab is recognized by itself
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<char>,
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

fn refuse<T>(problem: impl Into<Failure>) -> Result<T, Failure> {
    Err(problem.into())
}

pub fn run(options: &Options) -> Outcome {
    let input = fs::read(&options.input).map_err(|error| about(&options.input, "can't be read", &error))?;
    let Input { rows, delimiter, settings } = read_rows(options, &input)?;
    let path = options.results.clone().unwrap_or_else(|| options.input.with_extension("results.csv"));
    if path == options.input {
        return Err(wrong("--results names the input itself; name another file"));
    }
    let of = [format!("input {}", hash(&input)), format!("settings {}", hash(settings.as_bytes()))];
    if options.dry_run {
        return report(&rows, delimiter, &path, Journal::read(&path, &of)?);
    }
    let client = options.connection.client()?;
    let place =
        options.connection.place().unwrap_or_else(|| format!("a sandbox in memory of its own, {}", random_id()));
    let [input, settings] = of;
    let of = [input, settings, format!("place: {place}, organization {}", client.execute(&WhoAmI)?)];
    let schema = options.schema.as_ref().map(|id| client.contacts().schemas().get(id).send()).transpose()?;
    let schema = schema.map(|schema| {
        let reference = DataSchema::default().with_id(schema.id.unwrap_or_default());
        reference.with_version(schema.version.unwrap_or(1))
    });
    let journal = Journal::open(&path, &of)?;
    let created_before = journal.count(CREATED);
    let mut import = Import::new(options, client, &rows, schema, journal);
    let result = import.run();
    let tidied = import.journal.tidy();

    let count = |status| import.journal.count(status);
    let (created, invalid, failed, unknown) = (count(CREATED), count(INVALID), count(FAILED), count(UNKNOWN));
    let before =
        if created_before > 0 { format!(" ({created_before} of them by earlier runs)") } else { String::new() };
    let mut summary = format!(
        "Rows: {}. {created} created{before}, {invalid} invalid, {failed} failed, {unknown} unknown",
        rows.len()
    );
    let outcomes = import.journal.outcomes.iter();
    let problems: Vec<_> = outcomes.filter(|(_, outcome)| !["import", CREATED].contains(&&*outcome.status)).collect();
    for (line, outcome) in problems.iter().take(10) {
        summary += &format!("\n  line {line}: {}: {}", outcome.status, outcome.message);
    }
    if problems.len() > 10 {
        summary += &format!("\n  … and {} more", problems.len() - 10);
    }
    summary += &format!("\nThe results are in {}", path.display());
    if result.is_ok() && unknown > 0 {
        summary += "\nRun the same command again later: it finds out whether the unknown rows were created.";
    }
    // The import is over, whoever still listens: its exit code counts.
    let _ = writeln!(io::stdout(), "{summary}");
    result.and(tidied)?;
    Ok(if unknown > 0 {
        ExitCode::from(NOT_CLEAR)
    } else if invalid + failed > 0 {
        ExitCode::from(NOT_ALL)
    } else {
        ExitCode::SUCCESS
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
fn report(rows: &[Row], delimiter: u8, path: &Path, journal: Option<Journal>) -> Outcome {
    let outcomes = journal.map(|journal| journal.outcomes).unwrap_or_default();
    let has = |row: &&Row, statuses: &[&str]| {
        outcomes.get(&row.line).is_some_and(|outcome| statuses.contains(&&*outcome.status))
    };
    let done = rows.iter().filter(|row| has(row, &[CREATED])).count();
    let open = rows.iter().filter(|row| has(row, &[SENDING, UNKNOWN])).count();
    let invalid: Vec<_> = rows.iter().filter_map(|row| row.contact.as_ref().err().map(|why| (row.line, why))).collect();
    let mut out = io::stdout().lock();
    writeln!(out, "Rows: {}, with {:?} between the cells", rows.len(), char::from(delimiter))?;
    writeln!(out, "{:>8} would be created", rows.len() - done - open - invalid.len())?;
    writeln!(out, "{done:>8} are contacts already, by {}", path.display())?;
    writeln!(out, "{open:>8} may be contacts already, which the import would find out")?;
    writeln!(out, "{:>8} are invalid", invalid.len())?;
    for (line, why) in &invalid {
        writeln!(out, "  line {line}: {why}")?;
    }
    writeln!(out, "Nothing was sent or written.")?;
    Ok(if invalid.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL) })
}
