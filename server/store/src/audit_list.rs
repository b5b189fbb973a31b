//! The audit trail as lists: a page by number, its count, what its entries are about, and one user's activity.
//!
//! Entries are walked by their number. Whatever leads to few of them has an index that ends in that number; a search leads to them in
//! several ways, and the page is the first rows of all of those together.

use crate::{
    Answer, Tx,
    audit::{EntryRow, Subject},
    dynamic::Values,
    keyset::{Page, Place, Walk},
};
use model::listing::{Direction, PageSize, Total};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// An operator's row, whatever their UserID was then.
    Operator(i64),
    /// A name as the trail shows it.
    Name(String),
}

/// One way to find entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Every entry.
    All,
    /// By what was done.
    Verb(String),
    /// By who did it.
    By(Doer),
    /// By what it is about.
    About(Subject),
    /// About a user, one of their enrollments, or the provisioning of a task they are in.
    Person(i64),
}

/// Which entries a list holds: those of any lead that pass every test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditWhich {
    /// The ways to them; none finds nothing.
    pub leads: Vec<Lead>,
    /// Only this verb.
    pub verb: Option<String>,
    /// Only of this one.
    pub by: Option<Doer>,
    /// Only from this time on, in milliseconds, and before that.
    pub between: Option<(i64, i64)>,
}

impl AuditWhich {
    /// What these leads find.
    pub fn of(leads: Vec<Lead>) -> AuditWhich {
        AuditWhich { leads, verb: None, by: None, between: None }
    }
}

impl Lead {
    /// `select` of the numbers, ending inside its `where`. A walk's tests are on `a`.
    fn sql(&self, values: &mut Values) -> String {
        let about = |values: &mut Values, subject: Subject| {
            let (kind, id) = subject.parts();
            let (kind, id) = (values.push(kind), values.push(id));
            format!(
                "select a.id from audit_subjects s cross join audit a where a.id = s.audit and s.kind = {kind} and s.subject = {id}"
            )
        };
        match self {
            Lead::All => "select a.id from audit a where true".to_owned(),
            Lead::Verb(verb) => format!("select a.id from audit a where a.verb = {}", values.push(verb.as_str())),
            Lead::By(Doer::Operator(id)) => format!("select a.id from audit a where a.operator = {}", values.push(*id)),
            Lead::By(Doer::Name(name)) => {
                format!("select a.id from audit a where a.operator_name = {}", values.push(name.as_str()))
            }
            Lead::About(subject) => about(values, *subject),
            Lead::Person(id) => {
                let id = values.push(*id);
                format!(
                    "select a.id from (
                         select audit from audit_subjects where kind = 'user' and subject = {id}
                         union select s.audit from enrollments e cross join audit_subjects s
                                where e.person = {id} and s.kind = 'enrollment' and s.subject = e.id
                         union select s.audit from enrollments e cross join audit_subjects s cross join audit p
                                where e.person = {id} and s.kind = 'task' and s.subject = e.task and p.id = s.audit
                                  and p.verb in ('task.provision', 'task.stop_date_all', 'task.remove')) s
                     cross join audit a where a.id = s.audit"
                )
            }
        }
    }
}

