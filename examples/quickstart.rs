//! Creates, reads, changes, finds and deletes contacts, uses each other resource once, and shows what an error looks like.
//!
//! `cargo run --example quickstart`
//!
//! Without credentials it runs on the sandbox, which is the API in memory. To run it on your organization, set
//! `GENESYSCLOUD_REGION`, `GENESYSCLOUD_OAUTHCLIENT_ID` and `GENESYSCLOUD_OAUTHCLIENT_SECRET`, and to see notes and
//! relationships there, `GENESYSCLOUD_USER_ID` to the id of a user who is to be their author. It deletes what it creates.

// A `for` would do here, but not in the async twin of this example.
#![allow(clippy::while_let_on_iterator)]

use genesys_external_contacts::model::User;
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Client, ContactExpand, ContactSort, ConversationAssociation, ConversationMediaType, Error, ExternalContact,
    ExternalOrganization, Note, PhoneNumber, Relationship,
};

fn main() -> Result<(), Error> {
    // `RUST_LOG=debug` shows what the client does. The filter keeps out what ureq logs at `trace`: tokens, secrets and bodies.
    env_logger::Builder::from_default_env().filter_module("ureq", log::LevelFilter::Debug).init();

    let on_service = std::env::var_os("GENESYSCLOUD_REGION").is_some();
    let client = if on_service {
        println!("Running on the service, in the region that GENESYSCLOUD_REGION names.");
        Client::from_env()?
    } else {
        println!("GENESYSCLOUD_REGION is not set: running on the sandbox, the API in memory.");
        Sandbox::new().client()
    };
    let contacts = client.contacts();

    println!(
        "\n1. Create five contacts. The service gives each an id, and puts phone numbers into international form."
    );
    let mut ids = Vec::new();
    for (number, first_name) in ["Ada", "Grace", "Edsger", "Barbara", "Alan"].into_iter().enumerate() {
        let contact = ExternalContact::default()
            .with_first_name(first_name)
            .with_last_name("Quickstart")
            .with_work_phone(PhoneNumber::new(format!("(317) 555-010{number}")));
        let created = contacts.create(contact).send()?;
        let phone = created.work_phone.clone().unwrap_or_default();
        println!("   {} {}", created.display_name(), phone.e164.unwrap_or_default());
        ids.extend(created.id);
    }

    println!("\n2. Read the first one, change its title, and write it back with everything else as it came.");
    let mut first = contacts.get(&ids[0]).send()?;
    first.title = Some("Countess".to_owned());
    let first = contacts.update(&ids[0], first).send()?;
    println!("   {} is now {}", first.display_name(), first.title.clone().unwrap_or_default());

    println!("\n3. Find all of them, two to a page; the pages are fetched as they are needed.");
    let search = contacts.search().q("Quickstart").sort(ContactSort::FirstName.asc()).page_size(2);
    let mut found = search.items();
    while let Some(contact) = found.next() {
        println!("   {}", contact?.display_name());
    }
    println!("   {} in all. (On the service, new contacts may take minutes to be found.)", found.total().unwrap_or(0));

    println!("\n4. Create an organization, and make the first contact one of its people.");
    let organization = ExternalOrganization::default().with_name("Quickstart Engines");
    let organization = client.organizations().create(organization).send()?;
    let organization_id = organization.id.unwrap_or_default();
    let first = first.with_external_organization(ExternalOrganization::reference(&organization_id));
    contacts.update(&ids[0], first).send()?;
    let first = contacts.get(&ids[0]).expand([ContactExpand::ExternalOrganization]).send()?;
    let name = first.external_organization.clone().and_then(|organization| organization.name);
    println!("   {} is with {}", first.display_name(), name.unwrap_or_default());
    let people = client.organizations().contacts(&organization_id).search().send()?;
    println!("   {} of its people can be found", people.total.unwrap_or(0));

    println!("\n5. Write a note, and say who looks after the organization.");
    let user_id = std::env::var("GENESYSCLOUD_USER_ID").ok();
    let user_id = user_id.or((!on_service).then(|| "3d5f2c1e-0000-4000-8000-000000000002".to_owned()));
    if let Some(user_id) = user_id {
        contacts.notes(&ids[0]).create(Note::by(&user_id, "Met at the quickstart.")).send()?;
        let notes = contacts.notes(&ids[0]).list().send()?;
        for note in notes {
            println!("   Note: {}", note.note_text.unwrap_or_default());
        }
        let manager = Relationship::default()
            .with_user(User::reference(user_id))
            .with_external_organization(ExternalOrganization::reference(&organization_id))
            .with_relationship("Account Manager");
        let manager = client.relationships().create(manager).send()?;
        println!("   Relationship: {}", manager.relationship.unwrap_or_default());
        client.relationships().delete(manager.id.unwrap_or_default()).send()?;
    } else {
        println!("   Skipped: a note needs an author, and GENESYSCLOUD_USER_ID is not set.");
    }

    println!("\n6. Find out who calls from +1 317 555 0100, and tie the conversation to that contact.");
    let lookup = client.reverse_white_pages_lookup("+13175550100").send()?;
    for caller in lookup.contacts.unwrap_or_default() {
        println!("   {} calls", caller.display_name());
        if !on_service {
            let association = ConversationAssociation::default()
                .with_external_contact_id(caller.id.unwrap_or_default())
                .with_communication_id("3d5f2c1e-0000-4000-8000-000000000003")
                .with_media_type(ConversationMediaType::Call);
            let conversation_id = "3d5f2c1e-0000-4000-8000-000000000004";
            client.conversations().associate(conversation_id, association).send()?;
            println!("   The conversation is tied to that contact (on the sandbox only: it takes a real conversation)");
        }
    }

    println!("\n7. List the schemas of custom fields that contacts can have.");
    let schemas = contacts.schemas().list().send()?;
    println!("   {} schemas", schemas.into_iter().count());

    println!("\n8. Delete everything.");
    for id in &ids {
        contacts.delete(id).send()?;
    }
    client.organizations().delete(&organization_id).send()?;
    println!("   {} contacts and 1 organization deleted", ids.len());

    println!("\n9. Ask for one that is gone: an error says what was asked, what came back, and where to look it up.");
    match contacts.get(&ids[0]).send() {
        Ok(_) => println!("   still there"),
        Err(error) if error.is_not_found() => println!("   {error}"),
        Err(error) => return Err(error),
    }
    let gone = contacts.get(&ids[0]).optional().send()?;
    println!("   Where that is no error for you, ask with optional(): {:?}", gone.map(|contact| contact.id));
    Ok(())
}
