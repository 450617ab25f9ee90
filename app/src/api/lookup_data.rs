//! Lookup data in files: what a page brings in.

use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};

/// Keeps the archive of the form as a release and leads to its preview.
#[server(endpoint = "import-lookup-data", input = MultipartFormData)]
pub async fn import_lookup_data(form: MultipartData) -> Result<(), AppError> {
    let (release, target) = crate::ssr::upload::import(form).await?;
    crate::ssr::go(&format!("/preview/{}/{}", release.id.0, target.0));
    Ok(())
}
