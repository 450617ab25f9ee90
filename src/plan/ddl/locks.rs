//! Which lock a statement takes on which table of the target, and what others cannot do meanwhile.

use crate::catalog::{Catalog, Kind, Object, ObjectId, QName, ident};
use crate::plan::Statement;
use crate::plan::needs::relation;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// PostgreSQL's modes that others notice, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    AccessExclusive,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lock {
    pub table: QName,
    pub mode: LockMode,
}

impl LockMode {
    /// As PostgreSQL's documentation calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    pub fn blocks(self) -> &'static str {
        match self {
            Self::ShareUpdateExclusive => "only other changes of its definition wait",
            Self::Share | Self::ShareRowExclusive => "writes wait, reads go on",
            Self::AccessExclusive => "reads and writes wait",
        }
    }
}

/// The locks of one statement on tables that `target` has.
pub fn locks(source: &Catalog, target: &Catalog, statement: &Statement) -> Vec<Lock> {
    let mut found: BTreeMap<QName, LockMode> = BTreeMap::new();
    if let Some(mode) = mode(&statement.sql) {
        let above = if statement.sql.contains(" ATTACH PARTITION ") { LockMode::ShareUpdateExclusive } else { mode };
        for (table, mode) in tables(source, target, statement, mode, above) {
            if is_table(target, &table) {
                let held = found.entry(table).or_insert(mode);
                *held = mode.max(*held);
            }
        }
    }
    found.into_iter().map(|(table, mode)| Lock { table, mode }).collect()
}

/// The relation of the statement with all tables below it, those that it refers to, and its parents when it comes to or leaves them.
fn tables(source: &Catalog, target: &Catalog, statement: &Statement, mode: LockMode, above: LockMode) -> Vec<(QName, LockMode)> {
    let id = &statement.object;
    let mut open: BTreeSet<QName> = BTreeSet::from([relation(target, id).qname(), relation(source, id).qname()]);
    let mut found = Vec::new();
    for catalog in [source, target] {
        match catalog.objects.get(id) {
            Some(Object::Constraint(of)) => open.extend(of.references.iter().map(|to| to.table.clone())),
            Some(Object::Sequence(of)) => open.extend(of.owned_by.iter().map(|by| by.table.clone())),
            Some(Object::Table(of)) => {
                found.extend(of.inherits.iter().map(|parent| (parent.clone(), LockMode::ShareUpdateExclusive)));
                if let Some(parent) = of.partition_of.as_ref().map(|of| &of.parent) {
                    found.push((parent.clone(), above));
                    // Rows of the default partition are looked through for those that belong elsewhere.
                    found.extend(default_partition(target, parent).map(|table| (table, LockMode::AccessExclusive)));
                }
            }
            Some(Object::Domain(_)) => found.extend(users(target, &id.qname()).into_iter().map(|table| (table, mode))),
            _ => {}
        }
    }
    let gone = statement.sql.starts_with("DROP TABLE ");
    for (other, object) in &target.objects {
        // With a table go its foreign keys, and what they have hung on the tables that they refer to.
        if let Object::Constraint(of) = object
            && gone
            && other.owner() == *id
        {
            open.extend(of.references.iter().map(|to| to.table.clone()));
        }
    }
    if id.kind == Kind::ForeignTable {
        let edges = [source, target].into_iter().flat_map(|catalog| &catalog.depends);
        let parents = edges.filter(|edge| edge.dependent == *id && edge.on.kind == Kind::Table);
        found.extend(parents.map(|edge| (edge.on.qname(), above)));
    }
    let alone = statement.sql.starts_with("ALTER TABLE ONLY ");
    while let Some(table) = open.pop_first() {
        if !alone {
            open.extend(children(target, &table).filter(|child| !found.iter().any(|(known, _)| known == child)));
        }
        found.push((table, mode));
    }
    found
}

fn is_table(catalog: &Catalog, name: &QName) -> bool {
    [Kind::Table, Kind::MaterializedView].into_iter().any(|kind| {
        catalog.objects.contains_key(&ObjectId {
            kind,
            schema: name.schema.clone(),
            name: name.name.clone(),
            part: String::new(),
        })
    })
}

fn children<'a>(catalog: &'a Catalog, table: &QName) -> impl Iterator<Item = QName> + use<'a> {
    let table = table.clone();
    catalog.objects.iter().filter_map(move |(id, object)| match object {
        Object::Table(of) if of.partition_of.iter().map(|of| &of.parent).chain(&of.inherits).any(|parent| *parent == table) => {
            Some(id.qname())
        }
        _ => None,
    })
}

