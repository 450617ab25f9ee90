//! The lookup rows of a release against those of a database, in two steps: tables whose digests are equal are done without a row being
//! sent; of the others both sides are read once, in the order of places, side by side. Only what differs is kept in memory.

use super::super::Result;
use super::super::batches::{Batches, Rows, collected};
use super::reading::Reading;
use super::{encoding, rows};
use crate::catalog::{Catalog, QName};
use crate::lookup::lines::row;
use crate::lookup::{
    self, Choice, Comparison, Facts, Frame, Lines, LookupSet, LookupTable, Part, Question, Row, Shape, TableDiff, TableDigest,
    TableRows,
};
use crate::problem::{Problem, ProblemKind};
use futures::TryStreamExt;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// What is known of the rows of one side, and where they can be had.
pub struct Source<'a> {
    pub tables: &'a [TableDigest],
    pub rows: &'a mut (dyn Rows + 'static),
}

/// What is held against a target.
pub struct Sides<'a> {
    pub set: &'a LookupSet,
    /// The schema as it will be.
    pub schema: &'a Catalog,
    pub release: Source<'a>,
    /// The release last promoted there.
    pub promoted: Option<Source<'a>>,
    pub deletes_allowed: bool,
    pub choices: &'a [Choice],
}

/// `target` knows the digests of the set.
pub async fn compare(sides: Sides<'_>, target: &mut Reading) -> Result<Comparison> {
    let Sides { set, schema, mut release, mut promoted, deletes_allowed, choices } = sides;
    let Reading { conn, catalog, tables } = target;
    let frame = Frame { set, release: schema, target: catalog, deletes_allowed, choices };
    let entangled = lookup::entangled(schema, release.tables);
    let (mut parts, mut problems) = (Vec::new(), Vec::new());
    for one in set.tables.iter().filter(|one| !entangled.contains(&one.table)) {
        let Some(wanted) = find(release.tables, &one.table) else {
            problems.extend(lookup::shape(schema, one).err());
            continue;
        };
        let now = find(tables, &one.table);
        let diff = TableDiff::new(&frame, one, &wanted.shape, now.map(|now| &now.shape), None);
        match (diff, now) {
            (Err(problem), _) => problems.push(problem),
            (Ok(_), Some(now)) if same(one, wanted, now) => parts.push(frame.same(one, &wanted.shape, &now.shape, now.digest)),
            (Ok(_), _) => match streamed(&frame, one, &mut release, promoted.as_mut(), now, conn).await? {
                Ok(part) => parts.push(part),
                Err(problem) => problems.push(problem),
            },
        }
    }
    if !entangled.is_empty() {
        let (more, found) = together(&frame, &entangled, &mut release, promoted.as_mut(), tables, conn).await?;
        parts.extend(more);
        problems.extend(found);
    }
    if let Some(encoding) = encoding::narrow(conn).await? {
        let mut writable = Vec::new();
        for part in parts {
            match encoding::unwritable(conn, &encoding, &part.changes).await? {
                None => writable.push(part),
                Some(problem) => problems.push(problem),
            }
        }
        parts = writable;
    }
    let facts = ask(&frame, &parts, conn).await?;
    let from = lookup::fingerprint(tables.iter().map(|one| one.counted(set)));
    Ok(frame.conclude(parts, problems, &facts, from))
}

fn find<'t>(tables: &'t [TableDigest], table: &QName) -> Option<&'t TableDigest> {
    tables.iter().find(|one| one.table == *table)
}

fn same(lookup: &LookupTable, wanted: &TableDigest, now: &TableDigest) -> bool {
    fn columns<'s>(lookup: &LookupTable, shape: &'s Shape) -> Vec<(&'s str, &'s str)> {
        let counted = shape.counted(lookup).into_iter().filter_map(|at| shape.columns.get(at));
        counted.map(|column| (column.name.as_str(), column.type_name.as_str())).collect()
    }
    wanted.digest == now.digest && columns(lookup, &wanted.shape) == columns(lookup, &now.shape)
}

/// Both sides of one table side by side. What the outer result says is that a side cannot be read, the inner one that the table is refused.
async fn streamed(
    frame: &Frame<'_>,
    lookup: &LookupTable,
    release: &mut Source<'_>,
    promoted: Option<&mut Source<'_>>,
    now: Option<&TableDigest>,
    conn: &mut PgConnection,
) -> Result<Result<Part>> {
    let Some(wanted) = find(release.tables, &lookup.table) else { return Ok(Err(missing(&lookup.table))) };
    let last = promoted.and_then(|last| Some((find(last.tables, &lookup.table)?, last)));
    let shape = now.map(|now| now.shape.ordered_as(&wanted.shape));
    let mut diff = TableDiff::new(frame, lookup, &wanted.shape, shape.as_ref(), last.as_ref().map(|(table, _)| &table.shape))?;
    let skips = now.is_some_and(|now| diff.skip(now.digest));
    let last = match last {
        Some((table, last)) if diff.takes_promoted() => Some(Cursor::open(last.rows.rows(lookup, &table.shape), &table.shape)),
        _ => None,
    };
    let now = shape.as_ref().map(|shape| Cursor::open(rows::placed(conn, lookup, shape), shape));
    let release = Some(Cursor::open(release.rows.rows(lookup, &wanted.shape), &wanted.shape));
    let mut cursors = [release, now, last];
    futures::future::try_join_all(cursors.iter_mut().flatten().map(Cursor::fill)).await?;
    loop {
        if let ([Some(release), Some(now), _], true) = (&mut cursors, skips) {
            pass_alike(release, now).await?;
        }
        let Some(place) = cursors.iter().flatten().filter_map(|cursor| cursor.place).min() else { break };
        let mut rows = [Vec::new(), Vec::new(), Vec::new()];
        for (cursor, rows) in cursors.iter_mut().zip(&mut rows) {
            if let Some(cursor) = cursor {
                cursor.take(place, rows).await?;
            }
        }
        let [release, now, last] = rows;
        if let Err(problem) = diff.place(&release, &now, &last) {
            return Ok(Err(problem));
        }
    }
    Ok(diff.finish())
}

