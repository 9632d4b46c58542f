//! Slows guessing of passwords down. An attempt is counted before its password is looked at, so that many at once gain
//! nothing; a right password takes the count back.
//!
//! Three counts, and whoever is over one of them waits: of an account from one address, of one address, of one account. The
//! last is short, and does not hold for an address from which that person has signed in before: nobody locks another out.

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

/// An attempt that was counted.
#[derive(Debug)]
pub(super) struct Attempt {
    subjects: Vec<(String, Scope)>,
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

impl Scope {
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
/// [`Refused::RateLimited`] with the time to wait; such an attempt is not counted, so that waiting comes to an end.
pub(super) async fn count(app: &App, guess: Guess<'_>) -> Result<Attempt> {
    let scopes = [Scope::Pair, Scope::Address, Scope::Account].into_iter();
    let scopes = scopes.filter(|scope| !(guess.familiar && *scope == Scope::Account));
    let mut subjects: Vec<_> = scopes.map(|scope| (scope.subject(guess), scope)).collect();
    // The order in which rows are locked is the same for everyone.
    subjects.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let attempt = Attempt { subjects };

    let now = app.clock.now();
    let write = app.db.write().await?;
    attempt.make_rows(&write, now).await?;
    let rows = attempt.locked(&write).await?;
    let wait = rows.iter().map(|(row, scope)| scope.left(row.blocked_until, now)).max().unwrap_or_default();
    if !wait.is_zero() {
        return Err(Error::Refused(Refused::RateLimited(wait)));
    }
    for (row, scope) in rows {
        let past = if scope.is_forgotten(row.last_at, now) { 0 } else { row.failures };
        store(&write, row, scope, past.saturating_add(1), now).await?;
    }
    write.commit().await?;
    Ok(attempt)
}

/// The attempt did not come to be looked at: it counts for nothing.
pub(super) async fn take_back(app: &App, attempt: &Attempt) -> Result<()> {
    let write = app.db.write().await?;
    attempt.take_back(&write).await?;
    Ok(write.commit().await?)
}

/// The password was right: this person starts anew, and the address gets this one attempt back.
pub(super) async fn forgive(app: &App, attempt: &Attempt) -> Result<()> {
    let write = app.db.write().await?;
    attempt.take_back(&write).await?;
    let own = attempt.subjects.iter().filter(|(_, scope)| *scope != Scope::Address);
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
    async fn make_rows(&self, write: &Write, now: Timestamp) -> Result<()> {
        let fresh = self.subjects.iter().map(|(subject, _)| login_attempt::ActiveModel {
            subject: Set(subject.clone()),
            failures: Set(0),
            last_at: Set(now),
            blocked_until: Set(Timestamp(0)),
        });
        let known = OnConflict::column(login_attempt::Column::Subject).do_nothing().to_owned();
        login_attempt::Entity::insert_many(fresh).on_conflict(known).exec_without_returning(&**write).await?;
        Ok(())
    }

    async fn locked(&self, write: &Write) -> Result<Vec<(login_attempt::Model, Scope)>> {
        let rows = login_attempt::Entity::find()
            .filter(login_attempt::Column::Subject.is_in(self.subjects.iter().map(|(subject, _)| subject)))
            .order_by_asc(login_attempt::Column::Subject)
            .lock_exclusive()
            .all(&**write)
            .await?;
        let scope =
            |row: &login_attempt::Model| self.subjects.iter().find(|(subject, _)| *subject == row.subject);
        Ok(rows
            .into_iter()
            .filter_map(|row| scope(&row).map(|(_, scope)| *scope).map(|scope| (row, scope)))
            .collect())
    }

    async fn take_back(&self, write: &Write) -> Result<()> {
        for (row, scope) in self.locked(write).await? {
            let (failures, at) = (row.failures.saturating_sub(1).max(0), row.last_at);
            store(write, row, scope, failures, at).await?;
        }
        Ok(())
    }
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

    fn waits(scope: Scope, failures: impl IntoIterator<Item = i64>) -> Vec<u64> {
        failures.into_iter().map(|failures| scope.wait(failures).as_secs()).collect()
    }

    #[test]
    fn waits_double_up_to_their_limit() {
        assert_eq!(waits(Scope::Pair, [0, 4, 5, 6, 7, 14, 15, 1000]), [0, 0, 1, 2, 4, 512, 900, 900]);
        assert_eq!(waits(Scope::Account, [9, 10, 11, 14, 15, 1000]), [0, 1, 2, 16, 30, 30]);
        assert_eq!(waits(Scope::Address, [19, 20, 29, 30, i64::MAX]), [0, 1, 512, 900, 900]);
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
