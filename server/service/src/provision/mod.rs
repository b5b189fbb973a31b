//! Provision: choices, review, the act, its result (spec §3.5).

mod act;
mod choices;
mod result;
mod review;
mod sorting;

pub(crate) use act::{link_until, provision, shown_until};
pub(crate) use choices::choices;
pub(crate) use result::result;
pub(crate) use review::review;
