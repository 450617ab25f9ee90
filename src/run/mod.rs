//! One execution of an approved promotion. Its status comes only from folding its numbered events.

pub mod event;
pub mod view;

pub use event::{Event, EventKind, Step};
pub use view::{RunView, StepStatus, StepView};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub Uuid);
