//! Entries of the audit trail as a table: what happened, to whom, and what was there before and after.

use crate::{
    address::Address,
    boot::use_boot,
    parts::{list::SortHeader, status::Time},
};
use leptos::prelude::*;
use model::{
    audit::{AuditChange, AuditColumn, AuditRow, AuditSubject, SubjectKind, words},
    listing::Sort,
    rights::{Right, Rights},
};

/// So many changes stand open; more are folded.
const OPEN: usize = 3;

/// The entries of a page.
#[component]
pub fn Trail(
    /// The table's name.
    caption: &'static str,
    /// The sort and the list's address, where it can be sorted.
    #[prop(default = None)]
    sort: Option<(Sort<AuditColumn>, Address)>,
    /// The entries.
    rows: Vec<AuditRow>,
) -> impl IntoView {
    let rights = use_boot().me.map(|me| me.rights).unwrap_or_default();
    let rows = rows.into_iter().map(|row| view! { <Entry row rights /> }).collect_view();
    let when = match sort {
        Some((sort, here)) => view! { <SortHeader column=AuditColumn::At sort here label="Time" /> }.into_any(),
        None => view! { <th scope="col">"Time"</th> }.into_any(),
    };
    view! {
        <table class="cards trail">
            <caption>{caption}</caption>
            <thead>
                <tr>
                    {when}
                    <th scope="col">"Operator"</th>
                    <th scope="col">"What was done"</th>
                    <th scope="col">"To"</th>
                    <th scope="col">"Before and after"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Entry(row: AuditRow, rights: Rights) -> impl IntoView {
    let subjects = row.subjects.into_iter().map(|subject| view! { <li><Subject subject rights /></li> }).collect_view();
    let more = row.more_subjects.then(|| view! { <li>"and more"</li> });
    view! {
        <tr>
            <td class="nowrap"><Time at=row.at /></td>
            <td>
                <bdi>{row.operator}</bdi>
                {row.address.map(|address| view! { " " <small class="soft nowrap">{address}</small> })}
            </td>
            <td class="key">{words(&row.verb).to_owned()}</td>
            <td><ul>{subjects} {more}</ul></td>
            <td><Changes changes=row.changes /></td>
        </tr>
    }
}

/// What an entry is about, as a link for those who may follow it.
#[component]
fn Subject(subject: AuditSubject, rights: Rights) -> impl IntoView {
    let to = address(&subject, rights);
    let name = subject.name;
    let name = match to {
        Some(to) => view! { <a href=to><bdi>{name}</bdi></a> }.into_any(),
        None => view! { <bdi>{name}</bdi> }.into_any(),
    };
    view! { <span class="soft">{subject.kind.name()}</span> " " {name} }
}

fn address(subject: &AuditSubject, rights: Rights) -> Option<String> {
    let (right, to) = match subject.kind {
        SubjectKind::User => (Right::UsersView, format!("/users/{}", subject.id)),
        // A task that is no longer outstanding is there for whoever reads reports, and the others for whoever manages them.
        SubjectKind::Task => (Right::ProvisioningManage, format!("/provisioning-tasks/{}", subject.id)),
        _ => return None,
    };
    rights.has(right).then_some(to)
}

#[component]
fn Changes(changes: Vec<AuditChange>) -> impl IntoView {
    let (count, folded) = (changes.len(), changes.len() > OPEN);
    let list = changes.into_iter().map(|change| view! { <Change change /> }).collect_view();
    let list = (count > 0).then(|| view! { <dl class="changes">{list}</dl> });
    if folded {
        view! { <details><summary>{format!("{count} fields")}</summary>{list}</details> }.into_any()
    } else {
        list.into_any()
    }
}

#[component]
fn Change(change: AuditChange) -> impl IntoView {
    let held = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
    let both = change.before.is_some();
    let before = both.then(|| view! { <del><bdi>{held(change.before)}</bdi></del> <span class="unseen">" became "</span> " " });
    view! {
        <dt>{change.field}</dt>
        <dd>
            {before}
            <ins><bdi>{held(change.after)}</bdi></ins>
        </dd>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_is_about_is_a_link_only_for_those_who_may_follow_it() {
        let user = AuditSubject { kind: SubjectKind::User, id: 7, name: "ann".into() };
        assert_eq!(address(&user, Rights::all()).as_deref(), Some("/users/7"));
        assert_eq!(address(&user, Rights::default()), None);
        let token = AuditSubject { kind: SubjectKind::Token, ..user };
        assert_eq!(address(&token, Rights::all()), None);
    }
}
