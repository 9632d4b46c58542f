//! What tokens are signed with. Keys are told apart by id, so that a new one can sign while the old one still verifies.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::Random;
use crate::config::{Config, ConfigError};
use crate::db::Location;

/// The least length of a key in bytes: that of the hash, RFC 7518 section 3.2.
const KEY_BYTES: usize = 32;
/// The least number of different bytes in a key. Of 32 random ones some 30 are different; that fewer than this are is less likely than to guess the
/// key. Zeros and repetitions are no key.
const DISTINCT_BYTES: usize = 10;
/// The file of the generated secret, in the data folder.
const FILE: &str = "secret";

/// Keys by id; the first signs, all verify. Never printed.
#[derive(Clone)]
pub struct Secrets {
    first: Key,
    others: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: String,
    bytes: Vec<u8>,
}

/// A key for one purpose: what is signed for one is of no use for another.
pub(super) struct PurposeKey {
    pub(super) id: String,
    pub(super) bytes: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.keys().map(|key| &key.id)).finish()
    }
}

impl Secrets {
    /// From the configuration, or, on the embedded database, from the file in the data folder, which is made when missing.
    ///
    /// # Errors
    /// A [`ConfigError`] that names `VEKHA_SECRETS` where the keys make no sense.
    pub fn load(config: &Config, random: Random) -> anyhow::Result<Self> {
        if let Some(text) = &config.secrets {
            return Ok(Self::parse(text).map_err(|problem| refuse(&problem))?);
        }
        match config.database {
            Location::Sqlite(_) => Self::from_file(&config.data_dir, random),
            Location::Postgres { .. } => Err(refuse("required with PostgreSQL").into()),
        }
    }

    /// One key of known bytes.
    pub fn of_key(id: &str, bytes: [u8; KEY_BYTES]) -> Self {
        Secrets { first: Key { id: id.to_owned(), bytes: bytes.to_vec() }, others: Vec::new() }
    }

    /// The same, with the key of `newer` signing and all verifying.
    #[must_use]
    pub fn rotated_to(&self, newer: Secrets) -> Self {
        let others = newer.others.into_iter().chain(self.keys().cloned()).collect();
        Secrets { first: newer.first, others }
    }

    /// `kid:base64` pairs separated by commas.
    fn parse(text: &str) -> Result<Self, String> {
        let mut keys = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let key = Key::parse(pair)?;
            if keys.iter().any(|known: &Key| known.id == key.id) {
                return Err(format!("the key id {:?} is there twice", key.id));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or("no key; kid:base64 pairs are expected, separated by commas")?;
        Ok(Secrets { first, others: keys.collect() })
    }

    fn from_file(folder: &Path, random: Random) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        if !file.try_exists().with_context(|| format!("cannot reach {}", file.display()))? {
            generate(folder, &file, random)?;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(text.trim()).map_err(|problem| {
            refuse(&format!("{problem} (in {}, which is used when the variable is not set)", file.display()))
                .into()
        })
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The key that signs for this purpose.
    pub(super) fn signing(&self, purpose: &str) -> anyhow::Result<PurposeKey> {
        self.first.for_purpose(purpose)
    }

    /// The key of this id for this purpose, if it is one of ours.
    pub(super) fn verifying(&self, id: &str, purpose: &str) -> anyhow::Result<Option<PurposeKey>> {
        self.keys().find(|key| key.id == id).map(|key| key.for_purpose(purpose)).transpose()
    }

    /// A signature over the message, `kid.base64url`. Another purpose has other signatures.
    ///
    /// # Errors
    /// None in practice: HMAC takes keys of any length.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> anyhow::Result<String> {
        let key = self.signing(purpose)?;
        Ok(format!("{}.{}", key.id, URL_SAFE_NO_PAD.encode(hmac_sha256(&key.bytes, message)?)))
    }

    /// Whether [`Secrets::sign`] made this signature for this purpose and message, with a key that still verifies. Takes the
    /// same time wherever the signature differs.
    pub fn verify(&self, purpose: &str, message: &[u8], signature: &str) -> bool {
        let Some((id, signature)) = signature.split_once('.') else { return false };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let Ok(Some(key)) = self.verifying(id, purpose) else { return false };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.bytes) else { return false };
        mac.update(message);
        mac.verify_slice(&signature).is_ok()
    }
}

