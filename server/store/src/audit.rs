//! The audit trail: append-only, by triggers of the database.

use crate::{Answer, Tx};
use std::collections::HashMap;

/// What an entry of the audit trail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A user.
    User(i64),
    /// A provisioning task.
    Task(i64),
    /// An enrollment.
    Enrollment(i64),
    /// A token.
    Token(i64),
    /// An operator.
    Operator(i64),
    /// A message.
    Message(i64),
    /// The policy.
    Policy,
    /// The installation.
    Instance,
}

impl Subject {
    /// The kind's name and the row's number, as stored.
    pub const fn parts(self) -> (&'static str, i64) {
        match self {
            Subject::User(id) => ("user", id),
            Subject::Task(number) => ("task", number),
            Subject::Enrollment(id) => ("enrollment", id),
            Subject::Token(id) => ("token", id),
            Subject::Operator(id) => ("operator", id),
            Subject::Message(id) => ("message", id),
            Subject::Policy => ("policy", 1),
            Subject::Instance => ("instance", 1),
        }
    }
}

/// An entry to be written.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// When, in milliseconds.
    pub at: i64,
    /// The operator's row; nothing for the machine and for users with a link.
    pub operator: Option<i64>,
    /// Who, as the trail shows it for ever: the operator's UserID, "Command line", "Link".
    pub operator_name: &'a str,
    /// The client's address.
    pub address: Option<&'a str>,
    /// What was done, such as `user.disable`.
    pub verb: &'a str,
    /// What was there before, as JSON.
    pub before: Option<String>,
    /// What is there now, as JSON.
    pub after: Option<String>,
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// The entry.
    pub id: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// Who.
    pub operator_name: String,
    /// The client's address.
    pub address: Option<String>,
    /// What was done.
    pub verb: String,
    /// What was there before, as JSON.
    pub before: Option<String>,
    /// What is there now, as JSON.
    pub after: Option<String>,
}

impl Tx {
    /// Writes an entry and what it is about.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit(&mut self, entry: Entry<'_>, subjects: &[Subject]) -> Answer<i64> {
        let (id,) = on_db!(
            self,
            one(i64,),
            "insert into audit (at, operator, operator_name, address, verb, before, after)
             values ($1, $2, $3, $4, $5, $6, $7) returning id",
            entry.at,
            entry.operator,
            entry.operator_name,
            entry.address,
            entry.verb,
            &entry.before,
            &entry.after
        )?;
        let subjects: Vec<(&str, i64)> = subjects.iter().map(|subject| subject.parts()).collect();
        on_db!(self, bulk "insert into audit_subjects (audit, kind, subject)", subjects, 3,
            |values, subject| values.push_bind(id).push_bind(subject.0).push_bind(subject.1), "")?;
        Ok(id)
    }

    /// Writes many entries of one time, operator and verb, each about one user: what was there before, and what is there now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_users(&mut self, common: &Entry<'_>, changes: &[(i64, String, String)]) -> Answer<()> {
        let written = on_db!(
            self,
            bulk_all(i64, String, String),
            "insert into audit (at, operator, operator_name, address, verb, before, after)",
            changes,
            7,
            |values, row| values
                .push_bind(common.at)
                .push_bind(common.operator)
                .push_bind(common.operator_name)
                .push_bind(common.address)
                .push_bind(common.verb)
                .push_bind(&row.1)
                .push_bind(&row.2),
            "returning id, before, after"
        )?;
        // They come back in no order; entries that say the same are as good as each other.
        let mut ids: HashMap<(String, String), Vec<i64>> = HashMap::new();
        for (id, before, after) in written {
            ids.entry((before, after)).or_default().push(id);
        }
        let mut subjects: Vec<(i64, i64)> = Vec::with_capacity(changes.len());
        for (user, before, after) in changes {
            let id = ids.get_mut(&(before.clone(), after.clone())).and_then(Vec::pop);
            subjects.extend(id.map(|id| (id, *user)));
        }
        on_db!(self, bulk "insert into audit_subjects (audit, kind, subject)", subjects, 3,
            |values, row| values.push_bind(row.0).push_bind("user").push_bind(row.1), "")?;
        Ok(())
    }

    /// The entries about `subject`, newest first, older than entry `before` when that is given.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_of(&mut self, subject: Subject, before: Option<i64>, most: u32) -> Answer<Vec<EntryRow>> {
        let (kind, id) = subject.parts();
        on_db!(self, all EntryRow,
            "select a.id, a.at, a.operator_name, a.address, a.verb, a.before, a.after
               from audit_subjects s join audit a on a.id = s.audit
              where s.kind = $1 and s.subject = $2 and s.audit < $3
              order by s.audit desc limit $4",
            kind, id, before.unwrap_or(i64::MAX), i64::from(most))
    }

    /// The entries about `subject` of these kinds, the newest first. The words of `verbs` are ours, never somebody's input.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_of_verbs(&mut self, subject: Subject, verbs: &[&'static str], most: u32) -> Answer<Vec<EntryRow>> {
        let (kind, id) = subject.parts();
        let verbs = verbs.iter().map(|verb| format!("'{verb}'")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "select a.id, a.at, a.operator_name, a.address, a.verb, a.before, a.after
               from audit_subjects s join audit a on a.id = s.audit
              where s.kind = $1 and s.subject = $2 and a.verb in ({verbs})
              order by s.audit desc limit $3"
        );
        on_db!(self, all EntryRow, sqlx::AssertSqlSafe(sql), kind, id, i64::from(most))
    }

    /// The first entry about `subject` with that verb.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn first_audit_of(&mut self, subject: Subject, verb: &str) -> Answer<Option<EntryRow>> {
        let (kind, id) = subject.parts();
        on_db!(self, optional EntryRow,
            "select a.id, a.at, a.operator_name, a.address, a.verb, a.before, a.after
               from audit_subjects s join audit a on a.id = s.audit
              where s.kind = $1 and s.subject = $2 and a.verb = $3
              order by s.audit limit 1",
            kind, id, verb)
    }
}
