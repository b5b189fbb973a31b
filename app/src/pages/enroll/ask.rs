//! **Ask for a new link**, on the page of a link that is too old or whose stop date is over.

use crate::parts::form::{ActForm, Submit};
use leptos::prelude::*;
use model::{
    catalogue::enroll::{AskTexts, EnrollTexts, OverText},
    enrolling::{Ask, LinkState},
};

/// What pressing the button does, and the button; or that it was pressed.
pub fn offer(texts: &'static EnrollTexts, ask: Ask, secret: &str) -> (&'static str, Option<AnyView>) {
    let texts = &texts.ask;
    match ask {
        Ask::ForLink => (texts.for_link, Some(button(texts, secret))),
        Ask::ForHelp => (texts.for_help, Some(button(texts, secret))),
        Ask::Asked => (texts.asked, None),
    }
}

fn button(texts: &'static AskTexts, secret: &str) -> AnyView {
    view! {
        <ActForm action=format!("/enroll/ask/{secret}") fresh=true class="stack">
            <Submit label=texts.button />
        </ActForm>
    }
    .into_any()
}

/// What asking came to, from the address it leads to; believed only where the link stands as it then must.
pub fn outcome(texts: &'static EnrollTexts, asked: &str, state: &LinkState) -> Option<OverText> {
    match (asked, state) {
        ("sent", LinkState::Replaced) => Some(texts.ask.sent),
        ("requested", LinkState::Expired { ask: Ask::Asked } | LinkState::TooOld { ask: Ask::Asked }) => {
            Some(texts.ask.requested)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::catalogue::en::ENGLISH;

    #[test]
    fn an_address_alone_never_says_that_a_link_is_on_its_way() {
        let said = |asked: &str, state: LinkState| outcome(&ENGLISH.enroll, asked, &state).map(|text| text.title);
        assert_eq!(said("sent", LinkState::Replaced), Some(ENGLISH.enroll.ask.sent.title));
        assert_eq!(said("requested", LinkState::Expired { ask: Ask::Asked }), Some(ENGLISH.enroll.ask.requested.title));
        for state in [LinkState::Canceled, LinkState::Locked, LinkState::Ended, LinkState::Used { not_me: false }] {
            assert_eq!(said("sent", state.clone()), None, "{state:?}");
            assert_eq!(said("requested", state.clone()), None, "{state:?}");
        }
        assert_eq!(said("requested", LinkState::Expired { ask: Ask::ForHelp }), None, "nobody asked");
        assert_eq!(said("sent", LinkState::TooOld { ask: Ask::ForLink }), None, "nothing was sent");
    }
}
