//! Sends one call to any path of the API.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;
use genesys_external_contacts::operation::{Operation, Repeat, RequestParts, Response, Route};
use genesys_external_contacts::{Answer, Client, Error, ErrorKind};
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;

use crate::shared::{Connection, Failure, NOT_ALL, NOT_CLEAR, Outcome, wrong};

const AFTER_HELP: &str = "\
Examples:
  external-contacts api GET /api/v2/externalcontacts/contacts --query q=ada
  external-contacts api DELETE /api/v2/externalcontacts/contacts/ID
  echo '{\"lastName\":\"Lovelace\"}' |
    external-contacts api POST /api/v2/externalcontacts/contacts --body -

The answer goes to standard output as it came, that to a refusal, too, where it
is JSON; the status goes to standard error. The sandbox has the operations of
this version only; the service has all.";

/// Sends one call to any path of the API, and prints the JSON that comes back.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// The method. A GET is sent again where that may help, any other only if it surely was not applied, unless
    /// --idempotent
    #[arg(ignore_case = true)]
    method: Method,
    /// The path, which begins with /api/v2/
    path: String,
    /// A parameter of the query, not percent-encoded; once for each
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// The file that holds the JSON to send; - for standard input
    #[arg(long, value_name = "FILE")]
    body: Option<String>,
    /// To send this call twice does the same as to send it once: it is sent again where that may help
    #[arg(long)]
    idempotent: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

pub fn run(options: &Options) -> Outcome {
    let segments = segments(&options.path)?;
    let query = options.query.iter().map(|pair| {
        let parts = pair.split_once('=');
        parts.ok_or_else(|| wrong(format!("--query {pair}: write it as NAME=VALUE")))
    });
    let query: Vec<_> = query.collect::<Result<_, _>>()?;
    if options.method == Method::Get && options.body.is_some() {
        return Err(wrong("a GET has no body; give parameters with --query"));
    }
    let body = options.body.as_deref().map(body).transpose()?;
    let repeat = match options.method {
        Method::Get => Repeat::Reads,
        _ if options.idempotent => Repeat::Idempotent,
        _ => Repeat::Once,
    };
    let call = Call { segments, query, body, repeat };
    let result = call.send(&options.connection.client()?, options.method);
    let told = |error: &Error| {
        let route = ROUTES.get(call.segments.len() - 1).copied().unwrap_or_default();
        // The route has numbers where the path has its segments.
        error.to_string().replace(route, &options.path)
    };
    match result {
        Ok(answer) => {
            eprintln!("{}", answer.meta.status());
            if !answer.output.is_empty() {
                let mut out = io::stdout().lock();
                out.write_all(&answer.output)?;
                out.write_all(b"\n")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            // What is not JSON does not come from the API, but from a proxy.
            let refusal = match error.kind() {
                ErrorKind::Api(refusal) if refusal.raw_body.as_bytes().is_empty() => Some(&refusal.body),
                _ => None,
            };
            if let Some(body) = refusal {
                writeln!(io::stdout(), "{}", serde_json::to_string(body)?)?;
                if error.is_not_found() {
                    eprintln!("error: {}", told(&error));
                    return Ok(ExitCode::from(NOT_ALL));
                }
            }
            // Who says that twice is the same as once can send it again, whatever happened.
            if error.may_have_been_applied() && !options.idempotent {
                eprintln!("error: {}. Look whether the change was made before you send it again", told(&error));
                return Ok(ExitCode::from(NOT_CLEAR));
            }
            let causes = std::iter::successors(std::error::Error::source(&error), |&cause| cause.source());
            let causes: String = causes.map(|cause| format!(": {cause}")).collect();
            Err(format!("{}{causes}", told(&error)).into())
        }
    }
}

/// The segments of a path behind `/api/v2/`, decoded. Whatever they hold, they will name nothing but what stands there.
fn segments(path: &str) -> Result<Vec<String>, Failure> {
    let refuse = |problem: &str| wrong(format!("PATH {problem}"));
    let rest = path.strip_prefix("/api/v2/").ok_or_else(|| refuse("must begin with /api/v2/, without a host"))?;
    if rest.contains(['?', '#']) {
        return Err(refuse("has a query; give it with --query NAME=VALUE"));
    }
    let segments = rest.split('/').map(|segment| {
        let segment = percent_decode_str(segment).decode_utf8().map_err(|_| refuse("is not UTF-8"))?;
        match &*segment {
            "" => Err(refuse("has an empty segment")),
            "." | ".." => Err(refuse("has a dot segment, which would name another path")),
            text if text.contains(['/', '\\']) || text.contains(char::is_control) => {
                Err(refuse("has a slash, a backslash or a control character within a segment"))
            }
            text => Ok(text.to_owned()),
        }
    });
    let segments: Vec<_> = segments.collect::<Result<_, _>>()?;
    if segments.len() > ROUTES.len() {
        return Err(refuse("has more segments than any operation of the API"));
    }
    Ok(segments)
}

fn body(source: &str) -> Result<Box<RawValue>, Failure> {
    let text = if source == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(source)
    };
    let text = text.map_err(|error| format!("--body {source}: {error}"))?;
    // As it is: numbers keep their digits.
    RawValue::from_string(text).map_err(|error| format!("--body {source} is not JSON: {error}").into())
}

