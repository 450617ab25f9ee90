//! The page that does not exist.

use crate::api::session::missing;
use crate::components::{Empty, Heading, loaded};
use leptos::prelude::*;

#[component]
pub fn MissingPage() -> impl IntoView {
    let answer = Resource::new(|| (), |()| missing());
    view! {
        <Heading title="Not found" />
        {loaded(answer, |()| ())}
        <Empty title="Nothing stands here" text="The link may be old, or mistyped.">
            <a class="button" href="/">"To the pipeline"</a>
        </Empty>
    }
}
