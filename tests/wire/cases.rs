//! The call that each row stands for; compiled once for each flavour.

use std::fmt::Debug;

use genesys_external_contacts::{Error, Operation, Region, Request, RetryPolicy};

use super::{Client, maybe_async};
use crate::row::{self, Args};
use crate::support;

#[maybe_async]
pub async fn each_row_is_sent_as_recorded() {
    for row in row::all() {
        let script = row.script();
        let builder = Client::builder().region(Region::EuWest1).access_token(row::TOKEN);
        let client = builder.transport(script.clone()).build().unwrap();
        let mut args = row.args();
        call(&client, row.op(), &mut args).await.unwrap_or_else(|error| panic!("{row}: {error}"));
        row.check(&args, &script);
    }
}

/// The service says back all that it was told, in answers and failures of every kind.
#[maybe_async]
pub async fn nothing_personal_is_printed() {
    for row in row::all() {
        let personal = row.personal();
        for script in row.scripts_that_say_it_back(&personal) {
            let builder =
                Client::builder().region(Region::EuWest1).access_token(row::TOKEN).retry(RetryPolicy::never());
            let client = builder.transport(script).build().unwrap();
            let printed = match call(&client, row.op(), &mut row.args()).await {
                Ok(printed) => printed,
                Err(error) => support::printed(&error),
            };
            for text in personal.iter().map(String::as_str).chain([row::TOKEN]) {
                assert!(!printed.contains(text), "{row}: {text:?} in {printed}");
            }
        }
    }
}

/// The request, with those optional parameters that the row has.
macro_rules! set {
    ($request:expr, $( $setter:ident: $value:expr, )*) => {{
        let mut request = $request;
        $( if let Some(value) = $value { request = request.$setter(value); } )*
        request
    }};
}

#[maybe_async]
async fn sent<O: Operation<Output: Debug>>(request: Request<Client, O>) -> Result<String, Error> {
    let printed = format!("{request:?}");
    let answer = request.send_with_meta().await?;
    Ok(format!("{printed} {answer:?} {answer:#?}"))
}

