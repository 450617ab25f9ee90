//! People and their roles, for the owner.

use super::done;
use crate::api::people::{AddPerson, ChangeRole, DisablePerson, EnablePerson, people};
use crate::components::{Answer, Badge, Cards, Field, Heading, Icon, Moment, Tone, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::access::{Person, Role};

#[derive(Clone, Copy)]
struct Actions {
    role: ServerAction<ChangeRole>,
    disable: ServerAction<DisablePerson>,
    enable: ServerAction<EnablePerson>,
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    let add = ServerAction::<AddPerson>::new();
    let actions = Actions { role: ServerAction::new(), disable: ServerAction::new(), enable: ServerAction::new() };
    let (added, role) = (done(add), done(actions.role));
    let (disabled, enabled) = (done(actions.disable), done(actions.enable));
    let version = move || added.get() + role.get() + disabled.get() + enabled.get();
    let people = Resource::new(version, |_| people());
    view! {
        <Heading title="People" lead="Who may sign in, and what they may do." />
        <Answer value=actions.role.value() />
        <Answer value=actions.disable.value() />
        <Answer value=actions.enable.value() />
        {loaded(people, move |people| view! { <List people actions /> })}
        <section class="card">
            <h2>"Add a person"</h2>
            <Answer value=add.value() />
            <ActionForm action=add>
                <Field label="Name" name="name" autocomplete="off" />
                <Field label="E-mail" name="email" kind="email" autocomplete="off" />
                <div class="field">
                    <label class="field__label" for="role">"Role"</label>
                    <select class="field__input" id="role" name="role">
                        {Role::ALL.map(|role| view! { <option value=role.label()>{describe(role)}</option> }).collect_view()}
                    </select>
                </div>
                <Field label="First password" name="password" kind="password" autocomplete="new-password" hint="Hand it over in person; they change it after signing in." />
                <button class="button button--main" type="submit">"Add the person"</button>
            </ActionForm>
        </section>
    }
}

fn describe(role: Role) -> &'static str {
    match role {
        Role::Auditor => "Auditor: sees everything, changes nothing",
        Role::Admin => "Admin: previews, requests and runs promotions",
        Role::Lead => "Lead: also approves into production",
        Role::Owner => "Owner: also people, environments and policies",
    }
}

#[component]
fn List(people: Vec<Person>, actions: Actions) -> impl IntoView {
    let rows = people.into_iter().map(|person| view! { <Row person actions /> });
    let rows = rows.collect_view();
    view! {
        <Cards label="People" columns=&["Name", "E-mail", "Last signed in", "Role", "Access"]>
            {rows}
        </Cards>
    }
}

#[component]
fn Row(person: Person, actions: Actions) -> impl IntoView {
    let id = person.id.0.to_string();
    let (name, of_role) = (format!(" {}", person.name), format!(" the role of {}", person.name));
    let label = format!("Role of {}", person.name);
    let options = Role::ALL.map(|role| view! { <option value=role.label() selected=role == person.role>{role.label()}</option> });
    let own_id = id.clone();
    let access = if person.disabled {
        view! {
            <Badge tone=Tone::Danger icon=Icon::Lock text="Disabled" />
            <ActionForm action=actions.enable>
                <input type="hidden" name="person" value=id.clone() />
                <button class="button button--quiet" type="submit">"Enable"<span class="unseen">{name}</span></button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=actions.disable>
                <input type="hidden" name="person" value=id.clone() />
                <button class="button button--quiet" type="submit">"Disable"<span class="unseen">{name}</span></button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" data-label="Name">{person.name}</th>
            <td data-label="E-mail">{person.email}</td>
            <td data-label="Last signed in">
                {match person.last_sign_in {
                    Some(at) => view! { <Moment at /> }.into_any(),
                    None => "never".into_any(),
                }}
            </td>
            <td data-label="Role">
                <ActionForm action=actions.role>
                    <div class="inline">
                        <input type="hidden" name="person" value=own_id />
                        <select class="field__input" name="role" aria-label=label>{options.collect_view()}</select>
                        <button class="button button--quiet" type="submit">"Save"<span class="unseen">{of_role}</span></button>
                    </div>
                </ActionForm>
            </td>
            <td data-label="Access">{access}</td>
        </tr>
    }
}
