//! Server functions: the actor, one use-case, the error in words. Each is a public endpoint under `/api/`; the use-case decides
//! who may call it.

pub mod environments;
pub mod history;
pub mod lookup_data;
pub mod people;
pub mod pipeline;
pub mod preview;
pub mod promotion;
pub mod session;
