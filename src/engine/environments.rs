//! Environments: connections and policies, and what the process environment offers at set-up.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{ConnectionReport, Environment, EnvironmentId, EnvironmentInput};

/// In rank order.
pub async fn environments(_console: &Console, _actor: &Actor) -> Result<Vec<Environment>> {
    unbuilt()
}

/// Adds an environment after the last.
pub async fn add_environment(_console: &Console, _actor: &Actor, _input: &EnvironmentInput) -> Result<EnvironmentId> {
    unbuilt()
}

/// Changes name, label, connection and policy. A changed policy has a new version, which voids previews that were not requested yet.
pub async fn edit_environment(
    _console: &Console,
    _actor: &Actor,
    _environment: EnvironmentId,
    _input: &EnvironmentInput,
) -> Result<()> {
    unbuilt()
}

/// Removes an environment that no release and no promotion names.
pub async fn remove_environment(_console: &Console, _actor: &Actor, _environment: EnvironmentId) -> Result<()> {
    unbuilt()
}

/// Connects to what `reference` names and says what works and what does not.
pub async fn test_connection(_console: &Console, _actor: &Actor, _reference: &str) -> Result<ConnectionReport> {
    unbuilt()
}

/// Environments that DEV_DATABASE_URL, TEST_DATABASE_URL and DATABASE_URL offer, and that are not set up yet.
pub async fn offered_environments(_console: &Console, _actor: &Actor) -> Result<Vec<String>> {
    unbuilt()
}

/// Sets up what `offered_environments` lists, with policies that grow stricter towards production, and suggests the lookup set.
pub async fn accept_offered_environments(_console: &Console, _actor: &Actor) -> Result<Vec<Environment>> {
    unbuilt()
}
