//! The list of enrollments over all tasks: a page by key. See `enrollment_filter` for which rows, and how they are found.

pub use crate::enrollment_filter::{Plan, Which};
use crate::{
    Answer, Error, Tx,
    dynamic::Values,
    enrollment_filter::{BESIDE, OF_THE_ROW},
    keyset::{Key, Page, Place, Step, Walk},
    packed::packed,
    status::status_case,
    tasks::{day, kind_of},
    tokens::NEVER_USED,
};
use model::{
    authentication::AuthenticationType,
    day::Day,
    enrollment::Status,
    listing::{Direction, Sort},
    message::MailState,
    report::EnrollmentColumn,
};

/// One user in one task. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEnrollment {
    /// The enrollment.
    pub id: i64,
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
    /// The user's container.
    pub container: String,
    /// The task's number.
    pub task: i64,
    /// The task has an open enrollment.
    pub outstanding: bool,
    /// Who created the task.
    pub operator: String,
    /// The type.
    pub kind: AuthenticationType,
    /// The address of the last enrollment or resend message.
    pub emailed_to: String,
    /// That was not the profile's.
    pub redirected: bool,
    /// The status.
    pub status: Status,
    /// The enrolled token's serial number.
    pub serial: Option<String>,
    /// The day of the task's creation.
    pub start_on: Day,
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
    /// When it was locked.
    pub locked_at: Option<i64>,
    /// When it was completed.
    pub completed_at: Option<i64>,
    /// When it was removed, and by whom.
    pub removed_at: Option<i64>,
    /// Who removed it.
    pub removed_by: Option<String>,
    /// It has a token that has had no code accepted since its enrollment.
    pub never_used: bool,
    /// How the newest mail with a link fares: state, since when, why.
    pub mail: Option<(MailState, i64, String)>,
    user_key: String,
}

impl ListedEnrollment {
    /// The row's sort value, for a cursor.
    pub fn key(&self, column: EnrollmentColumn) -> Key {
        match column {
            EnrollmentColumn::UserId => Key::Text(self.user_key.clone()),
            EnrollmentColumn::Task => Key::Int(self.task),
            EnrollmentColumn::Start => Key::Int(i64::from(self.start_on.epoch())),
            EnrollmentColumn::Stop => Key::Int(i64::from(self.stop_on.epoch())),
        }
    }
}

/// What a page of enrollments is asked for.
#[derive(Clone, Debug)]
pub struct EnrollmentsAsked<'a> {
    /// Which of them.
    pub which: Which<'a>,
    /// In which order; nothing: the newest row first, an order that nothing ever changes.
    pub sort: Option<Sort<EnrollmentColumn>>,
    /// How many.
    pub rows: u32,
    /// From where; nothing for the first page.
    pub from: Option<Place>,
}

const fn sql_column(column: Option<EnrollmentColumn>) -> &'static str {
    match column {
        Some(EnrollmentColumn::UserId) => "e.user_key",
        Some(EnrollmentColumn::Task) => "e.task",
        Some(EnrollmentColumn::Start) => "e.start_on",
        Some(EnrollmentColumn::Stop) => "e.stop_on",
        None => "e.id",
    }
}

impl Tx {
    /// A page of enrollments.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrollments(&mut self, asked: &EnrollmentsAsked<'_>, plan: &Plan) -> Answer<Page<ListedEnrollment>> {
        let which = asked.which;
        let sort = asked.sort.map(|sort| sort.column);
        let (column, direction) = (sql_column(sort), asked.sort.map_or(Direction::Descending, |sort| sort.direction));
        let mut values = Values::default();
        let collects = plan.collects(sort);
        let found = if collects {
            self.few_enrollments(plan, which, &mut values)
        } else {
            let stage = if sort.is_some() { "e.stage" } else { "e.stage + 0" };
            self.walked_enrollments(plan, which, sort, stage, &mut values)
        };
        let walk = Walk::new(self, column, "e.id", direction, asked.rows, asked.from.as_ref(), &mut values);
        let merged = Walk::new(self, "m.sort_key", "m.id", direction, asked.rows, asked.from.as_ref(), &mut Values::default());
        let case = status_case("e", &values.push(i64::from(which.today.epoch())));
        let mut rows: Vec<Row> = Vec::new();
        for (step, merged) in walk.steps().iter().zip(merged.steps()) {
            if !walk.wants_more(rows.len()) {
                break;
            }
            let Step { condition, tail } = step;
            let sql = if sort.is_none() && !collects {
                format!("{}{condition} {tail}", found.select_whole(&format!("select {}", details(&case))))
            } else if collects {
                of_ids(&format!("{}{condition} {tail}", found.select("select e.id")), &case, tail)
            } else {
                let head = format!("select e.id, {column} as sort_key");
                let walk = |stage| format!("select * from ({}{condition} {tail}) s{stage}", found.at(stage, &head));
                let walks: Vec<String> = which.stages().into_iter().map(walk).collect();
                of_ids(&format!("select m.id from ({}) m {}", walks.join(" union all "), merged.tail), &case, tail)
            };
            rows.extend(self.packed::<Row>(sql, &values).await?);
        }
        let rows: Vec<ListedEnrollment> = rows.into_iter().map(Row::read).collect::<Answer<_>>()?;
        Ok(walk.page(rows, asked.from.is_none()))
    }
}

