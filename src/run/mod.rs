//! One execution of an approved promotion. Its status comes only from folding its numbered events.

pub mod event;
pub mod view;

pub use crate::promotion::RunId;
pub use event::{Event, EventKind, Step, size, took};
pub use view::{RunView, StepStatus, StepView};
