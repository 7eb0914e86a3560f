use std::io::Write;

use hmac_sha256::Hash;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, IF_RANGE, LOCATION, RANGE};
use http::{HeaderMap, StatusCode, Uri};

use super::call::after;
use super::{Body, Client, Download, maybe_async};
use crate::decide::file::{self, Answer, MOST_FAILURES, MOST_REDIRECTS};
use crate::entity::Exported;
use crate::error::{Error, FileError, FileProblem, RawBody, TransportError};
use crate::exports::GetExport;
use crate::files::{OnProgress, Source, Transferred, tell};
use crate::imports::{GetImportJob, ImportJob, ImportMetadata};
use crate::meta::Meta;
use crate::operation::{CallOptions, Operation, Request};
use crate::wire;

/// A download, and where it stands.
pub(crate) struct Fetch<O: Operation> {
    client: Client,
    /// Reads the job again, for a fresh URL.
    operation: O,
    options: CallOptions,
    url_of: fn(&O::Output) -> Option<&str>,
    pub(super) max_size: Option<u64>,
    pub(super) on_progress: Option<OnProgress>,
    url: Option<Uri>,
    body: Option<Box<dyn Body>>,
    /// How many bytes have been handed out, and their digest.
    bytes: u64,
    digest: Hash,
    total: Option<u64>,
    /// What tells the file from others, where the host gives parts of it.
    tag: Option<HeaderValue>,
    /// How many bytes of a body are still to be skipped, and the digest of those that were.
    skip: Option<(u64, Hash)>,
    /// How many times in a row it went wrong without a new byte.
    failures: u32,
    /// A token that the host didn't accept.
    refused: Option<HeaderValue>,
}

impl<O: Operation> Fetch<O> {
    fn new(request: Request<Client, O>, url_of: fn(&O::Output) -> Option<&str>) -> Self {
        let Request { client, operation, options } = request;
        Self {
            client,
            operation,
            options,
            url_of,
            max_size: None,
            on_progress: None,
            url: None,
            body: None,
            bytes: 0,
            digest: Hash::new(),
            total: None,
            tag: None,
            skip: None,
            failures: 0,
            refused: None,
        }
    }

    fn error(&self, problem: FileProblem) -> Error {
        let host = self.url.as_ref().and_then(Uri::host).map(str::to_owned);
        FileError { problem, host, bytes: self.bytes }.into()
    }

    /// From where on the file is asked for: parts are good only of a file that can be told from others.
    fn from(&self) -> u64 {
        if self.tag.is_some() { self.bytes } else { 0 }
    }

    /// Takes in a part of a body, and gives what of it is new.
    fn take(&mut self, mut chunk: Vec<u8>) -> Result<Option<Vec<u8>>, Error> {
        if let Some((left, digest)) = &mut self.skip {
            let count = usize::try_from(*left).unwrap_or(usize::MAX).min(chunk.len());
            digest.update(&chunk[..count]);
            *left -= count as u64;
            chunk.drain(..count);
            if *left > 0 {
                return Ok(None);
            }
            let is_same = digest.finalize() == self.digest.finalize();
            self.skip = None;
            if !is_same {
                return Err(self.error(FileProblem::Changed));
            }
        }
        if chunk.is_empty() {
            return Ok(None);
        }
        let bytes = self.bytes + chunk.len() as u64;
        if let Some(limit) = self.max_size.filter(|limit| bytes > *limit) {
            return Err(self.error(FileProblem::TooLarge { limit }));
        }
        self.bytes = bytes;
        self.digest.update(&chunk);
        self.failures = 0;
        tell(self.on_progress.as_ref(), bytes, self.total);
        Ok(Some(chunk))
    }

    /// Takes in an answer that begins a body.
    fn begin(
        &mut self,
        headers: &HeaderMap,
        total: Option<u64>,
        is_whole: bool,
        body: Box<dyn Body>,
    ) -> Result<(), Error> {
        if is_whole {
            self.skip = (self.bytes > 0).then(|| (self.bytes, Hash::new()));
            self.tag = file::strong_tag(headers);
            if total.is_some_and(|total| total < self.bytes) {
                return Err(self.error(FileProblem::Changed));
            }
        }
        self.total = total.or(self.total.filter(|_| !is_whole));
        match (self.total, self.max_size) {
            (Some(total), Some(limit)) if total > limit => Err(self.error(FileProblem::TooLarge { limit })),
            _ => {
                self.body = Some(body);
                Ok(())
            }
        }
    }
}

