//! Privileges: compared only when they are asked for.

use super::{Made, apply, made};
use crate::harness::{self, Database};
use lockstep::catalog::Scope;
use lockstep::diff;
use lockstep::engine::target::script::script;
use lockstep::plan::{HazardKind, Options, plan};

const ROLES: &str = "DO $$ BEGIN
  PERFORM pg_advisory_lock(1);
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'Reader \"1\"') THEN CREATE ROLE \"Reader \"\"1\"\"\"; CREATE ROLE writer; END IF;
  PERFORM pg_advisory_unlock(1);
END $$";

const BOTH: &str = "CREATE SCHEMA s; CREATE TABLE t (a int, b int, c int); CREATE TABLE s.kept (a int); CREATE SEQUENCE q; CREATE TYPE mood AS ENUM ('x');
  CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE VIEW v AS SELECT a FROM t;
  CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; CREATE AGGREGATE many(int) (SFUNC = int4pl, STYPE = int);";

const TARGET: &str = "GRANT SELECT, INSERT ON t TO writer; GRANT SELECT (a), UPDATE (b) ON t TO writer; GRANT USAGE ON SCHEMA s TO writer WITH GRANT OPTION;
  GRANT USAGE ON q TO writer; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO writer; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
  REVOKE ALL ON FUNCTION f FROM PUBLIC; CREATE TABLE gone (a int);";

const SOURCE: &str = "GRANT UPDATE ON t TO writer; GRANT SELECT (a, b) ON t TO writer; GRANT SELECT ON t, v TO \"Reader \"\"1\"\"\" WITH GRANT OPTION;
  GRANT USAGE ON SCHEMA s TO writer; REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT EXECUTE ON PROCEDURE p TO writer; REVOKE ALL ON FUNCTION many FROM PUBLIC;
  GRANT USAGE ON FOREIGN SERVER far TO writer; GRANT ALL ON s.kept TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO \"Reader \"\"1\"\"\";
  CREATE TABLE s.new (a int, b int); GRANT SELECT (b) ON s.new TO writer; CREATE FUNCTION closed() RETURNS int LANGUAGE sql AS 'SELECT 1';
  REVOKE ALL ON FUNCTION closed FROM PUBLIC; CREATE FUNCTION open() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE t ALTER a TYPE bigint;";

async fn sides() -> (Database, Database) {
    let (target, source) = (harness::database("rights").await, harness::database("rights").await);
    target.exec(ROLES).await;
    target.exec(&format!("{BOTH}{TARGET}")).await;
    source.exec(&format!("{BOTH}{}", SOURCE.replace("ALTER TABLE t ALTER a TYPE bigint;", "DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW v AS SELECT a FROM t; GRANT SELECT ON v TO \"Reader \"\"1\"\"\" WITH GRANT OPTION;"))).await;
    (target, source)
}

#[tokio::test]
async fn privileges_reach_the_source_and_come_back_when_they_are_asked_for() {
    let (target, source) = sides().await;
    let (old, new) = (target.whole_catalog().await, source.whole_catalog().await);
    let options = Options { scope: Scope { privileges: true }, ..Options::default() };
    for (database, before, wanted) in [(&target, &old, &new), (&source, &new, &old)] {
        let plan = plan(wanted, before, &options);
        assert_eq!(plan.refused, []);
        apply(database, &plan).await.unwrap_or_else(|error| panic!("{error}\nin\n{}", script(&plan, &[])));
        let reached = database.whole_catalog().await;
        let left: Vec<String> =
            diff::diff(wanted, &reached).iter().flat_map(|change| diff::words::sentences(wanted, &reached, change)).collect();
        assert!(left.is_empty(), "{}\nafter\n{}", left.join("\n"), script(&plan, &[]));
        assert_eq!(reached.fingerprint(), wanted.fingerprint());
    }
}

#[tokio::test]
async fn privileges_are_left_alone_when_nobody_asks() {
    let (target, source) = sides().await;
    let plan = plan(&source.catalog().await, &target.catalog().await, &Options::default());
    assert!(
        !plan.statements().any(|statement| statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::ChangesPrivileges))
    );
    let rest = target.catalog().await.not_compared;
    assert!(rest.iter().any(|rest| rest.kind == "privileges" && rest.names.contains(&"public.t".to_owned())), "{rest:?}");
    assert_eq!(target.whole_catalog().await.not_compared, []);
}

#[tokio::test]
async fn roles_that_the_target_lacks_are_named_together() {
    let (target, source) = (harness::database("roles").await, harness::database("roles").await);
    source.exec("CREATE TABLE t (a int); CREATE POLICY mine ON t TO CURRENT_USER USING (a > 0)").await;
    let mut there = target.catalog().await;
    there.roles.retain(|role| role != "postgres");
    match made(&source.catalog().await, &there) {
        Made::Refused(said) => assert!(said.contains("The role postgres does not exist in the target."), "{said}"),
        Made::Plan(_) => panic!("it was planned"),
    }
}
