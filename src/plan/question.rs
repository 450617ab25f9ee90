//! What a database cannot tell: something old goes, something new of the same shape comes. Was it renamed?

use super::Rename;
use crate::catalog::{Catalog, Column, Object, ObjectId, Table};

/// So many new names are offered for one old one.
const CHOICES: usize = 5;

fn names<'a>(columns: &[&&'a Column]) -> Vec<&'a String> {
    columns.iter().map(|column| &column.name).collect()
}

/// A question that only a person can answer: was this column, or table, renamed? Asked when one goes and one of the same shape comes; of
/// tables only when there is no other choice.
pub(super) fn questions(source: &Catalog, target: &Catalog) -> Vec<Rename> {
    let mut found = Vec::new();
    for (id, object) in &target.objects {
        let (Object::Table(before), Some(after)) = (object, source.table(id)) else { continue };
        let shape = |column: &Column| (column.type_name.clone(), column.generated.is_some());
        let gone: Vec<_> =
            before.columns.iter().filter(|c| c.local && !after.columns.iter().any(|new| new.name == c.name)).collect();
        let come: Vec<_> =
            after.columns.iter().filter(|c| c.local && !before.columns.iter().any(|old| old.name == c.name)).collect();
        for old in &gone {
            let fits: Vec<_> = come.iter().filter(|new| shape(new) == shape(old)).collect();
            let like: Vec<_> = fits.iter().filter(|new| new.not_null == old.not_null && new.default == old.default).collect();
            // Where one is more like it than all others, the others are not worth a question.
            let likely = if like.len() == 1 { like.into_iter().map(|new| &new.name).collect() } else { names(&fits) };
            found.extend(likely.into_iter().take(CHOICES).map(|new| Rename {
                table: id.qname(),
                column: Some(old.name.clone()),
                to: new.clone(),
            }));
        }
    }
    let tables = |one: &'_ Catalog, other: &Catalog| -> Vec<(ObjectId, Vec<(String, String)>)> {
        let only = one.objects.iter().filter(|(id, _)| !other.objects.contains_key(*id));
        let shape = |table: &Table| {
            let mut columns: Vec<_> = table.columns.iter().map(|c| (c.name.clone(), c.type_name.clone())).collect();
            columns.sort();
            columns
        };
        only.filter_map(|(id, object)| match object {
            Object::Table(table) if table.partition_of.is_none() && !table.columns.is_empty() => Some((id.clone(), shape(table))),
            _ => None,
        })
        .collect()
    };
    let (gone, come) = (tables(target, source), tables(source, target));
    for (old, shape) in &gone {
        let rivals = gone.iter().filter(|(_, other)| other == shape).count();
        let mut fits = come.iter().filter(|(new, other)| other == shape && new.schema == old.schema);
        if let (1, Some((new, _)), None) = (rivals, fits.next(), fits.next()) {
            found.push(Rename { table: old.qname(), column: None, to: new.name.clone() });
        }
    }
    found
}
