//! Making links: the secret goes into the sealed part of a message, its hash and the code's HMAC into the database.

use crate::{
    Service, ids,
    keys::{Keys, Purpose as KeyPurpose},
    mail::letter::Secrets,
    typed_code,
};
use store::links::{NewLink, Purpose};

/// How many links of one generation live at the same time.
pub(crate) const MOST_LINKS: i64 = 5;

/// Whom and what a link serves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Serves {
    pub(crate) person: i64,
    pub(crate) enrollment: i64,
    pub(crate) generation: i64,
    pub(crate) now: i64,
}

impl Service {
    /// A link to enroll, with a typed code of `code_length` characters.
    pub(crate) fn enroll_link(&self, serves: Serves, code_length: u8) -> (NewLink, Secrets) {
        let code = typed_code::draw(code_length, &mut |bytes| self.ids.fill(bytes));
        let mac = code_mac(&self.keys, serves.person, &code);
        self.link(serves, Purpose::Enroll, Some(mac), Some(code))
    }

    /// The link of *This was not me*.
    pub(crate) fn not_me_link(&self, serves: Serves) -> (NewLink, Secrets) {
        self.link(serves, Purpose::NotMe, None, None)
    }

    /// The link of *Stop it*.
    pub(crate) fn stop_it_link(&self, serves: Serves) -> (NewLink, Secrets) {
        self.link(serves, Purpose::StopIt, None, None)
    }

    fn link(&self, serves: Serves, purpose: Purpose, code_mac: Option<Vec<u8>>, code: Option<String>) -> (NewLink, Secrets) {
        let secret = self.ids.secret();
        let link = NewLink {
            hash: ids::hash(&secret),
            code_mac,
            enrollment: serves.enrollment,
            generation: serves.generation,
            purpose,
            made_at: serves.now,
        };
        (link, Secrets { link: Some(secret), code })
    }
}

/// The HMAC of a typed code in canonical form. The user is part of it, so that one guess is a guess at one user.
pub(crate) fn code_mac(keys: &Keys, person: i64, code: &str) -> Vec<u8> {
    keys.mac(KeyPurpose::TypedCode, &[&person.to_le_bytes(), code.as_bytes()]).to_vec()
}