/// All that a row says, of an enrollment `e`, its user `u` and its task `t`.
fn details(case: &str) -> String {
    format!(
        "e.id, e.person, not u.live as deleted, u.user_id, u.first_name, u.last_name, u.container, e.task, t.outstanding,
         t.operator_name, e.type as kind, e.emailed_to, e.redirected, {case} as status, e.serial, e.start_on, e.stop_on,
         e.link_until, e.link_opened_at, e.started_at, e.requested_at, e.locked_at, e.completed_at, e.removed_at,
         e.removed_by, e.mail_state, e.mail_at, e.mail_reason, e.user_key, {NEVER_USED} as never_used"
    )
}

/// The rows of the ids that `page` finds, in that order: what is not on the page is not read. A walk along the rows themselves needs no
/// such second look, nor a second sorting.
fn of_ids(page: &str, case: &str, tail: &str) -> String {
    format!(
        "select {} from ({page}) p cross join enrollments e {BESIDE} where e.id = p.id and {OF_THE_ROW} {tail}",
        details(case)
    )
}

packed! {
    struct Row {
        id: i64,
        person: i64,
        #[serde(deserialize_with = "crate::packed::flag")]
        deleted: bool,
        user_id: String,
        first_name: String,
        last_name: String,
        container: String,
        task: i64,
        #[serde(deserialize_with = "crate::packed::flag")]
        outstanding: bool,
        operator_name: String,
        kind: String,
        emailed_to: String,
        #[serde(deserialize_with = "crate::packed::flag")]
        redirected: bool,
        status: String,
        serial: Option<String>,
        start_on: i64,
        stop_on: i64,
        link_until: Option<i64>,
        link_opened_at: Option<i64>,
        started_at: Option<i64>,
        requested_at: Option<i64>,
        locked_at: Option<i64>,
        completed_at: Option<i64>,
        removed_at: Option<i64>,
        removed_by: Option<String>,
        mail_state: Option<String>,
        mail_at: Option<i64>,
        mail_reason: Option<String>,
        user_key: String,
        #[serde(deserialize_with = "crate::packed::flag")]
        never_used: bool,
    }
}

impl Row {
    fn read(self) -> Answer<ListedEnrollment> {
        let unreadable = |column| Error::Unreadable { table: "enrollments", column };
        let state = self.mail_state.as_deref().map(|code| MailState::of_code(code).ok_or(unreadable("mail_state")));
        let reason = self.mail_reason.unwrap_or_default();
        let mail = state.transpose()?.zip(self.mail_at).map(|(state, at)| (state, at, reason));
        Ok(ListedEnrollment {
            id: self.id,
            person: self.person,
            deleted: self.deleted,
            user_id: self.user_id,
            first_name: self.first_name,
            last_name: self.last_name,
            container: self.container,
            task: self.task,
            outstanding: self.outstanding,
            operator: self.operator_name,
            kind: kind_of(&self.kind, "enrollments")?,
            emailed_to: self.emailed_to,
            redirected: self.redirected,
            status: Status::of_code(&self.status).ok_or(unreadable("status"))?,
            serial: self.serial,
            start_on: day(self.start_on),
            stop_on: day(self.stop_on),
            link_until: self.link_until,
            link_opened_at: self.link_opened_at,
            started_at: self.started_at,
            requested_at: self.requested_at,
            locked_at: self.locked_at,
            completed_at: self.completed_at,
            removed_at: self.removed_at,
            removed_by: self.removed_by,
            never_used: self.never_used,
            mail,
            user_key: self.user_key,
        })
    }
}
