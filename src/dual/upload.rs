use http::header::{HeaderName, HeaderValue};
use http::{Method, Uri};

use super::call::after;
use super::download::refused;
use super::{Client, maybe_async};
use crate::decide::file::{self, Answer};
use crate::error::{Error, FileError, FileProblem};
use crate::files::{OnProgress, Source, Transferred, UploadFile};
use crate::imports::{CsvUpload, CsvUploads};
use crate::meta::Meta;
use crate::wire;

flavored! {
    #[must_use = "nothing is sent until `send`"]
    pub struct Upload {
        client: Client,
        upload: CsvUpload,
        file: UploadFile,
        on_progress: Option<OnProgress>,
    }
}

impl CsvUploads<Client> {
    /// Sends a file to where [`start`](CsvUploads::start) said, with exactly the headers that it gave, and without the
    /// token. Then [`details`](CsvUploads::details) says what the service makes of it.
    ///
    /// The file is read while it is sent. If that breaks off, it is sent anew, once: the second takes the place of the first.
    pub fn put(&self, upload: CsvUpload, file: UploadFile) -> Upload {
        Upload { client: self.client.clone(), upload, file, on_progress: None }
    }
}

impl Upload {
    /// Tells how far the upload is, each time that a part has gone out.
    pub fn on_progress(mut self, tell: impl FnMut(Transferred) + Send + 'static) -> Self {
        self.on_progress = Some(std::sync::Arc::new(std::sync::Mutex::new(tell)));
        self
    }

    fn request(&self) -> Result<http::Request<Source>, Error> {
        let url = self.upload.upload_url.as_deref().and_then(|url| url.parse::<Uri>().ok());
        let url = url.filter(|url| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some());
        let url = url.ok_or_else(|| FileError { problem: FileProblem::Url, host: None, bytes: 0 })?;
        let io = |error| FileError { problem: FileProblem::Io(std::sync::Arc::new(error)), host: None, bytes: 0 };
        let source = self.file.source(self.on_progress.clone()).map_err(io)?;
        let mut request = http::Request::new(source);
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = url;
        wire::identify(request.headers_mut());
        for header in self.upload.upload_headers.iter().flatten() {
            let name = header.name.as_deref().and_then(|name| HeaderName::try_from(name).ok());
            let value = header.value.as_deref().and_then(|value| HeaderValue::try_from(value).ok());
            let (Some(name), Some(value)) = (name, value) else {
                return Err(Error::invalid("upload", "has a header that HTTP can't carry; start a new upload"));
            };
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

#[maybe_async]
impl Upload {
    /// Sends the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File), whose [`problem`](FileError::problem) says why. After any of them, a new
    /// upload can be started: one that did not arrive as a whole is none.
    pub async fn send(self) -> Result<(), Error> {
        let limits = self.client.inner.limits;
        let transport = self.client.transport();
        let mut is_last = false;
        loop {
            let request = self.request()?;
            let host = request.uri().host().map(str::to_owned);
            let (problem, asked, may_pass) = match transport.stream(request, limits).await {
                Ok(response) if response.status().is_success() => return Ok(()),
                Ok(response) => {
                    let (parts, body) = response.into_parts();
                    let may_pass = file::answer(parts.status, &parts.headers, 0) == Answer::Later;
                    let asked = Meta::new(parts.status, parts.headers).retry_after();
                    (refused(parts.status, body).await, asked, may_pass)
                }
                Err(error) => {
                    let may_pass = error.kind().is_passing();
                    (FileProblem::Broken(error), None, may_pass)
                }
            };
            if is_last || !may_pass {
                return Err(FileError { problem, host, bytes: 0 }.into());
            }
            is_last = true;
            let wait = file::wait(1, asked);
            log::warn!("an upload was broken off, next in {} ms", wait.as_millis());
            transport.sleep_until(after(transport.now(), wait)).await;
        }
    }
}
