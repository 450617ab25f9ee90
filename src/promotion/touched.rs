//! Whose rows a promotion may change or lose: what a backup keeps where it does not keep everything.

use super::Sealed;
use crate::catalog::QName;
use crate::lookup::LookupSet;
use crate::plan::HazardKind;
use std::collections::BTreeSet;

/// The lookup tables of the release and every table that the plan may lose values of, under the names that the target has now. None when
/// a loss is tied to no table, such as an attribute that goes from a type: then no row may be left out.
pub fn touched(sealed: &Sealed, set: &LookupSet) -> Option<BTreeSet<QName>> {
    let plan = &sealed.plan;
    // The plan takes the target as if its renames had happened.
    let as_it_is = |table: &QName| {
        let renamed =
            plan.renames.iter().find(|one| one.column.is_none() && one.table.schema == table.schema && one.to == table.name);
        renamed.map_or_else(|| table.clone(), |one| one.table.clone())
    };
    let mut tables: BTreeSet<QName> = set.tables.iter().map(|lookup| as_it_is(&lookup.table)).collect();
    for hazard in plan.statements().flat_map(|statement| &statement.hazards) {
        if matches!(hazard.kind, HazardKind::DeletesData | HazardKind::RewritesTable | HazardKind::CannotBeUndone) {
            tables.insert(as_it_is(hazard.table.as_ref()?));
        }
    }
    Some(tables)
}
