//! The words a person types after `cargo xtask`, and the help that lists them.

/// What `cargo xtask --help` prints.
pub const HELP: &str = "\
Provost's own commands.

  cargo xtask demo [--listen ADDRESS] [--release]
        Build the product and serve it with sample people and tasks, on this machine only.
  cargo xtask test
        Lint, Rust tests on both databases, stories in a browser. Or one part:
  cargo xtask test lint
  cargo xtask test rust [words for cargo test, such as: -p store]
  cargo xtask test browser [words for Playwright, such as: --grep enroll]
  cargo xtask build [--release]
        Build the one binary: target/debug/provost, or target/release/provost with all it needs inside.
  cargo xtask site [--release]
        Build only what the browser loads. A server of target/debug shows it when it starts again.
  cargo xtask bench [size | start | provision | list | bulk | serve | export] [--rows N [--outstanding M]] [--json]
        Measure a release build: what a first visit loads, how fast it starts and how little memory it holds, how long an
        act of Provision takes beside the raw insert of the same rows (both in an empty database, or among N tasks), how
        long a page of Provisioning Task Management takes among 10,000, 100,000 and a million tasks, all or few of them
        outstanding, or N (an hour without it), how long an act over 10,000 enrollments takes, what fifty operators at
        work get from one server, and how an export of everything streams (both among 100,000 tasks, or N). All seven
        without a name.
  cargo xtask --help
        This list.

Whatever the machine lacks is made or installed once, and said aloud. Without root and without Node
`demo` still works.";

/// One verb with its choices.
#[derive(Debug, PartialEq, Eq)]
pub enum Verb {
    /// Print [`HELP`].
    Help,
    /// Serve sample data; `listen` is an address such as `127.0.0.1:3000`.
    Demo { listen: Option<String>, release: bool },
    /// Run one part of the tests or all; `rest` is for the part's own runner.
    Test { part: Option<Part>, rest: Vec<String> },
    /// Build site and server.
    Build { release: bool },
    /// Build the site alone.
    Site { release: bool },
    /// Measure one thing or all.
    Bench(Asked),
}

/// What is to be measured, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// One thing; all when nothing is said.
    pub which: Option<Bench>,
    /// Among how many tasks.
    pub rows: Option<u32>,
    /// How many of them are outstanding; all when nothing is said.
    pub outstanding: Option<u32>,
    /// For programs.
    pub json: bool,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bench {
    /// What a first visit loads.
    Size,
    /// From exec to the first page, and memory at rest.
    Start,
    /// One act of Provision beside the raw insert.
    Provision,
    /// Pages of Provisioning Task Management.
    List,
    /// Acts over ten thousand enrollments.
    Bulk,
    /// Fifty operators at work.
    Serve,
    /// Every enrollment as CSV.
    Export,
}

impl Bench {
    fn named(name: &str) -> Option<Bench> {
        Some(match name {
            "size" => Bench::Size,
            "start" => Bench::Start,
            "provision" => Bench::Provision,
            "list" => Bench::List,
            "bulk" => Bench::Bulk,
            "serve" => Bench::Serve,
            "export" => Bench::Export,
            _ => return None,
        })
    }
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Format, clippy and the house rules.
    Lint,
    /// Every Rust test.
    Rust,
    /// The stories in a browser.
    Browser,
}

/// Reads the words after `cargo xtask`; the error is a sentence for the person who typed them.
pub fn parse(words: &[String]) -> Result<Verb, String> {
    let mut words = words.iter().map(String::as_str);
    let Some(verb) = words.next() else {
        return Ok(Verb::Help);
    };
    let rest: Vec<&str> = words.collect();
    if matches!(rest.first(), Some(&("--help" | "-h"))) {
        return Ok(Verb::Help);
    }
    match verb {
        "help" | "--help" | "-h" => Ok(Verb::Help),
        "demo" => parse_demo(&rest),
        "test" => parse_test(&rest),
        "build" => Ok(Verb::Build { release: only_release(verb, &rest)? }),
        "site" => Ok(Verb::Site { release: only_release(verb, &rest)? }),
        "bench" => parse_bench(&rest),
        other => Err(format!("There is no command `{other}`.")),
    }
}

