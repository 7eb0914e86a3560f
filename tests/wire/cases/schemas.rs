//! Schemas of custom fields.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contacts_schemas" => sent(client.contacts().schemas().list()).await,
        "post_externalcontacts_contacts_schemas" => sent(client.contacts().schemas().create(args.body())).await,
        "get_externalcontacts_contacts_schema" => sent(client.contacts().schemas().get(args.id("schemaId"))).await,
        "put_externalcontacts_contacts_schema" => {
            sent(client.contacts().schemas().update(args.id("schemaId"), args.body())).await
        }
        "delete_externalcontacts_contacts_schema" => {
            sent(client.contacts().schemas().delete(args.id("schemaId"))).await
        }
        "get_externalcontacts_contacts_schema_versions" => {
            sent(client.contacts().schemas().versions(args.id("schemaId"))).await
        }
        "get_externalcontacts_contacts_schema_version" => {
            sent(client.contacts().schemas().version(args.id("schemaId"), args.id("versionId"))).await
        }
        "get_externalcontacts_organizations_schemas" => sent(client.organizations().schemas().list()).await,
        "post_externalcontacts_organizations_schemas" => {
            sent(client.organizations().schemas().create(args.body())).await
        }
        "get_externalcontacts_organizations_schema" => {
            sent(client.organizations().schemas().get(args.id("schemaId"))).await
        }
        "put_externalcontacts_organizations_schema" => {
            sent(client.organizations().schemas().update(args.id("schemaId"), args.body())).await
        }
        "get_externalcontacts_organizations_schema_versions" => {
            sent(client.organizations().schemas().versions(args.id("schemaId"))).await
        }
        "get_externalcontacts_organizations_schema_version" => {
            sent(client.organizations().schemas().version(args.id("schemaId"), args.id("versionId"))).await
        }
        "get_externalcontacts_contacts_schemas_coretypes" => sent(client.contacts().schemas().core_types()).await,
        "get_externalcontacts_contacts_schemas_coretype" => {
            sent(client.contacts().schemas().core_type(args.id("coreTypeName"))).await
        }
        "get_externalcontacts_contacts_schemas_limits" => sent(client.contacts().schemas().limits()).await,
        "get_externalcontacts_organizations_schemas_coretypes" => {
            sent(client.organizations().schemas().core_types()).await
        }
        "get_externalcontacts_organizations_schemas_coretype" => {
            sent(client.organizations().schemas().core_type(args.id("coreTypeName"))).await
        }
        "get_externalcontacts_organizations_schemas_limits" => sent(client.organizations().schemas().limits()).await,
        _ => return None,
    })
}
