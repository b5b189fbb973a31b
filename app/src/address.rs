//! Addresses: what a page reads from its own, and how it writes those of others. What stands behind the question mark of a list is
//! read in `model::query`.

use model::{Answer, Refusal, refusal::Thing};
use std::fmt;

/// A path of this console with its query, or `/`: never another host, however it is written.
pub fn local_path(to: &str) -> String {
    let plain =
        to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '#']) && to.chars().all(|c| c.is_ascii_graphic());
    let ours = !["/login", "/logout", "/assets/", "/api/", "/live/"].iter().any(|path| to.starts_with(path));
    if plain && ours && to.len() <= 2048 { to.to_owned() } else { "/".to_owned() }
}

/// The row that a part of the address names.
///
/// # Errors
/// [`Refusal::NotFound`] for anything but a positive number in its plain form.
pub fn row(text: &str, thing: Thing) -> Answer<i64> {
    let number: Option<i64> = text.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == text);
    number.ok_or(Refusal::NotFound(thing))
}

/// An address of this console, to be written: a path and what stands behind it, in one settled order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    fields: Vec<(String, String)>,
}

impl Address {
    /// The address of a path without parameters.
    pub fn new(path: impl Into<String>) -> Address {
        Address { path: path.into(), fields: Vec::new() }
    }

    /// The address of a path with the parameters of a query string, empty ones left out.
    pub fn of(path: impl Into<String>, query: &str) -> Address {
        let pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
        let pairs = pairs.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Address { path: path.into(), fields: pairs.collect() }
    }

    /// The same with the parameter set; an empty value takes it away.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Address {
        let value = value.into();
        self.fields.retain(|(field, _)| field != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value));
        }
        self
    }

    /// The same without the parameter.
    #[must_use]
    pub fn without(self, name: &str) -> Address {
        self.with(name, "")
    }

    /// The same parameters behind another path.
    #[must_use]
    pub fn at(self, path: impl Into<String>) -> Address {
        Address { path: path.into(), ..self }
    }

    /// The parameters, for a form that keeps them in hidden fields.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// What stands behind the path, without a question mark.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.query() {
            query if query.is_empty() => f.write_str(&self.path),
            query => write!(f, "{}?{query}", self.path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_leads_only_to_pages_of_this_console() {
        assert_eq!(local_path("/users?search=a%20b"), "/users?search=a%20b");
        for bad in
            ["", "users", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/login", "/a#b", "/\t/evil"]
        {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn a_row_is_a_positive_number_in_its_plain_form() {
        assert_eq!(row("42", Thing::User), Ok(42));
        for bad in ["", "0", "-1", "+1", "01", "1.0", "9223372036854775808", "x", "１"] {
            assert_eq!(row(bad, Thing::User), Err(Refusal::NotFound(Thing::User)), "{bad:?}");
        }
    }

    #[test]
    fn an_address_keeps_what_it_is_not_told_to_change() {
        let address = Address::of("/users", "search=%C5%81+a&size=&cursor=x");
        assert_eq!(address.clone().with("sort", "-email").without("cursor").to_string(), "/users?search=%C5%81+a&sort=-email");
        assert_eq!(Address::new("/users").to_string(), "/users");
        assert_eq!(address.at("/x").to_string(), "/x?search=%C5%81+a&cursor=x");
    }
}
