//! What statistics count: each event says which measure it adds to, so that figures of a period read those rows alone.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
ALTER TABLE events ADD COLUMN measure TEXT;
UPDATE events SET measure = CASE
    WHEN kind = 'TASK_OVERDUE' THEN 'OVERDUE'
    WHEN kind = 'TASK_DEADLINE_CHANGED' AND payload {member} 'from' IS NOT NULL THEN 'DEADLINE_MOVED'
    WHEN payload {member} 'action' = 'RETURN' THEN 'RETURNED'
    WHEN payload {member} 'action' = 'ACCEPT' THEN 'ACCEPTED'
    WHEN payload {member} 'action' = 'SUBMIT' AND payload {member} 'to' = 'IN_REVIEW' THEN 'HANDED_IN'
END
WHERE kind IN ('TASK_OVERDUE', 'TASK_DEADLINE_CHANGED', 'TASK_STATUS_CHANGED');
CREATE INDEX events_measured ON events (measure, at, task_id) WHERE measure IS NOT NULL;
CREATE INDEX events_measured_of_task ON events (task_id, measure, xid, id) WHERE measure IS NOT NULL;
CREATE INDEX tasks_by_completed ON tasks (completed_at, id) WHERE deleted_at IS NULL AND completed_at IS NOT NULL
";

const DOWN: &str = r"
DROP INDEX tasks_by_completed;
DROP INDEX events_measured_of_task;
DROP INDEX events_measured;
ALTER TABLE events DROP COLUMN measure
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
