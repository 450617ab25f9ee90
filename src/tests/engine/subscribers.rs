//! Databases that take rows from a target.

use super::apply::pair;

#[tokio::test]
async fn subscribers_of_what_a_promotion_touches_are_named_and_of_nothing_else() {
    let both = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)";
    let pair = pair(&["a"], both, "INSERT INTO a VALUES (1)", "").await;
    let publications =
        "SET client_min_messages = error; CREATE PUBLICATION \"of a\" FOR TABLE a; CREATE PUBLICATION of_b FOR TABLE b";
    for database in [&pair.source, &pair.target] {
        database.exec(publications).await;
    }
    let named = async || pair.preview().await.1.warnings.join(" ");
    assert!(named().await.contains("of a") && !named().await.contains("of_b"), "{}", named().await);
    pair.source.exec("ALTER TABLE b ADD COLUMN c int").await;
    assert!(named().await.contains("of_b"), "{}", named().await);
    pair.promote().await;
    assert_eq!(named().await, "");
}
