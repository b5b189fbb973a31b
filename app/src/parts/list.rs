//! What every list has: headers that sort, a search, pages. All of it is links and GET forms, so that the state stands in the URL.

use crate::{address::Address, parts::icon::Icon};
use leptos::{either::Either, prelude::*};
use leptos_router::components::Form;
use model::listing::{Column, Direction, PageSize, Sort, Total};

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
            <a href=to>{label} {icon.map(|name| view! { <Icon name /> })}</a>
        </th>
    }
}

/// The search of a list. Without script it is a form like any other.
#[component]
pub fn Search(
    /// The field's accessible name.
    label: &'static str,
    /// The list's address now; its other parameters stay.
    here: Address,
    /// The path of the list.
    #[prop(into)]
    path: String,
    /// The parameter.
    #[prop(default = "search")]
    name: &'static str,
    /// Where the list begins anew.
    #[prop(default = "cursor")]
    cursor: &'static str,
    /// What is searched for now.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let kept = here.without(name).without(cursor);
    let kept = kept.fields().iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> });
    let kept = kept.collect_view();
    view! {
        <search class="search">
            <Form method="GET" action=path>
                {kept}
                <Icon name="search" />
                <input
                    type="search"
                    name=name
                    value=value
                    aria-label=label
                    placeholder=label
                    maxlength="100"
                    title="One or two characters find the beginning of a word; three or more are found anywhere."
                />
                <button type="submit" class="unseen">"Search"</button>
            </Form>
        </search>
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
    /// The zone of the days, where the list shows any.
    #[prop(optional, into)]
    zone: Option<String>,
) -> impl IntoView {
    let name = |name: &str| format!("{prefix}{name}");
    let many = if total == Total::Exactly(1) { "" } else { "s" };
    let sizes = PageSize::ALL.map(|choice| {
        let to = here.clone().with(&name("size"), choice.rows().to_string()).without(&name("cursor")).to_string();
        let current = (choice == size).then_some("true");
        view! { <a href=to aria-current=current>{choice.rows()}</a> }
    });
    let page = |cursor: Option<String>, label: &'static str, icon: &'static str, before: bool| match cursor {
        Some(cursor) => {
            let to = here.clone().with(&name("cursor"), cursor).to_string();
            let (first, last) = if before { (Some(icon), None) } else { (None, Some(icon)) };
            Either::Left(view! {
                <a class="button small" href=to>
                    {first.map(|name| view! { <Icon name /> })}
                    {label}
                    {last.map(|name| view! { <Icon name /> })}
                </a>
            })
        }
        None => Either::Right(()),
    };
    let (previous, next) = (page(previous, "Previous", "left", true), page(next, "Next", "right", false));
    view! {
        <footer class="pager">
            <span>{total.to_string()} " " {what} {many}</span>
            <span class="sizes">{sizes.collect_view()} " a page"</span>
            {zone.map(|zone| view! { <span>"Dates in " {zone}</span> })}
            <span class="pages">{previous} {next}</span>
        </footer>
    }
}
