//! What describes one database and never travels: the history of versions that promotions write.

use super::{Catalog, Kind, Object, ObjectId};

/// Where promotions leave a row for people and other tools.
pub const VERSIONS: (&str, &str) = ("public", "schema_versions");

impl Catalog {
    /// Leaves out the table of versions with all that hangs on it. It differs between environments by its nature, and a plan must not
    /// remove it.
    pub fn without_bookkeeping(mut self) -> Self {
        let (schema, name) = VERSIONS;
        let own = |id: &ObjectId, object: &Object| match object {
            Object::Table(_) | Object::Constraint(_) | Object::Trigger(_) | Object::Policy(_) => {
                id.schema == schema && id.name == name
            }
            Object::Index(index) => index.table.schema == schema && index.table.name == name,
            Object::Sequence(sequence) => {
                sequence.owned_by.as_ref().is_some_and(|owner| owner.table.schema == schema && owner.table.name == name)
            }
            Object::Privileges(privileges) => privileges.on.schema == schema && privileges.on.name == name,
            _ => false,
        };
        self.objects.retain(|id, object| !own(id, object));
        let objects = &self.objects;
        let there = |id: &ObjectId| match id.kind {
            Kind::Column => objects.contains_key(&id.owner()),
            _ => objects.contains_key(id),
        };
        self.depends.retain(|edge| there(&edge.dependent) && there(&edge.on));
        self
    }
}
