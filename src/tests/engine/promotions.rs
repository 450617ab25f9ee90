use crate::trio::{Trio, proposal};
use crate::world::refusal;
use lockstep::access::Role;
use lockstep::catalog::QName;
use lockstep::engine::{self, data};
use lockstep::lookup::{LookupSet, LookupTable, Mode, Picked};
use lockstep::problem::ProblemKind;
use lockstep::promotion::{
    Decision, Environment, EnvironmentInput, HistoryFilter, Outcome, Policy, Proposal, RowKind, RowsWanted, State, Waiting,
};
use lockstep::run::{Step, StepStatus};

#[tokio::test]
async fn a_release_goes_from_development_to_test_to_production_with_two_people() {
    let trio = Trio::new("whole_way").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let waiting = |pipeline: lockstep::promotion::Pipeline| -> Vec<Option<Waiting>> {
        pipeline.stages.into_iter().map(|stage| stage.waiting).collect()
    };
    let before = waiting(engine::pipeline(console, &trio.ada).await.unwrap());
    assert_eq!(before[1], Some(Waiting::Known { schema_changes: 2, lookup_rows: 2 }));
    assert_eq!(before[2], Some(Waiting::Known { schema_changes: 0, lookup_rows: 0 }));
    let release = trio.freeze("1").await;
    // Production takes only what has succeeded in test.
    let early = trio.draft(release, &trio.production).await;
    assert!(early.preview.blockers[0].what.contains("has not succeeded in Test"), "{:?}", early.preview.blockers);
    assert_eq!(engine::releases(console, &trio.ada, Some(trio.production.id)).await.unwrap(), []);
    for target in [&trio.test, &trio.production] {
        let promotion = trio.request(release, target).await;
        assert_eq!(engine::inbox(console, &trio.lea).await.unwrap().len(), 1);
        assert_eq!(engine::inbox(console, &trio.ada).await.unwrap(), []);
        trio.approve(promotion).await;
        let view = trio.run(promotion).await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
        let expected = |step| if step == Step::Rehearse { StepStatus::Skipped } else { StepStatus::Done };
        assert!(view.steps.iter().all(|step| step.status == expected(step.step)), "{view:#?}");
        let detail = engine::promotion(console, &trio.lea, promotion).await.unwrap();
        assert!(matches!(detail.summary.state, State::Finished { outcome: Outcome::Succeeded, .. }));
        let backup = detail.backup.unwrap();
        assert!(console.backup_dir().join(&backup.file).is_file());
    }
    let fees = trio.production_database.column("SELECT id || name || cents FROM fees ORDER BY id").await;
    assert_eq!(fees, ["1low10", "2high90", "3new5"]);
    assert_eq!(trio.production_database.column("SELECT count(*) FROM sales WHERE note IS NULL").await, ["1000"]);
    let after = engine::pipeline(console, &trio.ada).await.unwrap();
    assert_eq!(after.stages[2].version.as_deref(), Some("1"));
    assert_eq!(after.stages[2].promoted_by.as_deref(), Some("Ada"));
    assert_eq!(waiting(after)[1..], [1, 2].map(|_| Some(Waiting::Known { schema_changes: 0, lookup_rows: 0 })));
    let text = engine::verify_audit(console, &trio.ada).await.unwrap();
    assert!(text.starts_with("All "), "{text}");
    trio.world.close().await;
}

#[tokio::test]
async fn nobody_decides_their_own_request_neither_here_nor_in_the_store() {
    let trio = Trio::new("four_eyes").await;
    let console = &trio.world.console;
    engine::change_role(console, &trio.world.owner, trio.ada.id, Role::Owner).await.unwrap();
    let ada = engine::actor(console, trio.ada.id, crate::world::IP).await.unwrap().unwrap();
    let promotion = trio.request(trio.freeze("1").await, &trio.test).await;
    let digest = engine::promotion(console, &ada, promotion).await.unwrap().digest.0;
    let own = engine::decide(console, &ada, promotion, &digest, Decision::Approve, "", "test").await;
    assert_eq!(refusal(own), (ProblemKind::Forbidden, "Nobody approves or rejects their own request.".to_owned()));
    let row = |person: String, requester: String| {
        format!(
            "INSERT INTO approvals (promotion, person, requester, digest, name, role, decision, comment)
             VALUES ('{}', {person}, {requester}, '{digest}', 'Eve', 'owner', 'approve', '')",
            promotion.0
        )
    };
    let quoted = |id: lockstep::access::PersonId| format!("'{}'", id.0);
    let direct = trio.world.store.try_exec(&row(quoted(ada.id), quoted(ada.id))).await.unwrap_err();
    assert_eq!(direct.as_database_error().unwrap().code().unwrap(), "23514");
    // Naming another requester does not help: the promotion knows who it was.
    let disguised = trio.world.store.try_exec(&row(quoted(ada.id), quoted(trio.lea.id))).await.unwrap_err();
    assert_eq!(disguised.as_database_error().unwrap().code().unwrap(), "23503");
    let told = engine::audit(console, &ada, 0).await.unwrap();
    assert!(told.items[0].result.starts_with("refused: Nobody approves"), "{:?}", told.items[0]);
    trio.world.close().await;
}

