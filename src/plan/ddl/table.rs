//! Tables: what they are made with and what can be set afterwards. Columns are in `column.rs`, constraints in `constraint.rs`.

use super::{column, do_block, name};
use crate::catalog::ident::{literal, quote};
use crate::catalog::{Column, ObjectId, PartitionOf, QName, Table};

/// `with_default` says of a column whether its default is part of the statement.
pub fn create(id: &ObjectId, table: &Table, with_default: &dyn Fn(&Column) -> bool) -> Vec<String> {
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let mut text = format!("CREATE {unlogged}TABLE {}", name(id));
    match &table.partition_of {
        Some(of) => text.push_str(&format!(" PARTITION OF {} {}", of.parent, of.bound)),
        None => {
            let own = table.columns.iter().filter(|column| column.local);
            let columns: Vec<String> = own.map(|c| format!("\n    {}", column::define(c, with_default(c)))).collect();
            let end = if columns.is_empty() { "" } else { "\n" };
            text.push_str(&format!(" ({}{end})", columns.join(",")));
        }
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(QName::to_string).collect();
        text.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(key) = &table.partition_key {
        text.push_str(&format!(" PARTITION BY {key}"));
    }
    if !table.options.is_empty() {
        let options: Vec<String> = table.options.iter().map(|option| setting(option)).collect();
        text.push_str(&format!(" WITH ({})", options.join(", ")));
    }
    if let Some(name) = table.tablespace.as_ref().filter(|_| table.partition_of.is_none()) {
        text.push_str(&format!(" TABLESPACE {}", quote(name)));
    }
    let mut statements = vec![text];
    for of in table.columns.iter() {
        statements.extend(column::settings(&ObjectId::column(id, &of.name), None, of));
    }
    statements.extend(row_security(id, None, table));
    statements
}

/// `name=value` as `WITH (...)` takes it.
fn setting(option: &str) -> String {
    match option.split_once('=') {
        Some((key, value)) => format!("{key} = {}", literal(value)),
        None => option.to_owned(),
    }
}

/// `SET` and `RESET` of `name=value` settings; `head` is the statement up to there.
pub fn options(head: &str, before: &[String], after: &[String]) -> Vec<String> {
    let key = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let gone: Vec<String> = before.iter().map(key).filter(|old| !after.iter().any(|new| key(new) == *old)).collect();
    let set: Vec<String> = after.iter().filter(|option| !before.contains(option)).map(|option| setting(option)).collect();
    let mut statements = Vec::new();
    if !gone.is_empty() {
        statements.push(format!("{head} RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        statements.push(format!("{head} SET ({})", set.join(", ")));
    }
    statements
}

/// Storage parameters.
pub fn storage(id: &ObjectId, before: &Table, after: &Table) -> Vec<String> {
    options(&format!("ALTER TABLE {}", name(id)), &before.options, &after.options)
}

pub fn row_security(id: &ObjectId, before: Option<&Table>, after: &Table) -> Vec<String> {
    let mut statements = Vec::new();
    if before.is_some_and(|table| table.row_security) != after.row_security {
        statements.push(format!(
            "ALTER TABLE {} {} ROW LEVEL SECURITY",
            name(id),
            if after.row_security { "ENABLE" } else { "DISABLE" }
        ));
    }
    if before.is_some_and(|table| table.force_row_security) != after.force_row_security {
        let word = if after.force_row_security { "FORCE" } else { "NO FORCE" };
        statements.push(format!("ALTER TABLE {} {word} ROW LEVEL SECURITY", name(id)));
    }
    statements
}

pub fn persistence(id: &ObjectId, unlogged: bool) -> String {
    format!("ALTER TABLE {} SET {}", name(id), if unlogged { "UNLOGGED" } else { "LOGGED" })
}

pub fn replica_identity(id: &ObjectId, identity: &str) -> String {
    let what = match identity.strip_prefix("INDEX ") {
        Some(index) => format!("USING INDEX {}", quote(index)),
        None => identity.to_owned(),
    };
    format!("ALTER TABLE {} REPLICA IDENTITY {what}", name(id))
}

pub fn cluster_on(id: &ObjectId, index: Option<&str>) -> String {
    match index {
        Some(index) => format!("ALTER TABLE {} CLUSTER ON {}", name(id), quote(index)),
        None => format!("ALTER TABLE {} SET WITHOUT CLUSTER", name(id)),
    }
}

pub fn rename(id: &ObjectId, to: &str) -> String {
    format!("ALTER TABLE {} RENAME TO {}", name(id), quote(to))
}

/// All rows of `from` into `to`: a column with the expression for its value, each.
pub fn copy(from: &ObjectId, to: &ObjectId, columns: &[(String, String)]) -> String {
    let names: Vec<String> = columns.iter().map(|(name, _)| quote(name)).collect();
    let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
    if names.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", name(to));
    }
    format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}",
        name(to),
        names.join(", "),
        values.join(", "),
        name(from)
    )
}

