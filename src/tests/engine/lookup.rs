//! Lookup data on a real server: each case is promoted, read back, and then has nothing left to do; or is refused in words.

use super::apply::{Pair, pair};
use lockstep::catalog::{QName, Scope};
use lockstep::lookup::Mode;
use lockstep::promotion::Preview;

/// What is in both databases, then in each, and the lookup tables.
struct Case {
    name: &'static str,
    tables: &'static [&'static str],
    both: &'static str,
    source: &'static str,
    target: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "children come after their parents and go before them",
        tables: &["a_child", "b_parent"],
        both: "CREATE TABLE b_parent (id int PRIMARY KEY); CREATE TABLE a_child (id int PRIMARY KEY, parent int NOT NULL REFERENCES b_parent);",
        source: "INSERT INTO b_parent VALUES (1), (2); INSERT INTO a_child VALUES (1, 1), (2, 2)",
        target: "INSERT INTO b_parent VALUES (1), (9); INSERT INTO a_child VALUES (1, 9), (9, 9)",
    },
    Case {
        name: "a row changes that refers to rows which do not",
        tables: &["child", "parent"],
        both: "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL REFERENCES parent, name text);
               INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1, 'a'), (2, 2, 'b');",
        source: "UPDATE child SET name = 'x' WHERE id = 1",
        target: "",
    },
    Case {
        name: "tables refer to each other",
        tables: &["hen", "egg"],
        both: "CREATE TABLE hen (id int PRIMARY KEY, egg int NOT NULL); CREATE TABLE egg (id int PRIMARY KEY, hen int NOT NULL REFERENCES hen);
               ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg DEFERRABLE;",
        source: "BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO hen VALUES (1, 1), (2, 2); INSERT INTO egg VALUES (1, 1), (2, 2); COMMIT",
        target: "BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO hen VALUES (7, 7); INSERT INTO egg VALUES (7, 7); COMMIT",
    },
    Case {
        name: "tables refer to each other and neither key can be deferred",
        tables: &["hen", "egg"],
        both: "CREATE TABLE hen (id int PRIMARY KEY, egg int NOT NULL); CREATE TABLE egg (id int PRIMARY KEY, hen int NOT NULL REFERENCES hen);",
        source: "INSERT INTO hen VALUES (1, 1), (2, 2); INSERT INTO egg VALUES (1, 1), (2, 2); ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg",
        target: "INSERT INTO hen VALUES (7, 7); INSERT INTO egg VALUES (7, 7); ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg",
    },
    Case {
        name: "a tree refers to itself, in more rows than one statement takes",
        tables: &["tree"],
        both: "CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree);",
        source: "INSERT INTO tree SELECT g, nullif(g + 1, 1203) FROM generate_series(1, 1202) g",
        target: "INSERT INTO tree SELECT g, nullif(g - 1, 1999) FROM generate_series(2000, 3200) g",
    },
    Case {
        name: "unique values are swapped, in numbers that must not be NULL",
        tables: &["ranked"],
        both: "CREATE TABLE ranked (id int PRIMARY KEY, rank int NOT NULL UNIQUE CHECK (rank > 0), name text);",
        source: "INSERT INTO ranked VALUES (1, 2, 'a'), (2, 3, 'b'), (3, 1, 'c'), (4, 4, 'd')",
        target: "INSERT INTO ranked VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'x'), (5, 4, 'd')",
    },
    Case {
        name: "unique values are swapped, in texts and where NULL is allowed",
        tables: &["coded", "optional"],
        both: "CREATE TABLE coded (id int PRIMARY KEY, code text NOT NULL UNIQUE); CREATE TABLE optional (id int PRIMARY KEY, code varchar(3));
               CREATE UNIQUE INDEX ON optional (code);",
        source: "INSERT INTO coded VALUES (1, 'b'), (2, 'a'); INSERT INTO optional VALUES (1, 'b'), (2, 'a')",
        target: "INSERT INTO coded VALUES (1, 'a'), (2, 'b'); INSERT INTO optional VALUES (1, 'a'), (2, 'b')",
    },
    Case {
        name: "identity always, generated columns and sequences",
        tables: &["numbered", "serial", "shared"],
        both: "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, price int, twice int GENERATED ALWAYS AS (price * 2) STORED);
               CREATE TABLE serial (id serial PRIMARY KEY, name text); CREATE SEQUENCE one; CREATE TABLE shared (id int DEFAULT nextval('one') PRIMARY KEY);",
        source: "INSERT INTO numbered (price) VALUES (1), (2), (3); INSERT INTO serial (name) VALUES ('a'), ('b'); INSERT INTO shared VALUES (40)",
        target: "INSERT INTO numbered (price) VALUES (5)",
    },
    Case {
        name: "NULL stays beside the empty text, and odd texts stay as they are",
        tables: &["odd"],
        both: "CREATE TABLE odd (id int PRIMARY KEY, t text);",
        source: r"INSERT INTO odd VALUES (1, NULL), (2, ''), (3, E'a\tb\nc\\N'), (4, '''; DROP TABLE odd; --'), (5, E'\\N'), (6, '$rows$ % é 💶'), (7, E'\r\b\f')",
        target: "INSERT INTO odd VALUES (1, ''), (2, NULL)",
    },
    Case {
        name: "every type comes through",
        tables: &["typed"],
        both: "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN short AS text CHECK (length(value) < 9); CREATE TYPE pair AS (a int, b text);
               CREATE TABLE typed (id uuid PRIMARY KEY, n numeric(10, 2), f float8, ts timestamptz, d date, i interval, b bytea, j json, jb jsonb, a text[], m mood,
                 ms mood[], s short, p pair, r int4range, bits bit(3), c char(5), net inet, flag bool, x xml, money numeric, v tsvector);",
        source: r#"INSERT INTO typed VALUES ('00000000-0000-0000-0000-000000000001', 1.5, 'NaN', '2024-02-29 12:00+05', '2024-01-01', '1 day 24:00', '\x00ff', '{"b":1, "a":2}',
                 '{"b":1, "a":2}', '[2:3]={NULL,"a,b"}', 'happy', '{sad,happy}', 'hello', '(1,"x y")', '[1,5)', '101', 'ab', '10.0.0.0/8', true, '<a/>', 1.00, 'a:1 b:2'),
                 ('00000000-0000-0000-0000-000000000002', NULL, '-0', 'infinity', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, NULL, 'empty', NULL, '', NULL, false, NULL, 1.0, NULL)"#,
        target: "INSERT INTO typed (id, f, j, c, money) VALUES ('00000000-0000-0000-0000-000000000001', 0, '{\"b\":1,\"a\":2}', 'ab ', 1.0), ('00000000-0000-0000-0000-000000000002', 'infinity', NULL, 'a', 1.00)",
    },
    Case {
        name: "keys that differ by case only, keys of several columns, names that need quotes",
        tables: &["Odd \"Name\""],
        both: "CREATE TABLE \"Odd \"\"Name\"\"\" (\"Key\" text, k2 date, \"select\" text, PRIMARY KEY (k2, \"Key\"));",
        source: "INSERT INTO \"Odd \"\"Name\"\"\" VALUES ('a', '2024-01-01', 'x'), ('A', '2024-01-01', 'y'), ('é', '2024-01-01', 'z')",
        target: "INSERT INTO \"Odd \"\"Name\"\"\" VALUES ('a', '2024-01-01', 'y'), ('B', '2024-01-01', 'y')",
    },
    Case {
        name: "a column is new, with and without a default, and one has another type",
        tables: &["grown"],
        both: "CREATE TABLE grown (id int PRIMARY KEY, price int, old text);",
        source: "ALTER TABLE grown ADD COLUMN note text, ADD COLUMN level int DEFAULT 5 NOT NULL, ALTER COLUMN price TYPE numeric(10, 2), DROP COLUMN old;
                 INSERT INTO grown VALUES (1, 10, 'n', 7), (2, 20, NULL, 5), (3, 30, NULL, 1)",
        target: "INSERT INTO grown VALUES (1, 10, 'o'), (2, 21, 'o')",
    },
    Case {
        name: "a lookup table is new, with an enum value that is new as well",
        tables: &["kinds", "more"],
        both: "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE kinds (id int PRIMARY KEY, kind kind);",
        source: "BEGIN; ALTER TYPE kind ADD VALUE 'b'; COMMIT; CREATE TABLE more (id int PRIMARY KEY, name text UNIQUE); INSERT INTO kinds VALUES (1, 'b'); INSERT INTO more VALUES (1, 'x')",
        target: "INSERT INTO kinds VALUES (1, 'a')",
    },
    Case {
        name: "a new rule meets the rows of the release, not the old ones",
        tables: &["ruled", "base"],
        both: "CREATE TABLE base (id int PRIMARY KEY); CREATE TABLE ruled (id int PRIMARY KEY, base int, price int);",
        source: "INSERT INTO base VALUES (1); INSERT INTO ruled VALUES (1, 1, 5), (2, 1, 6); ALTER TABLE ruled ADD FOREIGN KEY (base) REFERENCES base, ADD CHECK (price > 0)",
        target: "INSERT INTO ruled VALUES (1, 3, -5), (9, 4, -6)",
    },
    Case {
        name: "a partitioned lookup table",
        tables: &["parted"],
        both: "CREATE TABLE parted (id int PRIMARY KEY, t text) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF parted FOR VALUES FROM (0) TO (10);
               CREATE TABLE high PARTITION OF parted DEFAULT;",
        source: "INSERT INTO parted VALUES (1, 'a'), (2, 'b'), (20, 'c')",
        target: "INSERT INTO parted VALUES (1, 'x'), (30, 'c')",
    },
];

