use crate::world::{IP, PASSWORD, World, refusal};
use lockstep::access::{Actor, PersonId, Role};
use lockstep::engine;
use lockstep::lookup::LookupSet;
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{
    Decision, EnvironmentId, EnvironmentInput, HistoryFilter, Policy, PromotionId, Proposal, ReleaseId, RowsWanted, RunId,
};
use uuid::Uuid;

/// Every use-case that takes an actor, with ids that name nothing: who may not do it is refused before anything is looked up.
async fn attempts(world: &World, actor: &Actor) -> Vec<(&'static str, Role, Result<(), Problem>)> {
    let console = &world.console;
    let nil = Uuid::nil();
    let (person, environment, promotion) = (PersonId(nil), EnvironmentId(nil), PromotionId(nil));
    let proposal = Proposal::new(ReleaseId(nil), environment);
    let input = EnvironmentInput {
        name: "Not a name".to_owned(),
        label: "Nothing".to_owned(),
        connection: "env:NOTHING".to_owned(),
        policy: Policy::default(),
    };
    macro_rules! tried {
        ($least:ident, $name:ident($($argument:expr),*)) => {
            (stringify!($name), Role::$least, engine::$name(console, actor, $($argument),*).await.map(|_| ()))
        };
    }
    vec![
        tried!(Auditor, environments()),
        tried!(Auditor, lookup_set()),
        tried!(Auditor, pipeline()),
        tried!(Auditor, pairs()),
        tried!(Auditor, releases(None)),
        tried!(Auditor, inbox()),
        tried!(Auditor, history(&HistoryFilter::default())),
        tried!(Auditor, audit(0)),
        tried!(Auditor, verify_audit()),
        tried!(Auditor, evidence(promotion)),
        tried!(Auditor, promotion(promotion)),
        tried!(Auditor, promotion_lookup(promotion, &RowsWanted::default())),
        tried!(Auditor, promotion_rows_csv(promotion, &RowsWanted::default())),
        tried!(Auditor, promotion_sql(promotion)),
        tried!(Auditor, watch_run(RunId(nil), 0)),
        tried!(Auditor, sign_out()),
        tried!(Admin, freeze(environment, "1", "")),
        tried!(Admin, preview(&proposal)),
        tried!(Admin, preview_lookup(&proposal, &RowsWanted::default())),
        tried!(Admin, preview_rows_csv(&proposal, &RowsWanted::default())),
        tried!(Admin, request(&proposal, "", &[], "")),
        tried!(Admin, decide(promotion, "", Decision::Approve, "", "")),
        tried!(Admin, start_run(promotion)),
        tried!(Admin, cancel(promotion)),
        tried!(Auditor, in_database(promotion)),
        tried!(Lead, settle(promotion, "Looked at it.")),
        tried!(Admin, undo_promotion(promotion, "1", "")),
        tried!(Admin, restore_promotion(promotion, "1", "")),
        tried!(Admin, undo_rows(promotion, &[], "1", "")),
        tried!(Owner, people()),
        tried!(Owner, add_person("x", "no address", Role::Owner, "")),
        tried!(Owner, change_role(person, Role::Owner)),
        tried!(Owner, disable_person(person)),
        tried!(Owner, enable_person(person)),
        tried!(Owner, add_environment(&input)),
        tried!(Owner, edit_environment(environment, &input)),
        tried!(Owner, remove_environment(environment)),
        tried!(Owner, test_connection("env:LOCKSTEP_TESTS_NOTHING")),
        tried!(Owner, offered_environments()),
        tried!(Owner, edit_lookup_set(&LookupSet::default())),
    ]
}

#[tokio::test]
async fn every_use_case_is_refused_below_its_role_and_reached_from_it_on() {
    let world = World::new("roles").await;
    for role in Role::ALL {
        let actor = if role == Role::Owner { world.owner.clone() } else { world.person(role.label(), role).await };
        for (name, least, result) in attempts(&world, &actor).await {
            let refused = result.as_ref().is_err_and(|problem| problem.kind == ProblemKind::Forbidden);
            assert_eq!(refused, role < least, "{name} as {}: {result:?}", role.label());
            if let Err(problem) = result {
                let expected = [ProblemKind::Forbidden, ProblemKind::NotFound, ProblemKind::Invalid];
                assert!(expected.contains(&problem.kind), "{name} as {}: {problem:?}", role.label());
            }
        }
    }
    world.close().await;
}

#[tokio::test]
async fn a_role_is_only_what_the_store_says_now() {
    let world = World::new("roles_now").await;
    let ada = world.person("Ada", Role::Admin).await;
    engine::change_role(&world.console, &world.owner, ada.id, Role::Auditor).await.unwrap();
    let ada = engine::actor(&world.console, ada.id, IP).await.unwrap().unwrap();
    let refused = engine::add_person(&world.console, &ada, "Eve", "eve@example.org", Role::Owner, PASSWORD).await;
    assert_eq!(refusal(refused).0, ProblemKind::Forbidden);
    world.close().await;
}
