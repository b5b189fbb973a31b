//! Settings (spec §7): every one is a flag, an environment variable and a key of `provost.toml`, in that order of precedence.
//! A wrong one stops the start with a sentence that names where it came from.

use crate::security::BaseUrl;
use clap::Args;
use ipnet::IpNet;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The flags. Each overrules the environment and the file.
#[derive(Args, Clone, Default)]
pub struct Flags {
    /// The file with settings [default: provost.toml, where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address to listen on [PROVOST_LISTEN, default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The address people use; links are built from it [PROVOST_BASE_URL, default: http://localhost and the port]
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// sqlite://FILE or postgres://… [PROVOST_DATABASE_URL, default: sqlite://provost.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// smtps://…, smtp+starttls://… or smtp://… [PROVOST_SMTP_URL, default: none]
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Without SMTP, the folder that messages are written to [PROVOST_MAIL_DIR, default: mail]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub mail_dir: Option<String>,
    /// The key that secrets are sealed with [PROVOST_SECRET_KEY_FILE, default: provost.key]
    #[arg(long, global = true, value_name = "FILE")]
    pub secret_key_file: Option<String>,
    /// Networks of the proxies in front, with commas between [PROVOST_TRUSTED_PROXIES, default: none]
    #[arg(long, global = true, value_name = "CIDRS")]
    pub trusted_proxies: Option<String>,
    /// yes: /metrics answers others than this machine [PROVOST_OPEN_METRICS, default: no]
    #[arg(long, global = true, value_name = "YES|NO")]
    pub open_metrics: Option<String>,
    /// yes: listen beyond this machine without https [PROVOST_ALLOW_PLAIN_HTTP, default: no]
    #[arg(long, global = true, value_name = "YES|NO")]
    pub allow_plain_http: Option<String>,
    /// text or json [PROVOST_LOG_FORMAT, default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

/// Every setting's name, as the file writes it.
const NAMES: [&str; 10] = [
    "listen",
    "base_url",
    "database_url",
    "smtp_url",
    "mail_dir",
    "secret_key_file",
    "trusted_proxies",
    "open_metrics",
    "allow_plain_http",
    "log_format",
];

/// Names the flags that are given, and prints none: an address may hold a password.
impl std::fmt::Debug for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let given = NAMES.into_iter().filter(|name| self.get(name).is_some());
        f.write_str("Flags ")?;
        f.debug_set().entries(given).finish()
    }
}

impl Flags {
    fn get(&self, name: &str) -> Option<&String> {
        match name {
            "listen" => self.listen.as_ref(),
            "base_url" => self.base_url.as_ref(),
            "database_url" => self.database_url.as_ref(),
            "smtp_url" => self.smtp_url.as_ref(),
            "mail_dir" => self.mail_dir.as_ref(),
            "secret_key_file" => self.secret_key_file.as_ref(),
            "trusted_proxies" => self.trusted_proxies.as_ref(),
            "open_metrics" => self.open_metrics.as_ref(),
            "allow_plain_http" => self.allow_plain_http.as_ref(),
            "log_format" => self.log_format.as_ref(),
            _ => None,
        }
    }
}

/// The settings of one process, checked.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The console's address.
    pub base: BaseUrl,
    /// The database's address.
    pub database_url: String,
    /// Where mail goes.
    pub mail: MailWay,
    /// The file of the secret key.
    pub secret_key_file: PathBuf,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// `/metrics` answers others than this machine.
    pub open_metrics: bool,
    /// Logs are JSON.
    pub log_json: bool,
    plain_http_allowed: bool,
}

/// Prints everything but the database's address, which may hold a password.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("base", &self.base)
            .field("mail", &self.mail)
            .field("secret_key_file", &self.secret_key_file)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("open_metrics", &self.open_metrics)
            .field("log_json", &self.log_json)
            .field("plain_http_allowed", &self.plain_http_allowed)
            .finish_non_exhaustive()
    }
}

/// Where mail goes.
#[derive(Clone, PartialEq, Eq)]
pub enum MailWay {
    /// A relay; the address may hold a password.
    Smtp(String),
    /// A folder of `.eml` files.
    Folder(PathBuf),
}

impl std::fmt::Debug for MailWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MailWay::Smtp(_) => f.write_str("Smtp(…)"),
            MailWay::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
        }
    }
}

