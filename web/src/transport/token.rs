//! The access token: in memory only, renewed by a cookie that scripts cannot read, one renewal at a time.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

use super::RequestError;
use crate::api::Timestamp;

/// A token is renewed when less than this is left of it.
const AHEAD: TimeDelta = TimeDelta::seconds(30);
/// The longest that a token can live (security requirement 2). More is left only if the two clocks differ.
const LONGEST: TimeDelta = TimeDelta::minutes(10);
/// What is assumed where the clocks differ so much that nothing can be said.
const ASSUMED: TimeDelta = TimeDelta::minutes(2);

#[derive(Clone, Debug, PartialEq, Eq)]
struct AccessToken {
    token: Rc<str>,
    renew_at: Timestamp,
}

/// When to renew a token, by the clock of this device.
fn renewal(expires_at: Timestamp, now: Timestamp) -> Timestamp {
    let left = expires_at.signed_duration_since(now);
    let left = if left <= AHEAD || left > LONGEST { ASSUMED } else { left };
    now + (left - AHEAD)
}

type Renewal = Shared<LocalBoxFuture<'static, Result<Rc<str>, RequestError>>>;

/// Holds the token and sees to it that it is renewed once, however many ask.
#[derive(Default)]
pub struct TokenKeeper {
    token: RefCell<Option<AccessToken>>,
    renewal: RefCell<Option<Renewal>>,
    entries: Cell<u32>,
}

/// Between two sign-ins, from one to the next: what was asked before a sign-in or a sign-out says nothing of who is signed in after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry(u32);

impl TokenKeeper {
    /// Holds the token of somebody who signs in.
    pub fn enter(&self, token: &str, expires_at: Timestamp, now: Timestamp) {
        self.begin_entry();
        self.set(token, expires_at, now);
    }

    /// Holds the token that follows the one of the same session.
    pub fn set(&self, token: &str, expires_at: Timestamp, now: Timestamp) {
        *self.token.borrow_mut() =
            Some(AccessToken { token: token.into(), renew_at: renewal(expires_at, now) });
    }

    pub fn forget(&self) {
        self.begin_entry();
        *self.token.borrow_mut() = None;
    }

    fn begin_entry(&self) {
        self.entries.set(self.entries.get().wrapping_add(1));
    }

    /// What to remember before a renewal is asked for.
    pub fn entry(&self) -> Entry {
        Entry(self.entries.get())
    }

    /// Where somebody signed in or out since: what a renewal comes to whose answer is late. It ends nobody's session.
    pub fn overtaken(&self, asked: Entry, now: Timestamp) -> Option<Result<Rc<str>, RequestError>> {
        (self.entry() != asked).then(|| self.current(now).ok_or(RequestError::SignedOut))
    }

    /// The token, if there is one that need not be renewed.
    pub fn current(&self, now: Timestamp) -> Option<Rc<str>> {
        self.token.borrow().as_ref().filter(|token| now < token.renew_at).map(|token| token.token.clone())
    }

    /// Whether the token is another by now than the one that was refused.
    pub fn differs_from(&self, refused: &str) -> Option<Rc<str>> {
        self.token.borrow().as_ref().filter(|token| *token.token != *refused).map(|token| token.token.clone())
    }

    /// Renews the token by what `renew` does, or waits for the renewal that is under way.
    pub async fn renew<F>(&self, renew: impl FnOnce() -> F) -> Result<Rc<str>, RequestError>
    where
        F: Future<Output = Result<Rc<str>, RequestError>> + 'static,
    {
        let under_way = self.renewal.borrow().clone();
        let renewal = match under_way {
            Some(renewal) => renewal,
            None => {
                let renewal = renew().boxed_local().shared();
                *self.renewal.borrow_mut() = Some(renewal.clone());
                renewal
            }
        };
        let outcome = renewal.clone().await;
        let mut current = self.renewal.borrow_mut();
        if current.as_ref().is_some_and(|current| current.ptr_eq(&renewal)) {
            *current = None;
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use chrono::{TimeZone, Utc};
    use futures_util::FutureExt;
    use futures_util::future::join;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Utc.timestamp_opt(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_token_is_renewed_ahead_of_its_expiry() {
        let keeper = TokenKeeper::default();
        keeper.set("a", at(600), at(0));
        assert_eq!(keeper.current(at(569)).as_deref(), Some("a"));
        assert_eq!(keeper.current(at(570)), None);
    }

    #[test]
    fn clocks_that_differ_do_not_make_it_renew_all_the_time_or_never() {
        assert_eq!(renewal(at(-5_000), at(0)), at(90), "this device is ahead");
        assert_eq!(renewal(at(5_000), at(0)), at(90), "this device is behind");
    }

    #[test]
    fn a_renewal_that_comes_after_another_sign_in_changes_nothing() {
        let keeper = TokenKeeper::default();
        keeper.enter("of Olga", at(600), at(0));
        let asked = keeper.entry();
        keeper.set("of Olga, renewed", at(600), at(0));
        assert_eq!(keeper.overtaken(asked, at(1)), None, "the same session");
        keeper.forget();
        assert_eq!(keeper.overtaken(asked, at(1)), Some(Err(RequestError::SignedOut)));
        keeper.enter("of Petr", at(600), at(0));
        assert_eq!(keeper.overtaken(asked, at(1)), Some(Ok(Rc::from("of Petr"))));
    }

    #[test]
    fn who_asks_while_a_renewal_is_under_way_shares_it() {
        let keeper = TokenKeeper::default();
        let renewals = Cell::new(0);
        let renew =
            || {
                renewals.set(renewals.get() + 1);
                let mut waited = false;
                let answer = poll_fn(move |_| {
                    if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
                });
                answer.map(|()| Ok(Rc::from("new")))
            };
        let mut both = pin!(join(keeper.renew(renew), keeper.renew(renew)));
        assert!(both.as_mut().now_or_never().is_none());
        let both = both.now_or_never().unwrap();
        assert_eq!(both, (Ok(Rc::from("new")), Ok(Rc::from("new"))));
        assert_eq!(renewals.get(), 1);
        let _ = keeper.renew(renew).now_or_never();
        assert_eq!(renewals.get(), 2, "a later one is its own");
    }
}
