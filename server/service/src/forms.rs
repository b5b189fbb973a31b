//! The keys of forms: the same form twice does its work once (spec §3.5).

use crate::{
    Service,
    fault::{Fault, Outcome},
    keys::{Keys, Purpose},
};
use model::{
    Refusal,
    actor::Actor,
    form::{Fields, Form},
    refusal::BadRequest,
};
use store::{Tx, idempotency::FormKey};

/// What a form's key allows.
pub(crate) enum Turn {
    /// The form is new: do its work and end with [`Ticket::done`].
    New(Ticket),
    /// The form was sent before; this was its answer, as JSON.
    Again(String),
}

/// A new form whose answer is still to be kept.
pub(crate) struct Ticket {
    operator: i64,
    key: String,
}

impl Service {
    /// A new key for a form.
    pub(crate) fn new_form_key(&self) -> String {
        self.ids.key()
    }

    /// Takes the form's key, first of all in the transaction. `about` is what the address names beside the form, such as a row.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] when the key came with other content; [`BadRequest::Parameter`] when it is none of ours.
    pub(crate) async fn begin<F: Form>(&self, tx: &mut Tx, by: &Actor, key: &str, about: &str, form: &F) -> Outcome<Turn> {
        if !(16..=64).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
            return Err(Refusal::BadRequest(BadRequest::Parameter).into());
        }
        match tx.begin_form(by.id, key, &digest(&self.keys, about, &form.fields()), self.clock.now()).await? {
            FormKey::New => Ok(Turn::New(Ticket { operator: by.id, key: key.to_owned() })),
            FormKey::Answered(answer) => Ok(Turn::Again(answer)),
            FormKey::OtherContent => Err(Fault::Refused(Refusal::KeyReused)),
        }
    }
}

impl Ticket {
    /// Keeps the answer that a repeat of the form gets.
    pub(crate) async fn done(self, tx: &mut Tx, answer: &impl serde::Serialize) -> Outcome<()> {
        Ok(tx.answer_form(self.operator, &self.key, &serde_json::to_string(answer)?).await?)
    }
}

/// What tells this form from another: an HMAC with a key outside the database, because what was typed may be a password.
fn digest(keys: &Keys, about: &str, fields: &Fields) -> Vec<u8> {
    let pairs = fields.0.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    let parts: Vec<&[u8]> = std::iter::once(about.as_bytes()).chain(pairs).collect();
    keys.mac(Purpose::Form, &parts).to_vec()
}