impl Settings {
    /// The settings of this process.
    ///
    /// # Errors
    /// A sentence that names the wrong setting.
    pub fn load(flags: &Flags) -> Result<Settings, String> {
        let file = match &flags.config {
            Some(path) => read_file(path)?,
            None if Path::new("provost.toml").exists() => read_file(Path::new("provost.toml"))?,
            None => toml::Table::new(),
        };
        Settings::resolve(&Sources { flags, environment: &|name| std::env::var(name).ok(), file })
    }

    fn resolve(sources: &Sources<'_>) -> Result<Settings, String> {
        sources.known_keys_only()?;
        let listen: SocketAddr = sources.parsed("listen", "127.0.0.1:3000", |text| {
            text.parse().map_err(|_| "is not an address with a port, such as 127.0.0.1:3000".to_owned())
        })?;
        let smtp = sources.get("smtp_url")?.filter(|found| !found.value.is_empty());
        let mail_dir = || Ok::<_, String>(sources.text("mail_dir", "mail")?.into());
        Ok(Settings {
            listen,
            base: sources.parsed("base_url", &format!("http://localhost:{}", listen.port()), BaseUrl::parse)?,
            database_url: sources.text("database_url", "sqlite://provost.db")?,
            mail: match smtp {
                Some(found) => MailWay::Smtp(found.value),
                None => MailWay::Folder(mail_dir()?),
            },
            secret_key_file: sources.text("secret_key_file", "provost.key")?.into(),
            trusted_proxies: sources.parsed("trusted_proxies", "", networks)?,
            open_metrics: sources.parsed("open_metrics", "no", yes_or_no)?,
            plain_http_allowed: sources.parsed("allow_plain_http", "no", yes_or_no)?,
            log_json: sources.parsed("log_format", "text", |text| match text {
                "text" => Ok(false),
                "json" => Ok(true),
                _ => Err("is neither text nor json".to_owned()),
            })?,
        })
    }

    /// May these settings serve? Sign-in cookies and links must not cross a network in the clear.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn check_serving(&self) -> Result<(), String> {
        if self.listen.ip().is_loopback() || self.base.is_https() || self.plain_http_allowed {
            return Ok(());
        }
        Err(format!(
            "Provost would listen on {} and be reached over plain http, where passwords and links can be read on the way. Put a proxy \
             with TLS in front and set PROVOST_BASE_URL to its https address, or set PROVOST_ALLOW_PLAIN_HTTP=yes.",
            self.listen
        ))
    }
}

/// Where settings come from.
struct Sources<'a> {
    flags: &'a Flags,
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: toml::Table,
}

/// A setting that was given, and where.
struct Found {
    value: String,
    place: String,
}

impl Sources<'_> {
    fn get(&self, name: &str) -> Result<Option<Found>, String> {
        if let Some(value) = self.flags.get(name) {
            return Ok(Some(Found { value: value.clone(), place: format!("--{}", name.replace('_', "-")) }));
        }
        let variable = format!("PROVOST_{}", name.to_ascii_uppercase());
        if let Some(value) = (self.environment)(&variable).filter(|value| !value.is_empty()) {
            return Ok(Some(Found { value, place: variable }));
        }
        let place = format!("{name} in the settings file");
        let value = match self.file.get(name) {
            None => return Ok(None),
            Some(toml::Value::String(text)) => text.clone(),
            Some(toml::Value::Boolean(true)) => "yes".to_owned(),
            Some(toml::Value::Boolean(false)) => "no".to_owned(),
            Some(toml::Value::Array(parts)) if parts.iter().all(toml::Value::is_str) => {
                parts.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
            }
            Some(_) => return Err(format!("{place} must be text.")),
        };
        Ok(Some(Found { value, place }))
    }

    fn text(&self, name: &str, default: &str) -> Result<String, String> {
        Ok(self.get(name)?.map_or_else(|| default.to_owned(), |found| found.value))
    }

    fn parsed<T>(&self, name: &str, default: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
        match self.get(name)? {
            Some(found) => parse(&found.value).map_err(|why| format!("{}: {why}.", found.place)),
            None => parse(default),
        }
    }

    fn known_keys_only(&self) -> Result<(), String> {
        match self.file.keys().find(|key| !NAMES.contains(&key.as_str())) {
            Some(key) => Err(format!("The settings file holds {key}, which is no setting of Provost.")),
            None => Ok(()),
        }
    }
}

