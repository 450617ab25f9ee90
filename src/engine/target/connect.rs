//! Connections to a target: references, the secret behind them, and the session that every reader and writer gets.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use crate::problem::{Problem, ProblemKind};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Postgres, Transaction};
use std::fmt;
use std::time::Duration;
use url::Url;

/// How long a server may take to answer at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a database is and how to get in. Neither `Debug` nor `Display` shows the password.
#[derive(Clone)]
pub struct TargetUrl {
    host: String,
    port: u16,
    user: String,
    password: Option<String>,
    database: String,
    ssl_mode: Option<String>,
    ssl_root_cert: Option<String>,
    connect_timeout: Duration,
}

/// Parameters of a URL that do not change whom one talks to, nor read other files, nor set things in the session.
const ALLOWED: &str = "sslmode, sslrootcert, connect_timeout and application_name";

impl TargetUrl {
    /// Reads `postgresql://user:password@host:port/database`. A host that starts with `/` (written `%2F`) is a directory
    /// with a Unix-domain socket.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|error| invalid(format!("The text is not a URL: {error}.")))?;
        if !matches!(url.scheme(), "postgresql" | "postgres") {
            return Err(invalid(format!("It starts with {}:, not with postgresql:.", url.scheme())));
        }
        if url.fragment().is_some() {
            return Err(invalid("It holds a #; write %23 when it belongs to the password.".into()));
        }
        let fallback = PgConnectOptions::new_without_pgpass();
        let user = match decode(url.username())? {
            user if user.is_empty() => fallback.get_username().to_owned(),
            user => user,
        };
        let database = match decode(url.path().trim_start_matches('/'))? {
            database if database.is_empty() => user.clone(),
            database => database,
        };
        let mut target = Self {
            host: decode(url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost"))?,
            port: url.port().unwrap_or(5432),
            user,
            password: url.password().map(decode).transpose()?.or_else(|| std::env::var("PGPASSWORD").ok()),
            database,
            ssl_mode: None,
            ssl_root_cert: None,
            connect_timeout: CONNECT_TIMEOUT,
        };
        for (key, value) in url.query_pairs() {
            target.parameter(&key, &value)?;
        }
        Ok(target)
    }

    /// A URL that an operator typed on the command line: as `parse`, and also with what libpq takes as parameters, such as the
    /// directory of a socket (`postgresql:///database?host=/run/postgresql`).
    pub fn typed(text: &str) -> Result<Self> {
        let Ok(mut url) = Url::parse(text.trim()) else { return Self::parse(text) };
        let (own, rest): (Vec<_>, Vec<_>) = url
            .query_pairs()
            .into_owned()
            .partition(|(key, _)| matches!(key.as_str(), "host" | "port" | "user" | "password" | "dbname"));
        url.set_query(None);
        if !rest.is_empty() {
            url.query_pairs_mut().extend_pairs(rest);
        }
        let mut target = Self::parse(url.as_str())?;
        for (key, value) in own {
            match key.as_str() {
                "host" => target.host = value,
                "port" => target.port = value.parse().map_err(|_| invalid("Its port is not a number.".into()))?,
                "user" => target.user = value,
                "password" => target.password = Some(value),
                _ => target.database = value,
            }
        }
        Ok(target)
    }

    fn parameter(&mut self, key: &str, value: &str) -> Result<()> {
        match key {
            "sslmode" => {
                value.parse::<PgSslMode>().map_err(|_| invalid("Its sslmode is none that PostgreSQL knows.".into()))?;
                self.ssl_mode = Some(value.to_owned());
            }
            "sslrootcert" => self.ssl_root_cert = Some(value.to_owned()),
            "connect_timeout" => {
                let seconds = value.parse().map_err(|_| invalid("Its connect_timeout is not a number of seconds.".into()))?;
                self.connect_timeout = Duration::from_secs(seconds);
            }
            // Lockstep names its sessions itself, so that it finds them again after a crash.
            "application_name" => {}
            _ => {
                return Err(invalid(format!("It holds the parameter {key}.")).way_out(format!(
                    "Leave it out; allowed are {ALLOWED}. A socket directory is written as the host, with %2F for /."
                )));
            }
        }
        Ok(())
    }

