//! Exports contacts to CSV or JSON lines: all of them, those that a search finds, or those of one organization.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal as _, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use genesys_external_contacts::operation::Paged;
use genesys_external_contacts::{Client, ContactExpand, ContactSort, Error, ErrorKind, ExternalContact, Items};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

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

The service gives out the first 1,000 contacts of a search. Where there are
more, the export says so and ends with code 3.";

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
    /// Continue an export that was interrupted, after its last complete contact. What was looked for must be the same: it
    /// is kept in FILE.resume until all contacts are exported
    #[arg(long, requires = "output")]
    resume: bool,
    /// Where there are more than 1,000 contacts, search again by last name, first name, middle name and title, from both
    /// ends. That often finds all of up to 2,000 and part of more, and says whether any are missing
    #[arg(long)]
    split: bool,
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
    let (to, on_file): (Box<dyn Write>, _) = match &options.output {
        Some(path) => {
            let (file, on_file) = open(path, options, columns.as_deref())?;
            (Box::new(file), on_file)
        }
        None => (Box::new(io::stdout().lock()), None),
    };
    let on_terminal = options.output.is_none() && io::stdout().is_terminal();
    // Standard error that is no terminal shows no bar, either.
    let target = if on_terminal { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(None, target);
    bar.set_style(ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} contacts, {eta} left")?);

    let is_new = on_file.is_none();
    let mut export = Export {
        to: BufWriter::new(to),
        columns,
        bar,
        on_file: on_file.unwrap_or_default(),
        seen: HashSet::new(),
        total: None,
        is_cut: false,
        left_out: BTreeSet::new(),
    };
    if let Some(columns) = export.columns.clone().filter(|_| is_new) {
        export.row(columns)?;
    }
    let result = export.search(&client, options);
    // What came before an error is written, too.
    let result = result.and(export.to.flush().map_err(Failure::from));
    export.bar.finish_and_clear();
    if let Err(error) = result {
        if options.organization.is_some() && error.downcast_ref().is_some_and(Error::is_not_found) {
            return Err(format!("{error}; check the id that was given with --organization").into());
        }
        if let Some(path) = options.output.as_ref().filter(|_| !export.seen.is_empty()) {
            eprintln!("Interrupted. The same command with --resume continues {}.", path.display());
        }
        return Err(error);
    }
    export.report(options);
    if !export.is_complete() {
        return Ok(ExitCode::from(NOT_ALL));
    }
    options.output.as_ref().map_or(Ok(()), |path| fs::remove_file(resume_file(path)))?;
    Ok(ExitCode::SUCCESS)
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

fn resume_file(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".resume");
    name.into()
}

/// Opens the file. If an export is to be continued, reads the ids of the contacts that are in it.
fn open(
    path: &Path,
    options: &Options,
    columns: Option<&[String]>,
) -> Result<(File, Option<HashSet<String>>), Failure> {
    let failed = |path: &Path, problem: &str| Failure::from(format!("{}: {problem}", path.display()));
    let variable = |name| std::env::var(name).ok();
    // All that must be the same for an export to be continued.
    let criteria = json!({
        "--q": options.q,
        "--organization": options.organization,
        "format or columns": columns,
        "GENESYSCLOUD_REGION": variable("GENESYSCLOUD_REGION"),
        "GENESYSCLOUD_OAUTHCLIENT_ID": variable("GENESYSCLOUD_OAUTHCLIENT_ID"),
    });
    let state_path = resume_file(path);
    if !options.resume || !path.exists() {
        // In this order: a state must never stand beside a file that was written for other criteria.
        let file = File::create(path).map_err(|error| failed(path, &error.to_string()))?;
        fs::write(&state_path, criteria.to_string()).map_err(|error| failed(&state_path, &error.to_string()))?;
        return Ok((file, None));
    }
    let state = fs::read_to_string(&state_path).map_err(|_| {
        failed(path, "can't be continued, FILE.resume is not beside it: it is complete, or something else")
    })?;
    let state: Value = serde_json::from_str(&state).unwrap_or_default();
    let mut members = criteria.as_object().into_iter().flatten();
    if let Some((name, _)) = members.find(|(name, value)| state.get(name) != Some(value)) {
        let problem = format!("can't be continued: {name} changed. Without --resume it is replaced");
        return Err(failed(path, &problem));
    }
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(|e| failed(path, &e.to_string()))?;
    let length = complete_length(BufReader::new(&file), columns.is_some())?;
    file.rewind()?;
    let ids = ids_in(BufReader::new(&file).take(length), columns);
    let ids = ids.ok_or_else(|| failed(path, "holds what no export wrote. Without --resume it is replaced"))?;
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;
    Ok((file, (length > 0).then_some(ids)))
}

