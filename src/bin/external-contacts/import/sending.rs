//! Sending the rows, and finding out what became of those that were sent before.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use genesys_external_contacts::operation::{Operation, RequestParts, Response, Route};
use genesys_external_contacts::{Answer, Client, DataSchema, Error, ErrorKind, ExternalContact};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::journal::{CREATED, FAILED, INVALID, Journal, SENDING, UNKNOWN};
use super::pace::Pace;
use super::rows::{Row, searches_for};
use super::{CUSTOM, Options, URL, refuse};
use crate::shared::Failure;

pub struct Import<'a> {
    options: &'a Options,
    client: Client,
    rows: &'a [Row],
    schema: Option<DataSchema>,
    pub journal: Journal,
    failures_in_a_row: u32,
    pace: Pace,
}

const ADVICE: &str = "if you see that it is not there, use --resend";

/// What is known of a contact that was sent.
enum Fate {
    Created(String),
    /// It is not there: it can be sent again.
    Missing,
    /// Why it can't be sent again yet.
    Unknown(String),
}

impl<'a> Import<'a> {
    pub fn new(
        options: &'a Options,
        client: Client,
        rows: &'a [Row],
        schema: Option<DataSchema>,
        journal: Journal,
    ) -> Self {
        Self { options, client, rows, schema, journal, failures_in_a_row: 0, pace: Pace::new() }
    }

    pub fn run(&mut self) -> Result<(), Failure> {
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {elapsed} gone{msg}")?;
        let bar = ProgressBar::new(self.rows.len() as u64).with_style(style);
        // Otherwise nothing would move while the client waits for the rate limit.
        bar.enable_steady_tick(std::time::Duration::from_secs(1));
        let interrupted = end_on_ctrl_c(&bar)?;
        let result = self.send_all(&bar, &interrupted);
        // However it ends: nothing of the bar stays.
        bar.finish_and_clear();
        result
    }

    fn send_all(&mut self, bar: &ProgressBar, interrupted: &AtomicBool) -> Result<(), Failure> {
        let (mut problems, mut is_predicted) = (0, false);
        for (index, Row { line, contact }) in self.rows.iter().enumerate() {
            if interrupted.load(Ordering::SeqCst) {
                return refuse(format!("interrupted before line {line}. To go on there, run the same command again"));
            }
            let before = self.journal.outcomes.get(line);
            let is_created = match (contact, before.map(|before| (&*before.status, before.time))) {
                (_, Some((CREATED, _))) => true,
                (Err(why), _) => self.journal.write(*line, INVALID, "", why)?,
                (Ok(contact), Some((SENDING | UNKNOWN, sent_at))) => match self.find_out(*line, contact, sent_at)? {
                    Fate::Created(id) => self.journal.write(*line, CREATED, &id, "found after a crash or an error")?,
                    Fate::Missing => self.send(*line, contact)?,
                    Fate::Unknown(why) => self.journal.keep_unknown(*line, why),
                },
                (Ok(contact), _) => self.send(*line, contact)?,
            };
            problems += usize::from(!is_created);
            bar.inc(1);
            let rows = (self.rows.len() - index - 1) as u64;
            let mut message = String::new();
            if let Some(left) = self.pace.left(rows) {
                message = format!(", about {} to go", HumanDuration(left));
                if !std::mem::replace(&mut is_predicted, true) {
                    bar.suspend(|| eprintln!("{rows} rows to go: about {}.", HumanDuration(left)));
                }
            }
            if problems > 0 {
                message += &format!(" ({problems} with problems)");
            }
            bar.set_message(message);
        }
        Ok(())
    }

    /// Says whether the contact is created.
    fn send(&mut self, line: u64, contact: &ExternalContact) -> Result<bool, Failure> {
        let contact = self.marked(line, contact.clone())?;
        self.journal.write(line, SENDING, "", "")?;
        let error = match self.client.contacts().create(contact).send_with_meta() {
            Ok(Answer { output: created, meta, .. }) => {
                self.failures_in_a_row = 0;
                self.pace.sent(meta.rate_limit());
                self.journal.write(line, CREATED, created.id.as_deref().unwrap_or_default(), "")?;
                if !self.is_marked(line, &created) {
                    return refuse(format!(
                        "the service did not keep the marker in {}; see --marker",
                        self.options.marker
                    ));
                }
                return Ok(true);
            }
            Err(error) => error,
        };
        let why = outline(&error);
        if error.may_have_been_applied() {
            self.journal.keep_unknown(line, format!("no answer that says whether it was created ({why})"));
            self.failures_in_a_row += 1;
            if self.failures_in_a_row < 3 { Ok(false) } else { refuse(error) }
        } else {
            self.failures_in_a_row = 0;
            self.journal.write(line, FAILED, "", &format!("not created: {why}"))?;
            let is_about_this_row = |status: u16| matches!(status, 400 | 409 | 413 | 415 | 422);
            // Anything else would hit the next row, too.
            if error.status().is_some_and(|status| is_about_this_row(status.as_u16())) {
                Ok(false)
            } else {
                refuse(error)
            }
        }
    }

