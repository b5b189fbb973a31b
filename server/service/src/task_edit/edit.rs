//! *Edit*: some users are removed, or some or all get a new stop date.

use super::{REMOVE_USERS, STOP_DATE, STOP_DATE_ALL, hold, meanwhile::Trace, notices};
use crate::{
    Service,
    acting::Acting,
    fault::Outcome,
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Refusal,
    actor::Actor,
    day::Day,
    edit::{EditTaskForm, EditedWhat, TaskEdit, TaskEdited, users},
    enrollment::Status,
    refusal::BadRequest,
    rights::Right,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{
    Tx, audit::Subject, enrollment_sessions::Ended, enrollments::Enrollment, task_counters::TaskChange, task_edit::OpenUser,
    tasks::TaskHead,
};

/// How many users with links that are too old are named.
const MOST_NAMED: u32 = 100;

/// Edits a task.
pub(crate) async fn edit(service: &Service, by: &Actor, number: i64, form: &EditTaskForm) -> Outcome<TaskEdited> {
    by.require(Right::ProvisioningManage)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, &format!("task.edit {number}"), form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let edit = form.check(now.today())?;
    let head = hold(service, &mut tx, number, &form.version).await?;
    let act = Edit { acting: Acting { service, by, policy: &policy, now }, head: &head };
    let edited = match &edit {
        TaskEdit::Remove { rows, notify } => {
            let chosen = act.chosen(&mut tx, rows).await?;
            act.remove(&mut tx, chosen, *notify).await?
        }
        TaskEdit::Stop { rows: Some(rows), to } => {
            let chosen = act.chosen(&mut tx, rows).await?;
            act.stop(&mut tx, chosen, *to).await?
        }
        TaskEdit::Stop { rows: None, to } => act.stop_all(&mut tx, *to).await?,
    };
    ticket.done(&mut tx, &edited).await?;
    tx.commit().await?;
    service.nudge();
    Ok(edited)
}

/// An edit of a task whose row is locked; of this act or of an act over many.
pub(crate) struct Edit<'a> {
    pub(crate) acting: Acting<'a>,
    pub(crate) head: &'a TaskHead,
}

/// The chosen rows, in the order in which they are locked: those still open, and the others with what became of them.
#[derive(Default)]
pub(crate) struct Chosen {
    open: Vec<Enrollment>,
    left: Vec<(String, Status)>,
}

impl Chosen {
    /// Adds a locked row of the task.
    pub(crate) fn add(&mut self, row: Enrollment, today: Day) {
        match row.is_open() {
            true => self.open.push(row),
            false => self.left.push((row.user.user_id.clone(), row.status(today))),
        }
    }
}

