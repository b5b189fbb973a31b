//! The command line: `serve`, `demo`, `operator`, `users`, `backup`. Every verb migrates the database first.

use crate::{
    config::{Flags, Settings},
    demo,
    node::Node,
    serve, telemetry,
};
use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand, ValueEnum};
use model::{
    Refusal,
    console::{Console, Import},
    user::{ImportReport, OnExisting},
};
use service::{Service, operators::NewOperator};
use std::{io::Read, path::PathBuf};

/// A self-hosted console for handing out authenticators.
#[derive(Parser, Debug)]
#[command(name = "provost", version, about, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Serve the console and send mail, until stopped
    Serve,
    /// Serve the console with sample people and tasks, on this machine only
    Demo {
        /// Where the sample data lies; made anew when it does not exist [default: a folder for temporary files]
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
    /// Add, disable or reset those who sign in to the console
    #[command(subcommand)]
    Operator(OperatorVerb),
    /// Manage those who receive authenticators
    #[command(subcommand)]
    Users(UsersVerb),
    /// Copy database and key to FILE and FILE.key; may be done while Provost serves
    Backup {
        /// The copy; it must not exist
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
enum OperatorVerb {
    /// Add an operator
    Add {
        /// Their UserID
        #[arg(long, value_name = "ID")]
        user_id: String,
        /// Operator, Provisioning, "Help Desk", Auditor, or a role of your own
        #[arg(long)]
        role: String,
        /// Their e-mail address
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// Their name [default: the UserID]
        #[arg(long, default_value = "")]
        name: String,
        /// Read the password (12 characters or more) from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// End an operator's sessions and let them sign in no more
    Disable {
        /// Their UserID
        #[arg(long, value_name = "ID")]
        user_id: String,
    },
    /// Give an operator another password, and let them sign in again
    Reset {
        /// Their UserID
        #[arg(long, value_name = "ID")]
        user_id: String,
        /// Read the password (12 characters or more) from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Subcommand, Debug)]
enum UsersVerb {
    /// Import a CSV file: user_id,first_name,last_name,email,mobile,container,language
    Import {
        /// The file
        file: PathBuf,
        /// What to do with UserIDs that exist
        #[arg(long, value_enum, default_value_t = Existing::Refuse)]
        on_existing: Existing,
        /// Leave bad lines out instead of keeping nothing
        #[arg(long)]
        skip_bad: bool,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Existing {
    /// The line is bad
    Refuse,
    /// The line is left out
    Skip,
    /// The user takes the line's values
    Update,
}

/// Does what the command line says.
///
/// # Errors
/// A sentence for whoever typed it.
pub async fn run(cli: Cli) -> Result<()> {
    let settings = Settings::load(&cli.flags).map_err(anyhow::Error::msg)?;
    telemetry::start_logging(settings.log_json);
    match cli.verb {
        Verb::Serve => serve::serve(&settings).await,
        Verb::Demo { dir } => demo::demo(settings, dir).await,
        Verb::Operator(verb) => operator(&Node::open(&settings).await?.service, verb).await,
        Verb::Users(UsersVerb::Import { file, on_existing, skip_bad, dry_run }) => {
            let on_existing = match on_existing {
                Existing::Refuse => OnExisting::Refuse,
                Existing::Skip => OnExisting::Skip,
                Existing::Update => OnExisting::Update,
            };
            let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            import(&Node::open(&settings).await?.service, &bytes, Import { on_existing, dry_run, skip_bad, key: String::new() })
                .await
        }
        Verb::Backup { file } => backup(&settings, &file).await,
    }
}

async fn operator(service: &Service, verb: OperatorVerb) -> Result<()> {
    match verb {
        OperatorVerb::Add { user_id, role, email, name, password_stdin: _ } => {
            let new = NewOperator { user_id: user_id.clone(), name, email, role, password: password()? };
            service.add_operator(&new).await.map_err(in_words)?;
            say(&format!("Operator {user_id} is added."));
        }
        OperatorVerb::Disable { user_id } => {
            if !service.disable_operator(&user_id).await.map_err(in_words)? {
                bail!("{user_id} is disabled already, or is the last operator with every right.");
            }
            say(&format!("Operator {user_id} is disabled."));
        }
        OperatorVerb::Reset { user_id, password_stdin: _ } => {
            service.reset_operator(&user_id, &password()?).await.map_err(in_words)?;
            say(&format!("Operator {user_id} has the new password."));
        }
    }
    Ok(())
}

/// The first line of standard input.
fn password() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).context("the password could not be read from standard input")?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

async fn import(service: &Service, file: &[u8], import: Import) -> Result<()> {
    let report = service.import_users(&Service::command_line(), file, &import).await.map_err(in_words)?;
    for (line, field, problem) in &report.problems {
        say(&format!("line {line}, {field}: {problem}"));
    }
    let named = report.problems.iter().map(|(line, ..)| line).collect::<std::collections::BTreeSet<_>>().len() as u64;
    if report.bad > named {
        say(&format!("and {} more bad lines, which are not named", report.bad - named));
    }
    say(&outcome(&report, import.dry_run));
    if report.bad > 0 && !import.skip_bad {
        bail!("Nothing was imported. Mend the lines named above, or leave them out with --skip-bad.");
    }
    Ok(())
}

fn outcome(report: &ImportReport, dry_run: bool) -> String {
    let verb = if report.dry || dry_run { "would be " } else { "" };
    format!(
        "{} {verb}added, {} {verb}updated, {} {verb}left out because they exist, {} bad.",
        report.added, report.updated, report.skipped, report.bad
    )
}

async fn backup(settings: &Settings, file: &std::path::Path) -> Result<()> {
    let node = Node::open(settings).await?;
    let key = PathBuf::from(format!("{}.key", file.display()));
    if file.exists() || key.exists() {
        bail!("{} or {} exists already.", file.display(), key.display());
    }
    if !node.db.back_up(file).await? {
        bail!(
            "This database is on PostgreSQL: back it up with pg_dump, and copy {} beside it.",
            settings.secret_key_file.display()
        );
    }
    copy_private(&settings.secret_key_file, &key)?;
    say(&format!("The database is in {}, its key in {}. Keep them apart.", file.display(), key.display()));
    Ok(())
}

/// Copies a file so that only its owner may read it.
fn copy_private(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(to).with_context(|| format!("{} cannot be made", to.display()))?;
    let mut original = std::fs::File::open(from).with_context(|| format!("{} cannot be read", from.display()))?;
    std::io::copy(&mut original, &mut copy)?;
    copy.sync_all()?;
    Ok(())
}

/// A refusal as the command line says it: every field's problem on a line of its own.
fn in_words(refusal: Refusal) -> anyhow::Error {
    match &refusal {
        Refusal::Invalid(problems) => {
            let lines: Vec<String> =
                problems.0.iter().map(|(field, problem)| format!("{}: {problem}", field.replace('_', "-"))).collect();
            anyhow::Error::msg(lines.join("\n"))
        }
        _ => anyhow::Error::msg(refusal.to_string()),
    }
}

/// Prints one line for the person at the terminal.
#[allow(clippy::print_stdout, reason = "the command line answers on standard output")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
