//! One object before and after, side by side; on phones one above the other.

use leptos::prelude::*;
use similar::{DiffTag, TextDiff};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Same,
    Removed,
    Added,
    /// Keeps both sides level.
    Filler,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Same => "diff__line",
            Self::Removed => "diff__line diff__line--removed",
            Self::Added => "diff__line diff__line--added",
            Self::Filler => "diff__line diff__line--filler",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Removed => "−",
            Self::Added => "+",
            Self::Same | Self::Filler => " ",
        }
    }
}

type Side = Vec<(Mark, String)>;

/// The lines of both sides, filled up so that equal lines stand at the same height.
fn sides(before: &str, after: &str) -> (Side, Side) {
    let diff = TextDiff::from_lines(before, after);
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let (mut left, mut right) = (Side::new(), Side::new());
    for op in diff.ops() {
        let (changed_left, changed_right) =
            if op.tag() == DiffTag::Equal { (Mark::Same, Mark::Same) } else { (Mark::Removed, Mark::Added) };
        let take = |lines: &[&str], range: std::ops::Range<usize>, mark: Mark| -> Side {
            let end = range.end.min(lines.len());
            lines[range.start.min(end)..end].iter().map(|line| (mark, (*line).to_owned())).collect()
        };
        left.extend(take(&old, op.old_range(), changed_left));
        right.extend(take(&new, op.new_range(), changed_right));
        let level = left.len().max(right.len());
        left.resize(level, (Mark::Filler, String::new()));
        right.resize(level, (Mark::Filler, String::new()));
    }
    (left, right)
}

#[component]
pub fn BeforeAfter(before: Option<String>, after: Option<String>) -> impl IntoView {
    let (left, right) = match (&before, &after) {
        (Some(before), Some(after)) => sides(before, after),
        (Some(before), None) => (whole(before, Mark::Removed), Side::new()),
        (None, Some(after)) => (Side::new(), whole(after, Mark::Added)),
        (None, None) => (Side::new(), Side::new()),
    };
    view! {
        <div class="diff">
            <DiffSide title="Before" lines=left nothing="It does not exist." />
            <DiffSide title="After" lines=right nothing="It is gone." />
        </div>
    }
}

fn whole(text: &str, mark: Mark) -> Side {
    text.lines().map(|line| (mark, line.to_owned())).collect()
}

#[component]
fn DiffSide(title: &'static str, lines: Side, nothing: &'static str) -> impl IntoView {
    let body = if lines.is_empty() {
        view! { <p class="diff__nothing">{nothing}</p> }.into_any()
    } else {
        let lines = lines.into_iter().map(|(mark, text)| {
            view! {
                <div class=mark.class()>
                    <span class="diff__mark">{mark.sign()}</span>
                    <span class="diff__text">{text}</span>
                </div>
            }
        });
        view! { <div class="diff__code">{lines.collect_view()}</div> }.into_any()
    };
    view! {
        <div class="diff__side" role="group" aria-label=title>
            <strong class="diff__title">{title}</strong>
            {body}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, sides};

    #[test]
    fn equal_lines_stand_at_the_same_height() {
        let (left, right) = sides("a\nb\nc", "a\nx\ny\nc");
        assert_eq!(left.len(), right.len());
        assert_eq!(left.last(), right.last());
        assert_eq!(left.iter().filter(|(mark, _)| *mark == Mark::Filler).count(), 1);
    }
}
