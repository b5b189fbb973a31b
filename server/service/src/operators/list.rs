//! The operators, and one of them.

use super::change::within;
use crate::{Service, cursor::Scope, fault::Outcome, zone::Now};
use model::{
    Refusal,
    actor::Actor,
    listing::Listing,
    operator::{OperatorDetail, OperatorForm, OperatorQuery, OperatorRow},
    refusal::Thing,
    rights::{Right, Rights},
};
use store::{Tx, operator_list::ListedOperator};

/// A page of operators.
pub(crate) async fn page(service: &Service, by: &Actor, query: &OperatorQuery) -> Outcome<Listing<OperatorRow>> {
    by.require(Right::OperatorsManage)?;
    let scope = Scope::new("/operators", &query.paging.sort);
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let page = tx.operators(query.paging.sort, query.paging.size, from.as_ref()).await?;
    let total = tx.count_operators().await?;
    tx.rollback().await?;
    Ok(service.listing(&scope, now, page, total, |row| (row.key(), row.id), |found| row(by, now, found)))
}

fn row(by: &Actor, now: Now, found: ListedOperator) -> OperatorRow {
    OperatorRow {
        id: found.id,
        may_change: within(by, &found.rights).is_ok(),
        user_id: found.user_id,
        name: found.name,
        email: found.email,
        role: found.role,
        enabled: found.disabled_at.is_none(),
        signed_in: found.signed_in_at.map(|at| now.moment(at)),
    }
}

/// One operator to be changed, or an empty form for a new one.
pub(crate) async fn detail(service: &Service, by: &Actor, id: Option<i64>) -> Outcome<OperatorDetail> {
    by.require(Right::OperatorsManage)?;
    let mut tx = service.db.read().await?;
    let roles = can_be_given(&mut tx, by).await?;
    let key = service.new_form_key();
    let Some(id) = id else {
        let form = OperatorForm { key, ..OperatorForm::default() };
        return Ok(OperatorDetail { id: 0, form, enabled: true, roles });
    };
    let found = tx.operator_record(id).await?.ok_or(Refusal::NotFound(Thing::Operator))?;
    within(by, &found.rights)?;
    let form = OperatorForm {
        user_id: found.user_id,
        name: found.name,
        email: found.email,
        role: found.role,
        password: String::new(),
        version: found.version.to_string(),
        key,
    };
    Ok(OperatorDetail { id, form, enabled: found.disabled_at.is_none(), roles })
}

/// The roles with no right that `by` lacks.
async fn can_be_given(tx: &mut Tx, by: &Actor) -> Outcome<Vec<String>> {
    let given = |rights: &str| Rights::from_names(rights).iter().all(|right| by.rights.has(right));
    Ok(tx.roles().await?.into_iter().filter(|role| given(&role.rights)).map(|role| role.name).collect())
}
