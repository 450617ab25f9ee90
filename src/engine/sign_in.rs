//! First run, signing in and out.

use super::accounts::{self, Tries, Verdict, check_password};
use super::permit::Act;
use super::store::people::{self, Known};
use super::{Console, Result};
use crate::access::{Actor, PersonId, Role};
use crate::problem::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

/// True while there is no person at all: the first-run page asks for the one-time token and creates the owner.
pub async fn first_run(console: &Console) -> Result<bool> {
    people::none_yet(&mut *console.connection().await?).await
}

/// A fresh one-time token for `create_owner`, to be printed by the process that serves; none when there are people. It replaces the
/// one before and is good for a day.
pub async fn first_run_token(console: &Console) -> Result<Option<String>> {
    let mut connection = console.connection().await?;
    if !people::none_yet(&mut connection).await? {
        return Ok(None);
    }
    let token = hex::encode(rand::random::<[u8; 20]>());
    people::set_first_run(&mut connection, &Sha256::digest(token.as_bytes())).await?;
    Ok(Some(token))
}

/// Creates the owner; `token` was printed when the console started.
pub async fn create_owner(console: &Console, token: &str, name: &str, email: &str, password: &str, ip: IpAddr) -> Result<Actor> {
    let tries = Tries::of_first_run(ip);
    tries.begin(console.store()).await?;
    let given = Sha256::digest(token.trim().as_bytes());
    let stored = people::first_run_hash(&mut *console.connection().await?).await?;
    if !stored.is_some_and(|stored| same(&stored, &given)) {
        return Err(Problem::new(ProblemKind::Forbidden, "The one-time token is not the one that was printed.")
            .way_out("Copy it from where the console was started; each start prints a new one, good for a day."));
    }
    tries.forget(console.store()).await?;
    let (name, email) = (accounts::name(name)?, accounts::email(email)?);
    check_password(password, &email, &name)?;
    let hash = console.hasher().hash(password).await?;
    let owner = Actor { id: PersonId(Uuid::now_v7()), name, email, role: Role::Owner, ip: ip.to_string() };
    let mut tx = console.begin().await?;
    // Of two people with the same token, the row's lock lets one through.
    if !people::use_up_first_run(&mut tx, &given).await? || !people::none_yet(&mut tx).await? {
        return Err(Problem::new(ProblemKind::Conflict, "The owner is there already.").way_out("Sign in."));
    }
    people::insert(&mut tx, owner.id, &owner.name, &owner.email, owner.role, &hash).await?;
    Act::new(&owner, "create the owner", &owner.email).done(tx).await?;
    Ok(owner)
}

/// In a time that does not tell how much of the two is the same.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (x, y)| different | (x ^ y)) == 0
}

/// An unknown address, a wrong password and a disabled person get the same answer after the same work.
pub async fn sign_in(console: &Console, email: &str, password: &str, ip: IpAddr) -> Result<Actor> {
    let email = email.trim().to_lowercase();
    let tries = Tries::of_account(&email, ip);
    if let Err(problem) = tries.begin(console.store()).await {
        let nobody = nobody(ip);
        Act::new(&nobody, "sign in", "console").write(console, "refused: too many tries").await?;
        return Err(problem);
    }
    let known = people::by_email(&mut *console.connection().await?, &email).await?.filter(|known| !known.person.disabled);
    let verdict = console.hasher().verify(password, known.as_ref().map(|known| known.password.as_str())).await?;
    let Some(known) = known.filter(|_| verdict != Verdict::Wrong) else {
        // What was typed as the address may be a password: it is not written down.
        let nobody = nobody(ip);
        Act::new(&nobody, "sign in", "console").write(console, "refused: wrong e-mail address or password").await?;
        return Err(Problem::new(ProblemKind::SignedOut, "The e-mail address or the password is wrong.").way_out("Try again."));
    };
    tries.forget(console.store()).await?;
    let fresh = match verdict {
        Verdict::RightButWeak => Some(console.hasher().hash(password).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    let actor = of(known, ip);
    let mut tx = console.begin().await?;
    people::signed_in(&mut tx, actor.id).await?;
    if let Some(hash) = fresh {
        people::set_password(&mut tx, actor.id, &hash).await?;
    }
    Act::new(&actor, "sign in", "console").done(tx).await?;
    Ok(actor)
}

fn nobody(ip: IpAddr) -> Actor {
    Actor {
        id: PersonId(Uuid::nil()),
        name: "somebody".to_owned(),
        email: String::new(),
        role: Role::Auditor,
        ip: ip.to_string(),
    }
}

fn of(known: Known, ip: IpAddr) -> Actor {
    let person = known.person;
    Actor { id: person.id, name: person.name, email: person.email, role: person.role, ip: ip.to_string() }
}

/// The person behind a session, as they are now: a changed role counts at once, a disabled person is none.
pub async fn actor(console: &Console, person: PersonId, ip: IpAddr) -> Result<Option<Actor>> {
    let known = people::by_id(&mut *console.connection().await?, person).await?;
    Ok(known.filter(|known| !known.person.disabled).map(|known| of(known, ip)))
}

/// Writes the audit row of a sign-out.
pub async fn sign_out(console: &Console, actor: &Actor) -> Result<()> {
    Act::new(actor, "sign out", "console").write(console, "done").await
}
