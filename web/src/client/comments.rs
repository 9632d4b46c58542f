//! Writing, changing and deleting comments.

use super::request::mended;
use super::{Client, Trouble};
use crate::api::comments::{
    CommentAdd, CommentAddVariables, CommentDelete, CommentDeleteVariables, CommentUpdate,
    CommentUpdateVariables,
};
use crate::api::{CommentId, TaskId};

impl Client {
    /// `key` stays the same when the same comment is sent again.
    pub async fn add_comment(&self, task: &TaskId, body: String, key: String) -> Result<(), Trouble> {
        let variables = CommentAddVariables { task_id: task.clone(), body, idempotency_key: key };
        let answer: CommentAdd = self.mutate(variables).await?;
        mended(answer.comment_add.user_errors)?;
        if let Some(comment) = answer.comment_add.comment {
            self.update(|state| state.store.take_comment(task, comment));
        }
        Ok(())
    }

    pub async fn update_comment(&self, task: &TaskId, id: CommentId, body: String) -> Result<(), Trouble> {
        let answer: CommentUpdate = self.mutate(CommentUpdateVariables { id, body }).await?;
        mended(answer.comment_update.user_errors)?;
        if let Some(comment) = answer.comment_update.comment {
            self.update(|state| state.store.take_comment(task, comment));
        }
        Ok(())
    }

    pub async fn delete_comment(&self, task: &TaskId, id: CommentId) -> Result<(), Trouble> {
        let answer: CommentDelete = self.mutate(CommentDeleteVariables { id: id.clone() }).await?;
        mended(answer.comment_delete.user_errors)?;
        self.update(|state| state.store.remove_comment(task, &id));
        Ok(())
    }
}