fn parse_bench(rest: &[&str]) -> Result<Verb, String> {
    let mut asked = Asked::default();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match *word {
            "--rows" | "--outstanding" => {
                let count: Option<u32> = words.next().and_then(|count| count.parse().ok()).filter(|count| *count >= 100);
                let count = count.ok_or(format!("`{word}` wants a number of tasks after it, 100 or more."))?;
                *(if *word == "--rows" { &mut asked.rows } else { &mut asked.outstanding }) = Some(count);
            }
            "--json" => asked.json = true,
            name => {
                let bench = Bench::named(name).filter(|_| asked.which.is_none());
                asked.which = Some(bench.ok_or(format!("`bench` does not know `{name}`."))?);
            }
        }
    }
    if asked.outstanding.is_some() && asked.rows.is_none() {
        return Err("`--outstanding` wants `--rows` beside it.".to_owned());
    }
    Ok(Verb::Bench(asked))
}

fn parse_demo(rest: &[&str]) -> Result<Verb, String> {
    let (mut listen, mut release) = (None, false);
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match (*word, word.strip_prefix("--listen=")) {
            ("--release", _) => release = true,
            ("--listen", _) => {
                let address = words.next().ok_or("`--listen` wants an address after it, such as 127.0.0.1:3000.".to_owned())?;
                listen = Some((*address).to_owned());
            }
            (_, Some(address)) => listen = Some(address.to_owned()),
            (other, None) => return Err(format!("`demo` does not know `{other}`.")),
        }
    }
    Ok(Verb::Demo { listen, release })
}

fn parse_test(rest: &[&str]) -> Result<Verb, String> {
    let Some((part, rest)) = rest.split_first() else {
        return Ok(Verb::Test { part: None, rest: Vec::new() });
    };
    let part = match *part {
        "lint" => Part::Lint,
        "rust" => Part::Rust,
        "browser" => Part::Browser,
        other => return Err(format!("The tests have no part `{other}`; there are lint, rust and browser.")),
    };
    if let (Part::Lint, [other, ..]) = (part, rest) {
        return Err(format!("`test lint` does not know `{other}`."));
    }
    let rest = rest.iter().map(|word| (*word).to_owned()).collect();
    Ok(Verb::Test { part: Some(part), rest })
}

fn only_release(verb: &str, rest: &[&str]) -> Result<bool, String> {
    match rest {
        [] => Ok(false),
        ["--release"] => Ok(true),
        [other, ..] => Err(format!("`{verb}` does not know `{other}`.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Verb, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn no_word_at_all_asks_for_help() {
        assert_eq!(read(""), Ok(Verb::Help));
    }

    #[test]
    fn the_word_help_after_a_verb_runs_nothing() {
        assert_eq!(read("build --help"), Ok(Verb::Help));
    }

    #[test]
    fn demo_takes_an_address_in_both_spellings() {
        let wanted = Ok(Verb::Demo { listen: Some("127.0.0.1:4000".into()), release: true });
        assert_eq!(read("demo --listen 127.0.0.1:4000 --release"), wanted);
        assert_eq!(read("demo --release --listen=127.0.0.1:4000"), wanted);
    }

    #[test]
    fn words_after_a_part_go_to_its_runner() {
        let wanted = Verb::Test { part: Some(Part::Rust), rest: vec!["-p".into(), "store".into()] };
        assert_eq!(read("test rust -p store"), Ok(wanted));
        assert_eq!(read("test"), Ok(Verb::Test { part: None, rest: Vec::new() }));
        assert!(read("test lint fast").is_err());
        assert!(read("test everything").is_err());
    }

    #[test]
    fn a_bench_is_named_once_or_not_at_all() {
        let asked = Asked::default();
        assert_eq!(read("bench"), Ok(Verb::Bench(asked.clone())));
        let size = Asked { which: Some(Bench::Size), json: true, ..asked.clone() };
        assert_eq!(read("bench size --json"), Ok(Verb::Bench(size)));
        let list = Asked { which: Some(Bench::List), rows: Some(2_000), outstanding: Some(100), ..asked };
        assert_eq!(read("bench list --rows 2000 --outstanding 100"), Ok(Verb::Bench(list)));
        assert!(read("bench --outstanding 100").is_err());
        assert!(read("bench list --rows").is_err() && read("bench list --rows few").is_err());
        assert!(read("bench size start").is_err());
    }

    #[test]
    fn a_missing_address_is_said_and_not_guessed() {
        assert!(read("demo --listen").is_err());
    }

    #[test]
    fn an_unknown_word_is_named_in_the_sentence() {
        assert!(read("build --fast").is_err_and(|sentence| sentence.contains("--fast")));
        assert!(read("dance").is_err_and(|sentence| sentence.contains("dance")));
    }
}
