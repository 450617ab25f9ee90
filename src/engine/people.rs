//! People and their roles.

use super::accounts::{self, Tries, Verdict, check_password};
use super::console::not_found;
use super::permit::{Act, permit};
use super::store::people as store;
use super::store::sessions;
use super::{Console, Result};
use crate::access::{Action, Actor, Person, PersonId, Role};
use crate::problem::{Problem, ProblemKind};
use sqlx::PgConnection;
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// Sorted by name.
pub async fn people(console: &Console, actor: &Actor) -> Result<Vec<Person>> {
    permit(console, Action::Administer, Act::new(actor, "see the people", "people")).await?;
    store::all(&mut *console.connection().await?).await
}

pub async fn add_person(
    console: &Console,
    actor: &Actor,
    name: &str,
    email: &str,
    role: Role,
    password: &str,
) -> Result<PersonId> {
    permit(console, Action::Administer, Act::new(actor, "add a person", "people")).await?;
    let (name, email) = (accounts::name(name)?, accounts::email(email)?);
    check_password(password, &email, &name)?;
    let hash = console.hasher().hash(password).await?;
    let id = PersonId(Uuid::now_v7());
    let mut tx = console.begin().await?;
    store::insert(&mut tx, id, &name, &email, role, &hash).await?;
    Act::new(actor, &format!("add a person as {}", role.label()), &email).done(tx).await?;
    Ok(id)
}

/// Counts at once: also for approvals that were given and not used yet. The last owner keeps the role.
pub async fn change_role(console: &Console, actor: &Actor, person: PersonId, role: Role) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "change a role", "people")).await?;
    let mut tx = console.begin().await?;
    let known = known(&mut tx, person).await?;
    if role != Role::Owner {
        keep_an_owner(&mut tx, &known).await?;
    }
    store::set_role(&mut tx, person, role).await?;
    let action = format!("change the role from {} to {}", known.role.label(), role.label());
    Act::new(actor, &action, &known.email).done(tx).await
}

/// Ends the person's sessions. The last owner cannot be disabled.
pub async fn disable_person(console: &Console, actor: &Actor, person: PersonId) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "disable a person", "people")).await?;
    let mut tx = console.begin().await?;
    let known = known(&mut tx, person).await?;
    keep_an_owner(&mut tx, &known).await?;
    store::set_disabled(&mut tx, person, true).await?;
    sessions::delete_of(&mut tx, person, None).await?;
    Act::new(actor, "disable a person", &known.email).done(tx).await
}

pub async fn enable_person(console: &Console, actor: &Actor, person: PersonId) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "enable a person", "people")).await?;
    let mut tx = console.begin().await?;
    let known = known(&mut tx, person).await?;
    store::set_disabled(&mut tx, person, false).await?;
    Act::new(actor, "enable a person", &known.email).done(tx).await
}

async fn known(conn: &mut PgConnection, person: PersonId) -> Result<Person> {
    let known = store::by_id(conn, person).await?;
    known.map(|known| known.person).ok_or_else(|| not_found("person"))
}

async fn keep_an_owner(conn: &mut PgConnection, person: &Person) -> Result<()> {
    let owners = store::lock_owners(conn).await?;
    if owners == [person.id] {
        return Err(Problem::new(ProblemKind::Conflict, format!("{} is the last owner.", person.name))
            .way_out("Make another person an owner first."));
    }
    Ok(())
}

/// Changes one's own password. All sessions but the one with the hash `keep` end.
pub async fn change_password(console: &Console, actor: &Actor, old: &str, new: &str, keep: Option<&str>) -> Result<()> {
    let tries = Tries::of_account(&actor.email, actor.ip.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
    tries.begin(console.store()).await?;
    let act = Act::new(actor, "change the password", &actor.email);
    let known = store::by_id(&mut *console.connection().await?, actor.id).await?.ok_or_else(|| not_found("person"))?;
    if console.hasher().verify(old, Some(&known.password)).await? == Verdict::Wrong {
        let problem = Problem::new(ProblemKind::Forbidden, "The present password is wrong.").way_out("Type it again.");
        return Err(act.refuse(console, problem).await);
    }
    tries.forget(console.store()).await?;
    check_password(new, &known.person.email, &known.person.name)?;
    let hash = console.hasher().hash(new).await?;
    let mut tx = console.begin().await?;
    store::set_password(&mut tx, actor.id, &hash).await?;
    sessions::delete_of(&mut tx, actor.id, keep).await?;
    act.done(tx).await
}
