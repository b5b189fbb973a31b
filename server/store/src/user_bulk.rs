//! Users by the thousand: which UserIDs exist, and the writes of an import.

use crate::{
    Answer, Tx,
    search::{SearchText, Searched},
    users::{Keys, search_text},
};
use model::user::Profile;
use std::collections::HashMap;

/// A user found by UserID.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownUser {
    /// The row.
    pub id: i64,
    /// The UserID as it is compared.
    pub user_key: String,
    /// UserID.
    pub user_id: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Mobile number.
    pub mobile: String,
    /// Container.
    pub container: String,
    /// Language code; empty for the organisation's.
    pub language: String,
}

/// What a profile from a file does to a user who exists: custom fields are not in it and stay as they are.
/// (72 hours are [`NEW_ADDRESS`](crate::users::NEW_ADDRESS).)
const UPDATE: &str = "on conflict (user_key) where live do update set
    email_before = case when users.email_key = excluded.email_key or users.email_changed_at > excluded.made_at - 259200000
                        then users.email_before else users.email end,
    email_changed_at = case when users.email_key <> excluded.email_key then excluded.made_at else users.email_changed_at end,
    user_id = excluded.user_id, first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
    mobile = excluded.mobile, container = excluded.container, language = excluded.language,
    first_name_key = excluded.first_name_key, last_name_key = excluded.last_name_key, email_key = excluded.email_key,
    container_key = excluded.container_key, version = users.version + 1
    returning id, user_key";

impl Tx {
    /// The users among these comparable UserIDs who exist, by UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn known_users(&mut self, user_keys: &[String]) -> Answer<HashMap<String, KnownUser>> {
        let head = "select u.id, u.user_key, u.user_id, u.first_name, u.last_name, u.email, u.mobile, u.container, u.language from users u where u.live = true and u.user_key in (select column1 from (";
        // `values` as a table names its columns column1, column2, … on both databases.
        // No UserID has a NUL, and PostgreSQL takes no text with it.
        let user_keys: Vec<String> = user_keys.iter().filter(|key| !key.contains('\0')).cloned().collect();
        let rows = on_db!(self, bulk_all KnownUser, head, user_keys, 1, |values, key| values.push_bind(key), ") keys)")?;
        Ok(rows.into_iter().map(|row| (row.user_key.clone(), row)).collect())
    }

    /// Adds these users, or changes those whose UserID exists when `update`; answers their rows.
    ///
    /// # Errors
    /// [`Constraint::UserKey`](crate::Constraint::UserKey) when a UserID exists and is not to be updated.
    pub async fn write_users(&mut self, profiles: &[&Profile], update: bool, now: i64) -> Answer<Vec<i64>> {
        let rows: Vec<(&Profile, Keys)> = profiles.iter().map(|profile| (*profile, Keys::of(profile))).collect();
        let tail = if update { UPDATE } else { "returning id, user_key" };
        let written = on_db!(self, bulk_all (i64, String),
            "insert into users (user_id, user_key, first_name, last_name, email, mobile, container, custom1, custom2, custom3, language,
                                first_name_key, last_name_key, email_key, container_key, custom1_key, made_at)",
            rows, 17, |values, row| values
                .push_bind(&row.0.user_id).push_bind(&row.1.user).push_bind(&row.0.first_name).push_bind(&row.0.last_name)
                .push_bind(&row.0.email).push_bind(&row.0.mobile).push_bind(&row.0.container)
                .push_bind(&row.0.custom[0]).push_bind(&row.0.custom[1]).push_bind(&row.0.custom[2]).push_bind(&row.0.language)
                .push_bind(&row.1.first_name).push_bind(&row.1.last_name).push_bind(&row.1.email)
                .push_bind(&row.1.container).push_bind(&row.1.custom1).push_bind(now),
            tail)?;
        let by_key: HashMap<&str, &Profile> = rows.iter().map(|(profile, keys)| (keys.user.as_str(), *profile)).collect();
        let texts: Vec<SearchText> =
            written.iter().filter_map(|(id, key)| Some(search_text(*id, by_key.get(key.as_str())?))).collect();
        if update {
            self.remove_searches(Searched::Users, &texts).await?;
        }
        self.add_search(Searched::Users, &texts).await?;
        Ok(written.into_iter().map(|(id, _)| id).collect())
    }
}
