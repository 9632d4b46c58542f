//! Comments of a task.

use super::{CommentId, PageInfo, PersonFields, TaskId, Timestamp, UserError, schema};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Comment")]
pub struct CommentFields {
    pub id: CommentId,
    pub body: String,
    pub author: Option<PersonFields>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub viewer_can: CommentPermissions,
}

#[derive(cynic::QueryFragment, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommentPermissions {
    pub edit: bool,
    pub delete: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct CommentConnection {
    pub nodes: Vec<CommentFields>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryFragment, Debug)]
pub struct CommentPayload {
    pub comment: Option<CommentFields>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryVariables)]
pub struct CommentAddVariables {
    pub task_id: TaskId,
    pub body: String,
    pub idempotency_key: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CommentAddVariables")]
pub struct CommentAdd {
    #[arguments(taskId: $task_id, body: $body, idempotencyKey: $idempotency_key)]
    pub comment_add: CommentPayload,
}

#[derive(cynic::QueryVariables)]
pub struct CommentUpdateVariables {
    pub id: CommentId,
    pub body: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CommentUpdateVariables")]
pub struct CommentUpdate {
    #[arguments(id: $id, body: $body)]
    pub comment_update: CommentPayload,
}

#[derive(cynic::QueryVariables)]
pub struct CommentDeleteVariables {
    pub id: CommentId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CommentDeleteVariables")]
pub struct CommentDelete {
    #[arguments(id: $id)]
    pub comment_delete: CommentPayload,
}
