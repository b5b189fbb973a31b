//! Which users a filter holds, as SQL.

use crate::{Answer, Tx, dynamic::Values, search::Searched};
use model::{text::search_key, user::UserFilter};

/// Up to so many hits a search is collected and sorted; beyond, the list is walked in its order and each row tested.
const COLLECT_TO: u32 = 2_000;

/// `from …` and the conditions of a filter on users `u`.
pub(crate) struct Which {
    pub(crate) from: String,
    pub(crate) conditions: Vec<String>,
}

impl Which {
    /// The conditions after `where`.
    pub(crate) fn clause(&self) -> String {
        self.conditions.join(" and ")
    }
}

impl Tx {
    /// The SQL of a filter; its values are pushed.
    pub(crate) async fn which_users(&mut self, filter: &UserFilter, values: &mut Values) -> Answer<Which> {
        let mut which = Which { from: "users u".to_owned(), conditions: vec!["u.live = true".to_owned()] };
        if let Some(container) = &filter.container {
            // As an expression, so that no index on containers tempts SQLite to sort a whole container: the list's own index
            // holds the column and is walked in order.
            which.conditions.push(format!("u.container_key || '' = {}", values.push(search_key(container))));
        }
        match filter.enabled {
            Some(true) => which.conditions.push("u.enabled = true".to_owned()),
            Some(false) => which.conditions.push("u.enabled = false".to_owned()),
            None => {}
        }
        if let Some(search) = self.search(Searched::Users, &filter.search, values.next()) {
            let few = self.found(Searched::Users, &filter.search, COLLECT_TO + 1).await?.len() <= COLLECT_TO as usize;
            values.push(search.argument);
            let (ids, id) = (search.ids, search.id);
            if few {
                // `cross join` keeps SQLite from walking the whole list's index to save a sort of few rows.
                which.from = format!("({ids}) hit cross join users u");
                which.conditions.push(format!("u.id = hit.{id}"));
            } else {
                which.conditions.push(format!("exists ({ids} and {id} = u.id)"));
            }
        }
        Ok(which)
    }
}
