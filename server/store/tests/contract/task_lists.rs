//! The list of tasks: every sort both ways, every filter, by key from end to end.

use crate::{
    contract,
    fixtures::{Dice, NOW, TODAY, people, task, task_of},
};
use model::{
    authentication::AuthenticationType,
    day::Day,
    listing::{Column, Direction, PageSize, Sort, Total},
    query::ActFilter,
    task::{TaskColumn, TaskFilter, TaskState},
};
use store::{
    Tx,
    enrollments::Wrong,
    keyset::{Key, Place},
    search::{SearchText, Searched},
    task_counters::TaskChange,
    task_list::{ListedTask, TasksAsked},
};

async fn lock(tx: &mut Tx, id: i64) {
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    let wrong = Wrong { id, generation: 1, today: TODAY.plus(-20), limit: 1, now: NOW };
    assert!(tx.count_wrong_code(wrong).await.unwrap().is_some());
    tx.count_in(enrollment.task, &TaskChange::new().locked(enrollment.counted(), true), NOW).await.unwrap();
}

async fn remove(tx: &mut Tx, id: i64) {
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    assert!(tx.remove_enrollment(id, "olga", NOW).await.unwrap());
    tx.count_in(enrollment.task, &TaskChange::new().removed(enrollment.counted()), NOW).await.unwrap();
}

/// Sixty tasks of many kinds; the first of every five has a locked enrollment, the first of every seven is removed.
async fn many(tx: &mut Tx) -> Vec<i64> {
    people(tx, 200).await;
    let mut dice = Dice::new(7);
    let mut numbers = Vec::new();
    let mut next = 1;
    for place in 0..60 {
        let count = 1 + dice.roll(3) as i64;
        let stop = TODAY.plus(dice.roll(9) as i32 - 4);
        let operator = ["olga", "Otto", "Rule: new staff"][dice.roll(3) as usize];
        let kind = [AuthenticationType::App, AuthenticationType::Passkey][dice.roll(2) as usize];
        let description = if place % 4 == 0 { "Büro Wien 100%" } else { "" };
        let persons: Vec<i64> = (next..next + count).collect();
        next += count;
        let (number, ids) = task_of(tx, operator, description, kind, &persons, stop).await;
        if place % 5 == 0 {
            lock(tx, ids[0]).await;
        }
        if place % 7 == 0 {
            for id in ids {
                remove(tx, id).await;
            }
        }
        numbers.push(number);
    }
    numbers
}

/// Every row of a list, page by page, and then back again; both ways must agree.
async fn walk(tx: &mut Tx, state: TaskState, filter: &TaskFilter, sort: Sort<TaskColumn>) -> Vec<ListedTask> {
    let ask = |from: Option<Place>| TasksAsked { state, filter, sort, rows: PageSize::Small.rows(), from, today: TODAY };
    let place = |row: &ListedTask, back: bool| Place { key: row.key(sort.column), id: row.number, back };
    let mut pages = vec![tx.tasks(&ask(None)).await.unwrap()];
    assert!(!pages[0].before);
    while pages.last().unwrap().after {
        let from = place(pages.last().unwrap().rows.last().unwrap(), false);
        let page = tx.tasks(&ask(Some(from))).await.unwrap();
        assert!(page.before && !page.rows.is_empty());
        pages.push(page);
    }
    for pair in pages.windows(2).rev() {
        let back = tx.tasks(&ask(Some(place(&pair[1].rows[0], true)))).await.unwrap();
        assert_eq!(back.rows, pair[0].rows, "{sort:?}");
        assert!(back.after);
    }
    pages.into_iter().flat_map(|page| page.rows).collect()
}

fn sorted_by_hand(mut rows: Vec<ListedTask>, sort: Sort<TaskColumn>) -> Vec<i64> {
    let order = |row: &ListedTask| match row.key(sort.column) {
        Key::Int(key) => (key, String::new(), row.number),
        Key::Text(key) => (0, key, row.number),
    };
    rows.sort_by_key(order);
    if sort.direction == Direction::Descending {
        rows.reverse();
    }
    rows.into_iter().map(|row| row.number).collect()
}

const NEWEST: Sort<TaskColumn> = Sort { column: TaskColumn::Task, direction: Direction::Descending };

