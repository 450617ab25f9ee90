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
const OPTION: &str = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";

impl Subject {
    /// A query whose rows are statements, in their order.
    fn query(&self) -> String {
        match self {
            Self::Relation { word, place } => {
                let on = if *word == "SEQUENCE" { "SEQUENCE" } else { "TABLE" };
                let own = whole("pg_class", "rel", word, on, place, &format!("{}::pg_catalog.regclass", literal(place)));
                format!("{own} UNION ALL {}", columns(place, "true"))
            }
            Self::Column { place, column } => columns(place, &format!("k.attname = {}", literal(column))),
            Self::Type { word, place } => {
                whole("pg_type", "typ", word, word, place, &format!("{}::pg_catalog.regtype", literal(place)))
            }
            Self::Function { word, place } => {
                whole("pg_proc", "pro", word, word, place, &format!("{}::pg_catalog.regprocedure", literal(place)))
            }
        }
    }
}

fn whole(catalog: &str, prefix: &str, word: &str, on: &str, place: &str, oid: &str) -> String {
    let (alter, revoke, grant) = (
        literal(&format!("ALTER {word} {place} OWNER TO ")),
        literal(&format!("REVOKE ALL ON {on} {place} FROM PUBLIC, ")),
        literal(" "),
    );
    let to = literal(&format!(" ON {on} {place} TO "));
    let owner = format!("pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.{prefix}owner))");
    format!(
        "SELECT 1, {alter} || {owner} FROM pg_catalog.{catalog} o WHERE o.oid = {oid} AND pg_catalog.pg_get_userbyid(o.{prefix}owner) <> current_user
  UNION ALL SELECT 2, {revoke} || {owner} FROM pg_catalog.{catalog} o WHERE o.oid = {oid} AND o.{prefix}acl IS NOT NULL
  UNION ALL SELECT 3, 'GRANT' || {grant} || a.privilege_type || {to} || {GRANTEE} || {OPTION}
    FROM pg_catalog.{catalog} o, pg_catalog.aclexplode(o.{prefix}acl) a WHERE o.oid = {oid}"
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
