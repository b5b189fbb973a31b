//! From blocks to text and HTML. The templates hold the layout and no words; they are part of the binary.

use super::blocks::Page;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, value::Serde};
use std::sync::LazyLock;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    environment
});

const TEXT: &str = include_str!("templates/mail.txt");
const HTML: &str = include_str!("templates/mail.html");

/// Both halves of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

/// Renders both halves.
///
/// # Errors
/// When a template asks for what the page does not hold; tests render every message.
pub fn render(page: &Page) -> Result<Rendered, minijinja::Error> {
    let page = Value::from(Serde(page));
    Ok(Rendered {
        text: TEMPLATES.render_named_str("mail.txt", TEXT, &page)?,
        html: TEMPLATES.render_named_str("mail.html", HTML, &page)?,
    })
}
