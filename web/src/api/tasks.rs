//! Queries and mutations of tasks.

use super::comments::CommentConnection;
use super::enums::{Direction, TaskHappening, TaskOrderField};
use super::history::HistoryEntry;
use super::task::{TaskCard, TaskRow};
use super::{
    Cursor, PageInfo, TaskAction, TaskId, TaskPriority, TaskStatus, Timestamp, UserError, UserId, schema,
};

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct TaskFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<TaskStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub priorities: Option<Vec<TaskPriority>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub assignee_ids: Option<Vec<UserId>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub creator_ids: Option<Vec<UserId>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deadline_from: Option<Timestamp>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deadline_to: Option<Timestamp>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub has_deadline: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub happened: Option<TaskHappened>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub on_time_by_original_deadline: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
}

/// What happened to a task from a moment until before another.
#[derive(cynic::InputObject, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cynic(graphql_type = "TaskHappenedInput")]
pub struct TaskHappened {
    pub what: TaskHappening,
    pub from: Timestamp,
    pub to: Timestamp,
}

#[derive(cynic::InputObject, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskOrder {
    pub field: TaskOrderField,
    pub direction: Direction,
}

#[derive(cynic::QueryVariables)]
pub struct TasksVariables {
    pub filter: TaskFilter,
    pub order: TaskOrder,
    pub first: i32,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TasksVariables")]
pub struct TasksPage {
    #[arguments(filter: $filter, orderBy: $order, first: $first, after: $after)]
    pub tasks: TaskConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskConnection {
    pub nodes: Vec<TaskRow>,
    pub page_info: PageInfo,
    pub live_cursor: Cursor,
}

#[derive(cynic::QueryVariables)]
pub struct CountsVariables {
    pub filters: Vec<TaskFilter>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CountsVariables")]
pub struct TaskCounts {
    #[arguments(filters: $filters)]
    pub task_counts: Vec<i32>,
}

#[derive(cynic::QueryVariables)]
pub struct TaskByNumberVariables {
    pub number: i32,
}

/// A task, and beside it its latest comments and history.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TaskByNumberVariables")]
pub struct TaskByNumber {
    #[arguments(number: $number)]
    pub task: Option<TaskCard>,
    #[cynic(alias, rename = "task")]
    #[arguments(number: $number)]
    pub talk: Option<TaskTalk>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Task")]
pub struct TaskTalk {
    #[arguments(first: 50)]
    pub comments: CommentConnection,
    #[arguments(first: 50)]
    pub history: TaskEventConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskEventConnection {
    pub nodes: Vec<HistoryEntry>,
    pub page_info: PageInfo,
}

/// The next page of a task's comments or history.
#[derive(cynic::QueryVariables)]
pub struct TalkVariables {
    pub number: i32,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TalkVariables")]
pub struct MoreComments {
    #[arguments(number: $number)]
    pub task: Option<TaskComments>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Task", variables = "TalkVariables")]
pub struct TaskComments {
    #[arguments(first: 50, after: $after)]
    pub comments: CommentConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TalkVariables")]
pub struct MoreHistory {
    #[arguments(number: $number)]
    pub task: Option<TaskHistory>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Task", variables = "TalkVariables")]
pub struct TaskHistory {
    #[arguments(first: 50, after: $after)]
    pub history: TaskEventConnection,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TaskPayload {
    pub task: Option<TaskCard>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct TaskCreateInput {
    pub title: String,
    pub description: String,
    pub assignee_id: UserId,
    pub deadline: Option<Timestamp>,
    pub priority: TaskPriority,
    pub requires_review: bool,
    pub idempotency_key: String,
}

#[derive(cynic::QueryVariables)]
pub struct TaskCreateVariables {
    pub input: TaskCreateInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskCreateVariables")]
pub struct TaskCreate {
    #[arguments(input: $input)]
    pub task_create: TaskPayload,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct TaskUpdateInput {
    pub id: TaskId,
    pub version: i32,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub priority: Option<TaskPriority>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub requires_review: Option<bool>,
}

#[derive(cynic::QueryVariables)]
pub struct TaskUpdateVariables {
    pub input: TaskUpdateInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskUpdateVariables")]
pub struct TaskUpdate {
    #[arguments(input: $input)]
    pub task_update: TaskPayload,
}

#[derive(cynic::QueryVariables)]
pub struct TaskDeadlineChangeVariables {
    pub id: TaskId,
    pub version: i32,
    pub deadline: Option<Timestamp>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskDeadlineChangeVariables")]
pub struct TaskDeadlineChange {
    #[arguments(id: $id, version: $version, deadline: $deadline)]
    pub task_deadline_change: TaskPayload,
}

#[derive(cynic::QueryVariables)]
pub struct TaskAssignVariables {
    pub id: TaskId,
    pub version: i32,
    pub assignee_id: UserId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskAssignVariables")]
pub struct TaskAssign {
    #[arguments(id: $id, version: $version, assigneeId: $assignee_id)]
    pub task_assign: TaskPayload,
}

#[derive(cynic::QueryVariables)]
pub struct TaskTransitionVariables {
    pub id: TaskId,
    pub version: i32,
    pub action: TaskAction,
    pub reason: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskTransitionVariables")]
pub struct TaskTransition {
    #[arguments(id: $id, version: $version, action: $action, reason: $reason)]
    pub task_transition: TaskPayload,
}

#[derive(cynic::QueryVariables)]
pub struct TaskDeleteVariables {
    pub id: TaskId,
    pub version: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskDeleteVariables")]
pub struct TaskDelete {
    #[arguments(id: $id, version: $version)]
    pub task_delete: TaskDeletePayload,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct TaskDeletePayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryVariables)]
pub struct TaskRestoreVariables {
    pub id: TaskId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "TaskRestoreVariables")]
pub struct TaskRestore {
    #[arguments(id: $id)]
    pub task_restore: TaskPayload,
}
