//! What a page loads, whatever its type: so that all that leptos compiles for a resource is compiled once, and not for every page.

use crate::{api::Error, json};
use leptos::server::codee::{Decoder, Encoder};
use serde::{Serialize, de::DeserializeOwned};
use std::{any::Any, sync::Arc};

/// The answer to a page's call.
#[derive(Clone)]
pub enum Payload {
    /// As it travelled with the page.
    Text(Arc<str>),
    /// As the call answered it.
    Answer(Arc<dyn Answer>),
}

/// `Result<T, Error>` for some `T`.
pub trait Answer: Send + Sync {
    /// For [`Payload::open`].
    fn any(&self) -> &dyn Any;

    /// For the way to the browser.
    #[cfg(feature = "ssr")]
    fn json(&self) -> serde_json::Result<String>;
}

impl<T: Serialize + Send + Sync + 'static> Answer for Result<T, Error> {
    fn any(&self) -> &dyn Any {
        self
    }

    #[cfg(feature = "ssr")]
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

impl Payload {
    /// Of what a call answered.
    pub fn new<T: Serialize + Send + Sync + 'static>(answer: Result<T, Error>) -> Payload {
        Payload::Answer(Arc::new(answer))
    }

    /// The answer again. One that cannot be read is none: the page is of another version than the script.
    ///
    /// # Errors
    /// Why the data cannot be had.
    pub fn open<T: DeserializeOwned + Clone + 'static>(&self) -> Result<T, Error> {
        match self {
            Payload::Text(text) => json::read::<Result<T, Error>>(text).unwrap_or(Err(Error::Unreachable)),
            Payload::Answer(answer) => answer.any().downcast_ref().cloned().unwrap_or(Err(Error::Unreachable)),
        }
    }
}

/// How a payload travels with the page.
pub struct Travels;

impl Encoder<Payload> for Travels {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(payload: &Payload) -> Result<String, serde_json::Error> {
        match payload {
            Payload::Text(text) => Ok(text.to_string()),
            #[cfg(feature = "ssr")]
            Payload::Answer(answer) => answer.json(),
            #[cfg(not(feature = "ssr"))]
            Payload::Answer(_) => Ok(String::new()),
        }
    }
}

impl Decoder<Payload> for Travels {
    type Error = json::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<Payload, json::Unreadable> {
        Ok(Payload::Text(text.into()))
    }
}

/// How a value that every page needs travels with the page: written by `serde_json`, read by [`json`].
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = json::Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, json::Unreadable> {
        json::read(text)
    }
}

/// What a page's call depends on, whatever its type: it is asked again when this differs.
#[derive(Clone)]
pub struct Source {
    value: Arc<dyn Any + Send + Sync>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl Source {
    /// Of any value.
    pub fn new<S: PartialEq + Send + Sync + 'static>(value: S) -> Source {
        fn same<S: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
            match (one.downcast_ref::<S>(), other.downcast_ref::<S>()) {
                (Some(one), Some(other)) => one == other,
                _ => false,
            }
        }
        Source { value: Arc::new(value), same: same::<S> }
    }

    /// The value again, if it is of this type.
    pub fn get<S: Clone + 'static>(&self) -> Option<S> {
        self.value.downcast_ref().cloned()
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_same_whether_it_travelled_or_not() {
        let answer: Result<Vec<u8>, Error> = Ok(vec![1, 2]);
        let payload = Payload::new(answer.clone());
        let travelled = Payload::Text(serde_json::to_string(&answer).unwrap_or_default().into());
        assert_eq!(payload.open::<Vec<u8>>(), answer);
        assert_eq!(travelled.open::<Vec<u8>>(), answer);
        assert_eq!(Payload::Text("{".into()).open::<Vec<u8>>(), Err(Error::Unreachable));
    }

    #[test]
    fn a_source_differs_exactly_when_its_value_does() {
        let source = |text: &str| Source::new((text.to_owned(), 1));
        assert!(source("a") == source("a") && source("a") != source("b") && source("a") != Source::new(1));
        assert_eq!(source("a").get(), Some(("a".to_owned(), 1)));
    }
}
