//! `/bulk/{id}`: the dry run with **Confirm** and **Cancel**, the progress while it runs, and the result.

use super::{ROOT, rows::Rows, what};
#[cfg(feature = "hydrate")]
use crate::parts::load::Changes;
use crate::{
    api::{Error, bulk::bulk_page},
    boot::use_boot,
    parts::{
        field::TextField,
        form::{ActForm, Buttons, Hidden, Submit},
        load::{load_or, refused, use_own_address},
        notice::{Notice, Tone},
        progress::ActBar,
        title::PageTitle,
    },
    words::counted,
};
use leptos::prelude::*;
use model::{
    bulk::{BulkAct, BulkDetail, BulkOrder, BulkState},
    listing::grouped,
};

/// The page.
#[component]
pub fn Bulk() -> impl IntoView {
    let here = use_own_address(ROOT);
    // While the reader leaves for the list, which stands at the root itself, nothing is read.
    let here = Memo::new(move |before: Option<&(String, String)>| match (here.get(), before) {
        ((row, _), Some(before)) if row.is_empty() => before.clone(),
        (here, _) => here,
    });
    let runs = RwSignal::new(false);
    watch(runs);
    let last = StoredValue::new(None::<BulkDetail>);
    let keep = move |detail: BulkDetail| {
        last.set_value(Some(detail.clone()));
        show(detail, runs, false)
    };
    // While it runs the page asks by itself, and nobody is to lose what they read because one answer did not come.
    let refuse = move |error| {
        let shown = last.get_value().filter(|last| last.act.id.to_string() == here.get_untracked().0);
        match shown.filter(|_| error == Error::Unreachable && runs.get_untracked()) {
            Some(detail) => show(detail, runs, true),
            None => refused(error),
        }
    };
    load_or(move || here.get(), |(id, query)| bulk_page(id, query), keep, refuse)
}

fn show(detail: BulkDetail, runs: RwSignal<bool>, lost: bool) -> AnyView {
    let state = detail.act.state;
    Effect::new(move |_| runs.set(state == BulkState::Running));
    let line = state.name();
    view! {
        <PageTitle heading=what(&detail.act.order) line />
        <section class="card padded stack bulk" aria-labelledby="what">
            <h2 id="what">{heading(state)}</h2>
            <Standing detail=detail.clone() lost />
            <Figures detail=detail.clone() />
            <TooOld detail=detail.clone() />
            <Acts detail=detail.clone() />
        </section>
        <Rows detail />
    }
    .into_any()
}

fn heading(state: BulkState) -> &'static str {
    match state {
        BulkState::Planned => "What will happen",
        BulkState::Running => "What is happening",
        BulkState::Done | BulkState::Canceled | BulkState::Stopped => "What happened",
    }
}

/// Where it stands, in a bar or a sentence.
#[component]
fn Standing(detail: BulkDetail, lost: bool) -> impl IntoView {
    let (done, left, waiting) = (detail.done, detail.left_out_count(), detail.planned);
    match detail.act.state {
        BulkState::Planned => view! { <p>"Nothing has been changed yet."</p> }.into_any(),
        BulkState::Running => {
            let id = detail.act.id;
            let waits = detail.waits_for_mail.then(|| {
                view! { <Notice tone=Tone::Warning>"Mail cannot be sent just now. This goes on by itself once it can."</Notice> }
            });
            let lost = lost.then(|| view! { <Notice tone=Tone::Warning>"Connection lost. Trying again…"</Notice> });
            view! {
                <div class="mail-progress" role="status">
                    <ActBar done left waiting />
                    <p>{format!("{} of {} done.", grouped(done), grouped(done + waiting))}</p>
                </div>
                <p class="keep"><a href=format!("{ROOT}/{id}")>"Look again"</a></p>
                <p class="soft">"It goes on in the background; you can leave this page."</p>
                {waits}
                {lost}
            }
            .into_any()
        }
        BulkState::Done => view! { <Notice tone=Tone::Good>{counted(done, "enrollment")} " done."</Notice> }.into_any(),
        BulkState::Canceled => view! { <Notice tone=Tone::Warning>{canceled(done, waiting)}</Notice> }.into_any(),
        BulkState::Stopped => {
            let why = detail.why.unwrap_or_default();
            view! { <Notice tone=Tone::Bad>"Stopped. " {why} " " {canceled(done, waiting)}</Notice> }.into_any()
        }
    }
}

fn canceled(done: i64, waiting: i64) -> String {
    match done {
        0 => "Nothing was changed.".to_owned(),
        _ => format!("{} done before it ended, {} left as they were.", grouped(done), grouped(waiting)),
    }
}

/// What happens to how many, and why others are left out.
#[component]
fn Figures(detail: BulkDetail) -> impl IntoView {
    let before = detail.act.state == BulkState::Planned;
    let will = before.then(|| view! { <li>{will(&detail.act.order, detail.planned)}</li> });
    let left = detail.left_out.iter().map(|(why, count)| {
        let verb = match (before, count) {
            (true, 1) => "is left out",
            (true, _) => "are left out",
            (false, _) => "left out",
        };
        view! { <li>{counted(*count, "enrollment")} " " {verb} ": " {why.sentence()}</li> }
    });
    let left = left.collect_view();
    (before || !left.is_empty()).then(|| view! { <ul>{will} {left}</ul> })
}