fn default_partition(catalog: &Catalog, parent: &QName) -> Option<QName> {
    catalog.objects.iter().find_map(|(id, object)| match object {
        Object::Table(of) if of.partition_of.as_ref().is_some_and(|of| of.parent == *parent && of.bound == "DEFAULT") => {
            Some(id.qname())
        }
        _ => None,
    })
}

/// Tables with a column of a domain, or of a type that is made with it: their rows are checked.
fn users(catalog: &Catalog, domain: &QName) -> Vec<QName> {
    let mut types = BTreeSet::from([domain.clone()]);
    loop {
        let is = |name: &str| ident::parse(name.trim_end_matches("[]")).is_some_and(|name| types.contains(&name));
        let mut tables = Vec::new();
        let mut more = Vec::new();
        for (id, object) in &catalog.objects {
            match object {
                Object::Table(of) if of.columns.iter().any(|column| is(&column.type_name)) => tables.push(id.qname()),
                Object::Domain(of) if is(&of.base_type) => more.push(id.qname()),
                Object::Composite(of) if of.attributes.iter().any(|of| is(&of.type_name)) => more.push(id.qname()),
                _ => {}
            }
        }
        let known = types.len();
        types.extend(more);
        if types.len() == known {
            return tables;
        }
    }
}

/// None where nobody notices: comments, privileges, what concerns no table.
fn mode(sql: &str) -> Option<LockMode> {
    use LockMode::{AccessExclusive, Share, ShareRowExclusive, ShareUpdateExclusive};
    let has = |text: &str| sql.contains(text);
    let words: Vec<&str> = sql.split_whitespace().take(3).collect();
    Some(match words.as_slice() {
        ["CREATE" | "DROP", "INDEX", "CONCURRENTLY"] | ["CREATE", "UNIQUE", "INDEX"] if has(" CONCURRENTLY ") => {
            ShareUpdateExclusive
        }
        ["CREATE", "INDEX", _] | ["CREATE", "UNIQUE", "INDEX"] => Share,
        ["CREATE" | "DROP" | "ALTER", "STATISTICS", _] => ShareUpdateExclusive,
        ["CREATE", "TRIGGER", _] | ["CREATE", "CONSTRAINT", "TRIGGER"] => ShareRowExclusive,
        ["CREATE", "TABLE", _] if has(" PARTITION OF ") => AccessExclusive,
        ["CREATE", "TABLE", _] => ShareUpdateExclusive,
        ["CREATE", "OR", "REPLACE"] if sql.starts_with("CREATE OR REPLACE RULE") => AccessExclusive,
        ["CREATE", "RULE" | "POLICY", _]
        | ["ALTER" | "DROP", "POLICY", _]
        | ["DROP", "RULE" | "TRIGGER" | "INDEX" | "TABLE", _] => AccessExclusive,
        ["ALTER", "DOMAIN", _] if has(" VALIDATE CONSTRAINT ") || has(" ADD CONSTRAINT ") || has(" SET NOT NULL") => Share,
        ["ALTER", "TABLE", _] => altered(sql),
        ["ALTER", "MATERIALIZED", "VIEW"] if has(" SET TABLESPACE ") => AccessExclusive,
        ["REFRESH" | "DROP", "MATERIALIZED", "VIEW"] | ["DROP", "FOREIGN", "TABLE"] => AccessExclusive,
        ["DO", ..] => AccessExclusive,
        _ => return None,
    })
}

fn altered(sql: &str) -> LockMode {
    let has = |text: &str| sql.contains(text);
    if has(" ADD CONSTRAINT ") && has(" FOREIGN KEY ") || has(" ENABLE ") && has(" TRIGGER ") || has(" DISABLE TRIGGER ") {
        return LockMode::ShareRowExclusive;
    }
    let light = [" VALIDATE CONSTRAINT ", " SET STATISTICS ", " CLUSTER ON ", " SET WITHOUT CLUSTER"];
    let options = (has(" SET (") || has(" RESET (")) && !has(" user_catalog_table");
    match options || light.iter().any(|action| has(action)) {
        true => LockMode::ShareUpdateExclusive,
        false => LockMode::AccessExclusive,
    }
}
