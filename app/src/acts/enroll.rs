//! The acts of a user with a link. Who and what come from the link's row, never from the form.

use super::{Call, CookieChange, Outcome, done, done_with};
use model::{
    Answer, Refusal,
    enrolling::{Asked, SESSION_PATH, link_path, not_me_path, stop_it_path},
    forms::{EmptyForm, EnrollCodeForm, VerifyForm},
    refusal::EnrollmentOver,
};

/// `POST /enroll`: **Start** with UserID and typed code.
pub async fn start_with_code(call: Call) -> Answer<Outcome> {
    let form: EnrollCodeForm = call.form()?;
    form.check()?;
    let cookie = call.ctx.enrolling.start_with_code(&form, &call.ctx.client).await?;
    done_with(SESSION_PATH, CookieChange::Enrollment(Some(cookie)))
}

/// `POST /enroll/{secret}`: **Start**.
pub async fn start(call: Call) -> Answer<Outcome> {
    call.form::<EmptyForm>()?;
    let cookie = call.ctx.enrolling.start(call.param("secret"), &call.ctx.client).await?;
    done_with(SESSION_PATH, CookieChange::Enrollment(Some(cookie)))
}

/// `POST /enroll/session`: **Verify**.
pub async fn verify(call: Call) -> Answer<Outcome> {
    let form: VerifyForm = call.form()?;
    let cookie = call.ctx.enrollment.as_deref().ok_or(Refusal::EnrollmentOver(EnrollmentOver::NoSession))?;
    call.ctx.enrolling.verify(cookie, &form, &call.ctx.client).await?;
    done(SESSION_PATH)
}

/// `POST /enroll/ask/{secret}`: **Ask for a new link**.
pub async fn ask_for_link(call: Call) -> Answer<Outcome> {
    call.form::<EmptyForm>()?;
    let secret = call.param("secret");
    let asked = match call.ctx.enrolling.ask_for_link(secret, &call.ctx.client).await? {
        Asked::LinkSent => "sent",
        Asked::Requested => "requested",
    };
    done(format!("{}?asked={asked}", link_path(secret)))
}

/// `POST /enroll/not-me/{secret}`: **This was not me**.
pub async fn not_me(call: Call) -> Answer<Outcome> {
    call.form::<EmptyForm>()?;
    let secret = call.param("secret");
    call.ctx.enrolling.not_me(secret, &call.ctx.client).await?;
    done(not_me_path(secret))
}

/// `POST /enroll/stop/{secret}`: **Stop it**.
pub async fn stop(call: Call) -> Answer<Outcome> {
    call.form::<EmptyForm>()?;
    let secret = call.param("secret");
    call.ctx.enrolling.stop(secret, &call.ctx.client).await?;
    done(stop_it_path(secret))
}
