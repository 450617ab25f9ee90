//! What forms send, as the use-cases take it.

use lockstep::catalog::QName;
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{BackupMode, EnvironmentInput, Policy};
use serde::{Deserialize, Serialize};

/// Bytes of an archive that a page takes: millions of rows of reference data, and little enough to be held in memory.
pub const LARGEST_ARCHIVE: usize = 64 * 1024 * 1024;

/// Refuses a larger one, in the browser already where scripts run.
pub fn too_large() -> Problem {
    Problem::new(ProblemKind::Invalid, format!("The file is larger than {} MB.", LARGEST_ARCHIVE / 1024 / 1024))
        .because("The console holds it in memory while it reads it.")
        .way_out("Import it on the console's machine with lockstep data import, or export fewer tables.")
}

/// The form of an environment. An unticked box is not sent, so that a missing one means no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentForm {
    pub name: String,
    pub label: String,
    pub connection: String,
    pub approvals: u32,
    #[serde(default)]
    pub protected: bool,
    #[serde(default)]
    pub upstream_first: bool,
    #[serde(default)]
    pub deletes_allowed: bool,
    #[serde(default)]
    pub privileges: bool,
    #[serde(default)]
    pub online: bool,
    #[serde(default)]
    pub triggers_off: bool,
    #[serde(default)]
    pub backup: BackupMode,
    #[serde(default)]
    pub drill: bool,
    #[serde(default)]
    pub rehearsal: bool,
    pub lock_timeout_s: u32,
    pub statement_timeout_s: u32,
}

impl EnvironmentForm {
    fn policy(&self) -> Policy {
        Policy {
            version: 0,
            approvals: self.approvals,
            protected: self.protected,
            upstream_first: self.upstream_first,
            lock_timeout_ms: self.lock_timeout_s.saturating_mul(1000),
            statement_timeout_ms: self.statement_timeout_s.saturating_mul(1000),
            deletes_allowed: self.deletes_allowed,
            privileges: self.privileges,
            online: self.online,
            triggers_off: self.triggers_off,
            backup: self.backup,
            drill: self.drill,
            rehearsal: self.rehearsal,
        }
    }
}

impl From<EnvironmentForm> for EnvironmentInput {
    fn from(form: EnvironmentForm) -> Self {
        let policy = form.policy();
        Self { name: form.name, label: form.label, connection: form.connection, policy }
    }
}

/// One row of the lookup set's form; an empty mode leaves the table out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupForm {
    pub schema: String,
    pub name: String,
    #[serde(default)]
    pub mode: String,
    /// Names of columns, separated by commas; so are those below.
    #[serde(default)]
    pub ignored: String,
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub pinned: String,
    #[serde(default)]
    pub masked: String,
    /// A condition in SQL; empty for all rows.
    #[serde(default)]
    pub filter: String,
}

impl LookupForm {
    fn table(self) -> Option<LookupTable> {
        let mode = match self.mode.as_str() {
            "add_only" => Mode::AddOnly,
            "add_and_update" => Mode::AddAndUpdate,
            "mirror" => Mode::Mirror,
            _ => return None,
        };
        let names = |text: &str| text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some(LookupTable {
            table: QName::new(self.schema, self.name),
            mode,
            key: names(&self.key),
            ignored: names(&self.ignored),
            pinned: names(&self.pinned),
            masked: names(&self.masked),
            filter: Some(self.filter.trim().to_owned()).filter(|filter| !filter.is_empty()),
        })
    }
}

/// The chosen tables of the form.
pub fn lookup_set_of(forms: Vec<LookupForm>) -> LookupSet {
    LookupSet { tables: forms.into_iter().filter_map(LookupForm::table).collect() }
}
