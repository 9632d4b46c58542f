//! Finding tasks of everyone, for administrators.

use super::task::TaskRow;
use super::{PageInfo, TaskStatus, Timestamp, schema};

#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct TaskSearchInput {
    pub text: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<TaskStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deadline_from: Option<Timestamp>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deadline_to: Option<Timestamp>,
    pub order_by: TaskSearchOrder,
}

impl TaskSearchInput {
    /// The text alone, the best match first.
    pub fn of(text: String) -> Self {
        Self {
            text,
            person: None,
            statuses: None,
            deadline_from: None,
            deadline_to: None,
            order_by: TaskSearchOrder::Relevance,
        }
    }
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskSearchOrder {
    Relevance,
    Deadline,
}

#[derive(cynic::QueryVariables)]
pub struct TaskSearchVariables {
    pub input: TaskSearchInput,
    pub first: i32,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TaskSearchVariables")]
pub struct TaskSearch {
    #[arguments(input: $input, first: $first, after: $after)]
    pub task_search: TaskSearchConnection,
}

#[derive(cynic::QueryFragment)]
pub struct TaskSearchConnection {
    pub edges: Vec<TaskSearchEdge>,
    pub page_info: PageInfo,
    pub total_count: i32,
    /// The engine did not answer, and the database did: without typos, of the newest tasks.
    pub degraded: bool,
}

#[derive(cynic::QueryFragment)]
pub struct TaskSearchEdge {
    pub node: TaskRow,
    pub highlights: Vec<Highlight>,
}

/// Pieces of a field around what was found in it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// `title` or `description`.
    pub field: String,
    pub fragments: Vec<Vec<HighlightPart>>,
}

/// Plain text, never markup.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct HighlightPart {
    pub text: String,
    #[cynic(rename = "match")]
    pub is_match: bool,
}
