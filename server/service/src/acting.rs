//! Who acts, by what policy, and when: what every act on enrollments carries along, of one enrollment or of many.

use crate::{Service, zone::Now};
use model::{actor::Actor, policy::Policy};

/// An act under way.
#[derive(Clone, Copy)]
pub(crate) struct Acting<'a> {
    pub(crate) service: &'a Service,
    pub(crate) by: &'a Actor,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Now,
}
