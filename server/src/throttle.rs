//! How often something may be done: token buckets by who does it, in the memory of this process and of a bounded number. See ADR 15 for why
//! they are not shared. Who may do it at all is not decided here.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use parking_lot::Mutex;

use crate::config::Config;
use crate::db::columns::{Timestamp, UserId};
use crate::error::{Error, Refused, Result};
use crate::network;

/// Buckets of a kind are no more; the fullest is forgotten first.
const MOST: usize = 10_000;
/// Accounts that strangers make from one network: an office that begins on one day, then one a minute.
const REGISTRATIONS_OF_NETWORK: Rate = Rate { burst: 20, every: Duration::from_mins(1) };
/// Accounts that strangers make in all: three such offices, then one each ten seconds.
const REGISTRATIONS: Rate = Rate { burst: 60, every: Duration::from_secs(10) };

/// A token bucket's size, and how it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    /// So many at once.
    burst: u32,
    /// And one more after each.
    every: Duration,
}

impl Rate {
    /// So many a minute, all of them at once if need be.
    fn a_minute(count: u32) -> Self {
        Rate { burst: count, every: Duration::from_mins(1).checked_div(count).unwrap_or_default() }
    }

    fn fills_in(self) -> i64 {
        micros(self.every.saturating_mul(self.burst))
    }

    /// What is known of a bucket. None is fuller than full; one that would be emptier than empty was left by a clock that was ahead, and
    /// that binds nobody.
    fn of(self, full_at: i64, now: i64) -> i64 {
        if full_at > now.saturating_add(self.fills_in()) { now } else { full_at.max(now) }
    }

    /// When a bucket that is full at `full_at` will be full again once `count` are taken at `now`, or how long to wait until they can be. By
    /// the generic cell rate algorithm, which keeps one number a bucket.
    fn take(self, full_at: i64, count: u32, now: i64) -> Result<i64, Duration> {
        let latest = now.saturating_add(self.fills_in());
        let taken = micros(self.every.saturating_mul(count.min(self.burst)));
        let full_at = self.of(full_at, now).saturating_add(taken);
        let over = u64::try_from(full_at.saturating_sub(latest)).unwrap_or_default();
        if over == 0 { Ok(full_at) } else { Err(Duration::from_micros(over)) }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The buckets of those who do one kind of thing.
#[derive(Debug)]
struct Throttle<Who> {
    rate: Rate,
    full_at: Mutex<HashMap<Who, i64>>,
}

impl<Who: Clone + Eq + Hash> Throttle<Who> {
    fn new(rate: Rate) -> Self {
        Throttle { rate, full_at: Mutex::default() }
    }

    /// Takes so many out of their bucket.
    ///
    /// # Errors
    /// [`Refused::RateLimited`] with the time to wait; then nothing is taken.
    fn take(&self, who: Who, count: u32, now: Timestamp) -> Result<()> {
        let now = now.0.saturating_mul(1_000);
        let mut buckets = self.full_at.lock();
        let full_at = buckets.get(&who).map_or(now, |full_at| self.rate.of(*full_at, now));
        let taken = self.rate.take(full_at, count, now);
        if buckets.len() >= MOST && !buckets.contains_key(&who) {
            buckets.retain(|_, full_at| *full_at > now);
            let fullest = buckets.iter().min_by_key(|(_, full_at)| **full_at).map(|(who, _)| who.clone());
            if let Some(fullest) = fullest.filter(|_| buckets.len() >= MOST) {
                buckets.remove(&fullest);
            }
        }
        buckets.insert(who, *taken.as_ref().unwrap_or(&full_at));
        taken.map(|_| ()).map_err(|wait| Error::Refused(Refused::RateLimited(wait)))
    }
}

/// What this process holds to a rate.
#[derive(Debug)]
pub struct Throttles {
    registrations_of_network: Throttle<String>,
    registrations: Throttle<()>,
    changes: Throttle<UserId>,
}

impl Throttles {
    /// Full buckets.
    pub fn of(config: &Config) -> Self {
        Throttles {
            registrations_of_network: Throttle::new(REGISTRATIONS_OF_NETWORK),
            registrations: Throttle::new(REGISTRATIONS),
            changes: Throttle::new(Rate::a_minute(config.changes_per_minute)),
        }
    }

    /// A stranger at that address makes an account.
    ///
    /// # Errors
    /// [`Refused::RateLimited`].
    pub fn registration(&self, address: &str, now: Timestamp) -> Result<()> {
        self.registrations_of_network.take(network::of_text(address), 1, now)?;
        self.registrations.take((), 1, now)
    }

    /// A person makes so many changes.
    ///
    /// # Errors
    /// [`Refused::RateLimited`].
    pub fn changes(&self, person: UserId, count: u32, now: Timestamp) -> Result<()> {
        if count == 0 { Ok(()) } else { self.changes.take(person, count, now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, every: Duration::from_secs(10) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_800_000_000_000 + seconds * 1_000)
    }

    fn wait(taken: Result<()>) -> Option<u64> {
        match taken {
            Ok(()) => None,
            Err(Error::Refused(Refused::RateLimited(wait))) => Some(wait.as_secs()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let throttle = Throttle::new(RATE);
        for _ in 0..3 {
            assert_eq!(wait(throttle.take("a", 1, at(0))), None);
        }
        assert_eq!(wait(throttle.take("a", 1, at(0))), Some(10));
        assert_eq!(wait(throttle.take("a", 1, at(4))), Some(6), "what was refused was not taken");
        assert_eq!(wait(throttle.take("b", 1, at(4))), None, "each has their own");
        assert_eq!(wait(throttle.take("a", 1, at(10))), None);
        assert_eq!(wait(throttle.take("a", 1, at(10))), Some(10));
        assert_eq!(wait(throttle.take("a", 3, at(1_000))), None, "it does not run over");
        assert_eq!(wait(throttle.take("a", 1, at(1_000))), Some(10));
    }

    #[test]
    fn more_than_a_bucket_holds_is_all_of_it() {
        let throttle = Throttle::new(RATE);
        assert_eq!(wait(throttle.take("a", 15, at(0))), None);
        assert_eq!(wait(throttle.take("a", 1, at(0))), Some(10));
    }

    #[test]
    fn a_clock_that_was_a_day_ahead_binds_nobody() {
        let throttle = Throttle::new(RATE);
        assert_eq!(wait(throttle.take("a", 3, at(86_400))), None);
        assert_eq!(wait(throttle.take("a", 3, at(0))), None);
        assert_eq!(wait(throttle.take("a", 1, at(0))), Some(10), "from there on as ever");
    }

    #[test]
    fn buckets_are_bounded() {
        let throttle = Throttle::new(RATE);
        for who in 0..MOST + 10 {
            throttle.take(who, 1, at(0)).unwrap();
        }
        assert_eq!(throttle.full_at.lock().len(), MOST);
        throttle.take(MOST + 20, 1, at(100)).unwrap();
        assert_eq!(throttle.full_at.lock().len(), 1, "full ones are as good as none");
    }
}
