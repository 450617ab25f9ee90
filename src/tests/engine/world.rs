//! A console on a store of its own, with people and three environments.

use crate::harness::{self, Database};
use lockstep::access::{Actor, Role};
use lockstep::engine::{self, Console, Settings};
use lockstep::problem::Problem;
use lockstep::promotion::{Environment, EnvironmentInput, Policy};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

pub const IP: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
pub const PASSWORD: &str = "a long and quiet sentence";

pub struct World {
    pub console: Console,
    pub store: Database,
    pub owner: Actor,
    pub folder: PathBuf,
}

impl World {
    /// `name` is for people who look at the server and at the folder.
    pub async fn new(name: &str) -> Self {
        let store = harness::database(name).await;
        let folder = harness::folder(&format!("world-{}", store.url().rsplit('/').next().unwrap()));
        std::fs::create_dir_all(&folder).unwrap();
        let console = Console::open(settings(&store, &folder)).await.unwrap();
        let token = engine::first_run_token(&console).await.unwrap().unwrap();
        let owner = engine::create_owner(&console, &token, "Olga Owner", "olga@example.org", PASSWORD, IP).await.unwrap();
        Self { console, store, owner, folder }
    }

    /// Another console on the same store, as after a restart.
    pub async fn reopen(&self) -> Console {
        Console::open(settings(&self.store, &self.folder)).await.unwrap()
    }

    /// The same with other settings.
    pub async fn reopen_with(&self, change: impl FnOnce(&mut Settings)) -> Console {
        let mut settings = settings(&self.store, &self.folder);
        change(&mut settings);
        Console::open(settings).await.unwrap()
    }

    pub async fn person(&self, name: &str, role: Role) -> Actor {
        let email = format!("{}@example.org", name.to_lowercase());
        let id = engine::add_person(&self.console, &self.owner, name, &email, role, PASSWORD).await.unwrap();
        engine::actor(&self.console, id, IP).await.unwrap().unwrap()
    }

    /// The connection string is put into a file that only this user can read, as an operator would.
    pub async fn environment(&self, name: &str, database: &Database, policy: Policy) -> Environment {
        let file = self.folder.join(name);
        std::fs::write(&file, database.url()).unwrap();
        let connection = format!("file:{}", file.display());
        let label = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let input = EnvironmentInput { name: name.to_owned(), label, connection, policy };
        let id = engine::add_environment(&self.console, &self.owner, &input).await.unwrap();
        let all = engine::environments(&self.console, &self.owner).await.unwrap();
        all.into_iter().find(|environment| environment.id == id).unwrap()
    }

    pub async fn close(self) {
        self.console.shutdown().await;
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// A console on a fresh store, without anybody.
pub async fn open(store: &Database) -> Console {
    Console::open(settings(store, &harness::folder("empty"))).await.unwrap()
}

/// One console at a time is open in these tests: a lease that ends at once lets the next one take over without waiting.
fn settings(store: &Database, folder: &std::path::Path) -> Settings {
    Settings {
        data_dir: folder.to_owned(),
        store_url: Some(store.url().to_owned()),
        lease: Duration::ZERO,
        pg_bin: std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(PathBuf::from),
        ..Settings::default()
    }
}

/// The kind of a refusal and what it says.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Problem>) -> (lockstep::problem::ProblemKind, String) {
    let problem = result.unwrap_err();
    (problem.kind, problem.what)
}
