//! Brings the schema up to date, once, however many processes start at the same time: one does it, the others wait for it and say
//! so. What a change of the schema may do while others serve is in `migration/README.md`.

use std::sync::Arc;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::PgPool;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr,
    SqlxPostgresConnector, Statement,
};
use tokio::time::Instant;

use super::{ACQUIRE, Database, is_busy};

/// How long a process waits to bring the schema up to date, and how often it says so.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Said first after so long.
    pub first: Duration,
    /// And again after each such time.
    pub again: Duration,
    /// Given up after so long.
    pub most: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            first: Duration::from_secs(1),
            again: Duration::from_secs(30),
            most: Duration::from_mins(30),
        }
    }
}

/// Whoever is refused a lock tries again after so long.
const PAUSE: Duration = Duration::from_millis(250);

impl Database {
    /// Brings the schema up to date. Of several processes that start at once, one does it and the others wait.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        self.migrate_by::<Migrator>(Patience::default()).await
    }

    /// The same with other changes and other patience; for tests, which have less.
    ///
    /// # Errors
    /// Besides what the database says: it could not be begun in time.
    pub async fn migrate_by<M: MigratorTrait>(&self, patience: Patience) -> Result<(), DbErr> {
        let begun = Instant::now();
        let mut said = None;
        loop {
            let slice = if said.is_none() { patience.first } else { patience.again };
            match self.try_migrate::<M>(slice).await {
                Err(error) if is_busy(&error) => {
                    let waited = begun.elapsed();
                    if waited >= patience.most {
                        return Err(DbErr::Migration(format!(
                            "the schema could not be brought up to date within {waited:?}: another process has the database ({error}). \
                             Is one that migrates still at work, or did somebody leave a transaction open?"
                        )));
                    }
                    if said.is_none_or(|said: Instant| said.elapsed() >= patience.again) {
                        said = Some(Instant::now());
                        let holder = self.holder().await.unwrap_or_default();
                        tracing::info!(
                            ?waited,
                            ?holder,
                            "waiting for another process to bring the schema up to date"
                        );
                    }
                    tokio::time::sleep(PAUSE.min(patience.first)).await;
                }
                done => return done,
            }
        }
    }

    /// Fails as busy where the right to do it, or a table that is to be changed, is not to be had within `slice`.
    async fn try_migrate<M: MigratorTrait>(&self, slice: Duration) -> Result<(), DbErr> {
        let milliseconds = slice.as_millis();
        if let Some(pool) = self.postgres_pool() {
            let right = self.begin().await?;
            for statement in [
                "SET LOCAL idle_in_transaction_session_timeout = 0",
                "SET LOCAL statement_timeout = 0",
                &format!("SET LOCAL lock_timeout = {milliseconds}"),
                "SELECT pg_advisory_xact_lock(hashtext('vekha.migrate'))",
            ] {
                right.execute_unprepared(statement).await?;
            }
            let changing = patient(pool).await?;
            let changed = M::up(&changing, None).await;
            changing.close().await?;
            changed?;
            right.commit().await
        } else {
            let timeout = |milliseconds: u128| format!("PRAGMA busy_timeout = {milliseconds}");
            self.writes.execute_unprepared(&timeout(milliseconds)).await?;
            let migrated = self.migrate_alone::<M>().await;
            self.writes.execute_unprepared(&timeout(super::STATEMENT.as_millis())).await?;
            migrated
        }
    }

    /// On SQLite whoever writes is alone: what is applied is looked up when nobody else can apply it any more.
    async fn migrate_alone<M: MigratorTrait>(&self) -> Result<(), DbErr> {
        let writer: DatabaseTransaction = self.begin().await?;
        M::up(&writer, None).await?;
        writer.commit().await
    }

    /// Who has the right to change the schema, as far as PostgreSQL tells this user.
    async fn holder(&self) -> Result<Option<String>, DbErr> {
        if self.backend() != DatabaseBackend::Postgres {
            return Ok(None);
        }
        let holder = "SELECT 'process ' || pid || ' of PostgreSQL, ' || application_name AS holder
            FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'advisory' AND granted AND objid = (hashtext('vekha.migrate')::bigint & 4294967295)::oid
                AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let row = self.reads.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, holder)).await?;
        row.map(|row| row.try_get("", "holder")).transpose()
    }
}

/// One connection on which a statement may take as long as it takes: a change of a large table, some of which are no part of a
/// transaction. It waits for a table no longer than requests do: whoever comes after it would wait as well.
async fn patient(pool: &PgPool) -> Result<DatabaseConnection, DbErr> {
    let options = (*pool.connect_options()).clone().options([("statement_timeout", "0")]);
    let connected =
        PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE).connect_with(options).await;
    let pool = connected.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
