//! Triggers of tables and views.

use super::name;
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, ObjectId, Trigger};

pub fn create(catalog: &Catalog, id: &ObjectId, trigger: &Trigger) -> Vec<String> {
    let mut statements = vec![trigger.definition.clone()];
    // Triggers of views cannot be disabled.
    if trigger.enabled != 'O' && catalog.objects.contains_key(&id.owner()) {
        statements.push(enable(id, trigger.enabled));
    }
    statements
}

pub fn enable(id: &ObjectId, enabled: char) -> String {
    let word = match enabled {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER TABLE {} {word} TRIGGER {}", name(id), quote(&id.part))
}
