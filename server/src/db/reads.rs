//! Statements that change nothing, each within the share of the request that asks, and none for ever.

use std::ops::Deref;
use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult,
    QueryResult, Statement,
};
use tokio::sync::OwnedSemaphorePermit;

use super::UNANSWERED;
use super::lease::{GivenUp, bounded, turn};

/// The connections that read.
#[derive(Clone, Debug)]
pub struct Reads {
    pub(super) connection: DatabaseConnection,
    pub(super) given_up: Arc<GivenUp>,
}

impl Reads {
    /// For what takes as long as it takes, on nobody's behalf who waits: a backup.
    pub fn unhurried(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Deref for Reads {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.connection
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reads {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _turn = turn().await;
        bounded(self.connection.execute_raw(statement), &self.given_up, UNANSWERED).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _turn = turn().await;
        bounded(self.connection.execute_unprepared(sql), &self.given_up, UNANSWERED).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _turn = turn().await;
        bounded(self.connection.query_one_raw(statement), &self.given_up, UNANSWERED).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = turn().await;
        bounded(self.connection.query_all_raw(statement), &self.given_up, UNANSWERED).await
    }
}

/// What is committed at one moment, for several statements one after the other.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) transaction: DatabaseTransaction,
    pub(super) _turn: Option<OwnedSemaphorePermit>,
}

impl Snapshot {
    /// Ends the reading.
    pub async fn end(self) -> Result<(), DbErr> {
        self.transaction.rollback().await
    }
}

impl Deref for Snapshot {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
