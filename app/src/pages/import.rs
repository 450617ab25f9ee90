//! Lookup data from a file: it becomes a release of rows alone, and its preview comes next.

use super::{id, query};
use crate::api::environments::environments;
use crate::api::lookup_data::{ImportLookupData, import_lookup_data};
use crate::components::{Answer, Empty, Field, Heading, TextArea, loaded};
use crate::error::AppError;
use crate::forms::{LARGEST_ARCHIVE, too_large};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use lockstep::promotion::{Environment, EnvironmentId};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Blob, FormData, HtmlFormElement, SubmitEvent};

#[component]
pub fn ImportPage() -> impl IntoView {
    let params = use_params_map();
    let target = Memo::new(move |_| EnvironmentId(params.with(|params| id(&params.get("id").unwrap_or_default()))));
    let environments = Resource::new(|| (), |()| environments());
    loaded(environments, move |environments| match environments.into_iter().find(|environment| environment.id == target.get()) {
        Some(target) => view! { <Form target /> }.into_any(),
        None => view! {
            <Heading title="Import lookup data" />
            <Empty title="There is no such environment" text="Somebody may have removed it. Choose another one.">
                <a class="button" href="/promote">"Promote Release"</a>
            </Empty>
        }
        .into_any(),
    })
}

#[component]
fn Form(target: Environment) -> impl IntoView {
    let import = Action::new_local(|form: &FormData| import_lookup_data(form.clone().into()));
    let refused = RwSignal::new(None::<Result<(), AppError>>);
    let answer = Signal::derive(move || refused.get().or_else(|| import.value().get()));
    let busy = import.pending();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|form| FormData::new_with_form(form.unchecked_ref::<HtmlFormElement>()).ok());
        let Some(form) = form.filter(|_| !busy.get_untracked()) else { return };
        refused.set(is_too_large(&form).then(|| Err(too_large().into())));
        if refused.with_untracked(Option::is_none) {
            import.clear();
            import.dispatch_local(form);
        }
    };
    let (version, notes) = (query("version").get_untracked(), query("notes").get_untracked());
    let label = target.label;
    view! {
        <Heading
            title=format!("Import lookup data into {label}")
            lead="The rows of an archive become a release that changes no schema. Nothing changes before somebody has approved the preview."
        />
        <section class="card">
            <form method="post" action=ImportLookupData::PATH enctype="multipart/form-data" on:submit=submit>
                <Answer value=answer />
                <input type="hidden" name="target" value=target.id.0.to_string() />
                <Field label="Version" name="version" value=version autocomplete="off" hint="How everybody will call this release, for example fees of November." />
                <TextArea label="Notes" name="notes" value=notes hint="What is in it, in your own words." />
                <Field
                    label="Archive"
                    name="archive"
                    kind="file"
                    accept=".zip,application/zip"
                    hint=format!(
                        "The zip file that the button Export lookup data gave, or lockstep data export; up to {} MB. It holds no masked values and none that each environment keeps.",
                        LARGEST_ARCHIVE / 1024 / 1024,
                    )
                />
                <div class="bar">
                    <button class="button button--main" type="submit" aria-busy=move || busy.get().to_string()>
                        {move || if busy.get() { "Reading…" } else { "Import and preview" }}
                    </button>
                    <a class="button button--quiet" href=format!("/promote?to={}", target.id.0)>"Go back"</a>
                </div>
            </form>
        </section>
    }
}

/// The console would refuse it, after everything was sent.
fn is_too_large(form: &FormData) -> bool {
    form.get("archive").dyn_into::<Blob>().is_ok_and(|file| file.size() > LARGEST_ARCHIVE as f64)
}
