//! What a promotion would do, as a person reads it, and what of it is sealed.

use super::{EnvironmentId, LookupTotal, ReleaseId, Restore, RestoredTable};
use crate::catalog::{Fingerprint, NotCompared, ObjectId};
use crate::lookup::{Choice, TableChanges};
use crate::plan::{Check, Hazard, Plan, Rename, TableSize};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// Version of the stored form of a preview.
pub const FORMAT: u32 = 4;

/// What a person asks to see, and then to promote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub release: ReleaseId,
    pub target: EnvironmentId,
    /// What the person said is the same under another name.
    #[serde(default)]
    pub renames: Vec<Rename>,
    /// Whose rows stay where lookup rows were edited in the target.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

impl Proposal {
    /// Without answers about what was renamed or edited.
    pub fn new(release: ReleaseId, target: EnvironmentId) -> Self {
        Self { release, target, renames: Vec::new(), choices: Vec::new() }
    }
}

/// Release + target + plan + lookup changes + checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub format: u32,
    pub sealed: Sealed,
    pub checks: Vec<CheckResult>,
    pub not_compared: Vec<NotCompared>,
    /// Of the tables that hazards name. They grow: what is sealed says nothing of them.
    pub sizes: Vec<TableSize>,
    /// What stands in the way; a request is refused while there is any.
    pub blockers: Vec<Problem>,
    /// What is worth knowing and stops nothing.
    pub warnings: Vec<String>,
}

/// Everything that an approval binds to; its fingerprint is the digest of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub release: Fingerprint,
    pub target: String,
    /// `system_identifier` of the target's cluster and the database's oid: the same URL may lead elsewhere tomorrow.
    pub target_identity: String,
    pub policy_version: i32,
    pub plan: Plan,
    /// In the order in which they are synced: parents first.
    pub lookup: Vec<TableChanges>,
    /// Fingerprint of the target's lookup rows before.
    pub lookup_from: Fingerprint,
    /// Fingerprint of the target's lookup rows afterwards.
    pub lookup_to: Fingerprint,
    /// A backup takes the place of everything; then the plan says what differs and has no statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<Restore>,
}

/// A loss that the requester ticks, one by one, before the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// What the form sends and the request compares.
    pub id: String,
    pub sentences: Vec<String>,
}

impl Preview {
    /// The losses of the schema, in the plan's order, then those of the lookup tables, then the rows that a backup does not have.
    pub fn to_confirm(&self, lookup: &[LookupTotal]) -> Vec<Confirmation> {
        let must_be_confirmed = |hazards: &[Hazard]| hazards.iter().any(|hazard| hazard.kind.must_be_confirmed());
        let changes = self.sealed.plan.changes.iter().filter(|change| must_be_confirmed(&change.hazards));
        let schema = changes.map(|change| {
            let ObjectId { kind, schema, name, part } = &change.object;
            let losses = change.hazards.iter().filter(|hazard| hazard.kind.must_be_confirmed());
            let sentences = losses.map(|hazard| hazard.sentence.clone());
            Confirmation { id: format!("{kind:?} {schema}.{name}.{part}"), sentences: sentences.collect() }
        });
        let deletes = lookup.iter().filter(|total| total.deletes > 0).map(|total| Confirmation {
            id: format!("rows of {}", total.table),
            sentences: vec![match total.deletes {
                1 => format!("Deletes 1 lookup row of {}.", total.name()),
                n => format!("Deletes {n} lookup rows of {}.", total.name()),
            }],
        });
        let restored = self.sealed.restore.iter().flat_map(|restore| &restore.tables).filter_map(RestoredTable::to_confirm);
        schema.chain(deletes).chain(restored).collect()
    }
}

impl Sealed {
    /// The target is what it would become.
    pub fn is_nothing(&self) -> bool {
        let rows = self.restore.iter().flat_map(|restore| &restore.tables).all(|table| table.lost + table.back == 0);
        let schema = self.restore.is_none() || self.plan.changes.is_empty();
        self.plan.is_empty() && schema && rows && self.lookup.iter().all(TableChanges::is_empty)
    }

    pub fn digest(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}

/// The answer of the target's rows to a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    pub check: Check,
    /// None when the check was not finished in time.
    pub offending: Option<u64>,
    pub samples: Vec<String>,
}

