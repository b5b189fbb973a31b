//! Enrollment codes that people type: Crockford's base32, in groups of four in mails, forgiving when read.

/// The letters and digits of a code: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code of `length` characters; `fill` draws random bytes. Every character carries five bits, none preferred.
pub fn draw(length: u8, fill: &mut dyn FnMut(&mut [u8])) -> String {
    let mut bytes = vec![0; usize::from(length)];
    fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// The code as it stands in a mail: groups of four with dashes between.
pub fn shown(code: &str) -> String {
    let groups: Vec<&str> = code.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join("-")
}

/// The canonical form of what was typed: capitals, I and L as 1, O as 0, without dashes and spaces. Never longer than the longest
/// code by more than one character, so that no input makes work.
pub fn canonical(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .take(usize::from(LONGEST) + 1)
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect()
}

/// Characters of the longest code that the policy allows.
const LONGEST: u8 = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_survives_being_read_aloud() {
        assert_eq!(canonical(" o1il-abcd "), "0111ABCD");
        assert_eq!(canonical("7K3M–9QRS"), "7K3M9QRS");
        assert_eq!(shown("7K3M9QRS2"), "7K3M-9QRS-2");
    }

    #[test]
    fn typing_a_novel_makes_no_work() {
        assert_eq!(canonical(&"a".repeat(100_000)).len(), 17);
    }

    proptest! {
        #[test]
        fn what_is_drawn_reads_back(bytes in proptest::collection::vec(any::<u8>(), 16), length in 8u8..=16) {
            let code = draw(length, &mut |out| out.copy_from_slice(&bytes[..out.len()]));
            prop_assert_eq!(code.len(), usize::from(length));
            prop_assert_eq!(canonical(&shown(&code).to_lowercase()), code);
        }
    }
}
