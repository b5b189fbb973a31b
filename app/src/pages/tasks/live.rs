//! The list changes by itself (spec §3.2): rows are replaced where they stand; none moves, comes or leaves under the reader. What has come
//! is counted, and shown when asked for. Nothing is read again but the rows concerned; focus, selection, scroll and dialogs stay.

mod news;

use crate::{
    address::Address,
    api::{Error, live::tasks_again, tasks::TaskList},
    parts::{
        live::{Heard, listen},
        load::Changes,
    },
};
use leptos::prelude::*;
use model::{
    live::{Changed, TasksNow},
    query::Shelf,
    task::{TaskRow, TaskUserRow},
};
use news::{News, sentence};
use std::{collections::HashMap, time::Duration};

/// The stream of changes.
const STREAM: &str = "/live/tasks";
/// How long news are gathered before they are said.
const GATHER: Duration = Duration::from_secs(2);
/// How long to wait when rows could not be read although the stream is open.
const AGAIN: Duration = Duration::from_secs(5);
/// So many tasks that have come are counted one by one.
const MOST_NEW: usize = 99;

/// What is known beyond what the page was read with.
#[derive(Clone, Copy)]
pub struct Live {
    /// The rows that changed since, by number.
    tasks: RwSignal<HashMap<i64, TaskRow>>,
    /// The users of the expanded task who changed since, by enrollment.
    users: RwSignal<HashMap<i64, TaskUserRow>>,
    /// Tasks that have come.
    new: RwSignal<Vec<i64>>,
    /// What became of the line.
    line: RwSignal<String>,
    /// What a screen reader is told of the rows.
    said: RwSignal<String>,
    page: StoredValue<Option<Page>>,
    state: StoredValue<State>,
}

/// What the page shows, as far as its rows are asked for again.
#[derive(Clone, Debug, Default)]
struct Page {
    query: String,
    read_at: i64,
    tasks: Vec<i64>,
    /// The list has no other page: what matches and is not shown has come.
    whole: bool,
    open: Option<(i64, Vec<i64>)>,
}

#[derive(Debug)]
struct State {
    /// Heard of and not asked for yet.
    pending: Changed,
    asking: bool,
    /// The line broke, and what was missed is not caught up with.
    lost: bool,
    /// The line is open.
    open: bool,
    over: bool,
    news: News,
}

impl Live {
    /// Begins to listen, and provides what is heard to the rows below.
    pub fn provide() -> Live {
        let pending = Changed::nothing();
        let state = State { pending, asking: false, lost: false, open: false, over: false, news: News::default() };
        let live = Live {
            tasks: RwSignal::default(),
            users: RwSignal::default(),
            new: RwSignal::default(),
            line: RwSignal::default(),
            said: RwSignal::default(),
            page: StoredValue::new(None),
            state: StoredValue::new(state),
        };
        provide_context(live);
        Effect::new(move |_| listen(STREAM, move |heard| live.hear(heard)));
        live
    }

    /// The page was read: what was known beyond it is in it.
    pub fn begin(self, page: &TaskList) {
        let rows = rows_of(page).map(|row| (row.number, row.clone())).collect();
        self.tasks.update_untracked(|tasks| *tasks = rows);
        self.users.update_untracked(HashMap::clear);
        if !self.new.with_untracked(Vec::is_empty) {
            self.new.set(Vec::new());
        }
        let quiet = self.state.with_value(|state| !state.lost && !state.over);
        if quiet && !self.line.with_untracked(String::is_empty) {
            self.line.set(String::new());
        }
        self.page.set_value(Page::of(page));
    }

    /// A row as it is now.
    pub fn task(self, read: &TaskRow) -> TaskRow {
        self.tasks.with(|tasks| tasks.get(&read.number).unwrap_or(read).clone())
    }

    /// A user's row as it is now.
    pub fn user(self, read: &TaskUserRow) -> TaskUserRow {
        self.users.with(|users| users.get(&read.enrollment).unwrap_or(read).clone())
    }

    fn hear(self, heard: Heard) {
        match heard {
            Heard::Open => {
                let _ = self.state.try_update_value(|state| state.open = true);
                self.changed(Changed::Many);
            }
            Heard::Changed(changed) => self.changed(changed),
            Heard::Lost => self.lose(),
            Heard::Over => self.end(),
        }
    }

    fn changed(self, changed: Changed) {
        let _ = self.state.try_update_value(|state| state.pending.and(changed));
        self.ask();
    }

