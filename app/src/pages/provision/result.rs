//! The result: the task's number, who was left out, and how its mail fares. Read again at any time.

use super::{Steps, users};
use crate::{
    api::provision::provision_result_page,
    boot::use_boot,
    parts::{
        load::{Changes, load, use_own_address},
        notice::{Notice, Tone},
        progress::SentBar,
        status::On,
    },
};
use leptos::prelude::*;
use model::{listing::grouped, rights::Right, task::ProvisionResult as Outcome};

/// `/provision/{n}`.
#[component]
pub fn ProvisionResult() -> impl IntoView {
    let here = use_own_address(super::ROOT);
    let waits = RwSignal::new(false);
    watch_mail(waits);
    load(move || here.get().0, provision_result_page, move |result| show(result, waits))
}

fn show(result: Outcome, waits: RwSignal<bool>) -> AnyView {
    let done = result.provisioned.clone();
    let task = done.task;
    let may_manage = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningManage));
    let open = may_manage.then(|| {
        view! { <a class="button primary" href=format!("/provisioning-tasks/{task}")>{format!("Open task {task}")}</a> }
    });
    let left_out = done.left_out.iter().map(|(obstacle, count)| view! { <li>{users(*count)} ": " {obstacle.sentence()}</li> });
    let left_out = (!done.left_out.is_empty()).then(|| {
        view! {
            <div>
                <h3>"Left out"</h3>
                <ul>{left_out.collect_view()}</ul>
            </div>
        }
    });
    Effect::new({
        let waiting = result.waiting > 0;
        move |_| waits.set(waiting)
    });
    let zone = result.zone.clone();
    view! {
        <Steps at=4 />
        <div class="wizard">
            <section class="card padded stack" aria-labelledby="task">
                <h2 id="task">{format!("Task {task}")}</h2>
                <Notice tone=Tone::Good>
                    {users(done.count)} " may enroll until the end of " <On day=done.stop /> " in " {zone} "."
                </Notice>
                <Mail result />
                {left_out}
                <div class="buttons">
                    {open}
                    <a class="button" href="/users">"Users"</a>
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// How the task's mail fares.
#[component]
fn Mail(result: Outcome) -> impl IntoView {
    let failed = (result.failed > 0).then(|| view! { <Notice tone=Tone::Warning>{failed(result.failed)}</Notice> });
    view! {
        <div class="mail-progress" role="status">
            <SentBar sent=result.sent waiting=result.waiting failed=result.failed />
            <p>{words(&result)}</p>
        </div>
        {failed}
    }
}

fn words(result: &Outcome) -> String {
    let total = result.sent + result.waiting + result.failed;
    let out = format!("{} of {} messages are out.", grouped(result.sent), grouped(total));
    match (result.waiting, result.rest_out) {
        (0, _) => out,
        (waiting, Some(at)) => format!("{out} {} wait; they will be out at about {}.", grouped(waiting), at.clock()),
        (waiting, None) => format!("{out} {} wait and go out in the background; you can leave this page.", grouped(waiting)),
    }
}

fn failed(count: i64) -> String {
    let messages = if count == 1 { "1 message".to_owned() } else { format!("{} messages", grouped(count)) };
    format!("{messages} failed. The task shows whose, why, and a button to try again.")
}

/// While messages wait, the figures are read again every two seconds; only in a browser with script.
#[cfg(feature = "hydrate")]
fn watch_mail(waits: RwSignal<bool>) {
    let changes = use_context::<Changes>();
    let tick = move || {
        if let Some(changes) = changes.filter(|_| waits.get_untracked()) {
            changes.note();
        }
    };
    if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(2)) {
        on_cleanup(move || handle.clear());
    }
}

#[cfg(not(feature = "hydrate"))]
fn watch_mail(_: RwSignal<bool>) {
    let _ = use_context::<Changes>();
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        day::{Day, Moment},
        task::Provisioned,
    };

    fn result(sent: i64, waiting: i64, failed: i64, rest_out: Option<Moment>) -> Outcome {
        let provisioned = Provisioned { task: 7, count: 3, left_out: Vec::new(), stop: Day::from_epoch(20_000) };
        let now = Moment { at: 0, offset: 60 };
        Outcome { provisioned, sent, waiting, failed, rest_out, now, zone: "Europe/Vienna".into() }
    }

    #[test]
    fn the_result_says_how_many_messages_are_out_and_when_the_rest_will_be() {
        assert_eq!(words(&result(3, 0, 0, None)), "3 of 3 messages are out.");
        let soon = Some(Moment { at: 3_600_000, offset: 60 });
        assert_eq!(
            words(&result(1, 9_998, 1, soon)),
            "1 of 10,000 messages are out. 9,998 wait; they will be out at about 02:00."
        );
        assert!(words(&result(0, 3, 0, None)).ends_with("you can leave this page."));
        assert!(failed(1).starts_with("1 message failed."));
    }
}
