//! The installation's own row, and the policy's.

use crate::{
    Answer, Tx,
    dynamic::Values,
    keyset::{Page, Place, Walk},
};
use model::listing::{Direction, PageSize, Total};

impl Tx {
    /// The fingerprint of the secret key this database was made with; nothing on an empty database.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn key_fingerprint(&mut self) -> Answer<Option<String>> {
        let row = on_db!(self, optional(String,), "select key_fingerprint from instance where id = 1")?;
        Ok(row.map(|(fingerprint,)| fingerprint))
    }

    /// Keeps the fingerprint if there is none, and answers the one that is kept: of two nodes that start at once, one key wins.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle_key_fingerprint(&mut self, fingerprint: &str, now: i64) -> Answer<String> {
        on_db!(self, execute "insert into instance (id, key_fingerprint, made_at) values (1, $1, $2) on conflict (id) do nothing",
            fingerprint, now)?;
        let (kept,) = on_db!(self, one(String,), "select key_fingerprint from instance where id = 1")?;
        Ok(kept)
    }

    /// The policy's version and document (JSON); nothing before it was first changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn policy(&mut self) -> Answer<Option<(i64, String)>> {
        on_db!(self, optional(i64, String), "select version, document from policy where id = 1")
    }

    /// Replaces the policy of that version (0: there is none) and writes its log. False: somebody changed it meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn replace_policy(&mut self, version: i64, change: PolicyChange<'_>) -> Answer<bool> {
        let changed = if version == 0 {
            on_db!(self, execute
                "insert into policy (id, version, document, changed_at) values (1, 1, $1, $2) on conflict (id) do nothing",
                change.after, change.at)?
        } else {
            on_db!(self, execute
                "update policy set version = version + 1, document = $1, changed_at = $2 where id = 1 and version = $3",
                change.after, change.at, version)?
        };
        if changed == 0 {
            return Ok(false);
        }
        on_db!(self, execute
            "insert into policy_log (at, operator, operator_name, before, after) values ($1, $2, $3, $4, $5)",
            change.at, change.operator, change.operator_name, change.before, change.after)?;
        Ok(true)
    }

    /// A page of the policy's log, by the order of the changes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn policy_log(&mut self, direction: Direction, size: PageSize, from: Option<&Place>) -> Answer<Page<LoggedChange>> {
        let mut values = Values::default();
        let walk = Walk::new(self, "id", "id", direction, size.rows(), from, &mut values);
        let mut rows = Vec::new();
        for step in walk.steps() {
            let sql =
                format!("select id, at, operator_name, before, after from policy_log where true{} {}", step.condition, step.tail);
            rows.extend(self.dynamic(sql, &values).await?);
        }
        Ok(walk.page(rows, from.is_none()))
    }

    /// How many changes the policy has seen.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_policy_log(&mut self) -> Answer<Total> {
        Ok(Total::from_capped(on_db!(self, one(i64,), "select count(*) from policy_log")?.0))
    }
}

/// An entry of the policy's log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LoggedChange {
    /// The entry.
    pub id: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// Who.
    pub operator_name: String,
    /// The document before, JSON.
    pub before: String,
    /// The document after, JSON.
    pub after: String,
}

/// A change of the policy, as its log keeps it.
#[derive(Clone, Copy, Debug)]
pub struct PolicyChange<'a> {
    /// When, in milliseconds.
    pub at: i64,
    /// The operator's row; nothing on the command line.
    pub operator: Option<i64>,
    /// Who.
    pub operator_name: &'a str,
    /// The document before, JSON.
    pub before: &'a str,
    /// The document after, JSON.
    pub after: &'a str,
}
