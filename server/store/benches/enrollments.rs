//! The list of enrollments at full size, on a SQLite file: every sort and filter, the first pages, and all rows as an export reads them.
//!
//! `cargo bench -p store --bench enrollments` makes the file `target/enrollments.db` when there is none, which takes a minute or two.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench fails as tests do, and measures time"
)]

use model::{
    authentication::AuthenticationType,
    day::Day,
    enrollment::Status,
    listing::{Column, Direction, Sort, Total},
    message::MailState,
    query::ActFilter,
    report::{EnrollmentColumn, EnrollmentFilter, LinkState},
};
use std::{path::Path, time::Instant};
use store::{
    Db,
    enrollment_list::{EnrollmentsAsked, Plan, Which},
    keyset::{Key, Place},
};

const TODAY: Day = Day::from_epoch(20_779);
const NOW: i64 = 20_779 * 86_400_000;

/// A million tasks of four years, 2.4 million enrollments, 200,000 users in 300 containers. `n * 7919 % m` looks random enough.
const FILL: [&str; 6] = [
    "insert into users (id, user_id, user_key, first_name, last_name, email, first_name_key, last_name_key, email_key, container,
                        container_key, custom1_key, made_at)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)
     select i, printf('p%06d', i), printf('p%06d', i), 'Pat', 'Nr ' || i, 'p' || i || '@x.example', 'pat', 'nr ' || i,
            'p' || i || '@x.example', 'C' || (i % 300), 'c' || (i % 300), '', 0 from n",
    "insert into tasks (number, origin, operator_name, operator_key, type, made_at, start_on, count, open, min_stop_on, max_stop_on)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000), o as (
        select i, case when i < 200000 and i * 7919 % 10 < 3 then 'former' when i % 2000 = 0 then 'rare'
                       else 'op' || (i * 7919 % 5) end as name, 19279 + i * 1500 / 1000000 as start_on from n)
     select i, 'operator', name, name, case when i * 7919 % 100 < 2 then 'passkey' else 'app' end, start_on * 86400000, start_on,
            0, 0, start_on + 30, start_on + 30 from o",
    "insert into enrollments (task, person, position, type, stop_on, start_on, user_key, emailed_to, override, mail_state, mail_at,
                              link_opened_at, started_at, link_until, redirected, completed_at, removed_at, locked_at)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < 2400000),
     r as (select i, min(i * 10 / 24 + 1, 1000000) as task, i * 7919 % 200000 + 1 as person, i * 104729 % 1000 as dice,
                  i * 15485863 % 1000 as mail from n),
     e as (select r.*, t.type, t.start_on, t.start_on + 5 + r.mail % 56 as stop_on, t.start_on * 86400000 as at
             from r join tasks t on t.number = r.task)
     select task, person, i, type, stop_on, start_on, printf('p%06d', person), 'p' || person || '@x.example', true,
            case when mail < 3 then 'bounced' when mail < 8 then 'failed' else 'accepted' end, at,
            case when mail % 10 > 0 then at end,
            case when dice < case when stop_on < 20779 then 900 else 400 end or mail % 5 = 0 then at end,
            case when mail % 10 = 3 then at + 86400000 end, mail = 500,
            case when dice < case when stop_on < 20779 then 900 else 400 end then at end,
            case when dice >= 960 then at end, case when dice = 950 then at end from e",
    "insert into tokens (id, serial, type, person, state, last_step, container, made_at)
     select id, printf('%010d', id), type, person, 'active', 1, 'Default', completed_at
       from enrollments where completed_at is not null and removed_at is null",
    "update enrollments set token = id where completed_at is not null and removed_at is null",
    "update tasks set count = (select count(*) from enrollments e where e.task = tasks.number and e.removed_at is null),
                      open = (select count(*) from enrollments e where e.task = tasks.number and e.open),
                      completed = (select count(*) from enrollments e where e.task = tasks.number and e.completed_at is not null
                                                                        and e.removed_at is null),
                      removed = (select count(*) from enrollments e where e.task = tasks.number and e.removed_at is not null)",
];

async fn database() -> Db {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/enrollments.db");
    let url = format!("sqlite://{}", path.display());
    let filled = path.exists();
    let db = Db::open(&url).await.expect("a database");
    if !filled {
        let mut tx = db.write().await.expect("a transaction");
        if let store::Tx::Sqlite(tx) = &mut tx {
            for sql in FILL {
                sqlx::query(sql).execute(&mut **tx).await.expect(sql);
            }
        }
        tx.commit().await.expect("committed");
    }
    db
}

