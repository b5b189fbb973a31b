//! The list of enrollments: every sort both ways, every filter, by key from end to end, against rows tested one by one.

use crate::{
    contract,
    enrolling::token,
    fixtures::{Dice, NOW, TODAY, people, task_of},
};
use model::{
    authentication::AuthenticationType,
    enrollment::Status,
    listing::{Column, Direction, Sort, Total},
    message::MailState,
    query::ActFilter,
    report::{EnrollmentColumn, EnrollmentFilter, LinkState},
};
use store::{
    Tx,
    enrollment_list::{EnrollmentsAsked, ListedEnrollment, Which},
    keyset::{Key, Place},
    search::{SearchText, Searched},
};

async fn run(tx: &mut Tx, sql: String) {
    match tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.unwrap()),
    }
}

/// Some 140 enrollments of every kind.
async fn many(tx: &mut Tx) {
    people(tx, 60).await;
    run(tx, "update users set container = 'Sales', container_key = 'sales' where id <= 20".into()).await;
    let texts: Vec<SearchText> = (1..=60).map(|id| SearchText::new(id, [format!("p{id}").as_str(), "Pat Nr"])).collect();
    tx.add_search(Searched::Users, &texts).await.unwrap();
    let mut dice = Dice::new(11);
    for place in 0..70 {
        let operator = ["olga", "Otto", "Rule: new staff"][dice.roll(3) as usize];
        let kind = [AuthenticationType::App, AuthenticationType::Passkey][dice.roll(2) as usize];
        let stop = TODAY.plus(dice.roll(9) as i32 - 4);
        let persons: Vec<i64> = (0..1 + dice.roll(3) as i64).map(|next| (place * 7 + next * 13) % 60 + 1).collect();
        run(tx, "update enrollments set override = true".into()).await;
        let (task, ids) = task_of(tx, operator, "", kind, &persons, stop).await;
        let start = TODAY.plus(place as i32 / 10 - 6).epoch();
        run(tx, format!("update tasks set start_on = {start} where number = {task}")).await;
        for id in ids {
            let mut sets = vec![format!("start_on = {start}, emailed_to = 'x{id}@x.example'")];
            let fate = ["locked_at", "completed_at", "removed_at", "requested_at", "requested_at"][dice.roll(5) as usize];
            sets.push(format!("{fate} = {NOW}"));
            if fate == "completed_at" {
                let token = token(tx, persons[0]).await;
                sets.push(format!("token = {token}"));
                if id % 3 == 0 {
                    assert!(tx.accept_step(token, 11, NOW).await.unwrap());
                }
            }
            let state = ["accepted", "queued", "failed", "bounced"][dice.roll(4) as usize];
            sets.push(format!("mail_state = '{state}'"));
            let facts = ["link_opened_at", "started_at"].map(|column| (column, dice.roll(2) == 0));
            sets.extend(facts.into_iter().filter(|(_, is)| *is).map(|(column, _)| format!("{column} = {NOW}")));
            match dice.roll(3) {
                0 => sets.push(format!("link_until = {}", NOW - 1)),
                1 => sets.push(format!("link_until = {}", NOW + 1)),
                _ => {}
            }
            if dice.roll(6) == 0 {
                sets.push("redirected = true".into());
            }
            run(tx, format!("update enrollments set {} where id = {id}", sets.join(", "))).await;
        }
    }
}

/// Every row of a list, page by page, and then back again; both ways must agree.
async fn walk(tx: &mut Tx, filter: &EnrollmentFilter, sort: Option<Sort<EnrollmentColumn>>) -> Vec<ListedEnrollment> {
    let which = Which { filter, today: TODAY, now: NOW };
    let plan = tx.plan_enrollments(which).await.unwrap();
    let ask = |from: Option<Place>| EnrollmentsAsked { which, sort, rows: 20, from };
    let place = |row: &ListedEnrollment, back: bool| Place {
        key: sort.map_or(Key::Int(row.id), |sort| row.key(sort.column)),
        id: row.id,
        back,
    };
    let mut pages = vec![tx.enrollments(&ask(None), &plan).await.unwrap()];
    while pages.last().unwrap().after {
        let from = place(pages.last().unwrap().rows.last().unwrap(), false);
        pages.push(tx.enrollments(&ask(Some(from)), &plan).await.unwrap());
    }
    for pair in pages.windows(2).rev() {
        let back = tx.enrollments(&ask(Some(place(&pair[1].rows[0], true))), &plan).await.unwrap();
        assert_eq!(back.rows, pair[0].rows, "{sort:?}");
    }
    pages.into_iter().flat_map(|page| page.rows).collect()
}

