//! The list of tasks: a page by key, its count, and single rows.

use crate::{
    Answer, Tx,
    dynamic::Values,
    keyset::{Key, Page, Place, Walk},
    packed::{Packed, packed},
    task_filter::{Parts, Plan},
    task_source::Asked,
    tasks::{day, kind_of},
};
use model::{
    authentication::AuthenticationType,
    day::Day,
    listing::{Sort, Total},
    task::{Progress, TaskColumn, TaskFilter, TaskState},
};

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTask {
    /// The number.
    pub number: i64,
    /// Who created it.
    pub operator: String,
    /// The address of the last enrollment or resend message.
    pub emailed_to: String,
    /// The day of creation.
    pub start_on: Day,
    /// The earliest and latest stop date.
    pub stop_on: (Day, Day),
    /// The type.
    pub kind: AuthenticationType,
    /// What the operator wrote.
    pub description: String,
    /// The numbers of the bar.
    pub progress: Progress,
    /// Enrollments removed.
    pub removed: i64,
    /// Has an open enrollment.
    pub outstanding: bool,
    /// The version that an operator's edit must name.
    pub edit_version: i64,
    keys: [Key; 4],
}

impl ListedTask {
    /// The row's sort value, for a cursor.
    pub fn key(&self, column: TaskColumn) -> Key {
        let [operator, emailed_to, progress, count] = &self.keys;
        match column {
            TaskColumn::Task => Key::Int(self.number),
            TaskColumn::Operator => operator.clone(),
            TaskColumn::EmailedTo => emailed_to.clone(),
            TaskColumn::Start => Key::Int(i64::from(self.start_on.epoch())),
            TaskColumn::Stop => Key::Int(i64::from(self.stop_on.1.epoch())),
            TaskColumn::Count => count.clone(),
            TaskColumn::Progress => progress.clone(),
        }
    }
}

/// What a page of tasks is asked for.
#[derive(Clone, Debug)]
pub struct TasksAsked<'a> {
    /// Which tasks.
    pub state: TaskState,
    /// Which of them.
    pub filter: &'a TaskFilter,
    /// In which order.
    pub sort: Sort<TaskColumn>,
    /// How many.
    pub rows: u32,
    /// From where; nothing for the first page.
    pub from: Option<Place>,
    /// Today.
    pub today: Day,
}

/// How a list of tasks is read, decided once by counting its filters.
#[derive(Clone, Copy, Debug)]
pub struct TaskPlan(Plan);

impl TasksAsked<'_> {
    const fn which(&self) -> Asked<'_> {
        Asked { state: self.state, filter: self.filter, today: self.today }
    }
}

const fn sql_column(column: TaskColumn) -> &'static str {
    match column {
        TaskColumn::Task => "t.number",
        TaskColumn::Operator => "t.operator_key",
        TaskColumn::EmailedTo => "t.emailed_to_key",
        TaskColumn::Start => "t.start_on",
        TaskColumn::Stop => "t.max_stop_on",
        TaskColumn::Count => "t.count",
        TaskColumn::Progress => "t.progress",
    }
}

fn columns(today: &str) -> String {
    format!(
        "t.number, t.operator_name, t.operator_key, t.emailed_to, t.emailed_to_key, t.start_on, t.min_stop_on, t.max_stop_on,
         t.type as kind, t.description, t.count, t.open, t.completed, t.locked, t.removed, t.progress, t.outstanding, t.edit_version,
         case when t.min_unlocked_stop_on < {today}
              then coalesce((select cast(sum(s.open - s.locked) as bigint) from task_stops s
                              where s.task = t.number and s.stop_on < {today}), 0)
              else 0 end as expired"
    )
}

