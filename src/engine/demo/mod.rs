//! A payments company to try Lockstep on: three environments, four people, one private cluster. All of it is invented.
//!
//! `base.sql`, `lookup.sql` and `rows.sql` are production as it was; `production_drift.sql` is what somebody did there by hand, `to_test.sql`
//! and `to_development.sql` what is newer in the environments before it. `violate.sql`, `mend.sql` and `stale.sql` are for whoever wants
//! to see a promotion fail: they run against an environment between an approval and the run.

mod people;

pub use people::DemoPerson;

use super::private_pg::{Options, PrivatePg};
use super::target::connect::{self, TargetUrl};
use super::{Console, Result, Settings, add_environment, add_person, edit_lookup_set, files, sql_error};
use crate::access::Actor;
use crate::catalog::QName;
use crate::lookup::{LookupSet, LookupTable, Mode};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{EnvironmentInput, Policy};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// One environment of the sample pipeline.
struct Sample {
    name: &'static str,
    label: &'static str,
    /// How many card payments; everything else follows from it.
    payments: u32,
    scripts: &'static [&'static str],
}

const BASE: &str = include_str!("base.sql");
const LOOKUP: &str = include_str!("lookup.sql");
const ROWS: &str = include_str!("rows.sql");
const DRIFT: &str = include_str!("production_drift.sql");
const TO_TEST: &str = include_str!("to_test.sql");
const TO_DEVELOPMENT: &str = include_str!("to_development.sql");

/// In rank order.
const SAMPLES: [Sample; 3] = [
    Sample {
        name: "development",
        label: "Development",
        payments: 4_000,
        scripts: &[BASE, LOOKUP, ROWS, TO_TEST, TO_DEVELOPMENT],
    },
    Sample { name: "test", label: "Test", payments: 20_000, scripts: &[BASE, LOOKUP, ROWS, TO_TEST] },
    Sample { name: "production", label: "Production", payments: 250_000, scripts: &[BASE, LOOKUP, ROWS, DRIFT] },
];

/// The tables that travel with a release.
const LOOKUP_TABLES: [&str; 14] = [
    "countries",
    "currencies",
    "card_schemes",
    "merchant_categories",
    "pricing_types",
    "fee_groups",
    "fee_items",
    "equipment_types",
    "equipment_items",
    "email_templates",
    "email_triggers",
    "decline_reasons",
    "document_types",
    "fraud_rules",
];

/// The demo while it runs.
pub struct Demo {
    pub console: Console,
    pub people: Vec<DemoPerson>,
    cluster: PrivatePg,
}

impl Demo {
    /// Starts the cluster in `dir` and opens the console on it. The first start loads the data, `reset` does so again; a start that was
    /// interrupted counts for nothing.
    pub async fn start(dir: &Path, bin: Option<&Path>, reset: bool) -> Result<Self> {
        let place = Place::make(dir)?;
        let settings = vec![("synchronous_commit", "off"), ("max_wal_size", "2GB")];
        let options = Options { bin: bin.map(Path::to_owned), settings, ..Options::default() };
        let cluster = PrivatePg::start(&dir.join("store"), &options).await?;
        let fresh = reset || !place.loaded().exists();
        if fresh {
            place.empty()?;
            load(&cluster).await?;
        }
        for sample in &SAMPLES {
            files::write_private(&place.connection(sample.name), cluster.url(sample.name).as_bytes())?;
        }
        let console = Console::open(Settings {
            data_dir: dir.to_owned(),
            store_url: Some(cluster.url(STORE)),
            backup_dir: Some(dir.join("backups")),
            pg_bin: Some(cluster.bin().to_owned()),
            ..Settings::default()
        })
        .await?;
        let people = if fresh { set_up(&console, &place).await? } else { people::read(&place.people())? };
        Ok(Self { console, people, cluster })
    }

    /// Stops the cluster. The console was shut down before, or is by this.
    pub async fn stop(self) -> Result<()> {
        self.console.shutdown().await;
        self.cluster.stop().await
    }
}

/// The store's database is called as in any private cluster, so that commands find it.
const STORE: &str = "lockstep";

/// The folder of a demo.
struct Place(PathBuf);

