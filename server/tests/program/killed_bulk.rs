//! An act over many and the end of the program: killed in the middle of it, and started again.

use crate::{
    house::House,
    killed::{provisioned, relay},
    sink::Sink,
};
use model::{
    actor::Actor,
    bulk::{BulkAct, BulkConfirmForm, BulkConsole, BulkForm, BulkState, Outcome},
    console::Console,
    forms::SelectForm,
    message::{MailState, MessageFilter, MessageKind},
};
use server::node::Node;
use std::{collections::HashSet, time::Duration};

const PEOPLE: usize = 600;
/// So many are done in one transaction.
const BATCH: i64 = 100;

/// A new link for everybody in a task, planned and confirmed while no server runs; answers the act.
async fn confirmed(house: &House, by: &Actor, task: i64) -> i64 {
    let node = house.node().await;
    let service = &node.service;
    let rows = vec![task.to_string()];
    let ticked = SelectForm { shown: rows.clone(), select: rows, act: "keep".into(), ..SelectForm::default() };
    let selection = service.select_tasks(by, &ticked).await.unwrap().selection.unwrap();
    let form = BulkForm { act: BulkAct::Resend.code().into(), selection, key: service.form_key(), ..BulkForm::default() };
    let act = service.plan_bulk(by, &form).await.unwrap();
    let confirm = BulkConfirmForm { key: service.form_key(), ..BulkConfirmForm::default() };
    service.confirm_bulk(by, act, &confirm).await.unwrap();
    node.db.close().await;
    act
}

/// Looks at the act from beside the server, on a connection that stays open, so that a look takes no time.
struct Watch<'a> {
    node: &'a Node,
    by: &'a Actor,
    act: i64,
}

impl Watch<'_> {
    /// How far it is, and how many rows are still to be done, done and left out.
    async fn look(&self) -> (BulkState, [i64; 3]) {
        let mut tx = self.node.db.read().await.unwrap();
        let state = tx.bulk(self.act, self.by.id).await.unwrap().unwrap().state;
        let counts = tx.bulk_counts(self.act).await.unwrap();
        tx.rollback().await.unwrap();
        let of = |outcome| counts.iter().filter(|(of, ..)| *of == outcome).map(|(.., count)| count).sum();
        (state, [Outcome::Planned, Outcome::Done, Outcome::LeftOut].map(of))
    }

    /// Looks again and again until it stands as it should.
    async fn until(&self, enough: impl Fn(BulkState, i64) -> bool) {
        loop {
            let (state, [_, done, _]) = self.look().await;
            if enough(state, done) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn messages(&self, filter: &MessageFilter) -> i64 {
        self.node.db.read().await.unwrap().count_messages(filter, 10_000).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_an_act_over_many_each_row_is_done_once() {
    killed_while_acting(&House::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_postgres() {
    let Some(scratch) = store::testing::postgres().await.unwrap() else { return };
    killed_while_acting(&House::on(&scratch.url)).await;
    scratch.drop().await.unwrap();
}

async fn killed_while_acting(house: &House) {
    let sink = Sink::start();
    let (by, task) = provisioned(house, PEOPLE).await;
    let act = confirmed(house, &by, task).await;
    let url = relay(&sink);
    let settings = [("PROVOST_SMTP_URL", url.as_str())];
    let node = house.node().await;
    let watch = Watch { node: &node, by: &by, act };
    let server = house.serve(&settings);
    // One batch follows the other: the next one is under way.
    watch.until(|_, done| done >= BATCH).await;
    server.kill();
    let (state, [planned, done, left]) = watch.look().await;
    assert_eq!((state, planned + done, left), (BulkState::Running, PEOPLE as i64, 0));
    assert!(planned > 0 && done % BATCH == 0, "whole batches only: {done} done, {planned} to go");
    let resends = MessageFilter { kind: Some(MessageKind::Resend), ..MessageFilter::default() };
    assert_eq!(watch.messages(&resends).await, done, "a row is done where its mail is written, and nowhere else");

    let server = house.serve(&settings);
    watch.until(|state, _| state == BulkState::Done).await;
    assert_eq!(watch.look().await, (BulkState::Done, [0, PEOPLE as i64, 0]));
    assert_eq!(watch.messages(&resends).await, PEOPLE as i64);
    let accepted = MessageFilter { state: Some(MailState::Accepted), ..resends };
    while watch.messages(&accepted).await < PEOPLE as i64 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    node.db.close().await;
    server.ask_to_stop();
    assert!(server.ended().0);
    let people = sink.by_person();
    assert_eq!(people.len(), PEOPLE);
    for (person, letters) in &people {
        // The first link, if it went out before it was replaced, and the new one; a kill may repeat a letter, byte for byte.
        let different: HashSet<_> = letters.iter().collect();
        assert!(different.len() <= 2, "{person} got {} different letters", different.len());
    }
}
