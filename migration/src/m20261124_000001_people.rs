//! People, how they sign in, and how they are let in. Times are milliseconds since 1970 in UTC.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
CREATE TABLE users (
    id {id},
    name TEXT NOT NULL,
    name_key {sorted} NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    active {bool} NOT NULL,
    locale TEXT,
    theme TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    shortcuts {bool} NOT NULL,
    created_at {int} NOT NULL,
    last_seen_at {int},
    CONSTRAINT users_email_unique UNIQUE (email),
    CONSTRAINT users_role_known CHECK (role IN ('ADMIN', 'SUPERVISOR', 'MANAGER'))
) {strict};
CREATE INDEX users_by_name ON users (name_key, id);
CREATE INDEX users_active_admins ON users (id) WHERE role = 'ADMIN' AND active = {true};

CREATE TABLE sessions (
    id {id},
    user_id {int} NOT NULL REFERENCES users (id),
    created_at {int} NOT NULL,
    last_used_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    ended_at {int},
    device TEXT NOT NULL,
    address TEXT NOT NULL
) {strict};
CREATE INDEX sessions_of_user ON sessions (user_id, id) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
    id {id},
    session_id {int} NOT NULL REFERENCES sessions (id),
    parent_id {int} REFERENCES refresh_tokens (id),
    token_hash {bytes} NOT NULL,
    issued_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int},
    sealed_successor {bytes},
    CONSTRAINT refresh_tokens_hash_unique UNIQUE (token_hash),
    CONSTRAINT refresh_tokens_one_successor UNIQUE (parent_id)
) {strict};
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);

CREATE TABLE invitations (
    id {id},
    token_hash {bytes} NOT NULL,
    role TEXT NOT NULL,
    created_by {int} NOT NULL REFERENCES users (id),
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int},
    used_by {int} REFERENCES users (id),
    CONSTRAINT invitations_hash_unique UNIQUE (token_hash)
) {strict};

CREATE TABLE password_resets (
    id {id},
    token_hash {bytes} NOT NULL,
    user_id {int} NOT NULL REFERENCES users (id),
    created_by {int} NOT NULL REFERENCES users (id),
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int},
    CONSTRAINT password_resets_hash_unique UNIQUE (token_hash)
) {strict};

CREATE TABLE login_attempts (
    subject TEXT PRIMARY KEY,
    failures {int} NOT NULL,
    last_at {int} NOT NULL,
    blocked_until {int} NOT NULL
) {strict};
CREATE INDEX login_attempts_by_age ON login_attempts (last_at)
";

const DOWN: &str = r"
DROP TABLE login_attempts;
DROP TABLE password_resets;
DROP TABLE invitations;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users
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
