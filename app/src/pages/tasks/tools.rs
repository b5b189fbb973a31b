//! Above a list of tasks: search, filters that are on or off, filters with a value, and what of it is set.

use crate::{
    address::Address,
    parts::list::{ActFields, ChipLink, ExportMenu, MoreFilters, Search, SetChips, set_of_act},
};
use leptos::prelude::*;
use model::{
    export::ExportList,
    query::{ACT_NAMES, Shelf},
    task::{TaskQuery, TaskState},
};

/// Search and filters of a list of tasks.
#[component]
pub fn Tools(
    /// Where the list stands.
    shelf: Shelf,
    /// What was asked for.
    query: TaskQuery,
    /// The page's address now.
    here: Address,
    /// The page's path.
    path: String,
) -> impl IntoView {
    let list = match shelf {
        Shelf::Management => ExportList::Tasks,
        Shelf::Reports => ExportList::Reports,
    };
    let own = Address::of(list.page(), &query.write(shelf).to_query());
    let filter = query.filter;
    let open_only = shelf == Shelf::Management || query.state == TaskState::Outstanding;
    let flags = [
        ("has_expired", "Has expired", filter.has_expired),
        ("has_locked", "Has locked", filter.has_locked),
        ("mail_failed", "Mail failed", filter.mail_failed),
    ];
    let flags = flags.into_iter().filter(|(_, _, on)| open_only || *on).map(|(name, label, on)| {
        let href = here.clone().without("cursor").with(name, if on { "" } else { "1" }).to_string();
        view! { <ChipLink href on label /> }
    });
    let flags = flags.collect_view();
    let set = set_of_act(&filter.act);
    view! {
        <div class="tools">
            <Search label="Search tasks" here=here.clone() path=path.clone() value=filter.search.clone() />
            <div class="chips" role="group" aria-label="Filters">
                {flags}
                <SetChips here=here.clone() set />
                <MoreFilters action=path here names=ACT_NAMES.to_vec() show="Show tasks">
                    <ActFields act=filter.act />
                </MoreFilters>
            </div>
            <ExportMenu list here=own />
        </div>
    }
}
