//! Environments: connections and policies, and what the process environment offers at set-up.

use super::console::not_found;
use super::permit::{Act, permit};
use super::store::environments as store;
use super::target::connect;
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::lookup::LookupSet;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{BackupMode, Environment, EnvironmentId, EnvironmentInput, Policy};
use sqlx::PgConnection;
use uuid::Uuid;

/// In rank order.
pub async fn environments(console: &Console, actor: &Actor) -> Result<Vec<Environment>> {
    permit(console, Action::See, Act::new(actor, "see the environments", "environments")).await?;
    all(console).await
}

/// With the host behind each connection, where it can be resolved.
pub(super) async fn all(console: &Console) -> Result<Vec<Environment>> {
    let all = store::all(&mut *console.connection().await?).await?;
    Ok(all.into_iter().map(with_host).collect())
}

fn with_host(environment: Environment) -> Environment {
    let host = connect::resolve(&environment.connection).map(|url| url.host()).ok();
    Environment { host, ..environment }
}

pub(super) async fn find(console: &Console, id: EnvironmentId) -> Result<Environment> {
    all(console).await?.into_iter().find(|environment| environment.id == id).ok_or_else(|| not_found("environment"))
}

/// Adds an environment after the last.
pub async fn add_environment(console: &Console, actor: &Actor, input: &EnvironmentInput) -> Result<EnvironmentId> {
    let act = Act::new(actor, "add an environment", &input.name);
    permit(console, Action::Administer, act).await?;
    let input = checked(input)?;
    let id = EnvironmentId(Uuid::now_v7());
    let mut tx = console.begin().await?;
    store::insert(&mut tx, id, &input).await?;
    act.done(tx).await?;
    Ok(id)
}

/// Changes name, label, connection and policy. A changed policy has a new version, which voids previews that were not requested yet.
pub async fn edit_environment(
    console: &Console,
    actor: &Actor,
    environment: EnvironmentId,
    input: &EnvironmentInput,
) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "edit an environment", &input.name)).await?;
    let input = checked(input)?;
    let mut tx = console.begin().await?;
    let before = locked(&mut tx, environment).await?;
    let policy = Policy { version: before.policy.version, ..input.policy.clone() };
    let changed = policy != before.policy;
    let policy = Policy { version: before.policy.version + i32::from(changed), ..policy };
    store::update(&mut tx, environment, &input, &policy).await?;
    let action = if changed { "edit an environment and its policy" } else { "edit an environment" };
    Act::new(actor, action, &input.name).done(tx).await
}

/// Removes an environment that no release and no promotion names.
pub async fn remove_environment(console: &Console, actor: &Actor, environment: EnvironmentId) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "remove an environment", "environments")).await?;
    let mut tx = console.begin().await?;
    let before = locked(&mut tx, environment).await?;
    store::delete(&mut tx, &before).await?;
    Act::new(actor, "remove an environment", &before.name).done(tx).await
}

async fn locked(conn: &mut PgConnection, id: EnvironmentId) -> Result<Environment> {
    store::lock(conn, id).await?.ok_or_else(|| not_found("environment"))
}

fn checked(input: &EnvironmentInput) -> Result<EnvironmentInput> {
    let invalid = |what: &str, way_out: &str| Err(Problem::new(ProblemKind::Invalid, what).way_out(way_out));
    let policy = &input.policy;
    if policy.approvals > 10 {
        return invalid("More than ten approvals cannot be asked for.", "Choose a number from 0 to 10.");
    }
    if policy.protected && policy.approvals == 0 {
        return invalid("A protected environment needs an approval.", "Ask for at least one, or let it be unprotected.");
    }
    if policy.drill && policy.backup == BackupMode::External {
        let way_out = "Let the policy keep a dump, or take the restore drill out.";
        return invalid("Where only a restore point is made, there is nothing to restore in a drill.", way_out);
    }
    if policy.rehearsal && policy.backup != BackupMode::Full {
        let way_out = "Let the policy keep everything, or take the rehearsal out.";
        return invalid("A promotion is rehearsed on what a backup of everything restores to.", way_out);
    }
    if !(100..=600_000).contains(&policy.lock_timeout_ms) {
        return invalid("The wait for a lock is too short or too long.", "Choose from 100 milliseconds to 10 minutes.");
    }
    if !(1_000..=86_400_000).contains(&policy.statement_timeout_ms) {
        return invalid("The time for a statement is too short or too long.", "Choose from 1 second to 24 hours.");
    }
    let label = input.label.trim();
    if label.chars().count() > 60 || label.chars().any(char::is_control) {
        return invalid("The label cannot be used.", "Write at most 60 characters on one line.");
    }
    Ok(EnvironmentInput {
        name: input.name.trim().to_owned(),
        label: label.to_owned(),
        connection: input.connection.trim().to_owned(),
        policy: input.policy.clone(),
    })
}

/// Variable, name and label, in the order of the pipeline.
const OFFERS: [(&str, &str, &str); 3] = [
    ("DEV_DATABASE_URL", "development", "Development"),
    ("TEST_DATABASE_URL", "test", "Test"),
    ("DATABASE_URL", "production", "Production"),
];

/// Environments that DEV_DATABASE_URL, TEST_DATABASE_URL and DATABASE_URL offer, and that are not set up yet.
pub async fn offered_environments(console: &Console, actor: &Actor) -> Result<Vec<String>> {
    permit(console, Action::Administer, Act::new(actor, "see the offered environments", "environments")).await?;
    let known = all(console).await?;
    Ok(offers(&known).map(|(_, _, label)| label.to_owned()).collect())
}

/// An offer comes after what is there: once an environment exists, those that belong before it are not offered.
fn offers(known: &[Environment]) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let set = |(variable, ..): &(&str, &str, &str)| std::env::var(variable).is_ok_and(|text| !text.trim().is_empty());
    let last = OFFERS.iter().rposition(|(_, name, _)| known.iter().any(|one| one.name == *name)).map_or(0, |at| at + 1);
    OFFERS.into_iter().skip(last).filter(set)
}

/// Sets up what `offered_environments` lists, with policies that grow stricter towards production, and suggests the lookup set.
pub async fn accept_offered_environments(console: &Console, actor: &Actor) -> Result<Vec<Environment>> {
    permit(console, Action::Administer, Act::new(actor, "set up the offered environments", "environments")).await?;
    let known = all(console).await?;
    for (variable, name, label) in offers(&known) {
        let input = EnvironmentInput {
            name: name.to_owned(),
            label: label.to_owned(),
            connection: format!("env:{variable}"),
            policy: Policy { protected: name == "production", ..Policy::default() },
        };
        add_environment(console, actor, &input).await?;
    }
    let (_, _, set) = store::pipeline(&mut *console.connection().await?).await?;
    if set == LookupSet::default()
        && let Ok(survey) = super::lookup_set::survey(console, &LookupSet::default()).await
    {
        let set = LookupSet { tables: survey.suggestions.into_iter().map(|suggestion| suggestion.table).collect() };
        super::lookup_set::edit_lookup_set(console, actor, &set).await?;
    }
    all(console).await
}
