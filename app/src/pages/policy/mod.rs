//! `/policy/self-enrollment`: every setting of self-enrollment, and who changed what.

mod log;

use crate::{
    api::{Error, policy::read_policy},
    parts::{
        field::{CheckBox, Choice, Problem, RadioGroup, SelectField, TextField},
        form::{ActForm, Buttons, FormState, Hidden, Submit},
        load::load,
        notice::Outcome,
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use log::ChangeLog;
use model::{
    Answer, Refusal,
    authentication::AuthenticationType,
    console::PolicyPage,
    form::{Fields, Form},
    policy::{ATTEMPTS, Algorithm, Bounds, CODE_LENGTH, COOLDOWN, DAYS, LINK_HOURS, PER_DAY, PolicyForm, WINDOW},
    user::LANGUAGES,
};

const PATH: &str = "/policy/self-enrollment";

/// The policy and its change log.
#[component]
pub fn SelfEnrollmentPolicy() -> impl IntoView {
    // Changes with every change of the policy and with nothing else, so that turning a page of the log spares what is typed.
    let query = use_query_map();
    let saved = Memo::new(move |_| query.with(|query| query.get("saved").unwrap_or_default()));
    view! {
        <div class="stack">
            {load(
                move || saved.get(),
                |_| read_policy(),
                move |page| {
                    view! {
                        <PageTitle heading="Self-Enrollment Policy" line="A number has bounds, so 0 never switches a limit off." />
                        <Outcome words=move || (!saved.get_untracked().is_empty()).then(|| "The policy is saved.".to_owned()) />
                        <PolicyFields page />
                    }
                    .into_any()
                },
            )}
            <ChangeLog />
        </div>
    }
}

fn check(fields: &Fields) -> Answer<()> {
    PolicyForm::read(fields)?.check()?;
    Ok(())
}

#[component]
fn PolicyFields(page: PolicyPage) -> impl IntoView {
    let PolicyPage { form, enrollable, zones } = page;
    let (version, key) = (form.version.clone(), form.key.clone());
    view! {
        <div class="card padded policy">
            <ActForm action=PATH check class="stack">
                <Stale />
                <Sending form=form.clone() />
                <Resends form=form.clone() />
                <Using form=form.clone() />
                <Types form=form.clone() enrollable />
                <Organisation form zones />
                <Hidden name="version" value=version />
                <Hidden name="key" value=key />
                <Buttons>
                    <Submit label="Save" />
                    <a class="button" href=PATH rel="external">"Cancel"</a>
                </Buttons>
            </ActForm>
        </div>
    }
}

/// Somebody else was faster: what is typed stays, and the way to what they did.
#[component]
fn Stale() -> impl IntoView {
    let state = FormState::here();
    let stale = move || matches!(state.no(), Some(Error::Refused(Refusal::Stale)));
    move || {
        stale().then(|| {
            view! {
                <p>
                    "What you typed is kept here. "
                    <a href=PATH rel="external" target="_blank">"Open the policy as it is now in another tab"</a>
                    ", with who changed what, and type there what still applies."
                </p>
            }
        })
    }
}

#[component]
fn Number(
    name: &'static str,
    label: &'static str,
    value: String,
    bounds: Bounds,
    #[prop(default = "")] hint: &'static str,
) -> impl IntoView {
    let Bounds { least, most } = bounds;
    let hint = format!("{least} to {most}. {hint}").trim_end().to_owned();
    view! {
        <TextField name label value hint kind="number" inputmode="numeric" required=true min=least.to_string() max=most.to_string() />
    }
}

#[component]
fn Sending(form: PolicyForm) -> impl IntoView {
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into(), ..Choice::default() };
    let lifetimes = vec![choice("stop", "Until the stop date"), choice("hours", "A number of hours")];
    view! {
        <section class="stack">
            <h2>"When a link is sent"</h2>
            <p class="soft">"Stop date and link lifetime are fixed at sending: a change counts for links sent from then on."</p>
            <div class="columns">
                <Number name="days" label="Days until stop date" value=form.days bounds=DAYS />
                <Number name="code_length" label="Typed-code length" value=form.code_length bounds=CODE_LENGTH hint="Characters of the code for another device." />
                <RadioGroup name="link_lifetime" legend="Link lifetime" choices=lifetimes value=form.link_lifetime />
                <TextField
                    name="link_hours"
                    label="Hours"
                    value=form.link_hours
                    kind="number"
                    inputmode="numeric"
                    min=LINK_HOURS.least.to_string()
                    max=LINK_HOURS.most.to_string()
                    hint="1 to 720, read with a number of hours only, and never past the stop date. 24 is the strict profile of NIST SP 800-63B."
                />
            </div>
        </section>
    }
}

#[component]
fn Resends(form: PolicyForm) -> impl IntoView {
    let addresses =
        [("any", "Any address"), ("domains", "Addresses of listed domains"), ("off", "Off: the profile's address only")];
    let addresses = addresses.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! {
        <section class="stack">
            <h2>"Resends"</h2>
            <div class="columns">
                <Number name="resend_cooldown_minutes" label="Resend cooldown, minutes" value=form.resend_cooldown_minutes bounds=COOLDOWN hint="Between two resends to one address." />
                <Number name="resends_per_day" label="Resends per address and day" value=form.resends_per_day bounds=PER_DAY />
                <SelectField name="alternate_addresses" label="Alternate addresses" options=addresses value=form.alternate_addresses hint="Where a resend may go beside the profile's address." />
                <TextField name="alternate_domains" label="Domains" value=form.alternate_domains hint="Read with listed domains only; with commas between." />
            </div>
        </section>
    }
}

#[component]
fn Using(form: PolicyForm) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"While users enroll"</h2>
            <p class="soft">"Read at use: a change counts at once. A lowered limit of attempts locks nobody by itself."</p>
            <div class="columns">
                <Number name="attempts" label="Attempts" value=form.attempts bounds=ATTEMPTS hint="Wrong codes until an enrollment locks." />
                <Number name="window_minutes" label="Session window, minutes" value=form.window_minutes bounds=WINDOW hint="From Start to the last step." />
                <TextField
                    name="reminder_days"
                    label="Reminders, days before the stop date"
                    value=form.reminder_days
                    hint="With commas between, such as 3, 1; empty for none. One each, to the profile's address. Where a day was missed, the nearest one goes out later."
                />
            </div>
            <CheckBox name="expired_may_ask" label="Expired page may ask" checked=form.expired_may_ask == "yes" hint="Somebody whose stop date is over may ask for a new link once, to the profile's address. Off: operators see a request instead." />
            <CheckBox name="alert_expired" label="Alert operators on expired" checked=form.alert_expired == "yes" hint="To everybody who may manage provisioning: one message for all that expired the day before." />
            <CheckBox name="alert_locked" label="Alert operators on locked" checked=form.alert_locked == "yes" hint="To everybody who may manage provisioning." />
        </section>
    }
}

