//! What of an entry a person is shown when it is delivered, by the policy of that moment.

use domain::Role;
use domain::policy::{Capability, Operation, decide};

use super::event::Event;
use super::read::Entry;
use crate::db::columns::UserId;

/// What a person is shown of an entry about tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it happened.
    Whole,
    /// The task is gone for them: deleted, or no longer theirs to see.
    Gone,
    /// What they may see changed as a whole: to be read afresh.
    Resync,
}

/// What the person is shown; `None` for nothing.
pub fn view(user: UserId, role: Role, entry: &Entry) -> Option<View> {
    let sees_all = role.can(Capability::SeeAllTasks);
    let row = &entry.row;
    match &entry.event {
        Event::TaskDeleted => {
            let knew = sees_all || row.assignee_id == Some(user);
            knew.then_some(View::Gone)
        }
        Event::AllTasksCompleted => {
            let concerns = sees_all || row.assignee_id == Some(user) || row.creator_id == Some(user);
            concerns.then_some(View::Whole)
        }
        Event::RoleChanged { .. } => (row.subject_id == Some(user)).then_some(View::Resync),
        Event::TaskCreated
        | Event::TaskUpdated { .. }
        | Event::TaskStatusChanged { .. }
        | Event::TaskDeadlineChanged { .. }
        | Event::TaskOverdue { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskRestored
        | Event::CommentAdded { .. }
        | Event::CommentEdited { .. }
        | Event::CommentDeleted { .. } => {
            // Who lost the task is told so even where it was deleted before this was read: nothing else will tell them.
            let lost = (row.previous_assignee_id == Some(user)).then_some(View::Gone);
            let Some(task) = entry.task.as_ref().filter(|task| task.deleted_at.is_none()) else {
                return lost;
            };
            match decide(task.actor(user, role), Operation::See, task.facts()) {
                Ok(()) => Some(View::Whole),
                Err(_) => lost,
            }
        }
        Event::UserRegistered
        | Event::UserUpdated
        | Event::UserActiveChanged { .. }
        | Event::SessionsEnded { .. }
        | Event::NotificationsRead { .. } => None,
    }
}
