//! Both migration folders hold the same steps (ARCHITECTURE.md, invariant 10).

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One sentence for each step that only one database has.
pub fn check(migrations: &Path) -> Result<Vec<String>> {
    let (sqlite, postgres) = (names(&migrations.join("sqlite"))?, names(&migrations.join("postgres"))?);
    Ok(complaints(&sqlite, &postgres))
}

fn complaints(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<String> {
    let only = |here: &BTreeSet<String>, there: &BTreeSet<String>, database: &str| {
        here.difference(there).map(|name| format!("migration {name} exists for {database} alone")).collect::<Vec<_>>()
    };
    [only(sqlite, postgres, "SQLite"), only(postgres, sqlite, "PostgreSQL")].concat()
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_one_database_alone_is_named() {
        let both = BTreeSet::from(["0001_start.sql".to_owned()]);
        let more = BTreeSet::from(["0001_start.sql".to_owned(), "0002_outbox.sql".to_owned()]);
        assert_eq!(complaints(&both, &both), Vec::<String>::new());
        assert_eq!(complaints(&both, &more), ["migration 0002_outbox.sql exists for PostgreSQL alone"]);
        assert_eq!(complaints(&more, &both), ["migration 0002_outbox.sql exists for SQLite alone"]);
    }
}
