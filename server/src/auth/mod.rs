//! Signing in and staying signed in: passwords, tokens, sessions, and who asks. The only user of argon2 and jsonwebtoken.

mod access_token;
mod backoff;
pub mod command_line;
mod cookie;
mod email;
pub mod graphql;
mod guessable;
mod hashing;
mod login;
mod opaque;
pub mod password;
mod proof;
mod refresh;
mod register;
mod secrets;
pub mod session;
mod turns;
mod viewer;

pub use access_token::{
    AccessToken, Identity, LIFETIME as ACCESS_TOKEN_LIFETIME, verify as verify_access_token,
};
pub use cookie::RefreshCookie;
pub use email::{email, sought};
pub use hashing::{Bounds, Cost, Hashing, Verdict};
pub use login::login;
pub use opaque::OpaqueToken;
pub use refresh::{GRACE as REFRESH_GRACE, refresh};
pub use register::{DEFAULT_TIME_ZONE, Registration, has_account, register};
pub use secrets::Secrets;
pub use session::{SignIn, Visitor};
pub use turns::Precedence;
pub use viewer::Viewer;

use crate::app::App;
use crate::error::Result;

/// Deletes what no sign-in needs any more: to be done now and then.
pub async fn forget_old(app: &App) -> Result<()> {
    let now = app.clock.now();
    backoff::forget_old(&app.db, now).await?;
    session::forget_old(&app.db, now).await
}
