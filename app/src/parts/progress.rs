//! How far a task is: a bar of its statuses, drawn as SVG, with the numbers in its accessible name.

use leptos::prelude::*;
use model::{listing::grouped, task::Progress};

/// The bar's width in its own units.
const WIDTH: i64 = 1000;
/// The gap between two parts, and the least width of a part that is not empty.
const GAP: i64 = 10;
const LEAST: i64 = 40;

/// The bar, and `861 / 1,240` beside it.
#[component]
pub fn ProgressBar(
    /// The numbers.
    progress: Progress,
    /// A word in place of the figures: what became of a task that is gone.
    #[prop(default = None)]
    gone: Option<&'static str>,
) -> impl IntoView {
    let figures = || format!("{} / {}", grouped(progress.completed), grouped(progress.count()));
    let (beside, unsaid) = gone.map_or_else(|| (figures(), Some("true")), |word| (word.to_owned(), None));
    view! {
        <span class="progress">
            <Bar words=words(progress) parts=progress.parts().map(|(status, number)| (status.code(), number)).to_vec() />
            <span class=gone.map(|_| "gone") aria-hidden=unsaid>{beside}</span>
        </span>
    }
}

/// How many messages are out, wait and failed. The page says the numbers in a sentence beside it.
#[component]
pub fn SentBar(
    /// Out.
    sent: i64,
    /// Waiting.
    waiting: i64,
    /// Failed.
    failed: i64,
) -> impl IntoView {
    let words = format!("{} sent, {} waiting, {} failed", grouped(sent), grouped(waiting), grouped(failed));
    let parts = vec![("completed", sent), ("waiting", waiting), ("expired", failed)];
    view! {
        <span class="progress whole">
            <Bar words parts />
        </span>
    }
}

/// How far an act over many enrollments is.
#[component]
pub fn ActBar(
    /// Done.
    done: i64,
    /// Left out.
    left: i64,
    /// Still to be done.
    waiting: i64,
) -> impl IntoView {
    let words = format!("{} done, {} left out, {} to go", grouped(done), grouped(left), grouped(waiting));
    let parts = vec![("completed", done), ("waiting", waiting), ("expired", left)];
    view! {
        <span class="progress whole">
            <Bar words parts />
        </span>
    }
}

/// Parts side by side in their colours.
#[component]
fn Bar(words: String, parts: Vec<(&'static str, i64)>) -> impl IntoView {
    let mut x = 0;
    let parts = widths(&parts).into_iter().map(|(class, width)| {
        let part = view! { <rect class=class x=x.to_string() y="0" width=width.to_string() height="80" /> };
        x += width + GAP;
        part
    });
    let parts = parts.collect_view();
    view! {
        <svg class="bar" viewBox="0 0 1000 80" preserveAspectRatio="none" role="img" aria-label=words>
            {parts}
        </svg>
    }
}

fn words(progress: Progress) -> String {
    let parts = progress.parts().map(|(status, number)| format!("{} {}", grouped(number), status.name().to_lowercase()));
    format!("{} of {} completed: {}", grouped(progress.completed), grouped(progress.count()), parts.join(", "))
}

/// The class and width of each part that is not empty: in proportion, but never too narrow to be seen.
fn widths(parts: &[(&'static str, i64)]) -> Vec<(&'static str, i64)> {
    let parts: Vec<_> = parts.iter().filter(|(_, number)| *number > 0).collect();
    let count: i64 = parts.iter().map(|(_, number)| number).sum();
    let places = i64::try_from(parts.len()).unwrap_or(0);
    let room = WIDTH - GAP * (places - 1).max(0) - LEAST * places;
    let share =
        |number: i64| LEAST + i64::try_from(i128::from(room) * i128::from(number) / i128::from(count.max(1))).unwrap_or(0);
    parts.into_iter().map(|(class, number)| (*class, share(*number))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_stand_in_the_accessible_name() {
        let progress = Progress { completed: 861, active: 1342, locked: 9, expired: 28 };
        assert_eq!(words(progress), "861 of 2,240 completed: 861 completed, 1,342 active, 9 locked, 28 expired");
    }

    #[test]
    fn one_among_ten_thousand_can_still_be_seen_and_the_bar_never_overflows() {
        let widths = widths(&[("completed", 9_999), ("active", 0), ("locked", 1), ("expired", 0)]);
        assert_eq!(widths.len(), 2);
        assert!(widths.iter().all(|(_, width)| *width >= LEAST));
        assert!(widths.iter().map(|(_, width)| width).sum::<i64>() + GAP <= WIDTH);
    }

    #[test]
    fn an_empty_task_has_an_empty_bar() {
        assert_eq!(widths(&[("completed", 0), ("active", 0)]), []);
    }
}
