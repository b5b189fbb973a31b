//! The list of users.

use crate::{Service, cursor::Scope, fault::Outcome};
use model::{
    actor::Actor,
    bulk::SelectionOf,
    listing::Listing,
    rights::Right,
    user::{UserQuery, UserRow},
};
use store::user_list::{ListedUser, UsersAsked};

/// A page of users. A selection that is gone or somebody else's marks no row.
pub(crate) async fn page(service: &Service, by: &Actor, query: &UserQuery) -> Outcome<Listing<UserRow>> {
    by.require(Right::UsersView)?;
    let scope = Scope::new("/users", &(&query.filter, query.paging.sort));
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let selection = match &query.selection {
        Some(id) if tx.selected_count(id, by.id, SelectionOf::Users).await?.is_some() => Some(id.as_str()),
        _ => None,
    };
    let asked = UsersAsked { filter: &query.filter, sort: query.paging.sort, size: query.paging.size, from, selection };
    let page = tx.users(&asked).await?;
    let total = tx.count_users(&query.filter).await?;
    tx.rollback().await?;
    Ok(service.listing(&scope, now, page, total, |user| (user.key(), user.id), row))
}

fn row(user: ListedUser) -> UserRow {
    UserRow {
        id: user.id,
        user_id: user.user_id,
        last_name: user.last_name,
        first_name: user.first_name,
        email: user.email,
        container: user.container,
        custom1: user.custom1,
        enabled: user.enabled,
        selected: user.selected,
    }
}
