//! Acts over many enrollments: the dry run fixes the rows, and each batch marks its rows in the transaction that does them.
//!
//! Nothing is leased: whoever runs a batch holds the act's row until that transaction ends, and what is still planned then is what is
//! left to do. So a node that dies repeats nothing and loses nothing, and any node goes on.

use crate::{
    Answer, Error, Tx, dialect,
    dynamic::Values,
    enrollments::{Enrollment, EnrollmentRow, select_enrollments},
};
use model::{
    bulk::{BulkAct, BulkState, LeftOut, Outcome},
    listing::Direction,
};
use std::collections::BTreeMap;

/// What a dry run begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewBulk<'a> {
    /// Whose it is.
    pub operator: i64,
    /// What is to be done.
    pub act: BulkAct,
    /// With what, as JSON.
    pub what: &'a str,
    /// Now, in milliseconds.
    pub now: i64,
}

/// An act over many enrollments, without its rows. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// The row.
    pub id: i64,
    /// Whose it is.
    pub operator: i64,
    /// The address of the client that confirmed it.
    pub address: Option<String>,
    /// What is done.
    pub act: BulkAct,
    /// How far it is.
    pub state: BulkState,
    /// With what, as JSON.
    pub what: String,
    /// Why it was stopped.
    pub why: Option<String>,
    /// When it was planned.
    pub made_at: i64,
    /// When it was confirmed.
    pub confirmed_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// One enrollment's part in an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkItem {
    /// Its place in the act.
    pub position: i64,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why it is left out.
    pub reason: Option<LeftOut>,
    /// The user's row.
    pub person: i64,
    /// The user was deleted.
    pub deleted: bool,
    /// UserID.
    pub user_id: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// The task's number.
    pub task: i64,
}

/// A stretch of an act's rows, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first position.
    pub first: i64,
    /// The last position.
    pub last: i64,
}

const COLUMNS: &str = "id, operator, address, act, state, what, why, made_at, confirmed_at, ended_at";

/// The rows of an act's stretch that are still to be done: `$1` the act, `$2` to `$3` the positions.
macro_rules! planned {
    ($select:literal) => {
        concat!(
            $select,
            " from bulk_rows b join enrollments e on e.id = b.enrollment
              where b.act = $1 and b.position between $2 and $3 and b.outcome = 'planned'"
        )
    };
}

/// The rows of an act of one outcome whose links' lifetime is over while they may still enroll: `$1` the act, `$2` the outcome, `$3` now.
macro_rules! too_old {
    ($select:literal) => {
        concat!(
            $select,
            " from bulk_rows b join enrollments e on e.id = b.enrollment
              where b.act = $1 and b.outcome = $2 and e.open and e.locked_at is null and e.link_until <= $3"
        )
    };
}

