//! Functions, procedures, aggregates and window functions.

use super::name;
use crate::catalog::{Function, FunctionType, ObjectId};

pub fn create(function: &Function) -> String {
    function.definition.trim_end().to_owned()
}

pub fn word(function_type: FunctionType) -> &'static str {
    match function_type {
        FunctionType::Function | FunctionType::Window => "FUNCTION",
        FunctionType::Procedure => "PROCEDURE",
        FunctionType::Aggregate => "AGGREGATE",
    }
}

/// `schema.name(types)`; an aggregate without arguments has a star.
pub fn signature(id: &ObjectId, function: &Function) -> String {
    let star = function.function_type == FunctionType::Aggregate && id.part.is_empty();
    format!("{}({})", name(id), if star { "*" } else { &id.part })
}
