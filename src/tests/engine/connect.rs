//! Sessions with a target: what a connection URL may hold, what a failure says, what is pinned, what a snapshot sees.

use super::harness;
use lockstep::catalog::Scope;
use lockstep::engine::private_pg::PrivatePg;
use lockstep::engine::target::connect::{TargetUrl, close, open, resolve, snapshot};
use lockstep::engine::target::introspect;
use lockstep::problem::{Problem, ProblemKind};

const SECRET: &str = "hunter2-canary";

fn refused(url: &str) -> Problem {
    TargetUrl::parse(url).unwrap_err()
}

async fn unreachable(url: &str) -> Problem {
    let problem = open(&TargetUrl::parse(url).unwrap(), "lockstep:test").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unreachable, "{problem}");
    assert!(!format!("{problem} {problem:?}").contains(SECRET), "{problem}");
    assert!(!problem.cause.is_empty() && !problem.way_out.is_empty(), "{problem:?}");
    problem
}

#[test]
fn a_url_with_parameters_that_reach_further_is_refused() {
    for parameter in [
        "options=-c%20x",
        "passfile=/x",
        "service=x",
        "sslkey=/x",
        "sslcert=/x",
        "host=/tmp",
        "host=b",
        "hostaddr=1.2.3.4",
        "port=1",
        "user=x",
        "password=x",
        "dbname=x",
        "sslmode=never",
        "connect_timeout=x",
        "options[search_path]=x",
        "krbsrvname=x",
    ] {
        let problem = refused(&format!("postgresql://a:{SECRET}@localhost/db?{parameter}"));
        assert!(!format!("{problem:?}").contains(SECRET), "{problem}");
    }
    for url in [
        "mysql://a@localhost/db",
        "localhost",
        "",
        "postgresql://a:b%zz@localhost/db",
        "postgresql://a:b%00@localhost/db",
        "postgresql://a:p#q@localhost/db",
        "dbname=x options=-c",
        "postgresql://a@localhost:99999/db",
    ] {
        assert_eq!(refused(url).kind, ProblemKind::Invalid, "{url}");
    }
}

#[test]
fn a_url_tells_where_it_leads_and_hides_its_password() {
    let target =
        TargetUrl::parse(&format!("postgresql://us%20er:{SECRET}%40%2F@db.example:6432/my%20db?sslmode=require")).unwrap();
    assert_eq!((target.host().as_str(), target.database(), target.user()), ("db.example:6432", "my db", "us er"));
    assert_eq!(target.password(), Some(format!("{SECRET}@/").as_str()));
    assert_eq!(target.conninfo(), "host='db.example' port='6432' user='us er' dbname='my db' sslmode='require'");
    assert!(!format!("{target} {target:?} {}", target.conninfo()).contains(SECRET));

    let odd = TargetUrl::parse("postgres://u@[::1]/-h%20evil'%20options=x").unwrap();
    assert_eq!(odd.host(), "[::1]:5432");
    assert_eq!(odd.conninfo(), r"host='::1' port='5432' user='u' dbname='-h evil\' options=x'");
    let socket = TargetUrl::parse("postgresql://u@%2Frun%2Fpostgresql/db").unwrap();
    assert_eq!(socket.host(), "/run/postgresql:5432");
}

#[test]
fn a_reference_leads_to_a_variable_or_a_file_and_is_never_a_url() {
    let problem = resolve(&format!("postgresql://a:{SECRET}@localhost/db")).unwrap_err();
    assert!(!format!("{problem:?}").contains(SECRET), "{problem}");
    assert!(resolve("env:LOCKSTEP_TEST_NOT_SET").unwrap_err().cause.contains("LOCKSTEP_TEST_NOT_SET"));
    assert!(resolve("file:/nowhere/at/all").unwrap_err().cause.contains("cannot be read"));
    let file = harness::folder("reference");
    std::fs::write(&file, format!("postgresql://a:{SECRET}@somewhere/db\n")).unwrap();
    assert_eq!(resolve(&format!("file:{}", file.display())).unwrap().host(), "somewhere:5432");
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_says_why_in_words() {
    let db = harness::database("reach").await;
    let good = db.url();
    let (scheme, rest) = good.split_at("postgresql://postgres:".len());
    let address = &rest[rest.find('@').unwrap()..];

    let wrong_password = unreachable(&format!("{scheme}{SECRET}{address}")).await;
    assert_eq!(wrong_password.sqlstate.as_deref(), Some("28P01"));
    assert!(wrong_password.cause.contains("password is wrong"), "{wrong_password}");

    let no_database = unreachable(&format!("{good}_gone")).await;
    assert_eq!(no_database.sqlstate.as_deref(), Some("3D000"));
    assert!(no_database.cause.contains("does not exist"), "{no_database}");

    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = unreachable(&format!("postgresql://a:{SECRET}@{unused}/db")).await;
    assert!(nobody.cause.contains("Nothing listens"), "{nobody}");

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let deaf = format!("postgresql://a:{SECRET}@{}/db?connect_timeout=1", silent.local_addr().unwrap());
    assert!(unreachable(&deaf).await.cause.contains("within 1 second"), "a server that says nothing");

    let (_, address) = good.split_once('@').unwrap();
    unreachable(&format!("postgresql://postgres:{SECRET}@{address}?sslmode=verify-full&sslrootcert=/nowhere")).await;
}

#[tokio::test]
async fn a_session_has_its_settings_pinned_whatever_the_database_says() {
    let db = harness::database("pinned").await;
    db.exec(
        "DO $$ BEGIN
           EXECUTE format('ALTER DATABASE %I SET search_path = evil, public', current_database());
           EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database());
           EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
         END $$;",
    )
    .await;
    let mut session = db.session().await;
    for (name, value) in [
        ("search_path", "\"\""),
        ("TimeZone", "UTC"),
        ("DateStyle", "ISO, YMD"),
        ("extra_float_digits", "1"),
        ("row_security", "off"),
        ("lock_timeout", "3s"),
        ("default_transaction_read_only", "off"),
        ("application_name", "lockstep:test"),
    ] {
        let found: String = sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut session).await.unwrap();
        assert_eq!(found, value, "{name}");
    }
    close(session).await;
}

