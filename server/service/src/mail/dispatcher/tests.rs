//! The dispatcher on a real database, with mail in memory and a clock in hand.

use super::*;
use crate::{
    clock::Fixed,
    ids::Seeded,
    mail::{
        failure::{Cause, Failure, Reply, Step},
        letter::{Content, Desk, Recipient, Secrets, Sender},
        memory::Memory,
    },
    testing::NOON,
};
use backoff::{AFTER_UNCERTAIN, LONGEST, MOST_TRIES};
use model::{
    day::{Day, Moment},
    listing::Direction,
    message::{MailState, MessageFilter},
    policy::Policy,
};
use store::{
    outbox::{MessageRecord, NewMessage, Present},
    testing,
};

/// A database, a mailbox and a clock.
struct Post {
    db: Db,
    clock: Arc<Fixed>,
    ids: Arc<Seeded>,
    keys: Keys,
    mailbox: Memory,
    nudge: Arc<Notify>,
}

impl Post {
    async fn new() -> Post {
        Post::on(testing::memory().await.unwrap())
    }

    fn on(db: Db) -> Post {
        let (clock, ids) = (Arc::new(Fixed::at(NOON)), Arc::new(Seeded::new(5)));
        Post { db, clock, ids, keys: Keys::new(&[7; 32]), mailbox: Memory::new(), nudge: Arc::default() }
    }

    fn present(&self) -> Present {
        Present { now: Clock::now(&*self.clock), today: Day::from_epoch(20_779) }
    }

    fn dispatcher(&self) -> Dispatcher {
        self.dispatcher_to(Transport::Memory(self.mailbox.clone()))
    }

    fn dispatcher_to(&self, transport: Transport) -> Dispatcher {
        Dispatcher::new(Parts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            keys: self.keys.clone(),
            transport,
            nudge: self.nudge.clone(),
        })
    }

    fn message(&self, to: &str) -> NewMessage {
        let desk = Desk {
            sender: Sender::new(&Policy::default(), "https://provost.example.org"),
            keys: &self.keys,
            ids: &*self.ids,
            now: Clock::now(&*self.clock),
        };
        let to = Recipient { address: to.to_owned(), name: "Ann".to_owned(), language: "en".to_owned(), ..Recipient::default() };
        let content = Content::Test { operator: "olga".to_owned(), at: Moment { at: NOON, offset: 0 } };
        let secrets = Secrets { link: Some("secret-link".to_owned()), code: None };
        desk.message(to, content, Some(&secrets), 0).unwrap()
    }

    async fn add(&self, messages: &[NewMessage]) {
        let mut tx = self.db.write().await.unwrap();
        tx.add_messages(messages).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn add_some(&self, count: usize) {
        let messages: Vec<_> = (0..count).map(|n| self.message(&format!("u{n}@x.example"))).collect();
        self.add(&messages).await;
    }

    async fn rows(&self) -> Vec<MessageRecord> {
        let mut tx = self.db.read().await.unwrap();
        tx.messages(&MessageFilter::default(), Direction::Ascending, None, 10_000, self.present()).await.unwrap()
    }

    async fn only_row(&self) -> MessageRecord {
        let mut rows = self.rows().await;
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    async fn states(&self) -> Vec<MailState> {
        self.rows().await.iter().map(|row| row.state().unwrap()).collect()
    }
}

fn answers(step: Step, code: u16) -> Failure {
    Failure::new(step, Cause::Reply(Reply { code, text: "said the relay".to_owned() }))
}

fn breaks(step: Step) -> Failure {
    Failure::new(step, Cause::Broken("reset".to_owned()))
}

#[tokio::test]
async fn everything_due_goes_out_once() {
    let post = Post::new().await;
    post.add_some(500).await;
    post.dispatcher().drain().await.unwrap();
    let mut to: Vec<String> = post.mailbox.mails().into_iter().map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), post.mailbox.mails().len()), (500, 500));
    assert!(post.states().await.iter().all(|state| *state == MailState::Accepted));
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.mailbox.mails().len(), 500);
}

#[tokio::test]
async fn a_message_refused_for_now_waits_and_then_goes_out() {
    let post = Post::new().await;
    post.add_some(1).await;
    post.mailbox.fail([answers(Step::RcptTo, 451)]);
    post.dispatcher().drain().await.unwrap();
    let row = post.only_row().await;
    assert_eq!((row.state().unwrap(), row.tries, row.reply.as_str()), (MailState::Deferred, 1, "451 said the relay"));
    assert_eq!(row.reason, "The relay refused the recipient (451).");
    assert!(row.due_at > NOON);
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.mailbox.mails().len(), 0, "not before it is due");
    post.clock.set(row.due_at);
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.only_row().await.state().unwrap(), MailState::Accepted);
}

#[tokio::test]
async fn a_message_that_may_have_arrived_waits_a_minute_and_repeats_byte_for_byte() {
    let post = Post::new().await;
    post.add_some(1).await;
    post.mailbox.fail([breaks(Step::FinalDot)]);
    post.dispatcher().drain().await.unwrap();
    let row = post.only_row().await;
    assert_eq!((row.state().unwrap(), row.due_at), (MailState::Uncertain, NOON + AFTER_UNCERTAIN));
    post.clock.advance(AFTER_UNCERTAIN);
    post.dispatcher().drain().await.unwrap();
    let mails = post.mailbox.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1]);
    assert_eq!(post.only_row().await.state().unwrap(), MailState::Accepted);
}

