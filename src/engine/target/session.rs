//! The session that changes a target: what it waits for is told, and it can be stopped at any moment before the COMMIT.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use super::apply::Order;
use super::measure::Waits;
use super::{Cancel, Tell, Told, connect, preflight};
use crate::catalog::QName;
use crate::plan::{LockMode, Outside, Statement};
use crate::problem::{Problem, ProblemKind};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::Future;
use std::time::{Duration, Instant};

/// Why an attempt ended.
pub(super) enum Stop {
    Cancelled,
    /// Another session was in the way; the transaction may be tried again.
    Busy(Problem),
    Failed(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        match problem.sqlstate.as_deref() {
            Some("55P03" | "40P01") => Self::Busy(problem),
            _ => Self::Failed(problem),
        }
    }
}

/// A statement that takes longer than this may be waiting for somebody.
const PATIENCE: Duration = Duration::from_millis(400);

/// A long wait is told again and again, ever more rarely, at least this often.
const RARELY: Duration = Duration::from_secs(10);

/// Rows that are copied at once, at most.
const TOGETHER: usize = 1024;

/// One console works on a database at a time. The key is arbitrary; it is the same in every version.
const CLAIM: i64 = 0x6c6f_636b_7374_6570;

pub(super) struct Session<'a> {
    pub conn: PgConnection,
    pub order: &'a Order<'a>,
    tell: Tell<'a>,
    cancel: &'a Cancel,
    pid: i32,
    /// Sees from outside what the transaction of a rehearsal holds.
    witness: Option<PgConnection>,
}

impl<'a> Session<'a> {
    pub async fn new(mut conn: PgConnection, order: &'a Order<'a>, tell: Tell<'a>, cancel: &'a Cancel) -> Result<Self> {
        let pid: i32 = sqlx::query_scalar("SELECT pg_catalog.pg_backend_pid()")
            .fetch_one(&mut conn)
            .await
            .map_err(explain("The target could not be asked."))?;
        let timeout = format!("SET lock_timeout = {}", order.policy.lock_timeout_ms);
        conn.execute(AssertSqlSafe(timeout)).await.map_err(explain("The target could not be asked."))?;
        let witness = match order.stopwatch {
            Some(_) => Some(connect::open(order.url, "lockstep:watch").await?),
            None => None,
        };
        Ok(Self { conn, order, tell, cancel, pid, witness })
    }

    pub fn tell(&self, told: Told) {
        (self.tell)(told);
    }

    pub fn progress(&self, done: u64, total: u64, what: &str) {
        self.tell(Told::Progress { done, total, unit: "statements", what: what.to_owned() });
    }

    /// A step of ours that waits for nobody.
    pub async fn run(&mut self, sql: &str) -> std::result::Result<(), Stop> {
        self.conn
            .execute(AssertSqlSafe(sql.to_owned()))
            .await
            .map(|_| ())
            .map_err(|error| Stop::from_error("The target could not be prepared.", &error))
    }

    /// Keeps other runs out of this database until the session ends.
    pub async fn claim(&mut self) -> std::result::Result<(), Stop> {
        let sql = format!("SELECT pg_catalog.pg_advisory_lock({CLAIM})");
        self.execute(&sql, "Another run works on this database").await.map(|_| ())
    }

    pub async fn begin(&mut self) -> std::result::Result<(), Stop> {
        if let Some(stopwatch) = self.order.stopwatch {
            // An attempt before this one was rolled back.
            stopwatch.released();
        }
        self.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        self.settings().await
    }

    /// The policy's limits. A statement of a plan may have changed them.
    pub async fn settings(&mut self) -> std::result::Result<(), Stop> {
        let policy = self.order.policy;
        let sql = format!(
            "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}; SET LOCAL search_path = ''",
            policy.lock_timeout_ms, policy.statement_timeout_ms
        );
        self.run(&sql).await
    }

    /// A statement of the promotion, counted.
    pub async fn step(&mut self, done: &mut u64, total: u64, sql: &str, what: &str) -> std::result::Result<u64, Stop> {
        self.progress(*done, total, what);
        *done += 1;
        self.statement(sql, what).await
    }

