//! Password hashes: Argon2id, a bounded number at once. A hash costs memory and a core on purpose, so whoever may ask for
//! one is asked to wait in turn (see [`super::turns`]), and past a short queue turned away.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;

use super::turns::{Precedence, Turns};
use crate::clock::Random;
use crate::error::{Error, Result};

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// The least that the OWASP Password Storage Cheat Sheet asks of Argon2id: 19 MiB, two passes, one lane.
    pub const STANDARD: Cost = Cost { memory: 19 * 1024, passes: 2 };
    /// As little as Argon2 allows, for tests that sign many people in. Worthless as protection.
    pub const FOR_TESTS: Cost = Cost { memory: 8, passes: 1 };
}

/// Who may hash at the same moment, and who may wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Hashes at once.
    pub at_once: usize,
    /// Requests that wait for their turn: so many of the known, and so many of strangers.
    pub waiting: usize,
}

impl Default for Bounds {
    /// One or two at once, by the cores there are; thirty of the known may wait, about half a second's worth, and thirty of strangers behind
    /// them.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Bounds { at_once: cores.clamp(1, 2), waiting: 30 }
    }
}

/// How far a hash stands back, as `nice` counts it: where all cores are asked for, it gets a tenth of what another thread gets.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Hashes passwords and verifies them.
pub struct Hashing {
    argon2: Argon2<'static>,
    turns: Arc<Turns>,
    performed: Arc<AtomicU64>,
    decoy: String,
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or there was no hash to compare with.
    Wrong,
    /// The password.
    Right,
    /// The password, but the hash is weaker than hashes made today, or of the password as it was typed and not in one form: make it anew.
    RightButWeak,
}

impl Default for Hashing {
    fn default() -> Self {
        Hashing::new(Cost::STANDARD, Bounds::default())
    }
}

impl fmt::Debug for Hashing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hashing").field("argon2", &self.argon2).finish_non_exhaustive()
    }
}

impl Hashing {
    /// Hashes at this cost, within these bounds. A cost that Argon2 does not know becomes the standard one.
    pub fn new(cost: Cost, bounds: Bounds) -> Self {
        let parameters = Params::new(cost.memory, cost.passes, 1, None).unwrap_or(Params::DEFAULT);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        let decoy = decoy(argon2.params());
        Hashing { argon2, turns: Turns::new(bounds), performed: Arc::default(), decoy }
    }

    /// The hash of a password, as a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already.
    pub async fn hash(&self, password: &str, random: Random, precedence: Precedence) -> Result<String> {
        let salt = random.bytes()?;
        let argon2 = self.argon2.clone();
        let password = in_one_form(password);
        self.bounded(precedence, move || {
            let (salt, _) = salt.split_at(argon2::RECOMMENDED_SALT_LEN);
            let hash = argon2.hash_password_with_salt(password.as_bytes(), salt);
            hash.map(|hash| hash.to_string()).map_err(|error| anyhow::anyhow!("cannot hash: {error}"))
        })
        .await
    }

    /// Whether it is the password of that hash. Without a hash the same work is done, so that the time of the answer does not
    /// tell whether there is an account.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already.
    pub async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
        precedence: Precedence,
    ) -> Result<Verdict> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let argon2 = self.argon2.clone();
        let (password, typed) = (in_one_form(password), password.to_owned());
        self.bounded(precedence, move || {
            let hash = PasswordHash::new(&hash)
                .map_err(|error| anyhow::anyhow!("a stored hash cannot be read: {error}"))?;
            let matches = argon2.verify_password(password.as_bytes(), &hash).is_ok();
            // Hashes made before passwords had one form.
            let matches_as_typed =
                password != typed && argon2.verify_password(typed.as_bytes(), &hash).is_ok();
            Ok(match (known && matches, known && matches_as_typed) {
                (true, _) if !is_weaker(&hash, argon2.params()) => Verdict::Right,
                (true, _) | (_, true) => Verdict::RightButWeak,
                (false, false) => Verdict::Wrong,
            })
        })
        .await
    }

    /// How many hashes were computed since the start.
    pub fn performed(&self) -> u64 {
        self.performed.load(Ordering::Relaxed)
    }

    async fn bounded<T: Send + 'static>(
        &self,
        precedence: Precedence,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(turn) = self.turns.take(precedence).await else {
            metrics::counter!("vekha_password_hashes_refused_total").increment(1);
            return Err(Error::Unavailable(Arc::new(anyhow::anyhow!("too many passwords are being hashed"))));
        };
        let performed = Arc::clone(&self.performed);
        let (result, hashed) = oneshot::channel();
        let thread = std::thread::Builder::new().name("hash".to_owned()).spawn(move || {
            // Kept by the work itself: a request that is given up does not make room before its hash is done.
            let kept = turn;
            give_way();
            performed.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("vekha_password_hashes_total").increment(1);
            let done = work();
            // Whoever has the answer finds the turn free.
            drop(kept);
            // Nobody may wait for it any more.
            let _ = result.send(done);
        });
        thread.map_err(|error| Error::Unavailable(Arc::new(error.into())))?;
        Ok(hashed.await.map_err(anyhow::Error::new)??)
    }
}

