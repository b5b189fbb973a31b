//! The dashboard: each number is that of the list it leads to, and each part is for those who may see that list.

use crate::stage::{enrolled, form, invited, mail, shown, wrong_code};
use model::{
    actor::Actor,
    console::{Console, Figure, What},
    enrolling::Enrolling,
    form::Fields,
    forms::ResendForm,
    listing::Total,
    query::{Query, Shelf},
    report::EnrollmentQuery,
    rights::Rights,
    task::TaskQuery,
};
use service::{
    clock::HOUR,
    fault::Outcome,
    mail::{
        failure::{Cause, Failure, Reply, Step},
        memory::Memory,
    },
    testing::{Rig, client},
};

const DAY: i64 = 24 * HOUR;

/// How many rows the list has that a figure leads to.
async fn listed(rig: &Rig, by: &Actor, figure: &Figure) -> Outcome<Total> {
    let (path, query) = figure.href.split_once('?').unwrap_or((&figure.href, ""));
    let fields = Fields::of_query(query)?;
    Ok(match path {
        "/provisioning-tasks" => rig.service.tasks(by, &TaskQuery::read(Shelf::Management, &fields)?).await?.total,
        "/reports" => rig.service.reported_tasks(by, &TaskQuery::read(Shelf::Reports, &fields)?).await?.total,
        "/reports/enrollments" => rig.service.enrollments(by, &EnrollmentQuery::read(&fields)?).await?.enrollments.total,
        other => panic!("a figure leads to {other}"),
    })
}

/// What the dashboard counts for an operator, each compared with its list.
async fn counts(rig: &Rig, by: &Actor) -> Outcome<Vec<(What, u32)>> {
    let dashboard = rig.service.dashboard(by).await?;
    let mut counts = Vec::new();
    for figure in dashboard.outstanding.into_iter().chain(dashboard.attention.into_iter().flatten()) {
        assert_eq!(listed(rig, by, &figure).await?, figure.total, "{figure:?}");
        match figure.total {
            Total::Exactly(count) => counts.push((figure.what, count)),
            Total::Many => panic!("ten thousand in a test"),
        }
    }
    Ok(counts)
}

/// One task: Ann enrolled, Bob locked, Cleo's mail failed, Dan did nothing. Answers Dan's link, a day before the stop date.
async fn some_of_each(rig: &Rig) -> Outcome<String> {
    let mut users = Vec::new();
    for user_id in ["ann", "bob", "cleo", "dan"] {
        users.push(rig.user(user_id, "", "").await?);
    }
    let task = rig.service.provision(&rig.paul, &form(rig, &users).await).await?.task;
    enrolled(rig, &mail(rig, "ann").await.link()).await;
    let cookie = rig.service.start(&mail(rig, "bob").await.link(), &client("192.0.2.7")).await?;
    let guess = wrong_code(rig, &shown(rig, &cookie).await.key);
    for _ in 0..5 {
        let _ = rig.service.verify(&cookie, &guess, &client("192.0.2.7")).await;
    }
    let dan = mail(rig, "dan").await.link();
    let mailbox = Memory::new();
    rig.post(&mailbox).drain().await?;
    let address = "cleo@people.example".to_owned();
    let again = ResendForm { email: address.clone(), profile: address, key: rig.key(), ..ResendForm::default() };
    rig.service.resend(&rig.paul, users[2], task, &again).await?;
    let unknown = Cause::Reply(Reply { code: 550, text: "5.1.1 no such user".into() });
    mailbox.fail([Failure::new(Step::RcptTo, unknown)]);
    rig.post(&mailbox).drain().await?;
    rig.clock.advance(9 * DAY);
    Ok(dan)
}

#[tokio::test]
async fn each_number_is_that_of_the_list_it_leads_to() {
    Rig::everywhere(async |rig| {
        let dan = some_of_each(&rig).await?;
        use What::{Asked, Expired, Locked, MailBounced, MailFailed, Outstanding, Stopping};
        let users = counts(&rig, &rig.paul).await?;
        let expected =
            [(Outstanding, 1), (Asked, 0), (Locked, 1), (Expired, 0), (MailFailed, 1), (MailBounced, 0), (Stopping, 2)];
        assert_eq!(users, expected, "who may see users gets users");
        let mut manager = rig.paul.clone();
        manager.rights = Rights::from_names("provisioning.manage");
        let tasks = counts(&rig, &manager).await?;
        assert_eq!(tasks, [(Outstanding, 1), (Locked, 1), (Expired, 0), (MailFailed, 1), (Stopping, 1)], "tasks for the others");
        rig.clock.advance(2 * DAY);
        rig.service.ask_for_link(&dan, &client("192.0.2.7")).await?;
        let users = counts(&rig, &rig.audrey).await?;
        let expected =
            [(Outstanding, 1), (Asked, 1), (Locked, 1), (Expired, 2), (MailFailed, 0), (MailBounced, 0), (Stopping, 0)];
        assert_eq!(users, expected, "the day makes them expired, and nothing had to run");
        let tasks = counts(&rig, &manager).await?;
        assert_eq!(tasks, [(Outstanding, 1), (Locked, 1), (Expired, 1), (MailFailed, 1), (Stopping, 0)]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn each_part_is_for_those_with_the_right_to_what_it_leads_to() {
    let rig = Rig::new().await.unwrap();
    invited(&rig, "ann").await;
    let olga = rig.service.dashboard(&rig.olga).await.unwrap();
    assert_eq!((olga.users, olga.mail.is_some(), olga.last.map(|tasks| tasks.len())), (Some(1), true, Some(1)));
    let audrey = rig.service.dashboard(&rig.audrey).await.unwrap();
    assert_eq!(audrey.outstanding.map(|figure| figure.href).as_deref(), Some("/reports?state=outstanding"));
    assert_eq!((audrey.last, audrey.mail), (None, None));
    let hedy = rig.service.dashboard(&rig.hedy).await.unwrap();
    assert_eq!((hedy.users, hedy.outstanding, hedy.attention, hedy.last, hedy.mail), (Some(1), None, None, None, None));
    let mut nobody = rig.hedy.clone();
    nobody.rights = Rights::default();
    assert_eq!(rig.service.dashboard(&nobody).await.unwrap().users, None);
}

#[tokio::test]
async fn the_last_five_tasks_come_with_how_far_they_are() {
    let rig = Rig::new().await.unwrap();
    for place in 0..6 {
        invited(&rig, &format!("user{place}")).await;
    }
    enrolled(&rig, &mail(&rig, "user5").await.link()).await;
    let last = rig.service.dashboard(&rig.paul).await.unwrap().last.unwrap();
    assert_eq!(last.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 4, 3, 2, 1], "outstanding ones, the newest first");
    assert!(last.iter().all(|row| row.progress.active == 1));
}

#[tokio::test]
async fn mail_that_goes_out_says_about_when_it_will_be_done() {
    let rig = Rig::new().await.unwrap();
    invited(&rig, "ann").await;
    rig.post(&Memory::default()).drain().await.unwrap();
    invited(&rig, "bob").await;
    let mail = rig.service.dashboard(&rig.olga).await.unwrap().mail.unwrap();
    assert_eq!((mail.waiting, mail.last_minute, mail.accepted_today), (1, 1, Total::Exactly(1)));
    assert_eq!(mail.rest_out.map(|at| at.clock()).as_deref(), Some("12:01"), "one a minute");
    rig.clock.advance(HOUR);
    let mail = rig.service.dashboard(&rig.olga).await.unwrap().mail.unwrap();
    assert_eq!((mail.waiting, mail.last_minute, mail.rest_out), (1, 0, None), "nobody knows");
}
