//! Links: the database holds a hash of the secret and an HMAC of the typed code, never either of them (spec §4.1).

use crate::{Answer, Error, Tx};

/// What a link is for; it serves nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Enrolling.
    Enroll,
    /// "This was not me", after completion.
    NotMe,
    /// "Stop it", when a link went to another address.
    StopIt,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Purpose::Enroll => "enroll",
            Purpose::NotMe => "not_me",
            Purpose::StopIt => "stop_it",
        }
    }

    fn of_code(code: &str) -> Option<Purpose> {
        [Purpose::Enroll, Purpose::NotMe, Purpose::StopIt].into_iter().find(|purpose| purpose.code() == code)
    }
}

/// A link to be written.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    /// HMAC of the typed code; enrolling only.
    pub code_mac: Option<Vec<u8>>,
    /// The enrollment.
    pub enrollment: i64,
    /// The generation it lives with.
    pub generation: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// Now, in milliseconds.
    pub made_at: i64,
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The enrollment it serves.
    pub enrollment: i64,
    /// It lives while this is the enrollment's.
    pub generation: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// The end of its own lifetime in milliseconds, where a newer link of its generation lives on; nothing: the enrollment's.
    pub until: Option<i64>,
}

impl Tx {
    /// Writes links.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_links(&mut self, links: &[NewLink]) -> Answer<()> {
        on_db!(self, bulk "insert into links (hash, code_mac, enrollment, generation, purpose, made_at)", links, 6,
            |values, link| values.push_bind(&link.hash[..]).push_bind(link.code_mac.as_deref())
                .push_bind(link.enrollment).push_bind(link.generation).push_bind(link.purpose.code()).push_bind(link.made_at),
            "")?;
        Ok(())
    }

    /// The link whose secret has this hash.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn link(&mut self, hash: &[u8]) -> Answer<Option<Link>> {
        let row = on_db!(
            self,
            optional(i64, i64, String, Option<i64>),
            "select enrollment, generation, purpose, until from links where hash = $1",
            hash
        )?;
        let Some((enrollment, generation, purpose, until)) = row else { return Ok(None) };
        let purpose = Purpose::of_code(&purpose).ok_or(Error::Unreadable { table: "links", column: "purpose" })?;
        Ok(Some(Link { enrollment, generation, purpose, until }))
    }

    /// The live link of this user with this code. A user that there is not is asked for as 0, so that the same work is done.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn link_by_code(&mut self, person: i64, code_mac: &[u8]) -> Answer<Option<Link>> {
        let row = on_db!(
            self,
            optional(i64, i64, Option<i64>),
            "select l.enrollment, l.generation, l.until
               from enrollments e join links l on l.enrollment = e.id and l.generation = e.generation and l.purpose = 'enroll'
              where e.person = $1 and e.open and l.code_mac = $2",
            person,
            code_mac
        )?;
        Ok(row.map(|(enrollment, generation, until)| Link { enrollment, generation, purpose: Purpose::Enroll, until }))
    }

    /// The row of the user with this comparable UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn person_of_key(&mut self, user_key: &str) -> Answer<Option<i64>> {
        // Nobody has a UserID with such a character, and PostgreSQL takes no text with it. The statement is the same for everybody.
        let user_key = if user_key.contains('\0') { "" } else { user_key };
        let row = on_db!(self, optional(i64,), "select id from users where user_key = $1 and live", user_key)?;
        Ok(row.map(|(id,)| id))
    }

    /// Notes on the links of a completed enrollment when they were used.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_links_used(&mut self, enrollment: i64, generation: i64, now: i64) -> Answer<()> {
        on_db!(self, execute
            "update links set used_at = $3 where enrollment = $1 and generation = $2 and purpose = 'enroll' and used_at is null",
            enrollment, generation, now)?;
        Ok(())
    }

    /// Moves the end of the links' lifetime from `was` to `until` for links still to be written; those of that generation keep theirs.
    /// False when the enrollment is not as it was read.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn extend_links(&mut self, enrollment: i64, generation: i64, was: i64, until: Option<i64>) -> Answer<bool> {
        let extended = on_db!(self, execute
            "update enrollments set link_until = $4 where id = $1 and generation = $2 and open and link_until = $3",
            enrollment, generation, was, until)?;
        if extended > 0 {
            on_db!(self, execute
                "update links set until = $3 where enrollment = $1 and generation = $2 and purpose = 'enroll' and until is null",
                enrollment, generation, was)?;
        }
        Ok(extended > 0)
    }

    /// Leaves the newest `most` links to enroll of that generation: one more is about to be written.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn trim_links(&mut self, enrollment: i64, generation: i64, most: i64) -> Answer<()> {
        on_db!(self, execute
            "delete from links where enrollment = $1 and generation = $2 and purpose = 'enroll'
                and hash not in (select hash from links where enrollment = $1 and generation = $2 and purpose = 'enroll'
                                  order by made_at desc, hash limit $3)",
            enrollment, generation, most)?;
        Ok(())
    }
}
