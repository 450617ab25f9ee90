//! Tables that stay: what they say of themselves, their parents, and their indexes' special roles.

use super::Steps;
use crate::catalog::{Catalog, Column, ConstraintType, Kind, Object, ObjectId, QName, Table};
use crate::diff::words;
use crate::plan::Statement;
use crate::plan::ddl::{constraint, table};
use crate::plan::order::{Key, LATE};
use crate::plan::retitle::NAMES_NOT_NULL;

/// The parents of a table, by partition or inheritance.
pub(in crate::plan) fn parents(table: &Table) -> Vec<QName> {
    table.partition_of.iter().map(|of| of.parent.clone()).chain(table.inherits.iter().cloned()).collect()
}

/// The column that a table gets from a parent.
pub(super) fn from_parents(catalog: &Catalog, table: &Table, name: &str) -> Option<Column> {
    parents(table).iter().find_map(|parent| {
        let parent = catalog.table(&ObjectId::table(parent))?;
        parent.columns.iter().find(|column| column.name == name).cloned()
    })
}

impl Steps<'_> {
    pub(super) fn table(&mut self, id: &ObjectId, before: &Table, after: &Table) -> Vec<String> {
        let mut sql = Vec::new();
        if before.unlogged != after.unlogged {
            sql.push(table::persistence(id, after.unlogged));
        }
        sql.extend(table::storage(id, before, after));
        sql.extend(table::row_security(id, Some(before), after));
        self.partition(id, before, after);
        self.tablespace(id, before, after);
        let what = words::object(id);
        // The order of parents counts; they come back in the order of the source.
        let kept = before.inherits.iter().zip(&after.inherits).take_while(|(a, b)| a == b).count();
        for parent in &before.inherits[kept..] {
            let statement = self.plain(id, table::inherit(id, parent, false), format!("Parts the {what} from its parent."));
            let names = self.not_null_names(id, before);
            Self::push(&mut self.down, Key::new(id, ""), std::iter::once(statement).chain(names));
        }
        for parent in &after.inherits[kept..] {
            let mut sql = self.checks_for(id, parent);
            sql.push(table::inherit(id, parent, true));
            let statements: Vec<_> =
                sql.into_iter().map(|sql| self.plain(id, sql, format!("Ties the {what} to its parent."))).collect();
            Self::push(&mut self.build, Key::new(id, LATE), statements);
        }
        sql
    }

    fn partition(&mut self, id: &ObjectId, before: &Table, after: &Table) {
        if before.partition_of == after.partition_of && !self.parent_moves(before) {
            return;
        }
        let what = words::object(id);
        let same_parent =
            |a: &Table, b: &Table| a.partition_of.as_ref().map(|of| &of.parent) == b.partition_of.as_ref().map(|of| &of.parent);
        if let Some(of) = &before.partition_of {
            let stays_below = same_parent(before, after) && !self.parent_moves(before);
            let sql = if stays_below { table::detach(id, &of.parent) } else { table::detach_alone(id, &of.parent) };
            let statement = self.plain(id, sql, format!("Takes the {what} out of its partitioned table."));
            let names = self.not_null_names(id, before).filter(|_| !stays_below);
            Self::push(&mut self.down, Key::new(id, ""), std::iter::once(statement).chain(names));
        }
        if let Some(of) = &after.partition_of {
            let mut sql = if same_parent(before, after) { Vec::new() } else { self.checks_for(id, &of.parent) };
            sql.push(table::attach(id, of));
            let statements: Vec<_> =
                sql.into_iter().map(|sql| self.plain(id, sql, format!("Makes the {what} a partition."))).collect();
            Self::push(&mut self.build, Key::new(id, LATE), statements);
        }
    }

    /// What a table had from its parent is called after that one.
    fn not_null_names(&self, id: &ObjectId, before: &Table) -> Option<Statement> {
        let own: Vec<&str> =
            before.columns.iter().filter_map(|column| Some(column.not_null_constraint.as_ref()?.name.as_str())).collect();
        let sql = table::own_not_null_names(id, &own);
        let named = self.target.server_version >= NAMES_NOT_NULL;
        named.then(|| self.plain(id, sql, format!("Names what the {} had from its parent after itself.", words::object(id))))
    }

    fn parent_moves(&self, table: &Table) -> bool {
        table.partition_of.as_ref().is_some_and(|of| self.fate.moved.contains(&ObjectId::table(&of.parent)))
    }

    /// A table becomes a child only when it has the checks of its parents.
    fn checks_for(&self, id: &ObjectId, parent: &QName) -> Vec<String> {
        let mut sql = Vec::new();
        let mut open = vec![parent.clone()];
        while let Some(name) = open.pop() {
            let table = ObjectId::table(&name);
            for (other, object) in self.source.objects.iter().filter(|(other, _)| other.owner() == table) {
                let Object::Constraint(of) = object else { continue };
                let own = ObjectId { kind: Kind::Constraint, part: other.part.clone(), ..id.clone() };
                let there = self.source.objects.contains_key(&own) || self.keeps_constraint(&own);
                let inherited = of.constraint_type == ConstraintType::Check && !of.definition.contains(" NO INHERIT");
                if inherited && !there {
                    sql.push(constraint::add(&own, of));
                }
            }
            open.extend(self.source.table(&table).map(parents).unwrap_or_default());
        }
        sql
    }

    fn keeps_constraint(&self, id: &ObjectId) -> bool {
        self.target.objects.contains_key(id) && !self.fate.torn.contains(id)
    }

    /// What a table says about its indexes, once they are there.
    pub(super) fn settings(&mut self) {
        for (id, object) in &self.source.objects {
            let Object::Table(after) = object else { continue };
            let before = self.target.table(id).filter(|_| self.stays(id));
            let rebuilt = |name: &str| {
                let index = ObjectId { kind: Kind::Index, schema: id.schema.clone(), name: name.to_owned(), part: String::new() };
                let constraint = ObjectId { kind: Kind::Constraint, part: name.to_owned(), ..id.clone() };
                self.fate.torn.contains(&index) || self.fate.torn.contains(&constraint)
            };
            let mut sql = Vec::new();
            let identity = before.map_or("DEFAULT", |table| &table.replica_identity);
            if identity != after.replica_identity || after.replica_identity.strip_prefix("INDEX ").is_some_and(rebuilt) {
                sql.push(table::replica_identity(id, &after.replica_identity));
            }
            let clustered = before.and_then(|table| table.clustered_on.as_deref());
            let gone = clustered.is_some_and(rebuilt) && after.clustered_on.is_none();
            if clustered != after.clustered_on.as_deref() && !gone || after.clustered_on.as_deref().is_some_and(rebuilt) {
                sql.push(table::cluster_on(id, after.clustered_on.as_deref()));
            }
            let statements: Vec<_> =
                sql.into_iter().map(|sql| self.plain(id, sql, format!("Changes the {}.", words::object(id)))).collect();
            // After everything else of the table, its indexes and constraints too.
            Self::push(&mut self.build, Key::new(id, LATE), statements);
        }
    }
}
