//! What changed is told once it is durable, and not before; on PostgreSQL to every node.

use crate::{
    contract,
    counters::{complete, try_wrong},
    fixtures::{NOW, TODAY, one_task, task},
};
use model::live::Changed;
use std::time::Duration;
use store::{Db, Tx, live::Listening};
use tokio::time::timeout;

/// What is told next, all that one transaction says.
async fn told(listening: &mut Listening) -> Changed {
    timeout(Duration::from_secs(5), listening.next()).await.expect("told in time").unwrap()
}

async fn commit<T>(db: &Db, act: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = db.write().await.unwrap();
    let done = act(&mut tx).await;
    tx.commit().await.unwrap();
    done
}

contract! {
    async fn what_a_transaction_changed_is_told_in_one_when_it_commits_and_never_when_it_does_not(db: Db) {
        let mut listening = Listening::new(&db).await.unwrap();
        let mut other = Listening::new(&db).await.unwrap();
        let (first, ids) = one_task(&db, 3).await;
        let made = Changed::Tasks([(first, true)].into());
        assert_eq!([told(&mut listening).await, told(&mut other).await], [made.clone(), made]);

        let mut tx = db.write().await.unwrap();
        assert!(complete(&mut tx, ids[0]).await);
        tx.rollback().await.unwrap();
        let second = commit(&db, async |tx: &mut Tx| {
            assert!(complete(tx, ids[0]).await);
            task(tx, "olga", &[2], TODAY.plus(3)).await.0
        })
        .await;
        let both = Changed::Tasks([(first, false), (second, true)].into());
        assert_eq!(told(&mut listening).await, both, "and nothing of what was undone");

        commit(&db, async |tx: &mut Tx| try_wrong(tx, ids[1], 2).await).await;
        commit(&db, async |tx: &mut Tx| try_wrong(tx, ids[1], 2).await).await;
        commit(&db, async |tx: &mut Tx| tx.remove_open_of_task(second, "olga", NOW).await.unwrap()).await;
        commit(&db, async |tx: &mut Tx| tx.set_task_emailed_to(second, "x@x.example").await.unwrap()).await;
        assert_eq!(told(&mut listening).await, Changed::read(&first.to_string()), "the second wrong code locked; the first changed no row of the list");
        assert_eq!(told(&mut listening).await, Changed::read(&second.to_string()), "the address; who removes counts, and tells with that");
    }

    async fn what_the_table_of_users_shows_is_told_as_well(db: Db) {
        let (number, ids) = one_task(&db, 2).await;
        let mut listening = Listening::new(&db).await.unwrap();
        let this = Changed::read(&number.to_string());
        commit(&db, async |tx: &mut Tx| tx.note_link_opened(ids[0], NOW).await.unwrap()).await;
        assert_eq!(told(&mut listening).await, this);
        commit(&db, async |tx: &mut Tx| tx.note_link_opened(ids[0], NOW + 1).await.unwrap()).await;
        commit(&db, async |tx: &mut Tx| tx.note_started(ids[0], NOW).await.unwrap()).await;
        assert_eq!(told(&mut listening).await, this, "that it was opened again is no news");
        commit(&db, async |tx: &mut Tx| assert!(tx.note_requested(ids[0], NOW).await.unwrap())).await;
        assert_eq!(told(&mut listening).await, this);
        commit(&db, async |tx: &mut Tx| tx.note_link_queued(ids[0], NOW).await.unwrap()).await;
        assert_eq!(told(&mut listening).await, this);
    }

    async fn tasks_are_read_again_wherever_they_stand_now(db: Db) {
        let (first, ids) = one_task(&db, 3).await;
        let second = commit(&db, async |tx: &mut Tx| {
            for id in &ids {
                assert!(complete(tx, *id).await);
            }
            task(tx, "otto", &[2], TODAY.plus(3)).await.0
        })
        .await;
        let mut tx = db.read().await.unwrap();
        let mut rows = tx.listed_tasks(&[first, second, 999], TODAY).await.unwrap();
        rows.sort_by_key(|row| row.number);
        assert_eq!(rows, [tx.listed_task(first, TODAY).await.unwrap().unwrap(), tx.listed_task(second, TODAY).await.unwrap().unwrap()]);
        assert_eq!((rows[0].outstanding, rows[1].outstanding), (false, true));
        let users = tx.task_users_among(first, &[ids[1], 999], TODAY).await.unwrap();
        assert_eq!(users.iter().map(|user| user.enrollment).collect::<Vec<_>>(), [ids[1]]);
        assert!(tx.task_users_among(second, &ids, TODAY).await.unwrap().is_empty(), "enrollments of another task");
        assert_eq!(tx.tasks_made_after(NOW - 1, 10).await.unwrap(), [second, first]);
        assert!(tx.tasks_made_after(NOW, 10).await.unwrap().is_empty());
        let mut among = async |filter: model::task::TaskFilter| {
            tx.tasks_among(&[first, second, 999], model::task::TaskState::Outstanding, &filter, TODAY).await.unwrap()
        };
        assert_eq!(among(Default::default()).await, [second]);
        assert_eq!(among(model::task::TaskFilter { search: "otto".into(), ..Default::default() }).await, [second]);
        assert!(among(model::task::TaskFilter { has_locked: true, ..Default::default() }).await.is_empty());
    }
}
