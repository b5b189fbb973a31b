//! What truly differs between SQLite and PostgreSQL: how a constraint and a busy database show themselves, how trigrams are asked, and how each is led to
//! the plan that is quick for it.

use sqlx::error::DatabaseError;

macro_rules! constraints {
    ($($variant:ident = $name:literal on $columns:literal, $doc:literal;)*) => {
        /// A constraint that a use case may run into and answers with a sentence. Its name is the same in both schemas.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Constraint { $(#[doc = $doc] $variant,)* }

        impl Constraint {
            /// Every one.
            pub const ALL: &'static [Constraint] = &[$(Constraint::$variant),*];

            /// The name of the unique index or check in both schemas.
            pub const fn name(self) -> &'static str {
                match self { $(Constraint::$variant => $name),* }
            }

            /// The columns SQLite reports for a unique index; empty for a check, which it reports by name.
            pub const fn columns(self) -> &'static str {
                match self { $(Constraint::$variant => $columns),* }
            }
        }
    };
}

constraints! {
    OperatorUserKey = "operators_user_key" on "operators.user_key", "Another operator has this UserID.";
    RoleName = "roles_pkey" on "roles.name", "Another role has this name.";
    UserKey = "users_user_key" on "users.user_key", "Another user has this UserID.";
    TokenSerial = "tokens_serial" on "tokens.serial", "Another token has this serial number.";
    InventoryCovers = "inventory_covers" on "", "Fewer tokens would be available than are reserved.";
    InventoryReserved = "inventory_reserved" on "", "More would be given back than was reserved.";
    InventoryAvailable = "inventory_available" on "", "More would be taken than is available.";
    OpenEnrollment = "enrollments_open_person_type" on "enrollments.person, enrollments.type",
        "The user has an open enrollment of this type.";
    TaskPerson = "enrollments_task_person" on "enrollments.task, enrollments.person", "The user is in this task already.";
    LiveEnrollmentSession = "enrollment_sessions_live" on "enrollment_sessions.enrollment",
        "The enrollment has a live session already.";
    Retry = "outbox_retry_of" on "outbox.retry_of", "The failed message has been sent again already.";
    IdempotencyKey = "idempotency_pkey" on "idempotency.operator, idempotency.key", "The form with this key was sent before.";
}

/// The constraint an error speaks of, if it is one that use cases know.
///
/// PostgreSQL names it. SQLite names a check, but reports a unique index by its columns.
pub(crate) fn constraint(error: &dyn DatabaseError) -> Option<Constraint> {
    let mut all = Constraint::ALL.iter().copied();
    if let Some(name) = error.constraint() {
        return all.find(|constraint| constraint.name() == name);
    }
    let message = error.message();
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        return all.find(|constraint| constraint.columns() == columns);
    }
    let name = message.strip_prefix("CHECK constraint failed: ")?;
    all.find(|constraint| constraint.name() == name)
}

/// Does the error say that the database is locked or going away, so that trying again may help?
pub(crate) fn is_busy(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        // SQLITE_BUSY and SQLITE_LOCKED with all their extended codes (https://www.sqlite.org/rescode.html).
        return code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6));
    }
    // serialization_failure, deadlock_detected, lock_not_available, query_canceled, admin and crash shutdown, cannot_connect_now,
    // too_many_connections (PostgreSQL 15, appendix A).
    matches!(&*code, "40001" | "40P01" | "55P03" | "57014" | "57P01" | "57P02" | "57P03" | "53300")
}

/// The condition "the text of this trigram table holds what `$n` asks for", to be used inside `select rowid from {table} where …`.
/// `$n` is bound to [`trigram_argument`].
pub(crate) fn trigram_condition(tx: &crate::Tx, table: &str, n: usize) -> String {
    match tx {
        crate::Tx::Sqlite(_) => format!("{table} match ${n}"),
        crate::Tx::Postgres(_) => format!("{table}.text like ${n}"),
    }
}

/// The same condition for one row of the table, found by its id already: its text is looked at instead of the index.
/// `$n` is bound to [`text_argument`].
pub(crate) fn text_condition(tx: &crate::Tx, table: &str, n: usize) -> String {
    match tx {
        crate::Tx::Sqlite(_) => format!("instr({table}.text, ${n}) > 0"),
        crate::Tx::Postgres(_) => trigram_condition(tx, table, n),
    }
}

/// What to bind for [`text_condition`].
pub(crate) fn text_argument(tx: &crate::Tx, key: &str) -> String {
    match tx {
        crate::Tx::Sqlite(_) => key.to_owned(),
        crate::Tx::Postgres(_) => trigram_argument(tx, key),
    }
}

/// What to bind for [`trigram_condition`]: `key` (three characters or more, of `model::text::search_key`) anywhere in the text.
pub(crate) fn trigram_argument(tx: &crate::Tx, key: &str) -> String {
    match tx {
        // One FTS5 string: quotes doubled, nothing else has a meaning inside (https://www.sqlite.org/fts5.html, 3.1).
        crate::Tx::Sqlite(_) => format!("\"{}\"", key.replace('"', "\"\"")),
        crate::Tx::Postgres(_) => {
            let escaped: String =
                key.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
            format!("%{escaped}%")
        }
    }
}

/// A column in a test that no index is to serve. SQLite's planner has no statistics, and takes an index wherever one fits: the sign hides the
/// column from it (https://www.sqlite.org/optoverview.html, 2). PostgreSQL's has them, and would lose them with the column.
pub(crate) fn hidden(tx: &crate::Tx, column: &str) -> String {
    match tx {
        crate::Tx::Sqlite(_) => format!("+{column}"),
        crate::Tx::Postgres(_) => column.to_owned(),
    }
}

/// What follows a table that is to be read through this index. SQLite would take the table itself where its key is known, which is wider and
/// seldom in memory. PostgreSQL chooses by itself.
pub(crate) fn by_index(tx: &crate::Tx, index: &str) -> String {
    match tx {
        crate::Tx::Sqlite(_) => format!(" indexed by {index}"),
        crate::Tx::Postgres(_) => String::new(),
    }
}

/// What makes SQLite count along the index of the numbers, which holds every filter's column. PostgreSQL chooses by itself.
pub(crate) const fn walked_by_number(tx: &crate::Tx) -> &'static str {
    match tx {
        crate::Tx::Sqlite(_) => " order by t.number",
        crate::Tx::Postgres(_) => "",
    }
}

/// Is a place in an order best sought by comparing both its keys at once? PostgreSQL follows an index by them. SQLite seeks by the first
/// alone and would pass all rows that share it.
pub(crate) const fn seeks_by_both_keys(tx: &crate::Tx) -> bool {
    matches!(tx, crate::Tx::Postgres(_))
}

/// Does the driver copy each value of a row by itself, and wake whoever waits once for each row? sqlx reads SQLite in a thread of its own.
pub(crate) const fn hands_over_each_value(tx: &crate::Tx) -> bool {
    matches!(tx, crate::Tx::Sqlite(_))
}

/// Does it read all rows before it counts what is distinct among them, also up to a limit? SQLite ends when there are enough.
pub(crate) const fn reads_all_before_distinct(tx: &crate::Tx) -> bool {
    matches!(tx, crate::Tx::Postgres(_))
}

/// What follows a `select` whose rows are to stay as they are until the transaction ends. A writer on SQLite is alone anyway.
pub(crate) const fn for_update(tx: &crate::Tx) -> &'static str {
    match tx {
        crate::Tx::Sqlite(_) => "",
        crate::Tx::Postgres(_) => " for update",
    }
}
