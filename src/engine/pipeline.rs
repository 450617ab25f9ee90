//! The pipeline page: where each environment stands and what waits between neighbours.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{Pair, Pipeline};

pub async fn pipeline(_console: &Console, _actor: &Actor) -> Result<Pipeline> {
    unbuilt()
}

/// All ordered pairs of environments with the reason why a release may not go from the one to the other.
pub async fn pairs(_console: &Console, _actor: &Actor) -> Result<Vec<Pair>> {
    unbuilt()
}
