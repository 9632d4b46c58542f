//! Connections and transactions. SQLite has one writer and several readers; PostgreSQL one pool for both. What is written
//! and why is decided elsewhere.

pub mod columns;
mod constraint;
pub mod days;
pub mod keyset;
mod lease;
mod migrate;
pub mod newer;
mod outage;
pub mod page;
mod reads;
mod sqlite;
mod writable;
mod write;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectOptions, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Semaphore, watch};

use crate::clock::Random;

pub use constraint::{Constraint, violated};
use lease::GivenUp;
pub use lease::{Leased, turn};
pub use migrate::Patience;
use outage::is_busy;
pub use outage::{Outage, outage};
pub use reads::{Reads, Snapshot};
pub use writable::{Writable, try_to_write, watch_writes};
pub use write::{Statements, Write};

/// How long a request waits for a connection before it is told that the database is not available.
const ACQUIRE: Duration = Duration::from_secs(3);
/// A statement that takes longer is given up.
const STATEMENT: Duration = Duration::from_secs(30);
/// A database that says nothing for so long, although it was to give up the statement before, is not there: whoever waits for it
/// on nobody's behalf (the log's follower, a job) begins again.
const UNANSWERED: Duration = STATEMENT.saturating_add(ACQUIRE);
/// How often PostgreSQL looks whether the process that a statement runs for is still connected.
const STILL_WANTED: Duration = Duration::from_millis(500);
/// A transaction that does nothing for so long is ended: an open one holds back every reader of the log.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(10);
/// Where the data is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file, created when missing.
    Sqlite(PathBuf),
    /// `postgres://...`, with the most connections to hold.
    Postgres {
        /// The address.
        url: String,
        /// The most connections to hold.
        connections: u32,
    },
}

/// The database of this process.
#[derive(Clone, Debug)]
pub struct Database {
    reads: Reads,
    writes: DatabaseConnection,
    writable: Arc<Writable>,
    commits: Arc<watch::Sender<u64>>,
    given_up: Arc<GivenUp>,
}

impl Database {
    /// Connects, without changing the schema.
    pub async fn connect(location: &Location) -> Result<Self, DbErr> {
        let given_up = GivenUp::never();
        let (reads, writes) = match location {
            Location::Sqlite(file) => sqlite::connect(file).await?,
            Location::Postgres { url, connections } => {
                let pool = sea_orm::Database::connect(postgres(url, *connections, &given_up)).await?;
                (pool.clone(), pool)
            }
        };
        let reads = Reads { connection: reads, given_up: Arc::clone(&given_up) };
        let (writable, commits) = (Arc::default(), Arc::new(watch::Sender::new(0)));
        Ok(Database { reads, writes, writable, commits, given_up })
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DatabaseBackend {
        self.writes.get_database_backend()
    }

    /// For statements that change nothing.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Lets one request ask, with at most as many statements at once as there are permits: what shares them shares the bound. When
    /// it is dropped before its end, so is what the database does for it. Transactions that write are outside the bound, for they
    /// read as well.
    pub fn lease<T>(&self, request: T, statements: Arc<Semaphore>) -> Leased<T> {
        Leased::new(request, statements, Arc::clone(&self.given_up))
    }

    /// The pool of PostgreSQL, if that is what it is.
    pub fn postgres_pool(&self) -> Option<&sea_orm::sqlx::PgPool> {
        (self.backend() == DatabaseBackend::Postgres).then(|| self.writes.get_postgres_connection_pool())
    }

    /// Begins to read what is committed at one moment, for figures that are to agree with each other. To be short: SQLite's
    /// log of writes cannot be folded into its file meanwhile.
    pub async fn snapshot(&self) -> Result<Snapshot, DbErr> {
        let turn = lease::turn().await;
        // A transaction of SQLite always reads one moment; PostgreSQL is asked to.
        let options = match self.backend() {
            DatabaseBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => TransactionOptions::default(),
        };
        let transaction = self.reads.connection.begin_with_options(options).await?;
        Ok(Snapshot { transaction, _turn: turn })
    }

    /// Begins a transaction that writes. Dropped without [`Write::commit`], it leaves nothing behind.
    pub async fn write(&self) -> Result<Write, DbErr> {
        let begun = self.begin().await.inspect_err(|error| self.writable.failed(error))?;
        Ok(Write::new(begun, Arc::clone(&self.writable), Arc::clone(&self.commits)))
    }

    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            // A deferred one that comes to write is refused at once while another writes, whatever the busy timeout.
            sqlite_transaction_mode: (self.backend() == DatabaseBackend::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writes.begin_with_options(options).await
    }

    /// Changes each time this process has committed.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// Whether what is written lasts at present.
    pub fn writable(&self) -> &Writable {
        &self.writable
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reads.ping().await
    }

    /// Counts statements; for tests that hold a list to its number of them.
    pub fn observe<F>(&mut self, observer: F)
    where
        F: Fn(&sea_orm::metric::Info<'_>) + Send + Sync + Clone + 'static,
    {
        self.reads.connection.set_metric_callback(observer.clone());
        self.writes.set_metric_callback(observer);
    }

    /// Closes every connection.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reads.connection.close().await?;
        self.writes.close().await
    }
}

fn postgres(url: &str, connections: u32, given_up: &Arc<GivenUp>) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .sqlx_logging(false)
        .statement_timeout(STATEMENT);
    // Each process has its own, by which it knows its connections from others'.
    let name = format!("vekha {}", Random.token().unwrap_or_default().chars().take(12).collect::<String>());
    options.map_sqlx_postgres_opts(move |options| {
        options.application_name(&name).options([
            ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION.as_millis().to_string()),
            ("lock_timeout", ACQUIRE.as_millis().to_string()),
            ("client_connection_check_interval", STILL_WANTED.as_millis().to_string()),
        ])
    });
    let given_up = Arc::clone(given_up);
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let given_up = Arc::clone(&given_up);
        pool.after_release(move |connection, _| {
            let given_up = Arc::clone(&given_up);
            Box::pin(async move { lease::is_free(connection, &given_up).await })
        })
    });
    options
}
