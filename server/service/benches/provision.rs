//! How long one act of Provision takes until it is durable, beside the raw insert of the same rows into the same tables in the same
//! run (goal P4). `cargo xtask bench provision` runs it on the databases of its choice; each line it prints is JSON.
//!
//! The raw insert holds what the act leaves behind: one task, its enrollments, links, messages, stop-date bucket and audit rows, bound
//! as values, many rows a statement, in one transaction. It reviews nobody, seals nothing, hashes nothing and counts nothing.

#![allow(clippy::print_stdout, reason = "a bench answers on standard output")]
#![allow(missing_docs)]

mod stage;

use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use stage::{Bench, Outcome, median, runtime};
use std::{str::FromStr, time::Instant};
use store::Db;

/// How many users an act holds, and how often each is measured.
const ACTS: [(usize, usize); 3] = [(1, 21), (1_000, 7), (10_000, 5)];
/// Users that are there from the start.
const PEOPLE: usize = 200_000;

fn main() -> Outcome<()> {
    runtime()?.block_on(async {
        let url = std::env::var("PROVOST_BENCH_SQLITE")?;
        let raw =
            Raw::Sqlite(SqliteConnection::connect_with(&SqliteConnectOptions::from_str(&url)?.create_if_missing(true)).await?);
        measure("SQLite", Db::open(&url).await?, raw).await?;
        if let Ok(url) = std::env::var("PROVOST_BENCH_POSTGRES") {
            let raw = Raw::Postgres(PgConnection::connect(&url).await?);
            measure("PostgreSQL", Db::open(&url).await?, raw).await?;
        }
        Ok(())
    })
}

async fn measure(database: &str, db: Db, mut raw: Raw) -> Outcome<()> {
    let bench = Bench::new(db, PEOPLE).await?;
    let mut next = 0;
    for (users, rounds) in ACTS {
        let (mut acts, mut raws) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let (task, time) = bench.provision(next..next + users).await?;
            next += users;
            acts.push(time);
            raws.push(raw.repeat(task).await?);
        }
        let (act, raw) = (median(acts), median(raws));
        println!("{{\"database\":\"{database}\",\"users\":{users},\"provision_ms\":{act:.3},\"raw_ms\":{raw:.3}}}");
    }
    Ok(())
}

/// A plain connection to the same database.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

type Enrollment = (i64, i64, String, i64, Option<i64>, bool, String, Option<String>, Option<i64>);
type Link = (Vec<u8>, Option<Vec<u8>>, i64, i64, String, i64);
type Message = (String, String, i64, i64, String, String, i64, String, Option<Vec<u8>>, Option<i64>, i64, i64, i64, i64);
type Audit = (i64, Option<i64>, String, Option<String>, String, Option<String>, Option<String>);