    /// Runs a statement of the transaction and gives the number of rows it touched.
    pub async fn statement(&mut self, sql: &str, what: &str) -> std::result::Result<u64, Stop> {
        let begun = Instant::now();
        let touched = self.execute(sql, what).await?;
        if let Some(stopwatch) = self.order.stopwatch {
            stopwatch.statement(what, begun.elapsed());
        }
        self.see_locks(begun).await?;
        Ok(touched)
    }

    /// Runs a statement that commits on its own.
    pub async fn alone(&mut self, statement: &Statement) -> std::result::Result<(), Stop> {
        let begun = Instant::now();
        self.execute(&statement.sql, &statement.summary).await?;
        if let Some(stopwatch) = self.order.stopwatch {
            let time = begun.elapsed();
            stopwatch.statement(&statement.summary, time);
            stopwatch.alone(&statement.locks, time);
        }
        Ok(())
    }

    /// What the transaction holds after a statement that began at `since`.
    async fn see_locks(&mut self, since: Instant) -> std::result::Result<(), Stop> {
        let (Some(stopwatch), Some(witness)) = (self.order.stopwatch, &mut self.witness) else { return Ok(()) };
        let held: Vec<(String, String, bool)> = sqlx::query_as(include_str!("queries/locks_held.sql"))
            .bind(self.pid)
            .fetch_all(witness)
            .await
            .map_err(|error| Stop::from_error("The locks could not be looked up.", &error))?;
        let waits = |readers| if readers { Waits::ReadersAndWriters } else { Waits::Writers };
        stopwatch.holds(held.into_iter().map(|(schema, name, readers)| (QName::new(schema, name), waits(readers))), since);
        Ok(())
    }

