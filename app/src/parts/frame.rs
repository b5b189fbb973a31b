//! The frames around pages: the console with its Shortcuts, and the plain one for those who are not signed in.

use crate::{
    boot::{Me, use_boot},
    parts::{
        dialog::{DialogHost, Dialogs},
        form::ActForm,
        icon::Icon,
        load::Changes,
    },
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use leptos_router::{components::Outlet, hooks::use_location};
use model::rights::Right;
use web_sys::HtmlElement;

/// One link of the Shortcuts.
struct Shortcut {
    path: &'static str,
    name: &'static str,
    icon: &'static str,
    right: Option<Right>,
}

const SHORTCUTS: &[Shortcut] = &[
    Shortcut { path: "/", name: "Dashboard", icon: "home", right: None },
    Shortcut { path: "/provisioning-tasks", name: "Provisioning Tasks", icon: "tasks", right: Some(Right::ProvisioningManage) },
    Shortcut { path: "/users", name: "Users", icon: "users", right: Some(Right::UsersView) },
    Shortcut { path: "/reports", name: "Reports", icon: "chart", right: Some(Right::ReportsView) },
    Shortcut {
        path: "/policy/self-enrollment",
        name: "Self-Enrollment Policy",
        icon: "shield",
        right: Some(Right::PolicyManage),
    },
    Shortcut { path: "/operators", name: "Operators", icon: "user", right: Some(Right::OperatorsManage) },
    Shortcut { path: "/communications", name: "Communications", icon: "mail", right: Some(Right::MessagesManage) },
    Shortcut { path: "/audit", name: "Audit", icon: "audit", right: Some(Right::AuditView) },
];

/// The console: brand, account, Shortcuts, and the page.
#[component]
pub fn Console() -> impl IntoView {
    view! {
        <ConsoleFrame>
            <Outlet />
        </ConsoleFrame>
    }
}

/// The console's frame around anything; without an operator the plain one.
#[component]
pub fn ConsoleFrame(
    /// The page.
    children: Children,
) -> impl IntoView {
    Changes::provide();
    Dialogs::provide();
    let Some(me) = use_boot().me else {
        return view! { <PlainFrame>{children()}</PlainFrame> }.into_any();
    };
    view! {
        <a class="skip" href="#main" rel="external">"Skip to the page"</a>
        <div class="frame">
            <header class="top">
                <a class="brand" href="/">
                    <Icon name="brand" />
                    "Provost"
                </a>
                <Account me=me.clone() />
            </header>
            <Shortcuts me />
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        <DialogHost />
    }
    .into_any()
}

#[component]
fn Account(me: Me) -> impl IntoView {
    let initials = initials(&me);
    let name = if me.name.is_empty() { me.user_id } else { me.name };
    view! {
        <div class="account">
            <a class="own" href="/account">
                <span class="avatar" aria-hidden="true">{initials}</span>
                <span class="who">{name}</span>
                <span class="unseen">"Account"</span>
            </a>
            <ActForm action="/logout" fresh=true>
                <button class="button quiet" type="submit">
                    <Icon name="out" />
                    "Sign out"
                </button>
            </ActForm>
        </div>
    }
}

fn initials(me: &Me) -> String {
    let name = if me.name.is_empty() { &me.user_id } else { &me.name };
    let letters = name.split([' ', '.', '-', '_']).filter_map(|word| word.chars().next());
    letters.take(2).flat_map(char::to_uppercase).collect()
}

#[component]
fn Shortcuts(me: Me) -> impl IntoView {
    let here = use_location().pathname;
    let strip = NodeRef::<html::Nav>::new();
    Effect::new(move |_| {
        here.track();
        if let Some(strip) = strip.get() {
            request_animation_frame(move || show_current(&strip));
        }
    });
    let links = SHORTCUTS.iter().filter(|shortcut| shortcut.right.is_none_or(|right| me.rights.has(right))).map(|shortcut| {
        let current = move || here.with(|here| is_within(here, shortcut.path)).then_some("page");
        view! {
            <li>
                <a href=shortcut.path aria-current=current>
                    <Icon name=shortcut.icon />
                    {shortcut.name}
                </a>
            </li>
        }
    });
    view! {
        <nav class="shortcuts" aria-label="Shortcuts" node_ref=strip>
            <ul>{links.collect_view()}</ul>
        </nav>
    }
}

/// On a phone the Shortcuts are a strip that scrolls: the one of this page comes to its middle.
fn show_current(strip: &HtmlElement) {
    let current = strip.query_selector("[aria-current]").ok().flatten();
    if let Some(current) = current.and_then(|current| current.dyn_into::<HtmlElement>().ok()) {
        let before = current.offset_left() - strip.offset_left();
        strip.set_scroll_left(before - (strip.client_width() - current.offset_width()) / 2);
    }
}

fn is_within(here: &str, path: &str) -> bool {
    here == path || (path != "/" && here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
}

/// The frame of the pages for those who are not signed in.
#[component]
pub fn PlainFrame(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plain">
            <header>
                <span class="brand">
                    <Icon name="brand" />
                    "Provost"
                </span>
            </header>
            <main id="main" tabindex="-1">{children()}</main>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_below_a_shortcut_belongs_to_it_and_a_similar_name_does_not() {
        assert!(is_within("/users/3", "/users"));
        assert!(is_within("/users", "/users"));
        assert!(!is_within("/users-old", "/users"));
        assert!(!is_within("/users", "/"));
    }

    #[test]
    fn initials_come_from_the_name_or_the_user_id() {
        let me = |name: &str, user_id: &str| Me { name: name.into(), user_id: user_id.into(), rights: Default::default() };
        assert_eq!(initials(&me("Maria Keller", "m.keller")), "MK");
        assert_eq!(initials(&me("", "j.fournier")), "JF");
    }
}
