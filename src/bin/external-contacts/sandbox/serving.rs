//! HTTP for the sandbox: one thread does it all. Calls change one state, one after the other, and no thread can fail to
//! start.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Limits, Transport, TransportError};
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::{Notify, Semaphore};

/// One byte more than a request may have: enough for the sandbox to see that it is too large.
const ENOUGH_OF_A_BODY: usize = 512_001;
/// A file to be imported may have 50 MB.
const ENOUGH_OF_A_FILE: usize = 50_000_001;
/// How much of a body that is too large is read, so that its sender gets to read the answer.
const MOST_OF_A_BODY: u64 = 16 << 20;
const MOST_OF_A_HEAD: usize = 64 << 10;
/// How long the server waits where it can't take a connection, for example because it has no file descriptor left.
const BACKOFF: Duration = Duration::from_millis(100);

/// What [`serve`] runs on.
pub fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// What clients can take of the server.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub connections: usize,
    pub timeout: Duration,
}

/// Serves all who come, until it is dropped; then nobody is taken any longer. It ends by itself only where it can't begin.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    bounds: Bounds,
    connections: &GracefulShutdown,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(bounds.connections));
    let is_somebody_waiting = Arc::new(AtomicBool::new(false));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // It ended before it was taken; the next one may be there.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            // The connection stays in the queue of the system, and `accept` would fail at once, again and again.
            Err(_) => {
                tokio::time::sleep(BACKOFF).await;
                continue;
            }
        };
        is_somebody_waiting.store(places.available_permits() == 0, Ordering::Relaxed);
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            // Nobody closes the semaphore.
            return Ok(());
        };
        is_somebody_waiting.store(false, Ordering::Relaxed);
        let (sandbox, connection) = (sandbox.clone(), connections.watcher());
        let is_somebody_waiting = Arc::clone(&is_somebody_waiting);
        tokio::spawn(async move {
            serve_connection(stream, &sandbox, bounds.timeout, &is_somebody_waiting, connection).await;
            drop(place);
        });
    }
}

async fn serve_connection(
    stream: TcpStream,
    sandbox: &Sandbox,
    timeout: Duration,
    is_somebody_waiting: &AtomicBool,
    watcher: Watcher,
) {
    // Only makes answers faster.
    let _ = stream.set_nodelay(true);
    let progress = Notify::new();
    let service = service_fn(async |request| {
        let response = answer(sandbox, request, &progress).await?;
        // A place that is kept from one request to the next is one that others wait for.
        Ok::<_, TransportError>(if is_somebody_waiting.load(Ordering::Relaxed) { closing(response) } else { response })
    });
    let connection = http1::Builder::new()
        // Some clients end their side when they have sent all.
        .half_close(true)
        .max_buf_size(MOST_OF_A_HEAD)
        .max_header_size(MOST_OF_A_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(watcher.watch(connection));
    loop {
        tokio::select! {
            biased;
            // A connection that fails is the client's affair.
            _ = &mut connection => return,
            () = progress.notified() => {}
            // It begins anew with each head and each body that is complete, so it ends every way of holding a connection:
            // a slow head, a slow body, an answer that nobody takes, silence.
            () = tokio::time::sleep(timeout) => return,
        }
    }
}

/// An error breaks the connection: see `Sandbox::next_calls`.
async fn answer(
    sandbox: &Sandbox,
    request: Request<Incoming>,
    progress: &Notify,
) -> Result<Response<Full<Bytes>>, TransportError> {
    progress.notify_one();
    let (mut head, body) = request.into_parts();
    let enough = if head.uri.path().starts_with("/files/") { ENOUGH_OF_A_FILE } else { ENOUGH_OF_A_BODY };
    let body = read_body(body, enough).await;
    progress.notify_one();
    let Ok((body, is_read)) = body else {
        let mut response = closing(Response::new(Full::default()));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(response);
    };
    // The values are parts of the buffer that the head was read into. The sandbox remembers them, and not the buffer.
    for value in head.headers.values_mut() {
        if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
            *value = copy;
        }
    }
    let response = Transport::send(sandbox, Request::from_parts(head, body), Limits::default())?;
    let response = response.map(Full::from);
    Ok(if is_read { response } else { closing(response) })
}

/// The last answer of a connection.
fn closing<T>(mut response: Response<T>) -> Response<T> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// As much of a body as the sandbox needs, which is `enough`, and whether it was read to its end.
async fn read_body(mut body: Incoming, enough: usize) -> Result<(Vec<u8>, bool), hyper::Error> {
    let most = MOST_OF_A_BODY.max(enough as u64);
    if body.size_hint().lower() > most {
        return Ok((vec![b' '; enough], false));
    }
    // A body that grows would leave its smaller selves behind in the memory.
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(enough);
    let (mut kept, mut length) = (Vec::with_capacity(expected.min(enough)), 0);
    while let Some(frame) = body.frame().await {
        // What comes after the last chunk says nothing.
        let Ok(data) = frame?.into_data() else { continue };
        let room = enough - kept.len();
        kept.extend_from_slice(&data[..data.len().min(room)]);
        length += data.len() as u64;
        if length > most {
            return Ok((kept, false));
        }
    }
    Ok((kept, true))
}
