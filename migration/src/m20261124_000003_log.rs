//! The event log, the notifications that events cause, and the consumers that remember how far they read.
//!
//! `(xid, id)` follows the order of commits: on PostgreSQL by the transaction's number, on SQLite, which has one writer, by
//! the row's. Events have no foreign keys: the log outlives what it speaks of.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE events (
    id {id},
    xid {int} NOT NULL DEFAULT {xid},
    at {int} NOT NULL,
    kind TEXT NOT NULL,
    actor_id {int},
    task_id {int},
    creator_id {int},
    assignee_id {int},
    previous_assignee_id {int},
    subject_id {int},
    comment_id {int},
    missed_deadline {int},
    payload TEXT NOT NULL
) {strict};
CREATE UNIQUE INDEX events_in_commit_order ON events (xid, id);
CREATE INDEX events_in_history ON events (task_id, xid, id) WHERE kind IN (
    'TASK_CREATED', 'TASK_UPDATED', 'TASK_STATUS_CHANGED', 'TASK_DEADLINE_CHANGED', 'TASK_OVERDUE', 'TASK_ASSIGNED',
    'TASK_DELETED', 'TASK_RESTORED', 'COMMENT_ADDED'
);
CREATE UNIQUE INDEX events_one_overdue_a_deadline ON events (task_id, missed_deadline);

CREATE TABLE log_epoch (
    id {int} PRIMARY KEY,
    epoch TEXT NOT NULL,
    CONSTRAINT log_epoch_is_one CHECK (id = 1)
) {strict};

CREATE TABLE notifications (
    id {id},
    recipient_id {int} NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    event_id {int} NOT NULL,
    task_id {int},
    created_at {int} NOT NULL,
    read_at {int}
) {strict};
CREATE INDEX notifications_of_recipient ON notifications (recipient_id, id);
CREATE INDEX notifications_unread ON notifications (recipient_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_of_event ON notifications (event_id);

CREATE TABLE consumers (
    name TEXT PRIMARY KEY,
    epoch TEXT NOT NULL,
    position_xid {int} NOT NULL,
    position_id {int} NOT NULL,
    lease_holder TEXT,
    lease_until {int} NOT NULL
) {strict}
";

const DOWN: &str = r"
DROP TABLE consumers;
DROP TABLE notifications;
DROP TABLE log_epoch;
DROP TABLE events
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