#[maybe_async]
impl<O: Operation> Fetch<O> {
    /// The next part of the file; `None` is its end. Takes and gives back the download, so that a step can run in a future of
    /// its own.
    pub(crate) async fn step(mut self) -> (Self, Option<Result<Vec<u8>, Error>>) {
        let next = self.next().await;
        (self, next.transpose())
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let Some(body) = &mut self.body else { if self.open().await? { continue } else { return Ok(None) } };
            match body.chunk().await {
                Ok(Some(chunk)) => {
                    if let Some(chunk) = self.take(chunk)? {
                        return Ok(Some(chunk));
                    }
                }
                // A body may end early and not say so.
                Ok(None) if self.skip.is_some() || self.total.is_some_and(|total| self.bytes < total) => {
                    let kind = crate::TransportErrorKind::Reset;
                    let error = TransportError::new(kind, "the file ended before its announced length");
                    self.fail(FileProblem::Broken(error), None).await?;
                }
                Ok(None) if self.total.is_some_and(|total| self.bytes > total) => {
                    return Err(self.error(FileProblem::Changed));
                }
                Ok(None) => return Ok(None),
                Err(error) => self.fail(FileProblem::Broken(error), None).await?,
            }
        }
    }

    /// Takes a failure in, and waits until the next try, if there is one.
    async fn fail(&mut self, problem: FileProblem, asked: Option<std::time::Duration>) -> Result<(), Error> {
        self.body = None;
        self.skip = None;
        self.failures += 1;
        let is_hopeless = matches!(&problem, FileProblem::Broken(error) if !error.kind().is_passing());
        let error = self.error(problem);
        if is_hopeless || self.failures > MOST_FAILURES {
            return Err(error);
        }
        let wait = file::wait(self.failures, asked);
        log::warn!("a download was interrupted after {} bytes, next in {} ms", self.bytes, wait.as_millis());
        let transport = self.client.transport();
        transport.sleep_until(after(transport.now(), wait)).await;
        Ok(())
    }

    /// The URL of the file: the one that is known, or that of the job as it is now.
    async fn url(&mut self) -> Result<Uri, Error> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let answer = self.client.answer(&self.operation, &self.options).await?;
        let url = (self.url_of)(&answer.output).filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| self.error(FileProblem::NoFile))?;
        // It may be a path of the API.
        let url =
            if url.starts_with('/') { format!("{}{url}", self.client.inner.api.as_str()) } else { url.to_owned() };
        let url: Uri = url.parse().map_err(|_| self.error(FileProblem::Url))?;
        if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none_or(str::is_empty) {
            return Err(self.error(FileProblem::Url));
        }
        self.url = Some(url.clone());
        Ok(url)
    }

    /// Asks for the file, or for what is still missing of it. `false` is that nothing is missing.
    async fn open(&mut self) -> Result<bool, Error> {
        let url = self.url().await?;
        let limits = self.options.limits.unwrap_or(self.client.inner.limits);
        // The token goes to the host of the API, and not where that redirects to.
        let mut authorization = None;
        if file::is_host_of(self.client.inner.api.as_str(), &url) {
            let session = &self.client.inner.session;
            let transport = &self.client.inner.transport;
            let until = transport.now().checked_add(limits.call_timeout);
            authorization = Some(session.authorization(transport, until, self.refused.as_ref()).await?);
        }
        let from = self.from();
        let mut at = url;
        let mut redirects = 0;
        loop {
            let mut request = http::Request::new(Source::empty());
            *request.uri_mut() = at.clone();
            let headers = request.headers_mut();
            wire::identify(headers);
            // Parts of what was compressed on the way would not fit together.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            if let Some(authorization) = authorization.as_ref().filter(|_| redirects == 0) {
                headers.insert(AUTHORIZATION, authorization.clone());
            }
            if let (Some(tag), Ok(range)) = (&self.tag, HeaderValue::try_from(format!("bytes={from}-")))
                && from > 0
            {
                headers.insert(RANGE, range);
                headers.insert(IF_RANGE, tag.clone());
            }
            let response = match self.client.transport().stream(request, limits).await {
                Ok(response) => response,
                Err(error) => {
                    self.fail(FileProblem::Broken(error), None).await?;
                    return Ok(true);
                }
            };
            let (parts, body) = response.into_parts();
            let answer = file::answer(parts.status, &parts.headers, from);
            log::debug!("a file: {}", parts.status.as_u16());
            match answer {
                Answer::Whole(total) => self.begin(&parts.headers, total, true, body)?,
                Answer::Part(total) => self.begin(&parts.headers, total, false, body)?,
                Answer::Complete => return Ok(false),
                Answer::Redirect => {
                    redirects += 1;
                    if redirects > MOST_REDIRECTS {
                        return Err(self.error(FileProblem::Redirect("redirected more than five times")));
                    }
                    let location = parts.headers.get(LOCATION).and_then(|location| location.to_str().ok());
                    at = file::redirect(&at, location).map_err(|why| self.error(FileProblem::Redirect(why)))?;
                    continue;
                }
                Answer::WrongPart => {
                    self.tag = None;
                    self.fail(refused(parts.status, body).await, None).await?;
                }
                Answer::Unauthorized
                    if self.refused.is_none() && authorization.is_some() && self.client.inner.session.can_renew() =>
                {
                    self.refused = authorization;
                }
                Answer::Stale | Answer::Unauthorized => {
                    let asked = Meta::new(parts.status, parts.headers).retry_after();
                    self.fail(refused(parts.status, body).await, asked).await?;
                    // Read the job again: the URL may have expired.
                    self.url = None;
                }
                Answer::Later => {
                    let asked = Meta::new(parts.status, parts.headers).retry_after();
                    self.fail(refused(parts.status, body).await, asked).await?;
                }
                Answer::Refused => {
                    let problem = refused(parts.status, body).await;
                    return Err(self.error(problem));
                }
            }
            return Ok(true);
        }
    }
}

