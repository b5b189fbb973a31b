//! Passwords of operators: argon2id (RFC 9106) behind a semaphore on blocking threads, so that a rush of sign-ins takes neither all
//! memory nor the threads that serve everybody else.

use crate::{
    fault::{Fault, Outcome},
    ids::Ids,
};
use argon2::{
    Argon2, Params,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use model::Refusal;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many are hashed at once; each takes 19 MB for some hundredths of a second.
const AT_ONCE: usize = 2;
/// How many wait for that before the next is told to come again.
const WAITING: usize = 64;

/// Hashes and compares passwords.
#[derive(Clone)]
pub struct Passwords {
    hasher: Argon2<'static>,
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// What the password of an unknown UserID is compared with, so that it takes the same time.
    dummy: Arc<str>,
}

impl Passwords {
    /// With the parameters OWASP asks for: 19 MiB, two passes, one lane.
    ///
    /// # Errors
    /// [`Fault::Broken`] never happens with these parameters.
    pub fn new(ids: &dyn Ids) -> Outcome<Passwords> {
        Passwords::with(Params::default(), ids)
    }

    /// As cheap as argon2id gets, for tests that sign in often.
    ///
    /// # Errors
    /// [`Fault::Broken`] never happens with these parameters.
    pub fn quick(ids: &dyn Ids) -> Outcome<Passwords> {
        Passwords::with(Params::new(8, 1, 1, None).map_err(broken)?, ids)
    }

    fn with(params: Params, ids: &dyn Ids) -> Outcome<Passwords> {
        let hasher = Argon2::from(params);
        let dummy = hash_with(&hasher, &ids.secret(), ids)?;
        let (at_once, waiting) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(Semaphore::new(WAITING)));
        Ok(Passwords { hasher, at_once, waiting, dummy: dummy.into() })
    }

    /// The hash to store, in PHC form with a salt of its own.
    ///
    /// # Errors
    /// [`Fault::Broken`] when argon2 refuses.
    pub fn hash(&self, password: &str, ids: &dyn Ids) -> Outcome<String> {
        hash_with(&self.hasher, password, ids)
    }

    /// As [`Passwords::hash`], in its turn and on a thread where it keeps nobody waiting.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when too many are waiting.
    pub async fn hash_in_turn(&self, password: &str, ids: &dyn Ids) -> Outcome<String> {
        let (_place, turn) = self.turn().await?;
        let mut salt = [0; 16];
        ids.fill(&mut salt);
        let (hasher, password) = (self.hasher.clone(), password.to_owned());
        let work = move || {
            let _turn = turn;
            hash_salted(&hasher, &password, &salt)
        };
        tokio::task::spawn_blocking(work).await.map_err(broken)?
    }

    /// Room to wait in, and the turn.
    async fn turn(&self) -> Outcome<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        let place = self.waiting.clone().try_acquire_owned().map_err(|_| Fault::Refused(Refusal::Busy))?;
        let turn = self.at_once.clone().acquire_owned().await.map_err(broken)?;
        Ok((place, turn))
    }

    /// Is it the password of this hash? Without a hash (nobody has that UserID) it takes as long and answers no.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when too many are waiting.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Outcome<bool> {
        let (_place, turn) = self.turn().await?;
        let (hasher, password) = (self.hasher.clone(), password.to_owned());
        let known = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| self.dummy.clone(), Arc::from);
        // The permit goes with the thread: a request that is dropped does not make room while its thread still works.
        let work = move || {
            let _turn = turn;
            hasher.verify_password(password.as_bytes(), &*hash).is_ok()
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(broken)? && known)
    }
}

fn hash_with(hasher: &Argon2<'_>, password: &str, ids: &dyn Ids) -> Outcome<String> {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    hash_salted(hasher, password, &salt)
}

fn hash_salted(hasher: &Argon2<'_>, password: &str, salt: &[u8]) -> Outcome<String> {
    let hash: PasswordHash = hasher.hash_password_with_salt(password.as_bytes(), salt).map_err(broken)?;
    Ok(hash.to_string())
}

fn broken<E>(_: E) -> Fault {
    Fault::Broken("argon2 did not work")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Seeded;

    #[tokio::test]
    async fn only_the_password_itself_fits_its_hash() {
        let ids = Seeded::new(1);
        let passwords = Passwords::quick(&ids).unwrap();
        let hash = passwords.hash("correct horse", &ids).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert_ne!(hash, passwords.hash("correct horse", &ids).unwrap());
        assert!(passwords.verify("correct horse", Some(&hash)).await.unwrap());
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert!(!passwords.verify(wrong, Some(&hash)).await.unwrap());
        }
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(!passwords.verify("", Some("")).await.unwrap());
    }
}
