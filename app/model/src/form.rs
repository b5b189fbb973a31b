//! What a form holds, and the one door from there to a value a use case accepts.
//!
//! A form is a struct of what was typed, made by [`form!`](crate::form!). The browser and the server read it from the same [`Fields`],
//! strictly: an unknown field, or a single field that comes twice, is refused as a whole ([`BadRequest::Parameter`]). Each form has a
//! `check` that answers the parsed value or every field's problem at once, and browser and server call the same one.

use crate::{Answer, Refusal, refusal::BadRequest};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names of fields that hold a secret: never printed, and never sent back to a page.
pub const SECRET_FIELDS: &[&str] = &["password", "current_password", "code"];

/// Is what stands in this field a secret?
pub fn is_secret(name: &str) -> bool {
    SECRET_FIELDS.contains(&name)
}

/// The fields of a submitted form, in the order sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields(pub Vec<(String, String)>);

/// Shows what was typed, but no secret.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, value)| (name, if is_secret(name) { "…" } else { value }))).finish()
    }
}

impl Fields {
    /// The value of a field that comes once or not at all (then: empty).
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] when it comes twice.
    pub fn one(&self, name: &str) -> Answer<String> {
        let mut values = self.many(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value.unwrap_or_default().to_owned()),
            _ => Err(Refusal::BadRequest(BadRequest::Parameter)),
        }
    }

    /// Every value of a field that may come many times, such as a column of check boxes.
    pub fn many<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Passes when every field is one of `known`.
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] at the first that is not, such as `email[]`.
    pub fn only(&self, known: &[&str]) -> Answer<()> {
        let stranger = self.0.iter().any(|(field, _)| !known.contains(&field.as_str()));
        if stranger { Err(Refusal::BadRequest(BadRequest::Parameter)) } else { Ok(()) }
    }
}

/// A struct of what was typed into one form.
pub trait Form: Sized {
    /// The names of its fields, in order.
    const NAMES: &'static [&'static str];

    /// Reads the form.
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] for an unknown field or one that comes twice.
    fn read(fields: &Fields) -> Answer<Self>;

    /// What the form holds, as fields again; fields that may come many times come as often.
    fn fields(&self) -> Fields;
}

/// How one field's values are read and written: `String` once, `Vec<String>` many times.
pub trait FieldValue: Sized {
    /// Reads the field of that name.
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] when a single field comes twice.
    fn read(fields: &Fields, name: &str) -> Answer<Self>;

    /// Appends the field's values.
    fn write(&self, name: &str, fields: &mut Fields);
}

impl FieldValue for String {
    fn read(fields: &Fields, name: &str) -> Answer<String> {
        fields.one(name)
    }

    fn write(&self, name: &str, fields: &mut Fields) {
        fields.0.push((name.to_owned(), self.clone()));
    }
}

impl FieldValue for Vec<String> {
    fn read(fields: &Fields, name: &str) -> Answer<Vec<String>> {
        Ok(fields.many(name).map(str::to_owned).collect())
    }

    fn write(&self, name: &str, fields: &mut Fields) {
        fields.0.extend(self.iter().map(|value| (name.to_owned(), value.clone())));
    }
}

/// Declares a form: a struct of `String` and `Vec<String>` fields with [`Form`] implemented.
#[macro_export]
macro_rules! form {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        /// Shows what was typed, but no secret.
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), " "))?;
                ::std::fmt::Debug::fmt(&$crate::form::Form::fields(self), f)
            }
        }

        impl $crate::form::Form for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read(fields: &$crate::form::Fields) -> $crate::Answer<Self> {
                fields.only(Self::NAMES)?;
                Ok($name { $($field: $crate::form::FieldValue::read(fields, stringify!($field))?),* })
            }

            fn fields(&self) -> $crate::form::Fields {
                #[allow(unused_mut)] // a form may have no field
                let mut fields = $crate::form::Fields::default();
                $($crate::form::FieldValue::write(&self.$field, stringify!($field), &mut fields);)*
                fields
            }
        }
    };
}

/// What an act answers to the page that asked: where to go now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// A path of this console, with its query; never another host.
    pub to: String,
}

impl Done {
    /// Go to `to`.
    pub fn to(to: impl Into<String>) -> Done {
        Done { to: to.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    form! {
        /// A form for these tests.
        pub struct Sample {
            /// Comes once.
            pub email: String,
            /// Comes as often as it likes.
            pub select: Vec<String>,
        }
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_form_comes_back_as_it_was_typed() {
        let sample = Sample { email: "a@b.example".into(), select: vec!["1".into(), "2".into()] };
        assert_eq!(Sample::read(&sample.fields()), Ok(sample));
    }

    #[test]
    fn a_form_prints_no_secret() {
        let form = crate::forms::SignInForm { user_id: "ada".into(), password: "hunter2".into(), to: String::new() };
        let printed = format!("{form:?} {:?}", form.fields());
        assert!(printed.contains("ada") && !printed.contains("hunter2"), "{printed}");
        let code = crate::forms::EnrollCodeForm { user_id: "ada".into(), code: "hunter2".into() };
        assert!(!format!("{code:?}").contains("hunter2"));
    }

    #[test]
    fn a_doubled_or_array_parameter_is_refused() {
        let refused = Err(Refusal::BadRequest(BadRequest::Parameter));
        assert_eq!(Sample::read(&fields(&[("email", "a@b.example"), ("email", "c@d.example")])), refused);
        assert_eq!(Sample::read(&fields(&[("email[]", "a@b.example")])), refused);
        assert_eq!(Sample::read(&fields(&[("other", "")])), refused);
    }
}