impl Tx {
    /// A page of tasks.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks(&mut self, asked: &TasksAsked<'_>) -> Answer<Page<ListedTask>> {
        let plan = self.task_plan(asked).await?;
        self.tasks_by(asked, plan).await
    }

    /// How the list will be read, for whoever reads all its pages.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_plan(&mut self, asked: &TasksAsked<'_>) -> Answer<TaskPlan> {
        self.plan_tasks(asked.which()).await.map(TaskPlan)
    }

    /// A page of tasks, read as was decided before for the same state, filter and day.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_by(&mut self, asked: &TasksAsked<'_>, plan: TaskPlan) -> Answer<Page<ListedTask>> {
        Ok(self.planned_tasks(asked, plan.0).await?.0)
    }

    /// A page of tasks, and how many there are, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_and_total(&mut self, asked: &TasksAsked<'_>) -> Answer<(Page<ListedTask>, Total)> {
        let which = asked.which();
        let plan = self.plan_tasks(which).await?;
        let (page, counted) = self.planned_tasks(asked, plan).await?;
        let count = match counted {
            Some(counted) => counted,
            None => self.count_planned(which, plan).await?,
        };
        Ok((page, Total::from_capped(count)))
    }

    /// How many tasks the filter holds, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_tasks(&mut self, state: TaskState, filter: &TaskFilter, today: Day) -> Answer<Total> {
        let which = Asked { state, filter, today };
        let plan = self.plan_tasks(which).await?;
        Ok(Total::from_capped(self.count_planned(which, plan).await?))
    }

    async fn planned_tasks(&mut self, asked: &TasksAsked<'_>, plan: Plan) -> Answer<(Page<ListedTask>, Option<i64>)> {
        let parts = self.task_parts(asked.which(), plan, Some(asked.sort.column));
        if plan.collects() {
            self.collected_tasks(asked, parts).await
        } else {
            Ok((self.walked_tasks(asked, parts).await?, None))
        }
    }

    /// A page along the index of its sort.
    async fn walked_tasks(&mut self, asked: &TasksAsked<'_>, mut parts: Parts) -> Answer<Page<ListedTask>> {
        let column = sql_column(asked.sort.column);
        let walk = Walk::new(self, column, "t.number", asked.sort.direction, asked.rows, asked.from.as_ref(), &mut parts.values);
        let columns = columns(&parts.values.push(i64::from(asked.today.epoch())));
        let mut rows: Vec<Row> = Vec::new();
        for step in walk.steps() {
            if walk.wants_more(rows.len()) {
                let sql = format!("{}{} {}", parts.select(&columns), step.condition, step.tail);
                rows.extend(self.packed::<Row>(sql, &parts.values).await?);
            }
        }
        let rows: Vec<ListedTask> = rows.into_iter().map(Row::read).collect::<Answer<_>>()?;
        Ok(walk.page(rows, asked.from.is_none()))
    }

    /// A page of few tasks, and how many they are, where the page has one. They are sorted by what their order needs; only those on the
    /// page are read in full.
    async fn collected_tasks(&mut self, asked: &TasksAsked<'_>, mut parts: Parts) -> Answer<(Page<ListedTask>, Option<i64>)> {
        let walk =
            Walk::collected("hits.key", "hits.number", asked.sort.direction, asked.rows, asked.from.as_ref(), &mut parts.values);
        let columns = columns(&parts.values.push(i64::from(asked.today.epoch())));
        let hits = parts.select(&format!("t.number, {}", sql_column(asked.sort.column)));
        let mut rows: Vec<Collected> = Vec::new();
        for step in walk.steps() {
            let sql = format!(
                "with hits (number, key) as materialized ({hits}),
                 page (number, key) as (select hits.number, hits.key from hits where true{} {}),
                 counted (hits) as (select count(*) from hits)
                 select {columns}, counted.hits from counted cross join page cross join tasks t where t.number = page.number {}",
                step.condition,
                step.tail,
                step.tail.replace("hits.", "page.")
            );
            rows.extend(self.packed::<Collected>(sql, &parts.values).await?);
        }
        // A first page without rows is that of an empty list.
        let counted = rows.first().map(|row| row.hits).or(asked.from.is_none().then_some(0));
        let rows: Vec<ListedTask> = rows.into_iter().map(|row| row.row.read()).collect::<Answer<_>>()?;
        Ok((walk.page(rows, asked.from.is_none()), counted))
    }

    /// One task as the list shows it, outstanding or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn listed_task(&mut self, number: i64, today: Day) -> Answer<Option<ListedTask>> {
        let sql = format!("select {} from tasks t where t.number = $2", columns("$1"));
        let row = on_db!(self, optional Row, sqlx::AssertSqlSafe(sql), i64::from(today.epoch()), number)?;
        row.map(Row::read).transpose()
    }

    /// Those of these tasks that there are, as the list shows them, in no order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn listed_tasks(&mut self, numbers: &[i64], today: Day) -> Answer<Vec<ListedTask>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Values::default();
        let columns = columns(&values.push(i64::from(today.epoch())));
        let sql = format!("select {columns} from tasks t where t.number in ({})", values.push_all(numbers));
        self.packed::<Row>(sql, &values).await?.into_iter().map(Row::read).collect()
    }

    /// Those of these tasks that the filter holds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_among(&mut self, numbers: &[i64], state: TaskState, filter: &TaskFilter, today: Day) -> Answer<Vec<i64>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let which = Asked { state, filter, today };
        let plan = self.plan_tasks(which).await?;
        let mut parts = self.task_parts(which, plan, None);
        let among = parts.values.push_all(numbers);
        let sql = format!("{} and t.number in ({among}) order by t.number", parts.select("distinct t.number"));
        let found: Vec<(i64,)> = self.dynamic(sql, &parts.values).await?;
        Ok(found.into_iter().map(|(number,)| number).collect())
    }

    /// The tasks made after that time, in milliseconds, among the newest `most`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_made_after(&mut self, time: i64, most: u32) -> Answer<Vec<i64>> {
        let newest = "select number, made_at from tasks order by number desc limit $2";
        let sql = format!("select number from ({newest}) newest where made_at > $1");
        let found = on_db!(self, all(i64,), sqlx::AssertSqlSafe(sql), time, i64::from(most))?;
        Ok(found.into_iter().map(|(number,)| number).collect())
    }
}

