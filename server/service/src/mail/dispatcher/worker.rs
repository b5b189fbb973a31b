//! One worker: looks again, builds the message, hands it over, and says what that means.

use super::{
    Job, Shared,
    backoff::{AFTER_UNCERTAIN, MOST_TRIES, UNCERTAIN_COUNTS, before_next_try},
    marker::{Done, Noted, Pause},
};
use crate::{
    mail::{
        Courier, Verdict, classify,
        failure::{Cause, Failure, Reply, Step},
        letter::{Letter, Secrets, unseal},
        message::{Mail, Source, build},
    },
    zone::Now,
};
use model::message::MailState;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};
use store::outbox::{Mark, Standing};
use tokio::sync::{Mutex, mpsc, oneshot};

/// How long an idle line to the relay stays open.
const IDLE: Duration = Duration::from_secs(5);

/// Works until there are no more jobs.
pub(super) async fn work(shared: Arc<Shared>, jobs: Arc<Mutex<mpsc::Receiver<Job>>>, done: mpsc::Sender<Noted>) {
    let mut courier = shared.parts.transport.courier();
    loop {
        let next = tokio::time::timeout(IDLE, async { jobs.lock().await.recv().await }).await;
        match next {
            Ok(Some(job)) => {
                let what = handle(&shared, &mut courier, job).await;
                // The next message goes out once this one is noted: a kill then repeats at most one message for each line.
                let (note, noted) = oneshot::channel();
                if done.send((what, note)).await.is_err() || noted.await.is_err() {
                    break;
                }
            }
            Ok(None) => break,
            Err(_) => courier.close().await,
        }
    }
    courier.close().await;
}

async fn handle(shared: &Shared, courier: &mut Courier, job: Job) -> Done {
    let now = shared.parts.clock.now();
    if shared.is_stopping() || shared.breaker.open_for().is_some() || !shared.pulse.holds(job.claimed_at) {
        return Done::mark(Mark::new(&job.message, MailState::Queued, now));
    }
    match look_again(shared, &job).await {
        Ok(Standing::Go) => {}
        Ok(Standing::Lost) => return Done::nothing(),
        Ok(Standing::Canceled(why)) => return ended(&job, MailState::Canceled, why, now),
        Ok(Standing::TooLate(why)) => return ended(&job, MailState::Failed, why, now),
        Err(error) => {
            tracing::warn!(%error, message = job.message.id, "a message could not be looked at again before sending");
            return Done::mark(Mark::new(&job.message, MailState::Queued, now));
        }
    }
    let (mail, secrets) = match prepare_or_fail(shared, &job) {
        Ok(ready) => ready,
        Err(failure) => return failed(shared, &job, &failure, &Secrets::default()),
    };
    let may_go = || shared.pulse.holds(job.claimed_at);
    match courier.send(&mail, &may_go).await {
        Ok(reply) => accepted(shared, &job, &reply, &secrets),
        Err(failure) => failed(shared, &job, &failure, &secrets),
    }
}

async fn look_again(shared: &Shared, job: &Job) -> store::Answer<Standing> {
    let now = Now { at: shared.parts.clock.now(), zone: job.around.zone };
    let mut tx = shared.parts.db.glance().await?;
    tx.standing(&job.message, now.at, i64::from(now.today().epoch())).await
}

/// A mistake in the program over one message fails that message, where it can be seen, and not the worker that holds it.
fn prepare_or_fail(shared: &Shared, job: &Job) -> Result<(Mail, Secrets), Failure> {
    catch_unwind(AssertUnwindSafe(|| prepare(shared, job))).unwrap_or_else(|_| {
        tracing::error!(message = job.message.id, "building a message broke off");
        Err(Failure::new(Step::Data, Cause::Unbuildable("building it broke off".to_owned())))
    })
}

fn prepare(shared: &Shared, job: &Job) -> Result<(Mail, Secrets), Failure> {
    let message = &job.message;
    let unreadable = |what: &str| Failure::new(Step::Data, Cause::Unbuildable(what.to_owned()));
    let letter: Letter = serde_json::from_str(&message.data).map_err(|_| unreadable("its values cannot be read"))?;
    let secrets = unseal(&shared.parts.keys, &message.message_id, message.generation, message.secret.as_deref())
        .map_err(|_| unreadable("its link cannot be opened with this secret key"))?;
    let mut mail = build(Source {
        message_id: &message.message_id,
        to: &message.to,
        language: &message.language,
        letter: &letter,
        secrets: &secrets,
        made_at: message.made_at,
    })?;
    mail.from.clone_from(&job.around.sender);
    Ok((mail, secrets))
}

