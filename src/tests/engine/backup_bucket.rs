//! Backups in a bucket, against a real server that speaks S3 over a folder.

use super::backup::{Folder, example, names, next, order};
use super::harness;
use super::trio::Trio;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use lockstep::engine;
use lockstep::engine::target::backup::{Access, Bucket, Extent, Order, Shelf, take, verify};
use lockstep::engine::target::{Told, cancellation};
use lockstep::engine::{Settings, doctor};
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Outcome, Policy};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use tokio::net::TcpListener;

/// A server that speaks S3 over a folder, with a key that tests know.
struct Store {
    folder: Folder,
    access: Access,
}

const SECRET: &str = "canary-secret";

async fn store(name: &str) -> Store {
    let folder = Folder::new(harness::folder(name));
    fs::create_dir_all(folder.0.join("safe")).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(&folder.0).unwrap());
    service.set_auth(SimpleAuth::from_single("canary-key", SECRET));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(socket), service).await });
        }
    });
    let access = Access {
        url: "s3://safe/lockstep/console".to_owned(),
        endpoint: Some(endpoint),
        region: "us-east-1".to_owned(),
        key_id: "canary-key".to_owned(),
        secret: SECRET.to_owned(),
    };
    Store { folder, access }
}

impl Store {
    fn objects(&self) -> PathBuf {
        self.folder.0.join("safe/lockstep/console")
    }
}

