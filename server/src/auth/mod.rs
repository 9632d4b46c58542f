//! Signing in and staying signed in: passwords, tokens, sessions, and who asks. The only user of argon2 and jsonwebtoken.

mod hashing;
mod secrets;
mod viewer;

pub use hashing::Hashing;
pub use secrets::Secrets;
pub use viewer::Viewer;