fn missing(table: &QName) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("The release has no rows of {}.", table.shown()))
}

/// Passes over the lines that are next on both sides and the same: such rows are equal, and stand in the same places.
async fn pass_alike(one: &mut Cursor<'_>, other: &mut Cursor<'_>) -> Result<()> {
    loop {
        let alike = alike(one.rest(), other.rest());
        if alike == 0 {
            return Ok(());
        }
        one.pass(alike).await?;
        other.pass(alike).await?;
    }
}

/// How many bytes of whole lines both begin with.
fn alike(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let blocks = one.chunks_exact(256).zip(other.chunks_exact(256)).take_while(|(one, other)| one == other).count() * 256;
    let [one_rest, other_rest] = [one, other].map(|bytes| bytes.get(blocks..).unwrap_or_default());
    let same = blocks + one_rest.iter().zip(other_rest).take_while(|(one, other)| one == other).count();
    let lines = one.get(..same).and_then(|same| same.iter().rposition(|byte| *byte == b'\n'));
    lines.map_or(0, |end| end + 1)
}

/// The rows of one side that wait to be taken.
struct Cursor<'s> {
    batches: Batches<'s>,
    shape: &'s Shape,
    lines: Lines,
    /// Where in them the next line begins.
    at: usize,
    /// Of the next line; none when all were taken.
    place: Option<i64>,
}

impl<'s> Cursor<'s> {
    fn open(batches: Batches<'s>, shape: &'s Shape) -> Self {
        Self { batches, shape, lines: Lines::default(), at: 0, place: None }
    }

    fn rest(&self) -> &str {
        self.lines.from(self.at)
    }

    /// Sees to it that the next line is there.
    async fn fill(&mut self) -> Result<()> {
        let reached = self.place.unwrap_or(i64::MIN);
        self.place = loop {
            if let Some(line) = self.lines.at(self.at) {
                break Some(self.shape.place_in(line));
            }
            match self.batches.try_next().await? {
                Some(lines) => (self.lines, self.at) = (lines, 0),
                None => break None,
            }
        };
        if self.place.is_some_and(|place| place < reached) {
            return Err(Problem::new(ProblemKind::Unsupported, "The rows do not come in the order of their places.")
                .because("The server hashes texts otherwise than other PostgreSQL servers do.")
                .way_out("Take the table out of the lookup set."));
        }
        Ok(())
    }

    async fn pass(&mut self, bytes: usize) -> Result<()> {
        self.at += bytes;
        self.fill().await
    }

    async fn take(&mut self, place: i64, rows: &mut Vec<Row>) -> Result<()> {
        while let Some(line) = self.lines.at(self.at).filter(|_| self.place == Some(place)) {
            rows.push(row(line));
            let bytes = line.len() + 1;
            self.pass(bytes).await?;
        }
        Ok(())
    }
}

/// Tables with numbers of their own, and those that refer to them: what they are called in the target is known when all are read.
async fn together(
    frame: &Frame<'_>,
    entangled: &BTreeSet<QName>,
    release: &mut Source<'_>,
    promoted: Option<&mut Source<'_>>,
    tables: &[TableDigest],
    conn: &mut PgConnection,
) -> Result<(Vec<Part>, Vec<Problem>)> {
    let wanted = all(frame, entangled, release.tables, release.rows).await?;
    let promoted = match promoted {
        Some(last) => Some(all(frame, entangled, last.tables, last.rows).await?),
        None => None,
    };
    let now = all(frame, entangled, tables, conn).await?;
    Ok(lookup::held(frame, &wanted, &now, promoted.as_deref(), |table| entangled.contains(table)))
}

async fn all(
    frame: &Frame<'_>,
    wanted: &BTreeSet<QName>,
    tables: &[TableDigest],
    source: &mut dyn Rows,
) -> Result<Vec<TableRows>> {
    let mut read = Vec::new();
    for TableDigest { table, shape, .. } in tables.iter().filter(|one| wanted.contains(&one.table)) {
        let Some(lookup) = frame.set.find(table) else { continue };
        let rows = collected(source.rows(lookup, shape)).await?;
        read.push(TableRows::new(table, shape, rows));
    }
    Ok(read)
}

/// What the target says of rows that were not compared.
async fn ask(frame: &Frame<'_>, parts: &[Part], conn: &mut PgConnection) -> Result<Facts> {
    let mut facts = Facts::default();
    for question in lookup::questions(frame, parts) {
        if let Question::Highest { table, column } = question {
            let highest = rows::highest(conn, &table, &column).await?;
            facts.highest.extend(highest.map(|highest| ((table, column), highest)));
            continue;
        }
        let table = question.table();
        let shape = parts.iter().find(|part| part.changes.table == *table).and_then(|part| part.now.as_ref());
        let Some((lookup, shape)) = frame.set.find(table).zip(shape) else { continue };
        let rows = match &question {
            Question::Rows { columns, values, .. } => rows::matching(conn, lookup, shape, columns, values).await?,
            _ => {
                facts.whole.insert(table.clone());
                collected(rows::placed(conn, lookup, shape)).await?
            }
        };
        facts.add(table, shape, rows);
    }
    Ok(facts)
}
