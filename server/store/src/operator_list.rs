//! Operators as the console lists and changes them, and their sessions as they see them themselves.

use crate::{
    Answer, Tx, dialect,
    dynamic::Values,
    keyset::{Key, Page, Place, Walk},
};
use model::{
    listing::{PageSize, Sort, Total},
    operator::{OperatorColumn, OperatorProfile},
    text,
};

/// An operator of the list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedOperator {
    /// The row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// The UserID as it is compared.
    pub user_key: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role's name.
    pub role: String,
    /// The role's rights: names with spaces between.
    pub rights: String,
    /// Since when they cannot sign in.
    pub disabled_at: Option<i64>,
    /// The last sign-in.
    pub signed_in_at: Option<i64>,
    /// Counts what was done to the row.
    pub version: i64,
}

impl ListedOperator {
    /// The row's sort value, for a cursor.
    pub fn key(&self) -> Key {
        Key::Text(self.user_key.clone())
    }
}

/// A session as its operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnSession {
    /// SHA-256 of the cookie's secret.
    pub hash: Vec<u8>,
    /// When it was made.
    pub made_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// The client's address.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
}

const COLUMNS: &str =
    "select o.id, o.user_id, o.user_key, o.name, o.email, o.role, r.rights, o.disabled_at, o.signed_in_at, o.version
                         from operators o join roles r on r.name = o.role";

impl Tx {
    /// A page of operators, by UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operators(
        &mut self,
        sort: Sort<OperatorColumn>,
        size: PageSize,
        from: Option<&Place>,
    ) -> Answer<Page<ListedOperator>> {
        let mut values = Values::default();
        let column = match sort.column {
            OperatorColumn::UserId => "o.user_key",
        };
        let walk = Walk::new(self, column, "o.id", sort.direction, size.rows(), from, &mut values);
        let mut rows = Vec::new();
        for step in walk.steps() {
            if walk.wants_more(rows.len()) {
                let sql = format!("{COLUMNS} where true{} {}", step.condition, step.tail);
                rows.extend(self.dynamic(sql, &values).await?);
            }
        }
        Ok(walk.page(rows, from.is_none()))
    }

    /// How many operators there are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_operators(&mut self) -> Answer<Total> {
        Ok(Total::from_capped(on_db!(self, one(i64,), "select count(*) from operators")?.0))
    }

    /// One operator.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operator_record(&mut self, id: i64) -> Answer<Option<ListedOperator>> {
        on_db!(self, optional ListedOperator, sqlx::AssertSqlSafe(format!("{COLUMNS} where o.id = $1")), id)
    }

    /// One operator who stays as they are until this transaction ends; so does who has the role Operator.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lock_operator(&mut self, id: i64) -> Answer<Option<ListedOperator>> {
        self.lock_operator_role().await?;
        // Not `for update`: the keys of forms refer to the row of whoever sent them, so that two who change each other would each wait
        // for a reference that the other holds.
        let lock = if dialect::for_update(self).is_empty() { "" } else { " for no key update of o" };
        on_db!(self, optional ListedOperator, sqlx::AssertSqlSafe(format!("{COLUMNS} where o.id = $1{lock}")), id)
    }

    /// Two who take the role Operator from one another at once wait for each other here, so that one of them keeps it.
    pub(crate) async fn lock_operator_role(&mut self) -> Answer<()> {
        on_db!(self, execute "update roles set version = version where name = 'Operator'")?;
        Ok(())
    }

    /// Changes the profile of that version. False: somebody changed it meanwhile, or they are the last with role Operator and
    /// would have another.
    ///
    /// # Errors
    /// [`Constraint::OperatorUserKey`](crate::Constraint::OperatorUserKey) when the UserID is taken.
    pub async fn update_operator(&mut self, id: i64, version: i64, profile: &OperatorProfile) -> Answer<bool> {
        self.lock_operator_role().await?;
        let key = text::user_key(&profile.user_id);
        let changed = on_db!(self, execute
            "update operators set user_id = $3, user_key = $4, name = $5, email = $6, role = $7, version = version + 1
              where id = $1 and version = $2
                and (role <> 'Operator' or $7 = 'Operator' or disabled_at is not null or exists
                     (select 1 from operators o where o.role = 'Operator' and o.disabled_at is null and o.id <> $1))",
            id, version, &profile.user_id, &key, &profile.name, &profile.email, &profile.role)?;
        Ok(changed > 0)
    }

    /// Lets an operator sign in again. False: they can already.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enable_operator(&mut self, id: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update operators set disabled_at = null, version = version + 1 where id = $1 and disabled_at is not null", id)?;
        Ok(changed > 0)
    }

    /// Gives an operator of that version another password. False: somebody changed them meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_password(&mut self, id: i64, version: i64, password_hash: &str) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update operators set password_hash = $3, version = version + 1 where id = $1 and version = $2",
            id, version, password_hash)?;
        Ok(changed > 0)
    }

    /// The live sessions of an operator, the last used first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sessions_of(&mut self, operator: i64, now: i64, idle_since: i64) -> Answer<Vec<OwnSession>> {
        on_db!(self, all OwnSession,
            "select hash, made_at, seen_at, address, agent from operator_sessions
              where operator = $1 and ends_at > $2 and seen_at > $3 order by seen_at desc, made_at desc, hash",
            operator, now, idle_since)
    }

    /// Ends a session of that operator. False: it is over already, or somebody else's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_session_of(&mut self, operator: i64, hash: &[u8]) -> Answer<bool> {
        let ended = on_db!(self, execute "delete from operator_sessions where operator = $1 and hash = $2", operator, hash)?;
        Ok(ended > 0)
    }

    /// Ends the sessions of an operator but one, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_other_sessions(&mut self, operator: i64, kept: &[u8]) -> Answer<u64> {
        on_db!(self, execute "delete from operator_sessions where operator = $1 and hash <> $2", operator, kept)
    }
}
