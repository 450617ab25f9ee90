use crate::world::{IP, PASSWORD, World, refusal};
use lockstep::access::Role;
use lockstep::engine;
use lockstep::problem::ProblemKind;
use std::net::{IpAddr, Ipv4Addr};

#[tokio::test]
async fn the_first_run_token_works_once_and_only_while_there_is_nobody() {
    let world = World::new("first_run").await;
    assert!(!engine::first_run(&world.console).await.unwrap());
    assert_eq!(engine::first_run_token(&world.console).await.unwrap(), None);
    let second = engine::create_owner(&world.console, "guess", "Eve", "eve@example.org", PASSWORD, IP).await;
    assert_eq!(refusal(second).0, ProblemKind::Forbidden);
    assert_eq!(world.store.column("SELECT count(*) FROM first_run").await, ["0"]);
    world.close().await;
}

#[tokio::test]
async fn of_two_people_with_the_same_token_one_becomes_the_owner() {
    let store = crate::harness::database("first_run_race").await;
    let console = crate::world::open(&store).await;
    let token = engine::first_run_token(&console).await.unwrap().unwrap();
    let hashed = format!("SELECT token_hash = sha256('{token}'::bytea) FROM first_run");
    assert_eq!(store.column(&hashed).await, ["true"]);
    let (a, b) = tokio::join!(
        engine::create_owner(&console, &token, "Ada", "ada@example.org", PASSWORD, IP),
        engine::create_owner(&console, &token, "Bob", "bob@example.org", PASSWORD, IP),
    );
    assert_eq!([a.is_ok(), b.is_ok()].into_iter().filter(|ok| *ok).count(), 1);
    assert_eq!(store.column("SELECT count(*) FROM people").await, ["1"]);
    console.shutdown().await;
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_and_a_disabled_person_get_the_same_answer() {
    let world = World::new("same_answer").await;
    let ada = world.person("Ada", Role::Lead).await;
    engine::disable_person(&world.console, &world.owner, ada.id).await.unwrap();
    let mut answers = Vec::new();
    for (email, password) in
        [("nobody@example.org", PASSWORD), ("olga@example.org", "wrong password"), ("ada@example.org", PASSWORD)]
    {
        answers.push(engine::sign_in(&world.console, email, password, IP).await.unwrap_err());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[0].kind, ProblemKind::SignedOut);
    world.close().await;
}

#[tokio::test]
async fn the_eleventh_failure_is_throttled_here_and_the_victim_still_gets_in_from_elsewhere() {
    let world = World::new("throttle").await;
    for _ in 0..10 {
        let failed = engine::sign_in(&world.console, "olga@example.org", "wrong password", IP).await;
        assert_eq!(refusal(failed).0, ProblemKind::SignedOut);
    }
    let right_but_late = engine::sign_in(&world.console, "olga@example.org", PASSWORD, IP).await;
    assert_eq!(refusal(right_but_late).0, ProblemKind::Throttled);
    let elsewhere = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    let signed_in = engine::sign_in(&world.console, " Olga@Example.org ", PASSWORD, elsewhere).await.unwrap();
    assert_eq!(signed_in.id, world.owner.id);
    world.store.exec("UPDATE sign_in_failures SET at = at - interval '11 minutes'").await;
    assert!(engine::sign_in(&world.console, "olga@example.org", PASSWORD, IP).await.is_ok());
    world.close().await;
}

#[tokio::test]
async fn of_tries_at_the_same_moment_no_more_than_ten_are_judged() {
    let world = World::new("throttle_parallel").await;
    let tries = (0..30).map(|_| engine::sign_in(&world.console, "olga@example.org", "wrong password", IP));
    let answers = futures::future::join_all(tries).await;
    let judged = answers.into_iter().filter(|answer| answer.as_ref().unwrap_err().kind == ProblemKind::SignedOut).count();
    assert_eq!(judged, 10);
    world.close().await;
}

#[tokio::test]
async fn success_takes_back_its_own_try_only() {
    let world = World::new("throttle_shared").await;
    for _ in 0..60 {
        assert!(engine::sign_in(&world.console, "olga@example.org", PASSWORD, IP).await.is_ok());
    }
    assert_eq!(world.store.column("SELECT count(*) FROM sign_in_failures").await, ["0"]);
    world.close().await;
}

#[tokio::test]
async fn passwords_are_kept_as_argon2id_and_as_nothing_else() {
    let world = World::new("hashes").await;
    let hashes = world.store.column("SELECT password FROM people").await;
    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{hashes:?}");
    let weak = world.store.try_exec("UPDATE people SET password = 'plain'").await.unwrap_err();
    assert_eq!(weak.as_database_error().unwrap().code().unwrap(), "23514");
    world.close().await;
}

#[tokio::test]
async fn bad_passwords_names_and_addresses_are_refused() {
    let world = World::new("bad_input").await;
    for (name, email, password) in [
        ("Ada", "ada@example.org", "short"),
        ("Ada", "ada@example.org", "password123456789"),
        ("Ada Lovelace", "ada@example.org", "lovelace1815"),
        ("Ada", "ada@example.org", "Lockstep2026"),
        (" ", "ada@example.org", PASSWORD),
        ("Ada\r\nBcc: x", "ada@example.org", PASSWORD),
        ("Ada", "ada@example.org\r\nBcc: x", PASSWORD),
        ("Ada", "no address", PASSWORD),
    ] {
        let added = engine::add_person(&world.console, &world.owner, name, email, Role::Admin, password).await;
        assert_eq!(refusal(added).0, ProblemKind::Invalid, "{name:?} {email:?} {password:?}");
    }
    world.person("Ada", Role::Admin).await;
    let twice = engine::add_person(&world.console, &world.owner, "Ada", "ADA@example.org", Role::Admin, PASSWORD).await;
    assert_eq!(refusal(twice), (ProblemKind::Conflict, "Somebody with this e-mail address is there already.".to_owned()));
    world.close().await;
}

#[tokio::test]
async fn the_last_owner_stays_an_owner_even_when_two_remove_each_other() {
    let world = World::new("last_owner").await;
    let (console, owner) = (&world.console, &world.owner);
    assert_eq!(refusal(engine::change_role(console, owner, owner.id, Role::Admin).await).0, ProblemKind::Conflict);
    assert_eq!(refusal(engine::disable_person(console, owner, owner.id).await).0, ProblemKind::Conflict);
    let other = world.person("Otto", Role::Owner).await;
    let (a, b) = tokio::join!(
        engine::disable_person(console, owner, other.id),
        engine::change_role(console, &other, owner.id, Role::Auditor),
    );
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    assert_eq!(world.store.column("SELECT count(*) FROM people WHERE role = 'owner' AND disabled_at IS NULL").await, ["1"]);
    world.close().await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::new("password").await;
    let ada = world.person("Ada", Role::Admin).await;
    let later = std::time::Duration::from_secs(4 * 3600);
    let (mine, other) = ("a".repeat(64), "b".repeat(64));
    for id in [&mine, &other] {
        engine::session_save(&world.console, id, b"data", Some(ada.id), later).await.unwrap();
    }
    let wrong = engine::change_password(&world.console, &ada, "not the password", "another long sentence", Some(&mine)).await;
    assert_eq!(refusal(wrong).0, ProblemKind::Forbidden);
    engine::change_password(&world.console, &ada, PASSWORD, "another long sentence", Some(&mine)).await.unwrap();
    assert!(engine::session_load(&world.console, &mine).await.unwrap().is_some());
    assert!(engine::session_load(&world.console, &other).await.unwrap().is_none());
    assert!(engine::sign_in(&world.console, "ada@example.org", PASSWORD, IP).await.is_err());
    assert!(engine::sign_in(&world.console, "ada@example.org", "another long sentence", IP).await.is_ok());
    world.close().await;
}

#[tokio::test]
async fn a_disabled_person_is_nobody_at_once_and_a_changed_role_counts_at_once() {
    let world = World::new("disabled").await;
    let ada = world.person("Ada", Role::Admin).await;
    engine::change_role(&world.console, &world.owner, ada.id, Role::Lead).await.unwrap();
    assert_eq!(engine::actor(&world.console, ada.id, IP).await.unwrap().unwrap().role, Role::Lead);
    engine::disable_person(&world.console, &world.owner, ada.id).await.unwrap();
    assert_eq!(engine::actor(&world.console, ada.id, IP).await.unwrap(), None);
    engine::enable_person(&world.console, &world.owner, ada.id).await.unwrap();
    assert!(engine::actor(&world.console, ada.id, IP).await.unwrap().is_some());
    world.close().await;
}
