//! Operators, their sessions, and the networks they have signed in from.

use crate::{Answer, Tx};

/// An operator to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewOperator<'a> {
    /// UserID.
    pub user_id: &'a str,
    /// The UserID as it is compared.
    pub user_key: &'a str,
    /// Name.
    pub name: &'a str,
    /// E-mail.
    pub email: &'a str,
    /// The role's name.
    pub role: &'a str,
    /// argon2id, PHC form.
    pub password_hash: &'a str,
}

/// An operator as sign-in and sessions need them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OperatorRow {
    /// The row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// The role's rights: names with spaces between.
    pub rights: String,
    /// argon2id, PHC form.
    pub password_hash: String,
    /// Since when they cannot sign in.
    pub disabled_at: Option<i64>,
    /// Counts what was done to the row.
    pub version: i64,
}

/// A live session with its operator.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// The operator's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// The role's rights: names with spaces between.
    pub rights: String,
    /// When the session was last used, to the minute.
    pub seen_at: i64,
}

/// A session to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of the cookie's secret.
    pub hash: &'a [u8],
    /// The operator.
    pub operator: i64,
    /// The operator's version when the password was compared.
    pub version: i64,
    /// Now.
    pub made_at: i64,
    /// The absolute end.
    pub ends_at: i64,
    /// The client's address.
    pub address: &'a str,
    /// The browser, as it calls itself.
    pub agent: &'a str,
}

/// An operator who can sign in, as far as alerts ask.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OperatorToTell {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The rights of the role, by name.
    pub rights: String,
}

impl Tx {
    /// Adds an operator.
    ///
    /// # Errors
    /// [`Constraint::OperatorUserKey`](crate::Constraint::OperatorUserKey) when the UserID is taken.
    pub async fn add_operator(&mut self, new: NewOperator<'_>, now: i64) -> Answer<i64> {
        let (id,) = on_db!(
            self,
            one(i64,),
            "insert into operators (user_id, user_key, name, email, role, password_hash, made_at)
             values ($1, $2, $3, $4, $5, $6, $7) returning id",
            new.user_id,
            new.user_key,
            new.name,
            new.email,
            new.role,
            new.password_hash,
            now
        )?;
        Ok(id)
    }

    /// Is there a role of that name?
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_role(&mut self, name: &str) -> Answer<bool> {
        Ok(on_db!(self, optional(String,), "select name from roles where name = $1", name)?.is_some())
    }

    /// Are there operators at all?
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_operators(&mut self) -> Answer<bool> {
        Ok(on_db!(self, optional(i64,), "select id from operators limit 1")?.is_some())
    }

    /// The operator with that UserID, disabled or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operator(&mut self, user_key: &str) -> Answer<Option<OperatorRow>> {
        on_db!(self, optional OperatorRow,
            "select o.id, o.user_id, o.name, r.rights, o.password_hash, o.disabled_at, o.version
               from operators o join roles r on r.name = o.role where o.user_key = $1", user_key)
    }

    /// The operator of that row, disabled or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operator_by_id(&mut self, id: i64) -> Answer<Option<OperatorRow>> {
        on_db!(self, optional OperatorRow,
            "select o.id, o.user_id, o.name, r.rights, o.password_hash, o.disabled_at, o.version
               from operators o join roles r on r.name = o.role where o.id = $1", id)
    }

