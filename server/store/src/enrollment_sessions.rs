//! Enrollment sessions: what a pressed Start opens. One of an enrollment lives at a time; its pending key is wiped when it ends.

use crate::{Answer, Error, Tx};

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Start was pressed on another device.
    Elsewhere,
    /// Its window is over.
    Over,
    /// Its last wrong code locked the enrollment.
    Locked,
    /// It completed the enrollment.
    Completed,
    /// The enrollment was removed, or a newer link replaced this one's.
    Canceled,
}

impl Ended {
    const ALL: [Ended; 5] = [Ended::Elsewhere, Ended::Over, Ended::Locked, Ended::Completed, Ended::Canceled];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Ended::Elsewhere => "elsewhere",
            Ended::Over => "over",
            Ended::Locked => "locked",
            Ended::Completed => "completed",
            Ended::Canceled => "canceled",
        }
    }
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of the cookie's secret.
    pub hash: &'a [u8],
    /// The enrollment.
    pub enrollment: i64,
    /// The generation of the link that began it.
    pub generation: i64,
    /// Now, in milliseconds.
    pub now: i64,
    /// The end of its window.
    pub ends_at: i64,
    /// The pending key, sealed.
    pub secret: &'a [u8],
    /// What the type keeps beside it.
    pub data: &'a str,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The enrollment.
    pub enrollment: i64,
    /// The generation of the link that began it.
    pub generation: i64,
    /// The end of its window.
    pub ends_at: i64,
    /// The pending key, sealed; nothing once it ended.
    pub secret: Option<Vec<u8>>,
    /// What the type keeps beside it.
    pub data: Option<String>,
    /// Why it ended; nothing while it lives.
    pub ended: Option<Ended>,
}

impl Tx {
    /// Opens a session and ends the one before. The enrollment must be locked ([`Tx::lock_enrollment`]).
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_session(&mut self, session: &NewSession<'_>) -> Answer<()> {
        self.end_sessions(session.enrollment, Ended::Elsewhere, session.now).await?;
        on_db!(self, execute
            "insert into enrollment_sessions (hash, enrollment, generation, made_at, ends_at, secret, data)
             values ($1, $2, $3, $4, $5, $6, $7)",
            session.hash, session.enrollment, session.generation, session.now, session.ends_at, session.secret, session.data)?;
        Ok(())
    }

    /// The session whose cookie has this hash.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrollment_session(&mut self, hash: &[u8]) -> Answer<Option<Session>> {
        let row = on_db!(
            self,
            optional(i64, i64, i64, Option<Vec<u8>>, Option<String>, Option<String>),
            "select enrollment, generation, ends_at, secret, data, ended_why from enrollment_sessions where hash = $1",
            hash
        )?;
        let Some((enrollment, generation, ends_at, secret, data, why)) = row else { return Ok(None) };
        let unreadable = Error::Unreadable { table: "enrollment_sessions", column: "ended_why" };
        let ended = match why {
            Some(why) => Some(Ended::ALL.into_iter().find(|ended| ended.code() == why).ok_or(unreadable)?),
            None => None,
        };
        Ok(Some(Session { enrollment, generation, ends_at, secret, data, ended }))
    }

    /// Ends the live session of an enrollment, if there is one, and wipes its key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_sessions(&mut self, enrollment: i64, why: Ended, now: i64) -> Answer<()> {
        on_db!(self, execute
            "update enrollment_sessions set ended_at = $3, ended_why = $2, secret = null, data = null
              where enrollment = $1 and ended_at is null", enrollment, why.code(), now)?;
        Ok(())
    }

    /// Ends the session that completed its enrollment. Until `shown_until` it still shows the serial number.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_completed_session(&mut self, hash: &[u8], now: i64, shown_until: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollment_sessions set ended_at = $2, ended_why = 'completed', ends_at = $3, secret = null, data = null
              where hash = $1 and ended_at is null", hash, now, shown_until)?;
        Ok(changed > 0)
    }

    /// Ends the sessions whose window is over, and wipes their keys. Answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_over_sessions(&mut self, now: i64) -> Answer<u64> {
        on_db!(self, execute
            "update enrollment_sessions set ended_at = $1, ended_why = 'over', secret = null, data = null
              where ended_at is null and ends_at <= $1", now)
    }
}