impl Edit<'_> {
    async fn chosen(&self, tx: &mut Tx, rows: &[i64]) -> Outcome<Chosen> {
        let mut chosen = Chosen::default();
        for id in rows {
            let row = tx.lock_enrollment(*id).await?.filter(|row| row.task == self.head.number);
            let row = row.ok_or(Refusal::BadRequest(BadRequest::Parameter))?;
            chosen.add(row, self.acting.now.today());
        }
        Ok(chosen)
    }

    /// Removes users for good.
    pub(crate) async fn remove(&self, tx: &mut Tx, chosen: Chosen, notify: bool) -> Outcome<TaskEdited> {
        let Chosen { open, left } = chosen;
        let mut change = TaskChange::new().by_operator();
        for row in &open {
            tx.remove_enrollment(row.id, &self.acting.by.user_id, self.acting.now.at).await?;
            tx.end_sessions(row.id, Ended::Canceled, self.acting.now.at).await?;
            tx.cancel_links_of_enrollment(row.id, "The user was removed from the task.", self.acting.now.at).await?;
            change = change.removed(row.counted());
        }
        let users: Vec<OpenUser> = open.iter().map(open_user).collect();
        let what = EditedWhat::Removed { count: users.len() as i64, notified: notify };
        self.count_in(tx, change, &open).await?;
        tx.reserve(self.head.kind, -(users.len() as i64)).await?;
        if notify {
            notices::tell(
                self.acting.service,
                tx,
                (self.head.number, self.head.kind),
                &users,
                self.acting.policy,
                self.acting.now,
            )
            .await?;
        }
        let before = users.iter().map(|user| user.user_id.as_str()).collect::<Vec<_>>();
        let after = json!({ "users": null, "removed": users.len(), "notified": notify });
        self.note(tx, REMOVE_USERS, (json!({ "users": before }), after), what, &open).await?;
        self.answer(tx, what, left, Vec::new()).await
    }

    /// Gives users a new stop date.
    pub(crate) async fn stop(&self, tx: &mut Tx, chosen: Chosen, to: Day) -> Outcome<TaskEdited> {
        let Chosen { open, left } = chosen;
        let mut change = TaskChange::new().by_operator();
        let mut before: BTreeMap<Day, Vec<&str>> = BTreeMap::new();
        for row in &open {
            tx.set_stop_on(row.id, to).await?;
            change = change.moved(row.counted(), to);
            before.entry(row.stop_on).or_default().push(&row.user.user_id);
        }
        let before = before.into_iter().map(|(day, users)| format!("{day}: {}", users.join(", "))).collect();
        let what = EditedWhat::Stop { count: open.len() as i64, to };
        self.count_in(tx, change, &open).await?;
        self.note(tx, STOP_DATE, moved(before, to), what, &open).await?;
        let too_old =
            open.iter().filter(|row| row.locked_at.is_none() && row.link_until.is_some_and(|until| until <= self.acting.now.at));
        let too_old = too_old.map(|row| (row.person, row.user.user_id.clone())).take(MOST_NAMED as usize).collect();
        self.answer(tx, what, left, too_old).await
    }

    async fn stop_all(&self, tx: &mut Tx, to: Day) -> Outcome<TaskEdited> {
        let number = self.head.number;
        let stops = tx.task_stops(number).await?;
        let count = tx.set_stop_on_of_task(number, to).await? as i64;
        tx.count_in(number, &TaskChange::new().all_moved(&stops, to).by_operator(), self.acting.now.at).await?;
        let before = stops.iter().map(|stop| format!("{}: {}", stop.on, users(stop.open))).collect();
        let what = EditedWhat::Stop { count, to };
        self.note(tx, STOP_DATE_ALL, moved(before, to), what, &[]).await?;
        let too_old = tx.too_old_links_of_task(number, self.acting.now.at, MOST_NAMED).await?;
        self.answer(tx, what, Vec::new(), too_old).await
    }

    /// Everything chosen may be completed by now: then nothing is edited, and nobody's form goes stale over it.
    async fn count_in(&self, tx: &mut Tx, change: TaskChange, open: &[Enrollment]) -> Outcome<()> {
        if !open.is_empty() {
            tx.count_in(self.head.number, &change, self.acting.now.at).await?;
        }
        Ok(())
    }

    async fn note(&self, tx: &mut Tx, verb: &str, told: (Value, Value), what: EditedWhat, rows: &[Enrollment]) -> Outcome<()> {
        if matches!(what, EditedWhat::Removed { count: 0, .. } | EditedWhat::Stop { count: 0, .. }) {
            return Ok(());
        }
        let trace = Trace { edit_version: self.head.edit_version + 1, what };
        let act = Act { at: self.acting.now.at, verb, before: Some(told.0), after: Some(trace.beside(told.1)?) };
        let users = rows.iter().flat_map(|row| [Subject::User(row.person), Subject::Enrollment(row.id)]);
        let subjects: Vec<Subject> = std::iter::once(Subject::Task(self.head.number)).chain(users).collect();
        note(tx, self.acting.by, act, &subjects).await
    }

    async fn answer(
        &self,
        tx: &mut Tx,
        what: EditedWhat,
        left: Vec<(String, Status)>,
        too_old: Vec<(i64, String)>,
    ) -> Outcome<TaskEdited> {
        let number = self.head.number;
        let outstanding = tx.task_head(number).await?.is_some_and(|head| head.outstanding);
        Ok(TaskEdited { task: number, what, left, too_old, outstanding })
    }
}

/// Before and after of a new stop date, as the trail tells it.
fn moved(before: Vec<String>, to: Day) -> (Value, Value) {
    (json!({ "stop_on": before.join("; ") }), json!({ "stop_on": to.iso() }))
}

fn open_user(row: &Enrollment) -> OpenUser {
    OpenUser {
        enrollment: row.id,
        person: row.person,
        user_id: row.user.user_id.clone(),
        first_name: row.user.first_name.clone(),
        last_name: row.user.last_name.clone(),
        email: row.user.email.clone(),
        language: row.user.language.clone(),
        usable: row.user.usable,
    }
}
