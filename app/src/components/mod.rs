//! What pages are made of. Components take props and never call the server.

pub mod badge;
pub mod dialog;
pub mod field;
pub mod frame;
pub mod icon;
pub mod loaded;
pub mod moment;
pub mod notice;
pub mod pager;
pub mod tabs;

pub use badge::{Badge, Tone};
pub use dialog::Dialog;
pub use field::{Field, TextArea};
pub use frame::{Empty, Heading};
pub use icon::{Icon, Sign};
pub use loaded::loaded;
pub use moment::Moment;
pub use notice::{Answer, Refusal};
pub use pager::Pager;
pub use tabs::{Tab, Tabs};