/// Up to where a file holds complete records: the last line may be torn, or end within a quoted value.
fn complete_length(mut file: impl BufRead, is_csv: bool) -> io::Result<u64> {
    let (mut read, mut complete, mut is_quoted) = (0, 0, false);
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        read += line.len() as u64;
        is_quoted ^= is_csv && line.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        if line.ends_with(b"\n") && !is_quoted {
            complete = read;
        }
        line.clear();
    }
    Ok(complete)
}

/// The ids of the contacts in a file, or nothing if it was not written with these columns.
fn ids_in(file: impl BufRead, columns: Option<&[String]>) -> Option<HashSet<String>> {
    let Some(columns) = columns else {
        let contacts = file.lines().map(|line| serde_json::from_str::<Value>(&line.ok()?).ok());
        return contacts.map(|contact| Some(contact?.get("id")?.as_str()?.to_owned())).collect();
    };
    let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(file).into_records();
    if !records.next().is_none_or(|header| header.is_ok_and(|header| header == *columns)) {
        return None;
    }
    records.map(|record| Some(record.ok()?.get(0)?.to_owned())).collect()
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

/// An export while it runs. It keeps ids, of which the service gives out only so many.
struct Export {
    to: BufWriter<Box<dyn Write>>,
    columns: Option<Vec<String>>,
    on_file: HashSet<String>,
    seen: HashSet<String>,
    total: Option<u64>,
    is_cut: bool,
    left_out: BTreeSet<String>,
    bar: ProgressBar,
}

impl Export {
    /// A row of CSV.
    fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        let mut row = csv::Writer::from_writer(Vec::new());
        row.write_record(cells)?;
        self.to.write_all(&row.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
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
        self.row(columns.iter().map(|column| cell(&contact, column)).collect::<Vec<_>>())
    }

    fn search(&mut self, client: &Client, options: &Options) -> Result<(), Failure> {
        let fields = [ContactSort::LastName, ContactSort::FirstName, ContactSort::MiddleName, ContactSort::Title];
        let orders = fields.into_iter().flat_map(|field| [field.clone().asc(), field.desc()]).map(Some);
        let searches = if options.split { usize::MAX } else { 1 };
        let with_names = self.columns.iter().flatten().any(|column| column == "externalOrganization.name");
        // Two types with the same setters.
        macro_rules! walk {
            ($request:expr, $order:expr) => {{
                let mut request = $request;
                if let Some(words) = &options.q {
                    request = request.q(words);
                }
                if let Some(order) = $order {
                    request = request.sort(order);
                }
                if with_names {
                    request = request.expand([ContactExpand::ExternalOrganization]);
                }
                self.walk(request.items().prefetch())
            }};
        }
        for order in std::iter::once(None).chain(orders).take(searches) {
            match &options.organization {
                Some(id) => walk!(client.organizations().contacts(id).search(), order)?,
                None => walk!(client.contacts().search(), order)?,
            }
            if !self.is_cut || self.is_complete() {
                break;
            }
        }
        Ok(())
    }

    fn walk<O: Paged<Item = ExternalContact>>(&mut self, mut items: Items<O>) -> Result<(), Failure> {
        self.is_cut = false;
        while let Some(contact) = items.next() {
            self.total = items.total();
            self.bar.set_length(self.total.unwrap_or_default());
            let contact = match contact {
                Err(error) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => {
                    self.is_cut = true;
                    break;
                }
                contact => contact?,
            };
            let id = contact.id.clone().unwrap_or_default();
            // It comes twice where others are created or deleted meanwhile, and in several orders.
            if !self.seen.insert(id.clone()) {
                continue;
            }
            self.bar.inc(1);
            if !self.on_file.contains(&id) {
                self.contact(&contact)?;
            }
        }
        Ok(())
    }

    fn is_complete(&self) -> bool {
        self.total.map_or(!self.is_cut, |total| self.seen.len() as u64 >= total)
    }

    fn report(&self, options: &Options) {
        let count = self.seen.union(&self.on_file).count();
        let contacts = if count == 1 { "1 contact".to_owned() } else { format!("{count} contacts") };
        let to = options.output.as_ref().map_or_else(String::new, |path| format!(" to {}", path.display()));
        eprintln!("Exported {contacts}{to}.");
        if options.fields.is_none() && !self.left_out.is_empty() {
            let names: Vec<_> = self.left_out.iter().map(String::as_str).collect();
            let names = names.join(", ");
            eprintln!("Custom fields that no schema has are left out: {names}. --format jsonl has everything.");
        }
        if self.is_complete() {
            return;
        }
        let total = self.total.map_or_else(|| "more".to_owned(), |total| total.to_string());
        eprintln!("NOT ALL: {total} contacts match, and the service gave out {} of them.", self.seen.len());
        if !self.is_cut {
            eprintln!("Some were changed meanwhile, or it was too slow to find them: export again.");
            return;
        }
        eprintln!("It gives out the first 1,000 of a search only. To get the others, export parts with --q or by");
        eprintln!("--organization that are small enough{}.", if options.split { "" } else { ", or try --split" });
    }
}
