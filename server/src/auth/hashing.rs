//! Password hashes: Argon2id, a bounded number at once.

/// Hashes passwords.
#[derive(Debug, Default)]
pub struct Hashing;
