use crate::world::{IP, World};
use lockstep::access::Role;
use lockstep::engine;

#[tokio::test]
async fn an_untouched_chain_holds_and_an_altered_row_is_named() {
    let world = World::new("audit_altered").await;
    let auditor = world.person("Aud", Role::Auditor).await;
    let text = engine::verify_audit(&world.console, &auditor).await.unwrap();
    assert!(text.starts_with("All 2 rows hold."), "{text}");
    // Only somebody who may change the table itself gets past the trigger.
    world
        .store
        .exec("ALTER TABLE audit DISABLE TRIGGER written; UPDATE audit SET object = 'eve' WHERE seq = 2; ALTER TABLE audit ENABLE TRIGGER written")
        .await;
    let text = engine::verify_audit(&world.console, &auditor).await.unwrap();
    assert_eq!(text, "The chain is broken at row 2: it was altered after it was written.");
    world.close().await;
}

#[tokio::test]
async fn rows_cut_off_at_the_end_are_missed() {
    let world = World::new("audit_cut").await;
    world.person("Ada", Role::Lead).await;
    world
        .store
        .exec("ALTER TABLE audit DISABLE TRIGGER written; DELETE FROM audit WHERE seq = 2; ALTER TABLE audit ENABLE TRIGGER written")
        .await;
    let text = engine::verify_audit(&world.console, &world.owner).await.unwrap();
    assert_eq!(text, "The chain is broken at row 2: it is missing at the end.");
    world.close().await;
}

#[tokio::test]
async fn what_was_written_once_cannot_be_changed_or_removed() {
    let world = World::new("audit_kept").await;
    for table in ["audit", "run_events", "releases", "release_contents", "approvals"] {
        for statement in [format!("DELETE FROM {table}"), format!("TRUNCATE {table} CASCADE")] {
            let refused = world.store.try_exec(&statement).await.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{statement}");
        }
    }
    let refused = world.store.try_exec("UPDATE audit SET actor = 'Eve'").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
    world.close().await;
}

#[tokio::test]
async fn appends_at_the_same_moment_keep_the_chain() {
    let world = World::new("audit_parallel").await;
    let other = world.reopen().await;
    let writes = (0..40).map(|at| engine::sign_out(if at % 2 == 0 { &world.console } else { &other }, &world.owner));
    for done in futures::future::join_all(writes).await {
        done.unwrap();
    }
    let text = engine::verify_audit(&world.console, &world.owner).await.unwrap();
    assert!(text.starts_with("All 41 rows hold."), "{text}");
    other.shutdown().await;
    world.close().await;
}

#[tokio::test]
async fn each_sign_in_and_each_refusal_has_one_row_with_address_and_result() {
    let world = World::new("audit_rows").await;
    let auditor = world.person("Aud", Role::Auditor).await;
    engine::sign_in(&world.console, "aud@example.org", crate::world::PASSWORD, IP).await.unwrap();
    engine::sign_in(&world.console, "the password typed as the address", "x", IP).await.unwrap_err();
    engine::add_person(&world.console, &auditor, "Eve", "eve@example.org", Role::Owner, crate::world::PASSWORD)
        .await
        .unwrap_err();
    let rows = engine::audit(&world.console, &world.owner, 0).await.unwrap();
    let told: Vec<String> = rows
        .items
        .iter()
        .rev()
        .map(|row| format!("{} ({}) {} on {}: {} from {}", row.actor, row.role, row.action, row.object, row.result, row.ip))
        .collect();
    assert_eq!(
        told,
        [
            "Olga Owner (owner) create the owner on olga@example.org: done from 192.0.2.1",
            "Olga Owner (owner) add a person as auditor on aud@example.org: done from 192.0.2.1",
            "Aud (auditor) sign in on console: done from 192.0.2.1",
            "somebody (auditor) sign in on console: refused: wrong e-mail address or password from 192.0.2.1",
            "Aud (auditor) add a person on people: refused: The role auditor may not do this: add a person. from 192.0.2.1",
        ]
    );
    world.close().await;
}
