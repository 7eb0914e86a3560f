//! Contacts.

use genesys_external_contacts::contacts::ContactSearchRequest;

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "get_externalcontacts_contacts" => {
            sent(with!(args, client.contacts().search(); page_size, page_number, q, sort, expand, division_ids)).await
        }
        "post_externalcontacts_contacts_search" => {
            let mut search: ContactSearchRequest = args.body();
            let mut simple = search.operation.take().and_then(|operation| operation.simple_search).unwrap_or_default();
            let number = |number: i64| u32::try_from(number).unwrap();
            let orders =
                |orders: Vec<String>| orders.into_iter().map(|order| order.as_str().into()).collect::<Vec<_>>();
            let expand = |fields: Vec<String>| fields.iter().map(|field| field.as_str().into()).collect::<Vec<_>>();
            let request = with!(
                args, client.contacts().search_with_body();
                page_number = search.page_number.take().map(number),
                page_size = search.page_size.take().map(number),
                division_ids = search.division_ids.take(),
                expand = search.expand.take().map(expand),
                q = simple.query.take(),
                sort_by = simple.sort_order.take().map(orders),
                ids = simple.ids.take(),
            );
            assert_eq!((search, simple), Default::default());
            sent(request).await
        }
        "post_externalcontacts_contacts" => sent(client.contacts().create(args.body())).await,
        "get_externalcontacts_contact" => sent(with!(args, client.contacts().get(args.id("contactId")); expand)).await,
        "put_externalcontacts_contact" => sent(client.contacts().update(args.id("contactId"), args.body())).await,
        "delete_externalcontacts_contact" => sent(client.contacts().delete(args.id("contactId"))).await,
        _ => return None,
    })
}
