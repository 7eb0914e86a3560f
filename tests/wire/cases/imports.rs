//! Imports.

use genesys_external_contacts::imports::{ImportJobExpand, ImportJobUpdate, ImportOrder, ImportStatus};

use super::*;

#[maybe_async]
pub(super) async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    Some(match op {
        "post_externalcontacts_import_csv_uploads" => {
            let size = args.member("fileSize").expect("a size");
            sent(with!(args, client.imports().uploads().start(size); file_name = args.member::<String>("fileName"))).await
        }
        "get_externalcontacts_import_csv_upload_details" => {
            sent(client.imports().uploads().details(args.id("uploadId"))).await
        }
        "get_externalcontacts_import_csv_upload_preview" => {
            sent(client.imports().uploads().preview(args.id("uploadId"))).await
        }
        "get_externalcontacts_import_csv_settings" => {
            sent(with!(args, client.imports().csv_settings().list();
                page_size, cursor = args.text("after"), external_settings_id = args.text("externalSettingsId")))
            .await
        }
        "post_externalcontacts_import_csv_settings" => sent(client.imports().csv_settings().create(args.body())).await,
        "get_externalcontacts_import_csv_setting" => {
            sent(client.imports().csv_settings().get(args.id("settingsId"))).await
        }
        "put_externalcontacts_import_csv_setting" => {
            sent(client.imports().csv_settings().update(args.id("settingsId"), args.body())).await
        }
        "delete_externalcontacts_import_csv_setting" => {
            sent(client.imports().csv_settings().delete(args.id("settingsId"))).await
        }
        "get_externalcontacts_import_settings" => {
            sent(with!(args, client.imports().settings().list();
                page_size, name, cursor = args.text("after"), sort = args.text("sortOrder").map(ImportOrder::from)))
            .await
        }
        "post_externalcontacts_import_settings" => sent(client.imports().settings().create(args.body())).await,
        "get_externalcontacts_import_setting" => sent(client.imports().settings().get(args.id("settingsId"))).await,
        "put_externalcontacts_import_setting" => {
            sent(client.imports().settings().update(args.id("settingsId"), args.body())).await
        }
        "delete_externalcontacts_import_setting" => {
            sent(client.imports().settings().delete(args.id("settingsId"))).await
        }
        "post_externalcontacts_import_csv_jobs" => {
            let [upload, settings] = ["uploadId", "settingsId"].map(|name| args.member::<String>(name).expect(name));
            let division = args.member("division");
            sent(with!(args, client.imports().jobs().start_csv(upload, settings); division = division)).await
        }
        "get_externalcontacts_import_jobs" => {
            sent(with!(args, client.imports().jobs().list();
                page_size, expand = expand(args), cursor = args.text("after"), status = args.text("jobStatus").map(ImportStatus::from),
                sort = args.text("sortOrder").map(ImportOrder::from)))
            .await
        }
        "post_externalcontacts_import_jobs" => {
            let settings: String = args.member("settingsId").expect("settings");
            let division = args.member("division");
            sent(with!(args, client.imports().jobs().start(settings); division = division)).await
        }
        "get_externalcontacts_import_job" => {
            sent(with!(args, client.imports().jobs().get(args.id("jobId")); expand = expand(args))).await
        }
        "put_externalcontacts_import_job" => {
            let update: ImportJobUpdate = args.body();
            let (id, action) = (args.id("jobId"), update.action.expect("an action"));
            assert_eq!(update.job_id.as_deref(), Some(id.as_str()));
            sent(client.imports().jobs().update(id, action)).await
        }
        _ => return None,
    })
}

/// The rows have one value that the API doesn't list.
fn expand(args: &mut Args) -> Option<Vec<ImportJobExpand>> {
    Some(args.texts("expand")?.into_iter().map(ImportJobExpand::from).collect())
}
