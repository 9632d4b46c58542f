//! Connections to SQLite, and the proof that one that comes back stands outside any transaction.
//!
//! After some errors (a full disk, a failed write, no memory, an interruption) SQLite rolls back by itself
//! (<https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction>). The driver counts transactions by what it
//! was asked: it goes on to count one that is there no more, begins the next as a savepoint, and from then on everything is answered
//! with success inside a transaction that nobody ends (<https://github.com/transact-rs/sqlx/issues/3932>). So a connection
//! is asked when it comes back, and thrown away where it and the driver do not both say that nothing is open.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection, Executor, Sqlite};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};

use super::lease::interrupt_with_request;
use super::outage::is_busy;
use super::{ACQUIRE, STATEMENT};

/// How long to wait for another process that creates the file.
const CREATION: Duration = Duration::from_millis(20);
/// Readers beside the one writer.
const READERS: u32 = 4;

/// What a connection is for.
#[derive(Clone, Copy)]
enum Purpose {
    /// Statements that change nothing, most of them in no transaction.
    Reading,
    /// Transactions, and nothing beside them.
    Writing,
}

/// Connects the writer, then the readers: it creates the file that they open.
pub(super) async fn connect(file: &Path) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    let writes = created(file).await?;
    Ok((sea_orm::Database::connect(options(file, Purpose::Reading)).await?, writes))
}

/// The writer, who creates the file where there is none. A process that finds another at it is refused at once, whatever
/// the busy timeout: two that hold the file and wait for each other to let go would wait for ever
/// (<https://sqlite.org/c3ref/busy_handler.html>). So it begins again.
async fn created(file: &Path) -> Result<DatabaseConnection, DbErr> {
    let mut left = STATEMENT;
    loop {
        match sea_orm::Database::connect(options(file, Purpose::Writing)).await {
            Err(error) if is_locked(&error) && !left.is_zero() => {
                tokio::time::sleep(CREATION).await;
                left = left.saturating_sub(CREATION);
            }
            result => return result,
        }
    }
}

/// Whether SQLite was kept from the file by another connection, when it connected.
fn is_locked(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(_)) && is_busy(error)
}

fn options(file: &Path, purpose: Purpose) -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite://");
    let file = file.to_owned();
    let connections = match purpose {
        Purpose::Reading => READERS,
        Purpose::Writing => 1,
    };
    options.max_connections(connections).acquire_timeout(ACQUIRE).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(STATEMENT)
    });
    // The pool's own question whether SQLite is there says nothing.
    options.test_before_acquire(false);
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        let pool = keep_what_is_outside(pool, purpose);
        match purpose {
            Purpose::Reading => stop_with_request(pool),
            Purpose::Writing => pool,
        }
    });
    options
}

/// Connections that stop when the request that took them is given up.
fn stop_with_request(pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    pool.after_connect(|connection, _| Box::pin(interrupt_with_request(connection))).before_acquire(
        |connection, _| Box::pin(async move { interrupt_with_request(connection).await.map(|()| true) }),
    )
}

/// Only connections that stand outside any transaction come back to the pool; the others are closed, which rolls back what is open.
fn keep_what_is_outside(pool: PoolOptions<Sqlite>, purpose: Purpose) -> PoolOptions<Sqlite> {
    pool.after_release(move |connection, _| {
        Box::pin(async move {
            // One who only read was in no transaction unless the driver counts one.
            if matches!(purpose, Purpose::Reading) && !connection.is_in_transaction() {
                return Ok(true);
            }
            let outside = stands_outside(connection).await;
            if !outside {
                tracing::warn!("a connection to the database came back in a transaction and is thrown away");
            }
            Ok(outside)
        })
    })
}

/// Whether no transaction is open, as SQLite says and as the driver counts. SQLite refuses to roll back where there is nothing to roll
/// back; a rollback that the driver has queued runs before it is asked.
async fn stands_outside(connection: &mut SqliteConnection) -> bool {
    let nothing_to_roll_back = match connection.execute("ROLLBACK").await {
        Ok(_) => false,
        Err(error) => error
            .as_database_error()
            .is_some_and(|error| error.message().ends_with("cannot rollback - no transaction is active")),
    };
    nothing_to_roll_back && !connection.is_in_transaction()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_that_sqlite_rolled_back_by_itself_is_told_from_one_that_is_outside() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("CREATE TABLE lines (text TEXT NOT NULL UNIQUE) STRICT").await.unwrap();
        assert!(stands_outside(&mut connection).await);

        let transaction = connection.begin().await.unwrap();
        drop(transaction);
        assert!(stands_outside(&mut connection).await, "a rollback that is queued runs first");

        // As after a full disk: the transaction is gone, and the driver counts it.
        let mut transaction = connection.begin().await.unwrap();
        let taken = "INSERT OR ROLLBACK INTO lines VALUES ('one'), ('one')";
        transaction.execute(taken).await.unwrap_err();
        drop(transaction);
        assert!(connection.is_in_transaction());
        assert!(!stands_outside(&mut connection).await);
    }

    #[tokio::test]
    async fn a_connection_that_the_driver_does_not_know_to_be_in_a_transaction_is_found_out() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
        assert!(!connection.is_in_transaction());
        assert!(!stands_outside(&mut connection).await);
    }
}
