//! What was seeded, written in bulk to either database, with the counters, buckets and search rows that the use cases would have left
//! behind. Indexes are dropped before and made after, which turns an hour into minutes.

use crate::{
    Outcome,
    seed::{Seeded, Task},
};
use model::{
    console::{Console, Import},
    day::Day,
    text::{search_key, user_key},
};
use service::Service;
use store::{
    Db, Tx,
    search::{SearchText, Searched},
};

/// The tables whose indexes wait until all rows are there.
const TABLES: &str = "'tasks', 'task_stops', 'enrollments', 'task_search', 'task_beginnings'";
/// Rows a statement, and tasks a transaction.
const STATEMENT: usize = 500;
const TRANSACTION: usize = 50_000;

/// Writes everything that was seeded.
pub async fn fill(db: &Db, service: &Service, seeded: &Seeded) -> Outcome<()> {
    people(service, seeded).await?;
    let indexes = drop_indexes(db).await?;
    for part in seeded.tasks.chunks(TRANSACTION) {
        let mut tx = db.write().await?;
        write(&mut tx, seeded, part).await?;
        let texts: Vec<SearchText> =
            part.iter().map(|task| SearchText::new(task.number, task.keys.iter().map(String::as_str))).collect();
        for texts in texts.chunks(STATEMENT) {
            tx.add_search(Searched::Tasks, texts).await?;
        }
        tx.commit().await?;
    }
    for index in indexes {
        let mut tx = db.write().await?;
        run(&mut tx, index).await?;
        tx.commit().await?;
    }
    // As its own housekeeping would have done by the next morning.
    if let Some(pool) = db.postgres() {
        sqlx::raw_sql("vacuum analyze").execute(pool).await?;
        // Numbers that were named are not counted.
        let next = "select setval(pg_get_serial_sequence('tasks', 'number'), max(number)) from tasks";
        sqlx::raw_sql(next).execute(pool).await?;
    }
    Ok(())
}

async fn people(service: &Service, seeded: &Seeded) -> Outcome<()> {
    for part in seeded.people.chunks(50_000) {
        let mut file = "user_id,first_name,last_name,email,mobile,container,language\n".to_owned();
        for person in part {
            file.push_str(&format!("{},{},{},{},,,\n", person.user_id, person.first_name, person.last_name, person.email));
        }
        let report = service.import_users(&Service::command_line(), file.as_bytes(), &Import::default()).await?;
        if report.bad > 0 {
            return Err(format!("{:?}", report.problems.first()).into());
        }
    }
    Ok(())
}

/// Drops the indexes of the tables that are filled; answers the statements that make them again.
async fn drop_indexes(db: &Db) -> Outcome<Vec<String>> {
    let mut tx = db.write().await?;
    let found: Vec<(String, String)> = match &mut tx {
        Tx::Sqlite(tx) => {
            let sql = format!(
                "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ({TABLES})"
            );
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?
        }
        Tx::Postgres(tx) => {
            let sql = format!(
                "select cast(indexname as text), indexdef from pg_indexes where schemaname = current_schema()
                 and tablename in ({TABLES}) and not exists (select 1 from pg_constraint where conname = indexname)"
            );
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?
        }
    };
    for (name, _) in &found {
        run(&mut tx, format!("drop index {name}")).await?;
    }
    tx.commit().await?;
    Ok(found.into_iter().map(|(_, sql)| sql).collect())
}

async fn write(tx: &mut Tx, seeded: &Seeded, tasks: &[Task]) -> Outcome<()> {
    let head =
        "tasks (number, origin, operator_name, operator_key, type, description, description_key, emailed_to, emailed_to_key,
        made_at, start_on, count, open, completed, locked, removed, mail_failed, min_stop_on, max_stop_on, progress, ended_at,
        min_unlocked_stop_on)";
    insert(tx, head, tasks.iter().map(task_row)).await?;
    let open = tasks.iter().filter(|task| task.open() > 0);
    let stop = |task: &Task| {
        format!("({}, {}, {}, {})", task.number, task.stop.epoch(), task.open(), task.tally(|member| member.locked))
    };
    insert(tx, "task_stops (task, stop_on, open, locked)", open.map(stop)).await?;
    let head = "enrollments (task, person, position, type, stop_on, locked_at, completed_at, removed_at, override, emailed_to,
        mail_state, start_on, user_key)";
    insert(tx, head, tasks.iter().flat_map(|task| enrollment_rows(seeded, task))).await
}

fn task_row(task: &Task) -> String {
    let (start, stop) = (task.start.epoch(), task.stop.epoch());
    let ended = if task.open() > 0 { "null".to_owned() } else { millis(task.start.plus(10)).to_string() };
    let waits = task.open() > task.tally(|member| member.locked);
    let unlocked = if waits { stop.to_string() } else { "null".to_owned() };
    let texts = [task.operator, &user_key(task.operator), task.kind.code(), &task.description, &search_key(&task.description)];
    let numbers = [
        millis(task.start),
        i64::from(start),
        task.count(),
        task.open(),
        task.tally(|member| member.completed),
        task.tally(|member| member.locked),
        task.tally(|member| member.removed),
        task.tally(|member| member.mail_failed),
        i64::from(stop),
        i64::from(stop),
        task.progress(),
    ];
    format!(
        "({}, 'operator', {}, {}, {}, {ended}, {unlocked})",
        task.number,
        texts.map(quoted).join(", "),
        [&*task.emailed_to, &*task.emailed_to_key].map(quoted).join(", "),
        numbers.map(|number| number.to_string()).join(", ")
    )
}

fn enrollment_rows<'a>(seeded: &'a Seeded, task: &'a Task) -> impl Iterator<Item = String> + 'a {
    task.members.iter().enumerate().map(move |(place, member)| {
        let at = |is: bool| if is { millis(task.start).to_string() } else { "null".to_owned() };
        let person = &seeded.people[member.person];
        format!(
            "({}, {}, {place}, {}, {}, {}, {}, {}, true, {}, {}, {}, {})",
            task.number,
            member.person + 1,
            quoted(task.kind.code()),
            task.stop.epoch(),
            at(member.locked),
            at(member.completed),
            at(member.removed),
            quoted(&person.email),
            quoted(if member.mail_failed { "failed" } else { "accepted" }),
            task.start.epoch(),
            quoted(&user_key(&person.user_id)),
        )
    })
}

async fn insert(tx: &mut Tx, head: &str, rows: impl Iterator<Item = String>) -> Outcome<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let part: Vec<String> = rows.by_ref().take(STATEMENT).collect();
        run(tx, format!("insert into {head} values {}", part.join(", "))).await?;
    }
    Ok(())
}

async fn run(tx: &mut Tx, sql: String) -> Outcome<()> {
    match tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.map(drop)?,
        Tx::Postgres(tx) => sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.map(drop)?,
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn millis(day: Day) -> i64 {
    i64::from(day.epoch()) * 24 * 60 * 60 * 1000
}