    /// Disables an operator, ends their sessions and forgets where they signed in from. False when there is nobody to disable, or they are the last with role Operator.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn disable_operator(&mut self, id: i64, now: i64) -> Answer<bool> {
        self.lock_operator_role().await?;
        let disabled = on_db!(self, execute
            "update operators set disabled_at = $2, version = version + 1
              where id = $1 and disabled_at is null
                and (role <> 'Operator' or exists
                     (select 1 from operators o where o.role = 'Operator' and o.disabled_at is null and o.id <> $1))",
            id, now)?;
        if disabled > 0 {
            self.end_sessions_of(id).await?;
            self.forget_places(id).await?;
        }
        Ok(disabled > 0)
    }

    /// Gives an operator another password, enables them, ends their sessions and forgets where they signed in from.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reset_operator(&mut self, id: i64, password_hash: &str) -> Answer<()> {
        on_db!(self, execute
            "update operators set password_hash = $2, disabled_at = null, version = version + 1 where id = $1", id, password_hash)?;
        self.end_sessions_of(id).await?;
        self.forget_places(id).await
    }

    /// Makes a session and notes the sign-in. False, and no session: the operator was reset or disabled since the password was compared.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_session(&mut self, new: NewSession<'_>) -> Answer<bool> {
        // The operator's row first: it is held from here on, so that who resets the operator comes before this or ends the session too.
        let there = on_db!(self, execute
            "update operators set signed_in_at = $2 where id = $1 and version = $3 and disabled_at is null",
            new.operator, new.made_at, new.version)?;
        if there == 0 {
            return Ok(false);
        }
        on_db!(self, execute
            "insert into operator_sessions (hash, operator, made_at, seen_at, ends_at, address, agent)
             values ($1, $2, $3, $3, $4, $5, $6)",
            new.hash, new.operator, new.made_at, new.ends_at, new.address, new.agent)?;
        Ok(true)
    }

    /// The session of that hash and its operator, if it is live: used after `idle_since`, not at its end, not of a disabled operator.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn session(&mut self, hash: &[u8], now: i64, idle_since: i64) -> Answer<Option<SessionRow>> {
        on_db!(self, optional SessionRow,
            "select o.id, o.user_id, o.name, r.rights, s.seen_at
               from operator_sessions s join operators o on o.id = s.operator join roles r on r.name = o.role
              where s.hash = $1 and s.ends_at > $2 and s.seen_at > $3 and o.disabled_at is null",
            hash, now, idle_since)
    }

    /// Notes that the session is in use, unless somebody did since `seen_at`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn touch_session(&mut self, hash: &[u8], seen_at: i64, now: i64) -> Answer<()> {
        on_db!(self, execute "update operator_sessions set seen_at = $3 where hash = $1 and seen_at = $2", hash, seen_at, now)?;
        Ok(())
    }

    /// Ends a session for good and answers whose it was.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_session(&mut self, hash: &[u8]) -> Answer<Option<(i64, String)>> {
        on_db!(
            self,
            optional(i64, String),
            "delete from operator_sessions where hash = $1
             returning operator, (select user_id from operators where id = operator_sessions.operator)",
            hash
        )
    }

    /// Ends every session of an operator.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_sessions_of(&mut self, operator: i64) -> Answer<()> {
        on_db!(self, execute "delete from operator_sessions where operator = $1", operator)?;
        Ok(())
    }

    /// Forgets the sessions that are over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_sessions(&mut self, now: i64, idle_since: i64) -> Answer<u64> {
        on_db!(self, execute "delete from operator_sessions where ends_at <= $1 or seen_at <= $2", now, idle_since)
    }

    /// Has the operator with that UserID signed in from `place` since then?
    ///
    /// # Errors
    /// Those of the database.
    pub async fn is_familiar(&mut self, user_key: &str, place: &str, since: i64) -> Answer<bool> {
        let row = on_db!(
            self,
            optional(i64,),
            "select p.seen_at from operators o join operator_places p on p.operator = o.id
              where o.user_key = $1 and p.place = $2 and p.seen_at > $3",
            user_key,
            place,
            since
        )?;
        Ok(row.is_some())
    }

    /// Notes that the operator signed in from `place`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_place(&mut self, operator: i64, place: &str, now: i64) -> Answer<()> {
        on_db!(self, execute
            "insert into operator_places (operator, place, made_at, seen_at) values ($1, $2, $3, $3)
             on conflict (operator, place) do update set seen_at = excluded.seen_at", operator, place, now)?;
        Ok(())
    }

    /// Forgets where an operator has signed in from.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_places(&mut self, operator: i64) -> Answer<()> {
        on_db!(self, execute "delete from operator_places where operator = $1", operator)?;
        Ok(())
    }

    /// Everybody who can sign in, in the order they were added; the caller looks at the rights.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operators_to_tell(&mut self) -> Answer<Vec<OperatorToTell>> {
        on_db!(self, all OperatorToTell,
            "select o.name, o.email, r.rights from operators o join roles r on r.name = o.role
              where o.disabled_at is null order by o.id")
    }
}
