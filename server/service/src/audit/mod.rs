//! The audit trail as operators read it, and what happened to one user.

mod changes;
mod search;

use crate::{
    Service,
    cursor::Scope,
    fault::{Fault, Outcome},
    zone::Now,
};
use changes::{changes, mask};
use model::{
    Refusal,
    actor::Actor,
    audit::{AUDIT_SORT, Activity, ActivityQuery, AuditQuery, AuditRow, AuditSubject, SubjectKind},
    listing::Listing,
    refusal::Thing,
    rights::Right,
    user::display_name,
};
use std::collections::HashMap;
use store::{
    Tx,
    audit::EntryRow,
    audit_list::{AuditWhich, Lead},
    keyset::{Key, Page},
};

/// So many things that an entry is about are named.
const MOST_SUBJECTS: usize = 4;

/// A page of the trail.
pub(crate) async fn page(service: &Service, by: &Actor, query: &AuditQuery) -> Outcome<Listing<AuditRow>> {
    by.require(Right::AuditView)?;
    model::user::search(&query.filter.search)?;
    let scope = Scope::new("/audit", &(&query.filter, query.paging.sort));
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let which = search::which(&mut tx, &query.filter, now).await?;
    let page = tx.audit_page(&which, query.paging.sort.direction, query.paging.size, from.as_ref()).await?;
    let total = tx.count_audit(&which).await?;
    let page = rows(&mut tx, page, now, true).await?;
    tx.rollback().await?;
    Ok(service.listing(&scope, now, page, total, place, |row| row))
}

/// What happened to a user.
pub(crate) async fn activity(service: &Service, by: &Actor, id: i64, query: &ActivityQuery) -> Outcome<Activity> {
    by.require(Right::UsersView)?;
    let scope = Scope::new("/users/activity", &id);
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let user = tx.user(id).await?.ok_or(Fault::Refused(Refusal::NotFound(Thing::User)))?;
    let which = AuditWhich::of(vec![Lead::Person(id)]);
    let page = tx.audit_page(&which, AUDIT_SORT.direction, query.paging.size, from.as_ref()).await?;
    let total = tx.count_audit(&which).await?;
    let mut page = rows(&mut tx, page, now, by.rights.has(Right::AuditView)).await?;
    tx.rollback().await?;
    // The page is about this user: that an entry is so, too, need not be said. Who else is in it is not shown here.
    for row in &mut page.rows {
        row.subjects.retain(|subject| !matches!(subject.kind, SubjectKind::User));
        row.more_subjects = false;
    }
    Ok(Activity {
        id,
        name: display_name(&user.first_name, &user.last_name, &user.user_id),
        user_id: user.user_id,
        entries: service.listing(&scope, now, page, total, place, |row| row),
    })
}

fn place(row: &AuditRow) -> (Key, i64) {
    (Key::Int(row.id), row.id)
}

/// The entries of a page as they are shown; without `whole` no client's address, and no address that may be another than the profile's.
async fn rows(tx: &mut Tx, page: Page<EntryRow>, now: Now, whole: bool) -> Outcome<Page<AuditRow>> {
    let ids: Vec<i64> = page.rows.iter().map(|entry| entry.id).collect();
    let about = tx.audit_subjects(&ids, MOST_SUBJECTS as u32 + 2).await?;
    let names = names(tx, &about).await?;
    let mut subjects: HashMap<i64, Vec<AuditSubject>> = HashMap::new();
    for (entry, kind, id) in about {
        let Some(known) = kind_of(&kind) else { continue };
        let name = names.get(&(kind, id)).cloned();
        let name = name.unwrap_or_else(|| if known == SubjectKind::Policy { String::new() } else { id.to_string() });
        subjects.entry(entry).or_default().push(AuditSubject { kind: known, id, name });
    }
    let row = |entry: EntryRow| {
        let mut subjects = subjects.remove(&entry.id).unwrap_or_default();
        let more_subjects = subjects.len() > MOST_SUBJECTS;
        subjects.truncate(MOST_SUBJECTS);
        let mut changes = changes(entry.before.as_deref(), entry.after.as_deref());
        if !whole && !entry.verb.starts_with("user.") {
            changes.iter_mut().for_each(mask);
        }
        AuditRow {
            id: entry.id,
            at: now.moment(entry.at),
            operator: entry.operator_name,
            address: entry.address.filter(|_| whole),
            verb: entry.verb,
            subjects,
            more_subjects,
            changes,
        }
    };
    Ok(Page { rows: page.rows.into_iter().map(row).collect(), before: page.before, after: page.after })
}

/// What the subjects with a name of their own are called.
async fn names(tx: &mut Tx, about: &[(i64, String, i64)]) -> Outcome<HashMap<(String, i64), String>> {
    let mut names = HashMap::new();
    for kind in ["user", "operator", "token"] {
        let mut ids: Vec<i64> = about.iter().filter(|(_, of, _)| of == kind).map(|(_, _, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = tx.subject_names(kind, &ids).await?;
        names.extend(found.into_iter().map(|(id, name)| ((kind.to_owned(), id), name)));
    }
    Ok(names)
}

/// An enrollment is always beside its user and its task, and the installation needs no name.
fn kind_of(kind: &str) -> Option<SubjectKind> {
    Some(match kind {
        "user" => SubjectKind::User,
        "task" => SubjectKind::Task,
        "token" => SubjectKind::Token,
        "operator" => SubjectKind::Operator,
        "message" => SubjectKind::Message,
        "policy" => SubjectKind::Policy,
        _ => return None,
    })
}
