//! What older versions stored is still understood.

use crate::harness::database;
use crate::world;

/// A page of release rows as it was before pages were lines.
const JSON: &str = r#"[["1", null, ""], ["2", "a\tb\\N\n\r\b\u000b\f\u00e9", "(x)"]]"#;

#[tokio::test]
async fn pages_of_rows_become_lines() {
    let store = database("lines").await;
    let console = world::open(&store).await;
    let insert =
        format!("INSERT INTO release_rows VALUES (gen_random_uuid(), 0, 0, $page${JSON}$page$), (gen_random_uuid(), 0, 1, '[]')");
    store.exec(&insert).await;
    store.exec(include_str!("../../engine/store/migrations/0013_lines.sql")).await;
    let pages = store.column("SELECT content FROM release_rows ORDER BY page").await;
    assert_eq!(pages, ["1\t\\N\t\n2\ta\\tb\\\\N\\n\\r\\b\\v\\fé\t(x)\n", ""]);
    let altered = store.try_exec("UPDATE release_rows SET content = ''").await;
    assert!(altered.is_err(), "pages are frozen again");
    console.shutdown().await;
}
