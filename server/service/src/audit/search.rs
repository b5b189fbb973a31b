//! What a search and the filters of the trail look for.

use crate::{fault::Outcome, zone::Now};
use model::{
    audit::{AuditFilter, VERBS},
    text::{search_beginnings, search_key, user_key},
};
use store::{
    Tx,
    audit::Subject,
    audit_list::{AuditWhich, Doer, Lead},
};

/// The entries that the filter holds.
pub(super) async fn which(tx: &mut Tx, filter: &AuditFilter, now: Now) -> Outcome<AuditWhich> {
    let by = match &filter.operator {
        Some(name) => Some(doer(tx, name).await?),
        None => None,
    };
    let between = (filter.from.is_some() || filter.to.is_some()).then(|| {
        let from = filter.from.map_or(i64::MIN, |day| now.start_of(day));
        (from, filter.to.map_or(i64::MAX, |day| now.end_of(day)))
    });
    let leads = match (filter.search.as_str(), &filter.verb, &by) {
        ("", Some(verb), _) => vec![Lead::Verb(verb.clone())],
        ("", None, Some(by)) => vec![Lead::By(by.clone())],
        ("", None, None) => vec![Lead::All],
        (typed, ..) => leads(tx, typed).await?,
    };
    Ok(AuditWhich { leads, verb: filter.verb.clone(), by, between })
}

/// Whom a UserID or another name of the trail means.
async fn doer(tx: &mut Tx, name: &str) -> Outcome<Doer> {
    let operator = tx.operator(&user_key(name)).await?;
    Ok(operator.map_or_else(|| Doer::Name(name.to_owned()), |operator| Doer::Operator(operator.id)))
}

/// Every way in which what was typed leads to entries: an operator or the words of a verb as every search finds them, a task's number,
/// a serial number and a UserID as they are.
async fn leads(tx: &mut Tx, typed: &str) -> Outcome<Vec<Lead>> {
    let key = search_key(typed);
    let mut leads = vec![Lead::By(Doer::Name(typed.to_owned()))];
    for (id, user_id) in tx.operator_names().await? {
        if matches(&user_id, &key) {
            leads.push(Lead::By(Doer::Operator(id)));
        }
        if user_key(&user_id) == user_key(typed) {
            leads.push(Lead::About(Subject::Operator(id)));
        }
    }
    leads.extend(VERBS.iter().filter(|(_, words)| matches(words, &key)).map(|(verb, _)| Lead::Verb((*verb).to_owned())));
    if let Some(number) = typed.parse().ok().filter(|number: &i64| *number > 0) {
        leads.push(Lead::About(Subject::Task(number)));
    }
    leads.extend(tx.token_of_serial(typed).await?.map(|token| Lead::About(Subject::Token(token))));
    let users = tx.known_users(&[user_key(typed)]).await?;
    leads.extend(users.into_values().map(|user| Lead::Person(user.id)));
    Ok(leads)
}

/// One or two characters match the beginning of a word, three and more anywhere (spec §3.2).
fn matches(text: &str, key: &str) -> bool {
    let text = search_key(text);
    match key.chars().count() {
        0 => false,
        1 | 2 => search_beginnings(&text).iter().any(|beginning| beginning == key),
        _ => text.contains(key),
    }
}