    /// While a statement takes long it is told whom it waits for.
    pub async fn execute(&mut self, sql: &str, what: &str) -> std::result::Result<u64, Stop> {
        if self.cancel.requested() {
            return Err(Stop::Cancelled);
        }
        let work = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.conn);
        let watch = watch(self.order, self.pid, self.tell);
        let done = stoppable(self.cancel, work, watch).await?;
        done.map(|done| done.rows_affected()).map_err(|error| {
            let what = what.trim_end_matches('.');
            Stop::from_error(&format!("This statement failed: {what}."), &error)
        })
    }

    /// Copies rows from another session.
    pub async fn copy(&mut self, from: &mut PgConnection, out: &str, into: &str, what: &str) -> std::result::Result<u64, Stop> {
        let work = async {
            let mut rows = from.copy_out_raw(out).await?.try_ready_chunks(TOGETHER);
            let mut sink = self.conn.copy_in_raw(into).await?;
            while let Some(parts) = rows.try_next().await.map_err(|error| error.1)? {
                sink.send(parts.concat()).await?;
            }
            sink.finish().await
        };
        let copied = stoppable(self.cancel, work, watch(self.order, self.pid, self.tell)).await?;
        copied.map_err(|error| Stop::from_error(&format!("This statement failed: {what}."), &error))
    }

    /// Keeps others from changing what the promotion touches. A table that a statement locks for readers too is locked so at once: a reader
    /// that later wants to write would otherwise wait for us while we wait for it.
    pub async fn lock_tables(&mut self) -> std::result::Result<(), Stop> {
        let sealed = self.order.sealed;
        let mut wanted: BTreeSet<QName> = preflight::relations(sealed.plan.together());
        wanted.extend(sealed.lookup.iter().map(|table| table.table.clone()));
        let (schemas, names): (Vec<String>, Vec<String>) =
            wanted.iter().map(|name| (name.schema.clone(), name.name.clone())).unzip();
        let there: Vec<(String, String)> = sqlx::query_as(include_str!("queries/tables_there.sql"))
            .bind(schemas)
            .bind(names)
            .fetch_all(&mut self.conn)
            .await
            .map_err(|error| Stop::from_error("The tables could not be looked up.", &error))?;
        let there: Vec<QName> = there.into_iter().map(|(schema, name)| QName::new(schema, name)).collect();
        let locks = || sealed.plan.together().flat_map(|statement| &statement.locks);
        wanted.extend(locks().map(|lock| lock.table.clone()));
        let exclusive: BTreeSet<QName> =
            locks().filter(|lock| lock.mode == LockMode::AccessExclusive).map(|lock| lock.table.clone()).collect();
        for (mode, tables) in [
            ("ACCESS EXCLUSIVE", there.iter().filter(|table| exclusive.contains(table)).collect::<Vec<_>>()),
            ("SHARE ROW EXCLUSIVE", there.iter().filter(|table| !exclusive.contains(table)).collect()),
        ] {
            if !tables.is_empty() {
                let list: Vec<String> = tables.iter().map(ToString::to_string).collect();
                let begun = Instant::now();
                self.execute(&format!("LOCK TABLE {} IN {mode} MODE", list.join(", ")), "Locks the tables").await?;
                self.see_locks(begun).await?;
            }
        }
        Ok(())
    }

    /// Limits for a statement outside a transaction. Only one that keeps others from writing while it waits for its lock may not wait long.
    pub async fn settings_for(&mut self, statement: &Statement) -> std::result::Result<(), Stop> {
        let policy = self.order.policy;
        let in_the_way = statement.locks.iter().any(|lock| lock.mode > LockMode::ShareUpdateExclusive);
        let wait = if in_the_way { policy.lock_timeout_ms } else { 0 };
        self.run(&format!("SET lock_timeout = {wait}; SET statement_timeout = {}", policy.statement_timeout_ms)).await
    }

    /// Whether an interrupted attempt has done a statement outside the transaction already.
    pub async fn is_done(&mut self, outside: Option<&Outside>) -> std::result::Result<bool, Stop> {
        let Some(outside) = outside else { return Ok(false) };
        sqlx::query_scalar(AssertSqlSafe(outside.done.clone()))
            .fetch_one(&mut self.conn)
            .await
            .map_err(|error| Stop::from_error("The target could not be asked what is done.", &error))
    }

    /// Waits, unless somebody asks for a stop.
    pub async fn pause(&self, time: Duration) -> std::result::Result<(), Stop> {
        tokio::select! {
            () = self.cancel.wait() => Err(Stop::Cancelled),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    /// From here on there is no way back, and nobody can stop it.
    pub async fn commit(&mut self) -> std::result::Result<(), Stop> {
        if !self.cancel.may_commit().await {
            return Err(match self.cancel.requested() {
                true => Stop::Cancelled,
                false => Stop::Failed(
                    Problem::new(ProblemKind::Conflict, "This console may not commit the promotion.")
                        .because("It does not hold the run any more, or cannot reach its store.")
                        .way_out("Look at the run: the console that took it over tells how it goes on."),
                ),
            });
        }
        let committing = "The COMMIT was not confirmed.";
        let committed = self.conn.execute("COMMIT").await.map(|_| ());
        if let Some(stopwatch) = self.order.stopwatch {
            stopwatch.released();
        }
        committed.map_err(|error| Stop::Failed(problem(committing, &error)))
    }
}

/// Leaves the statement when a stop is asked for: the session is dropped with it, and the server ends what it did.
async fn stoppable<T>(
    cancel: &Cancel,
    work: impl Future<Output = T>,
    watch: impl Future<Output = Infallible>,
) -> std::result::Result<T, Stop> {
    tokio::select! {
        biased;
        done = work => Ok(done),
        () = cancel.wait() => Err(Stop::Cancelled),
        never = watch => match never {},
    }
}

#[derive(sqlx::FromRow)]
struct Blocker {
    pid: Option<i32>,
    application_name: Option<String>,
    state: String,
    age: Option<String>,
}

/// Tells again and again whom the session waits for, asked on a connection of its own. What it cannot find out it does not tell.
async fn watch(order: &Order<'_>, pid: i32, tell: Tell<'_>) -> Infallible {
    tokio::time::sleep(PATIENCE).await;
    let Ok(mut conn) = connect::open(order.url, "lockstep:watch").await else { return std::future::pending().await };
    let mut pause = PATIENCE;
    loop {
        let found: std::result::Result<Vec<Blocker>, _> =
            sqlx::query_as(include_str!("queries/blockers.sql")).bind(pid).fetch_all(&mut conn).await;
        if let Some(first) = found.as_ref().ok().and_then(|blockers| blockers.first()) {
            tell(Told::Waiting { for_whom: words(first) });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(RARELY);
    }
}

fn words(blocker: &Blocker) -> String {
    let Some(pid) = blocker.pid else { return "a prepared transaction".to_owned() };
    let name = blocker.application_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("without a name");
    let age = blocker.age.as_deref().map(|age| format!(" for {age}")).unwrap_or_default();
    format!("session {pid} ({name}, {}{age})", if blocker.state.is_empty() { "unknown state" } else { &blocker.state })
}
