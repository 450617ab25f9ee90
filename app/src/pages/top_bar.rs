//! The bar above every page: where to go, who is signed in, theme, sign out.

use crate::api::session::{Frame, SetTheme, SignOut};
use crate::components::{Icon, Sign};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use lockstep::access::{Action, Actor, allowed};
use web_sys::js_sys::{Function, Reflect};
use web_sys::wasm_bindgen::JsCast;

#[component]
pub fn TopBar(frame: Frame) -> impl IntoView {
    let Frame { person, turns, theme, .. } = frame;
    let signed_in = person.clone();
    view! {
        <div class="bar-top__inner">
            <a class="brand" href="/">
                <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <rect x="2" y="11" width="8" height="10" rx="2"></rect>
                    <rect x="12" y="11" width="8" height="10" rx="2"></rect>
                    <rect x="22" y="11" width="8" height="10" rx="2"></rect>
                </svg>
                "Lockstep"
            </a>
            {person.map(|person| view! { <Navigation person turns /> })}
            <ThemeForm theme />
            {signed_in.map(|person| view! { <PersonMenu person /> })}
        </div>
    }
}

#[component]
fn Navigation(person: Actor, turns: usize) -> impl IntoView {
    let path = use_location().pathname;
    let link = move |href: &'static str, label: &'static str| {
        let current = move || path.with(|path| path == href).then_some("page");
        let turns = (href == "/approvals" && turns > 0)
            .then(|| view! { <span class="nav__count">{turns}<span class="unseen">" wait for you"</span></span> });
        view! {
            <li>
                <a class="nav__link" href=href aria-current=current>
                    {label}
                    {turns}
                </a>
            </li>
        }
    };
    let owner = allowed(person.role, Action::Administer);
    view! {
        <nav class="nav" aria-label="Main">
            <ul>
                {link("/", "Pipeline")}
                {link("/approvals", "Approvals")}
                {link("/history", "History")}
                {link("/audit", "Audit")}
                {owner.then(|| view! { {link("/people", "People")} {link("/environments", "Environments")} })}
            </ul>
        </nav>
    }
}

/// Light and dark by hand, or as the system has it; kept in a cookie, so that the next page is right from its first byte.
#[component]
fn ThemeForm(theme: Option<String>) -> impl IntoView {
    let set_theme = ServerAction::<SetTheme>::new();
    let chosen = RwSignal::new(theme.unwrap_or_default());
    let system_is_dark = RwSignal::new(false);
    Effect::new(move |_| system_is_dark.set(prefers_dark()));
    let input = set_theme.input();
    Effect::new(move |_| {
        if let Some(SetTheme { theme }) = input.get() {
            chosen.set(theme);
        }
    });
    Effect::new(move |before: Option<String>| {
        let theme = chosen.get();
        if let Some(root) = before.filter(|before| *before != theme).and_then(|_| document().document_element()) {
            // The attribute's name is valid; there is nothing else that could fail.
            let _ = if theme.is_empty() { root.remove_attribute("data-theme") } else { root.set_attribute("data-theme", &theme) };
        }
        theme
    });
    let is_dark = move || chosen.with(|theme| theme == "dark" || (theme.is_empty() && system_is_dark.get()));
    let next = move || if is_dark() { "light" } else { "dark" };
    view! {
        <ActionForm action=set_theme>
            <button class="button button--quiet theme" type="submit" name="theme" value=next title="Light or dark">
                <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                    <path d="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z"></path>
                </svg>
                <span class="unseen">{move || if next() == "dark" { "Dark theme" } else { "Light theme" }}</span>
            </button>
        </ActionForm>
    }
}

/// What the system has; the browser answers, and without an answer it is light.
fn prefers_dark() -> bool {
    let answer = Reflect::get(&window(), &"matchMedia".into())
        .ok()
        .and_then(|ask| ask.dyn_into::<Function>().ok())
        .and_then(|ask| ask.call1(&window(), &"(prefers-color-scheme: dark)".into()).ok())
        .and_then(|list| Reflect::get(&list, &"matches".into()).ok());
    answer.is_some_and(|matches| matches.is_truthy())
}

#[component]
fn PersonMenu(person: Actor) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    view! {
        <details class="menu">
            <summary class="menu__summary">
                <span class="menu__name">{person.name}</span>
                <span class="menu__role">{person.role.label()}</span>
            </summary>
            <div class="menu__sheet">
                <p class="menu__mail">{person.email}</p>
                <a class="menu__item" href="/password">"Change password"</a>
                <ActionForm action=sign_out>
                    <button class="menu__item" type="submit"><Sign icon=Icon::Arrow />"Sign out"</button>
                </ActionForm>
            </div>
        </details>
    }
}
