//! `/users`: who receives authenticators; search, sort, select.

use crate::{
    address::Address,
    api::users::{Users as Page, users_page},
    pages::{paste_users::PasteUsers, user_form::AddUser},
    parts::{
        dialog::ActLink,
        icon::Icon,
        list::{ChipLink, Pager, Search, SortHeader},
        load::load,
        select::{SelectBar, SelectBox},
        title::PageTitle,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_location;
use model::{
    listing::grouped,
    query::Query,
    user::{UserColumn, UserQuery, UserRow},
};

/// The list of users.
#[component]
pub fn Users() -> impl IntoView {
    let query = use_location().search;
    load(move || query.get(), users_page, show)
}

fn show(page: Page) -> AnyView {
    let here = Address::of("/users", &page.query.write().to_query());
    let ticks = RwSignal::new(0);
    let (may_manage, search, size) = (page.may_manage, page.query.filter.search.clone(), page.query.paging.size);
    let (total, previous, next) = (page.list.total, page.list.previous.clone(), page.list.next.clone());
    let tools = view! {
        <div class="tools">
            <Search label="Search users" here=here.clone() path="/users" value=search />
            <div class="chips" role="group" aria-label="Filters">{chips(&here, &page.query)}</div>
        </div>
    };
    let pager = view! { <Pager here=here.clone() total what="user" size previous next /> };
    view! {
        <PageTitle heading="Users">
            {may_manage.then(|| view! { <a class="button" href="/users/import"><Icon name="upload" />"Import users"</a> })}
            {may_manage.then(|| view! {
                <ActLink href="/users/new" title="Add user" class="button" body=|| view! { <AddUser /> }.into_any()>
                    <Icon name="plus" />
                    "Add user"
                </ActLink>
            })}
        </PageTitle>
        <div class="card list">
            {tools}
            <Choosing page=page.clone() ticks />
            <Table page here ticks />
            {pager}
        </div>
    }
    .into_any()
}

/// The filters that are a link each.
fn chips(here: &Address, query: &UserQuery) -> impl IntoView + use<> {
    let enabled = query.filter.enabled;
    let first_page = here.clone().without("cursor");
    let chip = |value: &str, words: &'static str, on: bool| {
        let to = if on { first_page.clone().without("enabled") } else { first_page.clone().with("enabled", value) };
        view! { <ChipLink href=to.to_string() on label=words /> }
    };
    let container = query.filter.container.clone().map(|container| {
        let to = first_page.clone().without("container").to_string();
        view! { <ChipLink href=to on=true label=format!("Container: {container}") /> }
    });
    (chip("yes", "Enabled", enabled == Some(true)), chip("no", "Disabled", enabled == Some(false)), container)
}

/// What is selected, and what can be done with it.
#[component]
fn Choosing(page: Page, ticks: RwSignal<u32>) -> impl IntoView {
    let Page { query, selected: count, key, may_provision, list, .. } = page;
    let number = (count > 0).then(|| format!(" {}…", grouped(count)));
    let provision = may_provision.then(|| {
        view! {
            <button class="button primary small" type="submit" name="act" value="provision">
                <Icon name="send" />
                "Provision"
                {number}
            </button>
        }
    });
    let (own, selection) = (query.write().to_query(), query.selection);
    view! {
        <SelectBar action="/users/select" what="user" query=own selection count key total=list.total ticks>
            {provision}
            <ActLink
                href="/users/paste"
                title="Paste or upload"
                class="button small"
                body=|| view! { <PasteUsers /> }.into_any()
            >
                "Paste or upload User IDs"
            </ActLink>
        </SelectBar>
    }
}

#[component]
fn Table(page: Page, here: Address, ticks: RwSignal<u32>) -> impl IntoView {
    if page.list.rows.is_empty() {
        let words = if page.query.filter == model::user::UserFilter::default() { "No users yet." } else { "No user matches." };
        return Either::Left(view! { <p class="empty">{words}</p> });
    }
    let sort = page.query.paging.sort;
    let rows = page.list.rows.into_iter().map(|row| view! { <Row row ticks /> }).collect_view();
    Either::Right(view! {
        <div class="scroll">
            <table class="cards names">
                <caption>"Users"</caption>
                <thead>
                    <tr>
                        <th class="tick"><span class="unseen">"Select"</span></th>
                        <SortHeader column=UserColumn::UserId sort here=here.clone() label="User ID" />
                        <SortHeader column=UserColumn::LastName sort here=here.clone() label="Last Name" />
                        <SortHeader column=UserColumn::FirstName sort here=here.clone() label="First Name" />
                        <SortHeader column=UserColumn::Email sort here=here.clone() label="Email" />
                        <SortHeader column=UserColumn::Container sort here=here.clone() label="Container" />
                        <SortHeader column=UserColumn::Custom1 sort here=here.clone() label="Custom #1" />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

#[component]
fn Row(row: UserRow, ticks: RwSignal<u32>) -> impl IntoView {
    let label = format!("Select {}", row.user_id);
    let disabled = (!row.enabled).then(|| view! { " " <span class="tag">"Disabled"</span> });
    view! {
        <tr>
            <td class="tick">
                <SelectBox row=row.id label selected=row.selected ticks />
            </td>
            <td class="nowrap">
                <a href=format!("/users/{}", row.id)>{row.user_id}</a>
                {disabled}
            </td>
            <td class="clip end">{row.last_name}</td>
            <td class="clip end">{row.first_name}</td>
            <td class="clip second">{row.email}</td>
            <td class="clip wide">{row.container}</td>
            <td class="clip wide">{row.custom1}</td>
        </tr>
    }
}