#[tokio::test]
async fn production_needs_a_lead_the_typed_name_and_what_was_shown() {
    let trio = Trio::new("protected").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let release = trio.freeze("1").await;
    let into_test = trio.request(release, &trio.test).await;
    trio.approve(into_test).await;
    assert_eq!(trio.run(into_test).await.outcome, Some(Outcome::Succeeded));
    let promotion = trio.request(release, &trio.production).await;
    let digest = engine::promotion(console, &trio.lea, promotion).await.unwrap().digest.0;
    let bob = trio.world.person("Bob", Role::Admin).await;
    let by_admin = engine::decide(console, &bob, promotion, &digest, Decision::Approve, "", "production").await;
    assert_eq!(refusal(by_admin).0, ProblemKind::Forbidden);
    let unnamed = engine::decide(console, &trio.lea, promotion, &digest, Decision::Approve, "", "test").await;
    assert_eq!(refusal(unnamed).0, ProblemKind::Invalid);
    let other = "0".repeat(64);
    let other = engine::decide(console, &trio.lea, promotion, &other, Decision::Approve, "", "production").await;
    assert_eq!(refusal(other).0, ProblemKind::Conflict);
    assert_eq!(refusal(engine::start_run(console, &trio.ada, promotion).await).0, ProblemKind::Conflict);
    engine::decide(console, &trio.lea, promotion, &digest, Decision::Approve, "", "Production").await.unwrap();
    let twice = engine::decide(console, &trio.lea, promotion, &digest, Decision::Approve, "", "production").await;
    assert_eq!(refusal(twice).0, ProblemKind::Conflict);
    trio.world.close().await;
}

#[tokio::test]
async fn a_reject_needs_a_comment_and_frees_the_target() {
    let trio = Trio::new("reject").await;
    let console = &trio.world.console;
    let release = trio.freeze("1").await;
    let promotion = trio.request(release, &trio.test).await;
    let digest = engine::promotion(console, &trio.lea, promotion).await.unwrap().digest.0;
    let silent = engine::decide(console, &trio.lea, promotion, &digest, Decision::Reject, " ", "").await;
    assert_eq!(refusal(silent).0, ProblemKind::Invalid);
    engine::decide(console, &trio.lea, promotion, &digest, Decision::Reject, "Fees are wrong.", "").await.unwrap();
    let detail = engine::promotion(console, &trio.ada, promotion).await.unwrap();
    assert_eq!(detail.summary.state, State::Rejected);
    assert_eq!(detail.approvals[0].comment, "Fees are wrong.");
    trio.request(release, &trio.test).await;
    trio.world.close().await;
}

#[tokio::test]
async fn of_two_requests_into_one_target_the_second_is_refused() {
    let trio = Trio::new("one_open").await;
    let release = trio.freeze("1").await;
    trio.request(release, &trio.test).await;
    let draft = trio.draft(release, &trio.test).await;
    let second = engine::request(&trio.world.console, &trio.lea, &proposal(release, &trio.test), &draft.digest.0, &[], "").await;
    assert_eq!(refusal(second), (ProblemKind::Conflict, "Another promotion into this environment is open.".to_owned()));
    trio.world.close().await;
}