impl Key {
    fn parse(pair: &str) -> Result<Self, String> {
        let Some((id, encoded)) = pair.split_once(':') else {
            return Err("a key without an id; kid:base64 is expected".to_owned());
        };
        let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if id.is_empty() || id.len() > 32 || !id.chars().all(allowed) {
            return Err("a key id is 1 to 32 letters, digits, hyphens and underscores".to_owned());
        }
        let bytes = STANDARD
            .decode(encoded)
            .or_else(|_| URL_SAFE_NO_PAD.decode(encoded))
            .map_err(|_| format!("the key {id:?} is not base64"))?;
        if bytes.len() < KEY_BYTES {
            return Err(format!("the key {id:?} has {} bytes; at least {KEY_BYTES} are needed", bytes.len()));
        }
        let mut seen: Vec<u8> = bytes.clone();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() < DISTINCT_BYTES {
            return Err(format!(
                "the key {id:?} is not random: {} different bytes of {}",
                seen.len(),
                bytes.len()
            ));
        }
        Ok(Key { id: id.to_owned(), bytes })
    }

    fn for_purpose(&self, purpose: &str) -> anyhow::Result<PurposeKey> {
        Ok(PurposeKey { id: self.id.clone(), bytes: hmac_sha256(&self.bytes, purpose.as_bytes())? })
    }
}

/// HMAC-SHA-256, RFC 2104.
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> anyhow::Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).context("a key that HMAC does not take")?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().into())
}

/// Makes the file whole or not at all: of two processes that start at once, both read what the first one made.
fn generate(folder: &Path, file: &Path, random: Random) -> anyhow::Result<()> {
    let failed = || format!("cannot write the secret to {}", file.display());
    let mut builder = fs::DirBuilder::new();
    // The database comes to lie beside the secret, and holds the hashes of passwords.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).with_context(failed)?;
    let draft = folder.join(format!(".secret-{}", random.token()?));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&draft).with_context(failed)?;
    writeln!(written, "k1:{}", STANDARD.encode(random.bytes()?)).with_context(failed)?;
    written.sync_all().with_context(failed)?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft).with_context(failed)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error).with_context(failed),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn refuse(problem: &str) -> ConfigError {
    ConfigError { variable: "VEKHA_SECRETS", problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    fn problem(text: &str) -> String {
        Secrets::parse(text).unwrap_err()
    }

    #[test]
    fn the_first_signs_and_all_verify() {
        let old = Secrets::parse(&format!("old:{LONG}")).unwrap();
        let both = old.rotated_to(Secrets::of_key("new", [7; 32]));
        let signed = old.sign("a", b"message").unwrap();
        assert!(both.verify("a", b"message", &signed));
        assert!(both.sign("a", b"message").unwrap().starts_with("new."));
        assert!(!old.verify("a", b"message", &both.sign("a", b"message").unwrap()), "unknown there");
    }

    #[test]
    fn a_signature_is_good_for_its_purpose_and_message_alone() {
        let secrets = Secrets::of_key("k1", [1; 32]);
        let signed = secrets.sign("download", b"42").unwrap();
        assert!(secrets.verify("download", b"42", &signed));
        assert!(!secrets.verify("upload", b"42", &signed));
        assert!(!secrets.verify("download", b"43", &signed));
        for wrong in ["", ".", "k1", "k1.", "k2.AAAA", "k1.é"] {
            assert!(!secrets.verify("download", b"42", wrong), "{wrong}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(problem(""), "no key; kid:base64 pairs are expected, separated by commas");
        assert_eq!(problem("k1:c2hvcnQ="), "the key \"k1\" has 5 bytes; at least 32 are needed");
        let zeros = STANDARD.encode([0; 32]);
        assert_eq!(problem(&format!("k1:{zeros}")), "the key \"k1\" is not random: 1 different bytes of 32");
        let repeated = STANDARD.encode(b"abcdabcdabcdabcdabcdabcdabcdabcd");
        assert_eq!(
            problem(&format!("k1:{repeated}")),
            "the key \"k1\" is not random: 4 different bytes of 32"
        );
        assert_eq!(problem("k1:***"), "the key \"k1\" is not base64");
        assert_eq!(problem(LONG), "a key without an id; kid:base64 is expected");
        assert_eq!(problem(&format!("a:{LONG},a:{LONG}")), "the key id \"a\" is there twice");
        assert_eq!(
            problem(&format!("ключ:{LONG}")),
            "a key id is 1 to 32 letters, digits, hyphens and underscores"
        );
    }

    #[test]
    fn debugging_shows_ids_alone() {
        assert_eq!(format!("{:?}", Secrets::of_key("k1", [1; 32])), r#"["k1"]"#);
    }

    #[test]
    fn a_missing_file_is_made_once_for_its_owner_alone() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let first = Secrets::from_file(&folder, Random).unwrap();
        let second = Secrets::from_file(&folder, Random).unwrap();
        let signed = first.sign("a", b"message").unwrap();
        assert!(second.verify("a", b"message", &signed));
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [FILE]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&folder.join(FILE))), (0o700, 0o600));
        }
    }
}
