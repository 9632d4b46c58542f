//! Slows guessing of passwords down. An attempt is counted before its password is looked at, so that many at once gain
//! nothing; a right password takes the count back.
//!
//! Three counts are kept, narrow ones first: of an account from one address (the pair), of the address, of the account. Each is in
//! one of these states, and none is for good:
//!
//! ```text
//!                 attempt              attempt, the free ones are used up
//!     ┌───────┐ ─────────▶ ┌─────────┐ ───────────────────────────▶ ┌─────────┐ ─┐ attempt: told to wait,
//!     │ clean │            │ counted │                              │ blocked │  │ not counted here
//!     └───────┘ ◀───────── └─────────┘ ◀─────────────────────────── └─────────┘ ◀┘
//!         ▲   right password    │        the wait is over: one attempt, and
//!         │                     │        the next wait is twice as long
//!         └─────────────────────┘
//!       a day without an attempt
//! ```
//!
//! An attempt is counted in one after the other, up to the first that is blocked. Whether its password is looked at:
//!
//! ```text
//!     the pair is blocked ──────────────▶ no, whoever it is
//!     the address or the account is ────▶ only where the pair is familiar: that person has signed in from there before
//!     none is ──────────────────────────▶ yes
//! ```
//!
//! So nobody locks another out: a familiar pair is judged by its own count alone, which only attempts at that account from that
//! address make. And nobody learns which pairs are familiar, or which accounts there are: all attempts are counted alike, and a
//! wrong password is answered as if it had not been looked at, by the same wait. Who knows the password learns that it is right.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::columns::Timestamp;
use crate::db::{Database, Write};
use crate::entity::login_attempt;
use crate::error::{Error, Refused, Result};
use crate::network;

/// After so long without an attempt a count begins anew.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
/// The first wait; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// An attempt to prove to be somebody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess<'a> {
    /// The address that the account is signed in by, whether or not there is one.
    pub(super) email: &'a str,
    /// Where the attempt comes from.
    pub(super) address: &'a str,
    /// Whether that person has signed in from there before.
    pub(super) familiar: bool,
}

/// An attempt that was counted, and whose password is to be looked at.
#[derive(Debug)]
pub(super) struct Attempt {
    subjects: Vec<(String, Scope)>,
    familiar: bool,
    /// What anybody without the password is told, where a count is blocked: to wait so long.
    wait: Duration,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Attempts at one account from one address.
    Pair,
    /// Attempts from one address, at any account.
    Address,
    /// Attempts at one account, from any address.
    Account,
}

/// What becomes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ruling {
    /// Where it is counted.
    counted: &'static [Scope],
    /// Whether its password is looked at.
    looked_at: bool,
}

/// The rule of this module: what becomes of an attempt while these scopes are blocked.
fn rule(blocked: &[Scope], familiar: bool) -> Ruling {
    if blocked.contains(&Scope::Pair) {
        Ruling { counted: &[], looked_at: false }
    } else if blocked.contains(&Scope::Address) {
        Ruling { counted: &[Scope::Pair], looked_at: familiar }
    } else if blocked.contains(&Scope::Account) {
        Ruling { counted: &[Scope::Pair, Scope::Address], looked_at: familiar }
    } else {
        Ruling { counted: &Scope::ALL, looked_at: true }
    }
}

impl Scope {
    /// Narrow ones first.
    const ALL: [Scope; 3] = [Scope::Pair, Scope::Address, Scope::Account];

    /// So many failures cost no wait.
    fn free(self) -> i64 {
        match self {
            Scope::Pair => 5,
            Scope::Account => 10,
            Scope::Address => 20,
        }
    }

    /// A wait is never longer.
    fn longest(self) -> Duration {
        match self {
            Scope::Pair | Scope::Address => Duration::from_mins(15),
            Scope::Account => Duration::from_secs(30),
        }
    }

    /// How long to wait after so many failures.
    fn wait(self, failures: i64) -> Duration {
        let doublings = failures.saturating_sub(self.free());
        if doublings < 0 {
            return Duration::ZERO;
        }
        let doublings = u32::try_from(doublings).unwrap_or(u32::MAX);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        FIRST_WAIT.saturating_mul(factor).min(self.longest())
    }