fn filters() -> Vec<(String, EnrollmentFilter)> {
    let (none, any) = (EnrollmentFilter::default, ActFilter::default);
    let act = |act| EnrollmentFilter { act, ..none() };
    let named = |container: &str| Some(container.to_owned());
    let mut all = vec![("nothing".to_owned(), none())];
    all.extend(Status::ALL.map(|status| (status.name().to_owned(), EnrollmentFilter { status: Some(status), ..none() })));
    all.extend(
        [MailState::Accepted, MailState::Bounced]
            .map(|mail| (format!("mail {}", mail.name()), EnrollmentFilter { mail: Some(mail), ..none() })),
    );
    all.extend(LinkState::ALL.map(|link| (link.name().to_owned(), EnrollmentFilter { link: Some(link), ..none() })));
    all.extend([true, false].map(|yes| (format!("started: {yes}"), EnrollmentFilter { started: Some(yes), ..none() })));
    let days = |from, to| (Some(TODAY.plus(from)), Some(TODAY.plus(to)));
    let (start_from, start_to) = days(-1200, -1170);
    let (stop_from, stop_to) = days(0, 7);
    let others = [
        ("sent to another address", EnrollmentFilter { redirected: true, ..none() }),
        ("asked for a new link", EnrollmentFilter { asked: true, ..none() }),
        ("never used", EnrollmentFilter { never_used: true, ..none() }),
        ("container", EnrollmentFilter { container: named("C7"), ..none() }),
        ("operator of many", act(ActFilter { operator: named("op1"), ..any() })),
        ("operator of old ones", act(ActFilter { operator: named("former"), ..any() })),
        ("operator of few", act(ActFilter { operator: named("rare"), ..any() })),
        ("type Passkey", act(ActFilter { kind: Some(AuthenticationType::Passkey), ..any() })),
        ("start: a month of old", act(ActFilter { start_from, start_to, ..any() })),
        ("stop: a week", act(ActFilter { stop_from, stop_to, ..any() })),
        (
            "expired, passkey, container",
            EnrollmentFilter {
                status: Some(Status::Expired),
                container: named("C7"),
                act: ActFilter { kind: Some(AuthenticationType::Passkey), ..any() },
                ..none()
            },
        ),
    ];
    all.extend(others.map(|(name, filter)| (name.to_owned(), filter)));
    all
}

/// Milliseconds of each of nine pages in a row, the first not counted.
async fn pages(db: &Db, which: Which<'_>, sort: Sort<EnrollmentColumn>, times: &mut Vec<f64>) {
    let mut from = None;
    for turn in 0..9 {
        let mut tx = db.read().await.expect("a transaction");
        let began = Instant::now();
        let plan = tx.plan_enrollments(which).await.expect("a plan");
        let asked = EnrollmentsAsked { which, sort: Some(sort), rows: 25, from };
        let page = tx.enrollments(&asked, &plan).await.expect("a page");
        let took = began.elapsed().as_secs_f64() * 1e3;
        tx.rollback().await.expect("ended");
        if turn > 0 {
            times.push(took);
        }
        let last = page.rows.last().filter(|_| page.after);
        from = last.map(|row| Place { key: row.key(sort.column), id: row.id, back: false });
    }
}

async fn count(db: &Db, which: Which<'_>) -> (f64, Total) {
    let mut tx = db.read().await.expect("a transaction");
    let plan: Plan = tx.plan_enrollments(which).await.expect("a plan");
    let began = Instant::now();
    let total = tx.count_enrollments(which, &plan).await.expect("a count");
    (began.elapsed().as_secs_f64() * 1e3, total)
}

/// Every row, a thousand at a time, as an export reads them.
async fn everything(db: &Db) {
    let filter = EnrollmentFilter::default();
    let which = Which { filter: &filter, today: TODAY, now: NOW };
    let (began, mut from, mut rows) = (Instant::now(), None, 0);
    loop {
        let mut tx = db.read().await.expect("a transaction");
        let plan = tx.plan_enrollments(which).await.expect("a plan");
        let page = tx.enrollments(&EnrollmentsAsked { which, sort: None, rows: 1_000, from }, &plan).await.expect("a page");
        tx.rollback().await.expect("ended");
        if rows == 0 {
            println!("\nexport: the first thousand rows after {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
        }
        rows += page.rows.len();
        match page.rows.last() {
            Some(row) if page.after && rows < 1_000_000 => from = Some(Place { key: Key::Int(row.id), id: row.id, back: false }),
            _ => break,
        }
    }
    println!("export: {rows} rows after {:.1} s", began.elapsed().as_secs_f64());
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let db = database().await;
    println!("| filter | p50 ms | slowest ms | in the order of | count ms | rows |\n|---|---|---|---|---|---|");
    for (name, filter) in filters() {
        let which = Which { filter: &filter, today: TODAY, now: NOW };
        let (mut all, mut slowest) = (Vec::new(), (0.0, String::new()));
        for column in EnrollmentColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                let (sort, mut times) = (Sort { column: *column, direction }, Vec::new());
                pages(&db, which, sort, &mut times).await;
                let worst = times.iter().copied().fold(0.0, f64::max);
                if worst > slowest.0 {
                    slowest = (worst, sort.text());
                }
                all.extend(times);
            }
        }
        all.sort_by(f64::total_cmp);
        let middle = all.get(all.len() / 2).copied().unwrap_or_default();
        let (counted, total) = count(&db, which).await;
        println!("| {name} | {middle:.1} | {:.1} | {} | {counted:.1} | {total} |", slowest.0, slowest.1);
    }
    everything(&db).await;
}
