//! `/provision`: users → type, description, Stop Date → review → Confirm → result (spec §3.5). The choices stand in the address, so
//! every step works without script, and Back loses nothing.

mod choose;
mod result;
mod review;

use crate::{
    api::provision::{ProvisionStep, provision_page, review_page},
    parts::{
        load::{load, use_own_address},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{
    form::{Fields, Form},
    forms::ProvisionForm,
};
pub use result::ProvisionResult;

/// The first step's path; the others stand below it.
pub const ROOT: &str = "/provision";
/// The review's path.
pub const REVIEW: &str = "/provision/review";

/// Users, type, description, Stop Date.
#[component]
pub fn Provision() -> impl IntoView {
    let here = use_own_address(ROOT);
    load(move || here.get().1, provision_page, show)
}

/// What would happen, and **Confirm**.
#[component]
pub fn ReviewProvision() -> impl IntoView {
    let here = use_own_address(REVIEW);
    load(move || here.get().1, review_page, show)
}

fn show(step: ProvisionStep) -> AnyView {
    match step {
        ProvisionStep::Choose { form, choices, problems } => view! { <choose::Choose form choices problems /> }.into_any(),
        ProvisionStep::Review { form, review } => view! { <review::Reviewed form review /> }.into_any(),
    }
}

/// The page's heading, and where the reader is on the way.
#[component]
fn Steps(
    /// The step: 1 users, 2 type, 3 review, 4 result.
    at: usize,
) -> impl IntoView {
    let steps = ["Users", "Type", "Review", "Result"].into_iter().enumerate().map(|(place, name)| {
        let (current, class) = match (place + 1).cmp(&at) {
            std::cmp::Ordering::Equal => (Some("step"), "now"),
            std::cmp::Ordering::Less => (None, "past"),
            std::cmp::Ordering::Greater => (None, "ahead"),
        };
        view! { <li class=class aria-current=current>{name}</li> }
    });
    view! {
        <PageTitle heading="Provision" />
        <ol class="steps" aria-label="Steps">{steps.collect_view()}</ol>
    }
}

/// The choices as they travel in the address: nothing empty, and no key.
fn choices(form: &ProvisionForm) -> Fields {
    let mut fields = form.fields().without("key");
    fields.0.retain(|(_, value)| !value.is_empty());
    fields
}

/// `1 user`, `1,240 users`.
fn users(count: i64) -> String {
    if count == 1 { "1 user".to_owned() } else { format!("{} users", model::listing::grouped(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_travel_in_the_address_and_come_back_whole() {
        let form = ProvisionForm {
            selection: "s1".into(),
            kind: "app".into(),
            description: "Sales & co".into(),
            over: vec!["has_type".into(), "has_open".into()],
            key: "k".into(),
            ..ProvisionForm::default()
        };
        let address = choices(&form).at(REVIEW);
        assert_eq!(address, "/provision/review?selection=s1&kind=app&description=Sales+%26+co&over=has_type&over=has_open");
        let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let read = Fields::of_query(query).and_then(|fields| ProvisionForm::read(&fields));
        assert_eq!(read, Ok(ProvisionForm { key: String::new(), ..form }));
    }

    #[test]
    fn users_are_counted_in_words() {
        assert_eq!([0, 1, 1240].map(users), ["0 users", "1 user", "1,240 users"]);
    }
}
