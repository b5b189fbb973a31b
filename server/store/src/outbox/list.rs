//! Messages as operators see them, without link and code; and what Retry starts from.

use super::link_kinds;
use crate::{Answer, Error, Tx};
use model::{
    day::Day,
    listing::{Direction, Total},
    message::{MailState, MessageFilter, MessageKind},
};
use sqlx::AssertSqlSafe;

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MessageRecord {
    /// The row.
    pub id: i64,
    kind: String,
    state: String,
    /// The address it goes to.
    #[sqlx(rename = "to_address")]
    pub to: String,
    /// The user it speaks to.
    pub person: Option<i64>,
    /// Their UserID.
    pub user_id: Option<String>,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// Why it stands there; empty where there is nothing to say.
    pub reason: String,
    /// The relay's last answer; empty where there was none.
    pub reply: String,
    /// Attempts that counted.
    pub tries: i64,
    /// When it was written, in milliseconds.
    pub made_at: i64,
    /// When it is due, in milliseconds.
    pub due_at: i64,
    /// It was sent again as another message, or what it spoke of is no longer so.
    over: bool,
}

impl MessageRecord {
    /// It failed or bounced, and sending it again would help.
    pub fn may_retry(&self) -> bool {
        !self.over && MailState::of_code(&self.state).is_some_and(MailState::needs_a_look)
    }

    /// What the message is for.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for a kind of a newer version.
    pub fn kind(&self) -> Answer<MessageKind> {
        MessageKind::of_code(&self.kind).ok_or(Error::Unreadable { table: "outbox", column: "kind" })
    }

    /// Where the message stands.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for a state of a newer version.
    pub fn state(&self) -> Answer<MailState> {
        MailState::of_code(&self.state).ok_or(Error::Unreadable { table: "outbox", column: "state" })
    }
}

/// What a failed message said, for saying it again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RetryOf {
    /// The row.
    pub id: i64,
    kind: String,
    state: String,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// The enrollment it speaks of.
    pub enrollment: Option<i64>,
    /// The user it speaks to.
    pub person: Option<i64>,
    /// The address it went to.
    #[sqlx(rename = "to_address")]
    pub to: String,
    /// The language of its texts.
    pub language: String,
    /// What filled its template, as JSON.
    pub data: String,
    /// The enrollment's generation it was written for.
    pub generation: Option<i64>,
    /// It was sent again already, or what it spoke of is no longer so.
    over: bool,
}

impl RetryOf {
    /// What the message was for.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for a kind of a newer version.
    pub fn kind(&self) -> Answer<MessageKind> {
        MessageKind::of_code(&self.kind).ok_or(Error::Unreadable { table: "outbox", column: "kind" })
    }

    /// It failed or bounced, and sending it again would help.
    pub fn may_retry(&self) -> bool {
        !self.over && MailState::of_code(&self.state).is_some_and(MailState::needs_a_look)
    }
}

/// How many messages stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct MessageStates {
    /// Queued, sending, uncertain or deferred.
    pub waiting: i64,
    /// Accepted since the time asked for, at most 10,001.
    pub accepted: i64,
    /// Failed or bounced, and not sent again.
    pub failed: i64,
    /// When the oldest waiting one was written, in milliseconds; 0 when none waits.
    pub oldest: i64,
}

/// Sending `o` again would be pointless: it was sent again already, codes are stale, and a link serves an open enrollment of its
/// generation only, until its stop date and lifetime are over. A warning of such a link, with which it can be stopped, ends with it. `$today` and `$now` are the numbers of the parameters.
fn over(today: usize, now: usize) -> String {
    format!(
        concat!(
            "(o.kind = 'email_code' or exists (select 1 from outbox r where r.retry_of = o.id)
              or o.kind in ",
            link_kinds!(),
            " and not exists
                 (select 1 from enrollments e
                   where e.id = o.enrollment and e.open and e.generation = o.generation and e.stop_on >= ${today}
                     and (e.link_until is null or e.link_until > ${now}))
              or o.kind = 'sent_elsewhere' and not exists
                 (select 1 from enrollments e where e.id = o.enrollment and e.open and e.generation = o.generation))"
        ),
        today = today,
        now = now
    )
}

/// When it is, for what depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    /// Milliseconds since 1970.
    pub now: i64,
    /// The day in the organisation's zone.
    pub today: Day,
}

