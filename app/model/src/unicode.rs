//! The normal forms of Unicode. Their tables are 110 kB, and every browser has them: there the browser is asked. What a browser finds
//! only spares somebody a round trip; the server does it again.

#[cfg(not(target_arch = "wasm32"))]
mod here {
    use unicode_normalization::UnicodeNormalization;
    pub use unicode_normalization::char::is_combining_mark as is_mark;

    pub fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    pub fn nfkc(text: &str) -> String {
        text.nfkc().collect()
    }

    pub fn nfkd(text: &str) -> String {
        text.nfkd().collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod here {
    use js_sys::{JsString, RegExp};

    pub fn is_mark(letter: char) -> bool {
        // Below U+0300 there is none; no need to ask.
        letter >= '\u{300}' && RegExp::new("\\p{M}", "u").test(letter.encode_utf8(&mut [0; 4]))
    }

    pub fn nfc(text: &str) -> String {
        normal(text, "NFC")
    }

    pub fn nfkc(text: &str) -> String {
        normal(text, "NFKC")
    }

    pub fn nfkd(text: &str) -> String {
        normal(text, "NFKD")
    }

    fn normal(text: &str, form: &str) -> String {
        if text.is_ascii() { text.to_owned() } else { JsString::from(text).normalize(form).into() }
    }
}

pub(crate) use here::{is_mark, nfc, nfkc, nfkd};
