//! Filters that match thousands of tasks, alone and two together: however a list is read, it holds what it says.

use crate::{
    contract,
    fixtures::{TODAY, people},
};
use model::{
    authentication::AuthenticationType,
    listing::{Direction, Sort, Total},
    query::ActFilter,
    task::{TaskColumn, TaskFilter, TaskState},
};
use store::{
    Tx,
    keyset::{Key, Place},
    search::{SearchText, Searched},
    task_list::{ListedTask, TasksAsked},
};

/// So many that no filter is rare.
const TASKS: i64 = 4_500;

/// So many that two filters are not followed through all they hold.
const MORE: i64 = 130_000;

/// Tasks of one user each, ten a day: locked where the number is even, failed mail for half of both, every fiftieth a passkey, every
/// third somebody else's, half of them over their stop date. Bulk SQL: what matters here is how they are read.
async fn thousands(tx: &mut Tx, tasks: i64) {
    people(tx, 1).await;
    let today = TODAY.epoch();
    let numbers = format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {tasks})");
    let (locked, failed) = ("case when i % 2 = 0 then 1 else 0 end", "case when i % 4 in (1, 2) then 1 else 0 end");
    let stop = format!("{today} + case when i % 5 < 3 then -3 else 4 end");
    let kind = "case when i % 50 = 0 then 'passkey' else 'app' end";
    run(
        tx,
        format!(
            "insert into tasks (number, origin, operator_name, operator_key, type, made_at, start_on, count, open, locked, mail_failed,
                                min_stop_on, max_stop_on, min_unlocked_stop_on)
             {numbers} select i, 'operator', case when i % 3 = 0 then 'Otto' else 'olga' end,
                case when i % 3 = 0 then 'otto' else 'olga' end, {kind}, 0, {today} - 450 + i / 10, 1, 1, {locked}, {failed},
                {stop}, {stop}, case when i % 2 = 0 then null else {stop} end from n"
        ),
    )
    .await;
    run(tx, format!("insert into task_stops (task, stop_on, open, locked) {numbers} select i, {stop}, 1, {locked} from n")).await;
}

async fn run(tx: &mut Tx, sql: String) {
    let sql = sqlx::AssertSqlSafe(sql);
    match tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.unwrap()),
    }
}

/// More tasks than a total says exactly: *Keller* in the text of all, one user in all, five in the first 9,000, and one who has completed the
/// first 500.
async fn ten_thousand(tx: &mut Tx) {
    people(tx, 7).await;
    let (today, tasks) = (TODAY.epoch(), 10_050);
    let numbers = format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {tasks})");
    run(
        tx,
        format!(
            "insert into tasks (number, origin, operator_name, operator_key, type, made_at, start_on, count, open, min_stop_on, max_stop_on)
             {numbers} select i, 'operator', 'olga', 'olga', 'app', 0, {today}, 1, 1, {today}, {today} from n"
        ),
    )
    .await;
    run(tx, format!("insert into task_search (rowid, text) {numbers} select i, 'keller' from n")).await;
    for (person, most, completed) in
        [(1, 9_000, "null"), (2, 9_000, "null"), (3, 9_000, "null"), (4, 9_000, "null"), (5, 9_000, "null")]
            .into_iter()
            .chain([(6, tasks, "null"), (7, 500, "0")])
    {
        run(
            tx,
            format!(
                "insert into enrollments (task, person, position, type, stop_on, completed_at, override)
                 {numbers} select i, {person}, {person}, 'app', {today}, {completed}, true from n where i <= {most}"
            ),
        )
        .await;
    }
    let named = |name| move |person| SearchText::new(person, [name]);
    let texts: Vec<SearchText> =
        (1..=5).map(named("Yamada")).chain([6].map(named("Huber"))).chain([7].map(named("Tanaka"))).collect();
    tx.add_search(Searched::Users, &texts).await.unwrap();
}

