//! Text as it is compared, sorted and searched: the same on both databases and in the browser, because it is done here.

use crate::{
    problem::Problem,
    unicode::{is_mark, nfc, nfkc, nfkd},
};

/// The key two UserIDs are compared by: NFKC and lower case (spec §1).
pub fn user_key(text: &str) -> String {
    nfkc(&nfkc(text).to_lowercase()).trim().to_owned()
}

/// The key texts are sorted and searched by: NFKC, lower case, without marks, runs of white space as one space (spec §3.2). Letters
/// whose mark Unicode does not take apart, such as ł and ø, become what people type for them.
pub fn search_key(text: &str) -> String {
    let bare = without_marks(text).to_lowercase();
    let bare = nfkc(&without_marks(&bare)).chars().fold(String::new(), |mut key, c| {
        match plain(c) {
            Some(letters) => key.push_str(letters),
            None => key.push(c),
        }
        key
    });
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_marks(text: &str) -> String {
    nfkd(text).chars().filter(|c| !is_mark(*c)).collect()
}

/// What people type for a small letter with a stroke, or for two letters in one.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

/// The words of a searched text, as one- and two-character searches match their beginnings: runs of letters and digits, and each
/// character of a script written without spaces.
pub fn search_words(key: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in key.chars() {
        if is_wordless_script(c) || !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            words.extend(is_wordless_script(c).then(|| c.to_string()));
        } else {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words.sort_unstable();
    words.dedup();
    words
}

/// What one- and two-character searches are compared with: the first character of each word of a searched text, and the first two.
/// Every character of a script written without spaces begins a word.
pub fn search_beginnings(key: &str) -> Vec<String> {
    let chars: Vec<char> = key.chars().collect();
    let mut beginnings = Vec::new();
    for (place, &c) in chars.iter().enumerate() {
        let inside_word = place > 0 && chars[place - 1].is_alphanumeric() && !is_wordless_script(chars[place - 1]);
        if c.is_alphanumeric() && (is_wordless_script(c) || !inside_word) {
            beginnings.push(c.to_string());
            let second = chars.get(place + 1).filter(|second| !second.is_whitespace());
            beginnings.extend(second.map(|second| [c, *second].iter().collect::<String>()));
        }
    }
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings
}

fn is_wordless_script(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{0e00}'..='\u{0eff}' | '\u{20000}'..='\u{3ffff}')
}

/// One line of text for a field: trimmed, no control characters, at most `most` characters; may be empty.
///
/// # Errors
/// [`Problem::ControlCharacter`] or [`Problem::TooLong`].
pub fn line(text: &str, most: u32) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Problem::ControlCharacter);
    }
    if text.chars().count() > most as usize {
        return Err(Problem::TooLong { most });
    }
    Ok(nfc(text))
}

/// As [`line`], and not empty.
///
/// # Errors
/// Those of [`line`], and [`Problem::Required`].
pub fn some_line(text: &str, most: u32) -> Result<String, Problem> {
    let text = line(text, most)?;
    if text.is_empty() { Err(Problem::Required) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn user_ids_are_one_whatever_their_case_and_width() {
        assert_eq!(user_key("ＡＬＩＣＥ"), "alice");
        assert_eq!(user_key(" İstanbul "), user_key("İSTANBUL"));
    }

    #[test]
    fn search_forgets_marks_and_case() {
        assert_eq!(search_key("Sinéad  O’Brien"), "sinead o’brien");
        assert_eq!(search_key("NGÔ Phương"), "ngo phuong");
        assert_eq!(search_key("ŁUKASZ Żółć, Søren Weiß, Đorđe, Æsa"), "lukasz zolc, soren weiss, dorde, aesa");
    }

    #[test]
    fn a_search_finds_the_beginning_of_each_word_and_each_han_character() {
        assert_eq!(search_words("a.yamada 10482 山田"), ["10482", "a", "yamada", "山", "田"]);
    }

    #[test]
    fn a_short_search_is_compared_with_the_beginnings_of_words() {
        assert_eq!(search_beginnings("a.yamada 104"), ["1", "10", "a", "a.", "y", "ya"]);
        assert_eq!(search_beginnings("山田x"), ["x", "山", "山田", "田", "田x"]);
    }

    proptest! {
        #[test]
        fn keys_are_settled(text in any::<String>()) {
            prop_assert_eq!(user_key(&user_key(&text)), user_key(&text));
            prop_assert_eq!(search_key(&search_key(&text)), search_key(&text));
        }
    }
}