#[tokio::test]
async fn a_refused_recipient_fails_alone_where_it_can_be_seen() {
    let post = Post::new().await;
    post.add_some(3).await;
    post.mailbox.fail([answers(Step::RcptTo, 550)]);
    post.dispatcher().drain().await.unwrap();
    let rows = post.rows().await;
    let failed: Vec<_> = rows.iter().filter(|row| row.state().unwrap() == MailState::Failed).collect();
    assert_eq!((failed.len(), post.mailbox.mails().len()), (1, 2));
    assert_eq!(failed[0].reply, "550 said the relay");
    let mut tx = post.db.read().await.unwrap();
    assert!(tx.message_to_retry(failed[0].id, post.present()).await.unwrap().unwrap().may_retry());
}

#[tokio::test]
async fn a_wrong_setting_pauses_everything_and_burns_no_tries() {
    let post = Post::new().await;
    post.add_some(40).await;
    post.mailbox.fail((0..40).map(|_| answers(Step::Auth, 535)));
    post.dispatcher().drain().await.unwrap();
    let rows = post.rows().await;
    assert!(rows.iter().all(|row| row.state().unwrap() == MailState::Queued && row.tries == 0));
    let mut tx = post.db.read().await.unwrap();
    let pause = tx.mail_pause().await.unwrap().unwrap();
    assert_eq!((pause.reason.as_str(), pause.reply.as_str()), ("The relay refused the sign-in (535).", "535 said the relay"));
    drop(tx);
    assert!(post.mailbox.mails().is_empty());

    post.mailbox.mend();
    let mut tx = post.db.write().await.unwrap();
    tx.resume_mail().await.unwrap();
    tx.commit().await.unwrap();
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.mailbox.mails().len(), 40);
}

#[tokio::test]
async fn a_restart_tries_again_what_a_wrong_setting_paused() {
    let post = Post::new().await;
    post.add_some(1).await;
    post.mailbox.fail([answers(Step::MailFrom, 550)]);
    post.dispatcher().drain().await.unwrap();
    assert!(post.db.read().await.unwrap().mail_pause().await.unwrap().is_some());
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.only_row().await.state().unwrap(), MailState::Accepted);
}

#[tokio::test]
async fn a_relay_that_is_away_costs_no_tries_and_is_not_stormed() {
    let post = Post::new().await;
    post.add_some(300).await;
    post.mailbox.fail((0..300).map(|_| breaks(Step::Connect)));
    post.dispatcher().drain().await.unwrap();
    let rows = post.rows().await;
    let knocked = rows.iter().filter(|row| row.state().unwrap() == MailState::Deferred).count();
    assert!((1..=WORKERS).contains(&knocked), "{knocked} messages knocked");
    assert!(rows.iter().all(|row| row.tries == 0));
    post.mailbox.mend();
    post.clock.advance(60_000);
    post.dispatcher().drain().await.unwrap();
    assert_eq!(post.mailbox.mails().len(), 300);
}

#[tokio::test]
async fn a_message_is_given_up_after_many_tries_and_says_so() {
    let post = Post::new().await;
    post.add_some(1).await;
    for _ in 0..MOST_TRIES {
        assert_ne!(post.only_row().await.state().unwrap(), MailState::Failed);
        post.mailbox.fail([answers(Step::Data, 452)]);
        post.dispatcher().drain().await.unwrap();
        post.clock.advance(LONGEST);
    }
    let row = post.only_row().await;
    assert_eq!((row.state().unwrap(), row.tries), (MailState::Failed, MOST_TRIES));
    assert_eq!(row.reason, "It was tried too often. The relay refused the message (452).");
}

#[tokio::test]
async fn a_message_over_which_the_relay_always_hangs_up_waits_longer_and_is_given_up() {
    let post = Post::new().await;
    post.add_some(1).await;
    for tries in 0..MOST_TRIES {
        let row = post.only_row().await;
        assert_eq!((row.state().unwrap() == MailState::Failed, row.tries), (false, tries));
        let step = [Step::RcptTo, Step::Data, Step::FinalDot][usize::try_from(tries % 3).unwrap()];
        post.mailbox.fail([answers(step, 421)]);
        let dispatcher = post.dispatcher();
        dispatcher.drain().await.unwrap();
        assert!(dispatcher.0.breaker.open_for().is_some(), "everything waits");
        post.clock.advance(LONGEST);
    }
    let row = post.only_row().await;
    assert_eq!((row.state().unwrap(), row.tries), (MailState::Failed, MOST_TRIES));
}

