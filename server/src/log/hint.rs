//! Wakes the tailers of other processes through PostgreSQL. A hint carries nothing and may be lost; many commits make one.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::db::Database;

const CHANNEL: &str = "vekha_log";
/// How long to wait before listening anew when PostgreSQL does not answer. Polling goes on meanwhile.
const RETRY: Duration = Duration::from_secs(1);

/// Sends hints after this process's commits and turns those of others into `hints`, until stopped. Does nothing on SQLite.
pub async fn exchange_hints(db: Database, hints: Arc<Notify>, stop: CancellationToken) {
    let Some(pool) = db.postgres_pool().cloned() else { return };
    tokio::select! {
        () = stop.cancelled() => {}
        () = send(db, &pool) => {}
        () = receive(&pool, &hints) => {}
    }
}

/// One hint for all commits since the last. Outside the transactions that it speaks of: `NOTIFY` takes a lock of the whole
/// cluster when it commits.
async fn send(db: Database, pool: &PgPool) {
    let mut commits = db.commits();
    while commits.changed().await.is_ok() {
        let count = commits.borrow_and_update().to_string();
        let sent =
            sea_orm::sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(count).execute(pool).await;
        if let Err(error) = sent {
            tracing::debug!(%error, "a hint was not sent; others find the change by polling");
        }
    }
}

async fn receive(pool: &PgPool, hints: &Notify) {
    loop {
        match listen(pool, hints).await {
            Ok(()) => {}
            Err(error) => tracing::debug!(%error, "not listening for hints; polling goes on"),
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen(pool: &PgPool, hints: &Notify) -> Result<(), sea_orm::sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        listener.recv().await?;
        hints.notify_one();
    }
}
