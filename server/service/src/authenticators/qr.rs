//! QR codes as rows of modules: the page draws them, so that colour and size are its own.

use super::Broken;
use qrcode::{Color, EcLevel, QrCode};

/// The modules of a QR code (ISO/IEC 18004, error correction level M), dark is true, without the quiet zone.
///
/// # Errors
/// [`Broken`] when the text is longer than any QR code holds.
pub fn modules(text: &str) -> Result<Vec<Vec<bool>>, Broken> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Broken("too long for a QR code"))?;
    let width = code.width();
    let modules = code.into_colors();
    Ok(modules.chunks(width).map(|row| row.iter().map(|module| *module == Color::Dark).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authenticators::otpauth;
    use model::policy::{Algorithm, Totp};

    #[test]
    fn a_code_is_square_and_has_its_three_finder_patterns() {
        let rows = modules("otpauth://totp/Contoso:aiko?secret=GEZDGNBVGY3TQOJQ").expect("fits");
        let width = rows.len();
        assert!(rows.iter().all(|row| row.len() == width));
        let finder =
            |x: usize, y: usize| (0..7).all(|i| rows[y][x + i] && rows[y + 6][x + i] && rows[y + i][x] && rows[y + 3][x + 3]);
        assert!(finder(0, 0) && finder(width - 7, 0) && finder(0, width - 7));
    }

    #[test]
    fn the_longest_names_still_fit() {
        let totp = Totp { algorithm: Algorithm::Sha512, digits: 8, period: 60 };
        let address = otpauth::address(&"𠮷".repeat(100), &"𠮷".repeat(64), &[7; 64], totp);
        assert!(modules(&address).is_ok(), "{} characters", address.len());
    }
}
