//! The texts that users read, on `/enroll` and in mails, by language. A language is one more static of each kind: the compiler
//! then asks for every text. The console itself is in English and keeps its words where they are shown.
//!
//! To add a language: write `de.rs` beside [`en`], name it in [`of`], and add its code to [`crate::user::LANGUAGES`].

pub mod en;

/// Every text of one language. Words in braces, such as `{organisation}`, are filled in by [`fill`].
#[derive(Debug)]
pub struct Catalogue {
    /// The language's code (BCP 47), for `lang` attributes.
    pub code: &'static str,
    /// The language's name in itself.
    pub name: &'static str,
    /// The pages under `/enroll`.
    pub enroll: EnrollTexts,
    /// The mails.
    pub mail: MailTexts,
}

/// The texts of the pages under `/enroll`.
#[derive(Debug)]
pub struct EnrollTexts {
    /// Heading above every step.
    pub self_enrollment: &'static str,
}

/// The texts of mails.
#[derive(Debug)]
pub struct MailTexts {
    /// The subject of an enrollment message.
    pub enrollment_subject: &'static str,
}

/// The catalogue of that language; English where there is none.
pub fn of(_code: &str) -> &'static Catalogue {
    &en::ENGLISH
}

/// Fills `{name}` placeholders. Values are taken as they are; escaping is the template's or the page's.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
