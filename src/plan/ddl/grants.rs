//! Owner and privileges of what is dropped and made again, noted in the transaction and given back at its end.

use super::do_block;
use crate::catalog::ident::literal;

/// What is made again, as SQL names it.
pub enum Subject {
    Relation { word: &'static str, place: String },
    Column { place: String, column: String },
    Type { word: &'static str, place: String },
    Function { word: &'static str, place: String },
}

/// The setting that holds the statements until the end of the transaction.
const SETTING: &str = "lockstep.grants";

const GRANTEE: &str =
    "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END";
/// Everybody to whom default privileges give something, each behind a comma.
const BY_DEFAULT: &str =
    "(SELECT pg_catalog.string_agg(DISTINCT ', ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)), '')
    FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) x WHERE x.grantee <> 0)";
const OPTION: &str = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";

impl Subject {
    /// A query whose rows are statements, in their order.
    fn query(&self) -> String {
        match self {
            Self::Relation { word, place } => {
                let on = if *word == "SEQUENCE" { "SEQUENCE" } else { "TABLE" };
                let own = whole(("pg_class", "rel", if on == "SEQUENCE" { "s" } else { "r" }), word, on, place, "regclass");
                format!("{own} UNION ALL {}", columns(place, "true"))
            }
            Self::Column { place, column } => columns(place, &format!("k.attname = {}", literal(column))),
            Self::Type { word, place } => whole(("pg_type", "typ", "T"), word, word, place, "regtype"),
            Self::Function { word, place } => whole(("pg_proc", "pro", "f"), word, word, place, "regprocedure"),
        }
    }
}

/// Of `(system catalog, prefix of its columns, its letter for acldefault)`. An object without an access list gets none of what default
/// privileges would give to the one that takes its place.
fn whole((catalog, prefix, letter): (&str, &str, &str), word: &str, on: &str, place: &str, reg: &str) -> String {
    let oid = format!("{}::pg_catalog.{reg}", literal(place));
    let alter = literal(&format!("ALTER {word} {place} OWNER TO "));
    let revoke = literal(&format!("REVOKE ALL ON {on} {place} FROM PUBLIC, "));
    let to = literal(&format!(" ON {on} {place} TO "));
    let owner = format!("pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.{prefix}owner))");
    let from = format!("FROM pg_catalog.{catalog} o");
    let listed = format!("(o.{prefix}acl IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_default_acl))");
    format!(
        "SELECT 1, {alter} || {owner} {from} WHERE o.oid = {oid} AND pg_catalog.pg_get_userbyid(o.{prefix}owner) <> current_user
  UNION ALL SELECT 2, {revoke} || {owner} || COALESCE({BY_DEFAULT}, '') {from} WHERE o.oid = {oid} AND {listed}
  UNION ALL SELECT 3, 'GRANT ' || a.privilege_type || {to} || {GRANTEE} || {OPTION}
    {from}, pg_catalog.aclexplode(COALESCE(o.{prefix}acl, pg_catalog.acldefault('{letter}', o.{prefix}owner))) a WHERE o.oid = {oid} AND {listed}"
    )
}

fn columns(place: &str, condition: &str) -> String {
    let to = literal(&format!(" ON TABLE {place} TO "));
    format!(
        "SELECT 4, 'GRANT ' || a.privilege_type || ' (' || pg_catalog.quote_ident(k.attname) || ')' || {to} || {GRANTEE} || {OPTION}
    FROM pg_catalog.pg_attribute k, pg_catalog.aclexplode(k.attacl) a
    WHERE k.attrelid = {}::pg_catalog.regclass AND NOT k.attisdropped AND {condition}",
        literal(place)
    )
}

pub fn note(subjects: &[Subject]) -> String {
    let queries: Vec<String> = subjects.iter().map(Subject::query).collect();
    format!(
        "SELECT pg_catalog.set_config('{SETTING}', COALESCE(pg_catalog.string_agg(s.statement, '; ' ORDER BY s.place), ''), true) FROM (\n  {}\n) AS s (place, statement)",
        queries.join("\n  UNION ALL ")
    )
}

pub fn give_back() -> String {
    do_block(&format!(
        "BEGIN\n  IF pg_catalog.current_setting('{SETTING}') <> '' THEN\n    EXECUTE pg_catalog.current_setting('{SETTING}');\n  END IF;\nEND"
    ))
}
