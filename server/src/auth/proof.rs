//! Proving to be somebody by a password. What was begun is carried to its end, whether or not anybody waits for the answer: a
//! connection that breaks while a password is looked at leaves no failure behind, and gains nobody a guess that is not counted.

use std::sync::Arc;

use tracing::Instrument;

use super::backoff::{self, Guess};
use super::hashing::Verdict;
use super::turns::Precedence;
use crate::app::App;
use crate::error::{Error, Refused, Result};

/// Somebody who says that they are a person.
#[derive(Clone)]
pub(super) struct Claim {
    /// The address that the account is signed in by, whether or not there is one.
    pub(super) email: String,
    /// Where the attempt comes from.
    pub(super) address: String,
    /// Whether that person has signed in from there before.
    pub(super) familiar: bool,
    /// What to compare with; none where there is no such account, or none that may sign in. The same work is done.
    pub(super) hash: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Proof {
    /// It is their password.
    Right,
    /// It is, but its hash is weaker than hashes made today, or of the password as another system writes it: make it anew.
    RightButWeak,
    /// It is not. Where a guesser has to wait, that is the answer.
    Wrong(Option<Error>),
}

/// Counts the attempt and looks at the password.
///
/// # Errors
/// [`Refused::RateLimited`] where it is not looked at, [`Error::Unavailable`] where too many are.
pub(super) async fn prove(app: &Arc<App>, claim: Claim, password: &str) -> Result<Proof> {
    let (app, password) = (Arc::clone(app), password.to_owned());
    let proving = async move {
        let Claim { email, address, familiar, hash } = &claim;
        let guess = Guess { email, address, familiar: *familiar };
        let precedence = Precedence::of(*familiar, address);
        let attempt = backoff::count(&app, guess).await?;
        let verdict = match app.hashing.verify(&password, hash.as_deref(), precedence).await {
            Ok(verdict) => verdict,
            Err(error) => {
                backoff::take_back(&app, &attempt).await?;
                return Err(error);
            }
        };
        Ok(match verdict {
            Verdict::Wrong => Proof::Wrong(attempt.refusal()),
            Verdict::Right => {
                backoff::forgive(&app, &attempt).await?;
                Proof::Right
            }
            Verdict::RightButWeak => {
                backoff::forgive(&app, &attempt).await?;
                Proof::RightButWeak
            }
        })
    };
    tokio::spawn(proving.in_current_span()).await.map_err(anyhow::Error::new)?
}

/// Whether the attempt was not looked at, for there were too many.
pub(super) fn is_throttled(error: &Error) -> bool {
    matches!(error, Error::Refused(Refused::RateLimited(_)))
}
