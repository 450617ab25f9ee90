//! Reading a catalog: a database equals itself, and its own dump restored.

use super::harness;

const EVERYTHING: &str = include_str!("everything.sql");

#[tokio::test]
async fn two_databases_made_by_the_same_script_are_equal() {
    let (one, two) = (harness::database("one").await, harness::database("two").await);
    one.exec(EVERYTHING).await;
    two.exec(EVERYTHING).await;
    let (one, two) = (one.catalog().await, two.catalog().await);
    assert!(one.objects.len() >= 60, "{} objects", one.objects.len());
    for (id, object) in &one.objects {
        assert_eq!(Some(object), two.objects.get(id), "{id:?}");
    }
    assert_eq!(one.fingerprint(), two.fingerprint());
}
