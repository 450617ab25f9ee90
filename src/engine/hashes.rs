//! Rows as hashes, sorted: enough to count which rows one side has and the other has not, however many there are.

use super::Result;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use std::cmp::Ordering;

pub type Hashes<'a> = BoxStream<'a, Result<i64>>;

/// Where the hashes of the tables of a backup can be had.
pub trait Kept: Send {
    /// Of the table at this place among those that the backup holds.
    fn hashes(&mut self, at: usize) -> Hashes<'_>;
}

/// How many on the left have no equal on the right, and the other way round.
pub async fn unmatched(mut left: Hashes<'_>, mut right: Hashes<'_>) -> Result<(u64, u64)> {
    let (mut only_left, mut only_right) = (0, 0);
    let (mut l, mut r) = (left.try_next().await?, right.try_next().await?);
    loop {
        let order = match (l, r) {
            (None, None) => return Ok((only_left, only_right)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(&other),
        };
        if order.is_le() {
            l = left.try_next().await?;
        }
        if order.is_ge() {
            r = right.try_next().await?;
        }
        only_left += u64::from(order.is_lt());
        only_right += u64::from(order.is_gt());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream::{self, StreamExt};

    #[tokio::test]
    async fn each_row_meets_one_equal_row() {
        let side = |hashes: &[i64]| stream::iter(hashes.to_vec()).map(Ok).boxed();
        for (left, right, expected) in [
            (&[][..], &[][..], (0, 0)),
            (&[1, 2, 3], &[1, 2, 3], (0, 0)),
            (&[1, 1, 2], &[1, 2, 2], (1, 1)),
            (&[-5, 7], &[], (2, 0)),
            (&[4], &[1, 2, 3, 4, 9], (0, 4)),
        ] {
            assert_eq!(unmatched(side(left), side(right)).await.unwrap(), expected, "{left:?} {right:?}");
        }
    }
}
