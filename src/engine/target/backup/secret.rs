//! Letting PostgreSQL's programs in without anybody seeing the password.

use super::super::super::{Result, files};
use super::Order;
use super::folder::Scrap;
use tokio::process::Command;

/// The password lies in a file that only this user can read, for as long as the result is held.
pub fn let_in(command: &mut Command, order: &Order<'_>) -> Result<Option<Scrap>> {
    let Some(password) = order.url.password() else { return Ok(None) };
    let secret = Scrap::password(order.dir, order.name);
    let escaped = password.replace('\\', r"\\").replace(':', r"\:");
    files::write_private(&secret.0, format!("*:*:*:*:{escaped}\n").as_bytes())?;
    command.env("PGPASSFILE", &secret.0);
    Ok(Some(secret))
}