/// A filter's name, the filter, and whether it holds a task by its number.
type Filtered = (&'static str, TaskFilter, fn(i64) -> bool);

fn filters() -> Vec<Filtered> {
    let (none, any) = (TaskFilter::default, ActFilter::default);
    let act = |act| TaskFilter { act, ..none() };
    let day = |back: i32| Some(TODAY.plus(-back));
    let expired = |i: i64| i % 2 != 0 && i % 5 < 3;
    vec![
        // The first of two filters of one kind is taken.
        ("of nobody", act(ActFilter { operator: Some("nobody".into()), ..any() }), |_| false),
        ("locked", TaskFilter { has_locked: true, ..none() }, |i| i % 2 == 0),
        ("mail failed", TaskFilter { mail_failed: true, ..none() }, |i| matches!(i % 4, 1 | 2)),
        ("expired", TaskFilter { has_expired: true, ..none() }, expired),
        ("operator", act(ActFilter { operator: Some("OLGA".into()), ..any() }), |i| i % 3 != 0),
        ("type", act(ActFilter { kind: Some(AuthenticationType::App), ..any() }), |i| i % 50 != 0),
        ("start", act(ActFilter { start_from: day(440), start_to: day(141), ..any() }), |i| (100..3_100).contains(&i)),
        ("stop", act(ActFilter { stop_to: day(1), ..any() }), |i| i % 5 < 3),
    ]
}

fn both(one: &TaskFilter, other: &TaskFilter) -> TaskFilter {
    let (a, b) = (&one.act, &other.act);
    TaskFilter {
        search: String::new(),
        has_locked: one.has_locked || other.has_locked,
        has_expired: one.has_expired || other.has_expired,
        mail_failed: one.mail_failed || other.mail_failed,
        act: ActFilter {
            operator: a.operator.clone().or_else(|| b.operator.clone()),
            kind: a.kind.or(b.kind),
            start_from: a.start_from.or(b.start_from),
            start_to: a.start_to.or(b.start_to),
            stop_from: a.stop_from.or(b.stop_from),
            stop_to: a.stop_to.or(b.stop_to),
        },
    }
}

/// The numbers of a whole list, in pages of a thousand; each page says the same total.
async fn walk(tx: &mut Tx, filter: &TaskFilter, sort: Sort<TaskColumn>, name: &str) -> Vec<i64> {
    let (mut rows, mut from): (Vec<ListedTask>, Option<Place>) = (Vec::new(), None);
    let mut totals = Vec::new();
    loop {
        let asked = TasksAsked { state: TaskState::Outstanding, filter, sort, rows: 1_000, from, today: TODAY };
        let (page, total) = tx.tasks_and_total(&asked).await.unwrap();
        totals.push(total);
        rows.extend(page.rows);
        let Some(last) = rows.last().filter(|_| page.after) else { break };
        from = Some(Place { key: last.key(sort.column), id: last.number, back: false });
    }
    assert!(totals.iter().all(|total| *total == Total::Exactly(rows.len() as u32)), "{name}: {totals:?}, {}", rows.len());
    rows.into_iter().map(|row| row.number).collect()
}

contract! {
    async fn a_search_counts_each_task_once_and_up_to_ten_thousand(db: Db) {
        let mut tx = db.write().await.unwrap();
        ten_thousand(&mut tx).await;
        let more = Total::from_capped(10_001);
        for (search, expected) in [("yamada", Total::Exactly(9_000)), ("huber", more), ("keller", more), ("tanaka", Total::Exactly(500))] {
            let filter = TaskFilter { search: search.into(), ..TaskFilter::default() };
            assert_eq!(tx.count_tasks(TaskState::Outstanding, &filter, TODAY).await.unwrap(), expected, "{search}");
            let mut typed = filter.clone();
            typed.act.operator = Some("olga".into());
            assert_eq!(tx.count_tasks(TaskState::Outstanding, &typed, TODAY).await.unwrap(), expected, "{search} of olga");
        }
        for (search, tasks) in [("yamada", 9_000), ("tanaka", 500)] {
            let filter = TaskFilter { search: search.into(), ..TaskFilter::default() };
            for column in [TaskColumn::Task, TaskColumn::Count] {
                let found = walk(&mut tx, &filter, Sort { column, direction: Direction::Ascending }, search).await;
                assert_eq!(found, (1..=tasks).collect::<Vec<i64>>(), "{search} by {column:?}");
            }
        }
    }

    async fn a_filter_holds_what_it_says_among_thousands_alone_and_with_another(db: Db) {
        let mut tx = db.write().await.unwrap();
        thousands(&mut tx, TASKS).await;
        let by = |column, direction| Sort { column, direction };
        let sorts = [by(TaskColumn::Task, Direction::Descending), by(TaskColumn::Start, Direction::Ascending)];
        let filters = filters();
        for (place, (name, one, holds)) in filters.iter().enumerate() {
            for (other_name, other, also) in filters.iter().skip(place) {
                let (filter, name) = (both(one, other), format!("{name} and {other_name}"));
                let expected: Vec<i64> = (1..=TASKS).filter(|number| holds(*number) && also(*number)).collect();
                assert!(expected.len() < TASKS as usize, "{name}");
                for sort in sorts {
                    let mut found = walk(&mut tx, &filter, sort, &name).await;
                    if sort.direction == Direction::Descending {
                        found.reverse();
                    }
                    assert_eq!(found, expected, "{name} by {}", sort.text());
                }
            }
        }
    }

    async fn two_filters_of_tens_of_thousands_are_counted_like_any_others(db: Db) {
        let mut tx = db.write().await.unwrap();
        thousands(&mut tx, MORE).await;
        let filters = filters();
        for (place, (name, one, holds)) in filters.iter().enumerate() {
            for (other_name, other, also) in filters.iter().skip(place) {
                let (filter, name) = (both(one, other), format!("{name} and {other_name}"));
                let expected = (1..=MORE).filter(|number| holds(*number) && also(*number)).count();
                let sort = Sort { column: TaskColumn::Task, direction: Direction::Ascending };
                let asked = TasksAsked { state: TaskState::Outstanding, filter: &filter, sort, rows: 25, from: None, today: TODAY };
                let (page, total) = tx.tasks_and_total(&asked).await.unwrap();
                assert_eq!(total, Total::from_capped(expected as i64), "{name}");
                let shown: Vec<i64> = page.rows.iter().map(|row| row.number).collect();
                let first: Vec<i64> = (1..=MORE).filter(|number| holds(*number) && also(*number)).take(25).collect();
                assert_eq!(shown, first, "{name}");
            }
        }
    }

    async fn days_of_creation_hold_their_tasks_in_whatever_order_they_came_and_however_many_days_there_are(db: Db) {
        let mut tx = db.write().await.unwrap();
        thousands(&mut tx, TASKS).await;
        run(&mut tx, format!("update tasks set start_on = {} where number = 3", TODAY.epoch())).await;
        run(&mut tx, format!("update tasks set start_on = {} where number in (5, 4400)", TODAY.plus(-300).epoch())).await;
        let many: Vec<i64> = (1..TASKS).filter(|number| *number != 3).collect();
        let some: Vec<i64> = [5].into_iter().chain(100..3_100).chain([4_400]).collect();
        let days = |from, to| ActFilter { start_from: from, start_to: to, ..ActFilter::default() };
        for (name, act, expected) in [
            ("today", days(Some(TODAY), None), vec![3, TASKS]),
            ("no day", days(Some(TODAY.plus(1)), Some(TODAY.plus(9))), vec![]),
            // Looked up as a range of numbers: more than are collected, on few enough days.
            ("300 days", days(Some(TODAY.plus(-440)), Some(TODAY.plus(-141))), some),
            ("450 days", days(None, Some(TODAY.plus(-1))), many),
        ] {
            let filter = TaskFilter { act, ..TaskFilter::default() };
            let by = |direction| Sort { column: TaskColumn::Task, direction };
            assert_eq!(walk(&mut tx, &filter, by(Direction::Ascending), name).await, expected, "{name}");
            let mut newest_first = walk(&mut tx, &filter, by(Direction::Descending), name).await;
            newest_first.reverse();
            assert_eq!(newest_first, expected, "{name}, newest first");
        }
    }

    async fn a_search_that_finds_many_holds_of_a_short_list_just_what_is_in_it(db: Db) {
        let mut tx = db.write().await.unwrap();
        ten_thousand(&mut tx).await;
        run(&mut tx, "update tasks set locked = 1 where number in (2, 5)".to_owned()).await;
        let sort = Sort { column: TaskColumn::Task, direction: Direction::Ascending };
        let locked = |search: &str| TaskFilter { search: search.into(), has_locked: true, ..TaskFilter::default() };
        assert_eq!(walk(&mut tx, &locked("keller"), sort, "of a filter").await, [2, 5]);
        run(&mut tx, "update tasks set open = 0, locked = 0, completed = 1 where number not in (2, 400, 800)".to_owned()).await;
        run(&mut tx, "insert into task_search (rowid, text) select number + 20000, 'tanaka' from tasks".to_owned()).await;
        for (search, expected) in [("keller", vec![2, 400, 800]), ("tanaka", vec![2, 400]), ("kellerei", vec![])] {
            let filter = TaskFilter { search: search.into(), ..TaskFilter::default() };
            assert_eq!(walk(&mut tx, &filter, sort, search).await, expected, "{search}");
        }
        let keller = TaskFilter { search: "keller".into(), ..TaskFilter::default() };
        let past = Some(Place { key: Key::Int(900), id: 900, back: false });
        let asked = TasksAsked { state: TaskState::Outstanding, filter: &keller, sort, rows: 25, from: past, today: TODAY };
        let (page, total) = tx.tasks_and_total(&asked).await.unwrap();
        assert_eq!((page.rows.len(), total), (0, Total::Exactly(3)), "where nothing follows there is still all that is before");
        assert_eq!(tx.count_tasks(TaskState::Completed, &keller, TODAY).await.unwrap(), Total::from_capped(10_001));
    }
}