impl CheckResult {
    pub fn holds(&self) -> bool {
        self.offending == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Object};
    use crate::lookup::{self, LookupSet, LookupTable, Mode, RowColumn, Side, TableRows};
    use crate::promotion::{Policy, compare};
    use crate::release::Content;
    use serde_json::{Value, json};

    /// What a promotion stores, word for word: whoever changes it counts `FORMAT` up.
    const STORED: &str = include_str!("../tests/stored_preview.json");

    fn catalog(with_name: bool) -> Catalog {
        let id = |kind: &str, part: &str| json!({"kind": kind, "schema": "public", "name": "fees", "part": part});
        let column = |name: &str, type_name: &str| {
            json!({"name": name, "type_name": type_name, "collation": null, "not_null": name == "id", "default": null, "identity": null,
                "generated": null, "storage": null, "compression": null, "statistics": null, "options": [], "local": true, "comment": null})
        };
        let mut columns = vec![column("id", "integer")];
        columns.extend(with_name.then(|| column("name", "text")));
        let table = json!({"kind": "table", "unlogged": false, "columns": columns, "partition_key": null, "partition_of": null, "inherits": [],
            "options": [], "row_security": false, "force_row_security": false, "replica_identity": "DEFAULT", "clustered_on": null, "comment": null});
        let key = json!({"kind": "constraint", "constraint_type": "primary_key", "definition": "PRIMARY KEY (id)", "columns": ["id"],
            "references": null, "validated": true, "comment": null});
        let object = |value: Value| -> Object { serde_json::from_value(value).unwrap() };
        let objects = [(id("table", ""), table), (id("constraint", "fees_pkey"), key)];
        let objects = objects.map(|(id, value)| (serde_json::from_value(id).unwrap(), object(value)));
        Catalog { server_version: 150_000, objects: objects.into_iter().collect(), ..Catalog::default() }
    }

    fn rows(names: &[&str], rows: &[&[&str]]) -> TableRows {
        let column = |name: &&str| RowColumn {
            name: (*name).to_owned(),
            type_name: if *name == "id" { "integer" } else { "text" }.to_owned(),
            identity_always: false,
            generated: false,
        };
        TableRows {
            table: crate::catalog::QName::new("public", "fees"),
            columns: names.iter().map(column).collect(),
            key: vec![0],
            surrogate: None,
            rows: rows.iter().map(|row| row.iter().map(|value| Some((*value).to_owned())).collect()).collect(),
        }
    }

    fn preview() -> Preview {
        let (source, target) = (catalog(true), catalog(false));
        let mut released = rows(&["id", "name"], &[&["1", "low"], &["2", "new"]]);
        let there = [rows(&["id"], &[&["1"], &["3"]])];
        let set = LookupSet { tables: vec![LookupTable::new(released.table.clone(), Mode::Mirror)] };
        let promoted = [rows(&["id"], &[&["1"]])];
        let terms = Policy::default().terms();
        let content = Content::new(source, set, vec![released.digested(&LookupTable::new(released.table.clone(), Mode::Mirror))]);
        let source = Side { catalog: &content.catalog, rows: &[released] };
        let of_rows = lookup::Terms { deletes_allowed: terms.deletes_allowed, promoted: Some(&promoted), choices: &[] };
        let rows = lookup::diff(&content.lookup_set, source, Side { catalog: &target, rows: &there }, of_rows);
        let compared = compare(&content, &target, rows, terms);
        let sealed = Sealed {
            release: content.digest(),
            target: "production".to_owned(),
            target_identity: "7 16384".to_owned(),
            policy_version: 1,
            plan: compared.plan,
            lookup: compared.lookup.changes,
            lookup_from: compared.lookup.from,
            lookup_to: compared.lookup.to,
            restore: None,
        };
        let (checks, not_compared, sizes, warnings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Preview { format: FORMAT, sealed, checks, not_compared, sizes, blockers: compared.lookup.problems, warnings }
    }

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let now = serde_json::to_string_pretty(&preview()).unwrap();
        assert_eq!(now, STORED.trim_end(), "\n{now}");
        assert_eq!(serde_json::from_str::<Preview>(STORED).unwrap(), preview());
    }
}