packed! {
    struct Row {
        number: i64,
        operator_name: String,
        operator_key: String,
        emailed_to: String,
        emailed_to_key: String,
        start_on: i64,
        min_stop_on: i64,
        max_stop_on: i64,
        kind: String,
        description: String,
        count: i64,
        open: i64,
        completed: i64,
        locked: i64,
        removed: i64,
        progress: i64,
        #[serde(deserialize_with = "crate::packed::flag")]
        outstanding: bool,
        edit_version: i64,
        expired: i64,
    }
}

/// A row of few, and how many they are.
#[derive(sqlx::FromRow, serde::Deserialize)]
struct Collected {
    #[sqlx(flatten)]
    row: Row,
    hits: i64,
}

impl Packed for Collected {
    fn columns() -> String {
        format!("json_array({}), hits", Row::columns())
    }
}

impl Row {
    fn read(self) -> Answer<ListedTask> {
        let progress = Progress {
            completed: self.completed,
            active: self.open - self.locked - self.expired,
            locked: self.locked,
            expired: self.expired,
        };
        Ok(ListedTask {
            number: self.number,
            operator: self.operator_name,
            emailed_to: self.emailed_to,
            start_on: day(self.start_on),
            stop_on: (day(self.min_stop_on), day(self.max_stop_on)),
            kind: kind_of(&self.kind, "tasks")?,
            description: self.description,
            progress,
            removed: self.removed,
            outstanding: self.outstanding,
            edit_version: self.edit_version,
            keys: [Key::Text(self.operator_key), Key::Text(self.emailed_to_key), Key::Int(self.progress), Key::Int(self.count)],
        })
    }
}
