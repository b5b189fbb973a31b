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
) -> impl IntoView {
    let mut x = 0;
    let parts = widths(progress)
        .into_iter()
        .map(|(class, width)| {
            let part = view! { <rect class=class x=x.to_string() y="0" width=width.to_string() height="80" /> };
            x += width + GAP;
            part
        })
        .collect_view();
    let (completed, count) = (grouped(progress.completed), grouped(progress.count()));
    view! {
        <span class="progress">
            <svg class="bar" viewBox="0 0 1000 80" preserveAspectRatio="none" role="img" aria-label=words(progress)>
                {parts}
            </svg>
            <span aria-hidden="true">{completed} " / " {count}</span>
        </span>
    }
}

fn words(progress: Progress) -> String {
    let parts = progress.parts().map(|(status, number)| format!("{} {}", grouped(number), status.name().to_lowercase()));
    format!("{} of {} completed: {}", grouped(progress.completed), grouped(progress.count()), parts.join(", "))
}

/// The class and width of each part that is not empty: in proportion, but never too narrow to be seen.
fn widths(progress: Progress) -> Vec<(&'static str, i64)> {
    let parts: Vec<_> = progress.parts().into_iter().filter(|(_, number)| *number > 0).collect();
    let gaps = GAP * i64::try_from(parts.len().saturating_sub(1)).unwrap_or(0);
    let least = LEAST * i64::try_from(parts.len()).unwrap_or(0);
    let (room, count) = (WIDTH - gaps - least, progress.count().max(1));
    let share = |number: i64| LEAST + i64::try_from(i128::from(room) * i128::from(number) / i128::from(count)).unwrap_or(0);
    parts.into_iter().map(|(status, number)| (status.code(), share(number))).collect()
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
        let progress = Progress { completed: 9_999, active: 0, locked: 1, expired: 0 };
        let widths = widths(progress);
        assert_eq!(widths.len(), 2);
        assert!(widths.iter().all(|(_, width)| *width >= LEAST));
        assert!(widths.iter().map(|(_, width)| width).sum::<i64>() + GAP <= WIDTH);
    }

    #[test]
    fn an_empty_task_has_an_empty_bar() {
        assert_eq!(widths(Progress::default()), []);
    }
}
