//! The contract as Rust types: fragments, inputs and operations that are checked against `schema.graphql` when compiled.
//!
//! Knows nothing of the network and nothing of what the client keeps: `transport` sends these, `store` takes them in.

pub mod answer;
pub mod comments;
pub mod company;
pub mod documents;
pub mod enums;
pub mod history;
pub mod id;
pub mod live;
pub mod notifications;
pub mod people;
pub mod search;
pub mod session;
pub mod statistics;
pub mod task;
pub mod tasks;

pub use enums::{Locale, NotificationKind, Role, TaskAction, TaskPriority, TaskStatus, Theme, UserErrorCode};
pub use id::{CommentId, InvitationId, NotificationId, SessionId, TaskId, UserId};

use chrono::{DateTime, Utc};

/// A moment, as the contract gives it: UTC.
pub type Timestamp = DateTime<Utc>;

#[cynic::schema("vekha")]
#[expect(unreachable_pub, reason = "generated from the schema")]
pub(crate) mod schema {}

cynic::impl_scalar!(Timestamp, schema::DateTime);

/// A place in the event log: opaque, given back as it came.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Cursor")]
pub struct Cursor(pub String);

/// Something the person can mend.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct UserError {
    pub code: UserErrorCode,
    pub message: String,
    pub field: Option<Vec<String>>,
}

impl UserError {
    /// Whether this error belongs beside the input of that name.
    pub fn concerns(&self, name: &str) -> bool {
        self.field.as_ref().and_then(|path| path.last()).is_some_and(|last| last == name)
    }
}

/// A person as other things show them.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "User")]
pub struct PersonFields {
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

/// How far a page reaches.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}
