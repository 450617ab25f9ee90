//! What pages are made of. Components take props and never call the server.

pub mod badge;
pub mod cards;
pub mod copy;
pub mod dialog;
pub mod diff;
pub mod field;
pub mod frame;
pub mod icon;
pub mod loaded;
pub mod moment;
pub mod notice;
pub mod outcome;
pub mod pager;
pub mod preview;
pub mod promotion_list;
pub mod rows;
pub mod run_board;
pub mod stage;
pub mod tabs;
pub mod timeline;

pub use badge::{Badge, Tone};
pub use cards::Cards;
pub use copy::Copy;
pub use dialog::Dialog;
pub use field::{Field, TextArea};
pub use frame::{Empty, Heading};
pub use icon::{Icon, Sign};
pub use loaded::loaded;
pub use moment::{Clock, Moment};
pub use notice::{Answer, ProblemText, Refusal};
pub use outcome::{OutcomeBanner, Standing};
pub use pager::Pager;
pub use promotion_list::PromotionList;
pub use tabs::{Tab, Tabs};