async fn made(case: &Case) -> Pair {
    pair(case.tables, case.both, case.source, case.target).await
}

#[tokio::test]
async fn every_case_is_promoted_and_has_nothing_left_to_do() {
    for case in CASES {
        let pair = made(case).await;
        println!("case: {}", case.name);
        pair.promote().await;
        for table in case.tables {
            let rows = format!("SELECT to_jsonb(t)::text FROM {} AS t", QName::new("public", *table));
            let (mut wanted, mut there) = (pair.source.column(&rows).await, pair.target.column(&rows).await);
            wanted.sort();
            there.sort();
            assert_eq!(there, wanted, "{}: {table}", case.name);
        }
    }
}

#[tokio::test]
async fn a_sequence_is_moved_past_the_rows_and_never_back() {
    let pair = pair(
        &["numbered"],
        "CREATE TABLE numbered (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text);",
        "INSERT INTO numbered VALUES (41, 'a')",
        "",
    )
    .await;
    pair.promote().await;
    pair.target
        .exec("INSERT INTO numbered (name) VALUES ('mine'); SELECT setval(pg_get_serial_sequence('numbered', 'id'), 90)")
        .await;
    pair.source.exec("INSERT INTO numbered VALUES (42, 'mine'), (50, 'b')").await;
    pair.promote_as(2).await;
    pair.target.exec("INSERT INTO numbered (name) VALUES ('next')").await;
    assert_eq!(pair.target.column("SELECT id FROM numbered ORDER BY id").await, ["41", "42", "50", "91"]);
}