#[maybe_async]
async fn call(client: &Client, op: &str, args: &mut Args) -> Result<String, Error> {
    let contacts = client.contacts();
    let organizations = client.organizations();
    let relationships = client.relationships();
    match op {
        // Contacts
        "get_externalcontacts_contacts" => {
            let request = set!(
                contacts.search(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                q: args.text("q"),
                sort: args.order(),
                expand: args.listed("expand"),
                division_ids: args.texts("divisionIds"),
            );
            sent(request).await
        }
        "post_externalcontacts_contacts" => sent(contacts.create(args.body())).await,
        "get_externalcontacts_contact" => {
            let request = set!(contacts.get(args.id("contactId")), expand: args.listed("expand"),);
            sent(request).await
        }
        "put_externalcontacts_contact" => sent(contacts.update(args.id("contactId"), args.body())).await,
        "delete_externalcontacts_contact" => sent(contacts.delete(args.id("contactId"))).await,

        // Organizations
        "get_externalcontacts_organizations" => {
            let request = set!(
                organizations.search(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                q: args.text("q"),
                trustor_ids: args.texts("trustorId"),
                sort: args.order(),
                expand: args.listed("expand"),
                include_trustors: args.flag("includeTrustors"),
                division_ids: args.texts("divisionIds"),
            );
            sent(request).await
        }
        "post_externalcontacts_organizations" => sent(organizations.create(args.body())).await,
        "get_externalcontacts_organization" => {
            let request = set!(
                organizations.get(args.id("externalOrganizationId")),
                expand: args.listed("expand"),
                include_trustors: args.flag("includeTrustors"),
            );
            sent(request).await
        }
        "put_externalcontacts_organization" => {
            sent(organizations.update(args.id("externalOrganizationId"), args.body())).await
        }
        "delete_externalcontacts_organization" => sent(organizations.delete(args.id("externalOrganizationId"))).await,
        "get_externalcontacts_organization_contacts" => {
            let request = set!(
                organizations.contacts(args.id("externalOrganizationId")).search(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                q: args.text("q"),
                sort: args.order(),
                expand: args.listed("expand"),
            );
            sent(request).await
        }
        "get_externalcontacts_organization_relationships" => {
            let request = set!(
                organizations.relationships(args.id("externalOrganizationId")).list(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                sort: args.order(),
                expand: args.listed("expand"),
            );
            sent(request).await
        }
        "put_externalcontacts_organization_trustor_trustor_id" => {
            sent(organizations.link_trustor(args.id("externalOrganizationId"), args.id("trustorId"))).await
        }
        "delete_externalcontacts_organization_trustor" => {
            sent(organizations.unlink_trustor(args.id("externalOrganizationId"))).await
        }

        // Relationships
        "post_externalcontacts_relationships" => sent(relationships.create(args.body())).await,
        "get_externalcontacts_relationship" => {
            let request = set!(relationships.get(args.id("relationshipId")), expand: args.listed("expand"),);
            sent(request).await
        }
        "put_externalcontacts_relationship" => sent(relationships.update(args.id("relationshipId"), args.body())).await,
        "delete_externalcontacts_relationship" => sent(relationships.delete(args.id("relationshipId"))).await,

        // Notes
        "get_externalcontacts_contact_notes" => {
            let request = set!(
                contacts.notes(args.id("contactId")).list(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                sort: args.order(),
                expand: args.listed("expand"),
            );
            sent(request).await
        }
        "post_externalcontacts_contact_notes" => sent(contacts.notes(args.id("contactId")).create(args.body())).await,
        "get_externalcontacts_contact_note" => {
            let notes = contacts.notes(args.id("contactId"));
            let request = set!(notes.get(args.id("noteId")), expand: args.listed("expand"),);
            sent(request).await
        }
        "put_externalcontacts_contact_note" => {
            sent(contacts.notes(args.id("contactId")).update(args.id("noteId"), args.body())).await
        }
        "delete_externalcontacts_contact_note" => {
            sent(contacts.notes(args.id("contactId")).delete(args.id("noteId"))).await
        }
        "get_externalcontacts_organization_notes" => {
            let request = set!(
                organizations.notes(args.id("externalOrganizationId")).list(),
                page_size: args.number("pageSize"),
                page_number: args.number("pageNumber"),
                sort: args.order(),
                expand: args.listed("expand"),
            );
            sent(request).await
        }
        "post_externalcontacts_organization_notes" => {
            sent(organizations.notes(args.id("externalOrganizationId")).create(args.body())).await
        }
        "get_externalcontacts_organization_note" => {
            let notes = organizations.notes(args.id("externalOrganizationId"));
            let request = set!(notes.get(args.id("noteId")), expand: args.listed("expand"),);
            sent(request).await
        }
        "put_externalcontacts_organization_note" => {
            sent(organizations.notes(args.id("externalOrganizationId")).update(args.id("noteId"), args.body())).await
        }
        "delete_externalcontacts_organization_note" => {
            sent(organizations.notes(args.id("externalOrganizationId")).delete(args.id("noteId"))).await
        }

        // Schemas
        "get_externalcontacts_contacts_schemas" => sent(contacts.schemas().list()).await,
        "post_externalcontacts_contacts_schemas" => sent(contacts.schemas().create(args.body())).await,
        "get_externalcontacts_contacts_schema" => sent(contacts.schemas().get(args.id("schemaId"))).await,
        "put_externalcontacts_contacts_schema" => {
            sent(contacts.schemas().update(args.id("schemaId"), args.body())).await
        }
        "delete_externalcontacts_contacts_schema" => sent(contacts.schemas().delete(args.id("schemaId"))).await,
        "get_externalcontacts_contacts_schema_versions" => sent(contacts.schemas().versions(args.id("schemaId"))).await,
        "get_externalcontacts_contacts_schema_version" => {
            sent(contacts.schemas().version(args.id("schemaId"), args.id("versionId"))).await
        }
        "get_externalcontacts_organizations_schemas" => sent(organizations.schemas().list()).await,
        "post_externalcontacts_organizations_schemas" => sent(organizations.schemas().create(args.body())).await,
        "get_externalcontacts_organizations_schema" => sent(organizations.schemas().get(args.id("schemaId"))).await,
        "put_externalcontacts_organizations_schema" => {
            sent(organizations.schemas().update(args.id("schemaId"), args.body())).await
        }
        "get_externalcontacts_organizations_schema_versions" => {
            sent(organizations.schemas().versions(args.id("schemaId"))).await
        }
        "get_externalcontacts_organizations_schema_version" => {
            sent(organizations.schemas().version(args.id("schemaId"), args.id("versionId"))).await
        }

        // Conversations and the look-up
        "put_externalcontacts_conversation" => {
            sent(client.conversations().associate(args.id("conversationId"), args.body())).await
        }
        "get_externalcontacts_reversewhitepageslookup" => {
            let request = set!(
                client.reverse_white_pages_lookup(args.text("lookupVal").unwrap()),
                expand: args.listed("expand"),
                division_id: args.text("divisionId"),
            );
            sent(request).await
        }

        _ => panic!("no call for {op}"),
    }
}
