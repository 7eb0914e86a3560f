//! Writes a note on the contact that a phone number belongs to, and creates the contact if there is none.

use std::process::ExitCode;

use genesys_external_contacts::{ExternalContact, LookupExpand, Note, PhoneNumber};

use crate::shared::{Connection, NOT_ALL, NOT_CLEAR, Outcome, wrong};

const AFTER_HELP: &str = "\
A number belongs to the contacts that have it as their work, cell, home or
other phone. The service gives 25 at most.

The service may take minutes until it finds a new contact by its number. Run
twice within that time for a number that nobody has, this creates two contacts:
use --no-create, or --contact with the id that the first run printed.

Nothing is written where the exit code is 3 or 4. Where several contacts have
the number, they are listed: run again with --contact.";

/// The author of notes on the sandbox, which takes any user.
const SANDBOX_USER: &str = "3d5f2c1e-0000-4000-8000-000000000002";

/// Writes a note on the contact that has a phone number, or on a new one if nobody has it.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// The number with its country code, such as +13175550100
    phone: String,
    /// The text of the note, 1 to 32,000 characters
    text: String,
    #[command(flatten)]
    connection: Connection,
    /// The id of the user who is the author of the note; the default is GENESYSCLOUD_USER_ID, and on the sandbox, which
    /// takes any, one that is made up
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// The id of the contact, if several have the number
    #[arg(long, value_name = "ID", conflicts_with = "no_create")]
    contact: Option<String>,
    /// The last name of the contact, if it has to be created; none by default
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// Write nothing if nobody has the number
    #[arg(long)]
    no_create: bool,
    /// Only say what would happen: the number is looked up, and nothing is written
    #[arg(long)]
    dry_run: bool,
}

pub fn run(options: &Options) -> Outcome {
    let number: String = options.phone.chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect();
    if !number.starts_with('+') || number.len() < 5 {
        return Err(wrong("write the phone number with a plus and its country code, such as +13175550100"));
    }
    if options.text.trim().is_empty() {
        return Err(wrong("the text of the note is empty"));
    }
    let on_service = options.connection.place().as_deref() == Some("the service");
    let user = options.user.clone().or_else(|| std::env::var("GENESYSCLOUD_USER_ID").ok());
    let user = user.or((!on_service).then(|| SANDBOX_USER.to_owned())).ok_or_else(|| {
        wrong("a note needs an author: give the id of a user with --user, or set GENESYSCLOUD_USER_ID")
    })?;
    let client = options.connection.client()?;

    // Nothing is written before it is clear on whom.
    let (id, who) = if let Some(id) = &options.contact {
        let contact = client.contacts().get(id).send().map_err(|error| format!("--contact {id}: {error}"))?;
        (Some(id.clone()), contact.display_name())
    } else {
        let lookup = client.reverse_white_pages_lookup(&number);
        let lookup = lookup.expand([LookupExpand::ContactsExternalOrganization]).send();
        let found = lookup?.contacts.unwrap_or_default();
        match &*found {
            [] if options.no_create => {
                println!("Nobody has {number} (or is not found yet). Nothing was written.");
                return Ok(ExitCode::from(NOT_ALL));
            }
            [] => (None, "a new contact".to_owned()),
            [one] => (one.id.clone(), one.display_name()),
            several => {
                println!("{} contacts have {number}. Nothing was written; run again with one of these:", several.len());
                several.iter().for_each(|contact| println!("  --contact {}", line_of(contact)));
                return Ok(ExitCode::from(NOT_CLEAR));
            }
        }
    };
    if options.dry_run {
        println!("The note would go to {who}{}. Nothing was written.", in_brackets(id.as_deref()));
        return Ok(ExitCode::SUCCESS);
    }
    let id = match id {
        Some(id) => id,
        None => {
            let phone = PhoneNumber::new(&number);
            let mut contact = ExternalContact::default().with_work_phone(phone);
            contact.last_name.clone_from(&options.last_name);
            let created = client.contacts().create(contact).send().map_err(|error| {
                let advice =
                    "; the contact may exist all the same: look for it in some minutes, before you run this again";
                format!("{error}{}", if error.may_have_been_applied() { advice } else { "" })
            })?;
            let id = created.id.ok_or("the new contact has no id")?;
            println!("Nobody has {number} yet: created contact {id}.");
            id
        }
    };
    let note = Note::by(user, &options.text);
    let note = client.contacts().notes(&id).create(note).send().map_err(|error| {
        let advice = match error.may_have_been_applied() {
            true => "the note may be there all the same: look before you run this again",
            false => "the note is not written: run this again",
        };
        format!("{error}; {advice}, with --contact {id}")
    })?;
    println!("Wrote note {} on {who} ({id}).", note.id.unwrap_or_default());
    Ok(ExitCode::SUCCESS)
}

fn in_brackets(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!(" ({id})"))
}

/// What tells a contact apart from others with the same number. It begins with the id.
fn line_of(contact: &ExternalContact) -> String {
    let organization = contact.external_organization.as_ref().and_then(|organization| organization.name.as_deref());
    let name = contact.display_name();
    let parts = [contact.id.as_deref(), Some(&*name), contact.title.as_deref(), organization];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}
