//! Foreign data wrappers and foreign servers. Foreign tables are made anew and have no printer.

use crate::catalog::ident::{literal, quote};
use crate::catalog::{ForeignDataWrapper, ForeignOptions, ForeignServer, ObjectId};

pub fn create_wrapper(id: &ObjectId, of: &ForeignDataWrapper) -> String {
    let mut text = format!("CREATE FOREIGN DATA WRAPPER {}", quote(&id.name));
    text.extend(of.handler.iter().map(|name| format!(" HANDLER {name}")));
    text.extend(of.validator.iter().map(|name| format!(" VALIDATOR {name}")));
    text + &options(&of.options)
}

pub fn alter_wrapper(id: &ObjectId, before: &ForeignDataWrapper, after: &ForeignDataWrapper) -> Vec<String> {
    let mut parts = Vec::new();
    if before.handler != after.handler {
        parts.push(after.handler.as_ref().map_or_else(|| "NO HANDLER".to_owned(), |name| format!("HANDLER {name}")));
    }
    if before.validator != after.validator {
        parts.push(after.validator.as_ref().map_or_else(|| "NO VALIDATOR".to_owned(), |name| format!("VALIDATOR {name}")));
    }
    parts.extend(changed(&before.options, &after.options));
    (!parts.is_empty())
        .then(|| format!("ALTER FOREIGN DATA WRAPPER {} {}", quote(&id.name), parts.join(" ")))
        .into_iter()
        .collect()
}

pub fn create_server(id: &ObjectId, of: &ForeignServer) -> String {
    let mut text = format!("CREATE SERVER {}", quote(&id.name));
    text.extend(of.server_type.iter().map(|name| format!(" TYPE {}", literal(name))));
    text.extend(of.version.iter().map(|version| format!(" VERSION {}", literal(version))));
    text.push_str(&format!(" FOREIGN DATA WRAPPER {}", quote(&of.wrapper)));
    text + &options(&of.options)
}

/// In place, so that user mappings stay; the caller has made sure that wrapper and type do.
pub fn alter_server(id: &ObjectId, before: &ForeignServer, after: &ForeignServer) -> Vec<String> {
    let mut parts = Vec::new();
    if before.version != after.version {
        parts.push(after.version.as_ref().map_or_else(|| "VERSION NULL".to_owned(), |text| format!("VERSION {}", literal(text))));
    }
    parts.extend(changed(&before.options, &after.options));
    (!parts.is_empty()).then(|| format!("ALTER SERVER {} {}", quote(&id.name), parts.join(" "))).into_iter().collect()
}

fn options(of: &ForeignOptions) -> String {
    let parts: Vec<String> = of.iter().map(|(name, value)| format!("{} {}", quote(name), literal(value))).collect();
    if parts.is_empty() { String::new() } else { format!(" OPTIONS ({})", parts.join(", ")) }
}

fn changed(before: &ForeignOptions, after: &ForeignOptions) -> Option<String> {
    let gone = before.iter().filter(|(name, _)| !after.iter().any(|(other, _)| other == name));
    let mut parts: Vec<String> = gone.map(|(name, _)| format!("DROP {}", quote(name))).collect();
    for (name, value) in after.iter().filter(|option| !before.contains(option)) {
        let verb = if before.iter().any(|(other, _)| other == name) { "SET" } else { "ADD" };
        parts.push(format!("{verb} {} {}", quote(name), literal(value)));
    }
    (!parts.is_empty()).then(|| format!("OPTIONS ({})", parts.join(", ")))
}