/// A refusal, with the start of its body.
#[maybe_async]
pub(super) async fn refused(status: StatusCode, mut body: Box<dyn Body>) -> FileProblem {
    // Whatever the body is: there was a status.
    let start = body.chunk().await.ok().flatten().unwrap_or_default();
    FileProblem::Refused { status, body_start: RawBody::start_of(&start) }
}

impl<E: Exported> Request<Client, GetExport<E>> {
    /// Fetches the file of the export, part by part or [into something](Download::write_to).
    ///
    /// In which format the file is, is undocumented. The export must have ended: [`wait`](Request::wait).
    pub fn download(self) -> Download<GetExport<E>> {
        Download::new(Fetch::new(self, |export| export.download_url.as_deref()))
    }
}

fn in_metadata(job: &ImportJob, url: fn(&ImportMetadata) -> Option<&String>) -> Option<&str> {
    job.metadata.as_ref().and_then(url).map(String::as_str)
}

impl Request<Client, GetImportJob> {
    /// Fetches the report of the dry run, part by part or [into something](Download::write_to). The dry run must have ended:
    /// [`wait_validated`](Request::wait_validated).
    pub fn dry_run_report(self) -> Download<GetImportJob> {
        Download::new(Fetch::new(self, |job| {
            in_metadata(job, |metadata| metadata.dry_run_report_download_url.as_ref())
        }))
    }

    /// Fetches the report of the import, part by part or [into something](Download::write_to). The import must have ended:
    /// [`wait_finished`](Request::wait_finished).
    pub fn report(self) -> Download<GetImportJob> {
        Download::new(Fetch::new(self, |job| in_metadata(job, |metadata| metadata.import_report_download_url.as_ref())))
    }
}

impl<O: Operation + 'static> Download<O> {
    /// How many bytes the file may have. There is no limit unless one is set here: that of answers of the API doesn't count.
    pub fn max_size(self, bytes: u64) -> Self {
        self.set(|fetch| fetch.max_size = Some(bytes))
    }

    /// Tells how far the download is, each time that a part has come.
    pub fn on_progress(self, tell: impl FnMut(Transferred) + Send + 'static) -> Self {
        let tell = std::sync::Arc::new(std::sync::Mutex::new(tell));
        self.set(|fetch| fetch.on_progress = Some(tell))
    }
}

#[maybe_async]
impl<O: Operation + 'static> Download<O> {
    /// Writes the file to where it belongs, as it comes, and returns how many bytes it has. After an error, what has been
    /// written is the beginning of the file.
    ///
    /// The async flavour writes where it runs: for a slow disk, take the parts and write them elsewhere.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File), whose [`problem`](FileError::problem) says why; and what reading the job
    /// gives.
    pub async fn write_to<W: Write + Send>(mut self, out: &mut W) -> Result<u64, Error> {
        let mut bytes = 0;
        let io = |error, bytes| {
            let problem = FileProblem::Io(std::sync::Arc::new(error));
            Error::from(FileError { problem, host: None, bytes })
        };
        #[allow(clippy::while_let_on_iterator, reason = "in the async flavour it is none")]
        while let Some(chunk) = self.next().await {
            let chunk = chunk?;
            out.write_all(&chunk).map_err(|error| io(error, bytes))?;
            bytes += chunk.len() as u64;
        }
        out.flush().map_err(|error| io(error, bytes))?;
        Ok(bytes)
    }
}
