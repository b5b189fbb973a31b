//! Rows that travel as one document.
//!
//! Where the driver hands over each value by itself ([`dialect::hands_over_each_value`]), that costs more than reading them, for the pages of a
//! list and for exports. So SQLite writes the rows as one JSON array of arrays, which arrives as one value; on PostgreSQL rows stay rows.

use crate::{Answer, Tx, dialect, dynamic::Values};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

/// A row whose fields are named as the columns of its statement. [`packed!`] declares one.
pub(crate) trait Packed:
    DeserializeOwned + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
    /// What `json_array` is given: the columns in the order of the fields.
    fn columns() -> String;
}

/// Declares a row that is [`Packed`]. A `bool` needs `#[serde(deserialize_with = "crate::packed::flag")]`.
macro_rules! packed {
    ($(#[$about:meta])* $seen:vis struct $name:ident { $($(#[$note:meta])* $shown:vis $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(sqlx::FromRow, serde::Deserialize)]
        $seen struct $name {
            $($(#[$note])* $shown $field: $type,)*
        }

        impl $crate::packed::Packed for $name {
            fn columns() -> String {
                [$(stringify!($field)),*].join(", ")
            }
        }
    };
}
pub(crate) use packed;

/// SQLite knows no booleans: 0 is false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    i64::deserialize(from).map(|number| number != 0)
}

impl Tx {
    /// Every row of a statement, in its order; as [`Tx::dynamic`], for statements that answer many rows of many columns.
    pub(crate) async fn packed<R: Packed>(&mut self, sql: String, values: &Values) -> Answer<Vec<R>> {
        if !dialect::hands_over_each_value(self) {
            return self.dynamic(sql, values).await;
        }
        let sql = format!("select json_group_array(json_array({})) from ({sql})", R::columns());
        let documents: Vec<(String,)> = self.dynamic(sql, values).await?;
        let document = documents.first().map_or("[]", |(document,)| document);
        Ok(serde_json::from_str(document).map_err(|error| sqlx::Error::Decode(error.into()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Db;

    packed! {
        #[derive(Debug, PartialEq)]
        struct Row {
            number: i64,
            text: String,
            empty: Option<String>,
            #[serde(deserialize_with = "crate::packed::flag")]
            holds: bool,
        }
    }

    const ODD: &str = "\0\"quoted\" back\\slash\nline\ttab \u{1}\u{7f} Łódź 山 😀 [1,{}] null";

    async fn read(rest: &str) -> Vec<Row> {
        let db = Db::open("sqlite::memory:").await.unwrap();
        let mut values = Values::default();
        let text = values.push(ODD);
        let rows = format!(
            "select 1 as number, {text} as text, null as empty, true as holds union all select {}, '[1]', '', false",
            i64::MAX
        );
        db.read().await.unwrap().packed(format!("select * from ({rows}) r {rest}"), &values).await.unwrap()
    }

    #[tokio::test]
    async fn every_value_arrives_as_it_is_and_in_its_order() {
        let odd = Row { number: 1, text: ODD.to_owned(), empty: None, holds: true };
        let large = Row { number: i64::MAX, text: "[1]".to_owned(), empty: Some(String::new()), holds: false };
        assert_eq!(read("order by number desc limit 5").await, [large, odd]);
    }

    #[tokio::test]
    async fn no_rows_are_an_empty_list() {
        assert_eq!(read("where number = 2").await, []);
    }
}
