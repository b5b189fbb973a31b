//! The language of the pages for users: forms below such a page say no in the words of its catalogue. Console pages have none, and
//! speak as the model does.

use crate::api::Error;
use leptos::prelude::*;
use model::{Refusal, catalogue, catalogue::enroll::EnrollTexts, enrolling::Host, problem::Problem};

/// The words of a page for users.
#[derive(Clone, Copy)]
pub struct Words {
    /// The texts of its language.
    pub texts: &'static EnrollTexts,
    zone: StoredValue<String>,
}

impl Words {
    /// The words of that organisation's page.
    pub fn of(host: &Host) -> Words {
        Words { texts: &catalogue::of(&host.language).enroll, zone: StoredValue::new(host.zone.clone()) }
    }

    /// The sentence under a field.
    pub fn problem(self, problem: &Problem) -> String {
        self.texts.problem(problem)
    }

    /// The sentence of a refusal.
    pub fn refusal(self, refusal: &Refusal) -> String {
        self.zone.with_value(|zone| self.texts.refusal(refusal, zone))
    }

    /// The sentence above a form; nothing where a field says what is wrong.
    pub fn alert(self, no: &Error) -> Option<String> {
        match no {
            Error::Refused(Refusal::Invalid(_)) => None,
            Error::Refused(refusal) => Some(self.refusal(refusal)),
            Error::Unreachable => Some(self.texts.no.unreachable.to_owned()),
        }
    }
}
