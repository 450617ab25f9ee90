//! A whole promotion taken back: the target is what it was, and the way forward again is open.

use crate::harness::Database;
use crate::trio::{Trio, proposal};
use crate::world::refusal;
use lockstep::catalog::QName;
use lockstep::engine;
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Outcome, PromotionId, Proposal};

async fn contents(database: &Database) -> Vec<String> {
    let mut all = database.column("SELECT to_jsonb(fees)::text FROM fees ORDER BY id").await;
    all.push(database.catalog().await.fingerprint().0);
    all
}

async fn succeeds(trio: &Trio, promotion: PromotionId) {
    trio.approve(promotion).await;
    let view = trio.run(promotion).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
}

async fn undo(trio: &Trio, promotion: PromotionId, version: &str) -> Proposal {
    engine::undo_promotion(&trio.world.console, &trio.ada, promotion, version, "It was too early").await.unwrap()
}

async fn undone(trio: &Trio) -> Vec<bool> {
    let all = engine::history(&trio.world.console, &trio.ada, &lockstep::promotion::HistoryFilter::default()).await.unwrap();
    all.items.iter().map(|one| one.undone).collect()
}

#[tokio::test]
async fn a_promotion_goes_back_as_a_whole_and_comes_again() {
    let trio = Trio::new("undone").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    trio.test_database.exec("CREATE TABLE drift (a int); INSERT INTO fees VALUES (9, 'gone', 9)").await;
    let before = contents(&trio.test_database).await;
    let release = trio.freeze("1").await;
    let first = trio.request(release, &trio.test).await;
    succeeds(&trio, first).await;
    let after = contents(&trio.test_database).await;
    assert_ne!(before, after);

    let back = undo(&trio, first, "1 undo").await;
    let elsewhere = trio.draft(back.release, &trio.production).await.preview.blockers;
    assert!(elsewhere[0].what.contains("takes a promotion into another environment back"), "{elsewhere:?}");
    let second = trio.propose(&back).await;
    succeeds(&trio, second).await;
    assert_eq!(contents(&trio.test_database).await, before);
    assert_eq!(undone(&trio).await, [false, true]);
    let may_go_on = engine::releases(console, &trio.ada, Some(trio.production.id)).await.unwrap();
    assert!(may_go_on.is_empty(), "what was taken back has not passed: {may_go_on:?}");

    let (kind, what) = refusal(engine::undo_promotion(console, &trio.ada, first, "again", "").await);
    assert_eq!((kind, what.as_str()), (ProblemKind::Conflict, "1 is not the last release that was promoted into Test."));
    let third = trio.propose(&undo(&trio, second, "1 redo").await).await;
    succeeds(&trio, third).await;
    assert_eq!(contents(&trio.test_database).await, after);
    assert_eq!(undone(&trio).await, [false, true, false]);
    let may_go_on = engine::releases(console, &trio.ada, Some(trio.production.id)).await.unwrap();
    assert_eq!(may_go_on.iter().map(|one| one.id).collect::<Vec<_>>(), [release]);
    trio.world.close().await;
}

#[tokio::test]
async fn the_preview_of_an_undo_says_what_is_lost_on_either_way() {
    let trio = Trio::new("undo_losses").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    trio.development_database
        .exec("ALTER TABLE sales DROP COLUMN amount; CREATE TABLE visits (id int); ALTER TABLE sales RENAME fee TO charge")
        .await;
    let renames = vec!["public.sales.fee=charge".parse().unwrap()];
    let before = contents(&trio.test_database).await;
    let first = trio.propose(&Proposal { renames, ..proposal(trio.freeze("1").await, &trio.test) }).await;
    succeeds(&trio, first).await;
    trio.test_database
        .exec("INSERT INTO visits VALUES (1), (2); INSERT INTO sales (charge, note) VALUES (1, 'first'), (1, NULL)")
        .await;
    let back = undo(&trio, first, "1 undo").await;
    assert_eq!(back.renames.iter().map(ToString::to_string).collect::<Vec<_>>(), ["public.sales.charge=fee"]);
    let draft = engine::preview(console, &trio.ada, &back).await.unwrap();
    let said = draft.preview.warnings.join("\n");
    assert!(
        said.contains(
            "does not bring this back: Only the backup has the values of amount in public.sales afterwards. (which is test-"
        ),
        "{said}"
    );
    for gone in ["2 rows of public.visits", "1 value of note in public.sales"] {
        assert!(said.contains(&format!("Written since 1, and gone with its undo: {gone}.")), "{said}");
    }
    let second = trio.propose(&back).await;
    succeeds(&trio, second).await;
    assert_eq!(contents(&trio.test_database).await, before);
    trio.world.close().await;
}

#[tokio::test]
async fn rows_of_tables_that_came_and_columns_that_went_are_taken_back_as_far_as_they_can_be() {
    let trio = Trio::new("undo_shapes").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    trio.test_database.exec("ALTER TABLE fees ADD COLUMN hint text; UPDATE fees SET hint = 'as ' || name").await;
    trio.development_database.exec("CREATE TABLE kinds (id int PRIMARY KEY, name text); INSERT INTO kinds VALUES (1, 'monthly'); ALTER TABLE fees ADD COLUMN kind int REFERENCES kinds; UPDATE fees SET kind = 1").await;
    let table = |name| LookupTable::new(QName::new("public", name), Mode::Mirror);
    engine::edit_lookup_set(console, &trio.world.owner, &LookupSet { tables: vec![table("kinds"), table("fees")] })
        .await
        .unwrap();
    let schema = trio.test_database.catalog().await.fingerprint();
    let first = trio.request(trio.freeze("1").await, &trio.test).await;
    succeeds(&trio, first).await;
    let second = trio.propose(&undo(&trio, first, "1 undo").await).await;
    succeeds(&trio, second).await;
    assert_eq!(trio.test_database.catalog().await.fingerprint(), schema);
    let rows =
        trio.test_database.column("SELECT concat_ws(' ', id, name, cents, coalesce(hint, 'empty')) FROM fees ORDER BY id").await;
    assert_eq!(rows, ["1 low 10 empty", "2 old 80 empty"]);
    trio.world.close().await;
}