/// A filter's name, the filter, and whether it holds a row.
type Filtered = (&'static str, TaskFilter, fn(&ListedTask) -> bool);

fn filters() -> Vec<Filtered> {
    let (none, any) = (TaskFilter::default, ActFilter::default);
    let act = |act| TaskFilter { act, ..none() };
    vec![
        ("all", none(), |_| true),
        ("locked", TaskFilter { has_locked: true, ..none() }, |row| row.progress.locked > 0),
        ("expired", TaskFilter { has_expired: true, ..none() }, |row| row.progress.expired > 0),
        ("operator", act(ActFilter { operator: Some("OTTO".into()), ..any() }), |row| row.operator == "Otto"),
        ("type", act(ActFilter { kind: Some(AuthenticationType::Passkey), ..any() }), |row| {
            row.kind == AuthenticationType::Passkey
        }),
        ("stops from", act(ActFilter { stop_from: Some(TODAY.plus(1)), ..any() }), |row| row.stop_on.1 > TODAY),
        ("stops to", act(ActFilter { stop_to: Some(TODAY), ..any() }), |row| row.stop_on.1 <= TODAY),
        ("started today", act(ActFilter { start_from: Some(TODAY), start_to: Some(TODAY), ..any() }), |_| true),
        ("started tomorrow", act(ActFilter { start_from: Some(TODAY.plus(1)), ..any() }), |_| false),
        ("mail failed", TaskFilter { mail_failed: true, ..none() }, |_| false),
        (
            "locked and type",
            TaskFilter { has_locked: true, act: ActFilter { kind: Some(AuthenticationType::App), ..any() }, ..none() },
            |row| row.progress.locked > 0 && row.kind == AuthenticationType::App,
        ),
    ]
}

async fn found(tx: &mut Tx, search: &str) -> Vec<i64> {
    let filter = TaskFilter { search: search.into(), ..TaskFilter::default() };
    let rows = walk(tx, TaskState::Outstanding, &filter, NEWEST).await;
    let total = tx.count_tasks(TaskState::Outstanding, &filter, TODAY).await.unwrap();
    assert_eq!(total, Total::Exactly(rows.len() as u32), "{search}");
    rows.into_iter().map(|row| row.number).collect()
}

contract! {
    async fn every_sort_walks_both_ways_and_shows_each_task_once(db: Db) {
        let mut tx = db.write().await.unwrap();
        many(&mut tx).await;
        let all = walk(&mut tx, TaskState::Outstanding, &TaskFilter::default(), NEWEST).await;
        assert_eq!(all.len(), 51);
        for column in TaskColumn::ALL {
            for direction in [Direction::Ascending, Direction::Descending] {
                let sort = Sort { column: *column, direction };
                let rows = walk(&mut tx, TaskState::Outstanding, &TaskFilter::default(), sort).await;
                let numbers: Vec<i64> = rows.into_iter().map(|row| row.number).collect();
                assert_eq!(numbers, sorted_by_hand(all.clone(), sort), "{sort:?}");
            }
        }
    }

    async fn every_filter_holds_what_it_says_in_every_sort(db: Db) {
        let mut tx = db.write().await.unwrap();
        many(&mut tx).await;
        for (name, filter, holds) in filters() {
            for column in TaskColumn::ALL {
                let sort = Sort { column: *column, direction: Direction::Ascending };
                let all = walk(&mut tx, TaskState::Outstanding, &TaskFilter::default(), sort).await;
                let expected: Vec<ListedTask> = all.into_iter().filter(holds).collect();
                let rows = walk(&mut tx, TaskState::Outstanding, &filter, sort).await;
                assert_eq!(rows, expected, "{name} by {column:?}");
                let total = tx.count_tasks(TaskState::Outstanding, &filter, TODAY).await.unwrap();
                assert_eq!(total, Total::Exactly(expected.len() as u32), "{name}");
            }
        }
    }

    async fn a_task_without_open_enrollment_is_in_no_list_of_outstanding_tasks_whatever_the_filter(db: Db) {
        let mut tx = db.write().await.unwrap();
        let numbers = many(&mut tx).await;
        let gone: Vec<i64> = numbers.iter().copied().step_by(7).collect();
        for (name, filter, _) in filters() {
            let rows = walk(&mut tx, TaskState::Outstanding, &filter, NEWEST).await;
            assert!(rows.iter().all(|row| row.outstanding && !gone.contains(&row.number)), "{name}");
        }
        let removed = walk(&mut tx, TaskState::Removed, &TaskFilter::default(), NEWEST).await;
        assert_eq!(removed.iter().map(|row| row.number).rev().collect::<Vec<_>>(), gone);
        assert!(walk(&mut tx, TaskState::Completed, &TaskFilter::default(), NEWEST).await.is_empty());
        assert!(tx.listed_task(gone[0], TODAY).await.unwrap().is_some(), "its data is kept");
    }

    async fn expired_is_what_the_day_makes_it_and_nothing_has_to_run(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 3).await;
        let (number, ids) = task(&mut tx, "olga", &[1, 2, 3], TODAY).await;
        lock(&mut tx, ids[0]).await;
        let at = async |tx: &mut Tx, today: Day| {
            let progress = tx.listed_task(number, today).await.unwrap().unwrap().progress;
            (progress.active, progress.locked, progress.expired)
        };
        assert_eq!(at(&mut tx, TODAY).await, (2, 1, 0));
        assert_eq!(at(&mut tx, TODAY.plus(1)).await, (0, 1, 2), "a locked one stays locked");
        let filter = TaskFilter { has_expired: true, ..TaskFilter::default() };
        assert_eq!(tx.count_tasks(TaskState::Outstanding, &filter, TODAY).await.unwrap(), Total::Exactly(0));
        assert_eq!(tx.count_tasks(TaskState::Outstanding, &filter, TODAY.plus(1)).await.unwrap(), Total::Exactly(1));
    }

    async fn a_search_finds_number_operator_address_description_and_people_inside(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 4).await;
        let (first, _) = task_of(&mut tx, "olga", "Büro Wien 100%", AuthenticationType::App, &[1], TODAY).await;
        let (second, ids) = task_of(&mut tx, "Otto", "", AuthenticationType::App, &[2, 3], TODAY).await;
        tx.add_search(Searched::Users, &[SearchText::new(2, ["p2", "山田"]), SearchText::new(3, ["p3", "Sinéad"])]).await.unwrap();
        for (typed, expected) in [
            ("BURO", vec![first]),
            ("100%", vec![first]),
            ("bü", vec![first]),
            ("ol", vec![first]),
            ("otto", vec![second]),
            ("p3@x", vec![second]),
            ("sinead", vec![second]),
            ("山", vec![second]),
            ("p1@x.example", vec![first]),
            ("nobody", vec![]),
            ("___", vec![]),
        ] {
            assert_eq!(found(&mut tx, typed).await, expected, "{typed}");
        }
        assert!(found(&mut tx, &second.to_string()).await.contains(&second));
        remove(&mut tx, ids[1]).await;
        assert!(found(&mut tx, "sinead").await.is_empty(), "a removed user is no longer inside");
        tx.set_task_emailed_to(second, "new@y.example").await.unwrap();
        assert_eq!(found(&mut tx, "new@y").await, [second]);
        assert!(found(&mut tx, "p3@x").await.is_empty());
    }

    async fn a_search_that_matches_many_finds_the_same(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 1).await;
        let removed = "with recursive n (i) as (select 100000 union all select i + 1 from n where i < 102100)
            insert into tasks (number, origin, operator_name, operator_key, type, made_at, start_on, count, open, min_stop_on, max_stop_on)
            select i, 'operator', 'olga', 'olga', 'app', 0, 0, 0, 0, 0, 0 from n";
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query(removed).execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query(removed).execute(&mut **tx).await.unwrap()),
        }
        let texts: Vec<SearchText> = (100_000..=102_100).map(|id| SearchText::new(id, ["wien"])).collect();
        tx.add_search(Searched::Tasks, &texts).await.unwrap();
        let (first, _) = task_of(&mut tx, "olga", "Wien", AuthenticationType::App, &[1], TODAY).await;
        assert_eq!(found(&mut tx, "wien").await, [first], "beside 2,101 that are removed");
    }
}
