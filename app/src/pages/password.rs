//! One's own password.

use super::{FrameContext, query};
use crate::api::session::ChangePassword;
use crate::components::{Answer, Field, Heading, Icon, Sign, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::components::Redirect;

#[component]
pub fn PasswordPage() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let changed = query("changed");
    let FrameContext(frame) = expect_context();
    view! {
        {loaded(frame, |frame| frame.person.is_none().then(|| view! { <Redirect path="/sign-in?next=/password" /> }))}
        <div class="door">
            <Heading title="Change password" lead="Your other sessions end; this one stays." />
            <Show when=move || !changed.get().is_empty()>
                <p class="ok" role="status"><Sign icon=Icon::Check />"Your password was changed."</p>
            </Show>
            <Answer value=change.value() />
            <ActionForm action=change>
                <Field label="Present password" name="old" kind="password" autocomplete="current-password" />
                <Field
                    label="New password"
                    name="new"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 8 characters; 15 or more are better. A sentence is fine."
                />
                <button class="button button--main button--wide" type="submit">"Change password"</button>
            </ActionForm>
        </div>
    }
}
