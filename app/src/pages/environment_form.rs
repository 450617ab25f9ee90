//! Adding or editing an environment.

use crate::api::environments::{AddEnvironment, EditEnvironment};
use crate::components::{Answer, Field};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::{BackupMode, Environment, Policy};

const CAREFUL: Policy = Policy {
    version: 0,
    approvals: 1,
    protected: false,
    upstream_first: true,
    lock_timeout_ms: 3000,
    statement_timeout_ms: 600_000,
    deletes_allowed: false,
    privileges: false,
    online: false,
    triggers_off: false,
    backup: BackupMode::Full,
    drill: false,
    rehearsal: false,
};

#[component]
pub fn EnvironmentEditor(
    /// None to add one.
    environment: Option<Environment>,
) -> impl IntoView {
    match environment {
        Some(environment) => {
            let edit = ServerAction::<EditEnvironment>::new();
            let id = environment.id.0.to_string();
            let title = format!("Edit {}", environment.label);
            view! {
                <h2>{title}</h2>
                <Answer value=edit.value() />
                <ActionForm action=edit>
                    <input type="hidden" name="id" value=id />
                    <Inputs environment=Some(environment) />
                    <FormEnd text="Save" />
                </ActionForm>
            }
            .into_any()
        }
        None => {
            let add = ServerAction::<AddEnvironment>::new();
            view! {
                <section class="card">
                    <h2>"Add an environment"</h2>
                    <Answer value=add.value() />
                    <ActionForm action=add>
                        <Inputs environment=None />
                        <FormEnd text="Add the environment" />
                    </ActionForm>
                </section>
            }
            .into_any()
        }
    }
}

#[component]
fn FormEnd(text: &'static str) -> impl IntoView {
    view! {
        <div class="bar">
            <button class="button button--main" type="submit">{text}</button>
            <a class="button button--quiet" href="/environments">"Go back"</a>
        </div>
    }
}

#[component]
fn Inputs(environment: Option<Environment>) -> impl IntoView {
    let (label, name, connection, policy) = match environment {
        Some(it) => (it.label, it.name, it.connection, it.policy),
        None => (String::new(), String::new(), String::new(), CAREFUL),
    };
    view! {
        <Field label="Label" name="input[label]" value=label hint="As people read it: Production." autocomplete="off" />
        <Field label="Name" name="input[name]" value=name hint="For the command line and for confirmations, lower case: production." autocomplete="off" />
        <Field
            label="Connection"
            name="input[connection]"
            value=connection
            hint="Where the connection string is: env:DATABASE_URL or file:/run/secrets/url. The string itself is never stored."
            autocomplete="off"
        />
        <Field label="Approvals needed" name="input[approvals]" kind="number" value=policy.approvals.to_string() hint="Never counting the requester." />
        <fieldset class="ticks">
            <legend>"Policy"</legend>
            <Tick name="input[protected]" ticked=policy.protected label="Protected: only leads and owners may approve, and they type its name" />
            <Tick name="input[upstream_first]" ticked=policy.upstream_first label="A release must have succeeded in the environment before" />
            <Tick name="input[deletes_allowed]" ticked=policy.deletes_allowed label="Lookup rows that are gone from the release are deleted" />
            <Tick name="input[online]" ticked=policy.online label="Indexes are built and rules are proven after the transaction, while clients work" />
            <Tick name="input[triggers_off]" ticked=policy.triggers_off label="Triggers stay off while lookup rows are written; the user must own the tables" />
            <Tick name="input[privileges]" ticked=policy.privileges label="Privileges travel with a release; the same roles must be there" />
            <Tick name="input[drill]" ticked=policy.drill label="The backup is restored into a scratch database on the same server and compared, before anything is changed" />
            <Tick name="input[rehearsal]" ticked=policy.rehearsal label="The whole promotion is rehearsed on a scratch database restored from the backup, before anything is changed" />
        </fieldset>
        <BackupChoice chosen=policy.backup />
        <Field label="Seconds a statement waits for a lock" name="input[lock_timeout_s]" kind="number" value=(policy.lock_timeout_ms / 1000).to_string() />
        <Field
            label="Seconds a statement may take"
            name="input[statement_timeout_s]"
            kind="number"
            value=(policy.statement_timeout_ms / 1000).to_string()
        />
    }
}

#[component]
fn BackupChoice(chosen: BackupMode) -> impl IntoView {
    let options = BackupMode::ALL.map(|mode| view! { <option value=mode.name() selected=mode == chosen>{mode.label()}</option> });
    view! {
        <div class="field">
            <label class="field__label" for="backup">"Kept before each promotion"</label>
            <select class="field__input" id="backup" name="input[backup]" aria-describedby="backup-hint">{options.collect_view()}</select>
            <p class="field__hint" id="backup-hint">
                "Everything is the safe choice. With a restore point nothing is dumped: choose it only where the provider can bring the database back to any moment."
            </p>
        </div>
    }
}

#[component]
fn Tick(name: &'static str, ticked: bool, label: &'static str) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" name=name value="true" checked=ticked />
            <span>{label}</span>
        </label>
    }
}