fn ended(job: &Job, state: MailState, why: &str, now: i64) -> Done {
    Done::mark(Mark { reason: why.to_owned(), ..Mark::new(&job.message, state, now) })
}

fn accepted(shared: &Shared, job: &Job, reply: &Reply, secrets: &Secrets) -> Done {
    shared.breaker.close();
    let now = shared.parts.clock.now();
    Done::mark(Mark { reply: scrubbed(reply, secrets), sent: true, ..Mark::new(&job.message, MailState::Accepted, now) })
}

fn failed(shared: &Shared, job: &Job, failure: &Failure, secrets: &Secrets) -> Done {
    let (ids, now) = (&*shared.parts.ids, shared.parts.clock.now());
    let verdict = classify(failure);
    tracing::debug!(message = job.message.id, ?verdict, step = ?failure.step, "a message was not handed over");
    let mark = |state, due_in: i64, tries| Mark {
        reason: failure.to_string(),
        reply: failure.reply().map(|reply| scrubbed(reply, secrets)).unwrap_or_default(),
        due_at: now + due_in,
        tries,
        ..Mark::new(&job.message, state, now)
    };
    if failure.reply().is_some() && !matches!(verdict, Verdict::RelayAway | Verdict::AwayAgain) {
        shared.breaker.close();
    }
    if verdict == Verdict::AwayAgain {
        shared.breaker.trip(ids);
    }
    match verdict {
        Verdict::Never => Done::mark(mark(MailState::Failed, 0, 1)),
        Verdict::Again | Verdict::AwayAgain if job.message.tries + 1 >= MOST_TRIES => given_up(mark(MailState::Failed, 0, 1)),
        Verdict::Again | Verdict::AwayAgain => {
            Done::mark(mark(MailState::Deferred, before_next_try(job.message.tries + 1, ids), 1))
        }
        Verdict::Uncertain if job.message.tries + UNCERTAIN_COUNTS >= MOST_TRIES => {
            given_up(Mark { sent: true, ..mark(MailState::Failed, 0, UNCERTAIN_COUNTS) })
        }
        Verdict::Uncertain => Done::mark(Mark { sent: true, ..mark(MailState::Uncertain, AFTER_UNCERTAIN, UNCERTAIN_COUNTS) }),
        Verdict::RelayAway => Done::mark(mark(MailState::Deferred, shared.breaker.trip(ids), 0)),
        Verdict::Misconfigured => {
            let mark = mark(MailState::Queued, 0, 0);
            Done { pause: Some(Pause { reason: mark.reason.clone(), reply: mark.reply.clone() }), mark: Some(mark) }
        }
    }
}

fn given_up(mark: Mark) -> Done {
    Done::mark(Mark { reason: format!("It was tried too often. {}", mark.reason), ..mark })
}

/// What the relay said, without our link and code: some quote what they do not like, and no operator may read a usable link.
fn scrubbed(reply: &Reply, secrets: &Secrets) -> String {
    let mut text = reply.to_string();
    let shown = secrets.code.as_deref().map(crate::typed_code::shown);
    for secret in [secrets.link.as_deref(), secrets.code.as_deref(), shown.as_deref()].into_iter().flatten() {
        while let Some(place) = text.to_ascii_lowercase().find(&secret.to_ascii_lowercase()) {
            text.replace_range(place..place + secret.len(), "…");
        }
    }
    // A link that was cut short or quoted in part is still a long run of its letters.
    let long = |word: &str| word.bytes().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count() >= 24;
    let words = text.split(' ').map(|word| if word.contains("/enroll") && long(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_quotes_the_link_does_not_show_it_to_operators() {
        let secrets = Secrets { link: Some("AbC-def_0123456789AbC-def_0123456789AbC-def".into()), code: Some("7K3M9QRS".into()) };
        for said in [
            "blocked: https://p.example/enroll/AbC-def_0123456789AbC-def_0123456789AbC-def is listed",
            "blocked: HTTPS://P.EXAMPLE/ENROLL/ABC-DEF_0123456789ABC-DEF_0123456789ABC-DEF",
            "blocked: https://p.example/enroll/AbC-def_0123456789AbC-def_01234",
            "spam words: 7K3M-9QRS 7k3m9qrs",
        ] {
            let shown = scrubbed(&Reply { code: 550, text: said.into() }, &secrets);
            assert!(!shown.to_lowercase().contains("0123456789abc") && !shown.to_lowercase().contains("7k3m"), "{shown}");
            assert!(shown.starts_with("550 "));
        }
        let plain = Reply { code: 550, text: "5.1.1 <ann@x.example>: no such user".into() };
        assert_eq!(scrubbed(&plain, &secrets), plain.to_string());
    }
}