    fn lose(self) {
        let first = self.state.try_update_value(|state| {
            state.open = false;
            !std::mem::replace(&mut state.lost, true) && !state.over
        });
        if first == Some(true) {
            self.line.set("Connection lost. Trying again…".to_owned());
        }
    }

    fn end(self) {
        let _ = self.state.try_update_value(|state| state.over = true);
        self.line.set("You are no longer signed in, or may no longer see this list. Load the page again to go on.".to_owned());
    }

    /// Asks for what changed; one question at a time.
    fn ask(self) {
        let Some(Some(page)) = self.page.try_get_value() else { return };
        let changed = self.state.try_update_value(|state| {
            let asks = !state.asking && !state.over && !state.pending.is_nothing();
            asks.then(|| std::mem::replace(&mut state.pending, Changed::nothing()))
        });
        let Some(Some(changed)) = changed else { return };
        let asked = page.ask(&changed, &self.new.get_untracked());
        if asked.is_nothing() {
            return self.ask();
        }
        let _ = self.state.try_update_value(|state| state.asking = true);
        let counts = asked.counts();
        let (task, users) = asked.open;
        let answer = tasks_again(page.query, list(&asked.shown), list(&asked.maybe_new), asked.since, task, list(&users));
        leptos::task::spawn_local(async move {
            let answer = answer.await;
            let _ = self.state.try_update_value(|state| state.asking = false);
            match answer {
                Ok(now) => self.take(now, counts),
                Err(Error::Refused(refusal)) if refusal.status() < 500 => self.end(),
                Err(_) => {
                    let _ = self.state.try_update_value(|state| state.pending.and(changed));
                    set_timeout(move || self.ask(), AGAIN);
                }
            }
        });
    }

    /// What was answered stands in the rows; what was heard meanwhile is asked for. `counts`: it says what has come, too.
    fn take(self, now: TasksNow, counts: bool) {
        let at = now.now.clock();
        let Some(page) = self.page.try_get_value() else { return };
        let back = self.state.try_update_value(|state| {
            let back = state.lost && state.open;
            state.lost &= !back;
            back
        });
        let Some(back) = back else { return };
        let known = page.unwrap_or_default();
        let mut heard = Vec::new();
        self.tasks.update(|tasks| {
            for row in now.rows.into_iter().filter(|row| known.shows(row.number)) {
                if let Some(before) = tasks.insert(row.number, row.clone()) {
                    heard.extend(sentence(&before, &row));
                }
            }
        });
        if !now.users.is_empty() {
            self.users.update(|users| users.extend(now.users.into_iter().map(|user| (user.enrollment, user))));
        }
        let new: Vec<i64> = now.new.into_iter().filter(|number| !known.shows(*number)).take(MOST_NEW).collect();
        if counts && self.new.with_untracked(|before| *before != new) {
            self.new.set(new);
        }
        if back {
            self.line.set(format!("Connection lost, caught up at {at}."));
        }
        self.say(heard);
        self.ask();
    }

    /// Politely: gathered, so that a busy list does not talk all the time.
    fn say(self, heard: Vec<(i64, String)>) {
        if heard.is_empty() {
            return;
        }
        let begun = self.state.try_update_value(|state| state.news.add(heard));
        if begun == Some(true) {
            let say = move || {
                if let Some(text) = self.state.try_update_value(|state| state.news.take()) {
                    self.said.set(text);
                }
            };
            set_timeout(say, GATHER);
        }
    }
}

/// The rows of a list's page, the expanded task's among them.
fn rows_of(page: &TaskList) -> impl Iterator<Item = &TaskRow> {
    let (tasks, open) = match page {
        TaskList::List { tasks, open, .. } => (tasks.rows.as_slice(), open.as_ref()),
        TaskList::Finished(_) => (&[] as &[TaskRow], None),
    };
    let pinned = open.map(|open| &open.task.row).filter(|row| tasks.iter().all(|listed| listed.number != row.number));
    tasks.iter().chain(pinned)
}

/// What is asked for after a change.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    shown: Vec<i64>,
    maybe_new: Vec<i64>,
    since: i64,
    open: (i64, Vec<i64>),
}

impl Asked {
    fn is_nothing(&self) -> bool {
        *self == Asked::default()
    }

    /// Does the answer say of all that have come that they have?
    fn counts(&self) -> bool {
        self.since > 0 || !self.maybe_new.is_empty()
    }
}

