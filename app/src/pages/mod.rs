//! One page per route: it loads and arranges; components draw.

mod approvals;
mod audit;
mod environment_form;
mod environments;
mod first_run;
mod history;
mod import;
mod in_database;
mod lookup_set;
mod missing;
mod password;
mod people;
mod pipeline;
mod preview;
mod promote;
mod promotion;
mod promotion_actions;
mod restore;
mod run;
mod sign_in;
mod top_bar;
mod undo;
mod undo_rows;

pub use approvals::ApprovalsPage;
pub use audit::AuditPage;
pub use environments::EnvironmentsPage;
pub use first_run::FirstRunPage;
pub use history::HistoryPage;
pub use import::ImportPage;
pub use missing::MissingPage;
pub use password::PasswordPage;
pub use people::PeoplePage;
pub use pipeline::PipelinePage;
pub use preview::PreviewPage;
pub use promote::PromotePage;
pub use promotion::PromotionPage;
pub use sign_in::SignInPage;
pub use top_bar::TopBar;

use crate::api::session::Frame;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use lockstep::access::{Action, allowed};
use lockstep::promotion::{RowKind, RowsWanted};
use uuid::Uuid;

/// The frame that the app loads once for every page.
#[derive(Clone, Copy)]
pub struct FrameContext(pub Resource<Result<Frame, AppError>>);

/// Whether the person may do `action`, once it is known. Only for what a page offers; the server decides.
async fn may(action: Action) -> bool {
    let FrameContext(frame) = expect_context();
    frame.await.ok().and_then(|frame| frame.person).is_some_and(|person| allowed(person.role, action))
}

/// Counts what was done; a refusal does not count, so that a form keeps what was typed into it.
fn done<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&usize>| match action.value().get() {
        Some(Ok(_)) => action.version().get(),
        _ => before.copied().unwrap_or(0),
    })
}

/// Loads the bar again after each act: what waits for the person may be less now.
fn refresh_frame(done: Memo<usize>) {
    let FrameContext(frame) = expect_context();
    Effect::new(move |before: Option<usize>| {
        let done = done.get();
        if before.is_some_and(|before| before != done) {
            frame.refetch();
        }
        done
    });
}

/// One value of the page's query; empty when it is not there.
fn query(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()))
}

/// All values of the page's query under one name.
fn queries(name: &'static str) -> Memo<Vec<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_all(name).unwrap_or_default()))
}

/// Which rows of a lookup table the page's address asks for.
fn rows_wanted() -> Memo<RowsWanted> {
    let query = use_query_map();
    Memo::new(move |_| {
        let get = |name| query.with(|query| query.get(name).unwrap_or_default());
        RowsWanted {
            table: get("table"),
            kind: RowKind::parse(&get("kind")),
            search: get("search"),
            page: get("page").parse().unwrap_or(0),
        }
    })
}

/// An id in the page's address; an impossible one names nothing, and the use-case says so.
fn id(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}
