//! Schemas.

use crate::catalog::ObjectId;
use crate::catalog::ident::quote;

pub fn create(id: &ObjectId) -> String {
    format!("CREATE SCHEMA {}", quote(&id.name))
}
