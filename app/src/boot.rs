//! What every page needs before its own data: who is signed in, where the icons are, and what a refused form held.

use crate::parts::payload::Json;
use leptos::prelude::*;
use model::{
    Refusal,
    form::{Done, Fields},
    rights::Rights,
};
use serde::{Deserialize, Serialize};

/// Travels with the page once, so that the browser starts from what the server saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// The address of the icon sprite.
    pub icons: String,
    /// Who is signed in.
    pub me: Option<Me>,
    /// A form that was sent without script and stays on its page.
    pub posted: Option<Posted>,
}

/// The operator, as the frame of every console page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The operator's UserID.
    pub user_id: String,
    /// The operator's name.
    pub name: String,
    /// What the operator may do; decides what is offered, never what is done.
    pub rights: Rights,
}

/// A form that stays on its page, sent without script: the page is rendered again with everything typed in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The path the form was sent to.
    pub path: String,
    /// What was typed, without passwords and codes.
    pub fields: Fields,
    /// What came of it.
    pub reply: Reply,
}

/// What a form gets for an answer. As JSON it goes to the browser half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Done: go there.
    Go(Done),
    /// A report, as JSON, that the form's page shows below it.
    Report(String),
    /// Refused, and why.
    No(Refusal),
}

/// Hands what the server knows to the browser, and provides it to every part below. Call once, before anything else.
pub fn provide_boot() {
    let boot = SharedValue::<Boot, Json>::new_with_encoding(from_request).into_inner();
    provide_context(StoredValue::new(boot));
}

/// What every page needs before its own data.
pub fn use_boot() -> Boot {
    use_context::<StoredValue<Boot>>().map(|boot| boot.get_value()).unwrap_or_default()
}

/// The address of the icon of that name, in the sprite.
pub fn icon(name: &str) -> String {
    use_context::<StoredValue<Boot>>().map(|boot| boot.with_value(|boot| format!("{}#{name}", boot.icons))).unwrap_or_default()
}

/// Forgets a refused form once the reader has moved on.
pub fn forget_posted() {
    if let Some(boot) = use_context::<StoredValue<Boot>>() {
        boot.update_value(|boot| boot.posted = None);
    }
}

#[cfg(feature = "ssr")]
fn from_request() -> Boot {
    let Some(ctx) = use_context::<crate::ctx::Ctx>() else { return Boot::default() };
    let me =
        ctx.actor.as_ref().map(|actor| Me { user_id: actor.user_id.clone(), name: actor.name.clone(), rights: actor.rights });
    Boot { icons: ctx.site.icons.clone(), me, posted: use_context::<Posted>() }
}

#[cfg(not(feature = "ssr"))]
fn from_request() -> Boot {
    Boot::default()
}
