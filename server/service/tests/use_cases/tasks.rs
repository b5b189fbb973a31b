//! Provisioning Task Management: who sees which tasks, and what a forged address gets.

use crate::stage::{enrolled, form, invited, mail, shown, wrong_code};
use model::{
    Refusal,
    console::Console,
    enrolling::Enrolling,
    enrollment::Status,
    listing::{Direction, PageSize, Paging, Sort, Total},
    refusal::{BadRequest, Thing},
    rights::Right,
    task::{TASK_SORT, TaskColumn, TaskFilter, TaskQuery, TaskState, TaskUserQuery},
};
use service::testing::{Rig, client};

fn reports(state: TaskState) -> TaskQuery {
    TaskQuery { state, ..TaskQuery::all() }
}

async fn some(rig: &Rig, count: usize) {
    for place in 0..count {
        invited(rig, &format!("user{place:02}")).await;
    }
}

#[tokio::test]
async fn outstanding_tasks_are_for_who_manages_and_the_others_for_who_reports() {
    let rig = Rig::new().await.unwrap();
    let (task, mailed) = invited(&rig, "aiko").await;
    let manage = Some(Refusal::Forbidden(Right::ProvisioningManage));
    let detail = async |by| rig.service.task(by, task.task, &TaskUserQuery::default()).await;
    for by in [&rig.hedy, &rig.audrey] {
        assert_eq!(rig.service.tasks(by, &TaskQuery::all()).await.err(), manage);
        assert_eq!(detail(by).await.err(), manage);
    }
    enrolled(&rig, &mailed.link()).await;
    let reports_right = Some(Refusal::Forbidden(Right::ReportsView));
    assert_eq!(rig.service.reported_tasks(&rig.hedy, &reports(TaskState::Completed)).await.err(), reports_right);
    assert_eq!(rig.service.reported_tasks(&rig.audrey, &reports(TaskState::Completed)).await.unwrap().rows.len(), 1);
    assert!(!detail(&rig.audrey).await.unwrap().row.outstanding, "its data is kept for reporting");
    assert_eq!(detail(&rig.hedy).await.err(), manage);
    assert_eq!(rig.service.task(&rig.paul, 999, &TaskUserQuery::default()).await.err(), Some(Refusal::NotFound(Thing::Task)));
}

#[tokio::test]
async fn pages_follow_one_another_by_cursor_and_a_cursor_fits_its_list_only() {
    Rig::everywhere(async |rig| {
        some(&rig, 27).await;
        let first = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?;
        assert_eq!((first.rows.len(), first.total, first.previous.as_deref()), (25, Total::Exactly(27), None));
        let next = first.next.clone().expect("a next page");
        let at = |cursor: &str| TaskQuery {
            paging: Paging { cursor: cursor.into(), sort: TASK_SORT, ..Paging::default() },
            ..TaskQuery::all()
        };
        let second = rig.service.tasks(&rig.paul, &at(&next)).await?;
        assert_eq!((second.rows.len(), second.next.as_deref()), (2, None));
        let back = rig.service.tasks(&rig.paul, &at(&second.previous.expect("a way back"))).await?;
        assert_eq!(back.rows, first.rows);
        let forged = Some(Refusal::BadRequest(BadRequest::Cursor));
        for cursor in ["x", "AAAA", &next[1..], &format!("{next}A")] {
            assert_eq!(rig.service.tasks(&rig.paul, &at(cursor)).await.err(), forged, "{cursor}");
        }
        let sort = Sort { column: TaskColumn::Count, direction: Direction::Ascending };
        let other_sort = TaskQuery { paging: Paging { cursor: next.clone(), sort, size: PageSize::Small }, ..TaskQuery::all() };
        assert_eq!(rig.service.tasks(&rig.paul, &other_sort).await.err(), forged, "made for another sort");
        let other_filter = TaskQuery { filter: TaskFilter { has_locked: true, ..TaskFilter::default() }, ..at(&next) };
        assert_eq!(rig.service.tasks(&rig.paul, &other_filter).await.err(), forged, "made for another filter");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_search_longer_than_any_text_is_refused_with_a_sentence() {
    let rig = Rig::new().await.unwrap();
    let query = TaskQuery { filter: TaskFilter { search: "x".repeat(101), ..TaskFilter::default() }, ..TaskQuery::all() };
    assert_eq!(rig.service.tasks(&rig.paul, &query).await.err(), Some(Refusal::BadRequest(BadRequest::Filter)));
}

#[tokio::test]
async fn a_task_is_found_by_the_name_of_somebody_inside() {
    Rig::everywhere(async |rig| {
        let (task, _) = invited(&rig, "aiko").await;
        let other = rig.user("bela", "Béla", "Nagy").await?;
        rig.service.provision(&rig.paul, &form(&rig, &[other]).await).await?;
        for (typed, found) in [("yamada", 1), ("bela", 1), ("BÉLA", 1), ("ya", 1), ("paul", 2), ("nobody", 0)] {
            let query = TaskQuery { filter: TaskFilter { search: typed.into(), ..TaskFilter::default() }, ..TaskQuery::all() };
            let rows = rig.service.tasks(&rig.paul, &query).await?.rows;
            assert_eq!(rows.len(), found, "{typed}");
            if typed == "yamada" {
                assert_eq!(rows[0].number, task.task);
            }
        }
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_users_of_a_task_show_where_each_of_them_stands() {
    Rig::everywhere(async |rig| {
        let mut users = Vec::new();
        for user_id in ["ann", "bob", "cleo"] {
            users.push(rig.user(user_id, "", "").await?);
        }
        let task = rig.service.provision(&rig.paul, &form(&rig, &users).await).await?.task;
        enrolled(&rig, &mail(&rig, "ann").await.link()).await;
        let cookie = rig.service.start(&mail(&rig, "bob").await.link(), &client("192.0.2.7")).await?;
        let guess = wrong_code(&rig, &shown(&rig, &cookie).await.key);
        for _ in 0..5 {
            let _ = rig.service.verify(&cookie, &guess, &client("192.0.2.7")).await;
        }
        let ascending = Sort { direction: Direction::Ascending, ..Sort::default() };
        let query = TaskUserQuery { paging: Paging { sort: ascending, ..Paging::default() }, ..TaskUserQuery::default() };
        let detail = rig.service.task(&rig.paul, task, &query).await?;
        let seen: Vec<_> = detail.users.rows.iter().map(|row| (row.user_id.as_str(), row.status)).collect();
        assert_eq!(seen, [("ann", Status::Completed), ("bob", Status::Locked), ("cleo", Status::Active)]);
        assert_eq!((detail.row.progress.completed, detail.row.progress.locked, detail.row.progress.active), (1, 1, 1));
        let locked = TaskUserQuery { status: Some(Status::Locked), ..query };
        assert_eq!(rig.service.task(&rig.paul, task, &locked).await?.users.total, Total::Exactly(1));
        rig.clock.advance(11 * 24 * 60 * 60 * 1000);
        let row = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.remove(0);
        assert_eq!((row.progress.locked, row.progress.expired), (1, 1), "nothing had to run");
        Ok(())
    })
    .await
    .unwrap();
}
