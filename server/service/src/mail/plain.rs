//! Values inside mails: names and other texts that people typed. Mail programs turn whatever looks like an address into a link, in text
//! and in HTML alike, so a name could lead readers anywhere; and some characters turn the line they stand in around.

/// The value as it may stand in a sentence of a mail: on one line, without characters that steer the text, and nothing in it looks
/// like the address of a page. Names keep their letters; a space may come in after a dot or colon.
pub fn harmless(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = one_line(value).chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        let parts = matches!(c, '.' | '。' | '．' | '｡' | '․' | ':' | '：');
        if parts
            && rest.peek().is_some_and(|next| !next.is_whitespace())
            && out.chars().nth_back(1).is_some_and(|c| !c.is_whitespace())
        {
            out.push(' ');
        }
    }
    out
}

/// The value on one line, for a header or a value that must stay exact: control characters and those that steer the direction of text
/// are dropped, line breaks become spaces.
pub fn one_line(value: &str) -> String {
    let kept = value.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some(' '),
        c if c.is_control() || steers(c) => None,
        c => Some(c),
    });
    kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters without width that turn or hide text (Unicode TR 9 and TR 36). Joiners stay: some scripts need them inside names.
const fn steers(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A UserID as it may be shown for typing, or nothing where mail programs would make a link of it.
pub fn user_id(value: &str) -> Option<&str> {
    let lower = value.to_lowercase();
    let risky = lower.starts_with("www.") || lower.contains(':') || one_line(value) != value;
    (!risky && !value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_as_they_are() {
        for name in ["Sinéad O’Brien", "Nguyễn Thị Ánh", "山田 太郎", "الاسم", "Dr. Who", "Anne-Marie", "می‌خواهم"]
        {
            assert_eq!(harmless(name), name);
        }
        assert_eq!(harmless("J.R.R. Tolkien"), "J. R. R. Tolkien");
    }

    #[test]
    fn an_address_in_a_name_is_no_longer_one() {
        assert_eq!(harmless("https://evil.example/x"), "https: //evil. example/x");
        assert_eq!(harmless("Win at www.evil.example"), "Win at www. evil. example");
        assert_eq!(harmless("mailto:x@evil.example"), "mailto: x@evil. example");
        assert_eq!(harmless("evil。example"), "evil。 example");
        assert_eq!(harmless("a\r\nBcc: x@y.example"), "a Bcc: x@y. example");
        assert_eq!(harmless("abc\u{202e}moc.live"), "abcmoc. live");
    }

    #[test]
    fn a_user_id_that_would_become_a_link_is_left_out() {
        assert_eq!(user_id("anna.berg"), Some("anna.berg"));
        assert_eq!(user_id("anna@example.org"), Some("anna@example.org"));
        for bad in ["www.evil.example", "http:evil", "", "a\u{202e}b"] {
            assert_eq!(user_id(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_value_keeps_a_dot_or_colon_between_letters(value in "\\PC{0,40}|[a-z.:/]{0,40}|(https?://)?[a-z]{1,8}\\.[a-z]{2,3}/x") {
            let chars: Vec<char> = harmless(&value).chars().collect();
            for window in chars.windows(3) {
                let joined = matches!(window[1], '.' | ':') && !window[0].is_whitespace() && !window[2].is_whitespace();
                prop_assert!(!joined, "{value:?}");
            }
            prop_assert!(!chars.iter().any(|c| c.is_control()));
        }
    }
}
