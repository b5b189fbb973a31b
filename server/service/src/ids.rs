//! Randomness is handed in: one trait, the operating system's source, and one that tests seed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws what nobody may guess.
pub trait Ids: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Ids + '_ {
    /// 32 random bytes.
    pub fn bytes32(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }

    /// 256 random bits in base64url without padding: 43 characters, for links and cookies.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes32())
    }

    /// 128 random bits in base64url without padding: 22 characters, for the keys of forms and the ids of selections.
    pub fn key(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Eight characters that are easy to read aloud, under which an accident is logged.
    pub fn reference(&self) -> String {
        const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
    }
}

/// What the database keeps of a secret: its SHA-256 (spec §4.1; 256 random bits need no salt and no slow hash).
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Ids for System {
    #[allow(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place; a machine without randomness must not go on"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The same sequence for the same seed: SHA-256 of seed and counter. For tests only.
#[derive(Debug)]
pub struct Seeded {
    seed: u64,
    next: AtomicU64,
}

impl Seeded {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Seeded {
        Seeded { seed, next: AtomicU64::new(0) }
    }
}

impl Ids for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let counter = self.next.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new().chain_update(self.seed.to_le_bytes()).chain_update(counter.to_le_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_ids_repeat_by_seed_and_never_within_one() {
        let (one, same, other): (&dyn Ids, &dyn Ids, &dyn Ids) = (&Seeded::new(1), &Seeded::new(1), &Seeded::new(2));
        let first = one.secret();
        assert_eq!(first, same.secret());
        assert_ne!(first, other.secret());
        assert_ne!(first, one.secret());
        assert_eq!((first.len(), one.key().len(), one.reference().len()), (43, 22, 8));
    }

    #[test]
    fn the_systems_ids_differ() {
        let ids: &dyn Ids = &System;
        assert_ne!(ids.secret(), ids.secret());
    }
}
