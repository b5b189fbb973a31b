//! Tokens: one authenticator each, and the numbers that are never given out twice.

use crate::{
    Answer, Error, Tx,
    outbox::{NEWEST_MAIL, NewestMail, NewestRow},
    status::status_case,
    tasks::{day, kind_of},
};
use model::{authentication::AuthenticationType, day::Day, enrollment::Status, token::TokenState};

/// Does the enrollment `e` have a token that has had no code accepted since the one that proved it?
pub(crate) const NEVER_USED: &str = "exists (select 1 from tokens k where k.id = e.token and k.first_used_at is null)";

/// A token that an enrollment made, active from the start: it was proven.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// The serial number.
    pub serial: &'a str,
    /// The type.
    pub kind: AuthenticationType,
    /// Its owner.
    pub person: i64,
    /// The key, sealed.
    pub secret: &'a [u8],
    /// The hash function's short name.
    pub algorithm: &'a str,
    /// Digits of a code.
    pub digits: u8,
    /// Seconds of a time step.
    pub period: u8,
    /// The time step or counter that proved it.
    pub last_step: i64,
    /// The owner's container.
    pub container: &'a str,
    /// Now, in milliseconds.
    pub now: i64,
}

/// A user's token, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnToken {
    /// The serial number.
    pub serial: String,
    /// The type.
    pub kind: AuthenticationType,
    /// The state.
    pub state: TokenState,
    /// Since when its owner has it, in milliseconds.
    pub since: i64,
}

/// A user's open enrollment, as the module *Authentication Methods* shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEnrollment {
    /// The task's number.
    pub task: i64,
    /// Who created it.
    pub requester: String,
    /// The address of the last message.
    pub emailed_to: String,
    /// The day the task was created.
    pub start_on: Day,
    /// The last day for this user.
    pub stop_on: Day,
    /// The status.
    pub status: Status,
    /// The type.
    pub kind: AuthenticationType,
    /// The end of its links' lifetime, in milliseconds.
    pub link_until: Option<i64>,
    /// When the user asked for a new link, in milliseconds.
    pub requested_at: Option<i64>,
    /// How the newest mail with a link fares.
    pub mail: Option<NewestMail>,
}

impl Tx {
    /// The next serial number: ten digits, unique over all types, never given out again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next_serial(&mut self) -> Answer<String> {
        let (next,) = on_db!(self, one(i64,), "update sequences set next = next + 1 where name = 'serial' returning next - 1")?;
        Ok(format!("{next:010}"))
    }

    /// Writes a token and answers its row.
    ///
    /// # Errors
    /// [`Constraint::TokenSerial`](crate::Constraint).
    pub async fn add_token(&mut self, token: &NewToken<'_>) -> Answer<i64> {
        let (id,) = on_db!(
            self,
            one(i64,),
            "insert into tokens (serial, type, state, person, secret, algorithm, digits, period, last_step, container,
                                 made_at, assigned_at, activated_at)
             values ($1, $2, 'active', $3, $4, $5, $6, $7, $8, $9, $10, $10, $10) returning id",
            token.serial,
            token.kind.code(),
            token.person,
            token.secret,
            token.algorithm,
            i64::from(token.digits),
            i64::from(token.period),
            token.last_step,
            token.container,
            token.now
        )?;
        Ok(id)
    }

    /// Accepts the code of a time step or counter, once: false when this one or a later one was accepted before, also by somebody at
    /// the same instant, or when the token is not usable.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn accept_step(&mut self, token: i64, step: i64, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update tokens set last_step = $2, first_used_at = coalesce(first_used_at, $3)
              where id = $1 and state = 'active' and (last_step is null or last_step < $2)", token, step, now)?;
        Ok(changed > 0)
    }

    /// Suspends a usable token. False when it was not usable.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn suspend_token(&mut self, token: i64, reason: &str, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update tokens set state = 'suspended', state_reason = $2, suspended_at = $3, version = version + 1
              where id = $1 and state = 'active'", token, reason, now)?;
        Ok(changed > 0)
    }

    /// Revokes every token of a user who is being deleted. Answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_tokens_of(&mut self, person: i64, reason: &str) -> Answer<u64> {
        on_db!(self, execute
            "update tokens set state = 'revoked', state_reason = $2, version = version + 1
              where person = $1 and state <> 'revoked'", person, reason)
    }

    /// The container of a user.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn container_of(&mut self, person: i64) -> Answer<String> {
        let row = on_db!(self, optional(String,), "select container from users where id = $1", person)?;
        Ok(row.map_or_else(|| model::user::DEFAULT_CONTAINER.to_owned(), |(container,)| container))
    }

    /// A user's tokens, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tokens_of(&mut self, person: i64) -> Answer<Vec<OwnToken>> {
        let rows = on_db!(
            self,
            all(String, String, String, i64),
            "select serial, type, state, coalesce(assigned_at, made_at) from tokens where person = $1 order by id desc",
            person
        )?;
        rows.into_iter()
            .map(|(serial, kind, state, since)| {
                let state = TokenState::of_code(&state).ok_or(Error::Unreadable { table: "tokens", column: "state" })?;
                Ok(OwnToken { serial, kind: kind_of(&kind, "tokens")?, state, since })
            })
            .collect()
    }

    /// A user's open enrollments, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn own_enrollments(&mut self, person: i64, today: Day) -> Answer<Vec<OwnEnrollment>> {
        self.own(person, None, today).await
    }

    /// A user's enrollment in one task, open or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn own_enrollment(&mut self, person: i64, task: i64, today: Day) -> Answer<Option<OwnEnrollment>> {
        Ok(self.own(person, Some(task), today).await?.pop())
    }

    async fn own(&mut self, person: i64, task: Option<i64>, today: Day) -> Answer<Vec<OwnEnrollment>> {
        let sql = format!(
            "select e.task, t.operator_name, e.emailed_to, t.start_on, e.stop_on, {} as status, e.type as kind, e.link_until,
                    e.requested_at, {}
               from enrollments e join tasks t on t.number = e.task
              where e.person = $1 and {} order by e.task desc, e.id desc",
            status_case("e", "$2"),
            NEWEST_MAIL,
            if task.is_some() { "e.task = $3" } else { "e.open and $3 = 0" }
        );
        let (today, task) = (i64::from(today.epoch()), task.unwrap_or(0));
        let rows = on_db!(self, all Own, sqlx::AssertSqlSafe(sql), person, today, task)?;
        rows.into_iter().map(Own::read).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Own {
    task: i64,
    operator_name: String,
    emailed_to: String,
    start_on: i64,
    stop_on: i64,
    status: String,
    kind: String,
    link_until: Option<i64>,
    requested_at: Option<i64>,
    #[sqlx(flatten)]
    mail: NewestRow,
}

impl Own {
    fn read(self) -> Answer<OwnEnrollment> {
        let unreadable = |column| Error::Unreadable { table: "enrollments", column };
        Ok(OwnEnrollment {
            task: self.task,
            requester: self.operator_name,
            emailed_to: self.emailed_to,
            start_on: day(self.start_on),
            stop_on: day(self.stop_on),
            status: Status::of_code(&self.status).ok_or(unreadable("status"))?,
            kind: kind_of(&self.kind, "enrollments")?,
            link_until: self.link_until,
            requested_at: self.requested_at,
            mail: self.mail.read()?,
        })
    }
}