/// The filter's conditions on `o`, over $1 to $3, which are bound whatever it holds.
fn conditions(filter: &MessageFilter) -> String {
    let state = if filter.state.is_some() { "o.state = $1" } else { "cast($1 as text) is null" };
    let kind = if filter.kind.is_some() { "o.kind = $2" } else { "cast($2 as text) is null" };
    let task = if filter.task.is_some() { "o.task = $3" } else { "cast($3 as bigint) is null" };
    format!("{state} and {kind} and {task}")
}

impl Tx {
    /// A page of messages by the time they were written: at most `most`, beyond message `from` in that direction when it is given.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn messages(
        &mut self,
        filter: &MessageFilter,
        direction: Direction,
        from: Option<i64>,
        most: u32,
        present: Present,
    ) -> Answer<Vec<MessageRecord>> {
        let (beyond, order, edge) = match direction {
            Direction::Ascending => (">", "asc", i64::MIN),
            Direction::Descending => ("<", "desc", i64::MAX),
        };
        let sql = format!(
            "select o.id, o.kind, o.state, o.to_address, o.person, u.user_id, o.task, coalesce(o.reason, '') as reason,
                    coalesce(o.reply, '') as reply, o.tries, o.made_at, o.due_at,
                    {} as over
               from outbox o left join users u on u.id = o.person
              where {} and o.id {beyond} $4 order by o.id {order} limit $5",
            over(6, 7),
            conditions(filter)
        );
        on_db!(self, all MessageRecord, AssertSqlSafe(sql), filter.state.map(MailState::code), filter.kind.map(MessageKind::code),
            filter.task, from.unwrap_or(edge), i64::from(most), i64::from(present.today.epoch()), present.now)
    }

    /// How many messages the filter holds, counted no further than `most`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_messages(&mut self, filter: &MessageFilter, most: u32) -> Answer<i64> {
        let sql = format!("select count(*) from (select 1 from outbox o where {} limit $4) counted", conditions(filter));
        let (count,) = on_db!(
            self,
            one(i64,),
            AssertSqlSafe(sql),
            filter.state.map(MailState::code),
            filter.kind.map(MessageKind::code),
            filter.task,
            i64::from(most)
        )?;
        Ok(count)
    }

    /// How many messages stand where; accepted ones since `accepted_since`, in milliseconds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn message_states(&mut self, accepted_since: i64) -> Answer<MessageStates> {
        on_db!(self, one MessageStates,
            "select (select count(*) from outbox where waiting) as waiting,
                    (select count(*) from (select 1 from outbox where ended_at >= $1 and state = 'accepted' limit $2) counted) as accepted,
                    (select count(*) from outbox o where o.state in ('failed', 'bounced')
                        and not exists (select 1 from outbox r where r.retry_of = o.id)) as failed,
                    (select coalesce(min(made_at), 0) from outbox where waiting) as oldest",
            accepted_since, i64::from(Total::EXACT_TO) + 1)
    }

    /// How many messages were accepted since a time in milliseconds, and why the one put off last was.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mail_pace(&mut self, since: i64) -> Answer<(i64, Option<String>)> {
        let (accepted,) =
            on_db!(self, one(i64,), "select count(*) from outbox where ended_at >= $1 and state = 'accepted'", since)?;
        // What was put off is due later than what waits for its turn, and leases are short.
        let put_off = on_db!(
            self,
            optional(String,),
            "select reason from (select state, reason, due_at from outbox where waiting order by due_at desc limit 500) latest
              where state = 'deferred' and reason is not null order by due_at desc limit 1"
        )?;
        Ok((accepted, put_off.map(|(reason,)| reason)))
    }

    /// What Retry of that message starts from; nothing when there is no such message. What it says of retrying holds once its task
    /// and enrollment are locked.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn message_to_retry(&mut self, id: i64, present: Present) -> Answer<Option<RetryOf>> {
        let sql = format!(
            "select o.id, o.kind, o.state, o.task, o.enrollment, o.person, o.to_address, o.language, o.data, o.generation,
                    {} as over
               from outbox o where o.id = $1",
            over(2, 3)
        );
        on_db!(self, optional RetryOf, AssertSqlSafe(sql), id, i64::from(present.today.epoch()), present.now)
    }
}
