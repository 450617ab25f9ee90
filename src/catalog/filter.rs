//! Which objects of a catalog somebody asks for: `schema`, `schema.name` or `kind:schema.name`, with `*` for any letters.

use super::{Catalog, Dependency, Kind, Object, ObjectId, QName};
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that one of `include` matches (all, when it is empty) and none of `exclude`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub include: Vec<Pattern>,
    pub exclude: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    kind: Option<Kind>,
    schema: String,
    name: Option<String>,
}

impl Pattern {
    /// None for a kind that there is not.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) => (Some(parse_kind(kind)?), rest),
            None => (None, text),
        };
        let (schema, name) = match rest.split_once('.') {
            Some((schema, name)) => (schema, Some(name.to_owned())),
            None => (rest, None),
        };
        (!schema.is_empty()).then(|| Self { kind, schema: schema.to_owned(), name })
    }

    fn matches(&self, id: &ObjectId) -> bool {
        if self.kind.is_some_and(|kind| kind != id.kind) {
            return false;
        }
        match (&self.name, id.schema.is_empty()) {
            // What is in no schema goes by its own name.
            (None, true) => like(&self.schema, &id.name),
            (None, false) => like(&self.schema, &id.schema),
            (Some(name), _) => like(&self.schema, &id.schema) && like(name, &id.name),
        }
    }
}

fn parse_kind(text: &str) -> Option<Kind> {
    Kind::deserialize(StrDeserializer::<serde::de::value::Error>::new(&text.replace([' ', '-'], "_"))).ok()
}

fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text
            .strip_prefix(head)
            .is_some_and(|tail| tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| like(rest, &tail[at..]))),
    }
}

impl Filter {
    pub fn is_everything(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether the table is taken, wherever it is.
    pub fn takes_table(&self, table: &QName) -> bool {
        self.takes(&Catalog::default(), &ObjectId::table(table))
    }

    /// Parts go with their table, privileges with their object.
    fn takes(&self, catalog: &Catalog, id: &ObjectId) -> bool {
        let whole = match catalog.objects.get(id) {
            Some(Object::Privileges(of)) => catalog.table_of(&of.on).unwrap_or_else(|| of.on.clone()),
            _ => catalog.table_of(id).unwrap_or_else(|| id.clone()),
        };
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(id) || pattern.matches(&whole));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// `source` where the filter takes an object, `target` where it does not; and what then lacks something that it needs.
    pub fn apply(&self, source: &Catalog, target: &Catalog) -> (Catalog, Vec<Dependency>) {
        let from = |side: &Catalog, taken: bool| -> BTreeMap<ObjectId, Object> {
            let kept = side.objects.iter().filter(|(id, _)| self.takes(side, id) == taken);
            kept.map(|(id, object)| (id.clone(), object.clone())).collect()
        };
        let (taken, left) = (from(source, true), from(target, false));
        let edges = |side: &Catalog, objects: &BTreeMap<ObjectId, Object>| -> BTreeSet<Dependency> {
            let ours =
                |edge: &&Dependency| objects.contains_key(&edge.dependent) || objects.contains_key(&edge.dependent.owner());
            side.depends.iter().filter(ours).cloned().collect()
        };
        let mut depends = edges(source, &taken);
        depends.extend(edges(target, &left));
        let mut merged = Catalog { depends, ..source.clone() };
        merged.objects = taken.into_iter().chain(left).collect();
        let lacking: Vec<Dependency> =
            merged.depends.iter().filter(|edge| there(&merged, &edge.dependent) && !there(&merged, &edge.on)).cloned().collect();
        merged.depends.retain(|edge| !lacking.contains(edge));
        (merged, lacking)
    }
}

fn there(catalog: &Catalog, id: &ObjectId) -> bool {
    match id.kind {
        Kind::Column => catalog.table(&id.owner()).is_some_and(|table| table.columns.iter().any(|column| column.name == id.part)),
        _ => catalog.objects.contains_key(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: Kind, schema: &str, name: &str) -> ObjectId {
        ObjectId { kind, schema: schema.to_owned(), name: name.to_owned(), part: String::new() }
    }

    #[test]
    fn patterns_match_by_schema_name_and_kind() {
        for (pattern, matches, misses) in [
            ("audit", id(Kind::Table, "audit", "log"), id(Kind::Table, "public", "audit")),
            ("audit", id(Kind::Schema, "", "audit"), id(Kind::Schema, "", "audits")),
            ("public.fee_*", id(Kind::Table, "public", "fee_items"), id(Kind::Table, "public", "fees")),
            ("*.*_log", id(Kind::View, "a", "b_log"), id(Kind::View, "a", "b_logs")),
            ("materialized-view:public.*", id(Kind::MaterializedView, "public", "m"), id(Kind::View, "public", "m")),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert!(parsed.matches(&matches), "{pattern} {matches:?}");
            assert!(!parsed.matches(&misses), "{pattern} {misses:?}");
        }
        assert_eq!(Pattern::parse("gizmo:public.x"), None);
        assert_eq!(Pattern::parse(""), None);
    }
}
