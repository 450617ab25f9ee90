//! Archives of lookup data: a zip file with a manifest and one file of rows for each table.

use super::Result;
use crate::lookup::{LookupSet, TableRows};
use crate::problem::{Problem, ProblemKind};
use crate::release::archive::{Entry, MANIFEST, Manifest, damaged, foreign};
use std::io::{Cursor, Read, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The files of an archive are unpacked up to this, all together: what claims to be more is no lookup data.
const LARGEST: u64 = 1 << 30;

/// Whether a file begins as a zip file does.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// The archive of rows that were read with a set. Of the manifest given, only the tables are filled in.
pub fn write(mut manifest: Manifest, set: &LookupSet, rows: &[TableRows]) -> Result<(Manifest, Vec<u8>)> {
    let unwritten =
        |error: ZipError| Problem::new(ProblemKind::Internal, "The archive could not be written.").because(format!("{error}."));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut files = Vec::new();
    for (place, rows) in rows.iter().enumerate() {
        let Some(lookup) = set.find(&rows.table) else { continue };
        let (entry, text) = Entry::new(place, lookup, rows);
        files.push((entry.file.clone(), text));
        manifest.tables.push(entry);
    }
    let described = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Problem::new(ProblemKind::Internal, "The manifest could not be written.").because(format!("{error}."))
    })?;
    for (name, text) in std::iter::once((MANIFEST.to_owned(), described)).chain(files) {
        zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(unwritten)?;
        zip.write_all(text.as_bytes()).map_err(|error| unwritten(ZipError::Io(error)))?;
    }
    Ok((manifest, zip.finish().map_err(unwritten)?.into_inner()))
}

/// The manifest and the rows of all tables, checked against each other.
pub fn read(bytes: &[u8]) -> Result<(Manifest, Vec<TableRows>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match is_archive(bytes) {
        true => damaged(&format!("It cannot be opened: {error}.")),
        false => foreign("It is no zip file."),
    })?;
    let mut room = LARGEST;
    let Some(text) = file(&mut zip, MANIFEST, &mut room)? else { return Err(foreign(&format!("It has no {MANIFEST}."))) };
    let manifest = Manifest::parse(&text)?;
    let mut all = Vec::new();
    for entry in &manifest.tables {
        let text = file(&mut zip, &entry.file, &mut room)?.ok_or_else(|| damaged(&format!("{} is missing.", entry.file)))?;
        all.push(entry.read(&text)?);
    }
    Ok((manifest, all))
}

/// `room` is how much may still be unpacked.
fn file(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str, room: &mut u64) -> Result<Option<String>> {
    let unreadable = |why: String| damaged(&format!("{name} cannot be unpacked: {why}."));
    let file = match zip.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let mut text = String::new();
    file.take(*room + 1).read_to_string(&mut text).map_err(|error| unreadable(error.to_string()))?;
    *room = room
        .checked_sub(text.len() as u64)
        .ok_or_else(|| unreadable("the files of the archive are larger than 1 GiB together".to_owned()))?;
    Ok(Some(text))
}
