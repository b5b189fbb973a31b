//! People and tasks for the tests that need them.

use model::{authentication::AuthenticationType, day::Day};
use store::{
    Db, Tx,
    new_enrollments::{NewEnrollment, NewEnrollments},
    task_counters::TaskChange,
    tasks::NewTask,
};

/// The day of every test: 2026-11-22.
pub const TODAY: Day = Day::from_epoch(20_779);
/// The same, in milliseconds, at noon UTC.
pub const NOW: i64 = 20_779 * 86_400_000 + 43_200_000;

/// Adds people `p1`, `p2`, … with rows 1, 2, ….
pub async fn people(tx: &mut Tx, count: i64) {
    for id in 1..=count {
        let (user_id, email) = (format!("p{id}"), format!("p{id}@x.example"));
        let sql =
            "insert into users (id, user_id, user_key, first_name, last_name, email, first_name_key, last_name_key, email_key,
                                      container_key, custom1_key, made_at)
                   values ($1, $2, $2, 'Pat', 'Nr', $3, 'pat', 'nr', $3, 'default', '', 0)";
        match tx {
            Tx::Sqlite(tx) => drop(sqlx::query(sql).bind(id).bind(&user_id).bind(&email).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(sql).bind(id).bind(&user_id).bind(&email).execute(&mut **tx).await.unwrap()),
        }
    }
}

/// A task of an operator for these people; answers its number and the enrollments.
pub async fn task(tx: &mut Tx, operator: &str, persons: &[i64], stop_on: Day) -> (i64, Vec<i64>) {
    task_of(tx, operator, "", AuthenticationType::App, persons, stop_on).await
}

/// The same with a description and a type.
pub async fn task_of(
    tx: &mut Tx,
    operator: &str,
    description: &str,
    kind: AuthenticationType,
    persons: &[i64],
    stop_on: Day,
) -> (i64, Vec<i64>) {
    let new = NewTask {
        origin: "operator",
        operator: None,
        operator_name: operator,
        kind,
        description,
        container: None,
        made_at: NOW,
        start_on: TODAY,
        stop_on,
    };
    let number = tx.add_task(&new).await.unwrap();
    let addresses: Vec<String> = persons.iter().map(|person| format!("p{person}@x.example")).collect();
    let rows: Vec<NewEnrollment<'_>> = persons
        .iter()
        .zip(&addresses)
        .enumerate()
        .map(|(position, (person, address))| NewEnrollment {
            person: *person,
            position: position as i64,
            over: false,
            emailed_to: address,
        })
        .collect();
    let all = NewEnrollments { task: number, kind, stop_on, link_until: None, now: NOW };
    let written = tx.add_enrollments(all, &rows).await.unwrap();
    tx.count_in(number, &TaskChange::new().added(written.len() as i64, stop_on), NOW).await.unwrap();
    tx.set_task_emailed_to(number, addresses.last().map_or("", String::as_str)).await.unwrap();
    (number, written.into_iter().map(|(id, _)| id).collect())
}

/// One committed task for `count` people.
pub async fn one_task(db: &Db, count: i64) -> (i64, Vec<i64>) {
    let mut tx = db.write().await.unwrap();
    people(&mut tx, count).await;
    let made = task(&mut tx, "olga", &(1..=count).collect::<Vec<_>>(), TODAY.plus(10)).await;
    tx.commit().await.unwrap();
    made
}

/// Runs statements as they are.
pub async fn run(tx: &mut Tx, sql: &'static str) {
    match tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop).unwrap(),
        Tx::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop).unwrap(),
    }
}

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    /// Dice of that seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
