//! The results file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{about, random_id, refuse};
use crate::shared::Failure;

pub const SENDING: &str = "sending";
pub const CREATED: &str = "created";
pub const INVALID: &str = "invalid";
pub const FAILED: &str = "failed";
pub const UNKNOWN: &str = "unknown";

const COLUMNS: [&str; 5] = ["line", "status", "contactId", "time", "message"];

pub struct Outcome {
    pub status: String,
    pub id: String,
    pub time: OffsetDateTime,
    pub message: String,
}

impl Outcome {
    fn now(status: &str, id: &str, message: &str) -> Self {
        let [status, id, message] = [status, id, message].map(str::to_owned);
        Self { status, id, time: OffsetDateTime::now_utc(), message }
    }
}

/// The results file. While an import runs, lines are only added to it, and the last one of a row counts.
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// By line. Line 0 is the import itself: its random id, so that no other has the same markers, and what it is of.
    pub outcomes: BTreeMap<u64, Outcome>,
}

impl Journal {
    /// Opens the results file for adding to it, or makes it.
    pub fn open(path: &Path, of: &[String]) -> Result<Self, Failure> {
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
    pub fn read(path: &Path, of: &[String]) -> Result<Option<(Self, u64)>, Failure> {
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

    pub fn key(&self, line: u64) -> String {
        // Line 0 is there: neither of the two ways to get a journal gives one without.
        format!("{}-{line}", self.outcomes[&0].id)
    }

    pub fn count(&self, status: &str) -> usize {
        self.outcomes.values().filter(|outcome| outcome.status == status).count()
    }

    /// Adds a line; says whether it is that a contact is created. That one is being sent must be on the disk before it
    /// is: otherwise a power failure could forget it. Other lines may be lost, because that is found out again.
    pub fn write(&mut self, line: u64, status: &str, id: &str, message: &str) -> Result<bool, Failure> {
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
    pub fn keep_unknown(&mut self, line: u64, why: String) -> bool {
        if let Some(outcome) = self.outcomes.get_mut(&line) {
            UNKNOWN.clone_into(&mut outcome.status);
            outcome.message = why;
        }
        false
    }

    /// Leaves one line for each row.
    pub fn tidy(&mut self) -> Result<(), Failure> {
        for outcome in self.outcomes.values_mut().filter(|outcome| outcome.status == SENDING) {
            UNKNOWN.clone_into(&mut outcome.status);
            "it is not known whether it was created; run the same command again".clone_into(&mut outcome.message);
        }
        // Some systems replace no file that is open.
        self.file = None;
        self.replace()
    }

    /// Writes the whole file anew, at once or not at all.
    fn replace(&self) -> Result<(), Failure> {
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

fn line_of(line: u64, outcome: &Outcome) -> Result<Vec<u8>, Failure> {
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
pub fn lock(path: &Path) -> Result<File, Failure> {
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
