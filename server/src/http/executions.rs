//! How much runs at once: for one person, wherever they ask from, and in the process. Whoever asks more waits in order, and where too
//! many wait is told to come back. Nothing of it is kept for those who ask nothing. Reasons: `docs/adr/0014-no-work-without-a-bound.md`.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Response as GraphqlResponse, ServerError};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::limits::{AskingLimits, ExecutionLimits};
use super::metrics;
use crate::db::Database;
use crate::db::columns::{Locale, UserId};
use crate::error::{Error, Refused, Result};
use crate::graphql::nodes::DEAR;
use crate::graphql::present::present;

/// When to come back after too much was asked at once.
const LATER: Duration = Duration::from_secs(1);

/// For whom something runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asking {
    /// Somebody signed in, over whichever session.
    Person(UserId),
    /// Whoever is not signed in at an address.
    Address(String),
}

/// What runs in this process.
#[derive(Debug)]
pub(super) struct Executions {
    limits: ExecutionLimits,
    here: Mutex<Here>,
    /// Executions of everybody.
    all: Arc<Semaphore>,
    /// Dear executions of everybody: processors stay for the others.
    dear: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Here {
    /// Those who run something or wait.
    asking: HashMap<Asking, Share>,
    total: usize,
}

impl Here {
    /// Somebody's share, with one place more.
    fn share(&mut self, asking: &Asking, bound: &AskingLimits) -> &mut Share {
        let share = self.asking.entry(asking.clone()).or_insert_with(|| Share::of(bound));
        share.places = share.places.saturating_add(1);
        share
    }
}

/// What one of them has.
#[derive(Clone, Debug)]
struct Share {
    /// Places that hold it: it goes with the last.
    places: usize,
    /// Executions that run or wait.
    executions: usize,
    at_once: Arc<Semaphore>,
    nodes: Arc<Semaphore>,
    statements: Arc<Semaphore>,
}

impl Share {
    fn of(bound: &AskingLimits) -> Self {
        let nodes = usize::try_from(DEAR).unwrap_or(Semaphore::MAX_PERMITS);
        Share {
            places: 0,
            executions: 0,
            at_once: Arc::new(Semaphore::new(bound.at_once)),
            nodes: Arc::new(Semaphore::new(nodes)),
            statements: Arc::new(Semaphore::new(bound.statements)),
        }
    }
}

/// A hold on somebody's share. Dropped, it is free.
#[derive(Debug)]
struct Place {
    executions: Arc<Executions>,
    asking: Asking,
    /// Whether it is of an execution, of which there is a bound.
    counts: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut here = self.executions.here.lock();
        let counted = usize::from(self.counts);
        here.total = here.total.saturating_sub(counted);
        let Some(share) = here.asking.get_mut(&self.asking) else { return };
        share.executions = share.executions.saturating_sub(counted);
        share.places = share.places.saturating_sub(1);
        if share.places == 0 {
            here.asking.remove(&self.asking);
        }
    }
}

/// The turn of one execution. Dropped, the next has it.
#[derive(Debug)]
pub(super) struct Turn {
    statements: Arc<Semaphore>,
    deadline: Duration,
    _permits: [Option<OwnedSemaphorePermit>; 4],
    _place: Place,
}

impl Executions {
    pub(super) fn new(limits: ExecutionLimits) -> Arc<Self> {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Arc::new(Executions {
            all: Arc::new(Semaphore::new(limits.in_all)),
            dear: Arc::new(Semaphore::new(processors.div_ceil(2))),
            here: Mutex::default(),
            limits,
        })
    }

    /// Waits for a turn to run a document of so many nodes.
    ///
    /// # Errors
    /// Too many wait already, or it took as long as an execution may.
    pub(super) async fn turn(self: &Arc<Self>, asking: Asking, nodes: u64) -> Result<Turn> {
        let (place, share) = self.place(asking)?;
        let weight = u32::try_from(nodes.min(DEAR)).unwrap_or(u32::MAX);
        // Its own first: nobody holds what is everybody's while they wait for what is theirs. None of these is ever closed.
        let permits = async {
            let one = share.at_once.acquire_owned().await.ok();
            let nodes_of_share = share.nodes.acquire_many_owned(weight).await.ok();
            let dear = match nodes >= DEAR {
                true => Arc::clone(&self.dear).acquire_owned().await.ok(),
                false => None,
            };
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok();
            [one, nodes_of_share, dear, of_all]
        };
        let permits = timeout(self.limits.deadline, permits).await.map_err(|_| too_much())?;
        let (statements, deadline) = (share.statements, self.limits.deadline);
        Ok(Turn { statements, deadline, _permits: permits, _place: place })
    }

    /// What happens, told to somebody.
    pub(super) fn told<S>(
        self: &Arc<Self>,
        db: &Database,
        asking: Asking,
        events: S,
    ) -> BoxStream<'static, GraphqlResponse>
    where
        S: Stream<Item = GraphqlResponse> + Send + 'static,
    {
        self.within_share(db, asking, events).boxed()
    }