#[tokio::test]
async fn a_request_on_a_preview_that_is_out_of_date_is_refused() {
    let trio = Trio::new("stale").await;
    let console = &trio.world.console;
    let release = trio.freeze("1").await;
    let request = async |digest: &str| engine::request(console, &trio.ada, &proposal(release, &trio.test), digest, &[], "").await;
    let shown = trio.draft(release, &trio.test).await.digest.0;
    trio.test_database.exec("UPDATE fees SET cents = 11 WHERE id = 1").await;
    assert_eq!(refusal(request(&shown).await).0, ProblemKind::Conflict);
    let shown = trio.draft(release, &trio.test).await.digest.0;
    trio.test_database.exec("ALTER TABLE sales ADD COLUMN drift int").await;
    assert_eq!(refusal(request(&shown).await).0, ProblemKind::Conflict);
    let shown = trio.draft(release, &trio.test).await.digest.0;
    let input = EnvironmentInput {
        name: trio.test.name.clone(),
        label: trio.test.label.clone(),
        connection: trio.test.connection.clone(),
        policy: Policy { approvals: 2, ..trio.test.policy.clone() },
    };
    engine::edit_environment(console, &trio.world.owner, trio.test.id, &input).await.unwrap();
    assert_eq!(refusal(request(&shown).await).0, ProblemKind::Conflict);
    // Losses are confirmed one by one.
    let draft = trio.draft(release, &trio.test).await;
    assert!(!draft.preview.to_confirm(&draft.lookup_totals).is_empty());
    assert_eq!(refusal(request(&draft.digest.0).await), (ProblemKind::Invalid, "A loss is not confirmed.".to_owned()));
    trio.world.close().await;
}

#[tokio::test]
async fn the_same_content_under_the_same_version_is_the_same_release_and_other_content_is_refused() {
    let trio = Trio::new("versions").await;
    let console = &trio.world.console;
    let first = trio.freeze("1").await;
    assert_eq!(trio.freeze("1").await, first);
    assert_ne!(trio.freeze("2").await, first);
    trio.development_database.exec("UPDATE fees SET cents = 12 WHERE id = 1").await;
    let other = engine::freeze(console, &trio.ada, trio.development.id, "1", "").await;
    assert_eq!(refusal(other).0, ProblemKind::Conflict);
    trio.world.close().await;
}

#[tokio::test]
async fn a_cancelled_request_frees_the_target_and_only_its_requester_or_an_owner_cancels() {
    let trio = Trio::new("cancel_request").await;
    let console = &trio.world.console;
    let promotion = trio.approved().await;
    assert_eq!(refusal(engine::cancel(console, &trio.lea, promotion).await).0, ProblemKind::Forbidden);
    engine::cancel(console, &trio.ada, promotion).await.unwrap();
    assert_eq!(refusal(engine::start_run(console, &trio.ada, promotion).await).0, ProblemKind::Conflict);
    assert_eq!(refusal(engine::cancel(console, &trio.ada, promotion).await).0, ProblemKind::Conflict);
    trio.world.close().await;
}

#[tokio::test]
async fn history_is_narrowed_by_the_store_and_evidence_is_whole() {
    let trio = Trio::new("history").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.run(promotion).await;
    trio.request(trio.freeze("2").await, &trio.test).await;
    let count = async |target: &str, outcome: &str, text: &str| {
        let filter = HistoryFilter { target: target.into(), outcome: outcome.into(), text: text.into(), page: 0 };
        engine::history(console, &trio.ada, &filter).await.unwrap().total
    };
    assert_eq!(count("", "", "").await, 2);
    assert_eq!(count("test", "succeeded", "").await, 1);
    assert_eq!(count("", "awaiting_approval", "").await, 1);
    assert_eq!(count("production", "", "").await, 0);
    assert_eq!(count("", "", "autumn").await, 2);
    assert_eq!(count("", "", "100%").await, 0);
    let evidence = engine::evidence(console, &trio.ada, promotion).await.unwrap();
    let evidence: serde_json::Value = serde_json::from_str(&evidence).unwrap();
    for (path, expected) in [
        ("/promotion/requested_by", "Ada"),
        ("/approvals/0/name", "Lea"),
        ("/promotion/state/state", "finished"),
        ("/release/version", "1"),
    ] {
        assert_eq!(evidence.pointer(path).and_then(|value| value.as_str()), Some(expected), "{path}");
    }
    assert!(evidence["sql"].as_str().unwrap().contains("sales_by_fee"));
    assert!(evidence["events"].as_array().unwrap().len() > 5);
    assert_eq!(evidence["backup"]["sha256"].as_str().unwrap().len(), 64);
    trio.world.close().await;
}

