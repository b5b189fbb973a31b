//! The page of a link or a session that does not serve: what happened, and what to do. Names nobody.

use super::frame::Frame;
use crate::{
    api::Error,
    boot::{Reply, use_boot},
    parts::form::FormState,
    parts::load::Changes,
};
use leptos::prelude::*;
use model::{
    Refusal,
    catalogue::{self, enroll::EnrollTexts, enroll::OverText},
    enrolling::{Host, TYPED_CODE_PATH},
    refusal::EnrollmentOver,
};

/// A heading, what happened, what to do, and perhaps something to press.
#[component]
pub fn Over(
    /// Whose page it is.
    host: Host,
    /// What it says.
    text: OverText,
    /// The icon above it.
    icon: &'static str,
    /// What can be pressed.
    #[prop(optional_no_strip)]
    act: Option<AnyView>,
) -> impl IntoView {
    let filled = |words: &str| catalogue::fill(words, &[("organisation", &host.organisation)]);
    let (what, how) = (filled(text.what), filled(text.how));
    view! {
        <Frame host title=text.title icon>
            <div class="told">
                <p>{what}</p>
                <p>{how}</p>
            </div>
            {act}
        </Frame>
    }
}

/// The page of that refusal.
pub fn refused(host: Host, no: &Refusal) -> AnyView {
    let texts = &catalogue::of(&host.language).enroll;
    let (text, icon, typing) = match no {
        Refusal::EnrollmentOver(why) => (texts.over(*why), icon(*why), may_type(*why)),
        Refusal::NotFound(_) => (texts.over.unknown, "alert", true),
        other => return trouble(host, texts, other),
    };
    let act = typing.then(|| view! { <TypeCode texts /> }.into_any());
    view! { <Over host text icon act /> }.into_any()
}

/// Anything that is not about the link: the server is busy, or an accident.
fn trouble(host: Host, texts: &'static EnrollTexts, no: &Refusal) -> AnyView {
    let what = texts.refusal(no, &host.zone);
    view! {
        <Frame host title=texts.no.title icon="alert">
            <p>{what}</p>
        </Frame>
    }
    .into_any()
}

/// The link to `/enroll`.
#[component]
fn TypeCode(texts: &'static EnrollTexts) -> impl IntoView {
    view! { <a class="button wide" href=TYPED_CODE_PATH>{texts.over.type_code}</a> }
}

const fn icon(why: EnrollmentOver) -> &'static str {
    match why {
        EnrollmentOver::NoSession | EnrollmentOver::Expired | EnrollmentOver::LinkTooOld => "clock",
        EnrollmentOver::StartedElsewhere => "info",
        EnrollmentOver::Locked => "lock",
        EnrollmentOver::Canceled | EnrollmentOver::Ended => "minus",
        EnrollmentOver::Completed => "check",
        EnrollmentOver::Replaced => "mail",
    }
}

/// Does typing the code help?
const fn may_type(why: EnrollmentOver) -> bool {
    matches!(why, EnrollmentOver::NoSession | EnrollmentOver::StartedElsewhere)
}

/// What a form of this page was refused for, when that leaves nothing on the page to press.
#[derive(Clone, Copy)]
pub struct Ending(RwSignal<Option<Refusal>>);

impl Ending {
    /// Of a page whose form posts to `path`: as a post without script left it.
    pub fn new(path: &str) -> Ending {
        let posted = use_boot().posted.filter(|posted| posted.path == path);
        let no = posted.and_then(|posted| match posted.reply {
            Reply::No(refusal) if ends(&refusal) => Some(refusal),
            _ => None,
        });
        Ending(RwSignal::new(no))
    }

    /// The page's refusal.
    pub fn get(self) -> Option<Refusal> {
        self.0.get()
    }

    /// The time is over while the page is open.
    pub fn time_is_over(self) {
        self.0.set(Some(Refusal::EnrollmentOver(EnrollmentOver::NoSession)));
        focus_on_page();
    }
}

/// Stands in a form; takes its page away when the form is refused for good. A completed enrollment is looked at again: the same
/// code sent twice ends on the page of success.
#[component]
pub fn EndsHere(
    /// Where it is noted.
    ending: Ending,
) -> impl IntoView {
    let (state, changes) = (FormState::here(), use_context::<Changes>());
    Effect::new(move |_| match state.no() {
        Some(Error::Refused(Refusal::EnrollmentOver(EnrollmentOver::Completed))) => {
            if let Some(changes) = changes {
                changes.note();
            }
        }
        Some(Error::Refused(no)) if ends(&no) => {
            ending.0.set(Some(no));
            focus_on_page();
        }
        _ => {}
    });
}

fn ends(no: &Refusal) -> bool {
    matches!(no, Refusal::EnrollmentOver(why) if *why != EnrollmentOver::Completed) || matches!(no, Refusal::NotFound(_))
}

/// The reader goes on at the top of what has changed.
pub fn focus_on_page() {
    request_animation_frame(crate::routes::focus_on_page);
}
