//! `provost demo`: the console with sample people and tasks, for this machine only.

use crate::{
    cli::say,
    config::{MailWay, Settings},
    node::Node,
    sample, serve,
};
use anyhow::{Context, Result, bail};
use model::rights::BuiltIn;
use service::{
    ids::{Ids, System},
    mail::folder::keep_private,
    operators::NewOperator,
};
use std::path::{Path, PathBuf};

const OPERATOR: &str = "demo";

/// Fills the folder on its first use, gives the demo's operator a new password, and serves.
///
/// # Errors
/// A sentence that says why it cannot start; that Provost would listen beyond this machine is one.
pub async fn demo(settings: Settings, folder: Option<PathBuf>) -> Result<()> {
    if !settings.listen.ip().is_loopback() {
        bail!("The demo listens on this machine only: its data is made up and its password is on the terminal.");
    }
    let folder = folder.unwrap_or_else(|| std::env::temp_dir().join("provost-demo"));
    make_private(&folder)?;
    let settings = inside(settings, &folder);
    let _lock = serve::lock(&settings)?;
    let node = Node::open(&settings).await?;
    let ids: &dyn Ids = &System;
    let password = ids.key();
    if node.service.has_operators().await? {
        node.service.reset_operator(OPERATOR, &password).await?;
    } else {
        say("Making sample people and tasks…");
        add_operator(&node, &password).await?;
        sample::fill(&node).await?;
    }
    let base = settings.base.origin().to_owned();
    serve::serve_node(&settings, node, |_| greet(&base, &password, &folder)).await
}

fn inside(mut settings: Settings, folder: &Path) -> Settings {
    settings.database_url = format!("sqlite://{}", folder.join("provost.db").display());
    settings.secret_key_file = folder.join("provost.key");
    settings.mail = MailWay::Folder(folder.join("mail"));
    settings
}

fn make_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    keep_private(folder).with_context(|| format!("the folder {} cannot be kept private", folder.display()))
}

async fn add_operator(node: &Node, password: &str) -> Result<()> {
    let operator = NewOperator {
        user_id: OPERATOR.to_owned(),
        name: "Dana Demo".to_owned(),
        email: "demo@contoso.example".to_owned(),
        role: BuiltIn::Operator.name().to_owned(),
        password: password.to_owned(),
    };
    node.service.add_operator(&operator).await?;
    Ok(())
}

fn greet(base: &str, password: &str, folder: &Path) {
    say("");
    say(&format!("  Provost is at   {base}"));
    say(&format!("  User ID         {OPERATOR}"));
    say(&format!("  Password        {password}"));
    say(&format!("  Mail goes to    {}", folder.join("mail").display()));
    say("");
    say("  Provision somebody, open the newest file there and follow its link. Ctrl-C ends the demo; its data stays.");
}
