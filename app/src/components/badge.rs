//! A short state with an icon and a text: never told by colour alone.

use super::icon::{Icon, Sign};
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Active,
    Warning,
    Danger,
}

impl Tone {
    pub fn modifier(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Active => "active",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

#[component]
pub fn Badge(#[prop(optional)] tone: Tone, icon: Icon, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class=format!("badge badge--{}", tone.modifier())>
            <Sign icon />
            {text}
        </span>
    }
}
