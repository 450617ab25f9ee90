//! Owner and privileges are no part of a catalog, and what is rebuilt loses them: they are noted first and given back at the end.

use super::Steps;
use crate::catalog::{FunctionType, Kind, Object, ObjectId};
use crate::plan::Statement;
use crate::plan::ddl::{function, grants, name};

impl Steps<'_> {
    /// The statement that notes them and the one that gives them back; none when nothing is rebuilt that has any.
    pub(super) fn grants(&self) -> Option<(Statement, Statement)> {
        let fate = &self.fate;
        let rebuilt = fate.torn.iter().chain(&fate.replaced).chain(&fate.moved).chain(&fate.remade);
        let subjects: Vec<grants::Subject> =
            rebuilt.filter(|id| self.source.objects.contains_key(&id.owner())).filter_map(|id| self.subject(id)).collect();
        let first = fate.torn.iter().chain(&fate.replaced).chain(&fate.moved).chain(&fate.remade).next()?;
        if subjects.is_empty() {
            return None;
        }
        let note = self.plain(first, grants::note(&subjects), "Notes who owns and may use what is built again.".to_owned());
        let back = self.plain(first, grants::give_back(), "Gives what was built again back to its owners and users.".to_owned());
        Some((note, back))
    }

    fn subject(&self, id: &ObjectId) -> Option<grants::Subject> {
        let place = name(id);
        match id.kind {
            Kind::Table => Some(grants::Subject::Relation { word: "TABLE", place }),
            Kind::View => Some(grants::Subject::Relation { word: "VIEW", place }),
            Kind::MaterializedView => Some(grants::Subject::Relation { word: "MATERIALIZED VIEW", place }),
            Kind::Sequence => Some(grants::Subject::Relation { word: "SEQUENCE", place }),
            Kind::Column => Some(grants::Subject::Column { place, column: id.part.clone() }),
            Kind::ForeignTable => Some(grants::Subject::Relation { word: "FOREIGN TABLE", place }),
            Kind::Enum | Kind::Composite | Kind::Range | Kind::Base => Some(grants::Subject::Type { word: "TYPE", place }),
            Kind::Domain => Some(grants::Subject::Type { word: "DOMAIN", place }),
            Kind::Function => match (self.target.objects.get(id), self.source.objects.get(id)) {
                (Some(Object::Function(before)), Some(Object::Function(after)))
                    if before.function_type == after.function_type && before.function_type != FunctionType::Aggregate =>
                {
                    let word = function::word(before.function_type);
                    Some(grants::Subject::Function { word, place: function::signature(id, before) })
                }
                _ => None,
            },
            _ => None,
        }
    }
}
