//! The secret key: one file beside the database, from which every purpose gets a key of its own (HKDF, RFC 5869).
//!
//! What is sealed with it can be opened only in the row it was made for: table, row and generation are associated data.

use crate::ids::Ids;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{io::Write, path::Path, sync::Arc};
use store::Db;

/// What a key is for. Each is derived on its own; knowing one tells nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Links and codes inside a waiting message.
    Outbox,
    /// The secrets of tokens.
    Token,
    /// The pending key of an enrollment session.
    EnrollmentSession,
    /// The HMAC of typed codes.
    TypedCode,
    /// Cursors of lists.
    Cursor,
    /// The HMAC of what a form holds: it may be a password.
    Form,
    /// Message-IDs and other names that must repeat and not be guessed.
    Name,
}

impl Purpose {
    const ALL: [Purpose; 7] = [
        Purpose::Outbox,
        Purpose::Token,
        Purpose::EnrollmentSession,
        Purpose::TypedCode,
        Purpose::Cursor,
        Purpose::Form,
        Purpose::Name,
    ];

    const fn info(self) -> &'static [u8] {
        match self {
            Purpose::Outbox => b"provost/1/outbox",
            Purpose::Token => b"provost/1/token",
            Purpose::EnrollmentSession => b"provost/1/enrollment session",
            Purpose::TypedCode => b"provost/1/typed code",
            Purpose::Cursor => b"provost/1/cursor",
            Purpose::Form => b"provost/1/form",
            Purpose::Name => b"provost/1/name",
        }
    }
}

/// Where a sealed value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// What names the row for ever, such as a Message-ID or a serial number.
    pub row: &'a str,
    /// The generation, or 0 where there is none.
    pub generation: i64,
}

impl Place<'_> {
    fn associated_data(self) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [self.table.as_bytes(), self.row.as_bytes(), &self.generation.to_le_bytes()] {
            data.extend((part.len() as u64).to_le_bytes());
            data.extend(part);
        }
        data
    }
}

/// A sealed value that does not belong where it was found, or that was made with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value cannot be opened: altered, moved, or made with another key")]
pub struct Unsealable;

/// Why there is no key to start with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("The secret key file {path} cannot be {verb}: {error}.")]
    File {
        /// The file.
        path: String,
        /// `read` or `made`.
        verb: &'static str,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not a key.
    #[error("The secret key file {0} does not hold a key of Provost.")]
    NotAKey(String),
    /// The database was made with a key, and its file is not there.
    #[error(
        "The secret key file {0} is missing, and the database was made with one. Put the file back; a new key could open nothing."
    )]
    Missing(String),
    /// The database was made with another key.
    #[error("The secret key file {0} is not the one this database was made with. Put the right file back.")]
    Other(String),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The secret key, as the keys derived from it. Prints nothing of itself.
#[derive(Clone)]
pub struct Keys(Arc<Derived>);

struct Derived {
    /// In the order of [`Purpose::ALL`].
    keys: [[u8; 32]; Purpose::ALL.len()],
    fingerprint: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

const HEAD: &str = "provost-key-1:";

impl Keys {
    /// The key of these 32 bytes.
    pub fn new(master: &[u8; 32]) -> Keys {
        let master = Hkdf::<Sha256>::new(None, master);
        let derive = |info: &[u8]| {
            let mut key = [0; 32];
            // 32 bytes are far below HKDF's limit of 255 blocks, the only way this can fail.
            let _ = master.expand(info, &mut key);
            key
        };
        let fingerprint = derive(b"provost/1/fingerprint")[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Keys(Arc::new(Derived { keys: Purpose::ALL.map(|purpose| derive(purpose.info())), fingerprint }))
    }

    /// Reads the key file and compares it with the database. On an empty database a missing file is made, for its owner only.
    ///
    /// # Errors
    /// A [`KeyError`], a sentence for whoever starts the server.
    pub async fn open(path: &Path, db: &Db, ids: &dyn Ids, now: i64) -> Result<Keys, KeyError> {
        let name = || path.display().to_string();
        let mut tx = db.write().await?;
        let known = tx.key_fingerprint().await?;
        let keys = match std::fs::read_to_string(path) {
            Ok(text) => parse(&text).ok_or_else(|| KeyError::NotAKey(name()))?,
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(KeyError::File { path: name(), verb: "read", error });
            }
            Err(_) if known.is_some() => return Err(KeyError::Missing(name())),
            Err(_) => make(path, ids).map_err(|error| KeyError::File { path: name(), verb: "made", error })?,
        };
        let fingerprint = match known {
            Some(fingerprint) => fingerprint,
            None => tx.settle_key_fingerprint(&keys.fingerprint(), now).await?,
        };
        tx.commit().await?;
        if fingerprint == keys.fingerprint() { Ok(keys) } else { Err(KeyError::Other(name())) }
    }