/// What the filter says, of one row.
fn holds(filter: &EnrollmentFilter, row: &ListedEnrollment) -> bool {
    let day = |from: Option<_>, to: Option<_>, day| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let link = match filter.link {
        None => true,
        Some(LinkState::Opened) => row.link_opened_at.is_some(),
        Some(LinkState::Unopened) => row.link_opened_at.is_none(),
        Some(LinkState::Expired) => row.status == Status::Active && row.link_until.is_some_and(|until| until <= NOW),
    };
    link && filter.status.is_none_or(|status| status == row.status)
        && filter.mail.is_none_or(|mail| row.mail.as_ref().is_some_and(|(state, ..)| *state == mail))
        && filter.started.is_none_or(|started| started == row.started_at.is_some())
        && (!filter.redirected || row.redirected)
        && (!filter.asked || row.requested_at.is_some() && row.status.is_open())
        && (!filter.never_used || row.status == Status::Completed && row.never_used)
        && filter.container.as_ref().is_none_or(|container| row.container.eq_ignore_ascii_case(container))
        && filter.act.operator.as_ref().is_none_or(|operator| row.operator.eq_ignore_ascii_case(operator))
        && filter.act.kind.is_none_or(|kind| row.kind == kind)
        && row.user_id.contains(&filter.search)
        && day(filter.act.start_from, filter.act.start_to, row.start_on)
        && day(filter.act.stop_from, filter.act.stop_to, row.stop_on)
}

/// Every single filter, and some together.
fn filters() -> Vec<EnrollmentFilter> {
    let (none, any) = (EnrollmentFilter::default(), ActFilter::default);
    let act = |act| EnrollmentFilter { act, ..EnrollmentFilter::default() };
    let mut all = vec![none.clone()];
    all.extend(Status::ALL.map(|status| EnrollmentFilter { status: Some(status), ..none.clone() }));
    all.extend(
        [MailState::Accepted, MailState::Failed, MailState::Canceled]
            .map(|mail| EnrollmentFilter { mail: Some(mail), ..none.clone() }),
    );
    all.extend(LinkState::ALL.map(|link| EnrollmentFilter { link: Some(link), ..none.clone() }));
    all.extend([true, false].map(|started| EnrollmentFilter { started: Some(started), ..none.clone() }));
    all.push(EnrollmentFilter { redirected: true, mail: Some(MailState::Failed), ..none.clone() });
    all.extend([
        EnrollmentFilter { redirected: true, ..none.clone() },
        EnrollmentFilter { asked: true, ..none.clone() },
        EnrollmentFilter { asked: true, status: Some(Status::Expired), ..none.clone() },
        EnrollmentFilter { asked: true, status: Some(Status::Removed), ..none.clone() },
        EnrollmentFilter { never_used: true, ..none.clone() },
        EnrollmentFilter { never_used: true, status: Some(Status::Completed), search: "p1".into(), ..none.clone() },
        EnrollmentFilter { never_used: true, status: Some(Status::Locked), ..none.clone() },
        EnrollmentFilter { never_used: true, asked: true, ..none.clone() },
        EnrollmentFilter { never_used: true, act: ActFilter { operator: Some("otto".into()), ..any() }, ..none.clone() },
        EnrollmentFilter { container: Some("sales".into()), ..none.clone() },
        act(ActFilter { operator: Some("OTTO".into()), ..any() }),
        act(ActFilter { operator: Some("nobody".into()), ..any() }),
        act(ActFilter { kind: Some(AuthenticationType::Passkey), ..any() }),
        EnrollmentFilter { search: "p1".into(), ..none.clone() },
        EnrollmentFilter { search: "p27".into(), ..none.clone() },
        act(ActFilter { start_from: Some(TODAY.plus(-4)), start_to: Some(TODAY.plus(-2)), ..any() }),
        act(ActFilter { stop_to: Some(TODAY.plus(1)), ..any() }),
    ]);
    let both: Vec<_> = Status::ALL
        .into_iter()
        .flat_map(|status| LinkState::ALL.map(|link| EnrollmentFilter { status: Some(status), link: Some(link), ..none.clone() }))
        .collect();
    all.extend(both);
    all.push(EnrollmentFilter {
        container: Some("Sales".into()),
        search: "p".into(),
        act: ActFilter {
            operator: Some("olga".into()),
            kind: Some(AuthenticationType::App),
            stop_from: Some(TODAY.plus(-3)),
            ..any()
        },
        ..none
    });
    all
}

