//! The part of a filter that asks of the act of Provision: the same on lists of tasks and of enrollments.

use super::{Reader, Writer};
use crate::{Answer, authentication::AuthenticationType, day::Day, form::Fields};
use serde::{Deserialize, Serialize};

/// The parameters of an [`ActFilter`].
pub const ACT_NAMES: &[&str] = &["operator", "kind", "start_from", "start_to", "stop_from", "stop_to"];

/// What lists of tasks and of enrollments ask of the act itself: who, what and when. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActFilter {
    /// The operator's UserID at creation.
    pub operator: Option<String>,
    /// The type.
    pub kind: Option<AuthenticationType>,
    /// Created on this day or later.
    pub start_from: Option<Day>,
    /// Created on this day or earlier.
    pub start_to: Option<Day>,
    /// Stops on this day or later.
    pub stop_from: Option<Day>,
    /// Stops on this day or earlier.
    pub stop_to: Option<Day>,
}

impl<'a> Reader<'a> {
    /// The reader of a list whose filter asks of the act, too.
    pub(super) fn with_act(fields: &'a Fields, names: &[&str]) -> Answer<Reader<'a>> {
        Reader::of(fields, "", |name| names.contains(&name) || ACT_NAMES.contains(&name))
    }

    /// The six parameters of [`ACT_NAMES`].
    pub(super) fn act(&self) -> Answer<ActFilter> {
        Ok(ActFilter {
            operator: self.name("operator")?,
            kind: self.value("kind", AuthenticationType::of_code)?,
            start_from: self.day("start_from")?,
            start_to: self.day("start_to")?,
            stop_from: self.day("stop_from")?,
            stop_to: self.day("stop_to")?,
        })
    }
}

impl Writer {
    pub(super) fn act(&mut self, act: &ActFilter) {
        self.text("operator", act.operator.as_deref().unwrap_or_default());
        self.text("kind", act.kind.map_or("", AuthenticationType::code));
        self.day("start_from", act.start_from);
        self.day("start_to", act.start_to);
        self.day("stop_from", act.stop_from);
        self.day("stop_to", act.stop_to);
    }
}