async fn blockers(pair: &Pair) -> String {
    let (_, preview): (_, Preview) = pair.preview().await;
    preview.blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_cannot_be_synced_is_refused_in_words() {
    const T: &str = "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL);";
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "",
            "CREATE TABLE t (id bigint PRIMARY KEY); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (id uuid PRIMARY KEY)",
            "key column id is bigint",
        ),
        (
            "",
            "CREATE TABLE t (id int PRIMARY KEY, b int)",
            "CREATE TABLE t (id int, b int PRIMARY KEY)",
            "key is (id) in the release and (b)",
        ),
        ("", "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", "CREATE TABLE t (id int)", "no primary key"),
        (
            T,
            "INSERT INTO t VALUES (1, 'a')",
            "INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE TABLE sale (t int REFERENCES t); INSERT INTO sale VALUES (2), (2)",
            "2 rows of public.sale refer",
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, day date NOT NULL UNIQUE);",
            "INSERT INTO t VALUES (1, '2024-01-02'), (2, '2024-01-01')",
            "INSERT INTO t VALUES (1, '2024-01-01'), (2, '2024-01-02')",
            "exchange values of (day)",
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);",
            "INSERT INTO t VALUES (1)",
            "INSERT INTO t (id, n) OVERRIDING SYSTEM VALUE VALUES (1, 50)",
            "numbered by PostgreSQL",
        ),
    ];
    for (both, source, target, words) in cases {
        let pair = pair(&["t"], both, source, target).await;
        let text = blockers(&pair).await;
        assert!(text.contains(words), "{words} is missing in: {text}");
    }
}

