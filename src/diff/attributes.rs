//! The attributes of an object that differ, in words. Short values are told, before and after; of long ones only that they differ: the
//! preview shows both in full.

use crate::catalog::{
    Collation, Column, Composite, Constraint, DefaultPrivileges, Domain, Extension, ForeignDataWrapper, ForeignOptions,
    ForeignServer, Function, Grant, GrantTo, Identity, Index, NotNull, Object, Policy, Sequence, SequenceOptions, Table, Trigger,
    View,
};

/// What is longer than this is not repeated in a sentence.
const SHORT: usize = 60;

/// Name of the attribute, before, after.
type Pair = (&'static str, String, String);

/// Of objects other than tables; empty when they are equal.
pub(super) fn object(before: &Object, after: &Object) -> String {
    let pairs = match (before, after) {
        (Object::Extension(a), Object::Extension(b)) => extension(a, b),
        (Object::Collation(a), Object::Collation(b)) => collation(a, b),
        (Object::Enum(a), Object::Enum(b)) => vec![("values", a.labels.join(", "), b.labels.join(", "))],
        (Object::Domain(a), Object::Domain(b)) => domain(a, b),
        (Object::Composite(a), Object::Composite(b)) => vec![("attributes", fields(a), fields(b))],
        (Object::Sequence(a), Object::Sequence(b)) => sequence(a, b),
        (Object::Constraint(a), Object::Constraint(b)) => constraint(a, b),
        (Object::Index(a), Object::Index(b)) => index(a, b),
        (Object::View(a), Object::View(b)) => return view(a, b),
        (Object::Function(a), Object::Function(b)) => function(a, b),
        (Object::Trigger(a), Object::Trigger(b)) => trigger(a, b),
        (Object::Policy(a), Object::Policy(b)) => policy(a, b),
        (Object::Range(a), Object::Range(b)) => vec![("definition", a.definition.clone(), b.definition.clone())],
        (Object::ForeignDataWrapper(a), Object::ForeignDataWrapper(b)) => wrapper(a, b),
        (Object::ForeignServer(a), Object::ForeignServer(b)) => server(a, b),
        (Object::Privileges(a), Object::Privileges(b)) => vec![("", grants(&a.grants), grants(&b.grants))],
        (Object::DefaultPrivileges(a), Object::DefaultPrivileges(b)) => vec![("", default_grants(a), default_grants(b))],
        (Object::Plain(a), Object::Plain(b)) => vec![("definition", a.statements.join("; "), b.statements.join("; "))],
        _ => Vec::new(),
    };
    let comment = |of: &Object| of.comment().unwrap_or_default().to_owned();
    differing(pairs.into_iter().chain([("comment", comment(before), comment(after))]))
}

pub(super) fn column(old: &Column, new: &Column) -> String {
    let required = |column: &Column| if column.not_null { "required" } else { "optional" }.to_owned();
    let expression = |column: &Column| column.generated.as_ref().map(|of| of.expression.clone()).unwrap_or_default();
    let stored = |column: &Column| match &column.generated {
        Some(of) if !of.stored => "virtual".to_owned(),
        _ => String::new(),
    };
    let rule = |column: &Column| column.not_null_constraint.as_deref().map(not_null).unwrap_or_default();
    let place = |column: &Column| if column.local { "its own" } else { "inherited" }.to_owned();
    let mut pairs = vec![
        ("type", old.type_name.clone(), new.type_name.clone()),
        ("collation", name(&old.collation), name(&new.collation)),
        ("", required(old), required(new)),
        ("NOT NULL constraint", rule(old), rule(new)),
        ("default", default(&old.default), default(&new.default)),
        ("identity", when(old.identity.as_deref()), when(new.identity.as_deref())),
        ("expression", expression(old), expression(new)),
        ("storage of the expression", stored(old), stored(new)),
        ("storage", text(&old.storage), text(&new.storage)),
        ("compression", text(&old.compression), text(&new.compression)),
        ("statistics target", number(old.statistics), number(new.statistics)),
        ("options", old.options.join(", "), new.options.join(", ")),
        ("definition", place(old), place(new)),
        ("comment", text(&old.comment), text(&new.comment)),
    ];
    if let (Some(a), Some(b)) = (&old.identity, &new.identity) {
        pairs.extend(counter(&a.sequence, &b.sequence));
        pairs.push(("comment of the sequence", text(&a.comment), text(&b.comment)));
    }
    differing(pairs)
}

/// `positive NO INHERIT NOT VALID`
fn not_null(of: &NotNull) -> String {
    let words = [(of.no_inherit, " NO INHERIT"), (!of.validated, " NOT VALID")];
    let told: String = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
    let comment = of.comment.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
    format!("{}{told}{comment}", of.name)
}

/// Without the columns.
pub(super) fn table(before: &Table, after: &Table) -> String {
    let parents = |table: &Table| table.inherits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let partition =
        |table: &Table| table.partition_of.as_ref().map(|of| format!("{} {}", of.parent, of.bound)).unwrap_or_default();
    differing([
        ("unlogged", yes(before.unlogged), yes(after.unlogged)),
        ("partition key", text(&before.partition_key), text(&after.partition_key)),
        ("partition of", partition(before), partition(after)),
        ("parents", parents(before), parents(after)),
        ("options", before.options.join(", "), after.options.join(", ")),
        ("row security", yes(before.row_security), yes(after.row_security)),
        ("forced row security", yes(before.force_row_security), yes(after.force_row_security)),
        ("replica identity", before.replica_identity.clone(), after.replica_identity.clone()),
        ("clustered on", text(&before.clustered_on), text(&after.clustered_on)),
        ("type", name(&before.of_type), name(&after.of_type)),
        ("tablespace", text(&before.tablespace), text(&after.tablespace)),
        ("comment", text(&before.comment), text(&after.comment)),
    ])
}

fn differing(pairs: impl IntoIterator<Item = Pair>) -> String {
    let differ: Vec<String> = pairs.into_iter().filter(|(_, a, b)| a != b).map(|(name, a, b)| told(name, &a, &b)).collect();
    differ.join(", ")
}

fn told(name: &str, before: &str, after: &str) -> String {
    let long = |text: &str| text.chars().count() > SHORT || text.contains('\n');
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    if long(before) || long(after) {
        return format!("its {name}");
    }
    format!("{name} from {} to {}", shown(before), shown(after)).trim_start().to_owned()
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn name<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|number| number.to_string()).unwrap_or_default()
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

/// A literal without the cast that PostgreSQL prints behind it.
fn default(value: &Option<String>) -> String {
    let value = text(value);
    match value.rsplit_once("'::") {
        Some((literal, _)) if literal.strip_prefix('\'').is_some_and(|inside| !inside.replace("''", "").contains('\'')) => {
            format!("{literal}'")
        }
        _ => value,
    }
}

fn when(identity: Option<&Identity>) -> String {
    match identity {
        Some(identity) if identity.always => "always".to_owned(),
        Some(_) => "by default".to_owned(),
        None => String::new(),
    }
}

fn counter(a: &SequenceOptions, b: &SequenceOptions) -> Vec<Pair> {
    vec![
        ("number type", a.type_name.clone(), b.type_name.clone()),
        ("start", a.start.to_string(), b.start.to_string()),
        ("increment", a.increment.to_string(), b.increment.to_string()),
        ("smallest number", a.min.to_string(), b.min.to_string()),
        ("largest number", a.max.to_string(), b.max.to_string()),
        ("cache", a.cache.to_string(), b.cache.to_string()),
        ("cycle", yes(a.cycle), yes(b.cycle)),
    ]
}

fn sequence(a: &Sequence, b: &Sequence) -> Vec<Pair> {
    let owner = |of: &Sequence| of.owned_by.as_ref().map(|by| format!("{}.{}", by.table, by.column)).unwrap_or_default();
    let mut pairs = counter(&a.options, &b.options);
    pairs.extend([("unlogged", yes(a.unlogged), yes(b.unlogged)), ("owner", owner(a), owner(b))]);
    pairs
}

fn extension(a: &Extension, b: &Extension) -> Vec<Pair> {
    vec![("version", a.version.clone(), b.version.clone()), ("schema", a.schema.clone(), b.schema.clone())]
}

fn collation(a: &Collation, b: &Collation) -> Vec<Pair> {
    vec![
        ("provider", a.provider.clone(), b.provider.clone()),
        ("locale", a.locale.clone(), b.locale.clone()),
        ("deterministic", yes(a.deterministic), yes(b.deterministic)),
        ("rules", text(&a.rules), text(&b.rules)),
    ]
}

fn domain(a: &Domain, b: &Domain) -> Vec<Pair> {
    let required = |of: &Domain| if of.not_null { "required" } else { "optional" }.to_owned();
    let checks = |of: &Domain| of.checks.iter().map(|check| format!("{} {}", check.name, check.definition)).collect::<Vec<_>>();
    vec![
        ("type", a.base_type.clone(), b.base_type.clone()),
        ("collation", name(&a.collation), name(&b.collation)),
        ("", required(a), required(b)),
        ("default", default(&a.default), default(&b.default)),
        ("rules", checks(a).join(", "), checks(b).join(", ")),
    ]
}

fn fields(of: &Composite) -> String {
    of.attributes.iter().map(|field| format!("{} {}", field.name, field.type_name)).collect::<Vec<_>>().join(", ")
}

fn constraint(a: &Constraint, b: &Constraint) -> Vec<Pair> {
    let bare = |of: &Constraint| of.definition.trim_end_matches(" NOT VALID").to_owned();
    vec![("definition", bare(a), bare(b)), ("validated", yes(a.validated), yes(b.validated))]
}

/// `SELECT, UPDATE (name)`
pub(super) fn grants(list: &[Grant]) -> String {
    let one = |grant: &Grant| {
        let column = grant.column.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("{}{column}{}", grant.privilege, if grant.grantable { " with grant option" } else { "" })
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn default_grants(of: &DefaultPrivileges) -> String {
    let one = |to: &GrantTo| format!("{} to {}", grants(std::slice::from_ref(&to.grant)), to.grantee);
    of.grants.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn targets(of: &Index) -> String {
    of.statistics.iter().map(|(position, target)| format!("{target} for part {position}")).collect::<Vec<_>>().join(", ")
}

fn index(a: &Index, b: &Index) -> Vec<Pair> {
    let over = |of: &Index| of.definition.split_once(" USING ").map_or(of.definition.clone(), |(_, over)| over.to_owned());
    vec![
        ("definition", over(a), over(b)),
        ("unique", yes(a.unique), yes(b.unique)),
        ("valid", yes(a.valid), yes(b.valid)),
        ("table", a.table.to_string(), b.table.to_string()),
        ("statistics targets", targets(a), targets(b)),
        ("tablespace", text(&a.tablespace), text(&b.tablespace)),
    ]
}

fn options(of: &ForeignOptions) -> String {
    of.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

fn wrapper(a: &ForeignDataWrapper, b: &ForeignDataWrapper) -> Vec<Pair> {
    vec![
        ("handler", text(&a.handler), text(&b.handler)),
        ("validator", text(&a.validator), text(&b.validator)),
        ("options", options(&a.options), options(&b.options)),
    ]
}

fn server(a: &ForeignServer, b: &ForeignServer) -> Vec<Pair> {
    vec![
        ("foreign data wrapper", a.wrapper.clone(), b.wrapper.clone()),
        ("type", text(&a.server_type), text(&b.server_type)),
        ("version", text(&a.version), text(&b.version)),
        ("options", options(&a.options), options(&b.options)),
    ]
}

fn function(a: &Function, b: &Function) -> Vec<Pair> {
    vec![
        ("arguments", a.arguments.clone(), b.arguments.clone()),
        ("result", a.result.clone(), b.result.clone()),
        ("language", a.language.clone(), b.language.clone()),
        ("definition", a.definition.clone(), b.definition.clone()),
    ]
}

fn trigger(a: &Trigger, b: &Trigger) -> Vec<Pair> {
    let fires = |of: &Trigger| match of.enabled {
        'D' => "never",
        'R' => "on a replica",
        'A' => "always",
        _ => "as usual",
    };
    vec![("definition", a.definition.clone(), b.definition.clone()), ("fires", fires(a).to_owned(), fires(b).to_owned())]
}

fn policy(a: &Policy, b: &Policy) -> Vec<Pair> {
    let kind = |of: &Policy| if of.permissive { "permissive" } else { "restrictive" }.to_owned();
    vec![
        ("command", a.command.clone(), b.command.clone()),
        ("kind", kind(a), kind(b)),
        ("roles", a.roles.join(", "), b.roles.join(", ")),
        ("condition for reading", text(&a.using), text(&b.using)),
        ("condition for writing", text(&a.check), text(&b.check)),
    ]
}

fn view(a: &View, b: &View) -> String {
    let has = |of: &View, name: &str, type_name: &str| of.columns.iter().any(|c| c.name == name && c.type_name == type_name);
    let only = |one: &View, other: &View| {
        let names = one.columns.iter().filter(|c| !has(other, &c.name, &c.type_name)).map(|c| c.name.clone());
        names.collect::<Vec<_>>().join(", ")
    };
    let extras =
        |of: &View| of.columns.iter().map(|c| (c.name.clone(), c.default.clone(), c.comment.clone())).collect::<Vec<_>>();
    let (added, removed) = (only(b, a), only(a, b));
    let mut said = Vec::new();
    if a.query != b.query {
        said.push("its query".to_owned());
    }
    if !added.is_empty() {
        said.push(format!("with {added}"));
    }
    if !removed.is_empty() {
        said.push(format!("without {removed}"));
    }
    if said.is_empty() && extras(a) != extras(b) {
        said.push("its columns' order, defaults or comments".to_owned());
    }
    let rest = differing([
        ("filled", yes(a.populated), yes(b.populated)),
        ("options", a.options.join(", "), b.options.join(", ")),
        ("tablespace", text(&a.tablespace), text(&b.tablespace)),
        ("comment", text(&a.comment), text(&b.comment)),
    ]);
    said.extend((!rest.is_empty()).then_some(rest));
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_named_and_short_ones_told() {
        let long = "x".repeat(SHORT + 1);
        let pairs =
            [("query", long, "y".to_owned()), ("comment", String::new(), "new".to_owned()), ("same", yes(true), yes(true))];
        assert_eq!(differing(pairs), "its query, comment from none to new");
        assert_eq!(differing([("", "optional".to_owned(), "required".to_owned())]), "from optional to required");
    }

    #[test]
    fn defaults_are_told_without_their_cast() {
        for (default, told) in
            [("'en'::bpchar", "'en'"), ("now()", "now()"), ("'a'::text || 'b'::text", "'a'::text || 'b'::text")]
        {
            assert_eq!(super::default(&Some(default.to_owned())), told);
        }
    }
}