    /// Host and port, as people read them.
    pub fn host(&self) -> String {
        let host =
            if self.host.contains(':') && !self.host.starts_with('[') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    /// For the hand-over to PostgreSQL's own programs, by a file that only this user can read.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// The same database as a libpq connection string without the password: an argument for PostgreSQL's own programs.
    pub fn conninfo(&self) -> String {
        let port = self.port.to_string();
        let mut parts =
            vec![("host", self.host.trim_matches(['[', ']'])), ("port", &port), ("user", &self.user), ("dbname", &self.database)];
        parts.extend(self.ssl_mode.as_deref().map(|mode| ("sslmode", mode)));
        parts.extend(self.ssl_root_cert.as_deref().map(|file| ("sslrootcert", file)));
        let escaped = |value: &str| value.replace('\\', r"\\").replace('\'', r"\'");
        parts.iter().map(|(key, value)| format!("{key}='{}'", escaped(value))).collect::<Vec<_>>().join(" ")
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(mut self, database: impl Into<String>) -> Self {
        self.database = database.into();
        self
    }

    fn options(&self, application: &str) -> PgConnectOptions {
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .username(&self.user)
            .database(&self.database)
            .application_name(application)
            .disable_statement_logging();
        options = match self.host.starts_with('/') {
            true => options.socket(&self.host),
            false => options.host(&self.host),
        };
        if let Some(password) = &self.password {
            options = options.password(password);
        }
        if let Some(mode) = self.ssl_mode.as_deref().and_then(|mode| mode.parse::<PgSslMode>().ok()) {
            options = options.ssl_mode(mode);
        }
        match &self.ssl_root_cert {
            Some(file) => options.ssl_root_cert(file),
            None => options,
        }
    }
}

impl fmt::Display for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.database, self.host())
    }
}

impl fmt::Debug for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TargetUrl({self})")
    }
}

fn invalid(cause: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "The connection URL cannot be used.")
        .because(cause)
        .way_out("Write it as postgresql://user:password@host:port/database.")
}

fn decode(part: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let byte = part_byte(tail).ok_or_else(|| invalid("A % in it is not followed by two hexadecimal digits.".into()))?;
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| invalid("It is not valid UTF-8.".into()))?;
    match text.contains('\0') {
        true => Err(invalid("It holds a NUL character.".into())),
        false => Ok(text),
    }
}

fn part_byte(tail: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

/// Follows a reference to a secret: `env:NAME` or `file:/path`. The store keeps references, never the URLs behind them.
pub fn resolve(reference: &str) -> Result<TargetUrl> {
    let unusable = |cause: String| {
        Problem::new(ProblemKind::Invalid, format!("The connection reference {reference} leads nowhere."))
            .because(cause)
            .way_out("Use env:NAME or file:/path, and put the connection URL there.")
    };
    if let Some(name) = reference.strip_prefix("env:") {
        let text = std::env::var(name).map_err(|_| unusable(format!("The environment variable {name} is not set.")))?;
        TargetUrl::parse(&text)
    } else if let Some(path) = reference.strip_prefix("file:") {
        let text = std::fs::read_to_string(path).map_err(|error| unusable(format!("The file cannot be read: {error}.")))?;
        TargetUrl::parse(&text)
    } else {
        // The text may be a URL with a password in it: it is not repeated.
        Err(Problem::new(ProblemKind::Invalid, "The connection reference is not one.")
            .because("It starts neither with env: nor with file:.")
            .way_out("Use env:NAME or file:/path, and put the connection URL there."))
    }
}

/// Opens a session with all settings pinned that decide how values and definitions are printed. `application` is seen in
/// `pg_stat_activity`: `lockstep:<run>:<step>`.
pub async fn open(target: &TargetUrl, application: &str) -> Result<PgConnection> {
    let unreachable = || format!("The database {target} cannot be reached.");
    match tokio::time::timeout(target.connect_timeout, session(target, application)).await {
        Ok(opened) => opened.map_err(|error| problem(unreachable(), &error)),
        Err(_) => {
            let seconds = target.connect_timeout.as_secs();
            Err(Problem::new(ProblemKind::Unreachable, unreachable())
                .because(format!("It did not answer within {seconds} seconds."))
                .way_out("Check host, port and firewall."))
        }
    }
}

async fn session(target: &TargetUrl, application: &str) -> std::result::Result<PgConnection, sqlx::Error> {
    let mut conn = target.options(application).connect().await?;
    conn.execute("SET search_path = ''").await?;
    conn.execute(include_str!("queries/session.sql")).await?;
    Ok(conn)
}

/// Begins the one transaction in which a side is read: everything in it is seen as of one moment, nothing can be written.
/// Dropping it or `rollback` ends it; there is nothing to commit.
pub async fn snapshot(conn: &mut PgConnection) -> Result<Transaction<'_, Postgres>> {
    conn.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .await
        .map_err(explain("A snapshot of the database could not be opened."))
}

/// Says goodbye to the server. A session that is merely dropped ends as well, a little later.
pub async fn close(conn: PgConnection) {
    let _gone_either_way = conn.close().await;
}
