//! One row that is written to see whether writing is possible. It means nothing, and nobody reads it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE write_trial (
    id {int} PRIMARY KEY,
    times {int} NOT NULL,
    ballast {bytes},
    CONSTRAINT write_trial_is_one CHECK (id = 1)
) {strict};
INSERT INTO write_trial (id, times) VALUES (1, 0)
";

const DOWN: &str = "DROP TABLE write_trial";

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