impl Tx {
    /// Writes an act and its rows, all of them planned: the open enrollments of the selection's tasks, or its enrollments. Answers the
    /// act and how many rows it has.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_bulk(&mut self, new: NewBulk<'_>, selection: &str) -> Answer<(i64, u64)> {
        let (id,) = on_db!(
            self,
            one(i64,),
            "insert into bulk_acts (operator, act, state, what, made_at) values ($1, $2, 'planned', $3, $4) returning id",
            new.operator,
            new.act.code(),
            new.what,
            new.now
        )?;
        let rows = on_db!(self, execute
            "insert into bulk_rows (act, position, enrollment, outcome)
             select cast($1 as bigint), row_number() over (order by chosen.task, chosen.id), chosen.id, 'planned'
               from (select e.task, e.id
                       from selections s join selection_items i on i.selection = s.id join enrollments e on e.id = i.item
                      where s.id = $2 and s.operator = $3 and s.subject = 'enrollments'
                     union all
                     select e.task, e.id
                       from selections s join selection_items i on i.selection = s.id join enrollments e on e.task = i.item
                      where s.id = $2 and s.operator = $3 and s.subject = 'tasks' and e.open) chosen",
            id, selection, new.operator)?;
        Ok((id, rows))
    }

    /// An operator's own act.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bulk(&mut self, id: i64, operator: i64) -> Answer<Option<Bulk>> {
        let sql = format!("select {COLUMNS} from bulk_acts where id = $1 and operator = $2");
        on_db!(self, optional Row, sqlx::AssertSqlSafe(sql), id, operator)?.map(Row::read).transpose()
    }

    /// An operator's own acts, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bulks_of(&mut self, operator: i64, most: u32) -> Answer<Vec<Bulk>> {
        let sql = format!("select {COLUMNS} from bulk_acts where operator = $1 order by id desc limit $2");
        on_db!(self, all Row, sqlx::AssertSqlSafe(sql), operator, i64::from(most))?.into_iter().map(Row::read).collect()
    }

    /// How many rows of an act there are of each outcome and reason.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bulk_counts(&mut self, id: i64) -> Answer<Vec<(Outcome, Option<LeftOut>, i64)>> {
        let rows = on_db!(
            self,
            all(String, Option<String>, i64),
            "select outcome, reason, count(*) from bulk_rows where act = $1 group by outcome, reason order by outcome, reason",
            id
        )?;
        rows.into_iter().map(|(outcome, reason, count)| Ok((outcome_of(&outcome)?, reason_of(reason)?, count))).collect()
    }

    /// The rows of an act from one position on, or up to it, of every outcome or of one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bulk_items(
        &mut self,
        id: i64,
        only: Option<Outcome>,
        (from, direction): (i64, Direction),
        most: u32,
    ) -> Answer<Vec<BulkItem>> {
        let mut values = Values::default();
        let (act, from) = (values.push(id), values.push(from));
        let only = only.map(|only| format!(" and b.outcome = {}", values.push(only.code()))).unwrap_or_default();
        let (than, order) = match direction {
            Direction::Ascending => (">=", "asc"),
            Direction::Descending => ("<=", "desc"),
        };
        let sql = format!(
            "select b.position, b.outcome, b.reason, e.person, not u.live as deleted, u.user_id, u.first_name, u.last_name, e.task
               from bulk_rows b join enrollments e on e.id = b.enrollment join users u on u.id = e.person
              where b.act = {act} and b.position {than} {from}{only} order by b.position {order} limit {most}"
        );
        self.dynamic::<ItemRow>(sql, &values).await?.into_iter().map(ItemRow::read).collect()
    }

    /// The enrollments of a stretch that are still planned, with their positions.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn planned_enrollments(&mut self, id: i64, of: Stretch) -> Answer<Vec<(i64, Enrollment)>> {
        let rows = on_db!(self, all(i64, i64), planned!("select b.enrollment, b.position"), id, of.first, of.last)?;
        let positions: BTreeMap<i64, i64> = rows.into_iter().collect();
        let found = on_db!(self, all EnrollmentRow,
            concat!(select_enrollments!(), " where e.id in (", planned!("select e.id"), ") order by e.task, e.id"),
            id, of.first, of.last)?;
        let found: Vec<Enrollment> = found.into_iter().map(EnrollmentRow::read).collect::<Answer<_>>()?;
        Ok(found.into_iter().filter_map(|row| Some((*positions.get(&row.id)?, row))).collect())
    }

    /// Marks rows that were planned: done, or left out for a reason.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark_bulk(&mut self, id: i64, rows: &[(i64, Option<LeftOut>)]) -> Answer<()> {
        let mut by_reason: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for (position, reason) in rows {
            by_reason.entry(reason.map(LeftOut::code)).or_default().push(position.to_string());
        }
        for (reason, positions) in by_reason {
            let outcome = if reason.is_some() { Outcome::LeftOut } else { Outcome::Done };
            let sql = format!(
                "update bulk_rows set outcome = $2, reason = $3
                  where act = $1 and outcome = 'planned' and position in ({})",
                positions.join(", ")
            );
            on_db!(self, execute sqlx::AssertSqlSafe(sql), id, outcome.code(), &reason)?;
        }
        Ok(())
    }

    /// Sets a planned act running. False when it is not planned any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn confirm_bulk(&mut self, id: i64, operator: i64, address: Option<&str>, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update bulk_acts set state = 'running', address = $3, confirmed_at = $4
              where id = $1 and operator = $2 and state = 'planned'", id, operator, address, now)?;
        Ok(changed > 0)
    }

    /// Ends an act of the operator that is planned or running: what is not done yet stays as it is. False when it is over already.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn cancel_bulk(&mut self, id: i64, operator: i64, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update bulk_acts set state = 'canceled', ended_at = $3
              where id = $1 and operator = $2 and state in ('planned', 'running')", id, operator, now)?;
        Ok(changed > 0)
    }

    /// The acts that are running, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn running_bulks(&mut self) -> Answer<Vec<i64>> {
        let rows = on_db!(self, all(i64,), "select id from bulk_acts where state = 'running' order by id")?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Takes a running act for this transaction. Nothing when it is over, or another node is at it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_bulk(&mut self, id: i64) -> Answer<Option<Bulk>> {
        let skip = if dialect::for_update(self).is_empty() { "" } else { " for update skip locked" };
        let sql = format!("select {COLUMNS} from bulk_acts where id = $1 and state = 'running'{skip}");
        on_db!(self, optional Row, sqlx::AssertSqlSafe(sql), id)?.map(Row::read).transpose()
    }

    /// The next rows to be done, at most so many; nothing when all are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next_stretch(&mut self, id: i64, most: u32) -> Answer<Option<Stretch>> {
        let (first, last) = on_db!(
            self,
            one(Option<i64>, Option<i64>),
            "select min(position), max(position) from
                (select position from bulk_rows where act = $1 and outcome = 'planned' and reason is null
                  order by position limit $2) next",
            id,
            i64::from(most)
        )?;
        Ok(first.zip(last).map(|(first, last)| Stretch { first, last }))
    }

    /// Takes the rows of a stretch in the order of locks: users, tasks, enrollments.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_stretch(&mut self, id: i64, of: Stretch) -> Answer<()> {
        let Tx::Postgres(tx) = self else { return Ok(()) };
        let locks = [
            concat!("select u.id from users u where u.id in (", planned!("select e.person"), ") order by u.id for share of u"),
            concat!(
                "select t.number from tasks t where t.number in (",
                planned!("select e.task"),
                ") order by t.number for update of t"
            ),
            concat!("select x.id from enrollments x where x.id in (", planned!("select e.id"), ") order by x.id for update of x"),
        ];
        for sql in locks {
            sqlx::query(sql).bind(id).bind(of.first).bind(of.last).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Ends a running act: done, or stopped for a reason.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_bulk(&mut self, id: i64, why: Option<&str>, now: i64) -> Answer<()> {
        let state = if why.is_some() { BulkState::Stopped } else { BulkState::Done };
        on_db!(self, execute
            "update bulk_acts set state = $2, why = $3, ended_at = $4 where id = $1 and state = 'running'",
            id, state.code(), why, now)?;
        Ok(())
    }

    /// How many rows of an act of that outcome have a link whose lifetime is over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn too_old_links_of_bulk(&mut self, id: i64, outcome: Outcome, now: i64) -> Answer<i64> {
        Ok(on_db!(self, one(i64,), too_old!("select count(*)"), id, outcome.code(), now)?.0)
    }

    /// Puts the enrollments that an act was done to and whose links' lifetime is over into an empty selection, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn select_too_old_links_of_bulk(&mut self, selection: &str, id: i64, now: i64) -> Answer<u64> {
        on_db!(self, execute
            concat!("insert into selection_items (selection, item, position) ", too_old!("select $4, b.enrollment, b.position")),
            id, Outcome::Done.code(), now, selection)
    }

    /// Forgets the dry runs made before that time which nobody confirmed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_bulks(&mut self, made_before: i64) -> Answer<u64> {
        on_db!(self, execute "delete from bulk_acts where confirmed_at is null and made_at < $1", made_before)
    }
}

