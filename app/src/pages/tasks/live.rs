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
use std::time::Duration;

/// The stream of changes.
const STREAM: &str = "/live/tasks";
/// How long news are gathered before they are said.
const GATHER: Duration = Duration::from_secs(2);
/// How long to wait when rows could not be read although the stream is open.
const AGAIN: Duration = Duration::from_secs(5);
/// So many tasks that have come are counted one by one.
const MOST_NEW: usize = 99;

/// What is known beyond what the page was read with. Signals say only that it changed: so they are of a type that is there already.
#[derive(Clone, Copy)]
pub struct Live {
    /// Rows changed.
    rows: RwSignal<u32>,
    /// What is said changed.
    words: RwSignal<u32>,
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
    page: Page,
    /// The rows as they are now.
    tasks: Vec<TaskRow>,
    /// The users of the expanded task who changed since.
    users: Vec<TaskUserRow>,
    /// Tasks that have come.
    new: Vec<i64>,
    /// What became of the line.
    line: String,
    /// What a screen reader is told of the rows.
    said: String,
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
        let state = State {
            page: Page::default(),
            tasks: Vec::new(),
            users: Vec::new(),
            new: Vec::new(),
            line: String::new(),
            said: String::new(),
            pending: Changed::nothing(),
            asking: false,
            lost: false,
            open: false,
            over: false,
            news: News::default(),
        };
        let live = Live { rows: RwSignal::new(0), words: RwSignal::new(0), state: StoredValue::new(state) };
        provide_context(live);
        Effect::new(move |_| listen(STREAM, move |heard| live.hear(heard)));
        live
    }

    /// The page was read: what was known beyond it is in it.
    pub fn begin(self, page: &TaskList) {
        let tasks = rows_of(page).cloned().collect();
        let words = self.change(|state| {
            state.page = Page::of(page).unwrap_or_default();
            state.tasks = tasks;
            state.users.clear();
            let said = !state.new.is_empty() || !state.line.is_empty();
            state.new.clear();
            if !state.lost && !state.over {
                state.line.clear();
            }
            said
        });
        if words == Some(true) {
            self.speak();
        }
    }

    /// A row as it is now.
    pub fn task(self, read: &TaskRow) -> TaskRow {
        self.rows.track();
        let found = |state: &State| state.tasks.iter().find(|row| row.number == read.number).cloned();
        self.state.with_value(found).unwrap_or_else(|| read.clone())
    }

    /// A user's row as it is now.
    pub fn user(self, read: &TaskUserRow) -> TaskUserRow {
        self.rows.track();
        let found = |state: &State| state.users.iter().find(|row| row.enrollment == read.enrollment).cloned();
        self.state.with_value(found).unwrap_or_else(|| read.clone())
    }

    /// Nothing once the page was left.
    fn change<T>(self, change: impl FnOnce(&mut State) -> T) -> Option<T> {
        self.state.try_update_value(change)
    }

    fn speak(self) {
        self.words.update(|count| *count += 1);
    }

    fn words(self) -> (String, String, usize) {
        self.words.track();
        self.state.with_value(|state| (state.said.clone(), state.line.clone(), state.new.len()))
    }

    fn hear(self, heard: Heard) {
        match heard {
            Heard::Open => {
                self.change(|state| state.open = true);
                self.changed(Changed::Many);
            }
            Heard::Changed(changed) => self.changed(changed),
            Heard::Lost => self.lose(),
            Heard::Over => self.end(),
        }
    }

    fn changed(self, changed: Changed) {
        self.change(|state| state.pending.and(changed));
        self.ask();
    }

    fn lose(self) {
        let first = self.change(|state| {
            state.open = false;
            let first = !std::mem::replace(&mut state.lost, true) && !state.over;
            if first {
                state.line = "Connection lost. Trying again…".to_owned();
            }
            first
        });
        if first == Some(true) {
            self.speak();
        }
    }

    fn end(self) {
        let told = self.change(|state| {
            state.over = true;
            state.line = "You are no longer signed in, or may no longer see this list. Load the page again to go on.".to_owned();
        });
        if told.is_some() {
            self.speak();
        }
    }

    /// Asks for what changed; one question at a time.
    fn ask(self) {
        let question = self.change(|state| {
            let asks = !state.asking && !state.over && !state.pending.is_nothing();
            let changed = asks.then(|| std::mem::replace(&mut state.pending, Changed::nothing()))?;
            let asked = state.page.ask(&changed, &state.new);
            state.asking = !asked.is_nothing();
            state.asking.then(|| (state.page.query.clone(), changed, asked))
        });
        let Some(Some((query, changed, asked))) = question else { return };
        let counts = asked.counts();
        let (task, users) = asked.open;
        let answer = tasks_again(query, list(&asked.shown), list(&asked.maybe_new), asked.since, task, list(&users));
        leptos::task::spawn_local(async move {
            let answer = answer.await;
            self.change(|state| state.asking = false);
            match answer {
                Ok(now) => self.take(now, counts),
                Err(Error::Refused(refusal)) if refusal.status() < 500 => self.end(),
                Err(_) => {
                    self.change(|state| state.pending.and(changed));
                    set_timeout(move || self.ask(), AGAIN);
                }
            }
        });
    }

    /// What was answered stands in the rows; what was heard meanwhile is asked for. `counts`: it says what has come, too.
    fn take(self, now: TasksNow, counts: bool) {
        let taken = self.change(|state| state.take(now, counts));
        let Some((words, heard)) = taken else { return };
        self.rows.update(|count| *count += 1);
        if words {
            self.speak();
        }
        self.say(heard);
        self.ask();
    }

    /// Politely: gathered, so that a busy list does not talk all the time.
    fn say(self, heard: Vec<(i64, String)>) {
        if heard.is_empty() || self.change(|state| state.news.add(heard)) != Some(true) {
            return;
        }
        let say = move || {
            if self.change(|state| state.said = state.news.take()).is_some() {
                self.speak();
            }
        };
        set_timeout(say, GATHER);
    }
}

