//! Reading whole sides: a release from a source, and what a release would do to a target.

use super::super::Result;
use super::super::batches::Rows;
use super::compare::{self, Sides, Source};
use super::connect::{self, TargetUrl};
use super::reading::Reading;
use super::{checks, encoding, introspect, neighbours, preflight, rows, sizes, subscribed};
use crate::catalog::{Catalog, Fingerprint, Object, ObjectId, QName, Scope};
use crate::lookup::{self, Choice, Comparison, LookupSet, LookupTable, Suggestion, TableDigest, TableRows};
use crate::plan::{Plan, Rename, TableSize};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{self, CheckResult, Compared, Policy, Preview, Sealed, Terms, preview};
use crate::release::Content;

/// More rows than this are not counted for a suggestion.
const COUNTED: u32 = 10_001;

/// Reads a database in one snapshot, with the rows of its lookup tables in memory.
pub async fn hold(url: &TargetUrl, set: &LookupSet, scope: Scope) -> Result<(Content, Vec<TableRows>)> {
    let mut source = Reading::open(url, "lockstep:freeze", scope).await?;
    let mut held = rows::read(&mut source.conn, &source.catalog, set).await?;
    let digested = |rows: &mut TableRows| Some(rows.digested(set.find(&rows.table)?));
    let digests = held.iter_mut().filter_map(digested).collect();
    let content = Content::new(std::mem::take(&mut source.catalog), set.clone(), digests);
    source.close().await;
    Ok((content, held))
}

/// A frozen release: what is known of it, and where its rows can be had.
pub struct Release<'a> {
    pub content: &'a Content,
    /// Digest of `content`.
    pub digest: &'a Fingerprint,
    pub rows: &'a mut (dyn Rows + 'static),
}

/// What is to be previewed.
pub struct Question<'a> {
    pub release: Release<'a>,
    pub url: &'a TargetUrl,
    /// The environment's name, sealed with the request.
    pub target: &'a str,
    pub policy: &'a Policy,
    pub renames: &'a [Rename],
    /// The lookup rows of the release last promoted there.
    pub promoted: Option<Source<'a>>,
    pub choices: &'a [Choice],
}

/// Reads the target in one snapshot and says what the release would do to it. Gives the target's schema, too.
pub async fn preview(question: Question<'_>) -> Result<(Preview, Catalog)> {
    let Question { release: Release { content, digest, rows }, url, target, policy, renames, promoted, choices } = question;
    let mut reading = Reading::open(url, "lockstep:preview", policy.scope()).await?;
    let identity = preflight::identity(&mut reading.conn).await?;
    reading.digest(&content.lookup_set).await?;
    let terms = Terms { renames, choices, ..policy.terms() };
    let released = promotion::released(content, &reading.catalog, terms.scope).into_owned();
    let source = Source { tables: &content.lookup, rows };
    let sides = Sides {
        set: &content.lookup_set,
        schema: &released,
        release: source,
        promoted,
        deletes_allowed: terms.deletes_allowed,
        choices,
    };
    let lookup = compare::compare(sides, &mut reading).await?;
    let Reading { mut conn, catalog, .. } = reading;
    let Compared { plan, lookup } = promotion::compare(content, &catalog, lookup, terms);
    let Comparison { changes, problems, from, to } = lookup;
    let checks = checks::run(&mut conn, &plan.checks, policy.statement_timeout_ms).await?;
    let sizes = sizes::sizes(&mut conn, &plan).await?;
    let mut blockers = plan.refused.clone();
    blockers.extend(problems);
    blockers.extend(neighbours::problems(&mut conn, &released, &catalog, &content.lookup_set, &changes).await?);
    blockers.extend(checks.iter().filter(|check| check.offending.is_some_and(|rows| rows > 0)).map(broken));
    if let Some(encoding) = encoding::narrow(&mut conn).await? {
        blockers.extend(encoding::unsayable(&mut conn, &encoding, &plan).await?);
    }
    let mut warnings = warnings(content, &catalog, &checks, policy.triggers_off);
    warnings.extend(subscribed::warnings(&mut conn, &plan, &changes).await?);
    connect::close(conn).await;
    let sealed = Sealed {
        release: digest.clone(),
        target: target.to_owned(),
        target_identity: identity,
        policy_version: policy.version,
        plan,
        lookup: changes,
        lookup_from: from,
        lookup_to: to,
        restore: None,
    };
    let not_compared = catalog.not_compared.clone();
    Ok((Preview { format: preview::FORMAT, sealed, checks, not_compared, sizes, blockers, warnings }, catalog))
}

