//! Mail as people see it: sent after the commit, seen where it failed, sent again, canceled with what it speaks of.

use crate::stage::{enrolled, form, invited, mail, mails_to};
use model::{
    Refusal,
    actor::Actor,
    console::Console,
    enrolling::{Enrolling, LinkState},
    forms::{ButtonForm, ResendForm, UserForm},
    listing::{PageSize, Paging, Total},
    message::{MailState, MessageFilter, MessageKind, MessageQuery, MessageRow},
    refusal::{BadRequest, Thing},
    rights::{Right, Rights},
};
use service::{
    mail::{
        failure::{Cause, Failure, Reply, Step},
        memory::Memory,
        message::Mail,
    },
    testing::Rig,
};

fn refused(code: u16) -> Failure {
    let step = if code == 535 { Step::Auth } else { Step::RcptTo };
    Failure::new(step, Cause::Reply(Reply { code, text: "5.1.1 no such user".into() }))
}

fn button(rig: &Rig) -> ButtonForm {
    ButtonForm { key: rig.key() }
}

async fn messages(rig: &Rig) -> Vec<MessageRow> {
    rig.service.messages(&rig.olga, &MessageQuery::default()).await.unwrap().rows
}

/// The secret of the link in a mail, as its reader would follow it.
fn link_in(mail: &Mail) -> String {
    // Long lines are folded by quoted-printable (RFC 2045 §6.7), which mail programs undo.
    let text = String::from_utf8(mail.bytes.clone()).unwrap().replace("=\r\n", "");
    let (_, rest) = text.split_once("http://localhost:3000/enroll/").expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn everybody_provisioned_gets_one_mail_whose_link_works() {
    Rig::everywhere(async |rig| {
        let mut users = Vec::new();
        for number in 0..30 {
            users.push(rig.user(&format!("u{number}"), "Ann", "Berg").await?);
        }
        let form = form(&rig, &users).await;
        let task = rig.service.provision(&rig.paul, &form).await?.task;
        let mailbox = Memory::new();
        rig.post(&mailbox).drain().await?;
        let mails = mailbox.mails();
        assert_eq!(mails.len(), 30);
        for mail in &mails {
            let page = rig.service.look(&link_in(mail), true).await?;
            assert!(matches!(page.state, LinkState::Ready { .. }), "{}", mail.to);
        }
        let rows = messages(&rig).await;
        assert!(
            rows.iter()
                .all(|row| row.state == MailState::Accepted && row.task == Some(task) && row.kind == MessageKind::Enrollment)
        );
        let shown = format!("{rows:?}");
        assert!(mails.iter().all(|mail| !shown.contains(&link_in(mail))), "no operator sees a usable link");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_mail_that_failed_is_seen_and_sent_again_with_a_link_that_works() {
    Rig::everywhere(async |rig| {
        let (task, first) = invited(&rig, "aiko").await;
        let mailbox = Memory::new();
        mailbox.fail([refused(550)]);
        rig.post(&mailbox).drain().await?;
        let row = messages(&rig).await.remove(0);
        assert_eq!((row.state, row.may_retry, row.task), (MailState::Failed, true, Some(task.task)));
        assert_eq!(row.reason, "The relay refused the recipient (550).");
        assert_eq!(row.reply, "550 5.1.1 no such user");
        assert_eq!(rig.service.mail_summary(&rig.olga).await?.failed, 1);

        let retry = button(&rig);
        rig.service.retry_message(&rig.hedy, row.id, &retry).await?;
        rig.service.retry_message(&rig.hedy, row.id, &retry).await?;
        assert_eq!(rig.service.retry_message(&rig.hedy, row.id, &button(&rig)).await, Err(Refusal::NotFailed));
        assert_eq!(rig.service.mail_summary(&rig.olga).await?.failed, 0);
        rig.post(&mailbox).drain().await?;
        let mails = mailbox.mails();
        assert_eq!(mails.len(), 1);
        assert_ne!(link_in(&mails[0]), first.link());
        for link in [link_in(&mails[0]), first.link()] {
            assert!(matches!(rig.service.look(&link, true).await?.state, LinkState::Ready { .. }), "the same generation");
        }
        let rows = messages(&rig).await;
        assert_eq!(
            rows.iter().map(|row| (row.state, row.may_retry)).collect::<Vec<_>>(),
            [(MailState::Accepted, false), (MailState::Failed, false)]
        );
        enrolled(&rig, &link_in(&mails[0])).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_warning_that_failed_goes_where_it_was_to_go_and_ends_with_the_link_it_warns_of() {
    Rig::everywhere(async |rig| {
        let (task, _) = invited(&rig, "aiko").await;
        let mailbox = Memory::new();
        rig.post(&mailbox).drain().await?;
        let user = messages(&rig).await[0].user.clone().unwrap().0;
        let elsewhere = ResendForm {
            email: "aiko@elsewhere.example".into(),
            profile: "aiko@people.example".into(),
            reason: "Her mailbox is full.".into(),
            key: rig.key(),
        };
        rig.service.resend(&rig.paul, user, task.task, &elsewhere).await?;
        mailbox.fail([refused(550), refused(550)]);
        rig.post(&mailbox).drain().await?;
        let warning = messages(&rig).await.into_iter().find(|row| row.kind == MessageKind::SentElsewhere).unwrap();
        assert!(warning.may_retry);
        let before = rig.service.user(&rig.olga, user).await?;
        let edited = UserForm { email: "mallory@evil.example".into(), key: rig.key(), ..before.form };
        rig.service.edit_user(&rig.olga, user, &edited).await?;
        rig.service.retry_message(&rig.hedy, warning.id, &button(&rig)).await?;
        let again = messages(&rig).await.into_iter().find(|row| row.kind == MessageKind::SentElsewhere).unwrap();
        assert_eq!(again.to, "aiko@people.example", "whoever changed the profile may be whom it warns of");
        mailbox.fail([refused(550), refused(550)]);
        rig.post(&mailbox).drain().await?;
        rig.clock.advance(10 * 60_000);
        let anew = ResendForm {
            email: "mallory@evil.example".into(),
            profile: "mallory@evil.example".into(),
            key: rig.key(),
            ..ResendForm::default()
        };
        rig.service.resend(&rig.paul, user, task.task, &anew).await?;
        let late = rig.service.retry_message(&rig.hedy, again.id, &button(&rig)).await;
        assert_eq!(late, Err(Refusal::NotFailed), "it would stop a link that it does not speak of");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn retry_goes_to_the_address_that_the_profile_has_now() {
    let rig = Rig::new().await.unwrap();
    let (_, _) = invited(&rig, "aiko").await;
    let mailbox = Memory::new();
    mailbox.fail([refused(550)]);
    rig.post(&mailbox).drain().await.unwrap();
    let row = messages(&rig).await.remove(0);
    let user = row.user.clone().unwrap().0;
    let before = rig.service.user(&rig.olga, user).await.unwrap();
    let edit = UserForm {
        email: "mended@people.example".into(),
        version: before.version.to_string(),
        ..rig.form("aiko", "Aiko", "Yamada")
    };
    rig.service.edit_user(&rig.olga, user, &edit).await.unwrap();
    rig.service.retry_message(&rig.hedy, row.id, &button(&rig)).await.unwrap();
    rig.post(&mailbox).drain().await.unwrap();
    let to: Vec<String> = mailbox.mails().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"mended@people.example".to_owned()), "{to:?}");
}

#[tokio::test]
async fn five_links_of_a_generation_live_and_the_newest_always_does() {
    let rig = Rig::new().await.unwrap();
    let (_, first) = invited(&rig, "aiko").await;
    let mut links = vec![first.link()];
    let mailbox = Memory::new();
    for _ in 0..6 {
        mailbox.fail([refused(550)]);
        rig.post(&mailbox).drain().await.unwrap();
        rig.clock.advance(1_000);
        let failed = messages(&rig).await.remove(0);
        rig.service.retry_message(&rig.hedy, failed.id, &button(&rig)).await.unwrap();
        links.push(mail(&rig, "aiko").await.link());
    }
    let mut live = Vec::new();
    for link in &links {
        live.push(rig.service.look(link, true).await.is_ok());
    }
    assert_eq!(live, [false, false, true, true, true, true, true]);
}

#[tokio::test]
async fn a_disabled_users_queued_mail_is_not_sent() {
    let rig = Rig::new().await.unwrap();
    let (_, _) = invited(&rig, "aiko").await;
    let user = messages(&rig).await[0].user.clone().unwrap().0;
    rig.service.set_user_enabled(&rig.olga, user, false, &button(&rig)).await.unwrap();
    let mailbox = Memory::new();
    rig.post(&mailbox).drain().await.unwrap();
    assert!(mailbox.mails().is_empty());
    let row = messages(&rig).await.remove(0);
    assert_eq!((row.state, row.may_retry), (MailState::Canceled, false));
    assert!(mails_to(&rig, "aiko@people.example").await[0].is_wiped());
}

#[tokio::test]
async fn a_message_whose_enrollment_is_over_is_not_sent_again() {
    let rig = Rig::new().await.unwrap();
    let (_, first) = invited(&rig, "aiko").await;
    let mailbox = Memory::new();
    mailbox.fail([refused(550)]);
    rig.post(&mailbox).drain().await.unwrap();
    let failed = messages(&rig).await.remove(0);
    enrolled(&rig, &first.link()).await;
    let row = messages(&rig).await.into_iter().find(|row| row.id == failed.id).unwrap();
    assert!(!row.may_retry);
    assert_eq!(rig.service.retry_message(&rig.hedy, failed.id, &button(&rig)).await, Err(Refusal::NotFailed));
}

#[tokio::test]
async fn a_completion_mail_sent_again_has_a_link_that_works() {
    let rig = Rig::new().await.unwrap();
    let (_, first) = invited(&rig, "aiko").await;
    let mailbox = Memory::new();
    rig.post(&mailbox).drain().await.unwrap();
    enrolled(&rig, &first.link()).await;
    mailbox.fail([refused(550)]);
    rig.post(&mailbox).drain().await.unwrap();
    let failed = messages(&rig).await.remove(0);
    assert_eq!((failed.kind, failed.state), (MessageKind::Completed, MailState::Failed));
    rig.service.retry_message(&rig.hedy, failed.id, &button(&rig)).await.unwrap();
    rig.post(&mailbox).drain().await.unwrap();
    let completed = mailbox.mails().pop().unwrap();
    let secret = link_in(&completed);
    let secret = secret.strip_prefix("not-me/").expect("the link of This was not me");
    assert!(!rig.service.look_not_me(secret).await.unwrap().suspended);
}

#[tokio::test]
async fn a_wrong_setting_is_said_and_mail_goes_on_once_it_is_mended() {
    Rig::everywhere(async |rig| {
        invited(&rig, "aiko").await;
        let mailbox = Memory::new();
        mailbox.fail([refused(535)]);
        rig.post(&mailbox).drain().await?;
        let summary = rig.service.mail_summary(&rig.olga).await?;
        assert_eq!((summary.waiting, summary.paused.as_deref()), (1, Some("The relay refused the sign-in (535).")));
        let user = rig.user("bea", "Bea", "Berg").await?;
        let more = form(&rig, &[user]).await;
        let said = rig.service.provision_choices(&rig.paul, None).await?.no_mail;
        assert_eq!(said.as_deref(), Some("Mail is paused. The relay refused the sign-in (535)."));
        assert_eq!(rig.service.provision(&rig.paul, &more).await, Err(Refusal::NoMail));
        rig.service.resume_mail(&rig.olga, &button(&rig)).await?;
        assert_eq!(rig.service.mail_summary(&rig.olga).await?.paused, None);
        assert_eq!(rig.service.provision(&rig.paul, &more).await?.count, 1);
        rig.post(&mailbox).drain().await?;
        let summary = rig.service.mail_summary(&rig.olga).await?;
        assert_eq!((summary.waiting, summary.accepted_today, summary.last_minute), (0, Total::Exactly(2), 2));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn messages_are_paged_both_ways_and_forged_cursors_refused() {
    Rig::everywhere(async |rig| {
        for number in 0..30 {
            invited(&rig, &format!("u{number}")).await;
        }
        let query = |cursor: &str| MessageQuery {
            paging: Paging { size: PageSize::Small, cursor: cursor.into(), ..Paging::default() },
            ..MessageQuery::default()
        };
        let first = rig.service.messages(&rig.olga, &query("")).await?;
        assert_eq!((first.rows.len(), first.total.to_string().as_str(), first.previous.is_none()), (25, "30", true));
        let second = rig.service.messages(&rig.olga, &query(first.next.as_deref().unwrap())).await?;
        assert_eq!((second.rows.len(), second.next), (5, None));
        assert!(second.rows[0].id < first.rows[24].id);
        let back = rig.service.messages(&rig.olga, &query(second.previous.as_deref().unwrap())).await?;
        assert_eq!(
            back.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
            first.rows.iter().map(|row| row.id).collect::<Vec<_>>()
        );
        let forged = rig.service.messages(&rig.olga, &query("AAAA")).await;
        assert_eq!(forged.unwrap_err(), Refusal::BadRequest(BadRequest::Cursor));
        let none = MessageFilter { state: Some(MailState::Bounced), ..MessageFilter::default() };
        assert!(rig.service.messages(&rig.olga, &MessageQuery { filter: none, ..query("") }).await?.rows.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn every_right_is_asked_for() {
    let rig = Rig::new().await.unwrap();
    let nobody = Actor { rights: Rights::default(), ..rig.olga.clone() };
    let forbidden = |right| Refusal::Forbidden(right);
    assert_eq!(rig.service.messages(&nobody, &MessageQuery::default()).await.unwrap_err(), forbidden(Right::MessagesManage));
    assert_eq!(rig.service.mail_summary(&nobody).await.unwrap_err(), forbidden(Right::MessagesManage));
    assert_eq!(rig.service.resume_mail(&nobody, &button(&rig)).await.unwrap_err(), forbidden(Right::MessagesManage));
    assert_eq!(rig.service.retry_message(&nobody, 1, &button(&rig)).await.unwrap_err(), forbidden(Right::ProvisioningResend));
    assert_eq!(rig.service.retry_message(&rig.hedy, 99, &button(&rig)).await.unwrap_err(), Refusal::NotFound(Thing::Message));
}
