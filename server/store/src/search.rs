//! The search text of users and tasks: trigrams for three characters and more, the beginnings of words for one and two (spec §3.2).

use crate::{Answer, Tx, dialect};
use model::text::{search_beginnings, search_key};

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// Users, by id.
    Users,
    /// Tasks, by number.
    Tasks,
}

impl Searched {
    const fn trigrams(self) -> &'static str {
        match self {
            Searched::Users => "user_search",
            Searched::Tasks => "task_search",
        }
    }

    const fn beginnings(self) -> (&'static str, &'static str) {
        match self {
            Searched::Users => ("user_beginnings", "person"),
            Searched::Tasks => ("task_beginnings", "task"),
        }
    }
}

/// A row's search text: the keys of its fields, each on a line of its own so that nothing matches across two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    /// The row.
    pub id: i64,
    text: String,
}

impl SearchText {
    /// The search text of row `id` from its fields as people write them.
    pub fn new<'a>(id: i64, fields: impl IntoIterator<Item = &'a str>) -> SearchText {
        let keys: Vec<String> = fields.into_iter().map(search_key).filter(|key| !key.is_empty()).collect();
        SearchText { id, text: keys.join("\n") }
    }
}

/// A condition for a search, ready to stand in SQL.
pub(crate) struct Search {
    /// `select … ` of the ids that match, with one placeholder. Ends inside its `where`, so that ` and …` may follow.
    pub(crate) ids: String,
    /// The id's column in it.
    pub(crate) id: &'static str,
    /// What to bind to it.
    pub(crate) argument: String,
}

impl Tx {
    /// Keeps the search text of new rows.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_search(&mut self, what: Searched, rows: &[SearchText]) -> Answer<()> {
        let head = format!("insert into {} (rowid, text)", what.trigrams());
        on_db!(self, bulk head.as_str(), rows, 2, |values, row| values.push_bind(row.id).push_bind(&row.text), "")?;
        let words: Vec<(String, i64)> =
            rows.iter().flat_map(|row| search_beginnings(&row.text).into_iter().map(|word| (word, row.id))).collect();
        let (table, id) = what.beginnings();
        let head = format!("insert into {table} (beginning, {id})");
        on_db!(self, bulk head.as_str(), words, 2, |values, row| values.push_bind(&row.0).push_bind(row.1), "")?;
        Ok(())
    }

    /// Replaces a row's search text.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn replace_search(&mut self, what: Searched, row: &SearchText) -> Answer<()> {
        self.remove_search(what, row.id).await?;
        self.add_search(what, std::slice::from_ref(row)).await
    }

    /// Forgets a row's search text.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_search(&mut self, what: Searched, id: i64) -> Answer<()> {
        let (table, column) = what.beginnings();
        on_db!(self, execute sqlx::AssertSqlSafe(format!("delete from {} where rowid = $1", what.trigrams())), id)?;
        on_db!(self, execute sqlx::AssertSqlSafe(format!("delete from {table} where {column} = $1")), id)?;
        Ok(())
    }

    /// Forgets the search texts of these rows.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn remove_searches(&mut self, what: Searched, rows: &[SearchText]) -> Answer<()> {
        let (table, id) = what.beginnings();
        for (table, column) in [(what.trigrams(), "rowid"), (table, id)] {
            let head = format!("delete from {table} where {column} in (select column1 from (");
            on_db!(self, bulk head.as_str(), rows, 1, |values, row| values.push_bind(row.id), ") gone)")?;
        }
        Ok(())
    }

    /// The ids whose text holds `typed`, its placeholder being `$n`; nothing when nothing to search for was typed.
    pub(crate) fn search(&self, what: Searched, typed: &str, n: usize) -> Option<Search> {
        let key = search_key(typed);
        if key.is_empty() {
            return None;
        }
        if key.chars().count() < 3 {
            let (table, id) = what.beginnings();
            return Some(Search { ids: format!("select {id} from {table} where beginning = ${n}"), id, argument: key });
        }
        let condition = dialect::trigram_condition(self, what.trigrams(), n);
        Some(Search {
            ids: format!("select rowid from {} where {condition}", what.trigrams()),
            id: "rowid",
            argument: dialect::trigram_argument(self, &key),
        })
    }

    /// The same for one row, whose id is to be compared in an ` and …` behind: quick for a row, and slow for all of them.
    pub(crate) fn search_one(&self, what: Searched, typed: &str, n: usize) -> Option<Search> {
        let all = self.search(what, typed, n)?;
        let key = search_key(typed);
        if key.chars().count() < 3 {
            return Some(all);
        }
        let (table, condition) = (what.trigrams(), dialect::text_condition(self, what.trigrams(), n));
        let argument = dialect::text_argument(self, &key);
        Some(Search { ids: format!("select rowid from {table} where {condition}"), argument, ..all })
    }

    /// The ids whose text holds `typed`, smallest first, `most` of them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn found(&mut self, what: Searched, typed: &str, most: u32) -> Answer<Vec<i64>> {
        let Some(search) = self.search(what, typed, 1) else { return Ok(Vec::new()) };
        let sql = format!("{} order by 1 limit {most}", search.ids);
        let rows = on_db!(self, all(i64,), sqlx::AssertSqlSafe(sql), search.argument)?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
