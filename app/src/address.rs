//! Addresses: what a page reads from its own, and how it writes those of others. Strict both ways: a parameter that no page of
//! ours makes is refused.

use model::{Answer, Refusal, refusal::Thing};

/// A path of this console with its query, or `/`: never another host, however it is written.
pub fn local_path(to: &str) -> String {
    let plain =
        to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '#']) && to.chars().all(|c| c.is_ascii_graphic());
    let ours = !["/login", "/logout", "/assets/", "/api/"].iter().any(|path| to.starts_with(path));
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
}
