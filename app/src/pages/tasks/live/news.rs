//! What changed in the rows, in words for a screen reader.

use model::{listing::grouped, task::TaskRow};

/// More tasks than so many are told as a number.
const FEW: usize = 3;

/// News that wait to be said, the newest of each task.
#[derive(Debug, Default)]
pub struct News(Vec<(i64, String)>);

impl News {
    /// Adds some. True for the first: somebody has to say them after a while.
    pub fn add(&mut self, heard: Vec<(i64, String)>) -> bool {
        let first = self.0.is_empty();
        for (task, sentence) in heard {
            self.0.retain(|(other, _)| *other != task);
            self.0.push((task, sentence));
        }
        first
    }

    /// What to say; nothing waits any more.
    pub fn take(&mut self) -> String {
        let news = std::mem::take(&mut self.0);
        if news.len() > FEW {
            return format!("{} tasks changed.", news.len());
        }
        let sentences: Vec<String> = news.into_iter().map(|(_, sentence)| sentence).collect();
        sentences.join(" ")
    }
}

/// What became of a task, where it is worth saying: not every mail that went out.
pub fn sentence(before: &TaskRow, now: &TaskRow) -> Option<(i64, String)> {
    let (was, is) = (before.progress, now.progress);
    let what = if before.outstanding && !now.outstanding {
        super::super::rows::gone(now)?.to_owned()
    } else if is.completed != was.completed {
        format!("{} of {} completed", grouped(is.completed), grouped(is.count()))
    } else if is.locked != was.locked {
        format!("{} locked", grouped(is.locked))
    } else if is.expired != was.expired {
        format!("{} expired", grouped(is.expired))
    } else if now.removed != before.removed {
        format!("{} removed", grouped(now.removed))
    } else {
        return None;
    };
    Some((now.number, format!("Task {}: {what}.", now.number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{authentication::AuthenticationType, day::Day, task::Progress};

    fn row(completed: i64, active: i64, removed: i64) -> TaskRow {
        TaskRow {
            number: 12,
            operator: "m.keller".into(),
            emailed_to: String::new(),
            start: Day::from_epoch(0),
            stop: Day::from_epoch(9),
            stop_from: None,
            kind: AuthenticationType::App,
            description: String::new(),
            progress: Progress { completed, active, ..Progress::default() },
            removed,
            outstanding: active > 0,
            edit_version: 1,
        }
    }

    fn said(before: &TaskRow, now: &TaskRow) -> Option<String> {
        sentence(before, now).map(|(_, sentence)| sentence)
    }

    #[test]
    fn what_became_of_a_task_is_said_in_one_sentence() {
        assert_eq!(said(&row(2, 8, 0), &row(3, 7, 0)).as_deref(), Some("Task 12: 3 of 10 completed."));
        assert_eq!(said(&row(2, 1, 0), &row(3, 0, 0)).as_deref(), Some("Task 12: completed."));
        assert_eq!(said(&row(0, 1, 0), &row(0, 0, 1)).as_deref(), Some("Task 12: removed."));
        assert_eq!(said(&row(0, 3, 0), &row(0, 2, 1)).as_deref(), Some("Task 12: 1 removed."));
        assert_eq!(said(&row(2, 8, 0), &TaskRow { emailed_to: "x".into(), ..row(2, 8, 0) }), None, "a mail went out");
    }

    #[test]
    fn a_busy_list_says_how_many_and_the_newest_of_each() {
        let news = |tasks: &[i64]| tasks.iter().map(|task| (*task, format!("Task {task}."))).collect::<Vec<_>>();
        let mut all = News::default();
        assert!(all.add(news(&[1, 2])));
        assert!(!all.add(news(&[1])));
        assert_eq!(all.take(), "Task 2. Task 1.");
        assert!(all.add(news(&[1, 2, 3, 4])));
        assert_eq!((all.take().as_str(), all.take().as_str()), ("4 tasks changed.", ""));
    }
}
