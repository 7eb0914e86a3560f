//! Exports contacts to CSV or JSON lines: all of them, those that a search finds, or those of one organization.

mod checkpoint;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use genesys_external_contacts::operation::Paged;
use genesys_external_contacts::{Client, ContactExpand, Error, ErrorKind, ExternalContact, Items};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use self::checkpoint::Checkpoint;
use crate::shared::{Connection, Failure, NOT_ALL, Outcome, wrong};

/// The columns of a CSV file, before those of the custom fields.
const COLUMNS: &str = "id firstName middleName lastName salutation title workPhone cellPhone homePhone otherPhone \
    workEmail personalEmail otherEmail address.address1 address.address2 address.city address.state \
    address.postalCode address.countryCode externalOrganization.id externalOrganization.name twitterId.screenName \
    surveyOptOut externalSystemUrl createDate modifyDate";
/// What `--fields` knows besides.
const MORE_COLUMNS: &str = "workPhone.e164 cellPhone.e164 homePhone.e164 otherPhone.e164 workPhone.extension \
    cellPhone.extension homePhone.extension otherPhone.extension whatsAppId lineId facebookId instagramId twitterId \
    appleOpaqueIds externalIds division.id schema.id schema.version type canonicalContact.id mergeSet";

const AFTER_HELP: &str = "\
The columns of a CSV file are the members of a contact, by their names in the
API, and the custom fields. A phone number is written as the service shows it;
workPhone.e164 is for programs. Lists are written as JSON.

Values are written as they are. A spreadsheet may take those that begin with
= + - @ for formulas, and phone numbers begin with +: import them as text.

All contacts are read by a scan, however many there are, in the order in which
the service gives them. With --q or --organization they are searched, and the
service gives out the first 1,000 contacts of a search. Where there are more,
the export says so and ends with code 3.

The names of organizations take a request for each organization. Choose columns
without externalOrganization.name to save that.";

/// How many names of organizations are kept, so that the memory has a limit.
const MOST_NAMES: usize = 10_000;

/// Exports contacts to CSV or JSON lines.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// Only contacts that match these words, at most 256 characters; all contacts unless given
    #[arg(long, value_name = "WORDS")]
    q: Option<String>,
    /// Only contacts of the organization with this id
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// The file to write, which is replaced; standard output unless given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Rows of columns, or whole contacts as JSON, one per line. Unless given, the end of the file's name says it (.csv,
    /// .jsonl), and standard output is CSV
    #[arg(long)]
    format: Option<Format>,
    /// The columns of a CSV file, with commas between; the usual ones and all custom fields unless given. The id always
    /// comes first
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Option<Vec<String>>,
    /// Continue an export of all contacts that was interrupted, within 24 hours and with the same options. FILE.resume has
    /// how far it came, until all contacts are exported
    #[arg(long, requires = "output", conflicts_with_all = ["q", "organization"])]
    resume: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

