//! Words and signs for objects, effects and hazards.

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Icon;
use leptos::prelude::*;
use lockstep::catalog::ObjectId;
use lockstep::diff::words;
use lockstep::plan::Effect;
use lockstep::plan::hazard::{Hazard, HazardKind};
use std::collections::BTreeSet;

/// `table merchants`, `constraint merchants_pkey of merchants`: the schema that everybody uses is not named.
pub fn object_words(object: &ObjectId) -> String {
    let schema = if object.schema == "public" { String::new() } else { object.schema.clone() };
    words::object(&ObjectId { schema, ..object.clone() })
}

#[component]
pub fn EffectBadge(effect: Effect) -> impl IntoView {
    let (tone, icon, text) = match effect {
        Effect::Removed => (Tone::Danger, Icon::Minus, "Removed"),
        Effect::Changed => (Tone::Active, Icon::Edit, "Changed"),
        Effect::Added => (Tone::Good, Icon::Plus, "Added"),
    };
    view! { <Badge tone icon text /> }
}

pub fn hazard_look(kind: HazardKind) -> (Tone, Icon) {
    match kind {
        HazardKind::DeletesData => (Tone::Danger, Icon::Alert),
        HazardKind::CannotBeUndone => (Tone::Danger, Icon::Undo),
        HazardKind::MayFail => (Tone::Warning, Icon::Question),
        HazardKind::BreaksClients => (Tone::Warning, Icon::Unplugged),
        HazardKind::BlocksClients => (Tone::Warning, Icon::Lock),
        HazardKind::RewritesTable => (Tone::Warning, Icon::Clock),
        HazardKind::OutsideTransaction => (Tone::Warning, Icon::Info),
        HazardKind::NeedsSuperuser => (Tone::Warning, Icon::Users),
        HazardKind::ChangesPrivileges => (Tone::Warning, Icon::Shield),
    }
}

/// One badge per kind of hazard.
pub fn hazard_badges(hazards: &[Hazard]) -> impl IntoView + use<> {
    let kinds: BTreeSet<HazardKind> = hazards.iter().map(|hazard| hazard.kind).collect();
    let badges = kinds.into_iter().map(|kind| {
        let (tone, icon) = hazard_look(kind);
        view! { <Badge tone icon text=kind.label() /> }
    });
    badges.collect_view()
}
