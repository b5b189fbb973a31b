//! Selections of users: ticks, all that match, pasted UserIDs.
//!
//! These forms take no idempotency key: they say what the selection is to hold, so that the same form twice ends the same, and one
//! sent again from an earlier page of the browser is meant as it stands.

use crate::{Service, fault::Outcome};
use model::{
    Answer, Refusal,
    actor::Actor,
    bulk::{BulkAct, SelectionOf},
    console::Selected,
    form::Fields,
    forms::{PasteForm, SelectForm},
    problem::{Problem, Problems},
    query::Query,
    refusal::BadRequest,
    rights::Right,
    text,
    user::{Pasted, UserQuery},
};
use std::collections::HashSet;
use store::{Tx, selections::NewSelection};

/// The most rows a page has.
const MOST_SHOWN: usize = 100;
/// Unknown UserIDs that are named.
const MOST_NAMED: usize = 100;

/// Changes the selection of users, or begins one.
pub(crate) async fn users(service: &Service, by: &Actor, form: &SelectForm) -> Outcome<Selected> {
    by.require(Right::UsersView)?;
    let filter = UserQuery::read(&Fields::of_query(&form.query)?)?.filter;
    let text = serde_json::to_string(&filter)?;
    let ticks = Ticks { of: SelectionOf::Users, form, filter: &text };
    change(service, by, ticks, async |tx: &mut Tx, id: &str| Ok(tx.select_all(id, &filter).await?)).await
}

/// A form of a list's check boxes.
pub(crate) struct Ticks<'a> {
    /// What the rows are.
    pub(crate) of: SelectionOf,
    /// The form.
    pub(crate) form: &'a SelectForm,
    /// The list's filter, as JSON.
    pub(crate) filter: &'a str,
}

/// Changes a selection, or begins one; `all` puts everything that matches into an empty one.
pub(crate) async fn change(
    service: &Service,
    by: &Actor,
    ticks: Ticks<'_>,
    all: impl AsyncFnOnce(&mut Tx, &str) -> Outcome<u64>,
) -> Outcome<Selected> {
    let Ticks { of, form, filter } = ticks;
    let (shown, ticked) = (rows(&form.shown)?, rows(&form.select)?);
    let mut tx = service.db.write().await?;
    let now = service.clock.now();
    if !form.selection.is_empty() && !tx.touch_selection(&form.selection, by.id, of, now).await? {
        return Err(Refusal::SelectionGone.into());
    }
    let earlier = Some(form.selection.clone()).filter(|id| !id.is_empty());
    let begin = Begin { service, by, of, now };
    let selection = match form.act.as_str() {
        "all" => {
            let id = begin.selection(&mut tx, Some(filter)).await?;
            all(&mut tx, &id).await?;
            Some(id)
        }
        "none" => {
            if let Some(id) = &earlier {
                tx.clear_selection(id).await?;
            }
            None
        }
        act if act == "keep" || leads_on(of, act) => tick(begin, &mut tx, earlier, &shown, &ticked).await?,
        _ => return Err(Refusal::BadRequest(BadRequest::Parameter).into()),
    };
    let count = match &selection {
        Some(id) => tx.selected_count(id, by.id, of).await?.unwrap_or(0),
        None => 0,
    };
    tx.commit().await?;
    Ok(Selected { selection: selection.filter(|_| count > 0), count })
}

/// Does this button of the list lead on with what is ticked?
fn leads_on(of: SelectionOf, act: &str) -> bool {
    match of {
        SelectionOf::Users => act == "provision",
        SelectionOf::Tasks | SelectionOf::Enrollments => BulkAct::of_code(act).is_some(),
    }
}

/// What is ticked on the page is in, what is shown and not ticked is out, and all else stays as it was.
async fn tick(begin: Begin<'_>, tx: &mut Tx, earlier: Option<String>, shown: &[i64], ticked: &[i64]) -> Outcome<Option<String>> {
    let id = match earlier {
        Some(id) => id,
        None if ticked.is_empty() => return Ok(None),
        None => begin.selection(tx, None).await?,
    };
    let unticked: Vec<i64> = shown.iter().copied().filter(|row| !ticked.contains(row)).collect();
    tx.unselect(&id, &unticked).await?;
    tx.select(&id, ticked).await?;
    Ok(Some(id))
}

/// What a selection begins with.
struct Begin<'a> {
    service: &'a Service,
    by: &'a Actor,
    of: SelectionOf,
    now: i64,
}

impl Begin<'_> {
    async fn selection(&self, tx: &mut Tx, filter: Option<&str>) -> Outcome<String> {
        let id = self.service.ids.key();
        tx.add_selection(NewSelection { id: &id, operator: self.by.id, of: self.of, filter, now: self.now }).await?;
        Ok(id)
    }
}

fn rows(texts: &[String]) -> Answer<Vec<i64>> {
    let rows: Option<Vec<i64>> = texts.iter().map(|text| text.parse().ok().filter(|row| *row > 0)).collect();
    rows.filter(|rows| rows.len() <= MOST_SHOWN).ok_or(Refusal::BadRequest(BadRequest::Parameter))
}

/// How many users the operator's selection holds.
pub(crate) async fn count(service: &Service, by: &Actor, selection: &str) -> Outcome<i64> {
    by.require(Right::UsersView)?;
    let mut tx = service.db.read().await?;
    let count = tx.selected_count(selection, by.id, SelectionOf::Users).await?;
    tx.rollback().await?;
    Ok(count.ok_or(Refusal::SelectionGone)?)
}

/// Selects the users with the pasted UserIDs, in that order.
pub(crate) async fn paste(service: &Service, by: &Actor, form: &PasteForm) -> Outcome<Pasted> {
    by.require(Right::UsersView)?;
    let mut seen = HashSet::new();
    let typed = form.user_ids.split(['\n', '\r', ',', ';', '\t']).map(str::trim).filter(|user_id| !user_id.is_empty());
    let (user_ids, keys): (Vec<&str>, Vec<String>) =
        typed.map(|user_id| (user_id, text::user_key(user_id))).filter(|(_, key)| seen.insert(key.clone())).unzip();
    if keys.is_empty() {
        return Err(Problems::one("user_ids", Problem::Required).into());
    }
    let mut tx = service.db.write().await?;
    let known = tx.known_users(&keys).await?;
    let (mut people, mut unknown) = (Vec::new(), Vec::new());
    for (user_id, key) in user_ids.iter().zip(&keys) {
        match known.get(key) {
            Some(user) => people.push(user.id),
            None => unknown.push((*user_id).to_owned()),
        }
    }
    if people.is_empty() {
        return Err(Problems::one("user_ids", Problem::NobodySelected).into());
    }
    let begin = Begin { service, by, of: SelectionOf::Users, now: service.clock.now() };
    let selection = begin.selection(&mut tx, None).await?;
    tx.select(&selection, &people).await?;
    tx.commit().await?;
    let unknown_count = unknown.len() as u64;
    unknown.truncate(MOST_NAMED);
    Ok(Pasted { selection, found: people.len() as u64, unknown, unknown_count })
}
