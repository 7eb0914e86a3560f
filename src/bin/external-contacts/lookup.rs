//! Says who has a phone number, an e-mail address or a Twitter name: what an agent wants to know when somebody calls.

use std::io::{self, Write};
use std::process::ExitCode;

use genesys_external_contacts::{Client, ContactExpand, ExternalContact, Note, NoteExpand, NoteSort, PhoneNumber};

use crate::shared::{Connection, Failure, NOT_ALL, NOT_CLEAR, Outcome, clean, wrong};

/// The service finds no more than this many.
const MOST: usize = 25;

/// How wide labels are, and what stands between them and their values.
const LABEL: usize = 18;

const AFTER_HELP: &str = "\
Only contacts that people, programs or imports created are found, and a new one
may take some minutes until it is.";

/// Says who has a phone number, an e-mail address or a Twitter name.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// A phone number with its country code, such as "+1 201-555-0100" or 0012015550100; an e-mail address; a Twitter name
    value: String,
    /// How many of the last notes to show of each contact, 0 to 1000
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u64).range(..=1000))]
    notes: u64,
    #[command(flatten)]
    connection: Connection,
}

pub fn run(options: &Options) -> Outcome {
    let value = options.value.trim();
    if value.is_empty() {
        return Err(wrong("there is nothing to look up: give a phone number, an e-mail address or a Twitter name"));
    }
    let client = options.connection.client()?;
    let number = number(value);
    let asked = number.as_deref().unwrap_or(value);
    let found = client.reverse_white_pages_lookup(asked).send()?.contacts.unwrap_or_default();
    let mut contacts = Vec::new();
    for id in found.iter().filter_map(|contact| contact.id.as_deref()) {
        let get = client.contacts().get(id).expand([ContactExpand::ExternalOrganization]);
        // The search may know one that was deleted a moment ago.
        contacts.extend(get.optional().send()?);
    }
    let mut out = io::stdout().lock();
    let code = match contacts.len() {
        0 => {
            writeln!(out, "Nobody has {asked}.")?;
            if number.is_none() && value.chars().filter(char::is_ascii_digit).count() > 4 && !value.contains('@') {
                writeln!(
                    out,
                    "If it is a phone number: write + and the country code, and no extension, such as +12015550100."
                )?;
            }
            return Ok(ExitCode::from(NOT_ALL));
        }
        1 => {
            writeln!(out, "One contact has {asked}.")?;
            ExitCode::SUCCESS
        }
        count => {
            let more = if count >= MOST { ", or more: the service finds no more at once" } else { "" };
            writeln!(out, "{count} contacts have {asked}{more}.")?;
            ExitCode::from(NOT_CLEAR)
        }
    };
    for contact in &contacts {
        show(&mut out, contact)?;
        if options.notes > 0 {
            show_notes(&mut out, &client, contact, options.notes)?;
        }
    }
    Ok(code)
}

/// A phone number as the service wants it, of what people write: without what stands between the digits, and with `+`
/// instead of `00`. Nothing if it doesn't begin with a country code, or is no number.
fn number(text: &str) -> Option<String> {
    // As in +44 (0)20: who writes the country code leaves the 0 out, except in Italy.
    let is_italian = text.starts_with("+39") || text.starts_with("0039");
    let text = text.replace("(0)", if is_italian { "0" } else { "" });
    let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    let digits: String =
        digits.chars().filter(|c| !(c.is_whitespace() || "-.()/\u{2010}\u{2011}\u{2013}".contains(*c))).collect();
    (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| format!("+{digits}"))
}

fn show(out: &mut impl Write, contact: &ExternalContact) -> io::Result<()> {
    writeln!(out, "\n{}", clean(&contact.display_name()))?;
    let text = |member: &Option<String>| member.clone().unwrap_or_default();
    let phone = |phone: &Option<PhoneNumber>| {
        let phone = phone.clone().unwrap_or_default();
        phone.display.or(phone.e164).unwrap_or_default()
    };
    let organization = contact.external_organization.clone().unwrap_or_default();
    let address = contact.address.clone().unwrap_or_default();
    let place =
        [address.address1, address.address2, address.city, address.state, address.postal_code, address.country_code];
    let twitter = contact.twitter_id.clone().and_then(|twitter| twitter.screen_name).unwrap_or_default();
    let mut lines = vec![
        ("Title", text(&contact.title)),
        ("Organization", organization.name.or(organization.id).unwrap_or_default()),
        ("Industry", text(&organization.industry)),
        ("Work phone", phone(&contact.work_phone)),
        ("Cell phone", phone(&contact.cell_phone)),
        ("Home phone", phone(&contact.home_phone)),
        ("Other phone", phone(&contact.other_phone)),
        ("Work e-mail", text(&contact.work_email)),
        ("Personal e-mail", text(&contact.personal_email)),
        ("Other e-mail", text(&contact.other_email)),
        ("Twitter", twitter),
        ("Address", place.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        ("Surveys", if contact.survey_opt_out == Some(true) { "wants none".to_owned() } else { String::new() }),
        ("Page", text(&contact.external_system_url)),
        ("Id", text(&contact.id)),
    ];
    for (name, value) in contact.custom_fields.iter().flatten() {
        lines.push((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
    lines.retain(|(_, value)| !value.is_empty() && value != "null");
    let width = lines.iter().map(|(label, _)| label.chars().count() + 2).max().unwrap_or_default().max(LABEL);
    for (label, value) in lines {
        writeln!(out, "  {:<width$}{}", clean(label), clean(&value))?;
    }
    Ok(())
}

fn show_notes(out: &mut impl Write, client: &Client, contact: &ExternalContact, most: u64) -> Result<(), Failure> {
    let id = contact.id.clone().unwrap_or_default();
    let list = client.contacts().notes(id).list().sort(NoteSort::CreateDate.desc()).expand([NoteExpand::Author]);
    let mut notes = list.items().limit(most);
    let mut shown = 0;
    while let Some(note) = notes.next() {
        let note = note?;
        if shown == 0 {
            let total = notes.total().unwrap_or_default();
            let of = if total > most { format!("the newest {most} of {total}, ") } else { String::new() };
            writeln!(out, "\n  Notes ({of}times are UTC)")?;
        }
        shown += 1;
        show_note(out, &note)?;
    }
    if shown == 0 {
        writeln!(out, "\n  No notes")?;
    }
    Ok(())
}

fn show_note(out: &mut impl Write, note: &Note) -> io::Result<()> {
    let date = note
        .create_date
        .map(|at| at.to_offset(time::UtcOffset::UTC))
        .map_or_else(String::new, |at| format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute()));
    let author = note.created_by.clone().and_then(|author| author.name);
    let author = author.map_or_else(String::new, |name| format!("({name})"));
    let text = note.note_text.clone().unwrap_or_default();
    let mut label = date;
    for line in text.lines().chain([author.as_str()]).filter(|line| !line.trim().is_empty()) {
        writeln!(out, "  {label:<width$}{}", clean(line), width = LABEL)?;
        label.clear();
    }
    Ok(())
}
