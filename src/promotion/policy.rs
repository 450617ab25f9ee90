//! Where a release may go: one environment further, after it has succeeded in the one before.

use super::{Environment, EnvironmentId, PromotionId};
use crate::problem::{Problem, ProblemKind};

/// Refuses every pair but neighbours in the direction of the pipeline.
pub fn pair(from: &Environment, to: &Environment) -> Result<(), Problem> {
    let steps = to.rank - from.rank;
    let what = match steps {
        1 => return Ok(()),
        0 => "A release does not go from an environment to itself.".to_owned(),
        steps if steps < 0 => {
            format!("{} comes before {} in the pipeline, and releases move forward.", to.label, from.label)
        }
        _ => format!("{} does not come directly after {}, and releases skip no environment.", to.label, from.label),
    };
    Err(Problem::new(ProblemKind::Invalid, what).way_out("Choose two neighbours of the pipeline, from left to right."))
}

/// Where a release comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was frozen from an environment.
    Frozen,
    /// It came in a file.
    File,
    /// It takes back what a promotion did: chosen rows, or the whole.
    Undo { of: PromotionId, whole: bool },
    /// It is what the backup of a promotion's run holds.
    Restore { of: PromotionId },
}

/// What is known of a release when it asks to enter an environment.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub version: &'a str,
    /// That which it was frozen from, imported for or takes something back in.
    pub source: EnvironmentId,
    pub origin: Origin,
    /// Where a promotion of it has succeeded.
    pub succeeded_in: &'a [EnvironmentId],
}

/// Refuses a release that has not been where it must have been. Nothing is promoted into the first environment, so what was frozen
/// there has passed it. What came in a file starts in one of the first two, unless the target asks for no predecessor; what takes a
/// promotion back goes nowhere but where that went. `pipeline` is in rank order.
pub fn may_enter(release: Past<'_>, target: &Environment, pipeline: &[Environment]) -> Result<(), Problem> {
    if let Origin::Undo { .. } | Origin::Restore { .. } = release.origin {
        return undoes(release, target);
    }
    let imported = release.origin == Origin::File;
    if imported && (!target.policy.upstream_first || pipeline.iter().take(2).any(|early| early.id == target.id)) {
        return Ok(());
    }
    let Some(before) = pipeline.iter().rev().find(|environment| environment.rank < target.rank) else {
        return Err(Problem::new(
            ProblemKind::Invalid,
            format!("{} is the first environment: releases start there and nothing is promoted into it.", target.label),
        ));
    };
    let first = pipeline.first().is_some_and(|first| first.id == before.id);
    let frozen_there = !imported && release.source == before.id && (first || !target.policy.upstream_first);
    if frozen_there || release.succeeded_in.contains(&before.id) {
        return Ok(());
    }
    let (what, way_out) = if first {
        (
            format!("Release {} was not frozen from {}, and {} takes nothing else.", release.version, before.label, target.label),
            format!("Freeze a release from {}.", before.label),
        )
    } else {
        (
            format!(
                "Release {} has not succeeded in {}, and {} takes nothing else.",
                release.version, before.label, target.label
            ),
            format!("Promote it into {} first.", before.label),
        )
    };
    Err(Problem::new(ProblemKind::Conflict, what).way_out(way_out))
}

fn undoes(release: Past<'_>, target: &Environment) -> Result<(), Problem> {
    if release.source == target.id {
        return Ok(());
    }
    let what = format!(
        "Release {} takes a promotion into another environment back, and {} takes nothing of that.",
        release.version, target.label
    );
    Err(Problem::new(ProblemKind::Invalid, what).way_out("Promote it into the environment whose promotion it takes back."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::Policy;
    use uuid::Uuid;

    fn pipeline(upstream_first: bool) -> Vec<Environment> {
        ["Development", "Test", "Production"]
            .into_iter()
            .zip(0_i32..)
            .map(|(label, rank)| Environment {
                id: EnvironmentId(Uuid::from_u128(rank.unsigned_abs().into())),
                name: label.to_lowercase(),
                label: label.to_owned(),
                rank,
                connection: String::new(),
                host: None,
                policy: Policy { upstream_first, ..Policy::default() },
            })
            .collect()
    }

    #[test]
    fn only_neighbours_in_the_direction_of_the_pipeline_are_a_pair() {
        let all = pipeline(true);
        let mut legal = Vec::new();
        for from in &all {
            for to in &all {
                if pair(from, to).is_ok() {
                    legal.push((from.rank, to.rank));
                }
            }
        }
        assert_eq!(legal, [(0, 1), (1, 2)]);
        assert!(pair(&all[0], &all[2]).unwrap_err().what.contains("skip no environment"));
        assert!(pair(&all[2], &all[1]).unwrap_err().what.contains("move forward"));
    }

    #[test]
    fn a_release_enters_only_after_the_environment_before() {
        // Frozen from, succeeded in, target, upstream first -> may enter.
        let cases: &[(usize, &[usize], usize, bool, bool)] = &[
            (0, &[], 0, true, false),
            (0, &[], 1, true, true),
            (0, &[], 2, true, false),
            (0, &[1], 2, true, true),
            (0, &[], 2, false, false),
            (1, &[], 2, true, false),
            (1, &[], 2, false, true),
            (2, &[], 1, true, false),
        ];
        for (source, succeeded, target, upstream_first, expected) in cases {
            let all = pipeline(*upstream_first);
            let succeeded_in: Vec<EnvironmentId> = succeeded.iter().map(|at| all[*at].id).collect();
            let past = Past { version: "1.4", source: all[*source].id, origin: Origin::Frozen, succeeded_in: &succeeded_in };
            let found = may_enter(past, &all[*target], &all);
            assert_eq!(found.is_ok(), *expected, "{source} {succeeded:?} {target} {upstream_first}: {found:?}");
        }
    }

    #[test]
    fn what_came_in_a_file_starts_early_or_where_no_predecessor_is_asked_for() {
        for (succeeded, target, upstream_first, expected) in
            [(&[][..], 0, true, true), (&[], 1, true, true), (&[], 2, true, false), (&[1], 2, true, true), (&[], 2, false, true)]
        {
            let all = pipeline(upstream_first);
            let succeeded_in: Vec<EnvironmentId> = succeeded.iter().map(|at: &usize| all[*at].id).collect();
            let past = Past { version: "data", source: all[1].id, origin: Origin::File, succeeded_in: &succeeded_in };
            assert_eq!(may_enter(past, &all[target], &all).is_ok(), expected, "{succeeded:?} {target} {upstream_first}");
        }
    }
}