#[tokio::test]
async fn rows_that_the_mode_or_the_policy_protects_stay_and_are_counted() {
    const BOTH: &str = "CREATE TABLE t (id int PRIMARY KEY, name text);";
    const SOURCE: &str = "INSERT INTO t VALUES (1, 'a'), (2, 'b')";
    const TARGET: &str = "INSERT INTO t VALUES (1, 'mine'), (3, 'extra')";
    for (mode, deletes, rows, kept) in [
        (Mode::Mirror, true, "1a 2b", 0),
        (Mode::Mirror, false, "1a 2b 3extra", 1),
        (Mode::AddAndUpdate, true, "1a 2b 3extra", 1),
        (Mode::AddOnly, true, "1mine 2b 3extra", 2),
    ] {
        let mut pair = pair(&["t"], BOTH, SOURCE, TARGET).await;
        pair.set.tables[0].mode = mode;
        pair.policy.deletes_allowed = deletes;
        let (_, preview) = pair.preview().await;
        assert_eq!(preview.sealed.lookup[0].kept, kept, "{mode:?}");
        pair.promote().await;
        assert_eq!(pair.target.column("SELECT string_agg(id || name, ' ' ORDER BY id) FROM t").await, [rows], "{mode:?}");
    }
}

#[tokio::test]
async fn ignored_columns_are_not_compared_and_not_written_on_update() {
    let mut pair = pair(
        &["t"],
        "CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz DEFAULT now());
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $$;
         CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();",
        "INSERT INTO t VALUES (1, 'a', '2020-01-01'), (2, 'b', '2020-01-01')",
        "INSERT INTO t VALUES (1, 'old', '2021-01-01'), (2, 'b', '2021-01-01')",
    )
    .await;
    pair.set.tables[0].ignored = vec!["at".to_owned()];
    let (_, preview) = pair.preview().await;
    assert_eq!(preview.sealed.lookup[0].updates.len(), 1);
    pair.promote().await;
    assert_eq!(pair.target.column("SELECT at::date FROM t WHERE id = 2").await, ["2021-01-01"]);
}

#[tokio::test]
async fn rows_that_row_security_hides_are_a_refusal_and_never_deletes() {
    let pair =
        pair(&["t"], "CREATE TABLE t (id int PRIMARY KEY);", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1), (2)").await;
    let role = format!("reader_{}", std::process::id());
    pair.target
        .exec(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT SELECT ON t TO {role};
             ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY only_one ON t USING (id = 1)"
        ))
        .await;
    let url = pair.target.target_as(&role, "reader");
    let problem = lockstep::engine::target::preview::hold(&url, &pair.set, Scope::default()).await.unwrap_err();
    assert!(problem.cause.contains("Row security hides rows"), "{problem}");
}

#[tokio::test]
async fn rows_are_paired_whatever_the_order_of_the_columns() {
    let pair = pair(
        &["t"],
        "",
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text);
         INSERT INTO t SELECT g, 'a' || g, NULLIF('b' || g, 'b4') FROM generate_series(1, 50) AS g",
        "CREATE TABLE t (b text, a text, id int PRIMARY KEY);
         INSERT INTO t SELECT NULLIF('b' || g, 'b4'), 'a' || g, g FROM generate_series(1, 50) AS g;
         UPDATE t SET a = b, b = a WHERE id = 7; INSERT INTO t VALUES ('b', 'a', 99)",
    )
    .await;
    let (_, preview) = pair.preview().await;
    let changes = &preview.sealed.lookup[0];
    assert_eq!((changes.inserts.len(), changes.updates.len(), changes.deletes.len()), (0, 1, 1), "{changes:?}");
    pair.promote().await;
    let rows = "SELECT concat_ws(' ', id, a, b) FROM t ORDER BY id";
    assert_eq!(pair.target.column(rows).await, pair.source.column(rows).await);
}
