//! Reading whole sides: a release from a source, and what a release would do to a target.

use super::super::{Result, unbuilt};
use super::connect::TargetUrl;
use crate::catalog::Fingerprint;
use crate::lookup::{LookupSet, Suggestion};
use crate::promotion::{Policy, Preview};
use crate::release::Content;

/// Reads the source in one snapshot.
pub async fn freeze(_url: &TargetUrl, _set: &LookupSet) -> Result<Content> {
    unbuilt()
}

/// What is to be previewed.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub content: &'a Content,
    /// Digest of `content`.
    pub release: &'a Fingerprint,
    pub url: &'a TargetUrl,
    /// The environment's name, sealed with the request.
    pub target: &'a str,
    pub policy: &'a Policy,
}

/// Reads the target in one snapshot and says what the release would do to it.
pub async fn preview(_question: &Question<'_>) -> Result<Preview> {
    unbuilt()
}

/// Tables that look like lookup tables, with their rows counted.
pub async fn suggest(_url: &TargetUrl) -> Result<Vec<Suggestion>> {
    unbuilt()
}
