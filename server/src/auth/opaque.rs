//! One-time and refresh tokens: 256 random bits that mean nothing. The database knows their SHA-256 alone, which is enough
//! for what cannot be guessed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::clock::Random;

/// A token in the clear. Goes to one client, once; never into a log or a row.
#[derive(Clone, PartialEq, Eq)]
pub struct OpaqueToken([u8; 32]);

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OpaqueToken")
    }
}

impl OpaqueToken {
    /// A new one.
    pub fn generate(random: Random) -> anyhow::Result<Self> {
        Ok(OpaqueToken(random.bytes()?))
    }

    /// Of known bytes.
    pub(super) fn of_bytes(bytes: [u8; 32]) -> Self {
        OpaqueToken(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What a client brought; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(OpaqueToken)
    }

    /// As clients carry it.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As the database knows it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}
