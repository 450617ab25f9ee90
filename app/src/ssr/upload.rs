//! A file that a form brings. Nothing of it is read before it is known that the person may bring it, and never more than is allowed.

use super::{actor, answer_at, console, encode};
use crate::error::AppError;
use crate::forms::{LARGEST_ARCHIVE, too_large};
use axum::body::Bytes;
use futures::{Stream, StreamExt};
use leptos::server_fn::codec::MultipartData;
use lockstep::engine::data;
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{EnvironmentId, ReleaseSummary};
use tokio::sync::Semaphore;

/// The files of so many people at once are in memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Longer than any version or notes that are accepted: the use-case says what is wrong with them.
const LONGEST_TEXT: usize = 64 * 1024;

/// Proxies refuse addresses of more than 8 KB.
const LONGEST_PAGE: usize = 4000;

/// The form of the page.
#[derive(Default)]
struct Import {
    target: Option<EnvironmentId>,
    version: String,
    notes: String,
    archive: Vec<u8>,
}

/// Takes the archive of the form; what was typed into a form without JavaScript comes back with a refusal.
pub async fn import(form: MultipartData) -> Result<(ReleaseSummary, EnvironmentId), AppError> {
    let mut import = Import::default();
    let release = take(form, &mut import).await;
    let page = import.page();
    answer_at(release, page).await
}

async fn take(form: MultipartData, import: &mut Import) -> Result<(ReleaseSummary, EnvironmentId), Problem> {
    let console = console();
    let actor = actor().await?;
    data::may_import(&console, &actor).await?;
    let _place = AT_ONCE.try_acquire().map_err(|_| {
        Problem::new(ProblemKind::Throttled, "Other people are importing files just now.").way_out("Try again in a minute.")
    })?;
    import.read(form).await?;
    let target = import.target.ok_or_else(unread)?;
    let archive = std::mem::take(&mut import.archive);
    if archive.is_empty() {
        return Err(Problem::new(ProblemKind::Invalid, "No file was chosen, or it is empty.").way_out("Choose an archive."));
    }
    let release = data::import(&console, &actor, target, archive, &import.version, &import.notes).await?;
    Ok((release, target))
}

impl Import {
    /// The file comes last, so that a refused one loses nothing else.
    async fn read(&mut self, form: MultipartData) -> Result<(), Problem> {
        let mut parts = form.into_inner().ok_or_else(unread)?;
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            match part.name() {
                Some("target") => self.target = Some(EnvironmentId(text(part).await?.parse().map_err(|_| unread())?)),
                Some("version") => self.version = text(part).await?,
                Some("notes") => self.notes = text(part).await?,
                Some("archive") => self.archive = bytes(part, LARGEST_ARCHIVE).await?.ok_or_else(too_large)?,
                _ => return Err(unread()),
            }
        }
        Ok(())
    }

    /// The page of the form with what was typed; a browser lets nobody fill in a file.
    fn page(&self) -> Option<String> {
        let page = format!("/environments/{}/import?version={}", self.target?.0, encode(&self.version));
        let whole = format!("{page}&notes={}", encode(&self.notes));
        Some(whole).filter(|whole| whole.len() <= LONGEST_PAGE).or(Some(page))
    }
}

fn unread() -> Problem {
    Problem::new(ProblemKind::Invalid, "The form could not be read.").way_out("Fill in every field, then try again.")
}

fn broken() -> Problem {
    Problem::new(ProblemKind::Invalid, "The file did not arrive whole.")
        .because("The connection broke, or was too slow.")
        .way_out("Send it again.")
}

async fn text<E>(part: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Result<String, Problem> {
    let bytes = bytes(part, LONGEST_TEXT).await?.ok_or_else(unread)?;
    String::from_utf8(bytes).map_err(|_| unread())
}

/// None when there are more than `largest`.
async fn bytes<E>(mut part: impl Stream<Item = Result<Bytes, E>> + Unpin, largest: usize) -> Result<Option<Vec<u8>>, Problem> {
    let mut all = Vec::new();
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|_| broken())?;
        if all.len() + piece.len() > largest {
            return Ok(None);
        }
        all.extend_from_slice(&piece);
    }
    Ok(Some(all))
}