impl Place {
    fn make(dir: &Path) -> Result<Self> {
        let make = || {
            fs::create_dir_all(dir)?;
            // The server's user passes through to its data; what is secret here has its own protection.
            fs::set_permissions(dir, fs::Permissions::from_mode(0o711))
        };
        make().map_err(|error| unusable(dir, &error))?;
        let place = Self(dir.canonicalize().map_err(|error| unusable(dir, &error))?);
        files::private_folder(&place.0.join("connections"))?;
        Ok(place)
    }

    /// Written when everything is there.
    fn loaded(&self) -> PathBuf {
        self.0.join("loaded")
    }

    fn people(&self) -> PathBuf {
        self.0.join("people.json")
    }

    fn connection(&self, name: &str) -> PathBuf {
        self.0.join("connections").join(name)
    }

    /// Forgets that it was loaded, and the backups of what goes.
    fn empty(&self) -> Result<()> {
        for gone in [fs::remove_file(self.loaded()), fs::remove_dir_all(self.0.join("backups"))] {
            match gone {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unusable(&self.0, &error)),
                _ => {}
            }
        }
        Ok(())
    }
}

fn unusable(dir: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The demo cannot use the folder {}.", dir.display()))
        .because(error.to_string())
        .way_out("Set LOCKSTEP_DATA_DIR to a folder that this user may write.")
}

/// Makes all databases anew and fills the environments, side by side.
async fn load(cluster: &PrivatePg) -> Result<()> {
    let mut admin = session(&cluster.url("postgres")).await?;
    for name in SAMPLES.iter().map(|sample| sample.name).chain([STORE]) {
        for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name} TEMPLATE template0")]
        {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.map_err(sql_error::explain(LOADING))?;
        }
    }
    connect::close(admin).await;
    let [development, test, production] = &SAMPLES;
    tokio::try_join!(fill(cluster, development), fill(cluster, test), fill(cluster, production)).map(|_| ())
}

const LOADING: &str = "The sample data could not be loaded.";

async fn session(url: &str) -> Result<PgConnection> {
    // Without the pinned settings of a target: the scripts are written for a plain session.
    let options = PgConnectOptions::from_str(url).map_err(sql_error::explain(LOADING))?.disable_statement_logging();
    PgConnection::connect_with(&options).await.map_err(sql_error::explain(LOADING))
}

async fn fill(cluster: &PrivatePg, sample: &Sample) -> Result<()> {
    let mut session = session(&cluster.url(sample.name)).await?;
    let mut script = format!("BEGIN; SET LOCAL client_min_messages = warning; SET LOCAL demo.payments = {};\n", sample.payments);
    script.push_str(&sample.scripts.join("\n"));
    script.push_str("\nCOMMIT;");
    sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut session).await.map_err(sql_error::explain(LOADING))?;
    connect::close(session).await;
    Ok(())
}

/// The people, the pipeline and its lookup set, through the same use-cases as everybody.
async fn set_up(console: &Console, place: &Place) -> Result<Vec<DemoPerson>> {
    let operator = Actor::command_line();
    let people = people::invent();
    for person in &people {
        add_person(console, &operator, &person.name, &person.email, person.role, &person.password).await?;
    }
    for sample in &SAMPLES {
        let input = EnvironmentInput {
            name: sample.name.to_owned(),
            label: sample.label.to_owned(),
            connection: format!("file:{}", place.connection(sample.name).display()),
            policy: Policy { protected: sample.name == "production", ..Policy::default() },
        };
        add_environment(console, &operator, &input).await?;
    }
    let mirrored = |name: &&str| LookupTable::new(QName::new("public", *name), Mode::Mirror);
    let set = LookupSet { tables: LOOKUP_TABLES.iter().map(mirrored).collect() };
    edit_lookup_set(console, &operator, &set).await?;
    people::write(&place.people(), &people)?;
    fs::write(place.loaded(), "1\n").map_err(|error| unusable(&place.0, &error))?;
    Ok(people)
}

/// The environments as a test or a script reaches them.
pub fn connection(dir: &Path, name: &str) -> Result<TargetUrl> {
    connect::resolve(&format!("file:{}", dir.join("connections").join(name).display()))
}
