//! What PostgreSQL and the driver report, in words for people. The one place that reads an SQLSTATE's meaning.
//!
//! The texts name tables, constraints and columns, never a connection string.

use crate::problem::{Problem, ProblemKind};
use sqlx::postgres::PgDatabaseError;

/// `what` says what Lockstep was doing, in one sentence that names the thing; the cause and the way out come from the error.
///
/// For `map_err`: `query.execute(conn).await.map_err(explain("The ledger of production could not be read."))`.
pub fn explain(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Problem {
    |error| problem(what, &error)
}

/// As `explain`, for an error that is needed afterwards.
pub fn problem(what: impl Into<String>, error: &sqlx::Error) -> Problem {
    match error {
        sqlx::Error::Database(database) => match database.try_downcast_ref::<PgDatabaseError>() {
            Some(refusal) => refused(what.into(), refusal),
            None => Problem::new(ProblemKind::Database, what).because(sentence(database.message())),
        },
        sqlx::Error::Io(io) => lost(what.into(), io),
        sqlx::Error::Tls(cause) => Problem::new(ProblemKind::Unreachable, what)
            .because(sentence(&format!("The encrypted connection could not be set up: {cause}")))
            .way_out("Check sslmode and sslrootcert in the connection URL."),
        sqlx::Error::PoolTimedOut => Problem::new(ProblemKind::Unreachable, what)
            .because("No connection became free in time.")
            .way_out("Try again when fewer people and runs use this database."),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Problem::new(ProblemKind::Unreachable, what).because("The connection was closed.")
        }
        other => Problem::new(ProblemKind::Internal, what).because(sentence(&other.to_string())),
    }
}

/// The SQLSTATE, where PostgreSQL refused.
pub fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|database| database.code()).map(|code| code.into_owned())
}

fn lost(what: String, error: &std::io::Error) -> Problem {
    use std::io::ErrorKind as E;
    let (cause, way_out) = match error.kind() {
        E::ConnectionRefused => ("Nothing listens at that address.", "Check host and port, and that PostgreSQL is running."),
        E::TimedOut => ("It did not answer in time.", "Check host, port and firewall."),
        E::NotFound => ("There is no such socket.", "Check the directory, and that PostgreSQL is running."),
        E::PermissionDenied => ("The operating system refused access.", "Check the permissions of the socket."),
        E::ConnectionReset | E::ConnectionAborted | E::BrokenPipe | E::UnexpectedEof => {
            ("The connection was lost.", "Check that PostgreSQL is running, then try again.")
        }
        _ => {
            return Problem::new(ProblemKind::Unreachable, what)
                .because(sentence(&error.to_string()))
                .way_out("Check host and port, and that PostgreSQL is running.");
        }
    };
    Problem::new(ProblemKind::Unreachable, what).because(cause).way_out(way_out)
}

fn refused(what: String, refusal: &PgDatabaseError) -> Problem {
    let code = refusal.code();
    let (cause, way_out) = words(code, refusal);
    Problem::new(kind(code), what).because(cause).way_out(way_out).sqlstate(code)
}

fn kind(code: &str) -> ProblemKind {
    match code {
        "53300" | "3D000" | "57P01" | "57P02" | "57P03" => ProblemKind::Unreachable,
        _ if code.starts_with("08") || code.starts_with("28") => ProblemKind::Unreachable,
        _ => ProblemKind::Database,
    }
}

/// Cause and way out. Codes that are not listed keep PostgreSQL's own words.
fn words(code: &str, refusal: &PgDatabaseError) -> (String, String) {
    let own = sentence(refusal.message());
    let hint = refusal.hint().map(sentence).unwrap_or_default();
    let said = |cause: &str, way_out: &str| (cause.to_owned(), way_out.to_owned());
    match code {
        "28P01" => said("The password is wrong.", "Correct the password in the connection URL."),
        "28000" => (own, "Check the user, the password and pg_hba.conf of that server.".into()),
        "3D000" => (own, "Check the database name in the connection URL.".into()),
        "42501" => (own, "Grant the missing privilege, or connect as the owner.".into()),
        "55P03" => said(
            "Another session holds a lock on what is needed, and it was not released in time.",
            "Wait for that session to finish, or end it, then try again.",
        ),
        "40P01" => said("Two sessions waited for each other, and PostgreSQL ended this one.", "Try again."),
        "40001" => said("Another session changed the same rows at the same time.", "Try again."),
        "57014" => said("The statement took longer than allowed, or was cancelled.", "Try again when the database is less busy."),
        "57P01" | "57P02" => said("The database was restarted, or an administrator ended the session.", "Try again."),
        "57P03" => said("The database is starting up or shutting down.", "Try again in a moment."),
        "53100" => said("The disk of the database server is full.", "Free space on the server, then try again."),
        "53200" => (own, "Raise max_locks_per_transaction on that server, or its memory.".into()),
        "53300" => said("The server has no free connection.", "Close other sessions, or raise max_connections."),
        "25006" => said("The database is read-only, for instance a standby.", "Connect to the primary server."),
        "25P02" => said("An earlier statement of the same transaction had failed.", "Look at the first failure."),
        "22021" | "22P05" => (own, "Repair the text that does not fit the database's encoding.".into()),
        _ if code.starts_with("23") => (violated(code, refusal), "Correct those rows, then try again.".into()),
        _ if code.starts_with("08") => (own, "Check that PostgreSQL is running, then try again.".into()),
        _ => {
            let detail = refusal.detail().map(|detail| format!(" {}", sentence(detail))).unwrap_or_default();
            (format!("{own}{detail}"), hint)
        }
    }
}

fn violated(code: &str, refusal: &PgDatabaseError) -> String {
    let table = match (refusal.schema(), refusal.table()) {
        (Some(schema), Some(table)) => format!("{schema}.{table}"),
        (_, table) => table.unwrap_or("a table").to_owned(),
    };
    let constraint = refusal.constraint().unwrap_or("without a name");
    let column = refusal.column().unwrap_or("");
    let detail = refusal.detail().map(|detail| format!(" {}", sentence(detail))).unwrap_or_default();
    match code {
        "23502" => format!("A row of {table} has no value in column {column}, which must not be empty."),
        "23503" => format!("A row of {table} refers to a row that is not there, or is still referred to ({constraint}).{detail}"),
        "23505" => format!("Two rows of {table} would have the same key ({constraint}).{detail}"),
        "23514" => format!("A row of {table} breaks the check {constraint}."),
        "23P01" => format!("Two rows of {table} exclude each other ({constraint}).{detail}"),
        _ => format!("{}{detail}", sentence(refusal.message())),
    }
}

/// PostgreSQL starts small and ends without a full stop; people read sentences.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if text.is_empty() || text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
