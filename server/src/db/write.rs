//! A transaction that writes. It lasts or leaves nothing: one in which a statement failed cannot be made to last, on either database.

use std::ops::Deref;
use std::sync::Arc;

use parking_lot::Mutex;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, ExecResult, QueryResult, Statement,
};
use tokio::sync::watch;

use super::writable::Writable;

/// A transaction that writes.
#[derive(Debug)]
pub struct Write {
    statements: Statements,
    commits: Arc<watch::Sender<u64>>,
}

impl Write {
    pub(super) fn new(
        transaction: DatabaseTransaction,
        writable: Arc<Writable>,
        commits: Arc<watch::Sender<u64>>,
    ) -> Self {
        Write { statements: Statements { transaction, writable, failed: Mutex::default() }, commits }
    }

    /// Makes it last, then wakes who reads the log: never before.
    ///
    /// # Errors
    /// It does not last. Where a statement failed, that is why, whatever was made of the failure.
    pub async fn commit(self) -> Result<(), DbErr> {
        let commits = Arc::clone(&self.commits);
        self.commit_unheard().await?;
        commits.send_modify(|count| *count = count.wrapping_add(1));
        Ok(())
    }

    /// The same for what nobody reads of.
    pub(super) async fn commit_unheard(self) -> Result<(), DbErr> {
        let Statements { transaction, writable, failed } = self.statements;
        if let Some(error) = failed.into_inner() {
            return Err(error);
        }
        let committed = transaction.commit().await;
        match &committed {
            Ok(()) => writable.committed(),
            Err(error) => writable.failed(error),
        }
        committed
    }
}

impl Deref for Write {
    type Target = Statements;

    fn deref(&self) -> &Statements {
        &self.statements
    }
}

/// What runs in the transaction. After a statement that failed none runs any more. PostgreSQL sees to that itself; SQLite goes on,
/// and where it has rolled back by itself, each later statement would last for itself.
#[derive(Debug)]
pub struct Statements {
    transaction: DatabaseTransaction,
    writable: Arc<Writable>,
    failed: Mutex<Option<DbErr>>,
}

impl Statements {
    async fn run<T>(&self, statement: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T, DbErr> {
        let failed = self.failed.lock().clone();
        if let Some(error) = failed {
            return Err(error);
        }
        let result = statement.await;
        if let Err(error) = &result {
            self.writable.failed(error);
            *self.failed.lock() = Some(error.clone());
        }
        result
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Statements {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.run(self.transaction.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.run(self.transaction.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.run(self.transaction.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.run(self.transaction.query_all_raw(statement)).await
    }
}