    /// How much of a wait is left. One that would be longer than the longest is of a clock that was wrong, and binds nobody.
    fn left(self, blocked_until: Timestamp, now: Timestamp) -> Duration {
        if blocked_until > now.plus(self.longest()) {
            return Duration::ZERO;
        }
        let left = blocked_until.0.saturating_sub(now.0);
        Duration::from_millis(u64::try_from(left).unwrap_or_default())
    }

    /// Whether a count begins anew: the last attempt is long ago, or further ahead than clocks of processes differ by.
    fn is_forgotten(self, last: Timestamp, now: Timestamp) -> bool {
        last.plus(FORGOTTEN_AFTER) < now || last > now.plus(self.longest())
    }

    fn subject(self, guess: Guess<'_>) -> String {
        let network = network::of_text(guess.address);
        let (name, parts) = match self {
            Scope::Pair => ("pair", [guess.email, &network]),
            Scope::Address => ("address", ["", &network]),
            Scope::Account => ("account", [guess.email, ""]),
        };
        // Hashed: people type passwords into the wrong field.
        let digest = Sha256::digest(parts.join("\0"));
        format!("{name}:{}", URL_SAFE_NO_PAD.encode(digest))
    }
}

/// Counts the attempt.
///
/// # Errors
/// [`Refused::RateLimited`] with the time to wait: its password is not to be looked at. It counts nowhere where it waits, so that
/// waiting comes to an end.
pub(super) async fn count(app: &App, guess: Guess<'_>) -> Result<Attempt> {
    let mut subjects = Vec::from(Scope::ALL.map(|scope| (scope.subject(guess), scope)));
    // The order in which rows are locked is the same for everyone.
    subjects.sort_unstable_by(|one, other| one.0.cmp(&other.0));

    let now = app.clock.now();
    let write = app.db.write().await?;
    make_rows(&write, &subjects, now).await?;
    let rows = locked(&write, &subjects).await?;
    let left = |(row, scope): &(login_attempt::Model, Scope)| scope.left(row.blocked_until, now);
    let wait = rows.iter().map(left).max().unwrap_or_default();
    let blocked: Vec<Scope> =
        rows.iter().filter(|row| !left(row).is_zero()).map(|(_, scope)| *scope).collect();
    let ruling = rule(&blocked, guess.familiar);
    for (row, scope) in rows.into_iter().filter(|(_, scope)| ruling.counted.contains(scope)) {
        let past = if scope.is_forgotten(row.last_at, now) { 0 } else { row.failures };
        store(&write, row, scope, past.saturating_add(1), now).await?;
    }
    write.commit().await?;
    if !ruling.looked_at {
        return Err(waits(wait));
    }
    subjects.retain(|(_, scope)| ruling.counted.contains(scope));
    Ok(Attempt { subjects, familiar: guess.familiar, wait })
}

fn waits(wait: Duration) -> Error {
    Error::Refused(Refused::RateLimited(wait))
}

/// The attempt did not come to be looked at: it counts for nothing.
pub(super) async fn take_back(app: &App, attempt: &Attempt) -> Result<()> {
    let write = app.db.write().await?;
    attempt.take_back(&write).await?;
    Ok(write.commit().await?)
}

/// The password was right: the pair starts anew, and so does the account where the place was new. The others get this one attempt back.
pub(super) async fn forgive(app: &App, attempt: &Attempt) -> Result<()> {
    let write = app.db.write().await?;
    attempt.take_back(&write).await?;
    let own = attempt.subjects.iter().filter(|(_, scope)| match scope {
        Scope::Pair => true,
        Scope::Account => !attempt.familiar,
        Scope::Address => false,
    });
    login_attempt::Entity::delete_many()
        .filter(login_attempt::Column::Subject.is_in(own.map(|(subject, _)| subject)))
        .exec(&*write)
        .await?;
    Ok(write.commit().await?)
}

/// Deletes counts that begin anew anyway.
pub(super) async fn forget_old(db: &Database, now: Timestamp) -> Result<u64> {
    let write = db.write().await?;
    let deleted = login_attempt::Entity::delete_many()
        .filter(login_attempt::Column::LastAt.lt(now.minus(FORGOTTEN_AFTER)))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(deleted.rows_affected)
}

impl Attempt {
    /// What a wrong password is answered, where that is not what it says by itself: whoever guesses is told to wait as if the
    /// password had not been looked at.
    pub(super) fn refusal(&self) -> Option<Error> {
        (!self.wait.is_zero()).then(|| waits(self.wait))
    }

