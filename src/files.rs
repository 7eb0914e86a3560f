//! Files that are sent and fetched outside of the API itself: what is sent, and what is known of a transfer.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;

/// Told how far a transfer is.
pub(crate) type OnProgress = Arc<Mutex<dyn FnMut(Transferred) + Send>>;

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transferred {
    /// How many bytes have been sent, or handed out. When a file is sent anew it starts again.
    pub bytes: u64,
    /// How many there are in all, where that is known.
    pub total: Option<u64>,
}

/// Tells how far a transfer is.
pub(crate) fn tell(on_progress: Option<&OnProgress>, bytes: u64, total: Option<u64>) {
    if let Some(tell) = on_progress {
        // Nothing in it is ever half changed by this crate.
        tell.lock().unwrap_or_else(PoisonError::into_inner)(Transferred { bytes, total });
    }
}

/// A file to be uploaded. It is read while it is sent, and can be read more than once, because an upload that is broken off
/// is sent anew.
///
/// `Debug` prints its size.
#[derive(Clone)]
pub struct UploadFile {
    open: Arc<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>,
    length: u64,
}

impl UploadFile {
    /// A file on disk. Nothing may change it until it has been sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): it can't be opened, or is no file.
    ///
    /// ```
    /// use genesys_external_contacts::UploadFile;
    ///
    /// assert!(UploadFile::path("no such file").is_err());
    /// assert_eq!(UploadFile::path("Cargo.toml")?.length(), std::fs::metadata("Cargo.toml").unwrap().len());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn path(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref().to_owned();
        let invalid = |problem: String| Error::invalid("path", problem);
        let metadata = File::open(&path).and_then(|file| file.metadata());
        let metadata = metadata.map_err(|error| invalid(format!("can't be opened: {error}")))?;
        if !metadata.is_file() {
            return Err(invalid("is no file".to_owned()));
        }
        let open = move || Ok(Box::new(File::open(&path)?) as Box<dyn Read + Send>);
        Ok(Self { open: Arc::new(open), length: metadata.len() })
    }

    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        let length = bytes.len() as u64;
        Self { open: Arc::new(move || Ok(Box::new(Cursor::new(Arc::clone(&bytes))))), length }
    }

    /// How many bytes it has: what [`CsvUploads::start`](crate::imports::CsvUploads::start) asks for.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The file from its beginning.
    pub(crate) fn source(&self, on_progress: Option<OnProgress>) -> io::Result<Source> {
        let reader = (self.open)()?;
        Ok(Source { reader, length: self.length, read: 0, on_progress })
    }
}

impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile").field("length", &self.length).finish_non_exhaustive()
    }
}

/// The body of a request that is streamed: a [`Transport`](crate::Transport) reads it while it sends.
///
/// It has exactly [`length`](Self::length) bytes: a file that turns out shorter or longer is an error.
pub struct Source {
    reader: Box<dyn Read + Send>,
    length: u64,
    read: u64,
    on_progress: Option<OnProgress>,
}

impl Source {
    /// No body.
    pub fn empty() -> Self {
        Self { reader: Box::new(io::empty()), length: 0, read: 0, on_progress: None }
    }

    /// How many bytes it has: what the header `Content-Length` says.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// How many of them have been read.
    pub fn read_so_far(&self) -> u64 {
        self.read
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let changed = |what| io::Error::new(io::ErrorKind::InvalidData, format!("the file has become {what}"));
        let count = self.reader.read(buffer)?;
        self.read += count as u64;
        if self.read > self.length {
            return Err(changed("longer while it was sent"));
        }
        if count == 0 && self.read < self.length {
            return Err(changed("shorter while it was sent"));
        }
        if count > 0 {
            tell(self.on_progress.as_ref(), self.read, Some(self.length));
        }
        Ok(count)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("length", &self.length).field("read", &self.read).finish_non_exhaustive()
    }
}