pub fn run(options: &Options) -> Outcome {
    let extension = |path: &PathBuf| path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_csv = match (options.format, options.output.as_ref().map(extension).as_deref()) {
        (Some(Format::Csv), _) | (None, None | Some("csv")) => true,
        (Some(Format::Jsonl), _) | (None, Some("jsonl")) => false,
        (None, Some(_)) => return Err(wrong("the file's name ends in neither .csv nor .jsonl; add --format")),
    };
    if !is_csv && options.fields.is_some() {
        return Err(wrong("--fields chooses the columns of a CSV file, and JSON lines hold whole contacts"));
    }
    let client = options.connection.client()?;
    let columns = if is_csv { Some(columns(&client, options.fields.as_deref())?) } else { None };
    let is_scan = options.q.is_none() && options.organization.is_none();
    let mut checkpoint = None;
    let to: Box<dyn Write> = match &options.output {
        None => Box::new(io::stdout().lock()),
        Some(path) if is_scan => {
            let opened = open(path, options, columns.as_deref())?;
            let file = opened.file()?;
            checkpoint = Some(opened);
            Box::new(file)
        }
        Some(path) => {
            // Nothing is continued with it any more.
            match fs::remove_file(checkpoint::state_path(path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
            Box::new(File::create(path).map_err(|error| format!("{}: {error}", path.display()))?)
        }
    };
    let on_terminal = options.output.is_none() && io::stdout().is_terminal();
    // Standard error that is no terminal shows no bar, either.
    let target = if on_terminal { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(None, target);
    // How many there are is known of searches only.
    bar.set_style(ProgressStyle::with_template(match is_scan {
        true => "{spinner} {human_pos} contacts, {per_sec}",
        false => "{bar:40} {human_pos} of {human_len} contacts, {eta} left",
    })?);

    let mut export = Export { to: BufWriter::new(to), columns, bar, count: 0, window: None, left_out: BTreeSet::new() };
    let result = match checkpoint {
        _ if !is_scan => export.search(&client, options),
        checkpoint => export.scan(&client, checkpoint),
    };
    // What came before an error is written, too.
    let result = result.and(export.to.flush().map_err(Failure::from));
    export.bar.finish_and_clear();
    if let Err(error) = result {
        if options.organization.is_some() && error.downcast_ref().is_some_and(Error::is_not_found) {
            return Err(format!("{error}; check the id that was given with --organization").into());
        }
        if let Some(path) = options.output.as_ref().filter(|_| is_scan && export.count > 0) {
            eprintln!("Interrupted. The same command with --resume continues {}.", path.display());
        }
        return Err(error);
    }
    export.report(options);
    Ok(if export.window.is_some() { ExitCode::from(NOT_ALL) } else { ExitCode::SUCCESS })
}

/// The columns of a CSV file. The header comes before the first contact, so that the schemas have to say which custom
/// fields there are.
fn columns(client: &Client, chosen: Option<&[String]>) -> Result<Vec<String>, Failure> {
    let mut usual: Vec<_> = COLUMNS.split_whitespace().map(str::to_owned).collect();
    let mut known: HashSet<_> =
        usual.iter().cloned().chain(MORE_COLUMNS.split_whitespace().map(str::to_owned)).collect();
    if !chosen.is_some_and(|names| names.iter().all(|name| known.contains(name))) {
        let schemas = client.contacts().schemas().list().send().map_err(|error| match error.is_forbidden() {
            true => format!("{error}. To export without custom fields, choose columns with --fields").into(),
            false => Failure::from(error),
        })?;
        let schemas = schemas.into_iter();
        let properties = schemas.filter_map(|schema| schema.json_schema?.properties);
        let custom: BTreeSet<_> = properties.flat_map(|fields| fields.into_iter().map(|(name, _)| name)).collect();
        known.extend(custom.iter().cloned());
        usual.extend(custom);
    }
    let Some(names) = chosen else {
        return Ok(usual);
    };
    if let Some(unknown) = names.iter().find(|name| !known.contains(*name)) {
        usual.extend(MORE_COLUMNS.split_whitespace().map(str::to_owned));
        return Err(wrong(format!("--fields: there is no {unknown:?}. All there are: {}", usual.join(","))));
    }
    let mut columns = vec!["id".to_owned()];
    for name in names {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    Ok(columns)
}

/// Opens the file of an export of all contacts.
fn open(path: &Path, options: &Options, columns: Option<&[String]>) -> Result<Checkpoint, Failure> {
    let variable = |name| std::env::var(name).ok();
    // All that must be the same for an export to be continued.
    let asked = json!({
        "format or columns": columns,
        "--server": options.connection.place(),
        "GENESYSCLOUD_REGION": variable("GENESYSCLOUD_REGION"),
        "GENESYSCLOUD_OAUTHCLIENT_ID": variable("GENESYSCLOUD_OAUTHCLIENT_ID"),
    });
    Checkpoint::open(path, options.resume, &asked, |line| match columns {
        Some(columns) => row(columns).is_ok_and(|header| header == line.as_bytes()),
        None => serde_json::from_str::<Value>(line).is_ok_and(|contact| contact.get("id").is_some()),
    })
}

/// A row of CSV.
fn row(cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<Vec<u8>> {
    let mut row = csv::Writer::from_writer(Vec::new());
    row.write_record(cells)?;
    row.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// What a column shows of a contact.
fn cell(contact: &Value, column: &str) -> String {
    let member = column.split('.').try_fold(contact, |value, name| value.get(name));
    match member.or_else(|| contact.get("customFields")?.get(column)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        // A phone number, unless the column names one of its members.
        Some(value) => value.get("display").and_then(Value::as_str).map_or_else(|| value.to_string(), str::to_owned),
    }
}

/// An export while it runs.
struct Export {
    to: BufWriter<Box<dyn Write>>,
    columns: Option<Vec<String>>,
    /// How many contacts were exported, before an interruption, too.
    count: u64,
    /// Of a search that found more than the service gives out, or than came: how many it found, and whether the window is
    /// the reason.
    window: Option<(Option<u64>, bool)>,
    left_out: BTreeSet<String>,
    bar: ProgressBar,
}

impl Export {
    /// The first row of a CSV file.
    fn header(&mut self) -> io::Result<()> {
        let header = self.columns.as_ref().map(row).transpose()?;
        self.to.write_all(&header.unwrap_or_default())
    }

    fn contact(&mut self, contact: &ExternalContact) -> io::Result<()> {
        let Some(columns) = &self.columns else {
            serde_json::to_writer(&mut self.to, contact)?;
            return self.to.write_all(b"\n");
        };
        let contact = serde_json::to_value(contact)?;
        let custom = contact.get("customFields").and_then(Value::as_object).into_iter().flatten();
        let left_out = custom.map(|(name, _)| name).filter(|name| !columns.contains(name));
        self.left_out.extend(left_out.cloned());
        self.to.write_all(&row(columns.iter().map(|column| cell(&contact, column)))?)
    }

    fn has_names(&self) -> bool {
        self.columns.iter().flatten().any(|column| column == "externalOrganization.name")
    }

    /// All contacts, a page at a time. The cursor of the next page is stored when a page is in the file.
    fn scan(&mut self, client: &Client, mut checkpoint: Option<Checkpoint>) -> Result<(), Failure> {
        let begin = checkpoint.as_ref().map(|checkpoint| checkpoint.progress.clone()).unwrap_or_default();
        if begin.length == 0 {
            self.header()?;
        }
        self.count = begin.contacts;
        self.bar.set_position(self.count);
        let mut scan = client.contacts().scan();
        let mut is_resumed = begin.cursor.is_some();
        if let Some(cursor) = begin.cursor {
            scan = scan.cursor(cursor);
        }
        let mut names = self.has_names().then(HashMap::new);
        let mut pages = scan.pages().prefetch();
        while let Some(page) = pages.next() {
            let page = page.map_err(|error| match is_resumed && matches!(error.kind(), ErrorKind::Api(_)) {
                true => Failure::from(format!("{error}. Without --resume the export begins anew")),
                false => error.into(),
            })?;
            is_resumed = false;
            let mut page = page.entities.unwrap_or_default();
            if let Some(names) = &mut names {
                name_organizations(client, &mut page, names)?;
            }
            for contact in &page {
                self.contact(contact)?;
            }
            self.to.flush()?;
            self.count += page.len() as u64;
            self.bar.set_position(self.count);
            // After the last page there is none: were the program killed now, that page would be written again.
            if let (Some(checkpoint), Some(cursor)) = (&mut checkpoint, pages.cursor()) {
                checkpoint.store(cursor, self.count)?;
            }
        }
        self.to.flush()?;
        checkpoint.map_or(Ok(()), Checkpoint::finish)
    }

    fn search(&mut self, client: &Client, options: &Options) -> Result<(), Failure> {
        self.header()?;
        let has_names = self.has_names();
        // Two types with the same setters.
        macro_rules! walk {
            ($request:expr) => {{
                let mut request = $request;
                if let Some(words) = &options.q {
                    request = request.q(words);
                }
                if has_names {
                    request = request.expand([ContactExpand::ExternalOrganization]);
                }
                self.walk(request.items().prefetch())
            }};
        }
        match &options.organization {
            Some(id) => walk!(client.organizations().contacts(id).search()),
            None => walk!(client.contacts().search()),
        }
    }

    /// The contacts of a search, of which the service gives out only so many.
    fn walk<O: Paged<Item = ExternalContact>>(&mut self, mut items: Items<O>) -> Result<(), Failure> {
        let mut seen = HashSet::new();
        while let Some(contact) = items.next() {
            self.bar.set_length(items.total().unwrap_or_default());
            let contact = match contact {
                Err(error) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => {
                    self.window = Some((items.total(), true));
                    return Ok(());
                }
                contact => contact?,
            };
            // It comes twice where others are created or deleted meanwhile.
            if seen.insert(contact.id.clone()) {
                self.contact(&contact)?;
                self.count += 1;
                self.bar.inc(1);
            }
        }
        let is_more = items.total().filter(|total| *total > self.count);
        self.window = is_more.map(|total| (Some(total), false));
        Ok(())
    }

    fn report(&self, options: &Options) {
        let contacts = if self.count == 1 { "1 contact".to_owned() } else { format!("{} contacts", self.count) };
        let to = options.output.as_ref().map_or_else(String::new, |path| format!(" to {}", path.display()));
        eprintln!("Exported {contacts}{to}.");
        if options.fields.is_none() && !self.left_out.is_empty() {
            let names: Vec<_> = self.left_out.iter().map(String::as_str).collect();
            let names = names.join(", ");
            eprintln!("Custom fields that no schema has are left out: {names}. --format jsonl has everything.");
        }
        let Some((total, is_cut)) = self.window else {
            return;
        };
        let total = total.map_or_else(|| "more".to_owned(), |total| total.to_string());
        eprintln!("NOT ALL: {total} contacts match, and the service gave out {} of them.", self.count);
        if is_cut {
            eprintln!(
                "It gives out the first 1,000 of a search only. To get the others, export smaller parts with --q,"
            );
            eprintln!("or all contacts, without --q and --organization.");
        } else {
            eprintln!("Some were changed meanwhile, or it was too slow to find them: export again.");
        }
    }
}

/// Gives the organizations of contacts their names, which a scan leaves out. `names` are those that are known by their ids.
fn name_organizations(
    client: &Client,
    contacts: &mut [ExternalContact],
    names: &mut HashMap<String, Option<String>>,
) -> Result<(), Failure> {
    for organization in contacts.iter_mut().filter_map(|contact| contact.external_organization.as_mut()) {
        let Some(id) = &organization.id else { continue };
        if !names.contains_key(id) {
            if names.len() >= MOST_NAMES {
                names.clear();
            }
            let fetched = client.organizations().get(id).optional().send();
            let fetched = fetched.map_err(|error| match error.is_forbidden() {
                true => {
                    let how = "choose columns without externalOrganization.name with --fields";
                    format!("{error}. To export without the names of organizations, {how}").into()
                }
                false => Failure::from(error),
            })?;
            names.insert(id.clone(), fetched.and_then(|organization| organization.name));
        }
        organization.name = names.get(id).cloned().flatten();
    }
    Ok(())
}