    /// What somebody is sent for as long as they take it: no execution that ends, but what it asks of the database is within their
    /// share.
    pub(super) fn within_share<S>(
        self: &Arc<Self>,
        db: &Database,
        asking: Asking,
        sent: S,
    ) -> impl Stream<Item = S::Item> + Send + use<S>
    where
        S: Stream + Send + 'static,
    {
        let (place, share) = self.hold(asking);
        db.lease(sent, share.statements).inspect(move |_| _ = &place)
    }

    /// A hold that counts as an execution.
    fn place(self: &Arc<Self>, asking: Asking) -> Result<(Place, Share)> {
        let bound = self.bound(&asking);
        let mut here = self.here.lock();
        let of_asking = here.asking.get(&asking).map_or(0, |share| share.executions);
        let most = bound.at_once.saturating_add(bound.waiting);
        if here.total >= self.limits.waiting_in_all || of_asking >= most {
            return Err(too_much());
        }
        here.total = here.total.saturating_add(1);
        let share = here.share(&asking, bound);
        share.executions = share.executions.saturating_add(1);
        let share = share.clone();
        drop(here);
        Ok((Place { executions: Arc::clone(self), asking, counts: true }, share))
    }

    fn hold(self: &Arc<Self>, asking: Asking) -> (Place, Share) {
        let share = self.here.lock().share(&asking, self.bound(&asking)).clone();
        (Place { executions: Arc::clone(self), asking, counts: false }, share)
    }

    fn bound(&self, asking: &Asking) -> &AskingLimits {
        match asking {
            Asking::Person(_) => &self.limits.person,
            Asking::Address(_) => &self.limits.address,
        }
    }

    /// Those of whom anything is kept.
    #[cfg(test)]
    fn asking(&self) -> usize {
        self.here.lock().asking.len()
    }
}

impl Turn {
    /// Runs it until it has answered or its time is over. What the database does for it then ends as well.
    pub(super) async fn run(
        self,
        db: &Database,
        locale: Locale,
        answering: impl Future<Output = GraphqlResponse>,
    ) -> GraphqlResponse {
        let answering = db.lease(answering, Arc::clone(&self.statements));
        match timeout(self.deadline, answering).await {
            Ok(response) => response,
            Err(_) => {
                metrics::given_up();
                let late = anyhow::anyhow!("no answer within {:?}", self.deadline);
                refused(Error::unavailable(late), Some(locale))
            }
        }
    }
}

fn too_much() -> Error {
    Error::Refused(Refused::RateLimited(LATER))
}

/// The answer to what was not run, or not to its end.
pub(super) fn refused(error: Error, locale: Option<Locale>) -> GraphqlResponse {
    let error = ServerError { source: Some(Arc::new(error)), ..ServerError::new("", None) };
    present(GraphqlResponse::from_errors(vec![error]), locale.unwrap_or(Locale::Ru))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> ExecutionLimits {
        let one = AskingLimits { at_once: 2, waiting: 1, statements: 1 };
        ExecutionLimits { person: one, address: one, ..ExecutionLimits::default() }
    }

    fn person(id: i64) -> Asking {
        Asking::Person(UserId(id))
    }

    #[tokio::test]
    async fn one_person_runs_few_and_the_others_go_on() {
        let executions = Executions::new(limits());
        let first = executions.turn(person(1), 1).await.unwrap();
        let _second = executions.turn(person(1), 1).await.unwrap();
        let third = tokio::spawn({
            let executions = Arc::clone(&executions);
            async move { executions.turn(person(1), 1).await }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished());
        let fourth = executions.turn(person(1), 1).await;
        assert!(matches!(fourth, Err(Error::Refused(Refused::RateLimited(_)))));
        executions.turn(person(2), 1).await.unwrap();
        drop(first);
        third.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn who_waits_as_long_as_an_execution_may_take_is_told_to_come_back() {
        let executions = Executions::new(ExecutionLimits { deadline: Duration::ZERO, ..limits() });
        let _dear = executions.turn(person(1), DEAR).await.unwrap();
        let refused = executions.turn(person(1), DEAR).await;
        assert!(matches!(refused, Err(Error::Refused(Refused::RateLimited(_)))));
        executions.turn(person(2), 1).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_kept_of_those_who_ask_nothing() {
        let executions = Executions::new(limits());
        for id in 0..100 {
            let turn = executions.turn(person(id), 1).await.unwrap();
            assert_eq!(executions.asking(), 1);
            drop(turn);
            executions.turn(Asking::Address(id.to_string()), 1).await.unwrap();
            assert_eq!(executions.asking(), 0);
        }
    }

    #[tokio::test]
    async fn of_one_person_dear_documents_run_one_after_the_other() {
        let executions = Executions::new(limits());
        let dear = executions.turn(person(1), DEAR * 3).await.unwrap();
        let other = executions.turn(person(1), 1);
        let mut other = std::pin::pin!(other);
        assert!(futures_util::poll!(other.as_mut()).is_pending());
        drop(dear);
        other.await.unwrap();
    }
}