#[tokio::test]
async fn the_page_says_who_could_approve_and_that_nobody_could() {
    let trio = Trio::new("nobody").await;
    let console = &trio.world.console;
    let promotion = trio.request(trio.freeze("1").await, &trio.test).await;
    let detail = engine::promotion(console, &trio.ada, promotion).await.unwrap();
    assert_eq!((detail.approvers, detail.nobody), (vec!["Lea".to_owned(), "Olga Owner".to_owned()], None));
    assert_eq!(detail.may.approve.as_deref(), Some("Nobody approves or rejects their own request."));
    assert_eq!(detail.may.cancel, None);
    engine::disable_person(console, &trio.world.owner, trio.lea.id).await.unwrap();
    trio.world.store.exec("UPDATE people SET disabled_at = now() WHERE name = 'Olga Owner'").await;
    let detail = engine::promotion(console, &trio.ada, promotion).await.unwrap();
    assert_eq!(detail.approvers, Vec::<String>::new());
    assert!(detail.nobody.unwrap().contains("an owner can add a"));
    trio.world.close().await;
}

#[tokio::test]
async fn a_rename_that_a_person_answered_for_is_sealed_and_keeps_the_rows() {
    let trio = Trio::new("renamed").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, 7)").await;
    trio.development_database.exec("ALTER TABLE sales RENAME amount TO cents").await;
    let asked = proposal(trio.freeze("1").await, &trio.test);
    let draft = engine::preview(console, &trio.ada, &asked).await.unwrap();
    let [question] = draft.preview.sealed.plan.questions.as_slice() else { panic!("{:?}", draft.preview.sealed.plan.questions) };
    assert_eq!(question.to_string(), "public.sales.amount=cents");
    assert!(!draft.preview.to_confirm(&draft.lookup_totals).is_empty(), "unanswered, it is a loss");

    let answered = Proposal { renames: vec![question.clone()], ..asked.clone() };
    let draft = engine::preview(console, &trio.ada, &answered).await.unwrap();
    assert!(draft.preview.sealed.plan.questions.is_empty());
    assert!(draft.preview.to_confirm(&draft.lookup_totals).is_empty());
    let other = engine::request(console, &trio.ada, &asked, &draft.digest.0, &[], "").await;
    assert_eq!(refusal(other).0, ProblemKind::Conflict, "the answer is part of what is requested");
    let promotion = engine::request(console, &trio.ada, &answered, &draft.digest.0, &[], "").await.unwrap();
    trio.approve(promotion).await;
    assert_eq!(trio.run(promotion).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(trio.test_database.column("SELECT cents FROM sales").await, ["7"]);
    trio.world.close().await;
}

