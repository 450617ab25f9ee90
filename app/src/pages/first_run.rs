//! The first run: the one-time token, and the owner.

use crate::api::session::{CreateOwner, is_first_run};
use crate::components::{Answer, Empty, Field, Heading, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;

#[component]
pub fn FirstRunPage() -> impl IntoView {
    let first_run = Resource::new(|| (), |()| is_first_run());
    view! {
        <div class="door">
            {loaded(
                first_run,
                |first| {
                    if first {
                        view! { <CreateOwnerForm /> }.into_any()
                    } else {
                        view! {
                            <Heading title="First run" />
                            <Empty title="This console is set up" text="It has an owner already.">
                                <a class="button button--main" href="/sign-in">"Sign in"</a>
                            </Empty>
                        }
                            .into_any()
                    }
                },
            )}
        </div>
    }
}

#[component]
fn CreateOwnerForm() -> impl IntoView {
    let create = ServerAction::<CreateOwner>::new();
    view! {
        <Heading
            title="Welcome to Lockstep"
            lead="Create the owner: the person who adds people and environments. It takes a minute."
        />
        <Answer value=create.value() />
        <ActionForm action=create>
            <Field
                label="One-time token"
                name="token"
                autocomplete="off"
                hint="It was printed in the terminal when the console started."
            />
            <Field label="Your name" name="name" autocomplete="name" hint="As others will see it in approvals and in the history." />
            <Field label="E-mail" name="email" kind="email" autocomplete="username" />
            <Field
                label="Password"
                name="password"
                kind="password"
                autocomplete="new-password"
                hint="At least 8 characters; 15 or more are better. A sentence is fine."
            />
            <button class="button button--main button--wide" type="submit">"Create the owner"</button>
        </ActionForm>
    }
}