fn outcome_of(code: &str) -> Answer<Outcome> {
    Outcome::of_code(code).ok_or(Error::Unreadable { table: "bulk_rows", column: "outcome" })
}

fn reason_of(code: Option<String>) -> Answer<Option<LeftOut>> {
    let read = |code: String| LeftOut::of_code(&code).ok_or(Error::Unreadable { table: "bulk_rows", column: "reason" });
    code.map(read).transpose()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    operator: i64,
    address: Option<String>,
    act: String,
    state: String,
    what: String,
    why: Option<String>,
    made_at: i64,
    confirmed_at: Option<i64>,
    ended_at: Option<i64>,
}

impl Row {
    fn read(self) -> Answer<Bulk> {
        let unreadable = |column| Error::Unreadable { table: "bulk_acts", column };
        Ok(Bulk {
            id: self.id,
            operator: self.operator,
            address: self.address,
            act: BulkAct::of_code(&self.act).ok_or(unreadable("act"))?,
            state: BulkState::of_code(&self.state).ok_or(unreadable("state"))?,
            what: self.what,
            why: self.why,
            made_at: self.made_at,
            confirmed_at: self.confirmed_at,
            ended_at: self.ended_at,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    position: i64,
    outcome: String,
    reason: Option<String>,
    person: i64,
    deleted: bool,
    user_id: String,
    first_name: String,
    last_name: String,
    task: i64,
}

impl ItemRow {
    fn read(self) -> Answer<BulkItem> {
        Ok(BulkItem {
            position: self.position,
            outcome: outcome_of(&self.outcome)?,
            reason: reason_of(self.reason)?,
            person: self.person,
            deleted: self.deleted,
            user_id: self.user_id,
            first_name: self.first_name,
            last_name: self.last_name,
            task: self.task,
        })
    }
}
