//! The frame of one user's pages: where one is, who it is, and the modules.

use leptos::prelude::*;
use leptos_meta::Title;

/// A module of one user's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// User Detail.
    Detail,
    /// Authentication Methods.
    Methods,
    /// Activity.
    Activity,
}

impl Module {
    const ALL: [Module; 3] = [Module::Detail, Module::Methods, Module::Activity];

    const fn name(self) -> &'static str {
        match self {
            Module::Detail => "User Detail",
            Module::Methods => "Authentication Methods",
            Module::Activity => "Activity",
        }
    }

    fn address(self, id: i64) -> String {
        match self {
            Module::Detail => format!("/users/{id}"),
            Module::Methods => format!("/users/{id}/authentication-methods"),
            Module::Activity => format!("/users/{id}/activity"),
        }
    }
}

/// Breadcrumb, heading, modules, and the module's own content.
#[component]
pub fn Modules(
    /// The user's row.
    id: i64,
    /// The user's UserID.
    user_id: String,
    /// First and last name, or the UserID.
    name: String,
    /// The module that is open.
    current: Module,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let line = if name == user_id { user_id.clone() } else { format!("{name} · {user_id}") };
    let links = Module::ALL.map(|module| {
        let here = (module == current).then_some("page");
        view! { <li><a href=module.address(id) aria-current=here>{module.name()}</a></li> }
    });
    view! {
        <Title text=format!("{name} · {}", current.name()) />
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                <li><a href="/users">"Assignment"</a></li>
                <li><span aria-current="page">"User Detail"</span></li>
            </ol>
        </nav>
        <header class="title">
            <div>
                <h1>"User Detail"</h1>
                <p>{line}</p>
            </div>
        </header>
        <nav class="modules" aria-label="Modules">
            <ul>{links.collect_view()}</ul>
        </nav>
        {children()}
    }
}