    fn find_out(&self, line: u64, contact: &ExternalContact, sent_at: OffsetDateTime) -> Result<Fate, Failure> {
        let fate = self.find(line, contact)?;
        if matches!(fate, Fate::Created(_)) {
            return Ok(fate);
        }
        if self.options.resend.contains(&line) {
            return Ok(Fate::Missing);
        }
        let wait = Duration::minutes(self.options.lag.into()) - (OffsetDateTime::now_utc() - sent_at);
        if wait.is_positive() {
            let wait = wait.whole_minutes() + 1;
            return Ok(Fate::Unknown(format!(
                "not found, but a new contact may take a while; run again in {wait} min"
            )));
        }
        // That the contact before it is found shows that the search is not behind after all, and finds by such values.
        let earlier = self.journal.outcomes.range(..line).rev().find(|(_, outcome)| outcome.status == CREATED);
        let witness = earlier.and_then(|(line, _)| self.rows.iter().find(|row| row.line == *line));
        if let Some(Row { line, contact: Ok(contact) }) = witness
            && !matches!(self.find(*line, contact)?, Fate::Created(_))
        {
            return Ok(Fate::Unknown(format!("not found, but nor is line {line}; run again later, or {ADVICE}")));
        }
        Ok(fate)
    }

    fn find(&self, line: u64, contact: &ExternalContact) -> Result<Fate, Error> {
        let searches = match &*self.options.marker {
            URL => searches_for(contact),
            _ => vec![format!("\"{}\"", self.journal.key(line))],
        };
        let mut fate = Fate::Unknown(format!("the search finds too many contacts that are like it; {ADVICE}"));
        for q in searches {
            let mut items = self.client.contacts().search().q(q).page_size(100).items();
            let is_searched = loop {
                match items.next() {
                    Some(Ok(found)) if self.is_marked(line, &found) => {
                        return Ok(Fate::Created(found.id.unwrap_or_default()));
                    }
                    Some(Ok(_)) => {}
                    // What the other search says may be enough.
                    Some(Err(error)) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => break false,
                    Some(Err(error)) => return Err(error),
                    None => break true,
                }
            };
            if is_searched {
                fate = Fate::Missing;
            }
        }
        Ok(fate)
    }

    fn marked(&self, line: u64, mut contact: ExternalContact) -> Result<ExternalContact, Error> {
        contact.schema = self.schema.clone().map(Box::new);
        let key = self.journal.key(line);
        match self.options.marker.strip_prefix(CUSTOM) {
            Some(name) => contact.with_custom_field(name, key),
            None => Ok(contact.with_external_system_url(format!("https://import.invalid/{key}"))),
        }
    }

    fn is_marked(&self, line: u64, contact: &ExternalContact) -> bool {
        let key = self.journal.key(line);
        match self.options.marker.strip_prefix(CUSTOM) {
            Some(name) => contact.custom_field(name) == Some(key.into()),
            None => contact.external_system_url.as_ref().is_some_and(|url| url.ends_with(&format!("/{key}"))),
        }
    }
}

/// Says from now on whether Ctrl-C was pressed. Pressed once more, it ends the program.
fn end_on_ctrl_c(bar: &ProgressBar) -> Result<Arc<AtomicBool>, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let (pressed, bar) = (Arc::clone(&interrupted), bar.clone());
    ctrlc::set_handler(move || {
        if !pressed.swap(true, Ordering::SeqCst) {
            bar.suspend(|| eprintln!("Ends after the row that is under way. Press Ctrl-C again to end at once."));
            return;
        }
        bar.finish_and_clear();
        eprintln!("Ended. To go on, run the same command again: it finds out whether the last row was created.");
        std::process::exit(1);
    })?;
    Ok(interrupted)
}

/// An error without what the service says in words, where a name or a number may be in it.
fn outline(error: &Error) -> String {
    let ErrorKind::Api(api) = error.kind() else {
        return error.code().map_or_else(|| "no complete answer".to_owned(), str::to_owned);
    };
    let fields: Vec<_> = api.body.details.iter().flatten().filter_map(|detail| detail.field_name.as_deref()).collect();
    let code = error.code().unwrap_or_default();
    let id = error.correlation_id().unwrap_or("none");
    format!("{} {code} {} (correlation id {id})", api.status().as_u16(), fields.join(", "))
}

/// `GET /api/v2/tokens/me`: the id of the organization that the client belongs to.
pub struct WhoAmI;

impl Operation for WhoAmI {
    type Output = String;
    const ROUTE: Route = Route::get("/api/v2/tokens/me");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<String, Error> {
        let me: Value = response.json()?;
        Ok(me["organization"]["id"].as_str().unwrap_or("unknown").to_owned())
    }
}
