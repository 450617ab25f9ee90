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
    let mut tables: BTreeSet<QName> = set.tables.iter().map(|lookup| plan.name_now(&lookup.table)).collect();
    for hazard in plan.statements().flat_map(|statement| &statement.hazards) {
        if matches!(hazard.kind, HazardKind::DeletesData | HazardKind::RewritesTable | HazardKind::CannotBeUndone) {
            tables.insert(plan.name_now(hazard.table.as_ref()?));
        }
    }
    Some(tables)
}
