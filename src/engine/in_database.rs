//! What is in the target of a promotion now, and the way out of one that needs attention.

use super::console::not_found;
use super::permit::{Act, permit};
use super::requests::object;
use super::store::promotions::{self, Kept};
use super::store::releases;
use super::target::{connect, inspect};
use super::{Console, Result, environments};
use crate::access::{Action, Actor};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{EnvironmentId, InDatabase, Outcome, PromotionId, RunId, RunbookStep, State};
use sqlx::PgConnection;

/// Reads the target of a promotion that has run.
pub async fn in_database(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<InDatabase> {
    permit(console, Action::See, Act::new(actor, "see what is in a database", "promotions")).await?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    let Some(run) = kept.run else { return Err(not_found("run of this promotion")) };
    let sealed = promotions::preview(&mut connection, &kept).await?.sealed;
    let set = releases::content(&mut connection, &sealed.release).await?.0.lookup_set;
    drop(connection);
    let target = environments::find(console, kept.target).await?;
    let mut found = inspect::inspect(&connect::resolve(&target.connection)?, run, &sealed, &set).await?;
    if needs_attention(&kept) {
        found.runbook = runbook(run, &found);
    }
    Ok(found)
}

/// It ended so, and nobody has said yet what was found.
pub(super) fn needs_attention(kept: &Kept) -> bool {
    kept.settled.is_none() && matches!(kept.summary.state, State::Finished { outcome: Outcome::NeedsAttention { .. }, .. })
}

pub(super) fn may_settle(actor: &Actor, kept: &Kept) -> Result<()> {
    if !crate::access::allowed(actor.role, Action::Approve { protected: true }) {
        return Err(Problem::new(ProblemKind::Forbidden, "Only a lead or an owner may say that it is settled."));
    }
    match needs_attention(kept) {
        true => Ok(()),
        false => Err(Problem::new(ProblemKind::Conflict, "Nothing of this promotion needs attention.")),
    }
}

/// A person has looked at the target and says what was found: the environment is open again.
pub async fn settle(console: &Console, actor: &Actor, promotion: PromotionId, note: &str) -> Result<()> {
    let object = object(promotion);
    let act = Act::new(actor, "settle", &object);
    permit(console, Action::Approve { protected: true }, act).await?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > 10_000 {
        return Err(Problem::new(ProblemKind::Invalid, "It is not said what was found.")
            .way_out("Write in a sentence or two what is in the database and what was done about it."));
    }
    let mut tx = console.begin().await?;
    let kept = promotions::lock(&mut tx, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    may_settle(actor, &kept)?;
    promotions::settle(&mut tx, promotion, &actor.name, note).await?;
    act.done(tx).await
}

/// Why nothing may be promoted into an environment before somebody has looked at it.
pub(super) async fn frozen(conn: &mut PgConnection, target: EnvironmentId) -> Result<Option<Problem>> {
    let open = promotions::unsettled(conn, target).await?;
    Ok(open.map(|kept| {
        let label = &kept.summary.target_label;
        Problem::new(
            ProblemKind::Conflict,
            format!("{label} is closed: the promotion of {} needs attention.", kept.summary.version),
        )
        .because("It is not certain what is in the database.")
        .way_out("Open that promotion, look at what is in the database, and let a lead say that it is settled.")
    }))
}

/// The way out of a promotion that needs attention.
fn runbook(run: RunId, in_database: &InDatabase) -> Vec<RunbookStep> {
    let step = |text: &str, sql: Option<String>| RunbookStep { text: text.to_owned(), sql };
    let mut steps = Vec::new();
    if !in_database.sessions.is_empty() {
        let sql = format!(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lockstep:{}%';",
            run.0
        );
        steps.push(step("End the sessions of the run that are still there.", Some(sql)));
    }
    let ledger = format!("SELECT * FROM lockstep.ledger WHERE run_id = '{}';", run.0);
    steps.push(match in_database.committed {
        true => step("The transaction was committed, as its row in the ledger says.", Some(ledger)),
        false => step("The transaction was not committed: the ledger has no row of the run.", Some(ledger)),
    });
    if !in_database.left.is_empty() {
        let all: Vec<String> = in_database.left.iter().map(|left| format!("{};", left.sql)).collect();
        let text = "Correct what the result names, then promote the release again: it does these. Or do them by hand.";
        steps.push(step(text, Some(all.join("\n"))));
    }
    steps.push(step("Say below what you found and did. Until then nothing can be promoted into this environment.", None));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::{LeftStatement, Like};
    use uuid::Uuid;

    #[test]
    fn a_runbook_names_what_is_open_and_nothing_else() {
        let nothing = InDatabase {
            last: None,
            committed: false,
            schema: Like::Before,
            lookup: Some(Like::Both),
            left: Vec::new(),
            sessions: Vec::new(),
            runbook: Vec::new(),
        };
        let run = RunId(Uuid::nil());
        assert_eq!(runbook(run, &nothing).len(), 2);
        let left = vec![LeftStatement { summary: "Builds an index".to_owned(), sql: "CREATE INDEX a ON b (c)".to_owned() }];
        let much = InDatabase { committed: true, left, sessions: vec!["4711".to_owned()], ..nothing };
        let sql: Vec<String> = runbook(run, &much).into_iter().filter_map(|step| step.sql).collect();
        assert_eq!(sql.len(), 3);
        assert_eq!(sql[2], "CREATE INDEX a ON b (c);");
    }
}
