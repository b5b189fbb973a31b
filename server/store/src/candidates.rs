//! Whom a selection would provision, with what stands in their way.

use crate::{
    Answer, Tx,
    dynamic::Values,
    packed::{flag, packed},
};
use model::{authentication::AuthenticationType, task::Obstacle};

packed! {
    /// One user of a selection.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Candidate {
        /// The user's row.
        pub user: i64,
        /// UserID.
        pub user_id: String,
        /// First name; may be empty.
        pub first_name: String,
        /// Last name; may be empty.
        pub last_name: String,
        /// The profile's address.
        pub email: String,
        /// The address as it is compared.
        pub email_key: String,
        /// Container.
        pub container: String,
        /// Language code; empty for the organisation's.
        pub language: String,
        /// Not deleted.
        #[serde(deserialize_with = "flag")]
        pub live: bool,
        /// Not disabled.
        #[serde(deserialize_with = "flag")]
        pub enabled: bool,
        /// Has a usable token of the type.
        #[serde(deserialize_with = "flag")]
        pub has_type: bool,
        /// The newest task in which the user has an open enrollment of the type.
        pub open_task: Option<i64>,
    }
}

impl Candidate {
    /// What stands in the way, the gravest first.
    pub fn obstacles(&self) -> impl Iterator<Item = Obstacle> {
        Obstacle::ALL.into_iter().filter(|obstacle| match obstacle {
            Obstacle::Gone => !self.live,
            Obstacle::NoEmail => self.live && self.email.is_empty(),
            Obstacle::Disabled => self.live && !self.enabled,
            Obstacle::HasOpen => self.live && self.open_task.is_some(),
            Obstacle::HasType => self.live && self.has_type,
            Obstacle::NoInventory => false, // a matter of all of them together
        })
    }
}

impl Tx {
    /// The users in the rows of a selection, in its order. A selection by filter must be frozen first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn candidates(&mut self, selection: &str, kind: AuthenticationType) -> Answer<Vec<Candidate>> {
        let mut values = Values::default();
        let (selection, kind) = (values.push(selection), values.push(kind.code()));
        let sql = format!(
            "select i.item as \"user\", coalesce(u.user_id, '') as user_id, coalesce(u.first_name, '') as first_name,
                    coalesce(u.last_name, '') as last_name, coalesce(u.email, '') as email, coalesce(u.email_key, '') as email_key,
                    coalesce(u.container, '') as container, coalesce(u.language, '') as language,
                    coalesce(u.live, false) as live, coalesce(u.enabled, false) as enabled,
                    exists (select 1 from tokens k where k.person = i.item and k.type = {kind} and k.state = 'active') as has_type,
                    (select max(e.task) from enrollments e where e.person = i.item and e.open and e.type = {kind}) as open_task
               from selection_items i left join users u on u.id = i.item
              where i.selection = {selection} order by i.position, i.item"
        );
        self.packed(sql, &values).await
    }
}
