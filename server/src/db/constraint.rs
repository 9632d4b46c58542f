//! Named constraints: which rule of the schema a statement broke. What a person is told of it is decided where it is written.

use sea_orm::{DbErr, SqlErr};

/// A rule of the schema that a valid request can break when two arrive at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// One account an address.
    UserEmail,
    /// One result an idempotency key.
    IdempotencyKey,
    /// One overdue event a task and deadline.
    OverdueOnce,
    /// One successor a refresh token.
    RefreshSuccessor,
}

impl Constraint {
    const ALL: [Constraint; 4] = [
        Constraint::UserEmail,
        Constraint::IdempotencyKey,
        Constraint::OverdueOnce,
        Constraint::RefreshSuccessor,
    ];

    /// Its name, as PostgreSQL reports it, and its columns, as SQLite does.
    fn names(self) -> [&'static str; 2] {
        match self {
            Constraint::UserEmail => ["users_email_unique", "users.email"],
            Constraint::IdempotencyKey => ["idempotency_keys_unique", "idempotency_keys.idempotency_key"],
            Constraint::OverdueOnce => ["events_one_overdue_a_deadline", "events.missed_deadline"],
            Constraint::RefreshSuccessor => ["refresh_tokens_one_successor", "refresh_tokens.parent_id"],
        }
    }
}

/// The constraint that a statement broke, if it broke one of those that requests can break.
pub fn violated(error: &DbErr) -> Option<Constraint> {
    let SqlErr::UniqueConstraintViolation(message) = error.sql_err()? else { return None };
    Constraint::ALL
        .into_iter()
        .find(|constraint| constraint.names().iter().any(|name| message.contains(name)))
}
