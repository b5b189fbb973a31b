//! The `otpauth://` address that apps scan, and the key as people type it.
//!
//! The form is the one apps agree on (Key URI Format of Google Authenticator): label `issuer:account`, both percent-encoded.

use model::policy::{Algorithm, Totp};
use totp_rs::Secret;

/// The organisation's name is cut to so many characters in the address: even when every character needs twelve bytes, the address
/// then fits into one QR code.
const LONGEST_ISSUER: usize = 40;

/// The address of a key.
pub fn address(issuer: &str, account: &str, secret: &[u8], totp: Totp) -> String {
    let issuer = escaped(&issuer.chars().take(LONGEST_ISSUER).collect::<String>());
    format!(
        "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm={}&digits={}&period={}",
        escaped(account),
        base32(secret),
        algorithm_name(totp.algorithm),
        totp.digits,
        totp.period,
    )
}

/// The key as people type it: base32 (RFC 4648 §6, without padding) in groups of four.
pub fn grouped_key(secret: &[u8]) -> String {
    let key = base32(secret);
    let groups: Vec<String> = key.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

const fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha1 => "SHA1",
        Algorithm::Sha256 => "SHA256",
        Algorithm::Sha512 => "SHA512",
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`, so that no name can add a parameter or another label.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::policy::Policy;

    #[test]
    fn the_address_names_issuer_account_and_parameters() {
        let address = address("Contoso", "aiko", b"12345678901234567890", Policy::default().totp);
        assert_eq!(
            address,
            "otpauth://totp/Contoso:aiko?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Contoso&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn names_cannot_add_parameters_or_labels() {
        let address = address("A:B & C", "o'brien?secret=x#山", b"12345678901234567890", Policy::default().totp);
        assert!(address.starts_with("otpauth://totp/A%3AB%20%26%20C:o%27brien%3Fsecret%3Dx%23%E5%B1%B1?secret="), "{address}");
        assert_eq!(address.matches("secret=").count(), 1);
    }

    #[test]
    fn the_key_is_typed_in_groups_of_four() {
        assert_eq!(grouped_key(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(grouped_key(b"123456"), "GEZD GNBV GY");
    }
}
