//! The sample's people read their mail and use an authenticator app.

use anyhow::{Context, Result};
use service::mail::message::Mail;
use totp_rs::{Builder, Secret};

/// The secret of the link to enroll in a message; nothing in other messages.
pub fn link(mail: &Mail) -> Option<String> {
    let text = String::from_utf8_lossy(&mail.bytes).replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) = text.split_once("/enroll/")?;
    let secret: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    (secret.len() == 43).then_some(secret)
}

/// The code that an app shows for the key, as the page writes it, at that time.
///
/// # Errors
/// When the key is none.
pub fn code(key: &str, millis: i64) -> Result<String> {
    let secret = Secret::try_from_base32(key.replace(' ', "")).ok().context("the key is not base32")?;
    let totp = Builder::new().with_secret(secret).build().ok().context("the key is no TOTP key")?;
    Ok(totp.generate(millis.unsigned_abs() / 1000).to_string())
}

/// A code that no app shows near that time.
///
/// # Errors
/// As [`code`].
pub fn wrong_code(key: &str, millis: i64) -> Result<String> {
    let near = [-60_000, -30_000, 0, 30_000, 60_000].map(|shift| code(key, millis + shift));
    let near = near.into_iter().collect::<Result<Vec<_>>>()?;
    let found = (0..10).map(|digit| format!("{digit}").repeat(6)).find(|code| !near.contains(code));
    found.context("every code is right")
}
