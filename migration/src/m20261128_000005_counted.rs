//! What statistics count is in indexes: figures of a year read no row. SQLite looks at the row of a task to see that it is not
//! deleted unless the index says so, even an index that has no others.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
DROP INDEX tasks_by_created;
CREATE INDEX tasks_by_created ON tasks (created_at, id, assignee_id, deleted_at) WHERE deleted_at IS NULL;
DROP INDEX tasks_by_completed;
CREATE INDEX tasks_by_completed ON tasks (
    completed_at, id, assignee_id, created_at, submitted_at, deadline, original_deadline, deleted_at
) WHERE deleted_at IS NULL AND completed_at IS NOT NULL;
DROP INDEX tasks_open_of_pair;
CREATE INDEX tasks_open_of_pair ON tasks (assignee_id, creator_id, status, deleted_at)
    WHERE deleted_at IS NULL AND status <> 'DONE';
DROP INDEX events_measured;
CREATE INDEX events_measured ON events (measure, at, task_id, xid, id) WHERE measure IS NOT NULL;
DROP INDEX events_measured_of_task;
CREATE INDEX events_measured_of_task ON events (task_id, measure, xid, id, at) WHERE measure IS NOT NULL
";

const DOWN: &str = r"
DROP INDEX events_measured_of_task;
CREATE INDEX events_measured_of_task ON events (task_id, measure, xid, id) WHERE measure IS NOT NULL;
DROP INDEX events_measured;
CREATE INDEX events_measured ON events (measure, at, task_id) WHERE measure IS NOT NULL;
DROP INDEX tasks_open_of_pair;
CREATE INDEX tasks_open_of_pair ON tasks (creator_id, assignee_id) WHERE deleted_at IS NULL AND status <> 'DONE';
DROP INDEX tasks_by_completed;
CREATE INDEX tasks_by_completed ON tasks (completed_at, id) WHERE deleted_at IS NULL AND completed_at IS NOT NULL;
DROP INDEX tasks_by_created;
CREATE INDEX tasks_by_created ON tasks (created_at, id) WHERE deleted_at IS NULL
";

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
