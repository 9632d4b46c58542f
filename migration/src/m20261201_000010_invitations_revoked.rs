//! Invitations can be taken back. Those of people who may not invite any more are.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = r"
ALTER TABLE invitations ADD COLUMN revoked_at {int};
UPDATE invitations SET revoked_at = created_at
    WHERE used_at IS NULL AND created_by IN (SELECT id FROM users WHERE NOT active OR role <> 'ADMIN');
CREATE INDEX invitations_unused_of_maker ON invitations (created_by, expires_at)
    WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX password_resets_unused_of_maker ON password_resets (created_by) WHERE used_at IS NULL;
CREATE INDEX password_resets_unused_of_user ON password_resets (user_id) WHERE used_at IS NULL
";

const DOWN: &str = r"
DROP INDEX password_resets_unused_of_user;
DROP INDEX password_resets_unused_of_maker;
DROP INDEX invitations_unused_of_maker;
ALTER TABLE invitations DROP COLUMN revoked_at
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
