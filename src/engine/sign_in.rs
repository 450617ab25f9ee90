//! First run, signing in and out.

use super::{Console, Result, unbuilt};
use crate::access::{Actor, PersonId};
use std::net::IpAddr;

/// True while there is no person at all: the first-run page asks for the one-time token and creates the owner.
pub async fn first_run(_console: &Console) -> Result<bool> {
    unbuilt()
}

/// A fresh one-time token for `create_owner`, to be printed by the process that serves; none when there are people. It replaces the
/// one before and is good for a day.
pub async fn first_run_token(_console: &Console) -> Result<Option<String>> {
    unbuilt()
}

/// Creates the owner; `token` was printed when the console started.
pub async fn create_owner(
    _console: &Console,
    _token: &str,
    _name: &str,
    _email: &str,
    _password: &str,
    _ip: IpAddr,
) -> Result<Actor> {
    unbuilt()
}

pub async fn sign_in(_console: &Console, _email: &str, _password: &str, _ip: IpAddr) -> Result<Actor> {
    unbuilt()
}

/// The person behind a session, as they are now: a changed role counts at once, a disabled person is none.
pub async fn actor(_console: &Console, _person: PersonId, _ip: IpAddr) -> Result<Option<Actor>> {
    unbuilt()
}

/// Writes the audit row of a sign-out.
pub async fn sign_out(_console: &Console, _actor: &Actor) -> Result<()> {
    unbuilt()
}
