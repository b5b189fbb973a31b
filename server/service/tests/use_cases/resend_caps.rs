//! Cooldown and daily cap against many operators on many nodes at once (goal R17). `PROVOST_TEST_RESENDS=10000` makes it as many
//! attempts as the goal says; each database then prints a line of figures.

#![allow(clippy::print_stdout, reason = "the figures are the answer")]

use crate::{
    resend::ELSEWHERE,
    stage::{invited, set_policy},
};
use model::{
    Refusal,
    actor::Actor,
    console::Console,
    forms::ResendForm,
    message::{MessageFilter, MessageKind, MessageQuery},
    task::TaskUserQuery,
};
use service::{Service, fault::Outcome, testing::Rig};
use std::{sync::Arc, time::Instant};

/// How many act at the same time, on how many nodes, for how many users.
const AT_ONCE: usize = 64;
const NODES: u64 = 4;
const USERS: usize = 8;
/// The policy's default.
const CAP: usize = 5;

/// How many attempts in all.
fn attempts() -> usize {
    std::env::var("PROVOST_TEST_RESENDS").ok().and_then(|count| count.parse().ok()).unwrap_or(200)
}

/// What came of the attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    sent: usize,
    day_is_full: usize,
    too_soon: usize,
}

impl Tally {
    fn count(&mut self, answer: Result<(), Refusal>) {
        match answer {
            Ok(()) => self.sent += 1,
            Err(Refusal::ResentLately { day_is_full: true, .. }) => self.day_is_full += 1,
            Err(Refusal::ResentLately { day_is_full: false, .. }) => self.too_soon += 1,
            other => panic!("{other:?}"),
        }
    }
}

/// Whoever tries: one of the operators, on one of the nodes, again and again.
struct Trying {
    node: Arc<Service>,
    by: Actor,
    /// Row, task and UserID of every user.
    users: Arc<Vec<(i64, i64, String)>>,
    first: usize,
}

impl Trying {
    /// The attempts `first`, `first + AT_ONCE`, … below `of`.
    async fn run(self, of: usize) -> Tally {
        let mut tally = Tally::default();
        for attempt in (self.first..of).step_by(AT_ONCE) {
            let (user, task, user_id) = &self.users[attempt / 3 % self.users.len()];
            // However it is written, it is one address.
            let email = if attempt % 2 == 0 { ELSEWHERE.to_owned() } else { ELSEWHERE.to_uppercase() };
            let profile = format!("{user_id}@people.example");
            let form = ResendForm { email, reason: "many".into(), profile, key: self.node.form_key() };
            let answer = loop {
                match self.node.resend(&self.by, *user, *task, &form).await {
                    // Nothing was tried.
                    Err(Refusal::Busy) => {}
                    answer => break answer,
                }
            };
            tally.count(answer);
        }
        tally
    }
}

async fn storm(rig: &Rig, of: usize) -> Outcome<Tally> {
    let mut users = Vec::new();
    for place in 0..USERS {
        let user_id = format!("p{place}");
        let (task, _) = invited(rig, &user_id).await;
        let rows = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?.users.rows;
        users.push((rows[0].user, task.task, user_id));
    }
    let users = Arc::new(users);
    let nodes = (0..NODES).map(|node| rig.node(100 + node)).collect::<Outcome<Vec<_>>>()?;
    let trying = (0..AT_ONCE).map(|first| {
        let by = [&rig.olga, &rig.paul][first / nodes.len() % 2].clone();
        let trying = Trying { node: nodes[first % nodes.len()].clone(), by, users: users.clone(), first };
        tokio::spawn(trying.run(of))
    });
    let mut all = Tally::default();
    for one in trying.collect::<Vec<_>>() {
        let one = one.await.unwrap();
        all.sent += one.sent;
        all.day_is_full += one.day_is_full;
        all.too_soon += one.too_soon;
    }
    Ok(all)
}

/// How many resends were queued, whatever was answered.
async fn queued(rig: &Rig) -> Outcome<usize> {
    let filter = MessageFilter { kind: Some(MessageKind::Resend), ..MessageFilter::default() };
    Ok(rig.service.messages(&rig.olga, &MessageQuery { filter, ..MessageQuery::all() }).await?.rows.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_resends_to_one_address_at_once_are_exactly_the_cap() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.resend_cooldown_minutes = 0).await;
        let (of, begun) = (attempts(), Instant::now());
        let tally = storm(&rig, of).await?;
        let database = if rig.service.db().postgres().is_some() { "PostgreSQL" } else { "SQLite" };
        println!(
            "{{\"goal\":\"R17\",\"database\":\"{database}\",\"attempts\":{of},\"nodes\":{NODES},\"at_once\":{AT_ONCE},\"sent\":{},\
             \"cap\":{CAP},\"seconds\":{:.1}}}",
            tally.sent,
            begun.elapsed().as_secs_f64()
        );
        assert_eq!(tally, Tally { sent: CAP, day_is_full: of - CAP, too_soon: 0 });
        assert_eq!(queued(&rig).await?, CAP);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_the_cooldown_many_resends_at_once_are_one() {
    Rig::everywhere(async |rig| {
        let tally = storm(&rig, 200).await?;
        assert_eq!(tally, Tally { sent: 1, day_is_full: 0, too_soon: 199 });
        assert_eq!(queued(&rig).await?, 1);
        Ok(())
    })
    .await
    .unwrap();
}
