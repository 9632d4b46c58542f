//! Queries and mutations of notifications.

use super::history::HistoryEntry;
use super::{
    Cursor, NotificationId, NotificationKind, PageInfo, PersonFields, Role, TaskId, Timestamp, UserError,
    schema,
};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Notification")]
pub struct NotificationFields {
    pub id: NotificationId,
    pub kind: NotificationKind,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
    pub actor: Option<PersonFields>,
    pub task: Option<NotifiedTask>,
    pub event: Option<HistoryEntry>,
    pub role: Option<Role>,
    pub text: String,
}

/// As much of a task as a notification names.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Task")]
pub struct NotifiedTask {
    pub id: TaskId,
    pub number: i32,
    pub title: String,
    pub deadline: Option<Timestamp>,
    pub creator: Option<PersonFields>,
    pub assignee: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationConnection {
    pub nodes: Vec<NotificationFields>,
    pub page_info: PageInfo,
    pub unread_count: i32,
    pub live_cursor: Cursor,
}

#[derive(cynic::QueryVariables)]
pub struct NotificationsVariables {
    pub first: i32,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "NotificationsVariables")]
pub struct NotificationsPage {
    #[arguments(first: $first, after: $after)]
    pub notifications: NotificationConnection,
}

#[derive(cynic::QueryVariables)]
pub struct NotificationReadVariables {
    pub ids: Vec<NotificationId>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "NotificationReadVariables")]
pub struct NotificationRead {
    #[arguments(ids: $ids)]
    pub notification_read: NotificationReadPayload,
}

#[derive(cynic::QueryVariables)]
pub struct NotificationReadAllVariables {
    pub until: Cursor,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "NotificationReadAllVariables")]
pub struct NotificationReadAll {
    #[arguments(until: $until)]
    pub notification_read_all: NotificationReadPayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct NotificationReadPayload {
    pub unread_count: Option<i32>,
    pub user_errors: Vec<UserError>,
}
