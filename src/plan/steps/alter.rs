//! What changes in place.

use super::{NewValue, Steps};
use crate::catalog::{Catalog, Constraint, Kind, Object, ObjectId};
use crate::diff::words;
use crate::plan::closure;
use crate::plan::ddl::{self, constraint, extension, foreign, index, sequence, trigger, types, view};
use crate::plan::hazard::{Hazard, HazardKind, hazard};
use crate::plan::needs::create_aspect;
use crate::plan::order::{Key, LATE};

impl Steps<'_> {
    pub(super) fn alter(&mut self, id: &ObjectId) {
        let fate = &self.fate;
        if [&fate.torn, &fate.replaced, &fate.moved, &fate.rechecked].iter().any(|set| set.contains(id)) {
            return;
        }
        let (before, after) = (&self.target.objects[id], &self.source.objects[id]);
        let mut hazards = Vec::new();
        let mut sql = match (before, after) {
            (Object::Extension(a), Object::Extension(b)) => extension::alter(id, a, b),
            (Object::Enum(a), Object::Enum(b)) => {
                self.new_values(id, types::add_values(id, a, b).unwrap_or_default());
                Vec::new()
            }
            (Object::Domain(a), Object::Domain(b)) => types::alter_domain(id, a, b),
            (Object::Composite(a), Object::Composite(b)) => {
                let gone = a.attributes.iter().filter(|old| !b.attributes.iter().any(|new| new.name == old.name));
                hazards.extend(gone.map(|old| self.attribute_goes(id, &old.name)));
                types::alter_composite(id, a, b).unwrap_or_default()
            }
            (Object::Sequence(a), Object::Sequence(b)) => {
                if a.owned_by != b.owned_by {
                    let sql = sequence::owned_by(id, b.owned_by.as_ref());
                    let statement = self.plain(id, sql, format!("Ties the {} to its column.", words::object(id)));
                    Self::push(&mut self.build, Key::new(id, LATE), [statement]);
                }
                sequence::alter(id, a, b)
            }
            (Object::Constraint(a), Object::Constraint(b)) if a.definition != b.definition => {
                hazards.extend(self.constraint_hazards(id, a, b));
                constraint::alter(id, a, b).into_iter().collect()
            }
            (Object::View(a), Object::View(b)) => view::alter(id, a, b),
            (Object::Function(a), Object::Function(b)) if a.definition != b.definition => vec![ddl::function::create(b)],
            (Object::Trigger(a), Object::Trigger(b)) if a.enabled != b.enabled => vec![trigger::enable(id, b.enabled)],
            (Object::ForeignDataWrapper(a), Object::ForeignDataWrapper(b)) => foreign::alter_wrapper(id, a, b),
            (Object::ForeignServer(a), Object::ForeignServer(b)) => foreign::alter_server(id, a, b),
            (Object::Index(a), Object::Index(b)) => index::alter(id, a, b),
            (Object::Table(a), Object::Table(b)) => self.table(id, a, b),
            _ => Vec::new(),
        };
        sql.extend(changed_comments(self.source, id, before, after));
        let what = words::object(id);
        let statements: Vec<_> = sql
            .into_iter()
            .map(|sql| self.statement(id, sql, format!("Changes the {what}."), std::mem::take(&mut hazards)))
            .collect();
        Self::push(&mut self.build, Key::new(id, create_aspect(self.source, id)), statements);
    }

    fn new_values(&mut self, id: &ObjectId, values: Vec<(String, String)>) {
        for (label, sql) in values {
            let statement = self.plain(id, sql, format!("Adds the value {label} to the {}.", words::object(id)));
            self.values.push(NewValue { of: id.clone(), label, statement });
        }
    }

    fn attribute_goes(&self, id: &ObjectId, name: &str) -> Hazard {
        let sentence = format!("The values of {name} in all columns of the type {}.{} are deleted.", id.schema, id.name);
        hazard(HazardKind::DeletesData, sentence)
    }

    fn constraint_hazards(&self, id: &ObjectId, before: &Constraint, after: &Constraint) -> Option<Hazard> {
        let sentence = format!("Rows of {}.{} that break the rule {} stop the promotion.", id.schema, id.name, id.part);
        closure::validates(before, after).then(|| hazard(HazardKind::MayFail, sentence))
    }
}

fn changed_comments(source: &Catalog, id: &ObjectId, before: &Object, after: &Object) -> Vec<String> {
    let mut sql = Vec::new();
    if before.comment() != after.comment() {
        sql.push(ddl::comment(source, id, after.comment()));
    }
    if id.kind != Kind::Table {
        let was = ddl::part_comments(id, before);
        for (part, text) in ddl::part_comments(id, after) {
            let old = was.iter().find(|(other, _)| *other == part).and_then(|(_, text)| *text);
            if old != text {
                sql.push(ddl::comment_on(&part, text));
            }
        }
    }
    sql
}
