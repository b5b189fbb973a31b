//! Taking messages to send: a claim is a lease with a fencing number, and each is looked at again just before it is sent.

use crate::{Answer, Error, Tx};
use model::message::{MailState, MessageKind};

/// How long a claim holds without a heartbeat, in milliseconds of the database's clock.
pub const LEASE: i64 = 20_000;

/// A message that this boot may send until its lease runs out.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    /// The row.
    pub id: i64,
    /// The fencing number: a result counts only with the newest.
    pub attempt: i64,
    /// The Message-ID without its angle brackets.
    pub message_id: String,
    #[sqlx(rename = "kind")]
    kind_code: String,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// The enrollment it speaks of.
    pub enrollment: Option<i64>,
    /// The user it speaks to.
    pub person: Option<i64>,
    /// The address it goes to.
    #[sqlx(rename = "to_address")]
    pub to: String,
    /// The language of its texts.
    pub language: String,
    /// The version of its template.
    #[sqlx(rename = "template_version")]
    pub template: i64,
    /// What fills the template, as JSON.
    pub data: String,
    /// Link and code, sealed.
    pub secret: Option<Vec<u8>>,
    /// The enrollment's generation it was written for.
    pub generation: Option<i64>,
    /// Attempts so far that count towards giving up.
    pub tries: i64,
    /// When it was written, in milliseconds: its Date.
    pub made_at: i64,
}

impl Claimed {
    /// What the message is for.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for a kind of a newer version.
    pub fn kind(&self) -> Answer<MessageKind> {
        MessageKind::of_code(&self.kind_code).ok_or(Error::Unreadable { table: "outbox", column: "kind" })
    }
}

/// Whether a claimed message may still be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Send it.
    Go,
    /// Somebody else owns it now.
    Lost,
    /// What it spoke of is no longer so; why, in a sentence.
    Canceled(&'static str),
    /// It is too late; why, in a sentence.
    TooLate(&'static str),
}

#[derive(sqlx::FromRow)]
struct Facts {
    state: String,
    attempt: i64,
    kind: String,
    generation: Option<i64>,
    give_up_at: Option<i64>,
    current: Option<i64>,
    stop_on: Option<i64>,
    link_until: Option<i64>,
    completed_at: Option<i64>,
    removed_at: Option<i64>,
    disabled_at: Option<i64>,
    deleted_at: Option<i64>,
}

macro_rules! returning {
    () => {
        " returning id, attempt, message_id, kind, task, enrollment, person, to_address, language, template_version, data, secret,
                    generation, tries, made_at"
    };
}

impl Tx {
    /// Takes up to `most` due messages for this boot: codes first, then the lowest turn, so that ten thousand do not delay one.
    /// Due is what waits, and what another boot left behind when its lease ran out; never what this boot itself still sends, wherever
    /// the clock jumps.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim_messages(&mut self, boot: &str, most: u32, now: i64) -> Answer<Vec<Claimed>> {
        let mut claimed: Vec<Claimed> = match self {
            Tx::Sqlite(tx) => {
                sqlx::query_as(concat!(
                    "update outbox set state = 'sending', boot = $1, attempt = attempt + 1, due_at = $2 + $3
                      where id in (select id from outbox where waiting and due_at <= $2 and (boot is null or boot <> $1)
                                   order by lane, turn, id limit $4)",
                    returning!()
                ))
                .bind(boot)
                .bind(now)
                .bind(LEASE)
                .bind(i64::from(most))
                .fetch_all(&mut **tx)
                .await?
            }
            // Nodes compete here, and none waits for another. The rows are picked once, before the update looks at any.
            Tx::Postgres(tx) => {
                sqlx::query_as(concat!(
                    "with picked as materialized (
                         select id as picked_id from outbox where waiting and due_at <= $2 and (boot is null or boot <> $1)
                          order by lane, turn, id limit $4 for update skip locked)
                     update outbox set state = 'sending', boot = $1, attempt = attempt + 1, due_at = $2 + $3
                       from picked where id = picked_id",
                    returning!()
                ))
                .bind(boot)
                .bind(now)
                .bind(LEASE)
                .bind(i64::from(most))
                .fetch_all(&mut **tx)
                .await?
            }
        };
        claimed.sort_by_key(|message| message.id);
        Ok(claimed)
    }

    /// Renews the leases of everything this boot is sending, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn renew_leases(&mut self, boot: &str, now: i64) -> Answer<u64> {
        on_db!(self, execute "update outbox set due_at = $2 + $3 where boot = $1 and state = 'sending'", boot, now, LEASE)
    }

    /// Looks again just before sending: still in the task, not disabled, not too late, its generation the current one. `today` is in
    /// the organisation's zone.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standing(&mut self, message: &Claimed, now: i64, today: i64) -> Answer<Standing> {
        let facts = on_db!(self, optional Facts,
            "select o.state, o.attempt, o.kind, o.generation, o.give_up_at, e.generation as current, e.stop_on, e.link_until,
                    e.completed_at, e.removed_at, u.disabled_at, u.deleted_at
               from outbox o
               left join enrollments e on e.id = o.enrollment
               left join users u on u.id = o.person
              where o.id = $1",
            message.id)?;
        Ok(match facts {
            Some(facts) if facts.attempt == message.attempt && facts.state == MailState::Sending.code() => {
                facts.standing(now, today)
            }
            _ => Standing::Lost,
        })
    }
}

impl Facts {
    fn standing(&self, now: i64, today: i64) -> Standing {
        if self.deleted_at.is_some() {
            return Standing::Canceled("The user was deleted.");
        }
        if self.disabled_at.is_some() {
            return Standing::Canceled("The user is disabled.");
        }
        if self.give_up_at.is_some_and(|end| end <= now) {
            return Standing::TooLate("It could not be sent in time.");
        }
        let carries_link = MessageKind::of_code(&self.kind).is_some_and(MessageKind::carries_link);
        if carries_link { self.standing_of_link(now, today) } else { Standing::Go }
    }

    fn standing_of_link(&self, now: i64, today: i64) -> Standing {
        if self.removed_at.is_some() {
            Standing::Canceled("The user was removed from the task.")
        } else if self.completed_at.is_some() {
            Standing::Canceled("The enrollment is completed.")
        } else if self.generation != self.current {
            Standing::Canceled("A newer message replaced it.")
        } else if self.stop_on.is_some_and(|stop| stop < today) {
            Standing::TooLate("The stop date is over.")
        } else if self.link_until.is_some_and(|end| end <= now) {
            Standing::TooLate("The link's lifetime is over.")
        } else {
            Standing::Go
        }
    }
}