#[tokio::test]
async fn rows_that_were_edited_in_the_target_are_decided_before_the_request() {
    let trio = Trio::new("edited").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let first = trio.approved().await;
    assert_eq!(trio.run(first).await.outcome, Some(Outcome::Succeeded));
    trio.test_database.exec("UPDATE fees SET cents = 7 WHERE id = 1").await;
    trio.development_database.exec("UPDATE fees SET name = 'Low' WHERE id = 1; UPDATE fees SET cents = 6 WHERE id = 3").await;
    let release = trio.freeze("2").await;
    let mut proposal = proposal(release, &trio.test);
    let draft = engine::preview(console, &trio.ada, &proposal).await.unwrap();
    assert_eq!(draft.preview.sealed.lookup[0].conflicts.len(), 1, "the row that only development changed is none");
    assert_eq!(draft.lookup_totals[0].edited, 1);
    let open = engine::request(console, &trio.ada, &proposal, &draft.digest.0, &[], "").await;
    assert_eq!(refusal(open).1, "1 row of public.fees was edited in the target since the last promotion.");
    proposal.choices = vec!["target:public.fees=[\"1\"]".parse().unwrap()];
    let decided = engine::preview(console, &trio.ada, &proposal).await.unwrap();
    assert_ne!(decided.digest, draft.digest, "what was decided is sealed");
    let promotion = engine::request(console, &trio.ada, &proposal, &decided.digest.0, &[], "").await.unwrap();
    trio.approve(promotion).await;
    assert_eq!(trio.run(promotion).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(trio.test_database.column("SELECT name || cents FROM fees ORDER BY id").await, ["low7", "high90", "new6"]);
    trio.world.close().await;
}

#[tokio::test]
async fn changed_rows_are_found_by_kind_and_text_and_taken_away_as_csv() {
    let trio = Trio::new("rows").await;
    let console = &trio.world.console;
    trio.development_database
        .exec("DELETE FROM fees WHERE id = 1; INSERT INTO fees SELECT n, 'bulk ' || n, n FROM generate_series(100, 199) n")
        .await;
    let proposal = proposal(trio.freeze("1").await, &trio.test);
    let page = async |kind: Option<RowKind>, search: &str, page: u64| {
        let wanted = RowsWanted { table: "\"public\".\"fees\"".to_owned(), kind, search: search.to_owned(), page };
        let rows = engine::preview_lookup(console, &trio.ada, &proposal, &wanted).await.unwrap();
        (
            rows.total,
            rows.pages,
            rows.changes.len(),
            engine::preview_rows_csv(console, &trio.ada, &proposal, &wanted).await.unwrap(),
        )
    };
    let (total, pages, shown, csv) = page(None, "", 2).await;
    assert_eq!((total, pages, shown, csv.lines().count()), (103, 3, 3, 1 + 1 + 2 + 101));
    let (total, _, _, csv) = page(Some(RowKind::Changed), "", 0).await;
    assert_eq!(
        (total, csv.as_str()),
        (
            1,
            "\"change\",\"id\",\"name\",\"cents\"\r\n\"changed from\",\"2\",\"old\",\"80\"\r\n\"changed to\",\"2\",\"high\",\"90\"\r\n"
        )
    );
    assert_eq!(page(None, " BULK 11", 0).await.0, 10);
    assert_eq!(page(Some(RowKind::Removed), "bulk", 0).await.0, 0);
    trio.world.close().await;
}

#[tokio::test]
async fn rows_of_a_file_are_promoted_and_no_schema_with_them() {
    let trio = Trio::new("import").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let (manifest, bytes) = data::export_environment(console, &trio.ada, trio.development.id).await.unwrap();
    assert_eq!((manifest.tables.len(), manifest.tables[0].rows), (1, 3));
    let into =
        async |target: &Environment| data::import(console, &trio.ada, target.id, bytes.clone(), "fees of November", "").await;
    let release = into(&trio.test).await.unwrap();
    assert_eq!(into(&trio.test).await.unwrap(), release, "the same file under the same version is the same release");
    let promotion = trio.request(release.id, &trio.test).await;
    trio.approve(promotion).await;
    assert_eq!(trio.run(promotion).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(trio.test_database.column("SELECT name || cents FROM fees ORDER BY id").await, ["low10", "high90", "new5"]);
    assert_eq!(trio.test_database.column("SELECT count(*) FROM pg_attribute WHERE attname = 'note'").await, ["0"]);
    // It has succeeded in test, so that it may go on as it is.
    let promotion = trio.request(release.id, &trio.production).await;
    let detail = engine::promotion(console, &trio.lea, promotion).await.unwrap();
    assert_eq!((detail.summary.schema_changes, detail.summary.lookup_rows), (0, 2));
    trio.test_database.exec("ALTER TABLE fees DROP cents").await;
    let other = data::import(console, &trio.ada, trio.test.id, bytes.clone(), "again", "").await.unwrap();
    let draft = engine::preview(console, &trio.ada, &proposal(other.id, &trio.test)).await.unwrap();
    assert!(
        draft.preview.blockers.iter().any(|blocker| blocker.cause == "Its table has no column cents."),
        "{:?}",
        draft.preview.blockers
    );
    trio.world.close().await;
}

#[tokio::test]
async fn rows_that_were_altered_in_the_store_are_not_promoted() {
    let trio = Trio::new("altered").await;
    let asked = proposal(trio.freeze("1").await, &trio.test);
    let altered = |sql: &str| format!("ALTER TABLE release_rows DISABLE TRIGGER frozen; {sql}");
    trio.world.store.exec(&altered("UPDATE release_rows SET content = replace(content, 'high', 'low')")).await;
    let (kind, what) = refusal(engine::preview(&trio.world.console, &trio.ada, &asked).await);
    assert_eq!((kind, what.as_str()), (ProblemKind::Conflict, "The rows of the release could not be read."));
    trio.world.store.exec(&altered("DELETE FROM release_rows")).await;
    assert_eq!(refusal(engine::preview(&trio.world.console, &trio.ada, &asked).await).0, ProblemKind::Conflict);
    trio.world.close().await;
}

#[tokio::test]
async fn rows_are_not_compared_under_other_names() {
    let trio = Trio::new("renamed_rows").await;
    trio.development_database.exec("ALTER TABLE fees RENAME cents TO price").await;
    let renames = vec!["public.fees.cents=price".parse().unwrap()];
    let asked = Proposal { renames, ..proposal(trio.freeze("1").await, &trio.test) };
    let blockers = engine::preview(&trio.world.console, &trio.ada, &asked).await.unwrap().preview.blockers;
    assert_eq!(blockers[0].what, "The rows of public.fees cannot be compared.", "{blockers:?}");
    assert!(blockers[0].cause.contains("its column cents gets another name"), "{blockers:?}");
    trio.world.close().await;
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let trio = Trio::new("once").await;
    for version in ["1", "1", "2"] {
        trio.freeze(version).await;
    }
    assert_eq!(trio.world.store.column("SELECT count(*) FROM release_contents").await, ["1"]);
    assert_eq!(trio.world.store.column("SELECT count(*) FROM release_rows").await, ["1"]);
    trio.world.close().await;
}

#[tokio::test]
async fn chosen_rows_go_back_by_one_more_promotion() {
    let trio = Trio::new("undo").await;
    trio.test_database.exec("INSERT INTO fees VALUES (9, 'gone', 9)").await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.run(promotion).await;
    // Somebody works on in a row that goes back and in one that does not.
    trio.test_database.exec("UPDATE fees SET cents = 91 WHERE id = 2; UPDATE fees SET cents = 11 WHERE id = 1").await;
    let picked = |rows: &[&str]| -> Vec<Picked> { rows.iter().map(|text| text.parse().unwrap()).collect() };
    let nothing = engine::undo_rows(console, &trio.ada, promotion, &picked(&["public.fees=[\"1\"]"]), "x", "").await;
    assert_eq!(refusal(nothing).1, "No row is chosen that the promotion has changed.");
    let rows = picked(&["public.fees=[\"2\"]", "public.fees=[\"3\"]", "public.fees=[\"9\"]"]);
    let (release, target) = engine::undo_rows(console, &trio.ada, promotion, &rows, "1 undo", "").await.unwrap();
    assert_eq!(target.id, trio.test.id);
    assert!(engine::releases(console, &trio.ada, Some(trio.production.id)).await.unwrap().iter().all(|one| one.id != release.id));
    let draft = trio.draft(release.id, &trio.test).await;
    let total = &draft.lookup_totals[0];
    assert_eq!((total.inserts, total.updates, total.deletes, total.edited), (1, 1, 1, 1));
    assert!(draft.preview.sealed.plan.is_empty());
    let keep = "release:public.fees".parse().unwrap();
    let proposal = Proposal { choices: vec![keep], ..proposal(release.id, &trio.test) };
    let back = trio.propose(&proposal).await;
    trio.approve(back).await;
    trio.run(back).await;
    let rows = "SELECT concat_ws(' ', id, name, cents) FROM fees ORDER BY id";
    assert_eq!(trio.test_database.column(rows).await, ["1 low 11", "2 old 80", "9 gone 9"]);
    // What an undo found or left in the target is an edit to whatever is promoted next.
    let next = trio.draft(trio.freeze("2").await, &trio.test).await;
    assert_eq!(next.lookup_totals[0].edited, 4);
    trio.world.close().await;
}

#[tokio::test]
async fn cells_that_refer_to_lookup_rows_say_what_those_are_called() {
    let trio = Trio::new("named").await;
    let both = "CREATE TABLE kinds (id int PRIMARY KEY, name text); ALTER TABLE fees ADD kind int REFERENCES kinds";
    for database in [&trio.development_database, &trio.test_database] {
        database.exec(both).await;
    }
    trio.development_database.exec("INSERT INTO kinds VALUES (7, 'monthly'); UPDATE fees SET kind = 7 WHERE id = 1").await;
    let table = |name| LookupTable::new(QName::new("public", name), Mode::Mirror);
    let mut set = LookupSet { tables: vec![table("kinds"), table("fees")] };
    engine::edit_lookup_set(&trio.world.console, &trio.world.owner, &set).await.unwrap();
    let names = async |version| {
        let draft = trio.draft(trio.freeze(version).await, &trio.test).await;
        let fees = draft.preview.sealed.lookup.into_iter().find(|one| one.table.name == "fees").unwrap();
        fees.names.into_values().flatten().collect::<Vec<_>>()
    };
    assert_eq!(names("1").await, [("7".to_owned(), "monthly".to_owned())]);
    set.tables[0].masked = vec!["name".to_owned()];
    engine::edit_lookup_set(&trio.world.console, &trio.world.owner, &set).await.unwrap();
    assert_eq!(names("2").await, []);
    trio.world.close().await;
}
