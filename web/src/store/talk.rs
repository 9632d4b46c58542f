//! What is said about a task and what happened to it.

use std::rc::Rc;

use super::{Change, Comment, Store};
use crate::api::comments::{CommentConnection, CommentFields};
use crate::api::tasks::TaskEventConnection;
use crate::api::{CommentId, TaskId};

/// The comments and the history of one task, as far as they were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// Oldest first.
    pub comments: Vec<Rc<Comment>>,
    pub comment_count: i32,
    pub more_comments: Option<String>,
    /// Newest first.
    pub history: Vec<Rc<Change>>,
    pub more_history: Option<String>,
    /// To be read afresh.
    pub doubted: bool,
    /// When it was read last, by the store's clock.
    pub(super) taken: u64,
}

impl Talk {
    pub(super) fn doubt(&mut self) {
        self.doubted = true;
    }

    /// Whether the comment was not there before.
    fn put_comment(&mut self, comment: Comment) -> bool {
        let comment = Rc::new(comment);
        if let Some(known) = self.comments.iter_mut().find(|known| known.id == comment.id) {
            // Of two forms of one comment the one edited later is the newer.
            if comment.edited_at >= known.edited_at {
                *known = comment;
            }
            return false;
        }
        let key = |comment: &Comment| (comment.created_at, comment.id.clone());
        let place = self.comments.partition_point(|other| key(other) < key(&comment));
        self.comments.insert(place, comment);
        true
    }

    fn put_change(&mut self, change: Change) {
        if self.history.iter().any(|known| known.is_same(&change)) {
            return;
        }
        let place = self.history.partition_point(|other| other.at > change.at);
        self.history.insert(place, Rc::new(change));
    }
}

impl Store {
    pub fn talk(&self, task: &TaskId) -> Option<&Talk> {
        self.talks.get(task)
    }

    /// Takes in the first pages of a task's comments and history.
    pub fn take_talk(&mut self, task: &TaskId, comments: CommentConnection, history: TaskEventConnection) {
        self.clock = self.clock.wrapping_add(1);
        let talk = self.talks.entry(task.clone()).or_default();
        if talk.doubted {
            *talk = Talk::default();
        }
        talk.taken = self.clock;
        self.take_comments(task, comments);
        self.take_history(task, history);
        self.forget();
    }

    /// Takes in a further page of comments.
    pub fn take_comments(&mut self, task: &TaskId, page: CommentConnection) {
        for comment in &page.nodes {
            self.take_author(comment);
        }
        let Some(talk) = self.talks.get_mut(task) else { return };
        for comment in page.nodes {
            talk.put_comment(comment.into());
        }
        talk.comment_count = page.total_count;
        talk.more_comments = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
    }

    /// Takes in a further page of the history.
    pub fn take_history(&mut self, task: &TaskId, page: TaskEventConnection) {
        let Some(talk) = self.talks.get_mut(task) else { return };
        for change in page.nodes.into_iter().filter_map(|entry| Change::read(entry.flat)) {
            talk.put_change(change);
        }
        talk.more_history = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
    }

    /// Takes in one comment, new or edited.
    pub fn take_comment(&mut self, task: &TaskId, comment: CommentFields) {
        self.take_author(&comment);
        if let Some(talk) = self.talks.get_mut(task)
            && talk.put_comment(comment.into())
        {
            talk.comment_count = talk.comment_count.saturating_add(1);
        }
    }

    pub fn remove_comment(&mut self, task: &TaskId, id: &CommentId) {
        if let Some(talk) = self.talks.get_mut(task) {
            let before = talk.comments.len();
            talk.comments.retain(|comment| comment.id != *id);
            if talk.comments.len() < before {
                talk.comment_count = talk.comment_count.saturating_sub(1);
            }
        }
    }

    pub(super) fn take_change(&mut self, task: &TaskId, change: Change) {
        if let Some(talk) = self.talks.get_mut(task) {
            talk.put_change(change);
        }
    }

    fn take_author(&mut self, comment: &CommentFields) {
        if let Some(author) = &comment.author {
            self.take_person(author);
        }
    }
}