#[component]
fn Types(form: PolicyForm, enrollable: Vec<AuthenticationType>) -> impl IntoView {
    let state = FormState::here();
    let (problem, described) = (state.id("allowed_types-problem"), state.id("allowed_types-problem"));
    let boxes = AuthenticationType::ALL.map(|kind| {
        let weak = if kind == AuthenticationType::EmailCode { "Weak: whoever reads the mailbox has it. " } else { "" };
        let later = if enrollable.contains(&kind) { "" } else { "This version cannot enroll it, so it is not offered." };
        let hint = Some(format!("{weak}{later}")).filter(|hint| !hint.is_empty());
        let checked = form.allowed_types.iter().any(|code| code == kind.code());
        match hint {
            Some(hint) => view! { <CheckBox name="allowed_types" value=kind.code() label=kind.name() checked hint /> }.into_any(),
            None => view! { <CheckBox name="allowed_types" value=kind.code() label=kind.name() checked /> }.into_any(),
        }
    });
    let options = |values: &[&str]| values.iter().map(|value| ((*value).to_owned(), (*value).to_owned())).collect::<Vec<_>>();
    view! {
        <section class="stack">
            <h2>"Authentication types"</h2>
            <fieldset class="field stack" aria-describedby=described>
                <legend>"Allowed types"</legend>
                {boxes.collect_view()}
                <Problem name="allowed_types" id=problem />
            </fieldset>
            <p class="soft">"New authenticator apps get these; 6 digits, 30 seconds and SHA-1 work with every app."</p>
            <div class="columns">
                <SelectField name="totp_algorithm" label="Hash function" options=options(&Algorithm::ALL.map(Algorithm::name)) value=form.totp_algorithm />
                <SelectField name="totp_digits" label="Digits" options=options(&["6", "8"]) value=form.totp_digits />
                <SelectField name="totp_period" label="Seconds" options=options(&["30", "60"]) value=form.totp_period />
            </div>
        </section>
    }
}

#[component]
fn Organisation(form: PolicyForm, zones: Vec<String>) -> impl IntoView {
    let zones = zones.into_iter().map(|zone| (zone.clone(), zone)).collect();
    let languages = LANGUAGES.iter().map(|code| ((*code).to_owned(), model::catalogue::of(code).name.to_owned())).collect();
    view! {
        <section class="stack">
            <h2>"Organisation and mail"</h2>
            <div class="columns">
                <TextField name="organisation" label="Organisation name" value=form.organisation required=true hint="As users read it in mails, on their pages, and in their app." />
                <SelectField name="language" label="Default language" options=languages value=form.language hint="For users without a language of their own." />
                <TextField name="sender_name" label="Sender name" value=form.sender_name hint="Empty: the organisation's." />
                <TextField name="sender_address" label="Sender address" kind="email" value=form.sender_address required=true />
                <SelectField
                    name="time_zone"
                    label="Time zone"
                    options=zones
                    value=form.time_zone
                    hint="A changed time zone takes effect at once for all: every stop date stays the same day and ends with it in the new zone, so that enrollments near midnight may expire, or become active again."
                />
            </div>
        </section>
    }
}
