//! The two subscriptions.

use super::answer::Answer;
use super::history::TaskEvent;
use super::notifications::NotificationFields;
use super::{Cursor, NotificationId, schema};

#[derive(cynic::QueryVariables)]
pub struct LiveVariables {
    pub after: Option<Cursor>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription", variables = "LiveVariables")]
pub struct TaskEvents {
    #[arguments(after: $after)]
    pub task_events: TaskEvent,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription", variables = "LiveVariables")]
pub struct Notifications {
    #[arguments(after: $after)]
    pub notification_received: NotificationEvent,
}

/// One event of whatever kind, with what its kind has.
#[derive(serde::Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Notified {
    #[serde(rename = "__typename")]
    pub kind: String,
    pub cursor: Option<Cursor>,
    pub notification: Option<NotificationFields>,
    pub ids: Option<Vec<NotificationId>>,
    pub unread_count: Option<i32>,
}

pub type NotificationEvent = Answer<Notified, question::NotificationEvent>;

/// What is asked for of each kind. Never read: the answer is a [`Notified`].
mod question {
    #![expect(dead_code, reason = "these say what to ask for; what comes is read as one flat record")]

    use super::*;

    #[derive(cynic::QueryFragment)]
    pub struct NotificationReceived {
        cursor: Cursor,
        notification: NotificationFields,
        unread_count: i32,
    }

    #[derive(cynic::QueryFragment)]
    pub struct NotificationsRead {
        cursor: Cursor,
        ids: Vec<NotificationId>,
        unread_count: i32,
    }

    #[derive(cynic::QueryFragment)]
    pub struct Resync {
        cursor: Cursor,
    }

    #[derive(cynic::InlineFragments)]
    #[expect(clippy::large_enum_variant, reason = "never made")]
    pub enum NotificationEvent {
        Received(NotificationReceived),
        Read(NotificationsRead),
        Resync(Resync),
        #[cynic(fallback)]
        Other,
    }
}
