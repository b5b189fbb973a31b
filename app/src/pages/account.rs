//! `/account`: one's own profile, password and sessions.

use crate::{
    api::operators::{account_page, own_password_page},
    pages::operators::rights_in_words,
    parts::{
        dialog::ActLink,
        field::TextField,
        form::{ActForm, Buttons, Cancel, Hidden, Submit, Unclaimed},
        load::load,
        notice::Outcome,
        status::Time,
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    Answer,
    form::{Fields, Form},
    operator::{Account, PasswordForm, SessionRow},
};

/// One's own account.
#[component]
pub fn OwnAccount() -> impl IntoView {
    let query = use_query_map();
    let changed = move || query.with(|query| query.get("changed").is_some());
    view! {
        <PageTitle heading="Account" />
        <Outcome words=move || changed().then(|| "Your password is changed, and your other sessions are ended.".to_owned()) />
        {load(changed, |_| account_page(), |(account, key)| show(account, key))}
    }
}

fn show(account: Account, key: String) -> AnyView {
    let Account { user_id, name, email, role, rights, sessions, zone } = account;
    let facts = [("User ID", user_id), ("Name", name), ("Email", email), ("Role", role), ("Rights", rights_in_words(rights))];
    let facts = facts.map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> });
    let several = sessions.len() > 1;
    let others = format!("{key}-others");
    let forms = sessions.iter().filter(|session| !session.current).map(end);
    let forms = forms.chain(several.then(|| "/account/sessions/end".to_owned())).collect();
    let rows = sessions.into_iter().map(|session| view! { <Session session key=key.clone() /> });
    view! {
        <Unclaimed forms />
        <div class="card">
            <header class="card-head">
                <h2>"Profile"</h2>
                <ActLink href="/account/password" title="Change password" class="button small" body=|| view! { <Password /> }.into_any()>
                    "Change password"
                </ActLink>
            </header>
            <dl class="facts">{facts.collect_view()}</dl>
        </div>
        <section class="card list" aria-labelledby="sessions">
            <header class="card-head">
                <h2 id="sessions">"Sessions"</h2>
                {several.then(|| view! {
                    <ActForm action="/account/sessions/end" quiet=true>
                        <Hidden name="key" value=others />
                        <button class="button small" type="submit">"Sign out all others"</button>
                    </ActForm>
                })}
            </header>
            <table class="cards two">
                <caption>"Sessions"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"Browser"</th>
                        <th scope="col">"Sign out"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <footer class="pager"><span>"Dates in " {zone}</span></footer>
        </section>
    }
    .into_any()
}

/// The address that signs a session out.
fn end(session: &SessionRow) -> String {
    format!("/account/sessions/{}/end", session.name)
}

#[component]
fn Session(session: SessionRow, key: String) -> impl IntoView {
    let act = if session.current {
        view! { <span class="tag">"This session"</span> }.into_any()
    } else {
        let since = format!(" the session since {}", session.since);
        view! {
            <ActForm action=end(&session) quiet=true class="inline">
                <Hidden name="key" value=format!("{key}-{}", session.name) />
                <button class="button small" type="submit">"Sign out" <span class="unseen">{since}</span></button>
            </ActForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <td class="key nowrap"><Time at=session.seen /></td>
            <td class="wide nowrap"><Time at=session.since /></td>
            <td class="wide">{session.address}</td>
            <td class="clip second" title=session.agent.clone()>{session.agent.clone()}</td>
            <td class="end">{act}</td>
        </tr>
    }
}

/// The page `/account/password`.
#[component]
pub fn PasswordPage() -> impl IntoView {
    view! {
        <PageTitle heading="Change password" />
        <div class="card padded form-card"><Password /></div>
    }
}

fn check(fields: &Fields) -> Answer<()> {
    PasswordForm::read(fields)?.check()?;
    Ok(())
}

/// The form of one's own password.
#[component]
fn Password() -> impl IntoView {
    load(
        || (),
        |()| own_password_page(),
        |key| {
            view! {
            <ActForm action="/account/password" check class="stack">
                <TextField name="current_password" label="Current password" kind="password" autocomplete="current-password" required=true first=true />
                <TextField name="password" label="New password" kind="password" autocomplete="new-password" required=true hint="12 characters or more." />
                <p class="soft">"Your other sessions are signed out."</p>
                <Hidden name="key" value=key />
                <Buttons>
                    <Submit label="Change password" />
                    <Cancel href="/account" />
                </Buttons>
            </ActForm>
        }
        .into_any()
        },
    )
}