    fn of(&self, purpose: Purpose) -> &[u8; 32] {
        &self.0.keys[purpose as usize]
    }

    /// Eight bytes in hexadecimal that tell two keys apart and reveal neither.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint.clone()
    }

    /// Seals a value for one place: a random nonce, then the sealed bytes (XChaCha20-Poly1305).
    pub fn seal(&self, purpose: Purpose, place: Place<'_>, plain: &[u8], ids: &dyn Ids) -> Vec<u8> {
        let mut nonce = [0; 24];
        ids.fill(&mut nonce);
        let cipher = XChaCha20Poly1305::new(self.of(purpose).into());
        let payload = Payload { msg: plain, aad: &place.associated_data() };
        // Fails only beyond 256 GB.
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens a sealed value where it belongs.
    ///
    /// # Errors
    /// [`Unsealable`] anywhere else, and for anything altered.
    pub fn open_sealed(&self, purpose: Purpose, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(Unsealable)?;
        let cipher = XChaCha20Poly1305::new(self.of(purpose).into());
        let payload = Payload { msg: sealed, aad: &place.associated_data() };
        cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Unsealable)
    }

    /// The HMAC-SHA-256 of the parts, each with its length, so that no two lists of parts are one text.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of any length.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.of(purpose)) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn parse(text: &str) -> Option<Keys> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim().strip_prefix(HEAD)?).ok()?;
    Some(Keys::new(&bytes.try_into().ok()?))
}

/// Writes a new key, durably and for its owner only, before anything can depend on it.
fn make(path: &Path, ids: &dyn Ids) -> std::io::Result<Keys> {
    let master = ids.bytes32();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{HEAD}{}", URL_SAFE_NO_PAD.encode(master))?;
    file.sync_all()?;
    Ok(Keys::new(&master))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Seeded;

    const PLACE: Place<'static> = Place { table: "tokens", row: "1000000001", generation: 1 };

    #[test]
    fn a_sealed_value_opens_only_where_it_belongs() {
        let keys = Keys::new(&[7; 32]);
        let ids = Seeded::new(1);
        let sealed = keys.seal(Purpose::Token, PLACE, b"seed", &ids);
        assert_eq!(keys.open_sealed(Purpose::Token, PLACE, &sealed).as_deref(), Ok(b"seed".as_slice()));
        for place in [Place { generation: 2, ..PLACE }, Place { row: "1000000002", ..PLACE }, Place { table: "outbox", ..PLACE }]
        {
            assert_eq!(keys.open_sealed(Purpose::Token, place, &sealed), Err(Unsealable));
        }
        assert_eq!(keys.open_sealed(Purpose::Outbox, PLACE, &sealed), Err(Unsealable));
        assert_eq!(Keys::new(&[8; 32]).open_sealed(Purpose::Token, PLACE, &sealed), Err(Unsealable));
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(keys.open_sealed(Purpose::Token, PLACE, &altered), Err(Unsealable));
        }
        assert_eq!(keys.open_sealed(Purpose::Token, PLACE, &sealed[..23]), Err(Unsealable));
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let keys = Keys::new(&[7; 32]);
        for (place, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, place);
            assert_eq!(Purpose::ALL.iter().filter(|other| keys.of(**other) == keys.of(purpose)).count(), 1);
        }
    }

    #[test]
    fn parts_of_a_mac_cannot_be_shifted() {
        let keys = Keys::new(&[7; 32]);
        assert_ne!(keys.mac(Purpose::TypedCode, &[b"ab", b"c"]), keys.mac(Purpose::TypedCode, &[b"a", b"bc"]));
    }

    #[tokio::test]
    async fn a_key_is_made_only_on_an_empty_database_and_another_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("key"), folder.path().join("other"));
        let db = store::testing::memory().await.unwrap();
        let ids = Seeded::new(1);
        let keys = Keys::open(&path, &db, &ids, 0).await.unwrap();
        assert_eq!(Keys::open(&path, &db, &ids, 0).await.unwrap().fingerprint(), keys.fingerprint());
        assert!(matches!(Keys::open(&other, &db, &ids, 0).await, Err(KeyError::Missing(_))));
        assert!(!other.exists());
        make(&other, &ids).unwrap();
        assert!(matches!(Keys::open(&other, &db, &ids, 0).await, Err(KeyError::Other(_))));
        std::fs::write(&other, "hello").unwrap();
        assert!(matches!(Keys::open(&other, &db, &ids, 0).await, Err(KeyError::NotAKey(_))));
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        make(&folder.path().join("key"), &Seeded::new(1)).unwrap();
        assert_eq!(std::fs::metadata(folder.path().join("key")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
