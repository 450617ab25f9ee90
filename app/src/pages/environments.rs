//! Environments, for the owner: connections, policies, and the lookup set of the pipeline.

use super::environment_form::EnvironmentEditor;
use super::lookup_set::LookupSetTab;
use super::{done, may, query};
use crate::api::environments::{
    AcceptOfferedEnvironments, RemoveEnvironment, environments, offered_environments, test_connection,
};
use crate::components::{Answer, Badge, Empty, Heading, Icon, Sign, Tab, Tabs, Tone, loaded};
use crate::words::count;
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::access::Action;
use lockstep::promotion::{ConnectionReport, Environment};

#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    let remove = ServerAction::<RemoveEnvironment>::new();
    let removed = done(remove);
    let tab = query("tab");
    let chosen = Memo::new(move |_| tab.with(|tab| if tab.is_empty() { "environments".to_owned() } else { tab.clone() }));
    let environments = Resource::new(move || removed.get(), |_| environments());
    let add = query("add");
    view! {
        <Heading title="Environments" lead="The databases of the pipeline, in the order in which a release passes them.">
            <a class="button button--main" href="/environments?add=1"><Sign icon=Icon::Plus />"Add an environment"</a>
        </Heading>
        <Tabs
            tabs=vec![Tab::new("environments", "Environments"), Tab::new("lookup", "Lookup set")]
            chosen
            base="/environments?"
        />
        {move || {
            if chosen.with(|chosen| chosen == "lookup") {
                view! { <LookupSetTab /> }.into_any()
            } else if !add.get().is_empty() {
                view! { <EnvironmentEditor environment=None /> }.into_any()
            } else {
                view! {
                    <Answer value=remove.value() />
                    <Suspense>
                        {move || Suspend::new(async move { may(Action::Administer).await.then(|| view! { <Offered /> }) })}
                    </Suspense>
                    {loaded(environments, move |environments| view! { <List environments remove /> })}
                }
                    .into_any()
            }
        }}
    }
}

/// Databases that the console's own process environment names.
#[component]
pub fn Offered() -> impl IntoView {
    let accept = ServerAction::<AcceptOfferedEnvironments>::new();
    let accepted = done(accept);
    let offered = Resource::new(move || accepted.get(), |_| offered_environments());
    loaded(offered, move |names| {
        (!names.is_empty()).then(|| {
            view! {
                <section class="card">
                    <h2>"Found in the console's surroundings"</h2>
                    <p>{format!("{} can be set up at once: {}.", count(names.len() as u64, "environment"), names.join(", "))}</p>
                    <Answer value=accept.value() />
                    <ActionForm action=accept>
                        <button class="button button--main" type="submit">"Set them up"</button>
                    </ActionForm>
                </section>
            }
        })
    })
}

#[component]
fn List(environments: Vec<Environment>, remove: ServerAction<RemoveEnvironment>) -> impl IntoView {
    if environments.is_empty() {
        return view! { <Empty title="No environments yet" text="Add development first, then where its releases go." /> }
            .into_any();
    }
    let edit = query("edit");
    let items = environments.into_iter().map(|environment| {
        let held = StoredValue::new(environment);
        let edited = move || edit.with(|edit| *edit == held.with_value(|environment| environment.id.0.to_string()));
        view! {
            <li class="card">
                {move || {
                    let environment = held.get_value();
                    if edited() {
                        view! { <EnvironmentEditor environment=Some(environment) /> }.into_any()
                    } else {
                        view! { <Facts environment remove /> }.into_any()
                    }
                }}
            </li>
        }
    });
    view! { <ul class="stack">{items.collect_view()}</ul> }.into_any()
}

#[component]
fn Facts(environment: Environment, remove: ServerAction<RemoveEnvironment>) -> impl IntoView {
    let id = environment.id.0.to_string();
    let policy = environment.policy;
    let test = query("test");
    let tested = {
        let id = id.clone();
        Memo::new(move |_| test.with(|test| *test == id))
    };
    let connection = StoredValue::new(environment.connection.clone());
    let removing = query("remove");
    let asked = {
        let id = id.clone();
        Memo::new(move |_| removing.with(|removing| *removing == id))
    };
    let held = StoredValue::new(id.clone());
    let label = environment.label.clone();
    view! {
        <h2>{environment.label} {policy.protected.then(|| view! { <Badge icon=Icon::Lock text="Protected" /> })}</h2>
        <dl class="facts__list">
            <dt>"Name"</dt>
            <dd><code>{environment.name}</code></dd>
            <dt>"Connection"</dt>
            <dd><code>{environment.connection}</code> {environment.host.map(|host| format!(" · {host}"))}</dd>
            <dt>"Approvals"</dt>
            <dd>{format!("{} by a {} or higher", count(policy.approvals.into(), "approval"), policy.approver().label())}</dd>
            <dt>"Order"</dt>
            <dd>{if policy.upstream_first { "A release must have succeeded in the environment before." } else { "Any frozen release may come." }}</dd>
            <dt>"Lookup rows"</dt>
            <dd>{if policy.deletes_allowed { "Rows that are gone from the release are deleted." } else { "Rows are never deleted." }}</dd>
            <dt>"Triggers"</dt>
            <dd>{if policy.triggers_off { "They stay off while lookup rows are written." } else { "They fire when lookup rows are written." }}</dd>
            <dt>"Privileges"</dt>
            <dd>{if policy.privileges { "They travel with a release." } else { "They are left alone." }}</dd>
            <dt>"Backup"</dt>
            <dd>{format!("{}.", policy.backup.label())}{policy.drill.then_some(" It is restored into a scratch database and compared.")}</dd>
            <dt>"Rehearsal"</dt>
            <dd>{if policy.rehearsal { "The whole promotion is rehearsed on a scratch database first." } else { "There is none." }}</dd>
        </dl>
        <div class="bar">
            <a class="button" href=format!("/environments?edit={id}")>"Edit"<span class="unseen">{format!(" {label}")}</span></a>
            <a class="button" href=format!("/environments?test={id}")>"Test the connection"<span class="unseen">{format!(" of {label}")}</span></a>
            <a class="button" href=format!("/environments/{id}/lookup-data.zip") download="" rel="external">"Export lookup data"<span class="unseen">{format!(" of {label}")}</span></a>
            <a class="button" href=format!("/environments/{id}/import")>"Import lookup data"<span class="unseen">{format!(" into {label}")}</span></a>
            <a class="button button--quiet" href=format!("/environments?remove={id}")>"Remove"<span class="unseen">{format!(" {label}")}</span></a>
        </div>
        {move || tested.get().then(|| view! { <ConnectionTest reference=connection.get_value() /> })}
        {move || {
            asked
                .get()
                .then(|| {
                    view! {
                        <ActionForm action=remove>
                            <p>"Its database stays as it is. Environments that a promotion names cannot be removed."</p>
                            <input type="hidden" name="id" value=held.get_value() />
                            <button class="button button--danger" type="submit">"Remove it from the pipeline"</button>
                        </ActionForm>
                    }
                })
        }}
    }
}

#[component]
fn ConnectionTest(reference: String) -> impl IntoView {
    let report = Resource::new(move || reference.clone(), test_connection);
    loaded(report, |report: ConnectionReport| {
        let findings = report.findings.into_iter().map(|finding| {
            let (tone, icon) = if finding.good { (Tone::Good, Icon::Check) } else { (Tone::Danger, Icon::Cross) };
            view! { <li class="check"><Badge tone icon text=finding.what /> <p>{finding.text}</p></li> }
        });
        view! { <ul class="bare" role="status">{findings.collect_view()}</ul> }
    })
}