#[tokio::test]
async fn a_relay_that_never_confirms_gets_five_copies_at_most() {
    let post = Post::new().await;
    post.add_some(1).await;
    for _ in 0..20 {
        post.mailbox.fail([breaks(Step::FinalDot)]);
        post.dispatcher().drain().await.unwrap();
        post.mailbox.mend();
        if post.only_row().await.state().unwrap() == MailState::Failed {
            break;
        }
        post.clock.advance(AFTER_UNCERTAIN);
    }
    assert_eq!(post.only_row().await.state().unwrap(), MailState::Failed);
    assert_eq!(post.mailbox.mails().len(), 5);
}

#[tokio::test]
async fn what_a_killed_server_was_sending_goes_out_again_with_the_same_bytes() {
    let post = Post::new().await;
    post.add_some(3).await;
    // A server that was killed after the final dot and before the mark: the relay has the message, the row does not know.
    post.mailbox.fail([breaks(Step::FinalDot)]);
    let mut tx = post.db.write().await.unwrap();
    let claimed = tx.claim_messages("killed", 1, NOON).await.unwrap().remove(0);
    tx.commit().await.unwrap();
    post.dispatcher().drain().await.unwrap();
    post.clock.advance(AFTER_UNCERTAIN);
    post.dispatcher().drain().await.unwrap();
    let mails = post.mailbox.mails();
    let of_claimed: Vec<_> = mails.iter().filter(|mail| mail.message_id == claimed.message_id).collect();
    let repeated: Vec<_> =
        mails.iter().filter(|mail| mails.iter().filter(|other| other.message_id == mail.message_id).count() > 1).collect();
    assert!(!of_claimed.is_empty(), "the killed server's message went out");
    assert_eq!((mails.len(), repeated.len()), (4, 2));
    assert_eq!(repeated[0], repeated[1]);
    assert!(post.states().await.iter().all(|state| *state == MailState::Accepted));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_fails_alone() {
    let post = Post::new().await;
    let (good, mut bad, mut moved) = (post.message("a@x.example"), post.message("b@x.example"), post.message("c@x.example"));
    bad.data = "not json".to_owned();
    moved.secret = good.secret.clone();
    let hostile = post.message("d@x.example\r\nBcc: e@x.example");
    post.add(&[bad, moved, hostile, good]).await;
    post.dispatcher().drain().await.unwrap();
    use MailState::{Accepted, Failed};
    assert_eq!(post.states().await, [Failed, Failed, Failed, Accepted]);
    assert_eq!(post.mailbox.mails().len(), 1);
}

#[tokio::test]
async fn what_is_too_late_is_not_sent_and_fails_where_it_can_be_seen() {
    let post = Post::new().await;
    post.add(&[NewMessage { give_up_at: Some(NOON), ..post.message("a@x.example") }]).await;
    post.dispatcher().drain().await.unwrap();
    assert!(post.mailbox.mails().is_empty());
    assert_eq!(post.only_row().await.reason, "It could not be sent in time.");
}

#[tokio::test]
async fn a_nudge_wakes_it_and_a_stop_ends_it() {
    let post = Post::new().await;
    let dispatcher = post.dispatcher();
    let running = tokio::spawn({
        let dispatcher = dispatcher.clone();
        async move { dispatcher.run().await }
    });
    post.add_some(1).await;
    post.nudge.notify_one();
    post.mailbox.wait_for(1).await;
    post.add_some(2).await;
    post.nudge.notify_one();
    post.mailbox.wait_for(3).await;
    dispatcher.stop();
    running.await.unwrap().unwrap();
    assert!(post.states().await.iter().all(|state| *state == MailState::Accepted));
}

#[tokio::test]
async fn a_worker_that_breaks_off_ends_the_dispatcher_and_the_next_one_sends_what_it_held() {
    let post = Post::new().await;
    post.add_some(20).await;
    post.mailbox.break_off();
    let ended =
        tokio::time::timeout(std::time::Duration::from_secs(60), post.dispatcher().run()).await.expect("it ends by itself");
    assert!(ended.is_err());
    assert!(post.states().await.contains(&MailState::Sending), "one message is in nobody's hands");
    post.dispatcher().drain().await.unwrap();
    assert!(post.states().await.iter().all(|state| *state == MailState::Accepted));
    assert_eq!(post.mailbox.mails().len(), 20);
}

#[tokio::test]
async fn a_stop_gives_back_what_was_not_sent() {
    let post = Post::new().await;
    post.add_some(100).await;
    let dispatcher = post.dispatcher();
    dispatcher.stop();
    dispatcher.run().await.unwrap();
    assert!(post.states().await.iter().all(|state| *state == MailState::Queued));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_one_postgres_send_each_message_once() {
    let Some(scratch) = testing::postgres().await.unwrap() else { return };
    let post = Post::on(scratch.db.clone());
    let other = Db::open(&scratch.url).await.unwrap();
    let second = Dispatcher::new(Parts { db: other.clone(), ..post.dispatcher().0.parts.clone() });
    post.add_some(600).await;
    let first = post.dispatcher();
    let (one, two) = tokio::join!(first.drain(), second.drain());
    one.unwrap();
    two.unwrap();
    let mut ids: Vec<String> = post.mailbox.mails().into_iter().map(|mail| mail.message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), post.mailbox.mails().len()), (600, 600));
    other.close().await;
    scratch.drop().await.unwrap();
}
