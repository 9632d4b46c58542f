//! What the company as a whole has decided: one row, so that every process goes by the same.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE company (
    id {int} PRIMARY KEY,
    open_registration {bool} NOT NULL,
    version {int} NOT NULL,
    CONSTRAINT company_is_one CHECK (id = 1)
) {strict};
INSERT INTO company (id, open_registration, version) VALUES (1, {true}, 1)
";

const DOWN: &str = "DROP TABLE company";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // SQLite too: a process that dies half way leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, DOWN).await
    }
}
