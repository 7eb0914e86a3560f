//! How far an export has come, so that it can be continued in another process.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shared::Failure;

/// A cursor, and what the file holds that came before it.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Progress {
    pub cursor: Option<String>,
    pub length: u64,
    pub contacts: u64,
}

/// A file that contacts are written to page by page, and FILE.resume beside it. That has what was asked for in its first line,
/// and then a line for each page. The last complete line counts; what the file holds beyond it is written again.
pub struct Checkpoint {
    file: File,
    state_path: PathBuf,
    /// Locked as long as the export runs.
    state: File,
    pub progress: Progress,
}

impl Checkpoint {
    /// Begins a file, or goes on with it if it is to be resumed and there is something in it. `asked` is what must be the same
    /// for that, and `is_first_line` whether an export writes such a line first.
    pub fn open(
        path: &Path,
        is_resumed: bool,
        asked: &Value,
        is_first_line: impl Fn(&str) -> bool,
    ) -> Result<Self, Failure> {
        let state_path = state_path(path);
        let about = |path: &Path, problem: &str| Failure::from(format!("{}: {problem}", path.display()));
        let open = |path: &Path, is_created: bool| {
            let mut options = File::options();
            let options = options.read(true).write(true).create(is_created).truncate(false);
            options.open(path).map_err(|error| about(path, &error.to_string()))
        };
        // Where the file is empty, nothing can be lost, whatever stands in the other.
        let is_begun = fs::metadata(path).is_ok_and(|file| file.len() > 0);
        let state = match open(&state_path, !is_resumed || !is_begun) {
            Err(_) if is_resumed && !state_path.exists() => {
                let problem = "can't be continued, FILE.resume is not beside it: it is complete, or something else";
                return Err(about(path, problem));
            }
            state => state?,
        };
        match fs4::FileExt::try_lock(&state) {
            Ok(()) => {}
            Err(fs4::TryLockError::WouldBlock) => return Err(about(path, "another export is writing it")),
            Err(fs4::TryLockError::Error(error)) => return Err(about(&state_path, &error.to_string())),
        }
        let file = open(path, true)?;
        let mut checkpoint = Self { file, state_path, state, progress: Progress::default() };
        if is_resumed && is_begun {
            checkpoint.read(asked).map_err(|problem| about(path, &problem))?;
            if !checkpoint.fits(is_first_line)? {
                return Err(about(path, "was changed since, or is something else. Without --resume it is replaced"));
            }
        } else {
            // In this order: lines about a file must never stand beside another one, unless that is empty.
            checkpoint.file.set_len(0)?;
            checkpoint.state.set_len(0)?;
            checkpoint.state.write_all(format!("{asked}\n").as_bytes())?;
        }
        let length = checkpoint.progress.length;
        checkpoint.file.set_len(length)?;
        checkpoint.file.seek(SeekFrom::Start(length))?;
        Ok(checkpoint)
    }

    /// Reads how far the export came.
    fn read(&mut self, asked: &Value) -> Result<(), String> {
        let mut text = Vec::new();
        self.state.read_to_end(&mut text).map_err(|error| error.to_string())?;
        // The last line may be torn.
        let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let cut = self.state.set_len(complete as u64).and_then(|()| self.state.seek(SeekFrom::End(0)));
        cut.map_err(|error| error.to_string())?;
        let mut lines = text[..complete].lines().map_while(Result::ok);
        let then: Value = lines.next().and_then(|line| serde_json::from_str(&line).ok()).unwrap_or_default();
        let mut asked = asked.as_object().into_iter().flatten();
        if let Some((name, _)) = asked.find(|(name, value)| then.get(name) != Some(value)) {
            return Err(format!("can't be continued: {name} changed. Without --resume it is replaced"));
        }
        let last = lines.last().map(|line| serde_json::from_str(&line));
        self.progress = last.transpose().map_err(|error| error.to_string())?.unwrap_or_default();
        Ok(())
    }

    /// Whether the file can be what was written so far: it has the right beginning, and a line ends where the export stopped.
    fn fits(&mut self, is_first_line: impl Fn(&str) -> bool) -> Result<bool, Failure> {
        let Some(end) = self.progress.length.checked_sub(1) else {
            // Nothing of it counts.
            return Ok(true);
        };
        let mut first = String::new();
        self.file.rewind()?;
        let is_text = BufReader::new(&self.file).read_line(&mut first).is_ok();
        let mut last = [0];
        self.file.seek(SeekFrom::Start(end))?;
        Ok(is_text && is_first_line(&first) && self.file.read(&mut last)? == 1 && last == *b"\n")
    }

    /// Another handle on the file, to write to.
    pub fn file(&self) -> Result<File, Failure> {
        Ok(self.file.try_clone()?)
    }

    /// Stores the cursor of the page that comes after what the file holds now, after so many contacts.
    pub fn store(&mut self, cursor: &str, contacts: u64) -> Result<(), Failure> {
        // The line must never be on the disk before what it speaks of.
        self.file.sync_data()?;
        let length = self.file.metadata()?.len();
        self.progress = Progress { cursor: Some(cursor.to_owned()), length, contacts };
        let line = serde_json::to_string(&self.progress)?;
        self.state.write_all(format!("{line}\n").as_bytes())?;
        Ok(())
    }

    /// Ends the export: there is nothing to continue.
    pub fn finish(self) -> Result<(), Failure> {
        // The lock ends first: where locks are mandatory, a locked file can't be removed.
        drop(self.state);
        Ok(fs::remove_file(self.state_path)?)
    }
}

/// Where it stands how far an export has come.
pub fn state_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".resume");
    name.into()
}
