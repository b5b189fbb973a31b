//! What a form knows of itself: what was typed, what is wrong, whether it is under way.

use crate::{
    api::Error,
    boot::{Posted, Reply},
    json,
    parts::words::Words,
};
use leptos::prelude::*;
use model::{
    Refusal,
    form::Fields,
    problem::{Problem, Problems},
};
use serde::de::DeserializeOwned;

/// The state of one form, found by its fields through the context.
#[derive(Clone, Copy)]
pub struct FormState {
    id: StoredValue<String>,
    typed: StoredValue<Option<Fields>>,
    no: RwSignal<Option<Error>>,
    busy: RwSignal<bool>,
    report: RwSignal<Option<String>>,
    words: Option<Words>,
}

impl FormState {
    /// The state of the form that posts to `path`, as it was left by a refused post.
    pub fn new(path: &str, posted: Option<Posted>) -> FormState {
        let id = path.trim_matches('/').replace('/', "-");
        let (typed, reply) = posted.map(|posted| (posted.fields, posted.reply)).unzip();
        let (report, no) = match reply {
            Some(Reply::Report(report)) => (Some(report), None),
            Some(Reply::No(refusal)) => (None, Some(Error::Refused(refusal))),
            Some(Reply::Go(_)) | None => (None, None),
        };
        FormState {
            id: StoredValue::new(id),
            typed: StoredValue::new(typed),
            no: RwSignal::new(no),
            busy: RwSignal::new(false),
            report: RwSignal::new(report),
            words: use_context(),
        }
    }

    /// The report that came of the form.
    pub fn report<T: DeserializeOwned>(self) -> Option<T> {
        self.report.with(|report| report.as_ref().and_then(|json| json::read(json).ok()))
    }

    /// Notes a report, which ends the attempt.
    pub fn show_report(self, report: String) {
        self.settle(None);
        self.report.set(Some(report));
    }

    /// The state of the form around this field; a field outside a form has an empty one.
    pub fn here() -> FormState {
        use_context().unwrap_or_else(|| FormState::new("", None))
    }

    /// An element id that no other form's field has.
    pub fn id(self, name: &str) -> String {
        format!("{}-{name}", self.id.get_value())
    }

    /// What was typed into the field before the form was refused; nothing in a form that was not.
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| {
            typed.as_ref().and_then(|fields| fields.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()))
        })
    }

    /// Was this box or option chosen before the form was refused? Nothing in a form that was not.
    pub fn chosen(self, name: &str, value: &str) -> Option<bool> {
        self.typed.with_value(|typed| typed.as_ref().map(|fields| fields.many(name).any(|chosen| chosen == value)))
    }

    /// What is wrong with the field, in the words of the page.
    pub fn problem(self, name: &str) -> Option<String> {
        self.wrong(name).map(|problem| self.words.map_or_else(|| problem.to_string(), |words| words.problem(&problem)))
    }

    /// What is wrong with the field.
    pub fn wrong(self, name: &str) -> Option<Problem> {
        self.no.with(|no| problems(no.as_ref()).and_then(|problems| problems.of(name).cloned()))
    }

    /// Is this the first field with a problem? Where the reader goes on.
    pub fn is_first_problem(self, name: &str) -> bool {
        self.no.with(|no| problems(no.as_ref()).and_then(|problems| problems.0.first()).is_some_and(|(first, _)| first == name))
    }

    /// Why the form was refused.
    pub fn no(self) -> Option<Error> {
        self.no.get()
    }

    /// Is the form under way?
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Notes the end of an attempt.
    pub fn settle(self, no: Option<Error>) {
        self.busy.set(false);
        self.no.set(no);
    }

    /// Notes the beginning of an attempt; false when one is under way already.
    pub fn begin(self) -> bool {
        !self.busy.try_get_untracked().unwrap_or(true) && {
            self.busy.set(true);
            self.report.set(None);
            true
        }
    }
}

fn problems(no: Option<&Error>) -> Option<&Problems> {
    match no {
        Some(Error::Refused(Refusal::Invalid(problems))) => Some(problems),
        _ => None,
    }
}
