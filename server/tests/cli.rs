//! The command line as scripts use it: exit codes, what is on which stream, and SQL that `psql` takes.

#![cfg(test)]

use lockstep::engine::private_pg::{Options, PrivatePg};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

const EVERYTHING: &str = include_str!("../../src/tests/engine/everything.sql");

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("lockstep-cli-{}-{name}", std::process::id()))
}

async fn cluster() -> &'static PrivatePg {
    static CLUSTER: OnceCell<PrivatePg> = OnceCell::const_new();
    let options = Options { settings: vec![("fsync", "off")], discard: true, ..Options::default() };
    CLUSTER.get_or_init(|| async { PrivatePg::start(&folder("cluster"), &options).await.unwrap() }).await
}

/// A fresh database that `script` ran in, as its connection string.
async fn database(script: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("cli_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    run(&cluster().await.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    let url = cluster().await.url(&name);
    run(&url, script).await;
    url
}

async fn run(url: &str, script: &str) {
    let mut session = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(&mut session).await.unwrap();
    session.close().await.unwrap();
}

/// Runs `lockstep` in an empty environment: neither a store nor a configuration is there.
fn lockstep(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("LOCKSTEP_DATA_DIR", folder("none"));
    command.stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// What `psql -v ON_ERROR_STOP=1` makes of a script.
fn psql(url: &str, file: &std::path::Path) {
    let done = Command::new("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f"]).arg(file).output().unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[tokio::test]
async fn what_plan_prints_takes_the_target_to_the_source() {
    for (source, target) in [(EVERYTHING, ""), ("", EVERYTHING)] {
        let (source, target) = (database(source).await, database(target).await);
        let file = folder(&format!("plan-{}.sql", source.len() + target.len()));
        assert_eq!(code(&lockstep(&["drift", &source, &target])), 2);
        let planned = lockstep(&["plan", "--from", &source, "--to", &target, "-o", file.to_str().unwrap()]);
        assert_eq!((code(&planned), text(&planned.stdout)), (0, String::new()), "{}", text(&planned.stderr));
        psql(&target, &file);
        let same = lockstep(&["drift", &source, &target]);
        assert_eq!(code(&same), 0, "{}", text(&same.stdout));
        let again = lockstep(&["plan", "--from", &source, "--to", &target]);
        assert_eq!((code(&again), text(&again.stdout)), (0, String::new()), "{}", text(&again.stderr));
        std::fs::remove_file(file).unwrap();
    }
}

#[tokio::test]
async fn lookup_rows_of_named_tables_travel_with_the_plan() {
    let table = "CREATE TABLE fees (id int PRIMARY KEY, name text, price numeric); CREATE TABLE payments (id int PRIMARY KEY);";
    let source = database(&format!("{table} INSERT INTO fees VALUES (1, 'it''s', 1.50), (2, 'new', NULL)")).await;
    let target =
        database(&format!("{table} INSERT INTO fees VALUES (1, 'old', 1.50), (3, 'gone', 2); INSERT INTO payments VALUES (9)"))
            .await;
    assert_eq!(code(&lockstep(&["drift", &source, &target])), 0, "without --lookup the schema alone counts");
    let drift = lockstep(&["drift", &source, &target, "--lookup", "public.fees"]);
    assert_eq!(code(&drift), 2);
    assert!(text(&drift.stdout).contains("1 to add, 1 to change, 1 to remove"), "{}", text(&drift.stdout));
    let file = folder("rows.sql");
    let planned = lockstep(&["plan", "--from", &source, "--to", &target, "--lookup", "fees", "-o", file.to_str().unwrap()]);
    assert_eq!(code(&planned), 0, "{}", text(&planned.stderr));
    psql(&target, &file);
    assert_eq!(code(&lockstep(&["drift", &source, &target, "--lookup", "public.fees"])), 0);
    let mut session = PgConnection::connect(&target).await.unwrap();
    let kept: i32 = sqlx::query_scalar("SELECT id FROM payments").fetch_one(&mut session).await.unwrap();
    assert_eq!(kept, 9, "ordinary rows stay");
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn json_is_one_document_and_alone_on_standard_output() {
    let source = database("CREATE TABLE fees (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x')").await;
    let target = database("CREATE TABLE fees (id int PRIMARY KEY)").await;
    let drift: serde_json::Value = serde_json::from_slice(&lockstep(&["drift", &source, &target, "--json"]).stdout).unwrap();
    assert_eq!(drift["same"], false);
    assert_eq!(drift["differences"][0]["sentence"], "Adds the required (with a default) text column name to public.fees.");
    let plan: serde_json::Value =
        serde_json::from_slice(&lockstep(&["plan", "--from", &source, "--to", &target, "--json"]).stdout).unwrap();
    assert!(plan["phases"][0]["statements"][0]["sql"].as_str().unwrap().contains("ADD COLUMN"), "{plan}");
    let same: serde_json::Value = serde_json::from_slice(&lockstep(&["drift", &source, &source, "--json"]).stdout).unwrap();
    assert_eq!(same["same"], true);
}

#[tokio::test]
async fn what_cannot_be_answered_ends_with_1_and_prints_no_sql() {
    let source = database("CREATE TABLE t (id int)").await;
    let away = "postgresql://me:c4n4ry@127.0.0.1:1/nothing";
    let cases: [&[&str]; 6] = [
        &["drift", &source, away],
        &["plan", "--from", &source, "--to", away],
        &["plan", "--from", "env:NOT_SET", "--to", &source],
        &["plan", "--from", "postgresql://", "--to", &source],
        &["drift", &source, &source, "--lookup", "public.nothing"],
        &["drift", &source, &source, "--lookup", "t"],
    ];
    for arguments in cases {
        let output = lockstep(arguments);
        assert_eq!(code(&output), 1, "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        let complaint = text(&output.stderr);
        assert!(complaint.starts_with("error: ") && complaint.contains("way out: "), "{arguments:?}: {complaint}");
        assert!(!complaint.contains("c4n4ry"), "{complaint}");
    }
}

#[test]
fn every_command_explains_itself_with_examples() {
    for command in ["serve", "demo", "doctor", "plan", "drift", "promote"] {
        let help = lockstep(&[command, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(text(&help.stdout).contains("Examples:"), "{command}");
    }
    assert!(text(&lockstep(&["user", "add", "--help"]).stdout).contains("Examples:"));
    assert!(!text(&lockstep(&["--help"]).stdout).contains('\u{1b}'), "colours are for terminals");
}

#[tokio::test]
async fn a_plan_is_narrowed_answered_and_refused_as_asked() {
    let source = database(
        "CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE shops (id int PRIMARY KEY, tax_id text);
         CREATE VIEW audit.shops AS SELECT id FROM shops; GRANT SELECT ON shops TO PUBLIC",
    )
    .await;
    let target = database("CREATE TABLE shops (id int PRIMARY KEY, vat text); INSERT INTO shops VALUES (1, 'x')").await;
    let plan = |more: &[&str]| lockstep(&[&["plan", "--from", &source, "--to", &target], more].concat());

    let only = plan(&["--include", "public"]);
    assert!(text(&only.stdout).contains("tax_id") && !text(&only.stdout).contains("audit"), "{}", text(&only.stdout));
    assert!(text(&only.stderr).contains("--rename public.shops.vat=tax_id"), "{}", text(&only.stderr));
    let without = plan(&["--exclude", "table:public.shops", "--exclude", "view:audit.*"]);
    assert!(text(&without.stdout).contains("\"log\"") && !text(&without.stdout).contains("shops"), "{}", text(&without.stdout));
    let lacking = plan(&["--exclude", "schema:audit"]);
    assert_eq!((code(&lacking), text(&lacking.stdout)), (1, String::new()));
    assert!(text(&lacking.stderr).contains("schema audit, which is left out"), "{}", text(&lacking.stderr));

    let loses = plan(&["--include", "public", "--allow", "may-fail"]);
    assert_eq!((code(&loses), text(&loses.stdout)), (1, String::new()));
    assert!(text(&loses.stderr).contains("--allow deletes-data"), "{}", text(&loses.stderr));
    assert_eq!(code(&plan(&["--allow", "nonsense"])), 1);
    assert_eq!(code(&plan(&["--include", "gizmo:x"])), 1);
    assert_eq!(code(&plan(&["--rename", "shops"])), 1);

    assert!(!text(&plan(&[]).stdout).contains("GRANT SELECT"));
    let file = folder("renamed.sql");
    let named = [
        "--rename",
        "public.shops.vat=tax_id",
        "--with-privileges",
        "--allow",
        "breaks-clients",
        "--allow",
        "changes-privileges",
    ];
    let answered = plan(&[&named[..], &["-o", file.to_str().unwrap()]].concat());
    assert_eq!(code(&answered), 0, "{}", text(&answered.stderr));
    psql(&target, &file);
    assert_eq!(code(&lockstep(&["drift", &source, &target, "--with-privileges"])), 0);
    let mut session = PgConnection::connect(&target).await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT tax_id FROM shops").fetch_one(&mut session).await.unwrap();
    assert_eq!(kept, "x");
}

#[tokio::test]
async fn lookup_rows_travel_in_a_file_that_says_when_it_is_damaged() {
    let table = "CREATE TABLE fees (id int PRIMARY KEY, name text, note text);";
    let source = database(&format!("{table} INSERT INTO fees VALUES (1, 'it''s, \"so\"', NULL), (2, '', E'two\\nlines')")).await;
    let file = folder("fees.zip");
    let name = file.to_str().unwrap();
    let none = lockstep(&["data", "export", &source, "-o", name]);
    assert_eq!(code(&none), 1, "a connection string has no lookup set");
    let exported = lockstep(&["data", "export", &source, "--lookup", "fees", "-o", name]);
    assert_eq!(code(&exported), 0, "{}", text(&exported.stderr));
    assert!(text(&exported.stdout).trim_end().ends_with("2  public.fees"), "{}", text(&exported.stdout));
    assert_eq!(code(&lockstep(&["data", "compare", &source, name])), 0);
    assert_eq!(code(&lockstep(&["data", "compare", name, name])), 0);
    run(&source, "UPDATE fees SET note = '' WHERE id = 1; INSERT INTO fees VALUES (3, 'new', NULL)").await;
    let compared = lockstep(&["data", "compare", &source, name, "--json"]);
    assert_eq!(code(&compared), 2, "{}", text(&compared.stderr));
    let report: serde_json::Value = serde_json::from_slice(&compared.stdout).unwrap();
    let counts =
        ["rows_one", "rows_other", "only_in_one", "only_in_other", "different"].map(|key| report["tables"][0][key].as_u64());
    assert_eq!(counts, [3, 2, 1, 0, 1].map(Some));
    let whole = std::fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, says) in
        [(&whole[..whole.len() / 2], "damaged"), (&flipped, "damaged"), (b"a,b\n1,2\n", "no archive"), (b"", "no archive")]
    {
        std::fs::write(&file, bytes).unwrap();
        let refused = lockstep(&["data", "compare", &source, name]);
        assert_eq!(code(&refused), 1, "{says}");
        assert!(text(&refused.stderr).contains(says), "{says}: {}", text(&refused.stderr));
    }
    std::fs::remove_file(file).unwrap();
}
