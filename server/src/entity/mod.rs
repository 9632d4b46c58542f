//! Rows of the database, as SeaORM sees them. No rules, no GraphQL.

pub mod comment;
pub mod company;
pub mod consumer;
pub mod event;
pub mod idempotency_key;
pub mod invitation;
pub mod log_epoch;
pub mod login_attempt;
pub mod notification;
pub mod password_reset;
pub mod refresh_token;
pub mod session;
pub mod task;
pub mod user;