fn read_file(path: &Path) -> Result<toml::Table, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("The settings file {} cannot be read: {error}.", path.display()))?;
    // The parser's own message quotes the line, which may hold a password.
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
        format!("The settings file {} is not TOML: look at line {line}.", path.display())
    })
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| part.parse().or_else(|_| part.parse().map(|address: std::net::IpAddr| IpNet::from(address)));
    parts.map(|part| network(part).map_err(|_| format!("{part:?} is not a network such as 10.0.0.0/8"))).collect()
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err("is neither yes nor no".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(flags: &Flags, environment: &[(&str, &str)], file: &str) -> Result<Settings, String> {
        let given = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let file = file.parse().expect("TOML");
        Settings::resolve(&Sources { flags, environment: &given, file })
    }

    #[test]
    fn a_flag_overrules_the_environment_and_the_environment_the_file() {
        let flags = Flags { listen: Some("127.0.0.1:1".into()), ..Flags::default() };
        let environment = [("PROVOST_LISTEN", "127.0.0.1:2"), ("PROVOST_BASE_URL", "http://localhost:2")];
        let file = "listen = '127.0.0.1:3'\nbase_url = 'http://localhost:3'\ndatabase_url = 'sqlite://three.db'";
        let settings = resolve(&flags, &environment, file).expect("settings");
        assert_eq!(settings.listen.port(), 1);
        assert_eq!(settings.base.origin(), "http://localhost:2");
        assert_eq!(settings.database_url, "sqlite://three.db");
        assert_eq!(settings.mail, MailWay::Folder("mail".into()));
    }

    #[test]
    fn links_lead_to_the_port_that_is_listened_on_unless_told_otherwise() {
        let settings = resolve(&Flags::default(), &[("PROVOST_LISTEN", "127.0.0.1:4000")], "").expect("settings");
        assert_eq!(settings.base.origin(), "http://localhost:4000");
    }

    #[test]
    fn a_wrong_setting_is_named_where_it_stands() {
        let wrong = |environment: &[(&str, &str)], file: &str| resolve(&Flags::default(), environment, file).expect_err("wrong");
        assert!(wrong(&[("PROVOST_LISTEN", "here")], "").starts_with("PROVOST_LISTEN: is not an address"));
        assert!(wrong(&[], "trusted_proxies = ['10.0.0.0/8', 'me']").contains("\"me\" is not a network"));
        assert!(wrong(&[], "open_metrics = 'maybe'").starts_with("open_metrics in the settings file"));
        assert_eq!(wrong(&[], "lisen = 'x'"), "The settings file holds lisen, which is no setting of Provost.");
    }

    #[test]
    fn listening_beyond_this_machine_wants_https_or_a_clear_word() {
        let public = [("PROVOST_LISTEN", "0.0.0.0:3000")];
        let serving = |more: (&str, &str)| {
            let settings = resolve(&Flags::default(), &[public[0], more], "").expect("settings");
            settings.check_serving()
        };
        assert!(serving(("PROVOST_BASE_URL", "http://provost.example")).is_err());
        assert!(serving(("PROVOST_BASE_URL", "https://provost.example")).is_ok());
        assert!(serving(("PROVOST_ALLOW_PLAIN_HTTP", "yes")).is_ok());
    }

    #[test]
    fn a_password_in_the_relays_address_is_never_printed() {
        let settings =
            resolve(&Flags::default(), &[("PROVOST_SMTP_URL", "smtps://me:hunter2@relay.example")], "").expect("settings");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn a_password_in_the_databases_address_is_never_printed() {
        let url = "postgres://me:hunter2@database.example/provost";
        let settings = resolve(&Flags::default(), &[("PROVOST_DATABASE_URL", url)], "").expect("settings");
        assert!(!format!("{settings:?}").contains("hunter2"));
        let flags = Flags { database_url: Some(url.into()), smtp_url: Some(url.into()), ..Flags::default() };
        assert_eq!(format!("{flags:?}"), r#"Flags {"database_url", "smtp_url"}"#);
    }
}
