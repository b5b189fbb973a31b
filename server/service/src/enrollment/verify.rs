//! **Verify**: one code. The right one completes the enrollment, in one transaction; a wrong one counts.
//!
//! Order of locks: task, enrollment, token, inventory, outbox. However many send the same code at once, the first transaction that
//! gets the enrollment's row spends the link, and the others find it spent.

use super::{
    note, notices, over,
    session::{attempts_left, find, live},
};
use crate::{
    Service,
    authenticators::{Proven, Verdict},
    clock::MINUTE,
    fault::{Fault, Outcome},
    ids,
    keys::{Place, Purpose},
    links::Serves,
    mail::letter::{Alert, Content},
    zone::Now,
};
use model::{
    actor::Client,
    forms::VerifyForm,
    policy::Policy,
    problem::{Problem, Problems},
    refusal::EnrollmentOver,
};
use store::{
    Tx,
    enrollment_sessions::Ended,
    enrollments::{Enrollment, Spent, Wrong},
    task_counters::TaskChange,
    tokens::NewToken,
};

/// One code.
pub(crate) async fn verify(service: &Service, cookie: &str, form: &VerifyForm, client: &Client) -> Outcome<()> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let hash = ids::hash(cookie);
    let (session, enrollment) = find(&mut tx, &hash, true).await?;
    let live = live(service, &hash, &session, &enrollment, now)?;
    let step = Attempt { service, client, enrollment: &enrollment, policy: &policy, now };
    match live.authenticator.prove(&live.pending, form, now.at)? {
        Verdict::NotACode { digits } => Err(problem(Problem::NotACode { digits: u32::from(digits) })),
        Verdict::Wrong => step.wrong(tx).await,
        Verdict::Proven(proven) => {
            step.complete(&mut tx, &hash, &proven).await?;
            tx.commit().await?;
            service.nudge();
            Ok(())
        }
    }
}

fn problem(problem: Problem) -> Fault {
    Problems::one("code", problem).into()
}

struct Attempt<'a> {
    service: &'a Service,
    client: &'a Client,
    enrollment: &'a Enrollment,
    policy: &'a Policy,
    now: Now,
}

impl Attempt<'_> {
    /// Counts a wrong code; the last one locks.
    async fn wrong(&self, mut tx: Tx) -> Outcome<()> {
        let (enrollment, now) = (self.enrollment, self.now);
        let wrong = Wrong {
            id: enrollment.id,
            generation: enrollment.generation,
            today: now.today(),
            limit: i64::from(self.policy.attempts),
            now: now.at,
        };
        let counted = tx.count_wrong_code(wrong).await?.ok_or_else(|| over(EnrollmentOver::NoSession))?;
        if let (attempts, false) = counted {
            tx.commit().await?;
            let left = u32::from(attempts_left(self.policy, attempts));
            return Err(problem(Problem::WrongCode { left }));
        }
        tx.end_sessions(enrollment.id, Ended::Locked, now.at).await?;
        tx.count_in(enrollment.task, &TaskChange::new().locked(enrollment.counted(), true), now.at).await?;
        if self.policy.alert_locked {
            notices::alert(self.service, &mut tx, Alert::Locked, enrollment, self.policy, now).await?;
        }
        note(&mut tx, enrollment, self.client, "enrollment.lock", None, now).await?;
        tx.commit().await?;
        self.service.nudge();
        Err(over(EnrollmentOver::Locked))
    }

    /// Token, enrollment, session, counters, inventory, link and notices, all or nothing.
    async fn complete(&self, tx: &mut Tx, hash: &[u8], proven: &Proven) -> Outcome<()> {
        let (enrollment, now) = (self.enrollment, self.now);
        let (token, serial) = self.token(tx, proven).await?;
        let spent = Spent {
            id: enrollment.id,
            generation: enrollment.generation,
            today: now.today(),
            token,
            serial: &serial,
            now: now.at,
        };
        if !tx.complete_enrollment(spent).await? {
            return Err(over(EnrollmentOver::Completed));
        }
        // Shown a while longer, so that nobody loses the serial number by finishing in the last minute.
        let shown_until = now.at + i64::from(self.policy.window_minutes) * MINUTE;
        tx.end_completed_session(hash, now.at, shown_until).await?;
        tx.note_links_used(enrollment.id, enrollment.generation, now.at).await?;
        tx.count_in(enrollment.task, &TaskChange::new().completed(enrollment.counted()), now.at).await?;
        tx.reserve(enrollment.kind, -1).await?;
        tx.cancel_links_of_enrollment(enrollment.id, "The enrollment is completed.", now.at).await?;
        self.tell(tx, &serial).await?;
        let after = serde_json::json!({ "serial": serial, "type": enrollment.kind.name() }).to_string();
        note(tx, enrollment, self.client, "enrollment.complete", Some(after), now).await
    }

    async fn token(&self, tx: &mut Tx, proven: &Proven) -> Outcome<(i64, String)> {
        let enrollment = self.enrollment;
        let serial = tx.next_serial().await?;
        let place = Place { table: "tokens", row: &serial, generation: 0 };
        let sealed = self.service.keys.seal(Purpose::Token, place, &proven.secret, &*self.service.ids);
        let container = tx.container_of(enrollment.person).await?;
        let token = NewToken {
            serial: &serial,
            kind: enrollment.kind,
            person: enrollment.person,
            secret: &sealed,
            algorithm: proven.algorithm,
            digits: proven.digits,
            period: proven.period,
            last_step: proven.step,
            container: &container,
            now: self.now.at,
        };
        let id = tx.add_token(&token).await?;
        Ok((id, serial))
    }

    /// The completion mail goes to the profile's address, wherever the link went, with *This was not me*.
    async fn tell(&self, tx: &mut Tx, serial: &str) -> Outcome<()> {
        let (enrollment, now) = (self.enrollment, self.now);
        if enrollment.user.email.is_empty() {
            return Ok(());
        }
        let serves =
            Serves { person: enrollment.person, enrollment: enrollment.id, generation: enrollment.generation, now: now.at };
        let (link, secrets) = self.service.not_me_link(serves);
        let content = Content::Completed { kind: enrollment.kind, serial: serial.to_owned(), at: now.now() };
        let desk = notices::desk(self.service, self.policy, now);
        let message = desk.message(notices::to_user(enrollment, self.policy), content, Some(&secrets), 0)?;
        tx.add_links(&[link]).await?;
        Ok(tx.add_message(&message).await?)
    }
}
