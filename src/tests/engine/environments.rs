use crate::harness;
use crate::world::{World, refusal};
use lockstep::engine;
use lockstep::problem::ProblemKind;
use lockstep::promotion::{BackupMode, EnvironmentInput, Policy};

#[tokio::test]
async fn a_connection_is_a_reference_and_never_a_secret() {
    let world = World::new("connection_reference").await;
    let input = EnvironmentInput {
        name: "test".to_owned(),
        label: "Test".to_owned(),
        connection: "postgresql://user:canary@host/db".to_owned(),
        policy: Policy::default(),
    };
    let refused = engine::add_environment(&world.console, &world.owner, &input).await.unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Invalid);
    assert!(!refused.to_string().contains("canary"));
    let tested = engine::test_connection(&world.console, &world.owner, &input.connection).await.unwrap_err();
    assert!(!tested.to_string().contains("canary"));
    world.close().await;
}

#[tokio::test]
async fn a_changed_policy_has_a_new_version_and_a_changed_label_has_not() {
    let world = World::new("policy_version").await;
    let database = harness::database("policy_version_target").await;
    let test = world.environment("test", &database, Policy::default()).await;
    let mut input = EnvironmentInput {
        name: test.name.clone(),
        label: "Testing".to_owned(),
        connection: test.connection.clone(),
        policy: Policy { version: 99, ..test.policy.clone() },
    };
    let version = async || engine::environments(&world.console, &world.owner).await.unwrap()[0].policy.version;
    engine::edit_environment(&world.console, &world.owner, test.id, &input).await.unwrap();
    assert_eq!(version().await, 1);
    input.policy.approvals = 2;
    engine::edit_environment(&world.console, &world.owner, test.id, &input).await.unwrap();
    assert_eq!(version().await, 2);
    let impossible = [
        Policy { protected: true, approvals: 0, ..input.policy.clone() },
        Policy { drill: true, backup: BackupMode::External, ..input.policy.clone() },
        Policy { rehearsal: true, backup: BackupMode::Touched, ..input.policy.clone() },
    ];
    for policy in impossible {
        input.policy = policy;
        let refused = engine::edit_environment(&world.console, &world.owner, test.id, &input).await;
        assert_eq!(refusal(refused).0, ProblemKind::Invalid);
    }
    world.close().await;
}

#[tokio::test]
async fn removing_an_environment_lets_its_neighbours_close_up() {
    let world = World::new("environment_ranks").await;
    let database = harness::database("environment_ranks_target").await;
    for name in ["development", "staging", "test"] {
        world.environment(name, &database, Policy::default()).await;
    }
    let all = engine::environments(&world.console, &world.owner).await.unwrap();
    engine::remove_environment(&world.console, &world.owner, all[1].id).await.unwrap();
    let left = engine::environments(&world.console, &world.owner).await.unwrap();
    let left: Vec<(i32, &str)> = left.iter().map(|one| (one.rank, one.name.as_str())).collect();
    assert_eq!(left, [(0, "development"), (1, "test")]);
    let legal = engine::pairs(&world.console, &world.owner).await.unwrap();
    assert_eq!(legal.iter().filter(|pair| pair.why_not.is_none()).count(), 1);
    world.close().await;
}
#[tokio::test]
async fn a_connection_test_names_server_client_privileges_and_pooler() {
    let world = World::new("connection_test").await;
    let database = harness::database("connection_test_target").await;
    let test = world.environment("test", &database, Policy::default()).await;
    let report = engine::test_connection(&world.console, &world.owner, &test.connection).await.unwrap();
    let found: Vec<(&str, bool)> = report.findings.iter().map(|one| (one.what.as_str(), one.good)).collect();
    assert_eq!(found, [("Server version", true), ("pg_dump", true), ("Privileges", true), ("Pooler", true)], "{report:?}");
    world.close().await;
}