contract! {
    async fn every_sort_and_filter_of_the_enrollments_holds_what_testing_row_by_row_holds(db: Db) {
        let mut tx = db.write().await.unwrap();
        many(&mut tx).await;
        let all = walk(&mut tx, &EnrollmentFilter::default(), None).await;
        assert!(all.len() > 100 && all.windows(2).all(|pair| pair[0].id > pair[1].id));
        let unused = |row: &&ListedEnrollment| row.status == Status::Completed && row.never_used;
        let completed = all.iter().filter(|row| row.status == Status::Completed).count();
        assert!((1..completed).contains(&all.iter().filter(unused).count()), "some were used, some never");
        for filter in filters() {
            let mut expected: Vec<i64> = all.iter().filter(|row| holds(&filter, row)).map(|row| row.id).collect();
            let count = {
                let which = Which { filter: &filter, today: TODAY, now: NOW };
                let plan = tx.plan_enrollments(which).await.unwrap();
                tx.count_enrollments(which, &plan).await.unwrap()
            };
            assert_eq!(count, Total::Exactly(expected.len() as u32), "{filter:?}");
            let found: Vec<i64> = walk(&mut tx, &filter, None).await.iter().map(|row| row.id).collect();
            assert_eq!(found, expected, "{filter:?}");
            expected.sort_unstable();
            for column in EnrollmentColumn::ALL {
                for direction in [Direction::Ascending, Direction::Descending] {
                    let sort = Sort { column: *column, direction };
                    let rows = walk(&mut tx, &filter, Some(sort)).await;
                    let mut ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
                    let key = |row: &ListedEnrollment| match row.key(*column) {
                        Key::Int(key) => (key, String::new(), row.id),
                        Key::Text(key) => (0, key, row.id),
                    };
                    let ordered = rows.windows(2).all(|pair| match direction {
                        Direction::Ascending => key(&pair[0]) < key(&pair[1]),
                        Direction::Descending => key(&pair[0]) > key(&pair[1]),
                    });
                    assert!(ordered, "{filter:?} {sort:?}");
                    ids.sort_unstable();
                    assert_eq!(ids, expected, "{filter:?} {sort:?}");
                }
            }
        }
    }

    async fn a_new_user_id_takes_its_place_in_the_list(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 3).await;
        task_of(&mut tx, "olga", "", AuthenticationType::App, &[1, 2, 3], TODAY.plus(3)).await;
        let user = tx.user(2).await.unwrap().unwrap();
        let zoe = crate::users::profile("Zoe", "Zoe", "Orth");
        assert!(tx.update_user(2, user.version, &zoe, NOW).await.unwrap());
        let sort = Sort { column: EnrollmentColumn::UserId, direction: Direction::Ascending };
        let rows = walk(&mut tx, &EnrollmentFilter::default(), Some(sort)).await;
        let names: Vec<&str> = rows.iter().map(|row| row.user_id.as_str()).collect();
        assert_eq!(names, ["p1", "p3", "Zoe"]);
        assert!(rows.iter().all(|row| row.start_on == TODAY));
    }
}