macro_rules! repeat {
    ($db:ty, $connection:expr, $begin:literal, $task:expr) => {{
        let connection = $connection;
        let task = $task;
        let enrollments: Vec<Enrollment> = sqlx::query_as(
            "select person, position, type, stop_on, link_until, override, emailed_to, mail_state, mail_at from enrollments where task = $1",
        )
        .bind(task)
        .fetch_all(&mut *connection)
        .await?;
        let links: Vec<Link> = sqlx::query_as(
            "select l.hash, l.code_mac, l.enrollment, l.generation, l.purpose, l.made_at
               from links l join enrollments e on e.id = l.enrollment where e.task = $1",
        )
        .bind(task)
        .fetch_all(&mut *connection)
        .await?;
        let messages: Vec<Message> = sqlx::query_as(
            "select message_id, kind, enrollment, person, to_address, language, template_version, data, secret, generation, lane, turn,
                    due_at, made_at from outbox where task = $1",
        )
        .bind(task)
        .fetch_all(&mut *connection)
        .await?;
        let (audit, audits): (i64, i64) =
            sqlx::query_as("select max(audit), count(*) from audit_subjects where audit = (select max(id) from audit)")
                .fetch_one(&mut *connection)
                .await?;
        let entry: Audit =
            sqlx::query_as("select at, operator, operator_name, address, verb, before, after from audit where id = $1")
                .bind(audit)
                .fetch_one(&mut *connection)
                .await?;
        // The act's own rows make room, so that the raw insert meets the same tables and indexes.
        for sql in [
            "delete from outbox where task = $1",
            "delete from links where enrollment in (select id from enrollments where task = $1)",
            "delete from enrollments where task = $1",
        ] {
            sqlx::query(sql).bind(task).execute(&mut *connection).await?;
        }
        let begun = Instant::now();
        sqlx::query($begin).execute(&mut *connection).await?;
        let (number,): (i64,) = sqlx::query_as(
            "insert into tasks (origin, operator, operator_name, operator_key, type, description, emailed_to, emailed_to_key, made_at,
                                start_on, count, open, min_stop_on, max_stop_on, min_unlocked_stop_on)
             select origin, operator, operator_name, operator_key, type, description, emailed_to, emailed_to_key, made_at, start_on,
                    count, open, min_stop_on, max_stop_on, min_unlocked_stop_on from tasks where number = $1 returning number",
        )
        .bind(task)
        .fetch_one(&mut *connection)
        .await?;
        sqlx::query("insert into task_stops (task, stop_on, open) select $1, stop_on, open from task_stops where task = $2")
            .bind(number)
            .bind(task)
            .execute(&mut *connection)
            .await?;
        for chunk in enrollments.chunks(800) {
            let mut query = sqlx::QueryBuilder::<$db>::new(
                "insert into enrollments (task, person, position, type, stop_on, link_until, override, emailed_to, mail_state, mail_at) ",
            );
            query.push_values(chunk, |mut values, row| {
                values.push_bind(number).push_bind(row.0).push_bind(row.1).push_bind(&row.2).push_bind(row.3).push_bind(row.4);
                values.push_bind(row.5).push_bind(&row.6).push_bind(&row.7).push_bind(row.8);
            });
            query.build().execute(&mut *connection).await?;
        }
        let made: Vec<(i64,)> = sqlx::query_as("select id from enrollments where task = $1 order by position")
            .bind(number)
            .fetch_all(&mut *connection)
            .await?;
        let pairs: Vec<_> = links.iter().zip(&made).collect();
        for chunk in pairs.chunks(1_300) {
            let mut query =
                sqlx::QueryBuilder::<$db>::new("insert into links (hash, code_mac, enrollment, generation, purpose, made_at) ");
            query.push_values(chunk, |mut values, (row, enrollment)| {
                values.push_bind(&row.0).push_bind(&row.1).push_bind(enrollment.0).push_bind(row.3).push_bind(&row.4).push_bind(row.5);
            });
            query.build().execute(&mut *connection).await?;
        }
        let pairs: Vec<_> = messages.iter().zip(&made).collect();
        for chunk in pairs.chunks(530) {
            let mut query = sqlx::QueryBuilder::<$db>::new(
                "insert into outbox (message_id, kind, task, enrollment, person, to_address, language, template_version, data, secret,
                                     generation, lane, turn, due_at, made_at) ",
            );
            query.push_values(chunk, |mut values, (row, enrollment)| {
                values.push_bind(&row.0).push_bind(&row.1).push_bind(number).push_bind(enrollment.0).push_bind(row.3);
                values.push_bind(&row.4).push_bind(&row.5).push_bind(row.6).push_bind(&row.7).push_bind(&row.8);
                values.push_bind(row.9).push_bind(row.10).push_bind(row.11).push_bind(row.12).push_bind(row.13);
            });
            query.build().execute(&mut *connection).await?;
        }
        let (id,): (i64,) = sqlx::query_as(
            "insert into audit (at, operator, operator_name, address, verb, before, after) values ($1, $2, $3, $4, $5, $6, $7)
             returning id",
        )
        .bind(entry.0)
        .bind(entry.1)
        .bind(&entry.2)
        .bind(&entry.3)
        .bind(&entry.4)
        .bind(&entry.5)
        .bind(&entry.6)
        .fetch_one(&mut *connection)
        .await?;
        let subjects: Vec<i64> = (0..audits).collect();
        for chunk in subjects.chunks(2_600) {
            let mut query = sqlx::QueryBuilder::<$db>::new("insert into audit_subjects (audit, kind, subject) ");
            query.push_values(chunk, |mut values, subject| {
                values.push_bind(id).push_bind("bench").push_bind(subject);
            });
            query.build().execute(&mut *connection).await?;
        }
        sqlx::query("commit").execute(&mut *connection).await?;
        Ok(begun.elapsed().as_secs_f64() * 1000.0)
    }};
}

impl Raw {
    /// Inserts what the task's act left behind once more, and answers the milliseconds until it was durable.
    async fn repeat(&mut self, task: i64) -> Outcome<f64> {
        match self {
            Raw::Sqlite(connection) => repeat!(sqlx::Sqlite, connection, "begin immediate", task),
            Raw::Postgres(connection) => repeat!(sqlx::Postgres, connection, "begin", task),
        }
    }
}
