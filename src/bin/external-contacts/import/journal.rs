//! The results file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use same_file::Handle;
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
    /// Locked as long as the journal is open for writing.
    file: Option<File>,
    /// By line. Line 0 is the import itself: its random id, so that no other has the same markers, and what it is of.
    pub outcomes: BTreeMap<u64, Outcome>,
}

impl Journal {
    /// Opens the results file for adding to it, or makes it, and keeps other processes off it.
    pub fn open(path: &Path, of: &[String]) -> Result<Self, Failure> {
        let failed = |error| about(path, "can't be written", &error);
        let mut file = lock(path)?;
        // By the handle that has the lock: where locks are mandatory, no other may read.
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let journal = match Self::parse(path, &bytes, of)? {
            Some(journal) => {
                // The last line may be torn: then the program ended before it went on to what comes after the line.
                let whole = whole_lines(&bytes).len() as u64;
                file.set_len(whole).and_then(|()| file.seek(SeekFrom::Start(whole))).map_err(failed)?;
                Self { file: Some(file), ..journal }
            }
            None => {
                let import = Outcome::now("import", &random_id(), &of.join("; "));
                let journal = Self { path: path.to_owned(), file: None, outcomes: BTreeMap::from([(0, import)]) };
                let bytes = journal.bytes()?;
                let written = file.set_len(0).and_then(|()| {
                    file.rewind()?;
                    file.write_all(&bytes)?;
                    file.sync_all()?;
                    sync_folder_of(path)
                });
                written.map_err(failed)?;
                Self { file: Some(file), ..journal }
            }
        };
        Ok(journal)
    }

    /// Reads the results file, if there is one.
    pub fn read(path: &Path, of: &[String]) -> Result<Option<Self>, Failure> {
        match fs::read(path) {
            Ok(bytes) => Self::parse(path, &bytes, of),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(about(path, "can't be read", &error).into()),
        }
    }

    /// What a results file says; nothing if its making was interrupted, before anything was sent.
    fn parse(path: &Path, bytes: &[u8], of: &[String]) -> Result<Option<Self>, Failure> {
        let whole = whole_lines(bytes);
        let header = format!("{}\n", COLUMNS.join(","));
        if header.as_bytes().starts_with(bytes) || whole == header.as_bytes() {
            return Ok(None);
        }
        let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(whole).into_records();
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
        Ok(Some(Self { path: path.to_owned(), file: None, outcomes }))
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
        // At once or not at all, and while the lock is held.
        let bytes = self.bytes()?;
        let new = beside(&self.path, ".new");
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&new, &self.path)?;
            sync_folder_of(&self.path)
        });
        written.map_err(|error| about(&self.path, "can't be written", &error).into())
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = format!("{}\n", COLUMNS.join(",")).into_bytes();
        for (line, outcome) in &self.outcomes {
            bytes.extend(line_of(*line, outcome)?);
        }
        Ok(bytes)
    }
}

fn whole_lines(bytes: &[u8]) -> &[u8] {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    &bytes[..whole]
}

/// The name of a file, too, has to outlive a power failure.
fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    File::open(path.parent().filter(|path| *path != "").unwrap_or(Path::new(".")))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
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

/// Opens the results file, and keeps other processes off it until this one ends, in whatever way.
fn lock(path: &Path) -> Result<File, Failure> {
    let failed = |error| about(path, "can't be written", &error);
    loop {
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(fs4::TryLockError::WouldBlock) => {
                return refuse(format!("another import is running: it keeps {} locked", path.display()));
            }
            Err(fs4::TryLockError::Error(error)) => return Err(failed(error).into()),
        }
        // An import that ended just now may have put another file in its place.
        let locked = file.try_clone().and_then(Handle::from_file).map_err(failed)?;
        if Handle::from_path(path).is_ok_and(|there| there == locked) {
            return Ok(file);
        }
    }
}