/// Out of its partitioned table, without the keys, rules and indexes that it had from there: their names are not known.
pub fn detach_alone(id: &ObjectId, parent: &QName) -> String {
    let this = format!("{}::pg_catalog.regclass", literal(&name(id)));
    let table = literal(&name(id));
    do_block(&format!(
        "DECLARE
  rules name[] := ARRAY(SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = {this} AND contype <> 'n' AND (conparentid <> 0 OR contype = 'c' AND coninhcount > 0));
  indexes regclass[] := ARRAY(SELECT i.indexrelid::pg_catalog.regclass FROM pg_catalog.pg_index i JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
    WHERE i.indrelid = {this} AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = {this}));
  rule name;
  index regclass;
BEGIN
  {};
  FOREACH rule IN ARRAY rules LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', {table}, rule);
  END LOOP;
  FOREACH index IN ARRAY indexes LOOP
    EXECUTE pg_catalog.format('DROP INDEX %s', index);
  END LOOP;
END",
        detach(id, parent)
    ))
}

/// The names that PostgreSQL would give to the table's NOT NULL constraints, for all but those in `own`.
pub fn own_not_null_names(id: &ObjectId, own: &[&str]) -> String {
    let own: Vec<String> = own.iter().map(|name| literal(name)).collect();
    do_block(&format!(
        "DECLARE
  one record;
BEGIN
  FOR one IN SELECT k.conname, pg_catalog.format('%s_%s_not_null', c.relname, a.attname) AS name
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.conrelid = {0}::pg_catalog.regclass AND k.contype = 'n' AND k.conislocal AND k.conname <> ALL (ARRAY[{1}]::name[]) LOOP
    IF one.conname <> one.name AND pg_catalog.octet_length(one.name) < 64 THEN
      EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', {0}, one.conname, one.name);
    END IF;
  END LOOP;
END",
        literal(&name(id)),
        own.join(", ")
    ))
}

pub fn attach(id: &ObjectId, of: &PartitionOf) -> String {
    format!("ALTER TABLE {} ATTACH PARTITION {} {}", of.parent, name(id), of.bound)
}

pub fn detach(id: &ObjectId, parent: &QName) -> String {
    format!("ALTER TABLE {parent} DETACH PARTITION {}", name(id))
}

/// Tied to a composite type, whose attributes its columns are.
pub fn of(id: &ObjectId, of_type: &QName) -> String {
    format!("ALTER TABLE {} OF {of_type}", name(id))
}

pub fn not_of(id: &ObjectId) -> String {
    format!("ALTER TABLE {} NOT OF", name(id))
}

/// Of a table, index or materialized view, as `word` says.
pub fn set_tablespace(id: &ObjectId, word: &str, tablespace: Option<&str>) -> String {
    format!("ALTER {word} {} SET TABLESPACE {}", name(id), quote(tablespace.unwrap_or("pg_default")))
}

pub fn inherit(id: &ObjectId, parent: &QName, yes: bool) -> String {
    format!("ALTER TABLE {} {} {parent}", name(id), if yes { "INHERIT" } else { "NO INHERIT" })
}