#[tokio::test]
async fn a_snapshot_sees_one_moment_while_others_add_to_the_schema() {
    let db = harness::database("snapshot").await;
    db.exec("CREATE TABLE public.stays (id int PRIMARY KEY); CREATE TABLE public.goes (id int); CREATE INDEX goes_id ON public.goes (id)").await;
    let before = db.catalog().await;
    let mut session = db.session().await;
    let mut moment = snapshot(&mut session).await.unwrap();
    let first = introspect::read(&mut moment, Scope::default()).await.unwrap();
    let mark = introspect::mark(&mut moment).await.unwrap();
    db.exec("CREATE TABLE public.more (); CREATE VIEW public.new AS SELECT 1 AS one").await;
    let second = introspect::read(&mut moment, Scope::default()).await.unwrap();
    assert_eq!(first.fingerprint(), before.fingerprint());
    assert_eq!(first, second);
    assert_eq!(introspect::mark(&mut moment).await.unwrap(), mark);

    db.exec("DROP TABLE public.goes").await;
    let gone = introspect::read(&mut moment, Scope::default()).await.unwrap_err();
    assert!(gone.what.contains("changed while it was read"), "{gone}");
    moment.rollback().await.unwrap();
    assert_ne!(introspect::mark(&mut session).await.unwrap(), mark);
}

#[tokio::test]
async fn a_snapshot_writes_nothing() {
    let db = harness::database("read_only").await;
    let mut session = db.session().await;
    let mut moment = snapshot(&mut session).await.unwrap();
    let denied = sqlx::raw_sql("CREATE TABLE public.nothing ()").execute(&mut *moment).await.unwrap_err();
    assert_eq!(denied.as_database_error().unwrap().code().as_deref(), Some("25006"));
}

#[tokio::test]
async fn a_schema_that_changes_while_it_is_read_is_read_before_or_after_never_between() {
    let db = harness::database("busy").await;
    let (one, other) = (
        "BEGIN; DROP VIEW IF EXISTS public.v; DROP TABLE IF EXISTS public.t; CREATE TABLE public.t (a int DEFAULT 1 PRIMARY KEY);
         CREATE INDEX i ON public.t (a); CREATE VIEW public.v AS SELECT a FROM public.t; COMMIT",
        "BEGIN; DROP VIEW public.v; ALTER TABLE public.t RENAME a TO b; ALTER TABLE public.t ALTER b SET DEFAULT 2; DROP INDEX public.i;
         CREATE VIEW public.v AS SELECT b + 1 AS c FROM public.t; COMMIT",
    );
    db.exec(one).await;
    let first = db.catalog().await.fingerprint();
    db.exec(other).await;
    let second = db.catalog().await.fingerprint();
    let changes = async {
        for _ in 0..15 {
            db.exec(one).await;
            db.exec(other).await;
        }
    };
    let reads = async {
        for _ in 0..10 {
            match introspect::read_at(&db.target(), Scope::default()).await {
                Ok(catalog) => {
                    let found = catalog.fingerprint();
                    assert!(found == first || found == second, "{catalog:?}");
                }
                Err(problem) => assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}"),
            }
        }
    };
    tokio::join!(changes, reads);
    assert_eq!(db.catalog().await.fingerprint(), second);
}

#[tokio::test]
async fn a_server_that_goes_away_is_named_as_that() {
    let dir = harness::folder("goes-away");
    let server = PrivatePg::start(&dir, &harness::options()).await.unwrap();
    let target = TargetUrl::parse(&server.url("postgres")).unwrap();
    close(open(&target, "lockstep:test").await.unwrap()).await;
    server.stop().await.unwrap();
    let problem = open(&target, "lockstep:test").await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unreachable, "{problem}");
}
