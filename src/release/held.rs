//! What a backup holds besides the schema: enough to tell which rows of a target are not in it.

use crate::catalog::{Catalog, ObjectId, QName, Table};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The archive, and its SHA-256.
    pub file: String,
    pub sha256: String,
    pub taken_at: DateTime<Utc>,
    /// The database that it was taken of, by `system_identifier` and oid.
    pub target_identity: String,
    pub tables: Vec<HeldTable>,
    /// What PostgreSQL complained of when the backup was restored to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
}

/// The rows of a table and of its partitions. Those of foreign tables are elsewhere, and in no backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTable {
    /// None for all large objects.
    pub table: Option<QName>,
    /// By which rows are told apart: those that the target had, too.
    pub columns: Vec<String>,
    pub rows: u64,
    /// Of the hashes of all rows.
    pub sum: String,
}

/// Tables that are no partitions, each with those that have its rows: itself, or its partitions.
pub fn families(catalog: &Catalog) -> BTreeMap<QName, Vec<QName>> {
    let mut families: BTreeMap<QName, Vec<QName>> = BTreeMap::new();
    for (name, table) in catalog.tables() {
        let root = root(catalog, &name, table);
        let family = families.entry(root).or_default();
        if table.partition_key.is_none() {
            family.push(name);
        }
    }
    families
}

fn root(catalog: &Catalog, name: &QName, table: &Table) -> QName {
    let parent = table.partition_of.as_ref().map(|of| &of.parent);
    match parent.and_then(|parent| Some((parent, catalog.table(&ObjectId::table(parent))?))) {
        Some((parent, table)) => root(catalog, parent, table),
        None => name.clone(),
    }
}

/// The columns of a table whose values are kept and not computed, in its order.
pub fn stored_columns(catalog: &Catalog, table: &QName) -> Vec<String> {
    let columns = catalog.table(&ObjectId::table(table)).map_or(&[][..], |table| &table.columns);
    columns.iter().filter(|column| column.generated.is_none()).map(|column| column.name.clone()).collect()
}

/// Those of `backup` that `target` has, too; all of them where it has no such table.
pub fn shared_columns(backup: &Catalog, target: &Catalog, table: &QName) -> Vec<String> {
    let mut columns = stored_columns(backup, table);
    if target.table(&ObjectId::table(table)).is_some() {
        let there = stored_columns(target, table);
        columns.retain(|column| there.contains(column));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{Content, FORMAT};
    use serde_json::{Value, json};

    fn table(columns: &[(&str, bool)], partition_key: Option<&str>, parent: Option<&str>) -> Value {
        let column = |(name, generated): &(&str, bool)| {
            let expression = generated.then(|| json!({"expression": "1", "stored": true}));
            json!({"name": name, "type_name": "text", "collation": null, "not_null": false, "default": null, "identity": null,
                "generated": expression, "storage": null, "compression": null, "statistics": null, "options": [], "local": true,
                "comment": null})
        };
        let of = parent.map(|name| json!({"parent": {"schema": "public", "name": name}, "bound": "DEFAULT"}));
        json!({"kind": "table", "unlogged": false, "columns": columns.iter().map(column).collect::<Vec<_>>(), "inherits": [],
            "partition_key": partition_key, "partition_of": of, "options": [], "row_security": false, "force_row_security": false,
            "replica_identity": "DEFAULT", "clustered_on": null, "comment": null})
    }

    fn catalog(tables: &[(&str, Value)]) -> Catalog {
        let id = |name: &str| ObjectId::table(&QName::new("public", name));
        let objects = tables.iter().map(|(name, table)| (id(name), serde_json::from_value(table.clone()).unwrap()));
        Catalog { objects: objects.collect(), ..Catalog::default() }
    }

    #[test]
    fn rows_of_partitions_are_those_of_their_table() {
        let catalog = catalog(&[
            ("plain", table(&[], None, None)),
            ("year", table(&[], Some("RANGE (at)"), None)),
            ("month", table(&[], Some("LIST (kind)"), Some("year"))),
            ("day", table(&[], None, Some("month"))),
        ]);
        let name = |name: &str| QName::new("public", name);
        let expected = BTreeMap::from([(name("plain"), vec![name("plain")]), (name("year"), vec![name("day")])]);
        assert_eq!(families(&catalog), expected);
    }

    #[test]
    fn rows_are_told_apart_by_what_both_sides_keep() {
        let backup = catalog(&[("t", table(&[("a", false), ("b", true), ("c", false)], None, None))]);
        let target = catalog(&[("t", table(&[("c", false), ("d", false)], None, None))]);
        let t = QName::new("public", "t");
        assert_eq!(shared_columns(&backup, &target, &t), ["c"]);
        assert_eq!(shared_columns(&backup, &Catalog::default(), &t), ["a", "c"]);
    }

    /// A part of stored releases: whoever changes it counts the format of a release up.
    #[test]
    fn the_stored_form_stays_as_it_is() {
        let sales = HeldTable {
            table: Some(QName::new("public", "sales")),
            columns: vec!["id".to_owned()],
            rows: 2,
            sum: "-7".to_owned(),
        };
        let objects = HeldTable { table: None, columns: Vec::new(), rows: 0, sum: "0".to_owned() };
        let held = Held {
            file: "a.dump".to_owned(),
            sha256: "ab".to_owned(),
            taken_at: DateTime::UNIX_EPOCH,
            target_identity: "7:5".to_owned(),
            tables: vec![sales, objects],
            complaint: None,
        };
        let stored = concat!(
            r#"{"file":"a.dump","sha256":"ab","taken_at":"1970-01-01T00:00:00Z","target_identity":"7:5","tables":["#,
            r#"{"table":{"schema":"public","name":"sales"},"columns":["id"],"rows":2,"sum":"-7"},"#,
            r#"{"table":null,"columns":[],"rows":0,"sum":"0"}]}"#
        );
        assert_eq!(serde_json::to_string(&held).unwrap(), stored);
        let content = Content::backup(Catalog::default(), held);
        assert_eq!(FORMAT, 3);
        assert_eq!(Content::stored(&serde_json::to_string(&content).unwrap(), &content.digest()), Ok(content));
        let without = Content { backup: None, ..Content::backup(Catalog::default(), serde_json::from_str(stored).unwrap()) };
        assert!(!serde_json::to_string(&without).unwrap().contains("backup"), "older releases keep their digests");
    }
}
