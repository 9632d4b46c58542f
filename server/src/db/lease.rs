//! What one request may take of the database: so many statements at once, and nothing once it is given up. sqlx leaves a statement
//! running when nobody waits for it any more, and keeps its connection busy until it ends: SQLite is interrupted here, and a
//! connection to PostgreSQL is closed, which ends its statement (`client_connection_check_interval`).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::Stream;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{Connection, PgConnection};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

tokio::task_local! {
    static LEASE: Lease;
}

/// Instructions of SQLite's machine between two looks at whether the request goes on: less than a millisecond.
const INSTRUCTIONS: i32 = 5_000;
/// How long after something was given up connections that come back are asked whether they are free.
const SUSPICIOUS: Duration = Duration::from_secs(5);
/// A connection that has come back and does not answer within this still works on what was given up.
const ANSWERS: Duration = Duration::from_millis(250);

/// The share of one request.
#[derive(Clone, Debug)]
struct Lease {
    statements: Arc<Semaphore>,
    given_up: Arc<AtomicBool>,
}

/// When something was last given up, for connections that come back: a moment later they may still be busy with it.
#[derive(Debug)]
pub(super) struct GivenUp {
    began: Instant,
    /// Milliseconds since then; 0 is never.
    last: AtomicU64,
}

impl GivenUp {
    pub(super) fn never() -> Arc<Self> {
        Arc::new(GivenUp { began: Instant::now(), last: AtomicU64::new(0) })
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn note(&self) {
        self.last.store(self.milliseconds().max(1), Ordering::Release);
    }

    fn lately(&self) -> bool {
        let last = self.last.load(Ordering::Acquire);
        let since = self.milliseconds().saturating_sub(last);
        last > 0 && u128::from(since) < SUSPICIOUS.as_millis()
    }
}

/// Something that asks the database, for one request. Dropped before its end, what the database does for it is ended as well.
pub struct Leased<T> {
    // Dropped before what runs: connections come back knowing.
    share: Share,
    inner: Pin<Box<T>>,
}

struct Share {
    lease: Lease,
    given_up: Arc<GivenUp>,
    ended: bool,
}

impl Drop for Share {
    fn drop(&mut self) {
        if !self.ended {
            self.lease.given_up.store(true, Ordering::Release);
            self.given_up.note();
        }
    }
}

impl<T> Leased<T> {
    pub(super) fn new(inner: T, statements: Arc<Semaphore>, given_up: Arc<GivenUp>) -> Self {
        let lease = Lease { statements, given_up: Arc::default() };
        Leased { share: Share { lease, given_up, ended: false }, inner: Box::pin(inner) }
    }
}

impl<F: Future> Future for Leased<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let lease = self.share.lease.clone();
        let polled = LEASE.sync_scope(lease, || self.inner.as_mut().poll(context));
        self.share.ended |= polled.is_ready();
        polled
    }
}

impl<S: Stream> Stream for Leased<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let lease = self.share.lease.clone();
        let polled = LEASE.sync_scope(lease, || self.inner.as_mut().poll_next(context));
        self.share.ended |= matches!(polled, Poll::Ready(None));
        polled
    }
}

/// Waits until the request that asks may run another statement; `None` for what asks on its own account. The engine of searches
/// within this process takes its turns from the same share.
pub async fn turn() -> Option<OwnedSemaphorePermit> {
    let statements = LEASE.try_with(|lease| Arc::clone(&lease.statements)).ok()?;
    // The semaphore is never closed.
    statements.acquire_owned().await.ok()
}

/// A statement, given up after so long. Dropped before its end, its connection is looked at when it comes back.
pub(super) async fn bounded<T>(
    statement: impl Future<Output = Result<T, DbErr>> + Send,
    given_up: &GivenUp,
    longest: Duration,
) -> Result<T, DbErr> {
    let watched = Watched { mark: Mark { given_up, ended: false }, statement: Box::pin(statement) };
    match timeout(longest, watched).await {
        Ok(answered) => answered,
        Err(_) => {
            let late = std::io::Error::new(std::io::ErrorKind::TimedOut, "the database does not answer");
            Err(DbErr::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(late)))))
        }
    }
}

struct Watched<'g, F> {
    mark: Mark<'g>,
    statement: Pin<Box<F>>,
}

struct Mark<'g> {
    given_up: &'g GivenUp,
    ended: bool,
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.given_up.note();
        }
    }
}

impl<F: Future> Future for Watched<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let polled = self.statement.as_mut().poll(context);
        self.mark.ended |= polled.is_ready();
        polled
    }
}

/// Lets the connection work for the request that takes it, and no longer.
pub(super) async fn interrupt_with_request(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let given_up = LEASE.try_with(|lease| Arc::clone(&lease.given_up)).ok();
    let mut handle = connection.lock_handle().await?;
    match given_up {
        Some(given_up) => {
            handle.set_progress_handler(INSTRUCTIONS, move || !given_up.load(Ordering::Acquire));
        }
        None => handle.remove_progress_handler(),
    }
    Ok(())
}

/// Whether a connection that comes back is free. One that is not is closed by the error.
pub(super) async fn is_free(connection: &mut PgConnection, given_up: &GivenUp) -> Result<bool, sqlx::Error> {
    if !given_up.lately() {
        return Ok(true);
    }
    match timeout(ANSWERS, connection.ping()).await {
        Ok(answered) => answered.map(|()| true),
        Err(_) => Err(sqlx::Error::WorkerCrashed),
    }
}