    async fn take_back(&self, write: &Write) -> Result<()> {
        for (row, scope) in locked(write, &self.subjects).await? {
            let (failures, at) = (row.failures.saturating_sub(1).max(0), row.last_at);
            store(write, row, scope, failures, at).await?;
        }
        Ok(())
    }
}

async fn make_rows(write: &Write, subjects: &[(String, Scope)], now: Timestamp) -> Result<()> {
    let fresh = subjects.iter().map(|(subject, _)| login_attempt::ActiveModel {
        subject: Set(subject.clone()),
        failures: Set(0),
        last_at: Set(now),
        blocked_until: Set(Timestamp(0)),
    });
    let known = OnConflict::column(login_attempt::Column::Subject).do_nothing().to_owned();
    login_attempt::Entity::insert_many(fresh).on_conflict(known).exec_without_returning(&**write).await?;
    Ok(())
}

async fn locked(write: &Write, subjects: &[(String, Scope)]) -> Result<Vec<(login_attempt::Model, Scope)>> {
    let rows = login_attempt::Entity::find()
        .filter(login_attempt::Column::Subject.is_in(subjects.iter().map(|(subject, _)| subject)))
        .order_by_asc(login_attempt::Column::Subject)
        .lock_exclusive()
        .all(&**write)
        .await?;
    let scope = |row: &login_attempt::Model| subjects.iter().find(|(subject, _)| *subject == row.subject);
    Ok(rows
        .into_iter()
        .filter_map(|row| scope(&row).map(|(_, scope)| *scope).map(|scope| (row, scope)))
        .collect())
}

async fn store(
    write: &Write,
    row: login_attempt::Model,
    scope: Scope,
    failures: i64,
    at: Timestamp,
) -> Result<()> {
    let mut row = row.into_active_model();
    row.failures = Set(failures);
    row.last_at = Set(at);
    let wait = scope.wait(failures);
    row.blocked_until = Set(if wait.is_zero() { Timestamp(0) } else { at.plus(wait) });
    row.update(&**write).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(scope: Scope, failures: impl IntoIterator<Item = i64>) -> Vec<u64> {
        failures.into_iter().map(|failures| scope.wait(failures).as_secs()).collect()
    }

    #[test]
    fn waits_double_up_to_their_limit() {
        assert_eq!(seconds(Scope::Pair, [0, 4, 5, 6, 7, 14, 15, 1000]), [0, 0, 1, 2, 4, 512, 900, 900]);
        assert_eq!(seconds(Scope::Account, [9, 10, 11, 14, 15, 1000]), [0, 1, 2, 16, 30, 30]);
        assert_eq!(seconds(Scope::Address, [19, 20, 29, 30, i64::MAX]), [0, 1, 512, 900, 900]);
    }

    #[test]
    fn an_attempt_is_counted_up_to_what_is_blocked_whoever_makes_it() {
        use Scope::{Account, Address, Pair};
        let cases: [(&[Scope], &[Scope], [bool; 2]); 6] = [
            (&[], &[Pair, Address, Account], [true, true]),
            (&[Account], &[Pair, Address], [false, true]),
            (&[Address], &[Pair], [false, true]),
            (&[Address, Account], &[Pair], [false, true]),
            (&[Pair], &[], [false, false]),
            (&[Pair, Address, Account], &[], [false, false]),
        ];
        for (blocked, counted, [stranger, familiar]) in cases {
            assert_eq!(rule(blocked, false), Ruling { counted, looked_at: stranger }, "{blocked:?}");
            assert_eq!(rule(blocked, true), Ruling { counted, looked_at: familiar }, "{blocked:?}");
        }
    }

    #[test]
    fn no_wait_is_longer_than_the_longest_whatever_a_clock_wrote() {
        let now = Timestamp(1_000_000_000);
        for scope in [Scope::Pair, Scope::Address, Scope::Account] {
            let longest = scope.longest();
            assert_eq!(scope.left(now.plus(longest), now), longest);
            assert_eq!(scope.left(now.plus(longest + Duration::from_millis(1)), now), Duration::ZERO);
            assert_eq!(scope.left(now, now), Duration::ZERO);
            assert!(scope.is_forgotten(now.plus(longest + Duration::from_millis(1)), now));
            assert!(!scope.is_forgotten(now.plus(longest), now) && !scope.is_forgotten(now, now));
        }
    }
}