impl State {
    /// Takes what was answered, as far as the page shows it. Answers whether what is said changed, and what became of rows.
    fn take(&mut self, now: TasksNow, counts: bool) -> (bool, Vec<(i64, String)>) {
        let mut heard = Vec::new();
        for row in now.rows {
            if let Some(shown) = self.tasks.iter_mut().find(|shown| shown.number == row.number) {
                heard.extend(sentence(shown, &row));
                *shown = row;
            }
        }
        for user in now.users {
            self.users.retain(|other| other.enrollment != user.enrollment);
            self.users.push(user);
        }
        let mut words = false;
        if counts {
            let page = &self.page;
            let new: Vec<i64> = now.new.into_iter().filter(|number| !page.shows(*number)).take(MOST_NEW).collect();
            words |= new != self.new;
            self.new = new;
        }
        if self.lost && self.open {
            self.lost = false;
            self.line = format!("Connection lost, caught up at {}.", now.now.clock());
            words = true;
        }
        (words, heard)
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
        let TaskList::List { query, tasks, open, .. } = page else { return None };
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
        let named = |number: i64| tasks.iter().any(|(task, _)| *task == number);
        let shown: Vec<i64> = tasks.iter().map(|(number, _)| *number).filter(|number| self.shows(*number)).collect();
        let come = tasks.iter().filter(|(number, made)| (*made || self.whole) && !self.shows(*number));
        let mut come: Vec<i64> = come.map(|(number, _)| *number).collect();
        if !come.is_empty() || new.iter().any(|number| named(*number)) {
            let others: Vec<i64> = new.iter().copied().filter(|number| !come.contains(number)).collect();
            come.extend(others);
        }
        let open = self.open.clone().filter(|(number, _)| named(*number)).unwrap_or_default();
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
            <span class="unseen">{move || live.words().0}</span>
            <span class="line" hidden=move || live.words().1.is_empty()>{move || live.words().1}</span>
            <a class="come" href=first data-noscroll="" on:click=show hidden=move || live.words().2 == 0>
                {move || match live.words().2 {
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
