//! Creates, reads, changes, finds and deletes contacts, and shows what an error looks like.
//!
//! `cargo run --example quickstart`
//!
//! Without credentials it runs on the sandbox, which is the API in memory. To run it on your organization, set
//! `GENESYSCLOUD_REGION`, `GENESYSCLOUD_OAUTHCLIENT_ID` and `GENESYSCLOUD_OAUTHCLIENT_SECRET`. It deletes what it creates.

// A `for` would do here, but not in the async twin of this example.
#![allow(clippy::while_let_on_iterator)]

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, ContactSort, Error, ExternalContact, PhoneNumber};

fn main() -> Result<(), Error> {
    let client = if std::env::var_os("GENESYSCLOUD_REGION").is_some() {
        println!("Running on the service, in the region that GENESYSCLOUD_REGION names.\n");
        Client::from_env()?
    } else {
        println!("GENESYSCLOUD_REGION is not set: running on the sandbox, the API in memory.\n");
        Sandbox::new().client()
    };
    let contacts = client.contacts();

    println!("1. Create five contacts. The service gives each an id, and puts phone numbers into international form.");
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
    println!("   {} is now {}", first.display_name(), first.title.unwrap_or_default());

    println!("\n3. Find all of them, two to a page; the pages are fetched as they are needed.");
    let search = contacts.search().q("Quickstart").sort(ContactSort::FirstName.asc()).page_size(2);
    let mut found = search.items();
    while let Some(contact) = found.next() {
        println!("   {}", contact?.display_name());
    }
    println!("   {} in all. (On the service, new contacts may take minutes to be found.)", found.total().unwrap_or(0));

    println!("\n4. Delete them.");
    for id in &ids {
        contacts.delete(id).send()?;
    }
    println!("   {} deleted", ids.len());

    println!("\n5. Ask for one that is gone: an error says what was asked, what came back, and where to look it up.");
    match contacts.get(&ids[0]).send() {
        Ok(_) => println!("   still there"),
        Err(error) if error.is_not_found() => println!("   {error}"),
        Err(error) => return Err(error),
    }
    let gone = contacts.get(&ids[0]).optional().send()?;
    println!("   Where that is no error for you, ask with optional(): {:?}", gone.map(|contact| contact.id));
    Ok(())
}
