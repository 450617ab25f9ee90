//! Two databases held against each other: what `plan` and `drift` both begin with.

use super::side::Side;
use super::which::{self, Which};
use crate::terminal::Progress;
use clap::Args;
use lockstep::catalog::{Catalog, NotCompared, ObjectId, QName, ident};
use lockstep::engine::Result;
use lockstep::engine::target::compare::{Sides, Source, compare};
use lockstep::engine::target::reading::Reading;
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::plan::Rename;
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{self, Compared, Terms};
use lockstep::release::Content;

/// Which lookup data is compared beside the schema.
#[derive(Args)]
pub struct Rows {
    /// Compare the schema alone
    #[arg(long, conflicts_with = "lookup")]
    schema_only: bool,
    #[command(flatten)]
    tables: Tables,
}

/// Which lookup tables are meant.
#[derive(Args)]
pub struct Tables {
    /// The rows of this table; may be repeated. Without it those of the pipeline's lookup set, when an environment is named
    #[arg(long, value_name = "SCHEMA.TABLE")]
    lookup: Vec<String>,
}

/// What only the person who asks can say.
#[derive(Clone, Copy, Default)]
pub struct Answers<'a> {
    pub renames: &'a [Rename],
    pub online: bool,
}

/// Both sides as they are, and what takes the second to the first.
pub struct Pair {
    pub source: Side,
    pub target: Side,
    pub source_catalog: Catalog,
    pub target_catalog: Catalog,
    pub compared: Compared,
}

impl Pair {
    pub async fn read(source: &str, target: &str, rows: &Rows, which: &Which, answers: Answers<'_>) -> Result<Self> {
        let filter = which.filter()?;
        let (source, target) = (Side::resolve(source).await?, Side::resolve(target).await?);
        let scope = which.scope(target.scope);
        let mut set = match rows.schema_only {
            true => LookupSet::default(),
            false => rows.tables.chosen([source.set.as_ref(), target.set.as_ref()])?,
        };
        set.tables.retain(|table| filter.takes_table(&table.table));
        let progress = Progress::start("Reading both databases");
        let (mut from, mut to) = tokio::try_join!(
            Reading::open(&source.url, "lockstep:compare", scope),
            Reading::open(&target.url, "lockstep:compare", scope)
        )?;
        let (schema, lacking) = which::filtered(&filter, from.catalog, &to.catalog);
        from.catalog = schema;
        if !rows.tables.lookup.is_empty() {
            known(&set, &from.catalog, &to.catalog)?;
        }
        tokio::try_join!(from.digest(&set), to.digest(&set))?;
        let content = Content::new(from.catalog, set, from.tables);
        let online = answers.online || target.online;
        let (deletes_allowed, triggers_off) = (target.deletes_allowed, target.triggers_off);
        let terms = Terms { deletes_allowed, scope, online, triggers_off, renames: answers.renames, choices: &[] };
        let schema = promotion::released(&content, &to.catalog, scope).into_owned();
        let release = Source { tables: &content.lookup, rows: &mut from.conn };
        let sides = Sides { set: &content.lookup_set, schema: &schema, release, promoted: None, deletes_allowed, choices: &[] };
        let lookup = compare(sides, &mut to).await?;
        drop(progress);
        let mut compared = promotion::compare(&content, &to.catalog, lookup, terms);
        compared.plan.refused.extend(lacking);
        Ok(Self { source, target, source_catalog: content.catalog, target_catalog: to.catalog, compared })
    }

    /// What is in either database and was not compared, each kind once.
    pub fn not_compared(&self) -> Vec<NotCompared> {
        let mut all: Vec<NotCompared> = Vec::new();
        for kind in self.source_catalog.not_compared.iter().chain(&self.target_catalog.not_compared) {
            match all.iter_mut().find(|known| known.kind == kind.kind) {
                Some(known) => known.names.extend(kind.names.iter().cloned()),
                None => all.push(kind.clone()),
            }
        }
        for kind in &mut all {
            kind.names.sort();
            kind.names.dedup();
        }
        all
    }
}

impl Tables {
    /// The tables that were named, else the first set that there is.
    pub fn chosen<'a>(&self, sets: impl IntoIterator<Item = Option<&'a LookupSet>>) -> Result<LookupSet> {
        if self.lookup.is_empty() {
            return Ok(sets.into_iter().flatten().next().cloned().unwrap_or_default());
        }
        let mirrored = |typed: &String| Ok(LookupTable::new(table(typed)?, Mode::Mirror));
        Ok(LookupSet { tables: self.lookup.iter().map(mirrored).collect::<Result<_>>()? })
    }
}

/// `schema.table` or a table of the schema `public`.
fn table(typed: &str) -> Result<QName> {
    ident::parse(typed).or_else(|| ident::parse(&format!("public.{typed}"))).ok_or_else(|| {
        Problem::new(ProblemKind::Invalid, format!("{typed} is not the name of a table."))
            .way_out("Write schema.table, with quotes where PostgreSQL needs them: 'public.\"Fee Items\"'.")
    })
}

fn known(set: &LookupSet, release: &Catalog, target: &Catalog) -> Result<()> {
    let there = |table: &QName| {
        let id = ObjectId::table(table);
        release.table(&id).is_some() || target.table(&id).is_some()
    };
    match set.tables.iter().find(|one| !there(&one.table)) {
        Some(one) => Err(Problem::new(ProblemKind::NotFound, format!("Neither database has the table {}.", one.table))
            .way_out("Leave it out, or correct its name.")),
        None => Ok(()),
    }
}