impl Tx {
    /// A page of entries in the order they were written.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_page(
        &mut self,
        which: &AuditWhich,
        direction: Direction,
        size: PageSize,
        from: Option<&Place>,
    ) -> Answer<Page<EntryRow>> {
        if which.leads.is_empty() {
            return Ok(Page { rows: Vec::new(), before: false, after: false });
        }
        let mut values = Values::default();
        let walk = Walk::new(self, "a.id", "a.id", direction, size.rows(), from, &mut values);
        let tests = self.tests(which, &mut values).await?;
        let mut rows = Vec::new();
        for step in walk.steps() {
            let ends = format!("{}{tests} {}", step.condition, step.tail);
            let found = found(which, &mut values, &ends);
            let sql = format!(
                "select a.id, a.at, a.operator_name, a.address, a.verb, a.before, a.after from audit a where a.id in ({found}) {}",
                step.tail
            );
            rows.extend(self.dynamic::<EntryRow>(sql, &values).await?);
        }
        Ok(walk.page(rows, from.is_none()))
    }

    /// How many entries there are, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_audit(&mut self, which: &AuditWhich) -> Answer<Total> {
        if which.leads.is_empty() {
            return Ok(Total::Exactly(0));
        }
        let mut values = Values::default();
        let tests = self.tests(which, &mut values).await?;
        let most = Total::EXACT_TO + 1;
        let found = found(which, &mut values, &format!("{tests} limit {most}"));
        let sql = format!("select count(*) from (select id from ({found}) found limit {most}) counted");
        Ok(Total::from_capped(self.dynamic_count(sql, &values).await?))
    }

    /// What each of these entries is about, at most `most` of each.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_subjects(&mut self, entries: &[i64], most: u32) -> Answer<Vec<(i64, String, i64)>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Values::default();
        let of = |values: &mut Values, entry: i64| {
            let entry = values.push(entry);
            format!(
                "select * from (select audit, kind, subject from audit_subjects where audit = {entry}
                                 order by audit, kind, subject limit {most}) about"
            )
        };
        let parts: Vec<String> = entries.iter().map(|entry| of(&mut values, *entry)).collect();
        self.dynamic(parts.join(" union all "), &values).await
    }

    /// What rows of a kind of subject are called: a UserID, a serial number.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn subject_names(&mut self, kind: &str, ids: &[i64]) -> Answer<Vec<(i64, String)>> {
        let (table, name) = match kind {
            "user" => ("users", "user_id"),
            "operator" => ("operators", "user_id"),
            "token" => ("tokens", "serial"),
            _ => return Ok(Vec::new()),
        };
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Values::default();
        let ids: Vec<String> = ids.iter().map(|id| values.push(*id)).collect();
        self.dynamic(format!("select id, {name} from {table} where id in ({})", ids.join(", ")), &values).await
    }

    /// Every operator's row and UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn operator_names(&mut self) -> Answer<Vec<(i64, String)>> {
        on_db!(self, all(i64, String), "select id, user_id from operators order by user_key")
    }

    /// The token of that serial number.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn token_of_serial(&mut self, serial: &str) -> Answer<Option<i64>> {
        let row = on_db!(self, optional(i64,), "select id from tokens where serial = $1", serial)?;
        Ok(row.map(|(id,)| id))
    }

    /// The tests that every entry has to pass, written so that no index serves them: the lead does. Numbers follow time closely but not
    /// strictly, so a span of time is a span of numbers first, and then the times themselves.
    async fn tests(&mut self, which: &AuditWhich, values: &mut Values) -> Answer<String> {
        let mut tests = String::new();
        if let Some(verb) = &which.verb {
            tests.push_str(&format!(" and a.verb || '' = {}", values.push(verb.as_str())));
        }
        match &which.by {
            Some(Doer::Operator(id)) => tests.push_str(&format!(" and a.operator + 0 = {}", values.push(*id))),
            Some(Doer::Name(name)) => tests.push_str(&format!(" and a.operator_name || '' = {}", values.push(name.as_str()))),
            None => {}
        }
        if let Some((from, until)) = which.between {
            let (first, last) = on_db!(
                self,
                one(i64, i64),
                "select coalesce(min(id), 0), coalesce(max(id), -1) from audit where at >= $1 and at < $2",
                from,
                until
            )?;
            let [from, until, first, last] = [from, until, first, last].map(|number| values.push(number));
            tests.push_str(&format!(" and a.at + 0 >= {from} and a.at + 0 < {until} and a.id >= {first} and a.id <= {last}"));
        }
        Ok(tests)
    }
}

/// The numbers that the leads find, each up to its own end.
fn found(which: &AuditWhich, values: &mut Values, ends: &str) -> String {
    let parts: Vec<String> = which.leads.iter().map(|lead| format!("select id from ({}{ends}) lead", lead.sql(values))).collect();
    parts.join(" union ")
}
