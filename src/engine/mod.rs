//! The use-cases: everything a page, the command line or a script may ask for. The actor is the first argument after the
//! console; who may do what is decided here and nowhere else.

pub mod archive;
pub mod batches;
pub mod csv;
pub mod data;
pub mod demo;
pub mod doctor;
pub mod files;
pub mod hashes;
pub mod private_pg;
pub mod sql_error;
pub mod store;
pub mod target;

mod accounts;
mod alerts;
mod approval;
mod connection_test;
mod console;
mod environments;
mod health;
mod history;
mod in_database;
mod lookup_set;
mod names;
mod people;
mod permit;
mod pipeline;
mod preview;
mod releases;
mod requests;
mod runner;
mod runs;
mod sessions;
mod sign_in;
mod undo;
mod watched;

pub use alerts::{Webhook, try_webhook};
pub use approval::{cancel, decide, inbox};
pub use connection_test::test_connection;
pub use console::{Console, Settings};
pub use environments::{
    accept_offered_environments, add_environment, edit_environment, environments, offered_environments, remove_environment,
};
pub use health::{EnvironmentHealth, health};
pub use history::{audit, evidence, history, verify_audit};
pub use in_database::{in_database, settle};
pub use lookup_set::{edit_lookup_set, lookup_set, lookup_tables};
pub use people::{add_person, change_password, change_role, disable_person, enable_person, people};
pub use pipeline::{pairs, pipeline};
pub use preview::{preview, preview_lookup, preview_rows_csv};
pub use releases::{freeze, releases};
pub use requests::{promotion, promotion_lookup, promotion_rows_csv, promotion_sql, request};
pub use runner::{Crash, Faults, Moment};
pub use runs::{promotion_events, start_run};
pub use sessions::{StoredSession, session_delete, session_load, session_save, sessions_sweep};
pub use sign_in::{actor, create_owner, first_run, first_run_token, sign_in, sign_out};
pub use undo::{restore_promotion, undo_promotion, undo_rows};
pub use watched::{Viewer, watch_run};

use crate::problem::Problem;

pub type Result<T> = std::result::Result<T, Problem>;
