//! The texts that users read, on `/enroll` and in mails, by language. A language is one more static of each kind: the compiler
//! then asks for every text. The console itself is in English and keeps its words where they are shown.
//!
//! To add a language: write `de.rs` beside [`en`], name it in [`of`], and add its code to [`crate::user::LANGUAGES`].

pub mod en;
pub mod en_enroll;
pub mod en_mail;
pub mod enroll;
pub mod mail;

use enroll::EnrollTexts;
use mail::MailTexts;

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

/// The catalogue of that language; English where there is none.
pub fn of(_code: &str) -> &'static Catalogue {
    &en::ENGLISH
}

/// Fills `{name}` placeholders in one pass: a value that holds braces itself stays as it is, and so does a placeholder without a
/// value. Escaping is the template's or the page's.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        let found = values.iter().find_map(|(name, value)| {
            let after = from.strip_prefix('{')?.strip_prefix(name)?.strip_prefix('}')?;
            Some((*value, after))
        });
        let (piece, after) = found.unwrap_or_else(|| from.split_at(1));
        filled.push_str(piece);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_value_that_holds_braces_is_not_filled_again() {
        let values = [("name", "{organisation}"), ("organisation", "{name} & Co")];
        assert_eq!(fill("{organisation}: hello {name}", &values), "{name} & Co: hello {organisation}");
    }

    #[test]
    fn a_placeholder_without_a_value_and_a_lone_brace_stay() {
        assert_eq!(fill("{a} {b} { }", &[("b", "1")]), "{a} 1 { }");
        assert_eq!(fill("{", &[]), "{");
    }
}
