//! A labelled field with its hint.

use leptos::prelude::*;

#[component]
pub fn Field(
    label: &'static str,
    name: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// Which files are offered first.
    #[prop(optional)]
    accept: Option<&'static str>,
    #[prop(default = true)] required: bool,
    /// Where two forms of a page have a field of the same name.
    #[prop(optional, into)]
    scope: String,
) -> impl IntoView {
    let id = format!("{scope}{}", name.replace(['[', ']'], "-"));
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {label}
                {(!required).then(|| view! { <span class="field__optional">" (optional)"</span> })}
            </label>
            <input
                class="field__input"
                id=id
                name=name
                type=kind
                value=value
                required=required
                autocomplete=autocomplete
                accept=accept
                aria-describedby=described
            />
            {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

#[component]
pub fn TextArea(
    label: &'static str,
    name: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let described = (!hint.is_empty()).then(|| hint_id.clone());
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
                {(!required).then(|| view! { <span class="field__optional">" (optional)"</span> })}
            </label>
            <textarea class="field__input" id=name name=name rows="3" required=required aria-describedby=described>
                {value}
            </textarea>
            {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
