//! People and their roles.

use super::{Console, Result, unbuilt};
use crate::access::{Actor, Person, PersonId, Role};

/// Sorted by name.
pub async fn people(_console: &Console, _actor: &Actor) -> Result<Vec<Person>> {
    unbuilt()
}

pub async fn add_person(
    _console: &Console,
    _actor: &Actor,
    _name: &str,
    _email: &str,
    _role: Role,
    _password: &str,
) -> Result<PersonId> {
    unbuilt()
}

/// Counts at once: also for approvals that were given and not used yet. The last owner keeps the role.
pub async fn change_role(_console: &Console, _actor: &Actor, _person: PersonId, _role: Role) -> Result<()> {
    unbuilt()
}

/// Ends the person's sessions. The last owner cannot be disabled.
pub async fn disable_person(_console: &Console, _actor: &Actor, _person: PersonId) -> Result<()> {
    unbuilt()
}

pub async fn enable_person(_console: &Console, _actor: &Actor, _person: PersonId) -> Result<()> {
    unbuilt()
}

/// Changes one's own password. All sessions but the one with the hash `keep` end.
pub async fn change_password(_console: &Console, _actor: &Actor, _old: &str, _new: &str, _keep: Option<&str>) -> Result<()> {
    unbuilt()
}
