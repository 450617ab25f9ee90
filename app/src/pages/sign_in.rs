//! Signing in. It leads on to the page that was asked for.

use crate::api::session::{SignIn, is_first_run};
use crate::components::{Answer, Field, Heading, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SignInPage() -> impl IntoView {
    let sign_in = ServerAction::<SignIn>::new();
    let query = use_query_map();
    let next = move || query.with(|query| query.get("next").unwrap_or_else(|| "/".to_owned()));
    let first_run = Resource::new(|| (), |()| is_first_run());
    view! {
        <div class="door">
            <Heading title="Sign in" lead="Promote database releases from one environment to the next." />
            {loaded(first_run, |first| first.then(|| view! { <Redirect path="/first-run" /> }))}
            <Answer value=sign_in.value() />
            <ActionForm action=sign_in>
                <input type="hidden" name="next" value=next />
                <Field label="E-mail" name="email" kind="email" autocomplete="username" />
                <Field label="Password" name="password" kind="password" autocomplete="current-password" />
                <button class="button button--main button--wide" type="submit" aria-busy=move || sign_in.pending().get().to_string()>
                    "Sign in"
                </button>
            </ActionForm>
            <p class="door__hint">"No account yet? The owner of this console adds people."</p>
        </div>
    }
}
