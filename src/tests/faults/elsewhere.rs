//! Rows that other tests prove. What is named here is there.

use crate::table::{How, Row, rows};

const RUNS: &str = "src/tests/engine/runs.rs";
const APPLY: &str = "src/tests/engine/apply.rs";
const BACKUP: &str = "src/tests/engine/backup.rs";
const DRILL: &str = "src/tests/engine/backup_drill.rs";
const PROMOTIONS: &str = "src/tests/engine/promotions.rs";

const BROWSER: &str = "end2end/tests/1-promotion.spec.ts";

/// A row that other tests prove.
const fn by(number: u32, injected: &'static str, expected: &'static str, tests: &'static [(&'static str, &'static str)]) -> Row {
    Row { number, injected, expected, how: How::Elsewhere(tests) }
}

const CHANGED: &[(&str, &str)] = &[
    (RUNS, "a_target_that_was_changed_after_the_approval_ends_the_run_and_keeps_the_change"),
    (BROWSER, "does not run into a target that changed after the approval"),
];

pub const ROWS: &[Row] = &[
    by(
        9,
        "the runner is lost before and after each write to the journal",
        "every one of them ends with the release",
        &[
            (RUNS, "a_crash_before_any_write_ends_in_the_true_state"),
            (RUNS, "a_crash_after_any_write_ends_in_the_true_state"),
            (DRILL, "a_crash_in_a_drill_leaves_no_scratch_database_when_the_run_is_taken_up_again"),
        ],
    ),
    by(10, "a step is executed twice", "as once", &[(APPLY, "the_second_apply_of_a_run_does_nothing")]),
    by(
        27,
        "the target only reads, or is a standby",
        "the preflight says where to go",
        &[(BACKUP, "a_standby_gives_no_restore_point_and_says_where_to_go")],
    ),
    by(
        28,
        "privileges are missing",
        "all are found at once, before anything is touched",
        &[(APPLY, "preflight_finds_nothing_in_a_sound_target_and_everything_in_a_bad_one")],
    ),
    by(
        30,
        "more tables than the server has room for locks",
        "found before anything is begun, with the setting to raise",
        &[("src/tests/engine/locks.rs", "more_tables_than_the_server_has_room_for_locks_are_found_before_the_backup")],
    ),
    by(
        31,
        "rows break a rule that the promotion adds",
        "counted before the approval; rolled back when they come later",
        &[
            (RUNS, "rows_that_break_the_new_rule_end_the_run_and_nothing_is_changed"),
            (APPLY, "rows_that_break_a_new_rule_are_found_before_and_stop_the_transaction"),
            ("src/tests/engine/plan/others.rs", "checks_count_the_rows_that_stand_in_the_way"),
        ],
    ),
    by(
        33,
        "row security hides rows of a lookup table",
        "refused, never taken for deleted",
        &[("src/tests/engine/lookup.rs", "rows_that_row_security_hides_are_a_refusal_and_never_deletes")],
    ),
    by(
        35,
        "a pooler stands before the target",
        "found and refused",
        &[("src/tests/engine/environments.rs", "a_connection_test_names_server_client_privileges_and_pooler")],
    ),
    by(
        36,
        "source and target are of different majors",
        "no false differences; run by make majors",
        &[("src/tests/engine/majors.rs", "the_same_script_gives_the_same_catalog_on_two_servers")],
    ),
    by(
        37,
        "the target's encoding lacks letters of the release",
        "the row or the object is named before the approval",
        &[("src/tests/engine/encoding.rs", "letters_that_the_target_does_not_know_are_found_before_anything_is_written")],
    ),
    by(
        38,
        "the target publishes tables that a promotion touches",
        "the preview names the publications; they stay",
        &[("src/tests/engine/subscribers.rs", "subscribers_of_what_a_promotion_touches_are_named_and_of_nothing_else")],
    ),
    by(
        39,
        "an enum grows and its new value is used in lookup rows",
        "what commits before the transaction is named when the rest fails",
        &[("src/tests/engine/plan/types.rs", "enums_grow_shrink_and_change_places")],
    ),
    by(
        42,
        "there is too little room for the backup",
        "refused before anything is begun",
        &[(BACKUP, "a_run_without_room_for_its_backup_ends_in_its_preflight")],
    ),
    by(
        49,
        "a bit of the backup flips, its end is cut, another file takes its place",
        "found by its manifest",
        &[(BACKUP, "a_flipped_bit_a_cut_end_and_another_file_are_found")],
    ),
    by(
        52,
        "older backups are removed",
        "never one that somebody still needs",
        &[(BACKUP, "older_backups_go_but_never_one_that_is_needed_nor_the_newest_dump")],
    ),
    by(
        53,
        "the backup is restored into a scratch database",
        "it is what was backed up",
        &[(DRILL, "a_drill_restores_everything_or_what_is_touched_and_leaves_nothing")],
    ),
    by(
        61,
        "what comes after the COMMIT fails",
        "named; the next promotion finishes it",
        &[(RUNS, "rows_that_break_a_rule_of_an_online_promotion_leave_the_rest_in_and_the_next_one_finishes_it")],
    ),
    by(
        62,
        "somebody decides twice, or on their own request",
        "refused here and by the store",
        &[(PROMOTIONS, "nobody_decides_their_own_request_neither_here_nor_in_the_store")],
    ),
    by(
        64,
        "what is decided on is not what was requested",
        "refused",
        &[(PROMOTIONS, "production_needs_a_lead_the_typed_name_and_what_was_shown")],
    ),
    by(
        69,
        "the source changes while it is read",
        "one moment is seen, never a mix",
        &[("src/tests/engine/connect.rs", "a_schema_that_changes_while_it_is_read_is_read_before_or_after_never_between")],
    ),
    by(
        70,
        "the source changes after the approval",
        "the frozen release is promoted",
        &[(PROMOTIONS, "a_release_goes_from_development_to_test_to_production_with_two_people")],
    ),
    by(71, "the target changes after the approval", "refused; the other change stays", CHANGED),
    by(
        73,
        "an approver loses the role before the run",
        "refused",
        &[
            (RUNS, "an_approval_of_somebody_who_lost_the_role_stops_the_start"),
            (RUNS, "an_approval_that_is_void_when_the_runner_begins_ends_the_run_before_anything_is_touched"),
        ],
    ),
    by(77, "a second window and a reload", "the same events", &[(BROWSER, "succeeds into test, watched from two windows")]),
    by(
        78,
        "the stream to a browser is cut again and again",
        "the page reads on from the last number, and shows each event once",
        &[(BROWSER, "is watched to its end although the stream is cut again and again")],
    ),
    by(
        79,
        "fifty viewers, one of them slow, one late",
        "everybody sees every event once; make bench measures five hundred",
        &[("src/tests/engine/viewers.rs", "a_crowd_sees_every_event_once_however_slow_or_late_somebody_is")],
    ),
    by(
        80,
        "the session ends during a run",
        "signing in leads back to the page",
        &[("end2end/tests/2-pages.spec.ts", "signing in needs the right password and leads to where one wanted to go")],
    ),
    by(82, "odd names", "exact, or refused", &[("src/tests/engine/catalog.rs", "odd_names_are_read_as_they_are")]),
];

/// Fails when a row names a test that is not there, or when the page of promises does.
pub fn assert_named_tests_exist() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(top.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let rows = rows();
    for row in &rows {
        if let How::Elsewhere(tests) = row.how {
            for (file, name) in tests {
                assert!(read(file).contains(name), "F{:02}: {file} has no test {name}", row.number);
            }
        }
    }
    let page = read("src/tests/faults/README.md");
    let named = page.split('`').skip(1).step_by(2);
    for name in named {
        if let Some(number) = name.strip_prefix('F').and_then(|number| number.parse::<u32>().ok()) {
            assert!(rows.iter().any(|row| row.number == number), "README.md: {name} proves nothing");
        } else if let Some((file, test)) = name.split_once("::") {
            assert!(
                read(&format!("src/tests/engine/{file}.rs")).contains(&format!("fn {test}(")),
                "README.md: there is no {name}"
            );
        }
    }
}
