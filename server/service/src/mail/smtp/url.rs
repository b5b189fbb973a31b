//! `PROVOST_SMTP_URL`: `smtps://`, `smtp+starttls://`, and `smtp://` to loopback or with `?plain=yes`.

use super::{Security, Settings, tls};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

impl Settings {
    /// Reads the address of a relay. `hello` is the name that EHLO says.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and holds no password.
    pub fn from_url(text: &str, hello: &str) -> Result<Settings, String> {
        let url = Url::parse(text).map_err(|error| format!("It is not an address: {error}."))?;
        let host = url.host().filter(|host| !host.to_string().is_empty()).ok_or("It names no host.")?;
        let plain = plain_asked(&url)?;
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Tls(tls::machine_roots()?), 465),
            "smtp+starttls" => (Security::StartTls(tls::machine_roots()?), 587),
            "smtp" if plain || is_loopback(&host) => (Security::Plain, 25),
            "smtp" => {
                return Err(
                    "smtp:// sends passwords and links in the clear. Use smtps:// or smtp+starttls://, or add ?plain=yes."
                        .to_owned(),
                );
            }
            _ => return Err("It must begin with smtps://, smtp+starttls:// or smtp://.".to_owned()),
        };
        if plain && url.scheme() != "smtp" {
            return Err("?plain=yes goes with smtp:// only.".to_owned());
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("It must end after the host and port.".to_owned());
        }
        Ok(Settings {
            host: host.to_string(),
            port: url.port().unwrap_or(port),
            security,
            sign_in: sign_in(&url)?,
            hello: hello_name(hello),
        })
    }
}

fn plain_asked(url: &Url) -> Result<bool, String> {
    match url.query() {
        None | Some("") => Ok(false),
        Some("plain=yes") => Ok(true),
        Some(_) => Err("The only thing that may follow ? is plain=yes.".to_owned()),
    }
}

fn sign_in(url: &Url) -> Result<Option<(String, String)>, String> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8().map_err(|_| "User and password must be UTF-8.".to_owned())?;
        if text.chars().any(char::is_control) {
            Err("User and password cannot hold control characters.".to_owned())
        } else {
            Ok(text.into_owned())
        }
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("It must name both user and password, or neither.".to_owned()),
        (user, Some(password)) => Ok(Some((decoded(user)?, decoded(password)?))),
    }
}

/// Hosts of schemes that browsers do not know come as bare names even when they are addresses.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A name that EHLO may say; an address in brackets where there is none.
fn hello_name(name: &str) -> String {
    let ok = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if !name.is_empty() && name.len() <= 253 && name.chars().all(ok) && name.parse::<std::net::Ipv4Addr>().is_err() {
        name.to_owned()
    } else {
        "[127.0.0.1]".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        Settings::from_url(text, "provost.example.org")
    }

    #[test]
    fn each_scheme_has_its_port_and_its_protection() {
        let settings = read("smtps://us%40er:pa%3Ass@relay.example.org").unwrap();
        assert_eq!((settings.host.as_str(), settings.port), ("relay.example.org", 465));
        assert_eq!(settings.sign_in, Some(("us@er".to_owned(), "pa:ss".to_owned())));
        assert!(matches!(settings.security, Security::Tls(_)));
        let settings = read("smtp+starttls://relay.example.org:2525").unwrap();
        assert_eq!((settings.port, settings.sign_in.is_none()), (2525, true));
        assert!(matches!(settings.security, Security::StartTls(_)));
    }

    #[test]
    fn mail_in_the_clear_goes_to_loopback_only_unless_asked_for() {
        for ok in ["smtp://localhost", "smtp://127.0.0.1:2525", "smtp://[::1]:25", "smtp://relay.example.org?plain=yes"] {
            assert!(matches!(read(ok).unwrap().security, Security::Plain), "{ok}");
        }
        for bad in ["smtp://relay.example.org", "smtp://10.0.0.1", "smtp://127.0.0.1.example.org", "smtp://localhost.example.org"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wrong_address_is_refused_without_its_password() {
        for bad in [
            "relay",
            "http://relay",
            "smtp://",
            "smtps://user@relay",
            "smtps://relay?plain=yes",
            "smtps://relay?x=1",
            "smtps://user:hunter2@relay/path",
            "smtps://user:hunter2%0a@relay",
            "smtps://user:hunter2@relay:99999",
        ] {
            let sentence = read(bad).unwrap_err();
            assert!(sentence.ends_with('.') && !sentence.contains("hunter2"), "{bad}: {sentence}");
        }
    }

    #[test]
    fn a_name_with_a_line_break_never_reaches_ehlo() {
        let settings = Settings::from_url("smtp://localhost", "x\r\nMAIL FROM:<a@b>").unwrap();
        assert_eq!(settings.hello, "[127.0.0.1]");
    }

    #[test]
    fn settings_show_no_password() {
        assert!(!format!("{:?}", read("smtp://user:hunter2@localhost").unwrap()).contains("hunter2"));
    }
}
