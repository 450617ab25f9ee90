//! The rules of the house, as tests: what each room may know, how big a file may grow, what no file may hold.
//! They read the sources as text; a rule that cannot be read this way is not a rule here.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

struct Source {
    /// From the top of the repository, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// Without its tests, which may do what the code may not.
    fn code(&self) -> &str {
        match self.text.find("#[cfg(test)]\nmod ") {
            Some(at) => &self.text[..at],
            None => &self.text,
        }
    }

    fn under(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// Its lines with their numbers, without comments.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().lines().enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folders: &[&str], ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&top().join(folder), ending, &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            collect(&path, ending, found);
        } else if name.ends_with(ending) {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(top()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

fn rust() -> Vec<Source> {
    sources(&["src", "app/src", "server/src"], ".rs")
        .into_iter()
        .filter(|source| !["src/tests/", "src/benches/", "server/src/tests/"].iter().any(|tests| source.under(tests)))
        .collect()
}

/// Fails with one line for each place in `sources` where `bad` finds something.
fn refuse<'a>(rule: &str, sources: impl IntoIterator<Item = &'a Source>, bad: impl Fn(&Source, &str) -> bool) {
    let mut places = Vec::new();
    for source in sources {
        for (number, line) in source.lines() {
            if bad(source, line) {
                places.push(format!("  {}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(places.is_empty(), "{rule}\n{}", places.join("\n"));
}

/// The words in `line` that follow `prefix`, up to the end of the identifier.
fn named_after<'a>(line: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(prefix).filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_')).map(
        move |(at, _)| {
            let rest = &line[at + prefix.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        },
    )
}

/// Each module of the core with the modules that it may use; `problem` is open to all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("problem", &[]),
    ("access", &[]),
    ("catalog", &[]),
    ("diff", &["catalog"]),
    ("plan", &["catalog", "diff"]),
    ("lookup", &["catalog"]),
    ("release", &["catalog", "lookup"]),
    ("promotion", &["access", "catalog", "lookup", "plan", "release"]),
    ("run", &["promotion"]),
];

#[test]
fn the_core_uses_its_modules_in_one_direction() {
    for (module, may_use) in MAY_USE {
        let file = format!("src/{module}.rs");
        let folder = format!("src/{module}/");
        let sources = rust();
        let own = sources.iter().filter(|source| source.path == file || source.under(&folder));
        refuse(&format!("{module} may use {may_use:?} and nothing else of ours"), own, |_, line| {
            named_after(line, "crate::").any(|name| {
                name != *module
                    && name != "problem"
                    && !may_use.contains(&name)
                    && MAY_USE.iter().any(|(known, _)| *known == name) | (name == "engine")
            })
        });
    }
}

#[test]
fn every_module_of_the_core_is_known_to_the_rules() {
    let map = fs::read_to_string(top().join("src/lib.rs")).unwrap();
    let declared: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    for name in &declared {
        assert!(*name == "engine" || MAY_USE.iter().any(|(known, _)| known == name), "say in MAY_USE what {name} may use");
    }
    assert_eq!(declared.len(), MAY_USE.len() + 1, "lib.rs declares exactly the modules of the rules");
}

#[test]
fn pure_modules_know_no_world() {
    const WORLD: &[&str] = &[
        "sqlx",
        "tokio",
        "axum",
        "leptos",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "SystemTime",
        "Instant::",
        "Utc::now",
        "Local::now",
        "now_v7",
        "new_v4",
        "rand::",
        "getrandom",
    ];
    let sources = rust();
    let pure = sources.iter().filter(|source| source.under("src/") && !source.under("src/engine/"));
    refuse("time, ids and the world are arguments of the pure core", pure, |_, line| {
        WORLD.iter().any(|word| line.contains(word))
    });
}

#[test]
fn targets_and_store_do_not_know_each_other() {
    let sources = rust();
    refuse("engine::target knows no store", sources.iter().filter(|s| s.under("src/engine/target/")), |_, line| {
        line.contains("engine::store") || line.contains("super::super::store")
    });
    refuse("engine::store knows no target", sources.iter().filter(|s| s.under("src/engine/store/")), |_, line| {
        line.contains("engine::target") || line.contains("super::super::target")
    });
    refuse("the engine knows no web framework", sources.iter().filter(|s| s.under("src/")), |_, line| {
        ["axum", "leptos"].iter().any(|word| named_after(line, &format!("{word}::")).next().is_some())
    });
}

#[test]
fn the_user_interface_reaches_the_engine_in_two_rooms_only() {
    let sources = rust();
    let app = || sources.iter().filter(|source| source.under("app/src/"));
    refuse("only app::ssr and server functions name lockstep::engine", app(), |source, line| {
        line.contains("lockstep::engine") && !(source.path.starts_with("app/src/ssr") || source.under("app/src/api/"))
    });
    refuse("components take props and never call the server", app().filter(|s| s.under("app/src/components/")), |_, line| {
        line.contains("crate::api")
    });
    refuse("server functions draw nothing", app().filter(|s| s.under("app/src/api/")), |_, line| line.contains("view!"));
    refuse("the user interface knows no SQL driver and no raw HTML", app(), |_, line| {
        line.contains("sqlx") || line.contains("inner_html")
    });
    refuse("a server function that changes something is a POST", app(), |_, line| {
        line.contains("GetUrl") || line.contains("GetCbor")
    });
}

/// SQL verbs as they stand at the start of a statement; messages to people are not in capitals.
const VERBS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE ",
    "ALTER ",
    "DROP ",
    "TRUNCATE ",
    "COMMENT ON ",
    "SET ",
    "RESET ",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "LOCK TABLE",
    "GRANT ",
    "REVOKE ",
    "WITH ",
];

fn holds_sql(line: &str) -> bool {
    line.match_indices('"').any(|(at, _)| VERBS.iter().any(|verb| line[at + 1..].starts_with(verb)))
}

#[test]
fn only_the_printers_and_the_engine_write_sql() {
    let sources = rust();
    let outside = sources
        .iter()
        .filter(|source| !(source.under("src/engine/") || source.under("src/plan/ddl") || source.under("src/lookup/dml")));
    refuse("SQL is printed by plan::ddl and lookup::dml, and asked by the engine", outside, |_, line| holds_sql(line));
    refuse("only catalog::ident quotes", sources.iter().filter(|s| s.path != "src/catalog/ident.rs"), |_, line| {
        line.contains(r#"replace('"', "\"\""#) || line.contains(r#"replace('\'', "''")"#)
    });
    refuse("only the engine vouches for SQL text", sources.iter().filter(|s| !s.under("src/engine/")), |_, line| {
        line.contains("AssertSqlSafe")
    });
}

#[test]
fn long_sql_lives_in_files_of_its_own() {
    for source in rust().iter().filter(|source| source.under("src/engine/")) {
        let mut open: Option<usize> = None;
        for (number, line) in source.lines() {
            let quotes = line.matches('"').count() - line.matches("\\\"").count();
            match open {
                None if quotes % 2 == 1 && holds_sql(line) => open = Some(number),
                Some(start) if quotes % 2 == 1 => {
                    assert!(number - start < 4, "{}:{start}: SQL longer than three lines lives in a .sql file", source.path);
                    open = None;
                }
                _ => {}
            }
        }
    }
}

#[test]
fn conditions_of_the_build_stand_in_one_place() {
    let sources = rust();
    refuse("the core has one cfg, in lib.rs", sources.iter().filter(|s| s.under("src/")), |source, line| {
        line.contains("cfg(feature") && source.path != "src/lib.rs"
    });
    let map = sources.iter().find(|source| source.path == "src/lib.rs").unwrap();
    assert_eq!(map.text.matches("#[cfg(").count(), 1, "the core has one cfg");
    refuse(
        "the user interface has its cfgs in lib.rs and live.rs",
        sources.iter().filter(|s| s.under("app/")),
        |source, line| line.contains("cfg(feature") && !["app/src/lib.rs", "app/src/live.rs"].contains(&source.path.as_str()),
    );
}

#[test]
fn files_and_functions_stay_small() {
    let mut large = Vec::new();
    for source in rust() {
        let limit = if source.under("app/src/pages/") || source.under("app/src/components/") { 250 } else { 400 };
        let lines = source.code().lines().count();
        if lines > limit {
            large.push(format!("  {}: {lines} lines, at most {limit}", source.path));
        }
        for (name, length) in functions(source.code()) {
            if length > 60 && !(source.under("app/src/pages/") || source.under("app/src/components/")) {
                large.push(format!("  {}: fn {name} has {length} lines, at most 60", source.path));
            }
        }
    }
    assert!(large.is_empty(), "split by meaning:\n{}", large.join("\n"));
}

#[test]
fn a_server_function_is_actor_use_case_and_error() {
    for source in rust().iter().filter(|source| source.under("app/src/api/")) {
        for (name, length) in functions(source.code()) {
            assert!(length <= 12, "{}: {name} has {length} lines; its body has at most ten", source.path);
        }
    }
}

/// The functions of a formatted file with the number of their lines: from the signature to the brace in its column.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = code.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some(name) = fn_name(line.trim_start()) else { continue };
        let closing = format!("{}}}", " ".repeat(indent));
        if line.trim_end().ends_with('}') || line.trim_end().ends_with(';') {
            continue;
        }
        let Some(end) = lines[start..].iter().position(|line| *line == closing) else { continue };
        let opening = lines[start..].iter().position(|line| line.trim_end().ends_with('{')).unwrap_or(0);
        found.push((name, end - opening + 1));
    }
    found
}

fn fn_name(line: &str) -> Option<String> {
    let rest = ["pub ", "pub(crate) ", "pub(super) ", "async ", "const "]
        .iter()
        .fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let rest = rest.strip_prefix("fn ")?;
    Some(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[test]
fn nothing_is_left_for_later() {
    let mut all = rust();
    all.extend(sources(&["src/tests", "server/tests"], ".rs").into_iter().filter(|source| source.path != "src/tests/tidy.rs"));
    refuse("no test is ignored, no lint is allowed, nothing is left for later", &all, |_, line| {
        ["#[ignore", "#[allow(", "todo!(", "unimplemented!(", "dbg!("].iter().any(|word| line.contains(word))
    });
    refuse("tests wait for events, not for time", all.iter().filter(|s| s.path.contains("tests/")), |_, line| {
        line.contains("thread::sleep") || line.contains("time::sleep")
    });
    refuse("browser tests wait for what they see", &sources(&["end2end"], ".ts"), |_, line| {
        ["waitForTimeout", "test.skip", "test.fixme", "test.only"].iter().any(|word| line.contains(word))
    });
}

#[test]
fn colours_and_lengths_are_tokens() {
    let styles = sources(&["style"], ".scss");
    let outside = styles.iter().filter(|source| !source.path.ends_with("_tokens.scss"));
    refuse("colours and lengths stand in the tokens", outside, |_, line| {
        let value = line.split_once(':').map_or("", |(_, value)| value);
        is_colour(value) || is_length(value)
    });
}

fn is_colour(value: &str) -> bool {
    ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|word| value.contains(word))
        || named_after(value, "#").any(|word| matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|c| c.is_ascii_hexdigit()))
}

fn is_length(value: &str) -> bool {
    value.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).any(|word| {
        ["px", "rem", "em"].iter().any(|unit| {
            word.strip_suffix(unit).is_some_and(|number| !number.is_empty() && number.parse::<f64>().is_ok_and(|n| n != 0.0))
        })
    })
}

#[test]
fn the_top_level_holds_what_the_map_says() {
    const KNOWN: &[&str] = &[
        "Cargo.toml",
        "Cargo.lock",
        "Leptos.toml",
        "README.md",
        "LICENSE",
        "Makefile",
        "src",
        "app",
        "server",
        "style",
        "public",
        "end2end",
        "target",
    ];
    for entry in fs::read_dir(top()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || KNOWN.contains(&name.as_str()), "{name} does not belong on the top level");
    }
}
