//! The list of users: a page by key, and its count.

use crate::{
    Answer, Tx,
    dynamic::Values,
    keyset::{Key, Page, Place, Walk},
    packed::packed,
};
use model::{
    listing::{PageSize, Sort, Total},
    user::{UserColumn, UserFilter},
};

packed! {
    /// A row of the list.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ListedUser {
        /// The row.
        pub id: i64,
        /// UserID.
        pub user_id: String,
        /// Last name.
        pub last_name: String,
        /// First name.
        pub first_name: String,
        /// E-mail.
        pub email: String,
        /// Container.
        pub container: String,
        /// Custom field 1.
        pub custom1: String,
        /// Not disabled.
        #[serde(deserialize_with = "crate::packed::flag")]
        pub enabled: bool,
        /// Is in the selection that was asked about.
        #[serde(deserialize_with = "crate::packed::flag")]
        pub selected: bool,
        sort_key: String,
    }
}

impl ListedUser {
    /// The row's sort value in the order it was read in, for a cursor.
    pub fn key(&self) -> Key {
        Key::Text(self.sort_key.clone())
    }
}

/// What a page of users is asked for.
#[derive(Clone, Debug)]
pub struct UsersAsked<'a> {
    /// Which users.
    pub filter: &'a UserFilter,
    /// In which order.
    pub sort: Sort<UserColumn>,
    /// How many.
    pub size: PageSize,
    /// From where; nothing for the first page.
    pub from: Option<Place>,
    /// The selection to ask about.
    pub selection: Option<&'a str>,
}

const fn sql_column(column: UserColumn) -> &'static str {
    match column {
        UserColumn::UserId => "u.user_key",
        UserColumn::LastName => "u.last_name_key",
        UserColumn::FirstName => "u.first_name_key",
        UserColumn::Email => "u.email_key",
        UserColumn::Container => "u.container_key",
        UserColumn::Custom1 => "u.custom1_key",
    }
}

impl Tx {
    /// A page of users.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn users(&mut self, asked: &UsersAsked<'_>) -> Answer<Page<ListedUser>> {
        let mut values = Values::default();
        let which = self.which_users(asked.filter, &mut values).await?;
        let column = sql_column(asked.sort.column);
        let walk = Walk::new(self, column, "u.id", asked.sort.direction, asked.size.rows(), asked.from.as_ref(), &mut values);
        let selection = values.push(asked.selection.unwrap_or_default());
        let select = format!(
            "select u.id, u.user_id, u.last_name, u.first_name, u.email, u.container, u.custom1, u.enabled, {column} as sort_key,
                    exists (select 1 from selection_items s where s.selection = {selection} and s.item = u.id) as selected
               from {} where {}",
            which.from,
            which.clause()
        );
        let mut rows = Vec::new();
        for step in walk.steps() {
            if walk.wants_more(rows.len()) {
                rows.extend(self.packed(format!("{select}{} {}", step.condition, step.tail), &values).await?);
            }
        }
        Ok(walk.page(rows, asked.from.is_none()))
    }

    /// How many users the filter holds, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_users(&mut self, filter: &UserFilter) -> Answer<Total> {
        let mut values = Values::default();
        let which = self.which_users(filter, &mut values).await?;
        let sql = format!(
            "select count(*) from (select 1 as one from {} where {} limit {}) counted",
            which.from,
            which.clause(),
            Total::EXACT_TO + 1
        );
        Ok(Total::from_capped(self.dynamic_count(sql, &values).await?))
    }

    /// How many users there are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user_count(&mut self) -> Answer<i64> {
        Ok(on_db!(self, one(i64,), "select count(*) from users where live = true")?.0)
    }
}
