//! Tasks and comments, with an index for every list that the contract offers.
//!
//! A list is somebody's order over everyone's tasks, over those of one assignee or over those of one creator; each pair has
//! its index, in the order of the list, over tasks that are not deleted. `deadline_key` is the deadline, or the largest
//! integer where there is none, so that keyset pages need no special case for null.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE tasks (
    id {id},
    title TEXT NOT NULL,
    title_key {sorted} NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    status_before_overdue TEXT,
    priority {int} NOT NULL,
    requires_review {bool} NOT NULL,
    deadline {int},
    deadline_key {int} NOT NULL,
    original_deadline {int},
    deadline_missed {bool} NOT NULL,
    deadline_moves {int} NOT NULL,
    returns {int} NOT NULL,
    creator_id {int} NOT NULL REFERENCES users (id),
    assignee_id {int} NOT NULL REFERENCES users (id),
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    started_at {int},
    submitted_at {int},
    completed_at {int},
    deleted_at {int},
    version {int} NOT NULL,
    CONSTRAINT tasks_status_known CHECK (status IN ('NEW', 'IN_PROGRESS', 'IN_REVIEW', 'DONE', 'DEFERRED', 'OVERDUE')),
    CONSTRAINT tasks_before_overdue CHECK (
        (status = 'OVERDUE' AND status_before_overdue IN ('NEW', 'IN_PROGRESS'))
        OR (status <> 'OVERDUE' AND status_before_overdue IS NULL)
    )
) {strict};

CREATE INDEX tasks_by_deadline ON tasks (deadline_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_created ON tasks (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_updated ON tasks (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_title ON tasks (title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_number ON tasks (id) WHERE deleted_at IS NULL;

CREATE INDEX tasks_of_assignee_by_deadline ON tasks (assignee_id, deadline_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_assignee_by_created ON tasks (assignee_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_assignee_by_updated ON tasks (assignee_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_assignee_by_priority ON tasks (assignee_id, priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_assignee_by_title ON tasks (assignee_id, title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_assignee_by_number ON tasks (assignee_id, id) WHERE deleted_at IS NULL;

CREATE INDEX tasks_of_creator_by_deadline ON tasks (creator_id, deadline_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_creator_by_created ON tasks (creator_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_creator_by_updated ON tasks (creator_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_creator_by_priority ON tasks (creator_id, priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_creator_by_title ON tasks (creator_id, title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_of_creator_by_number ON tasks (creator_id, id) WHERE deleted_at IS NULL;

CREATE INDEX tasks_of_status_by_deadline ON tasks (status, deadline_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_to_expire ON tasks (deadline, id)
    WHERE deleted_at IS NULL AND deadline IS NOT NULL AND status NOT IN ('IN_REVIEW', 'DONE', 'DEFERRED', 'OVERDUE');
CREATE INDEX tasks_open_of_pair ON tasks (creator_id, assignee_id) WHERE deleted_at IS NULL AND status <> 'DONE';
CREATE INDEX tasks_deleted ON tasks (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE comments (
    id {id},
    task_id {int} NOT NULL REFERENCES tasks (id),
    author_id {int} NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    created_at {int} NOT NULL,
    edited_at {int},
    deleted_at {int}
) {strict};
CREATE INDEX comments_of_task ON comments (task_id, id) WHERE deleted_at IS NULL;
-- What a task that goes for good takes with it.
CREATE INDEX comments_by_task ON comments (task_id, deleted_at);

CREATE TABLE idempotency_keys (
    user_id {int} NOT NULL REFERENCES users (id),
    idempotency_key TEXT NOT NULL,
    request_hash {bytes} NOT NULL,
    result_id {int} NOT NULL,
    created_at {int} NOT NULL,
    CONSTRAINT idempotency_keys_unique PRIMARY KEY (user_id, idempotency_key)
) {strict};
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)
";

const DOWN: &str = r"
DROP TABLE idempotency_keys;
DROP TABLE comments;
DROP TABLE tasks
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
