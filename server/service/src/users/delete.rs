//! Deleting a user (docs/decisions/0008): what is open ends, what is completed stays for reporting.

use crate::{
    Service,
    fault::Outcome,
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Refusal, actor::Actor, forms::ButtonForm, refusal::Thing, resend::UserToDelete, rights::Right, token::TokenState,
    user::display_name,
};
use serde_json::json;
use store::audit::Subject;

const REASON: &str = "The user was deleted.";

/// What deleting would do.
pub(crate) async fn read(service: &Service, by: &Actor, id: i64) -> Outcome<UserToDelete> {
    by.require(Right::UsersManage)?;
    let mut tx = service.db.read().await?;
    let user = tx.user(id).await?.ok_or(Refusal::NotFound(Thing::User))?;
    let open = tx.open_enrollments_of(id).await?.len() as i64;
    let tokens = tx.tokens_of(id).await?.iter().filter(|token| token.state != TokenState::Revoked).count() as i64;
    tx.rollback().await?;
    let name = display_name(&user.first_name, &user.last_name, &user.user_id);
    Ok(UserToDelete { id, user_id: user.user_id, name, open, tokens, key: service.new_form_key() })
}

/// Deletes. The user is taken first, so that nobody provisions or mails them meanwhile; then tasks, enrollments, tokens and mail.
pub(crate) async fn delete(service: &Service, by: &Actor, id: i64, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::UsersManage)?;
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("user.delete {id}"), form).await? else {
        return Ok(());
    };
    tx.lock_user(id).await?;
    let user = tx.user(id).await?.ok_or(Refusal::NotFound(Thing::User))?;
    let mut subjects = vec![Subject::User(id)];
    for enrollment in tx.open_enrollments_of(id).await? {
        subjects.push(Subject::Enrollment(enrollment));
        if let Some(enrollment) = tx.enrollment(enrollment).await? {
            subjects.push(Subject::Task(enrollment.task));
        }
    }
    let removed = tx.remove_open_enrollments_of(id, &by.user_id, now).await?;
    let revoked = tx.revoke_tokens_of(id, REASON).await?;
    tx.cancel_mail_of_person(id, REASON, now).await?;
    if !tx.delete_user(id, now).await? {
        return Err(Refusal::NotFound(Thing::User).into());
    }
    subjects.sort_by_key(|subject| subject.parts());
    subjects.dedup();
    let before = json!({ "email": user.email });
    let after = json!({ "email": null, "removed": removed, "revoked": revoked });
    note(&mut tx, by, Act { at: now, verb: "user.delete", before: Some(before), after: Some(after) }, &subjects).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}
