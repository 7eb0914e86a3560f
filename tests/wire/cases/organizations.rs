//! Organizations, and what belongs to one.

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_organizations" => {
            sent(with!(
                args, client.organizations().search();
                page_size, page_number, q, trustor_ids, sort, expand, include_trustors, division_ids
            ))
            .await
        }
        "post_externalcontacts_organizations" => sent(client.organizations().create(args.body())).await,
        "get_externalcontacts_organization" => {
            sent(with!(
                args, client.organizations().get(args.id("externalOrganizationId"));
                expand, include_trustors
            ))
            .await
        }
        "put_externalcontacts_organization" => {
            sent(client.organizations().update(args.id("externalOrganizationId"), args.body())).await
        }
        "delete_externalcontacts_organization" => {
            sent(client.organizations().delete(args.id("externalOrganizationId"))).await
        }
        "get_externalcontacts_organization_contacts" => {
            sent(with!(
                args, client.organizations().contacts(args.id("externalOrganizationId")).search();
                page_size, page_number, q, sort, expand
            ))
            .await
        }
        "get_externalcontacts_organization_relationships" => {
            sent(with!(
                args, client.organizations().relationships(args.id("externalOrganizationId")).list();
                page_size, page_number, sort, expand
            ))
            .await
        }
        "put_externalcontacts_organization_trustor_trustor_id" => {
            sent(client.organizations().link_trustor(args.id("externalOrganizationId"), args.id("trustorId"))).await
        }
        "delete_externalcontacts_organization_trustor" => {
            sent(client.organizations().unlink_trustor(args.id("externalOrganizationId"))).await
        }
        _ => return None,
    })
}