#[tokio::test]
async fn a_backup_in_a_bucket_is_read_back_from_there_and_leaves_nothing_here() {
    let (database, folder) = example("bucket").await;
    // More than one part of an upload, and nothing that can be compressed.
    database.exec("CREATE TABLE noise AS SELECT sha512(random()::text::bytea) AS b FROM generate_series(1, 200000)").await;
    let store = store("bucket-store").await;
    let shelf = Shelf::Bucket(Bucket::new(&store.access).unwrap());
    let (url, (_keep, cancel)) = (database.target(), cancellation());
    let order = Order { shelf: &shelf, ..order(&url, &folder, &Extent::Full) };
    let uploads = Mutex::new(Vec::new());
    let tell = |told| {
        if let Told::Progress { done, what, .. } = told
            && what == "Uploaded"
        {
            uploads.lock().unwrap().push(done);
        }
    };
    let manifest = take(&order, &tell, &cancel).await.unwrap();
    assert!(uploads.lock().unwrap().len() > 1 && uploads.lock().unwrap().last() == Some(&manifest.bytes));
    assert_eq!(names(&folder.0), Vec::<String>::new());
    assert_eq!(names(&store.objects()), ["run-1.dump", "run-1.dump.json"]);
    assert_eq!(verify(&store.objects(), "run-1.dump", None).await.unwrap(), manifest);
    let mut there = shelf.names().await.unwrap();
    there.sort();
    assert_eq!(there, ["run-1.dump", "run-1.dump.json"]);
    let settings = Settings { bucket: Some(store.access.clone()), ..Settings::default() };
    let found = doctor::machine(&settings).await.into_iter().find(|one| one.what == "Bucket for backups").unwrap();
    assert!(found.good && found.text.contains("2 files"), "{found:?}");
    shelf.remove("run-1.dump").await.unwrap();
    shelf.remove("run-1.dump").await.unwrap();
    assert_eq!(shelf.names().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_store_that_gives_back_something_else_is_not_believed() {
    let (database, folder) = example("liar").await;
    let store = store("liar-store").await;
    let shelf = Shelf::Bucket(Bucket::new(&store.access).unwrap());
    let (url, (_keep, cancel)) = (database.target(), cancellation());
    let order = Order { shelf: &shelf, ..order(&url, &folder, &Extent::Full) };
    // The bytes are altered where the store keeps them, between the upload and the reading back.
    let alter = |told| {
        if matches!(&told, Told::Note(text) if text.contains("back from")) {
            let file = store.objects().join("run-1.dump");
            let mut bytes = fs::read(&file).unwrap();
            bytes[1000] ^= 1;
            fs::write(&file, bytes).unwrap();
        }
    };
    let problem = take(&order, &alter, &cancel).await.unwrap_err();
    assert!(problem.what.contains("does not give back"), "{problem}");
    assert_eq!(names(&store.objects()), Vec::<String>::new());
    assert_eq!(names(&folder.0), Vec::<String>::new());
}

#[tokio::test]
async fn a_store_that_refuses_or_is_away_fails_the_backup_without_a_key_in_the_words() {
    let (database, folder) = example("refused").await;
    let store = store("refused-store").await;
    let wrong = Access { secret: "another-canary".to_owned(), ..store.access.clone() };
    let unknown = Access { key_id: "canary-unknown".to_owned(), ..store.access.clone() };
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let away = Access { endpoint: Some(format!("http://{nobody}")), ..store.access.clone() };
    for access in [wrong, unknown, away] {
        let shelf = Shelf::Bucket(Bucket::new(&access).unwrap());
        let (url, (_keep, cancel)) = (database.target(), cancellation());
        let order = Order { shelf: &shelf, ..order(&url, &folder, &Extent::Full) };
        let problem = take(&order, &|_| {}, &cancel).await.unwrap_err();
        assert!(problem.what.contains(&access.url) && !problem.way_out.is_empty(), "{problem}");
        assert!(!problem.to_string().contains("canary"), "{problem}");
        assert!(!format!("{access:?} {shelf:?}").contains("canary"));
        assert_eq!(names(&folder.0), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_upload_that_is_stopped_leaves_nothing_on_either_side() {
    let (database, folder) = example("stopped_upload").await;
    let store = store("stopped-store").await;
    let shelf = Shelf::Bucket(Bucket::new(&store.access).unwrap());
    for word in ["Uploaded", "Reading the backup back"] {
        let (url, (canceller, cancel)) = (database.target(), cancellation());
        let order = Order { shelf: &shelf, ..order(&url, &folder, &Extent::Full) };
        let stop = move |told| match told {
            Told::Progress { what, .. } | Told::Note(what) if what.starts_with(word) => canceller.cancel(),
            _ => {}
        };
        let problem = take(&order, &stop, &cancel).await.unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
        assert_eq!(names(&folder.0), Vec::<String>::new(), "{word}");
        assert_eq!(shelf.names().await.unwrap(), Vec::<String>::new(), "{word}");
    }
}

#[tokio::test]
async fn runs_keep_their_backups_in_the_bucket_and_what_a_crash_left_there_goes() {
    let trio = Trio::with("runs_bucket", Policy { rehearsal: true, ..Policy::default() }).await;
    let store = store("runs-store").await;
    let with_bucket = |settings: &mut Settings| {
        settings.bucket = Some(store.access.clone());
        settings.keep_backups = 1;
    };
    let console = trio.world.reopen_with(with_bucket).await;
    console.start_runner().await.unwrap();
    let (view, first) = next(&trio, "a").await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    assert_eq!(first.place, store.access.url);
    let (_, second) = next(&trio, "b").await;
    let beside = |file: &str| format!("{file}.json");
    assert_eq!(names(&store.objects()), [second.file.clone(), beside(&second.file)]);
    assert_eq!(names(console.backup_dir()), Vec::<String>::new());
    console.shutdown().await;
    // As if a console had died after the upload and before it wrote that down; what is nobody's stays.
    let lost = second.file.replace("-1.dump", "-2.dump");
    for name in [&lost, &beside(&lost), "test-19700101T000000Z-00000000-0000-0000-0000-000000000000-1.dump"] {
        fs::copy(store.objects().join(&second.file), store.objects().join(name)).unwrap();
    }
    let console = trio.world.reopen_with(with_bucket).await;
    console.start_runner().await.unwrap();
    let (_, third) = next(&trio, "c").await;
    let nobodys = "test-19700101T000000Z-00000000-0000-0000-0000-000000000000-1.dump".to_owned();
    assert_eq!(names(&store.objects()), [nobodys, third.file.clone(), beside(&third.file)]);
    console.shutdown().await;
    trio.world.close().await;
}

#[tokio::test]
async fn a_backup_is_restored_from_the_bucket_and_leaves_nothing_here() {
    let trio = Trio::new("restore_bucket").await;
    let store = store("restore-store").await;
    let console = trio.world.reopen_with(|settings: &mut Settings| settings.bucket = Some(store.access.clone())).await;
    console.start_runner().await.unwrap();
    let before = trio.test_database.dump().await;
    let first = trio.approved().await;
    assert_eq!(trio.run(first).await.outcome, Some(Outcome::Succeeded));
    // A console that keeps its backups elsewhere does not have it.
    let elsewhere = engine::restore_promotion(&trio.world.console, &trio.ada, first, "back", "").await.unwrap_err();
    assert!(elsewhere.cause.contains(&store.access.url), "{elsewhere}");
    let proposal = engine::restore_promotion(&console, &trio.ada, first, "back", "").await.unwrap();
    let draft = engine::preview(&console, &trio.ada, &proposal).await.unwrap();
    let confirmed: Vec<String> = draft.preview.to_confirm(&draft.lookup_totals).into_iter().map(|loss| loss.id).collect();
    let second = engine::request(&console, &trio.ada, &proposal, &draft.digest.0, &confirmed, "").await.unwrap();
    trio.approve(second).await;
    let view = trio.run(second).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    assert_eq!(trio.test_database.dump().await, before);
    assert_eq!(names(console.backup_dir()), Vec::<String>::new());
    console.shutdown().await;
    trio.world.close().await;
}
