//! Users, one at a time: added, read, changed, disabled.

use crate::{
    Answer, Tx,
    search::{SearchText, Searched},
};
use model::{
    text::{search_key, user_key},
    user::{Profile, email_key},
};

/// A user who is not deleted.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UserRecord {
    /// The row.
    pub id: i64,
    /// The version that a change must name.
    pub version: i64,
    /// UserID.
    pub user_id: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Mobile.
    pub mobile: String,
    /// Container.
    pub container: String,
    /// Custom field 1.
    pub custom1: String,
    /// Custom field 2.
    pub custom2: String,
    /// Custom field 3.
    pub custom3: String,
    /// Language code; empty for the organisation's.
    pub language: String,
    /// Since when they are disabled.
    pub disabled_at: Option<i64>,
    /// When they were added.
    pub made_at: i64,
}

/// How long a changed address counts as another one for notices, in milliseconds (spec §3.4).
pub const NEW_ADDRESS: i64 = 72 * 60 * 60 * 1000;

/// The comparable forms of a profile, as columns sort by them.
pub(crate) struct Keys {
    pub(crate) user: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) container: String,
    pub(crate) custom1: String,
}

impl Keys {
    pub(crate) fn of(profile: &Profile) -> Keys {
        // A space sorts before every letter, so that the other name settles equal ones.
        let both = |one: &str, other: &str| search_key(&format!("{one} {other}"));
        Keys {
            user: user_key(&profile.user_id),
            first_name: both(&profile.first_name, &profile.last_name),
            last_name: both(&profile.last_name, &profile.first_name),
            email: email_key(&profile.email),
            container: search_key(&profile.container),
            custom1: search_key(&profile.custom[0]),
        }
    }
}

/// What a search finds a user by.
pub(crate) fn search_text(id: i64, profile: &Profile) -> SearchText {
    let name = format!("{} {}", profile.first_name, profile.last_name);
    SearchText::new(id, [profile.user_id.as_str(), &name, &profile.last_name, &profile.email])
}

impl Tx {
    /// Adds a user.
    ///
    /// # Errors
    /// [`Constraint::UserKey`](crate::Constraint::UserKey) when the UserID is taken.
    pub async fn add_user(&mut self, profile: &Profile, now: i64) -> Answer<i64> {
        let keys = Keys::of(profile);
        let [custom1, custom2, custom3] = &profile.custom;
        let (id,) = on_db!(self, one (i64,),
            "insert into users (user_id, user_key, first_name, last_name, email, mobile, container, custom1, custom2, custom3, language,
                                first_name_key, last_name_key, email_key, container_key, custom1_key, made_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id",
            &profile.user_id, &keys.user, &profile.first_name, &profile.last_name, &profile.email, &profile.mobile, &profile.container,
            custom1, custom2, custom3, &profile.language,
            &keys.first_name, &keys.last_name, &keys.email, &keys.container, &keys.custom1, now)?;
        self.add_search(Searched::Users, &[search_text(id, profile)]).await?;
        Ok(id)
    }

    /// The user of that row, unless deleted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user(&mut self, id: i64) -> Answer<Option<UserRecord>> {
        on_db!(self, optional UserRecord,
            "select id, version, user_id, first_name, last_name, email, mobile, container, custom1, custom2, custom3, language,
                    disabled_at, made_at
               from users where id = $1 and live = true", id)
    }

    /// Changes the profile of that version; a changed address is remembered with the time and the address before. False: somebody
    /// changed the user meanwhile, or there is none.
    ///
    /// # Errors
    /// [`Constraint::UserKey`](crate::Constraint::UserKey) when the UserID is taken.
    pub async fn update_user(&mut self, id: i64, version: i64, profile: &Profile, now: i64) -> Answer<bool> {
        let keys = Keys::of(profile);
        let [custom1, custom2, custom3] = &profile.custom;
        let changed = on_db!(self, execute
            "update users set
                email_before = case when email_key = $14 or email_changed_at > $17 - $20 then email_before else email end,
                email_changed_at = case when email_key <> $14 then $17 else email_changed_at end,
                user_id = $1, user_key = $2, first_name = $3, last_name = $4, email = $5, mobile = $6, container = $7,
                custom1 = $8, custom2 = $9, custom3 = $10, language = $11,
                first_name_key = $12, last_name_key = $13, email_key = $14, container_key = $15, custom1_key = $16,
                version = version + 1
              where id = $18 and version = $19 and live = true",
            &profile.user_id, &keys.user, &profile.first_name, &profile.last_name, &profile.email, &profile.mobile, &profile.container,
            custom1, custom2, custom3, &profile.language,
            &keys.first_name, &keys.last_name, &keys.email, &keys.container, &keys.custom1, now, id, version, NEW_ADDRESS)?;
        if changed > 0 {
            self.replace_search(Searched::Users, &search_text(id, profile)).await?;
            // Beside the rows that lists sort by it.
            on_db!(self, execute "update enrollments set user_key = $2 where person = $1 and user_key <> $2", id, &keys.user)?;
        }
        Ok(changed > 0)
    }

    /// Disables or enables a user. False: they are so already, or there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_user_enabled(&mut self, id: i64, enabled: bool, now: i64) -> Answer<bool> {
        let changed = if enabled {
            on_db!(self, execute "update users set disabled_at = null, version = version + 1
                                   where id = $1 and live = true and disabled_at is not null", id)?
        } else {
            on_db!(self, execute "update users set disabled_at = $2, version = version + 1
                                   where id = $1 and live = true and disabled_at is null", id, now)?
        };
        Ok(changed > 0)
    }

    /// The address that a user had before it changed within the last 72 hours: the first of them, where it changed more than once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lately_changed_address(&mut self, id: i64, now: i64) -> Answer<Option<String>> {
        let row = on_db!(
            self,
            optional(String,),
            "select email_before from users where id = $1 and email_changed_at > $2 and email_before <> ''",
            id,
            now - NEW_ADDRESS
        )?;
        Ok(row.map(|(address,)| address))
    }

    /// Deletes a user: the row stays for what speaks of it, without what reports do not need; the UserID is free again, and no search
    /// finds it. False: there is no such user. Their row is taken before ([`Tx::lock_user`]), and their
    /// enrollments, tokens and mail are dealt with.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn delete_user(&mut self, id: i64, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update users set deleted_at = $2, version = version + 1, email = '', email_key = '', email_before = null,
                    email_changed_at = null, mobile = '', custom1 = '', custom1_key = '', custom2 = '', custom3 = ''
              where id = $1 and live = true", id, now)?;
        if changed > 0 {
            self.remove_search(Searched::Users, id).await?;
        }
        Ok(changed > 0)
    }

    /// Ends the links and enrollment sessions of a user for good: a link lives while its generation is the enrollment's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_links_of_person(&mut self, person: i64, now: i64) -> Answer<()> {
        on_db!(self, execute "update enrollments set generation = generation + 1 where person = $1 and open", person)?;
        on_db!(self, execute
            "update enrollment_sessions set ended_at = $2, ended_why = 'canceled', secret = null, data = null
              where ended_at is null and enrollment in (select e.id from enrollments e where e.person = $1)", person, now)?;
        Ok(())
    }
}