/// A new stop date revives no link whose lifetime is over; then *Send a new link* is offered, as by Edit of one task.
#[component]
fn TooOld(detail: BulkDetail) -> impl IntoView {
    let (id, count) = (detail.act.id, detail.too_old);
    let may = use_boot().me.is_some_and(|me| BulkAct::Resend.rights().iter().all(|right| me.rights.has(*right)));
    let said = match (count, detail.act.state) {
        (0, _) => return ().into_any(),
        (1, BulkState::Planned) => {
            "1 of them has a link that is too old. It stays so: a new link can be sent afterwards.".to_owned()
        }
        (_, BulkState::Planned) => {
            format!("{} of them have links that are too old. They stay so: new links can be sent afterwards.", grouped(count))
        }
        (1, _) => "The link of 1 of them is too old.".to_owned(),
        _ => format!("The links of {} of them are too old.", grouped(count)),
    };
    let offer = (may && detail.act.state != BulkState::Planned).then(|| {
        view! {
            <ActForm action=format!("{ROOT}/{id}/new-links")>
                <input type="hidden" name="key" value=format!("{}-new", detail.key) />
                <button class="button" type="submit">{if count == 1 { "Send a new link" } else { "Send a new link to each" }}</button>
            </ActForm>
        }
    });
    view! {
        <Notice tone=Tone::Warning>
            <div class="stack">
                <p>{said}</p>
                {offer}
            </div>
        </Notice>
    }
    .into_any()
}

fn will(order: &BulkOrder, count: i64) -> String {
    let many = counted(count, "enrollment");
    match order {
        BulkOrder::Resend => format!("{many}: a new link is mailed to the profile’s address, and earlier links stop working."),
        BulkOrder::StopDate { to } => format!("{many}: the stop date becomes {to}."),
        BulkOrder::Unlock { stop: None, .. } => format!("{many}: unlocked, with all attempts given back."),
        BulkOrder::Unlock { stop: Some(stop), .. } => {
            format!("{many}: unlocked, with all attempts given back; the stop date becomes {stop}.")
        }
        BulkOrder::Remove { notify: true } => format!("{many}: removed for good; the users are told by email."),
        BulkOrder::Remove { notify: false } => format!("{many}: removed for good; the users are not told."),
    }
}

#[component]
fn Acts(detail: BulkDetail) -> impl IntoView {
    let (id, key) = (detail.act.id, detail.key.clone());
    match detail.act.state {
        BulkState::Planned => view! {
            <div class="confirming">
                <Confirm detail />
                <End id key label="Cancel" />
            </div>
        }
        .into_any(),
        BulkState::Running => view! { <End id key label="Stop" /> }.into_any(),
        BulkState::Done | BulkState::Canceled | BulkState::Stopped => view! {
            <div class="buttons">
                <a class="button" href=format!("{ROOT}/{id}/result") rel="external" download="">"Download the result"</a>
                <a class="button" href=ROOT>"Acts over many"</a>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Confirm(detail: BulkDetail) -> impl IntoView {
    if detail.planned == 0 {
        return view! { <Notice tone=Tone::Warning>"Nobody is left to do it to."</Notice> }.into_any();
    }
    let (id, count, danger) = (detail.act.id, detail.planned, detail.act.order.act() == BulkAct::Remove);
    let typed = detail.is_typed();
    view! {
        <ActForm action=format!("{ROOT}/{id}/confirm") class="confirm">
            {danger.then(|| view! { <Notice tone=Tone::Warning>"This action cannot be reversed."</Notice> })}
            {typed.then(|| view! {
                <TextField name="count" label="How many" inputmode="numeric" hint=format!("Type {count} to confirm.") />
            })}
            <Hidden name="key" value=detail.key />
            <Buttons>
                <Submit label="Confirm" danger />
            </Buttons>
        </ActForm>
    }
    .into_any()
}

/// Ends it, before it begins or while it runs.
#[component]
fn End(id: i64, key: String, label: &'static str) -> impl IntoView {
    view! {
        <ActForm action=format!("{ROOT}/{id}/cancel")>
            <input type="hidden" name="key" value=format!("{key}-end") />
            <button class="button" type="submit">{label}</button>
        </ActForm>
    }
}

/// While it runs and somebody looks, the figures are read again every second; only in a browser with script.
#[cfg(feature = "hydrate")]
fn watch(runs: RwSignal<bool>) {
    let changes = use_context::<Changes>();
    let seen = || web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden());
    let tick = move || {
        if let Some(changes) = changes.filter(|_| runs.get_untracked() && seen()) {
            changes.note();
        }
    };
    if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
}

#[cfg(not(feature = "hydrate"))]
const fn watch(_: RwSignal<bool>) {}

#[cfg(test)]
mod tests {
    use super::*;
    use model::day::Day;

    #[test]
    fn the_dry_run_says_what_will_happen_to_how_many() {
        let to = Day::parse("2026-12-24").expect("a day");
        assert_eq!(will(&BulkOrder::StopDate { to }, 1_240), "1,240 enrollments: the stop date becomes 24 Dec 2026.");
        assert!(will(&BulkOrder::Remove { notify: false }, 1).starts_with("1 enrollment: removed for good"));
        assert_eq!(canceled(0, 5), "Nothing was changed.");
    }
}