/// Lets this thread take what others leave: a flood of sign-ins is not to slow down those who are signed in.
///
/// A thread cannot take back what it gave way, so that each hash has one of its own, which costs some thirty microseconds.
fn give_way() {
    // Elsewhere it is the whole process whose priority would change.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "a hash has the priority of all else");
    }
}

/// A password as every system writes it: «й» is one character on one and two on another.
pub(super) fn in_one_form(password: &str) -> String {
    password.nfc().collect()
}

/// A hash of these parameters that no password has.
fn decoy(parameters: &Params) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}$dGhlIHNhbHQgb2Ygbm9uZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        parameters.m_cost(),
        parameters.t_cost(),
        parameters.p_cost()
    )
}

fn is_weaker(hash: &PasswordHash, today: &Params) -> bool {
    let is_argon2id = hash.algorithm == argon2::ARGON2ID_IDENT;
    let Ok(made) = Params::try_from(hash) else { return true };
    !is_argon2id || made.m_cost() < today.m_cost() || made.t_cost() < today.t_cost()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashing() -> Hashing {
        Hashing::new(Cost::FOR_TESTS, Bounds { at_once: 1, waiting: 0 })
    }

    #[test]
    fn the_standard_is_what_owasp_asks_for() {
        let decoy = Hashing::default().decoy;
        assert!(decoy.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{decoy}");
        assert!(PasswordHash::new(&decoy).is_ok());
    }

    #[tokio::test]
    async fn a_password_fits_its_hash_alone() {
        let hashing = hashing();
        let hash = hashing.hash("длинный пароль", Random, Precedence::Known).await.unwrap();
        assert_eq!(
            hashing.verify("длинный пароль", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            hashing.verify("другой пароль", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::Wrong
        );
        assert_ne!(
            hash,
            hashing.hash("длинный пароль", Random, Precedence::Known).await.unwrap(),
            "each has its own salt"
        );
    }

    #[tokio::test]
    async fn a_password_is_the_same_on_every_system() {
        let hashing = hashing();
        let (composed, decomposed) = ("мой длинный пароль", "мои\u{306} длинныи\u{306} пароль");
        let hash = hashing.hash(decomposed, Random, Precedence::Known).await.unwrap();
        assert_eq!(hashing.verify(composed, Some(&hash), Precedence::Known).await.unwrap(), Verdict::Right);
        assert_eq!(hashing.verify(decomposed, Some(&hash), Precedence::Known).await.unwrap(), Verdict::Right);

        let salt = [7; argon2::RECOMMENDED_SALT_LEN];
        let before =
            hashing.argon2.hash_password_with_salt(decomposed.as_bytes(), &salt).unwrap().to_string();
        assert_eq!(
            hashing.verify(decomposed, Some(&before), Precedence::Known).await.unwrap(),
            Verdict::RightButWeak
        );
        assert_eq!(
            hashing.verify("другой длинныи\u{306} пароль", Some(&before), Precedence::Known).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(hashing.verify(decomposed, None, Precedence::Known).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn without_a_hash_the_same_work_is_done_in_vain() {
        let hashing = hashing();
        assert_eq!(hashing.verify("whatever it is", None, Precedence::Known).await.unwrap(), Verdict::Wrong);
        assert_eq!(hashing.performed(), 1);
    }

    #[tokio::test]
    async fn a_hash_of_lower_cost_is_to_be_made_anew() {
        let hash = hashing().hash("a long password", Random, Precedence::Known).await.unwrap();
        let raised = Hashing::new(Cost { memory: 16, passes: 1 }, Bounds::default());
        assert_eq!(
            raised.verify("a long password", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::RightButWeak
        );
        let more_passes = Hashing::new(Cost { memory: 8, passes: 2 }, Bounds::default());
        assert_eq!(
            more_passes.verify("a long password", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::RightButWeak
        );
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_hash_takes_what_others_leave() {
        let priority = || rustix::process::getpriority_process(None).map_err(anyhow::Error::new);
        let before = priority().unwrap();
        let of_hash = hashing().bounded(Precedence::Known, priority).await.unwrap();
        assert_eq!(of_hash, (before + NICE).min(19), "19 is the lowest");
        assert_eq!(priority().unwrap(), before, "of the thread of the hash alone");
    }

    #[tokio::test]
    async fn past_the_queue_requests_are_turned_away() {
        let hashing = hashing();
        let busy = hashing.turns.take(Precedence::Known).await.unwrap();
        let refused = hashing.hash("a long password", Random, Precedence::Known).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        drop(busy);
        assert!(hashing.hash("a long password", Random, Precedence::Known).await.is_ok());
    }
}
