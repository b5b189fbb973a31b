//! The users of one task.

use crate::{
    Answer, Error, Tx,
    dynamic::Values,
    keyset::{Key, Page, Place, Walk},
    outbox::{NEWEST_MAIL, NewestMail, NewestRow},
    status::status_case,
    tasks::day,
    tokens::NEVER_USED,
};
use model::{
    day::Day,
    enrollment::Status,
    listing::{Direction, PageSize, Total},
    text::{search_key, user_key},
};

/// What a page of a task's users is asked for.
#[derive(Clone, Debug)]
pub struct TaskUsersAsked<'a> {
    /// The task's number.
    pub task: i64,
    /// Only this status.
    pub status: Option<Status>,
    /// Only those whose mail failed or bounced.
    pub mail_failed: bool,
    /// UserID, name or e-mail.
    pub search: &'a str,
    /// Which way by UserID.
    pub direction: Direction,
    /// How many.
    pub size: PageSize,
    /// From where; nothing for the first page.
    pub from: Option<Place>,
    /// Today.
    pub today: Day,
}

/// One user of a task. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskUser {
    /// The enrollment.
    pub enrollment: i64,
    /// The user's row.
    pub person: i64,
    /// The user was deleted.
    pub deleted: bool,
    /// UserID.
    pub user_id: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// The address of the last enrollment or resend message.
    pub emailed_to: String,
    /// That was not the profile's.
    pub redirected: bool,
    /// The status.
    pub status: Status,
    /// The enrolled token's serial number.
    pub serial: Option<String>,
    /// The last day.
    pub stop_on: Day,
    /// The end of the links' lifetime.
    pub link_until: Option<i64>,
    /// When the link was first opened.
    pub link_opened_at: Option<i64>,
    /// When Start was last pressed.
    pub started_at: Option<i64>,
    /// When the user asked for a new link.
    pub requested_at: Option<i64>,
    /// No code of the enrolled token was accepted since.
    pub never_used: bool,
    /// How the newest mail with a link fares.
    pub mail: Option<NewestMail>,
    key: String,
}

impl TaskUser {
    /// The row's sort value, for a cursor.
    pub fn key(&self) -> Key {
        Key::Text(self.key.clone())
    }
}

impl Tx {
    /// A page of a task's users, by UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_users(&mut self, asked: &TaskUsersAsked<'_>) -> Answer<Page<TaskUser>> {
        let mut values = Values::default();
        let (case, conditions) = conditions(asked, &mut values);
        let walk = Walk::new(self, "u.user_key", "e.id", asked.direction, asked.size.rows(), asked.from.as_ref(), &mut values);
        let select = format!("{} where {}", select(&case), conditions.join(" and "));
        let mut rows: Vec<Row> = Vec::new();
        for step in walk.steps() {
            if walk.wants_more(rows.len()) {
                rows.extend(self.dynamic::<Row>(format!("{select}{} {}", step.condition, step.tail), &values).await?);
            }
        }
        let rows: Vec<TaskUser> = rows.into_iter().map(Row::read).collect::<Answer<_>>()?;
        Ok(walk.page(rows, asked.from.is_none()))
    }

    /// Those of these enrollments that are of this task, in no order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_users_among(&mut self, task: i64, enrollments: &[i64], today: Day) -> Answer<Vec<TaskUser>> {
        if enrollments.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Values::default();
        let select = select(&status_case("e", &values.push(i64::from(today.epoch()))));
        let sql = format!("{select} where e.task = {} and e.id in ({})", values.push(task), values.push_all(enrollments));
        self.dynamic::<Row>(sql, &values).await?.into_iter().map(Row::read).collect()
    }

    /// How many users of the task the filter holds, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_task_users(&mut self, asked: &TaskUsersAsked<'_>) -> Answer<Total> {
        let mut values = Values::default();
        let (_, conditions) = conditions(asked, &mut values);
        let sql = format!(
            "select count(*) from (select 1 from enrollments e join users u on u.id = e.person where {} limit {}) counted",
            conditions.join(" and "),
            Total::EXACT_TO + 1
        );
        Ok(Total::from_capped(self.dynamic_count(sql, &values).await?))
    }
}

/// The columns of [`Row`], with the status told by `case`.
fn select(case: &str) -> String {
    format!(
        "select e.id as enrollment, e.person, not u.live as deleted, u.user_id, u.first_name, u.last_name, u.user_key, e.emailed_to,
                e.redirected, {case} as status, e.serial, e.stop_on, e.link_until, e.link_opened_at, e.started_at, e.requested_at,
                {NEVER_USED} as never_used,
                {NEWEST_MAIL}
           from enrollments e join users u on u.id = e.person"
    )
}

/// The status of a row, and what the filter asks of it.
fn conditions(asked: &TaskUsersAsked<'_>, values: &mut Values) -> (String, Vec<String>) {
    let mut all = vec![format!("e.task = {}", values.push(asked.task))];
    let case = status_case("e", &values.push(i64::from(asked.today.epoch())));
    if let Some(status) = asked.status {
        all.push(format!("{case} = {}", values.push(status.code())));
    } else {
        // The day must be named by every statement that it is bound to.
        all.push(format!("{case} <> ''"));
    }
    if asked.mail_failed {
        all.push("e.open and e.mail_state in ('bounced', 'failed')".to_owned());
    }
    let key = search_key(asked.search);
    if !key.is_empty() {
        let name = values.push(like_pattern(&key));
        let id = values.push(like_pattern(&user_key(asked.search)));
        let names = "u.first_name_key || ' ' || u.last_name_key || ' ' || u.first_name_key";
        all.push(format!(
            "(u.user_key like {id} escape '\\' or {names} like {name} escape '\\' or u.email_key like {id} escape '\\')"
        ));
    }
    (case, all)
}

/// `%key%`, with the characters that `like` reads as its own escaped.
fn like_pattern(key: &str) -> String {
    let escaped: String =
        key.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}

#[derive(sqlx::FromRow)]
struct Row {
    enrollment: i64,
    person: i64,
    deleted: bool,
    user_id: String,
    first_name: String,
    last_name: String,
    user_key: String,
    emailed_to: String,
    redirected: bool,
    status: String,
    serial: Option<String>,
    stop_on: i64,
    link_until: Option<i64>,
    link_opened_at: Option<i64>,
    started_at: Option<i64>,
    requested_at: Option<i64>,
    never_used: bool,
    #[sqlx(flatten)]
    mail: NewestRow,
}

impl Row {
    fn read(self) -> Answer<TaskUser> {
        Ok(TaskUser {
            enrollment: self.enrollment,
            person: self.person,
            deleted: self.deleted,
            user_id: self.user_id,
            first_name: self.first_name,
            last_name: self.last_name,
            emailed_to: self.emailed_to,
            redirected: self.redirected,
            status: Status::of_code(&self.status).ok_or(Error::Unreadable { table: "enrollments", column: "status" })?,
            serial: self.serial,
            stop_on: day(self.stop_on),
            link_until: self.link_until,
            link_opened_at: self.link_opened_at,
            started_at: self.started_at,
            requested_at: self.requested_at,
            never_used: self.never_used,
            mail: self.mail.read()?,
            key: self.user_key,
        })
    }
}