/// By the number of segments behind `/api/v2/`, less one. A route is a constant: one for each number has to do.
const ROUTES: [&str; 8] = [
    "/api/v2/{1}",
    "/api/v2/{1}/{2}",
    "/api/v2/{1}/{2}/{3}",
    "/api/v2/{1}/{2}/{3}/{4}",
    "/api/v2/{1}/{2}/{3}/{4}/{5}",
    "/api/v2/{1}/{2}/{3}/{4}/{5}/{6}",
    "/api/v2/{1}/{2}/{3}/{4}/{5}/{6}/{7}",
    "/api/v2/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}",
];
const NAMES: [&str; ROUTES.len()] = ["1", "2", "3", "4", "5", "6", "7", "8"];

struct Call<'a> {
    segments: Vec<String>,
    query: Vec<(&'a str, &'a str)>,
    body: Option<Box<RawValue>>,
    repeat: Repeat,
}

// The method as a parameter of a type, which an enum can't be.
const GET: u8 = 0;
const POST: u8 = 1;
const PUT: u8 = 2;
const PATCH: u8 = 3;
const DELETE: u8 = 4;

/// A call by its method and the number of its segments, which make its route.
struct Routed<'a, const METHOD: u8, const SEGMENTS: usize>(&'a Call<'a>);

impl<const METHOD: u8, const SEGMENTS: usize> Operation for Routed<'_, METHOD, SEGMENTS> {
    type Output = Vec<u8>;
    const ROUTE: Route = {
        let path = ROUTES[SEGMENTS - 1];
        match METHOD {
            GET => Route::get(path),
            POST => Route::post(path),
            PUT => Route::put(path),
            PATCH => Route::patch(path),
            _ => Route::delete(path),
        }
    };

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        for (name, segment) in NAMES.into_iter().zip(&self.0.segments) {
            request.path_param(name, segment)?;
        }
        for (name, value) in &self.0.query {
            request.query(name, value);
        }
        self.0.body.as_ref().map_or(Ok(()), |body| request.json(body))
    }

    fn read(&self, response: &Response) -> Result<Vec<u8>, Error> {
        // JSON or nothing: anything else does not come from the API.
        response.nothing()?;
        Ok(response.body().trim_ascii().to_vec())
    }

    fn repeat(&self) -> Repeat {
        self.0.repeat
    }
}

impl Call<'_> {
    fn send(&self, client: &Client, method: Method) -> Result<Answer<Vec<u8>>, Error> {
        match method {
            Method::Get => self.send_as::<GET>(client),
            Method::Post => self.send_as::<POST>(client),
            Method::Put => self.send_as::<PUT>(client),
            Method::Patch => self.send_as::<PATCH>(client),
            Method::Delete => self.send_as::<DELETE>(client),
        }
    }

    fn send_as<const METHOD: u8>(&self, client: &Client) -> Result<Answer<Vec<u8>>, Error> {
        macro_rules! send {
            ($($number:literal)*) => {
                match self.segments.len() {
                    $($number => client.request(Routed::<METHOD, $number>(self)).send_with_meta(),)*
                    _ => Err(Error::invalid("path", "has more segments than any operation of the API")),
                }
            };
        }
        send!(1 2 3 4 5 6 7 8)
    }
}