impl Page {
    fn of(page: &TaskList) -> Option<Page> {
        let numbers = rows_of(page).map(|row| row.number).collect();
        let TaskList::List { query, tasks, open } = page else { return None };
        let open = open.as_ref().map(|open| {
            let users = open.task.users.rows.iter().map(|user| user.enrollment).collect();
            (open.task.row.number, users)
        });
        Some(Page {
            query: query.write(Shelf::Management).to_query(),
            read_at: tasks.now.at,
            tasks: numbers,
            whole: tasks.previous.is_none() && tasks.next.is_none(),
            open,
        })
    }

    fn shows(&self, number: i64) -> bool {
        self.tasks.contains(&number)
    }

    /// What to ask for when this changed; `new` have come before and may have gone again.
    fn ask(&self, changed: &Changed, new: &[i64]) -> Asked {
        let Changed::Tasks(tasks) = changed else {
            let open = self.open.clone().unwrap_or_default();
            return Asked { shown: self.tasks.clone(), maybe_new: new.to_vec(), since: self.read_at, open };
        };
        let shown: Vec<i64> = tasks.keys().copied().filter(|number| self.shows(*number)).collect();
        let come = tasks.iter().filter(|(number, made)| (**made || self.whole) && !self.shows(**number));
        let mut come: Vec<i64> = come.map(|(number, _)| *number).collect();
        if !come.is_empty() || new.iter().any(|number| tasks.contains_key(number)) {
            come.extend(new.iter().filter(|number| !tasks.get(*number).is_some_and(|made| *made)));
        }
        let open = self.open.clone().filter(|(number, _)| tasks.contains_key(number)).unwrap_or_default();
        Asked { shown, maybe_new: come, since: 0, open }
    }
}

fn list(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    numbers.join(",")
}

/// What the page says of changes, in one place that a screen reader follows politely. It lies over the page and moves nothing.
#[component]
pub fn Said(
    /// What is known.
    live: Live,
    /// The page's own address: what stands behind the list's path, and its query.
    here: Memo<(String, String)>,
) -> impl IntoView {
    let changes = use_context::<Changes>();
    let show = move |_| {
        if let Some(changes) = changes {
            changes.note();
        }
    };
    let first = move || {
        let (row, query) = here.get();
        let path = if row.is_empty() { super::ROOT.to_owned() } else { format!("{}/{row}", super::ROOT) };
        Address::of(path, &query).without("cursor").to_string()
    };
    view! {
        <div class="live" aria-live="polite">
            <span class="unseen">{move || live.said.get()}</span>
            <span class="line" hidden=move || live.line.with(String::is_empty)>{move || live.line.get()}</span>
            <a class="come" href=first data-noscroll="" on:click=show hidden=move || live.new.with(Vec::is_empty)>
                {move || match live.new.with(Vec::len) {
                    0 => String::new(),
                    count => format!("{count} new · show"),
                }}
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page { query: String::new(), read_at: 5, tasks: vec![9, 8], whole: false, open: Some((8, vec![80, 81])) }
    }

    #[test]
    fn only_what_the_page_shows_is_asked_for_again() {
        assert!(page().ask(&Changed::read("3,4"), &[]).is_nothing(), "tasks of other pages");
        let asked = page().ask(&Changed::read("3,9"), &[]);
        assert_eq!(asked, Asked { shown: vec![9], ..Asked::default() });
        let asked = page().ask(&Changed::read("8"), &[]);
        assert_eq!(asked, Asked { shown: vec![8], open: (8, vec![80, 81]), ..Asked::default() });
    }

    #[test]
    fn what_has_come_is_looked_at_and_what_may_have_gone_again_too() {
        assert_eq!(page().ask(&Changed::read("+10"), &[]).maybe_new, [10]);
        assert_eq!(page().ask(&Changed::read("+11"), &[10]).maybe_new, [11, 10]);
        assert_eq!(page().ask(&Changed::read("10"), &[10]).maybe_new, [10]);
        assert!(!page().ask(&Changed::read("9"), &[10]).counts(), "what has come stays counted");
        let whole = Page { whole: true, ..page() };
        assert_eq!(whole.ask(&Changed::read("3"), &[]).maybe_new, [3], "it may match the filter now");
    }

    #[test]
    fn when_nobody_knows_what_changed_the_whole_page_is_asked_for() {
        let asked = page().ask(&Changed::Many, &[10]);
        assert_eq!(asked, Asked { shown: vec![9, 8], maybe_new: vec![10], since: 5, open: (8, vec![80, 81]) });
    }
}
