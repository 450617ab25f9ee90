//! The statements, one printer per kind.

use super::Plan;
use crate::catalog::{ObjectId, QName};

pub fn script(plan: &Plan) -> String {
    plan.statements().map(|statement| format!("{};\n", statement.sql)).collect()
}

/// How a statement names the object.
pub fn name(id: &ObjectId) -> String {
    QName::new(&id.schema, &id.name).to_string()
}