/// How large the tables are that the plan is a risk to.
pub async fn sizes_for(url: &TargetUrl, plan: &Plan) -> Result<Vec<TableSize>> {
    let mut conn = connect::open(url, "lockstep:sizes").await?;
    let sizes = sizes::sizes(&mut conn, plan).await;
    connect::close(conn).await;
    sizes
}

/// What a database says of lookup tables.
pub struct Survey {
    /// Tables that look like some, with their rows counted.
    pub suggestions: Vec<Suggestion>,
    /// Why tables of the set cannot be synced.
    pub faults: Vec<Problem>,
}

pub async fn survey(url: &TargetUrl, set: &LookupSet) -> Result<Survey> {
    let mut conn = connect::open(url, "lockstep:suggest").await?;
    let mut snapshot = connect::snapshot(&mut conn).await?;
    let catalog = introspect::read(&mut snapshot, Scope::default()).await?;
    let counts = rows::counts(&mut snapshot, &lookup::candidates(&catalog), COUNTED).await?;
    let mut faults = Vec::new();
    for table in &set.tables {
        faults.extend(lookup::pinned_are_there(&catalog, table).err());
        faults.extend(match lookup::shape(&catalog, table) {
            Ok(Some(_)) => rows::filtered(&mut snapshot, table).await.err(),
            Ok(None) => Some(missing(table)),
            Err(problem) => Some(problem),
        });
    }
    drop(snapshot);
    connect::close(conn).await;
    Ok(Survey { suggestions: lookup::suggest(&catalog, &counts), faults })
}

fn missing(lookup: &LookupTable) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("The first environment has no table {}.", lookup.table.shown()))
        .way_out("Correct its name, or take it out of the lookup set.")
}

fn broken(result: &CheckResult) -> Problem {
    let rows = match result.offending {
        Some(1) => "1 row breaks it".to_owned(),
        Some(rows) => format!("{rows} rows break it"),
        None => "It is not known whether it holds".to_owned(),
    };
    let samples = if result.samples.is_empty() { String::new() } else { format!(", for example {}", result.samples.join("; ")) };
    Problem::new(ProblemKind::Conflict, format!("This does not hold yet: {}.", result.check.expects.trim_end_matches('.')))
        .because(format!("{rows}{samples}."))
        .way_out(&result.check.way_out)
}

fn warnings(content: &Content, target: &Catalog, checks: &[CheckResult], triggers_off: bool) -> Vec<String> {
    let unanswered = checks.iter().filter(|check| check.offending.is_none()).map(|check| {
        let why = check.samples.first().map_or("", String::as_str);
        format!("It is not known whether this holds: {} {why}", check.check.expects).trim_end().to_owned()
    });
    let gone = content.lookup_set.tables.iter().filter(|table| !content.lookup.iter().any(|rows| rows.table == table.table));
    let gone = gone.map(|table| format!("The lookup table {} is not in the release.", table.table.shown()));
    let fires = content.lookup.iter().flat_map(|rows| triggers(target, rows, triggers_off));
    unanswered.chain(gone).chain(fires).collect()
}

/// Triggers see the sync as they see every write, unless the policy keeps them off. Those for replicas see neither.
fn triggers<'a>(target: &'a Catalog, rows: &'a TableDigest, off: bool) -> impl Iterator<Item = String> + 'a {
    let does = if off { "stays off while" } else { "fires when" };
    target.objects.iter().filter_map(move |(id, object)| match object {
        Object::Trigger(trigger) if matches!(trigger.enabled, 'O' | 'A') && within(target, &id.qname(), &rows.table) => {
            Some(format!("The trigger {} of {} {does} its lookup rows are written.", id.part, id.qname().shown()))
        }
        _ => None,
    })
}

/// Whether it is the table or one of its partitions.
fn within(catalog: &Catalog, name: &QName, table: &QName) -> bool {
    let parent = || catalog.table(&ObjectId::table(name))?.partition_of.as_ref();
    name == table || parent().is_some_and(|of| within(catalog, &of.parent, table))
}
