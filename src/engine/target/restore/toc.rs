//! Which entries of an archive a restore takes, out of the list that `pg_restore --list` prints.

use crate::catalog::ident::{quote, shown};
use std::collections::BTreeSet;

/// What stays as it is in the target, or is made without the archive.
pub struct LeftOut {
    pub schemas: BTreeSet<String>,
    /// By catalog and row, as they were in the database that was dumped.
    pub objects: BTreeSet<(i64, i64)>,
}

/// The schema that is Lockstep's own.
const OURS: &str = "lockstep";

/// The list without what is left out, and without the rows of tables and what large objects hold.
pub fn wanted(listing: &str, left_out: &LeftOut) -> String {
    let taken = listing.lines().filter(|line| line.starts_with(';') || entry(line).is_none_or(|entry| !entry.is_in(left_out)));
    taken.fold(String::new(), |text, line| text + line + "\n")
}

/// `215; 1259 16390 TABLE public fees owner`
struct Entry<'a> {
    object: (i64, i64),
    /// In capitals, which no description lacks.
    kind: &'a str,
    schema: &'a str,
    /// Name and owner.
    rest: &'a str,
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let (_, line) = line.split_once("; ")?;
    let (class, line) = line.split_once(' ')?;
    let (oid, line) = line.split_once(' ')?;
    let words = line.split(' ').take_while(|word| word.chars().all(|c| c.is_ascii_uppercase()));
    let kind: usize = words.map(|word| word.len() + 1).sum();
    let (kind, line) = line.split_at_checked(kind)?;
    let (schema, rest) = line.split_once(' ')?;
    Some(Entry { object: (class.parse().ok()?, oid.parse().ok()?), kind: kind.trim_end(), schema, rest })
}

impl Entry<'_> {
    fn is_in(&self, left_out: &LeftOut) -> bool {
        let called = |name: &str| self.rest.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let schemas = || left_out.schemas.iter().map(String::as_str).chain([OURS]);
        let about = |what: &str| matches!(self.kind, "COMMENT" | "ACL") && self.rest.starts_with(what);
        match (self.kind, self.schema) {
            ("TABLE DATA" | "BLOBS" | "EXTENSION", _) => true,
            ("SCHEMA", "-") => schemas().any(called),
            (_, "-") if about("EXTENSION ") => true,
            (_, "-") if about("SCHEMA ") => {
                schemas().any(|name| [quote(name), shown(name)].iter().any(|name| called(&format!("SCHEMA {name}"))))
            }
            _ => self.schema == OURS || left_out.objects.contains(&self.object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_in_the_target_and_the_rows_of_tables_are_left_out() {
        let listing = r#"; Archive created at 2026-01-01
7; 2615 16387 SCHEMA - Odd.Schema "x" postgres
8; 2615 16400 SCHEMA - lockstep postgres
9; 2615 16401 SCHEMA - tools postgres
3688; 0 0 COMMENT - SCHEMA "Odd.Schema ""x""" postgres
3689; 0 0 COMMENT - SCHEMA public pg_database_owner
3690; 0 0 ACL - SCHEMA public pg_database_owner
2; 3079 16388 EXTENSION - pg_trgm 
3692; 0 0 COMMENT - EXTENSION pg_trgm 
3700; 0 0 COMMENT - EVENT TRIGGER watch postgres
215; 1259 16390 TABLE public fees postgres
216; 1259 16420 TABLE lockstep ledger postgres
217; 1259 16430 TABLE public schema_versions postgres
3701; 2606 16431 CONSTRAINT public schema_versions schema_versions_pkey postgres
3702; 0 16390 TABLE DATA public fees postgres
3713; 0 0 SEQUENCE SET public numbers postgres
3404; 3576 16695 TRANSFORM - TRANSFORM FOR money LANGUAGE sql 
3680; 2613 16746 BLOB - 16746 postgres
3681; 0 0 BLOBS - BLOBS 
"#;
        let schemas = ["public", "tools"].map(str::to_owned).into();
        let objects = [(1259, 16430), (2606, 16431)].into();
        let wanted = wanted(listing, &LeftOut { schemas, objects });
        let numbers: Vec<&str> = wanted.lines().skip(1).filter_map(|line| Some(line.split_once("; ")?.0)).collect();
        assert_eq!(numbers, ["7", "3688", "3700", "215", "3713", "3404", "3680"]);
    }
}
