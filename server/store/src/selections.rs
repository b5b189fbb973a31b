//! Selections: rows an operator has chosen, kept on the server so that they survive paging, sign-out and reload.

use crate::{Answer, Tx, dynamic::Values, enrollment_filter::Which, task_source::Asked};
use model::{bulk::SelectionOf, day::Day, task::TaskQuery, user::UserFilter};
use std::collections::HashSet;

/// A selection to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewSelection<'a> {
    /// Random; stands in the address.
    pub id: &'a str,
    /// Whose it is.
    pub operator: i64,
    /// What its rows are.
    pub of: SelectionOf,
    /// The filter whose rows it holds, as JSON; nothing for rows chosen one by one.
    pub filter: Option<&'a str>,
    /// Now.
    pub now: i64,
}

/// Comes from an address or a form, and can be no selection's: PostgreSQL takes no text with a NUL.
fn is_none(id: &str) -> bool {
    id.contains('\0')
}

impl Tx {
    /// Makes an empty selection.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_selection(&mut self, new: NewSelection<'_>) -> Answer<()> {
        let kind = if new.filter.is_some() { "filter" } else { "ids" };
        on_db!(self, execute
            "insert into selections (id, operator, kind, subject, filter, frozen_at, made_at, seen_at)
             values ($1, $2, $3, $6, $4, $5, $5, $5)",
            new.id, new.operator, kind, new.filter, new.now, new.of.code())?;
        Ok(())
    }

    /// Notes that the operator uses their selection. False: it is gone, or somebody else's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn touch_selection(&mut self, id: &str, operator: i64, of: SelectionOf, now: i64) -> Answer<bool> {
        if is_none(id) {
            return Ok(false);
        }
        let touched = on_db!(self, execute
            "update selections set seen_at = $3 where id = $1 and operator = $2 and subject = $4", id, operator, now, of.code())?;
        Ok(touched > 0)
    }

    /// How many users who are not deleted, outstanding tasks, or open enrollments the operator's selection holds; nothing when it is gone,
    /// holds something else, or is somebody else's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn selected_count(&mut self, id: &str, operator: i64, of: SelectionOf) -> Answer<Option<i64>> {
        if is_none(id) {
            return Ok(None);
        }
        let join = match of {
            SelectionOf::Users => "users u on u.id = i.item and u.live = true",
            SelectionOf::Tasks => "tasks t on t.number = i.item and t.outstanding = true",
            SelectionOf::Enrollments => "enrollments e on e.id = i.item and e.open = true",
        };
        let sql = format!(
            "select (select count(*) from selection_items i join {join} where i.selection = s.id)
               from selections s where s.id = $1 and s.operator = $2 and s.subject = $3"
        );
        let row = on_db!(self, optional(i64,), sqlx::AssertSqlSafe(sql), id, operator, of.code())?;
        Ok(row.map(|(count,)| count))
    }

    /// What the operator's selection holds; nothing when it is gone, or somebody else's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn selection_of(&mut self, id: &str, operator: i64) -> Answer<Option<SelectionOf>> {
        if is_none(id) {
            return Ok(None);
        }
        let row =
            on_db!(self, optional(String,), "select subject from selections where id = $1 and operator = $2", id, operator)?;
        Ok(row.and_then(|(code,)| SelectionOf::of_code(&code)))
    }

    /// Which of these rows the operator's selection holds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn selected_among(&mut self, id: &str, operator: i64, rows: &[i64]) -> Answer<HashSet<i64>> {
        if is_none(id) || rows.is_empty() {
            return Ok(HashSet::new());
        }
        let rows: Vec<String> = rows.iter().map(i64::to_string).collect();
        let sql = format!(
            "select i.item from selections s join selection_items i on i.selection = s.id
              where s.id = $1 and s.operator = $2 and i.item in ({})",
            rows.join(", ")
        );
        let found = on_db!(self, all(i64,), sqlx::AssertSqlSafe(sql), id, operator)?;
        Ok(found.into_iter().map(|(item,)| item).collect())
    }

    /// Adds users to a selection, in this order; those in it stay where they are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn select(&mut self, id: &str, people: &[i64]) -> Answer<()> {
        let (last,) = on_db!(
            self,
            one(i64,),
            "select cast(coalesce(max(position), -1) as bigint) from selection_items where selection = $1",
            id
        )?;
        let rows: Vec<(i64, i64)> = people.iter().copied().zip(last + 1..).collect();
        on_db!(self, bulk "insert into selection_items (selection, item, position)", rows, 3,
            |values, row| values.push_bind(id).push_bind(row.0).push_bind(row.1), "on conflict (selection, item) do nothing")?;
        Ok(())
    }

    /// Takes users out of a selection.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unselect(&mut self, id: &str, people: &[i64]) -> Answer<()> {
        for person in people {
            on_db!(self, execute "delete from selection_items where selection = $1 and item = $2", id, *person)?;
        }
        Ok(())
    }

    /// Takes everybody out of a selection.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clear_selection(&mut self, id: &str) -> Answer<()> {
        on_db!(self, execute "delete from selection_items where selection = $1", id)?;
        Ok(())
    }

    /// Puts every user that the filter holds now into an empty selection, by UserID, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn select_all(&mut self, id: &str, filter: &UserFilter) -> Answer<u64> {
        let mut values = Values::default();
        let selection = values.push(id);
        let which = self.which_users(filter, &mut values).await?;
        let sql = format!(
            "insert into selection_items (selection, item, position)
             select {selection}, u.id, row_number() over (order by u.user_key) from {} where {}",
            which.from,
            which.clause()
        );
        self.dynamic_execute(sql, &values).await
    }

    /// Puts every task that the filter holds now into an empty selection, the newest first, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn select_all_tasks(&mut self, id: &str, query: &TaskQuery, today: Day) -> Answer<u64> {
        let which = Asked { state: query.state, filter: &query.filter, today };
        let plan = self.plan_tasks(which).await?;
        let mut parts = self.task_parts(which, plan, None);
        let selection = parts.values.push(id);
        let sql = format!(
            "insert into selection_items (selection, item, position) {}",
            parts.select(&format!("{selection}, t.number, row_number() over (order by t.number desc)"))
        );
        self.dynamic_execute(sql, &parts.values).await
    }

    /// Puts every open enrollment that the filter holds now into an empty selection, the newest first, and answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn select_all_enrollments(&mut self, id: &str, which: Which<'_>) -> Answer<u64> {
        let plan = self.plan_enrollments(which).await?;
        let mut values = Values::default();
        let found = if plan.collects(None) {
            self.few_enrollments(&plan, which, &mut values)
        } else {
            self.walked_enrollments(&plan, which, None, "e.stage + 0", &mut values)
        };
        let selection = values.push(id);
        let head = format!("select {selection}, e.id, row_number() over (order by e.id desc)");
        let sql = format!("insert into selection_items (selection, item, position) {} and e.open = true", found.select(&head));
        self.dynamic_execute(sql, &values).await
    }

    /// Forgets the selections not used since then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_selections(&mut self, seen_before: i64) -> Answer<u64> {
        on_db!(self, execute "delete from selections where seen_at < $1", seen_before)
    }
}
