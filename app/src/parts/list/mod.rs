//! What every list has: headers that sort, a search, pages. All of it is links and GET forms, so that the state stands in the URL.

mod export;
mod filter;
mod form;

use crate::{address::Address, parts::icon::Icon};
pub use export::ExportMenu;
pub use filter::{ActFields, DayField, MoreFilters, NameField, SelectField, SetChips, set_of_act};
pub use form::{AskForm, GetForm, Kept, Search};
use leptos::prelude::*;
use model::listing::{Column, Direction, PageSize, Sort, Total, grouped};

/// A header cell that sorts by its column: a link, with `aria-sort` on the cell.
#[component]
pub fn SortHeader<C: Column + Send>(
    /// The column.
    column: C,
    /// The list's sort now.
    sort: Sort<C>,
    /// The list's address now.
    here: Address,
    /// The parameters' prefix.
    #[prop(optional)]
    prefix: &'static str,
    /// The cell's look: `number` for figures, `wide` for what a phone leaves out.
    #[prop(optional)]
    class: &'static str,
    /// The column's name.
    label: &'static str,
) -> impl IntoView {
    let to = here.with(&format!("{prefix}sort"), sort.clicked(column).text()).without(&format!("{prefix}cursor")).to_string();
    let (direction, icon) = match (sort.column == column, sort.direction) {
        (false, _) => (None, None),
        (true, Direction::Ascending) => (Some("ascending"), Some("up")),
        (true, Direction::Descending) => (Some("descending"), Some("down")),
    };
    view! {
        <th scope="col" class=class aria-sort=direction>
            <a href=to data-noscroll="">{label} {icon.map(|name| view! { <Icon name /> })}</a>
        </th>
    }
}

/// What the pages before and after are called in a list sorted by time: that way round in which it is sorted.
pub fn by_age(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Descending => ("Newer", "Older"),
        Direction::Ascending => ("Older", "Newer"),
    }
}

/// In place of a list without rows.
#[component]
pub fn Nothing(
    /// What there is none of, in a sentence.
    what: &'static str,
    /// Is anything filtered?
    filtered: bool,
    /// The list without search and filters.
    #[prop(into)]
    clear: String,
) -> impl IntoView {
    let hint = filtered.then(|| {
        view! { <p>"Nothing matches what is asked for. " <a href=clear data-noscroll="">"Show all"</a></p> }
    });
    view! {
        <div class="empty">
            <p>{what}</p>
            {hint}
        </div>
    }
}

/// Below a list: how many rows, how many a page, the pages before and after, and the zone that days are shown in.
#[component]
pub fn Pager(
    /// The list's address now.
    here: Address,
    /// The parameters' prefix.
    #[prop(optional)]
    prefix: &'static str,
    /// How many rows the filter holds.
    total: Total,
    /// What the rows are: `user`, `task`.
    what: &'static str,
    /// The page's size.
    size: PageSize,
    /// The cursor of the page before.
    previous: Option<String>,
    /// The cursor of the page after.
    next: Option<String>,
    /// What the pages before and after are called.
    #[prop(default = ("Previous", "Next"))]
    words: (&'static str, &'static str),
    /// The zone of the days, where the list shows any and no other part of the page names it.
    #[prop(default = None, into)]
    zone: Option<String>,
) -> impl IntoView {
    let name = |name: &str| format!("{prefix}{name}");
    let count = if total == Total::Exactly(1) { format!("1 {what}") } else { format!("{total} {what}s") };
    let sizes = PageSize::ALL.map(|choice| {
        let to = here.clone().with(&name("size"), choice.parameter()).without(&name("cursor")).to_string();
        let current = (choice == size).then_some("true");
        view! { <a href=to aria-current=current data-noscroll="">{choice.rows()}</a> }
    });
    let pages = [(previous, words.0, "left"), (next, words.1, "right")];
    let several = pages.iter().any(|(cursor, ..)| cursor.is_some());
    let pages = pages.map(|(cursor, label, icon)| {
        // The one that leads nowhere stays in its place, so that the focus does, too.
        let (to, nowhere) = (cursor.map(|cursor| here.clone().with(&name("cursor"), cursor).to_string()), "true");
        let (off, tab) = if to.is_some() { (None, None) } else { (Some(nowhere), Some("-1")) };
        view! {
            <a class=format!("button small {icon}") href=to role="link" aria-disabled=off tabindex=tab data-noscroll="">
                <Icon name=icon />
                {label}
            </a>
        }
    });
    let least = i64::from(PageSize::Small.rows());
    let sized =
        total == Total::Many || matches!(total, Total::Exactly(rows) if i64::from(rows) > least) || size != PageSize::Small;
    view! {
        <footer class="pager">
            <span role="status">{count}</span>
            {sized.then(|| view! { <span class="sizes">{sizes.collect_view()} " a page"</span> })}
            {zone.map(|zone| view! { <span>"Dates in " {zone}</span> })}
            {several.then(|| view! { <span class="pages">{pages.collect_view()}</span> })}
        </footer>
    }
}

/// A filter that is on or off: a link that turns it round.
#[component]
pub fn ChipLink(
    /// The address with the filter turned round.
    #[prop(into)]
    href: String,
    /// Is it on?
    on: bool,
    /// How many rows it would hold, where that is known.
    #[prop(optional, into)]
    count: Option<i64>,
    /// What it is called.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let count = count.map(|count| view! { <span class="count">{grouped(count)}</span> });
    view! {
        <a class="chip" href=href aria-current=on.then_some("true") data-noscroll="">
            {label}
            {count}
            {on.then(|| view! { <span class="unseen">", remove this filter"</span> <Icon name="close" /> })}
        </a>
    }
}
