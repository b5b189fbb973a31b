//! Statements put together from closed lists of parts, and the values bound to them.

use crate::{Answer, Tx};
use sqlx::{AssertSqlSafe, FromRow, postgres::PgRow, sqlite::SqliteRow};

/// A value to bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

/// The values of a statement while it is put together: each takes the next placeholder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(Vec<Value>);

impl Values {
    /// Takes a value and answers its placeholder, such as `$3`.
    pub(crate) fn push(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Takes numbers and answers their placeholders for `in (…)`.
    pub(crate) fn push_all(&mut self, numbers: &[i64]) -> String {
        let places: Vec<String> = numbers.iter().map(|number| self.push(*number)).collect();
        places.join(", ")
    }

    /// The number that the next value's placeholder will have.
    pub(crate) fn next(&self) -> usize {
        self.0.len() + 1
    }
}

impl Tx {
    /// Every row of a statement. `sql` is put together from closed lists only; whatever people typed is in `values`.
    pub(crate) async fn dynamic<R>(&mut self, sql: String, values: &Values) -> Answer<Vec<R>>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        macro_rules! fetch {
            ($tx:expr) => {{
                let mut query = sqlx::query_as::<_, R>(AssertSqlSafe(sql));
                for value in &values.0 {
                    query = match value {
                        Value::Int(value) => query.bind(*value),
                        Value::Text(value) => query.bind(value.as_str()),
                    };
                }
                query.fetch_all(&mut **$tx).await
            }};
        }
        let rows = match self {
            Tx::Sqlite(tx) => fetch!(tx),
            Tx::Postgres(tx) => fetch!(tx),
        };
        Ok(rows?)
    }

    /// How many rows a statement changed.
    pub(crate) async fn dynamic_execute(&mut self, sql: String, values: &Values) -> Answer<u64> {
        macro_rules! execute {
            ($tx:expr) => {{
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for value in &values.0 {
                    query = match value {
                        Value::Int(value) => query.bind(*value),
                        Value::Text(value) => query.bind(value.as_str()),
                    };
                }
                query.execute(&mut **$tx).await.map(|done| done.rows_affected())
            }};
        }
        let changed = match self {
            Tx::Sqlite(tx) => execute!(tx),
            Tx::Postgres(tx) => execute!(tx),
        };
        Ok(changed?)
    }

    /// The one number a statement answers.
    pub(crate) async fn dynamic_count(&mut self, sql: String, values: &Values) -> Answer<i64> {
        let rows: Vec<(i64,)> = self.dynamic(sql, values).await?;
        Ok(rows.first().map_or(0, |(count,)| *count))
    }
}
