//! Row security policies.

use super::name;
use crate::catalog::ident::quote;
use crate::catalog::{ObjectId, Policy};

pub fn create(id: &ObjectId, policy: &Policy) -> String {
    let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    let roles: Vec<String> =
        policy.roles.iter().map(|role| if role == "public" { "PUBLIC".to_owned() } else { quote(role) }).collect();
    let mut text =
        format!("CREATE POLICY {} ON {} AS {kind} FOR {} TO {}", quote(&id.part), name(id), policy.command, roles.join(", "));
    if let Some(using) = &policy.using {
        text.push_str(&format!(" USING ({using})"));
    }
    if let Some(check) = &policy.check {
        text.push_str(&format!(" WITH CHECK ({check})"));
    }
    text
}
