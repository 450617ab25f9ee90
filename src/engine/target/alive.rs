//! Whether a target still answers, asked beside the work on it and on a connection of its own: a network that drops packets, or a balancer
//! in front of a dead server, tells nobody that a connection is gone.

use super::super::Result;
use super::super::sql_error::explain;
use super::connect::{self, TargetUrl};
use crate::problem::{Problem, ProblemKind};
use sqlx::PgConnection;
use std::future::Future;
use std::time::{Duration, Instant};

/// How often it is asked, and how long one answer may take.
const BEAT: Duration = Duration::from_secs(5);

/// Nothing is heard of a target for this long: it is gone.
const SILENCE: Duration = Duration::from_secs(25);

/// Does the work unless the target falls silent meanwhile; then the work is dropped, and its sessions with it. The same when the server
/// does not know the session `named` any more that the work has opened.
pub async fn while_it_answers<T>(url: &TargetUrl, named: Option<&str>, work: impl Future<Output = T>) -> Result<T> {
    // On the heap: what is done here is deep, and the stacks of an unoptimised build are not.
    let (work, silence) = (Box::pin(work), Box::pin(silence(url, named)));
    tokio::select! {
        biased;
        done = work => Ok(done),
        silent = silence => Err(silent),
    }
}

/// Returns when the target has fallen silent.
async fn silence(url: &TargetUrl, named: Option<&str>) -> Problem {
    let mut conn = None;
    let mut heard = Instant::now();
    let mut seen: Option<Instant> = None;
    loop {
        tokio::time::sleep(BEAT).await;
        match tokio::time::timeout(BEAT, ask(&mut conn, url, named)).await {
            Ok(Ok(there)) => {
                heard = Instant::now();
                if there {
                    seen = Some(heard);
                }
            }
            // A server that refuses says something, too.
            Ok(Err(problem)) if problem.sqlstate.is_some() => (heard, seen) = (Instant::now(), None),
            Ok(Err(_)) | Err(_) => conn = None,
        }
        if heard.elapsed() >= SILENCE {
            return gone(url, "It has said nothing");
        }
        if seen.is_some_and(|seen| seen.elapsed() >= SILENCE) {
            return gone(url, "It has not known our session");
        }
    }
}

fn gone(url: &TargetUrl, what: &str) -> Problem {
    Problem::new(ProblemKind::Unreachable, format!("The connection with {url} is lost."))
        .because(format!("{what} for {} seconds.", SILENCE.as_secs()))
        .way_out("Check the network between the console and the server.")
}

/// Whether the session is there; true where none is asked for.
async fn ask(conn: &mut Option<PgConnection>, url: &TargetUrl, named: Option<&str>) -> Result<bool> {
    const THERE: &str =
        "SELECT $1 IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.application_name = $1)";
    let mut session = match conn.take() {
        Some(session) => session,
        None => connect::open(url, "lockstep:alive").await?,
    };
    let there = sqlx::query_scalar(THERE).bind(named).fetch_one(&mut session).await;
    let there = there.map_err(explain("The target does not answer."))?;
    *conn = Some(session);
    Ok(there)
}
