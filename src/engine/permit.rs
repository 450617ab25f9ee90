//! Every use-case asks here first. What is refused is written into the audit log, as what is done.

use super::store::audit::{self, Told};
use super::store::{Tx, commit};
use super::{Console, Result};
use crate::access::{Action, Actor, allowed};
use crate::problem::{Problem, ProblemKind};

/// One act of a person: "approve" on "promotion 7".
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    pub actor: &'a Actor,
    pub action: &'a str,
    pub object: &'a str,
}

impl<'a> Act<'a> {
    pub fn new(actor: &'a Actor, action: &'a str, object: &'a str) -> Self {
        Self { actor, action, object }
    }

    fn told(&self, result: &'a str) -> Told<'a> {
        let Self { actor, action, object } = *self;
        Told { actor: &actor.name, role: actor.role.label(), action, object, result, ip: &actor.ip }
    }

    /// Writes the act down and makes it visible together with the change in `tx`.
    pub async fn done(&self, mut tx: Tx) -> Result<()> {
        audit::append(&mut tx, self.told("done")).await?;
        commit(tx).await
    }

    /// Passes a refusal on; one that is about rights is written down first.
    pub async fn refuse(&self, console: &Console, problem: Problem) -> Problem {
        if problem.kind != ProblemKind::Forbidden {
            return problem;
        }
        let result = format!("refused: {}", problem.what);
        match self.write(console, &result).await {
            Ok(()) => problem,
            Err(unwritten) => unwritten,
        }
    }

    /// Writes down what changes nothing in the store.
    pub async fn write(&self, console: &Console, result: &str) -> Result<()> {
        let mut tx = console.begin().await?;
        audit::append(&mut tx, self.told(result)).await?;
        commit(tx).await
    }
}

/// Refuses what the table of roles does not allow.
pub(super) async fn permit(console: &Console, needs: Action, act: Act<'_>) -> Result<()> {
    if allowed(act.actor.role, needs) {
        return Ok(());
    }
    let role = act.actor.role.label();
    let problem = Problem::new(ProblemKind::Forbidden, format!("The role {role} may not do this: {}.", act.action))
        .way_out("Ask an owner to give you the role, or somebody who has it to do this.");
    Err(act.refuse(console, problem).await)
}
