//! What of an entry a person is shown when it is delivered, by the policy of that moment.

use domain::Role;
use domain::policy::{Capability, Operation, decide};

use super::event::Event;
use super::read::Entry;
use crate::db::columns::UserId;
use crate::entity::event;

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
        Event::Unknown => unclear(user, sees_all, row),
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
            if entry.is_newer {
                return lost.or(unclear(user, sees_all, row));
            }
            let Some(task) = entry.task.as_ref().filter(|task| task.deleted_at.is_none()) else {
                return lost;
            };
            match decide(task.actor(user, role), Operation::See, task.facts()) {
                Ok(()) => Some(View::Whole),
                Err(_) => lost,
            }
        }
        Event::UserRegistered { .. }
        | Event::CompanyUpdated { .. }
        | Event::UserUpdated
        | Event::EmailChanged { .. }
        | Event::UserActiveChanged { .. }
        | Event::SessionsEnded { .. }
        | Event::NotificationsRead { .. } => None,
    }
}

/// What the person is shown of an entry about their notifications; `None` for nothing.
pub fn view_of_notifications(user: UserId, entry: &Entry) -> Option<View> {
    let own = || entry.notifications.iter().filter(|notification| notification.recipient_id == user);
    let about = entry.row.subject_id == Some(user);
    if about && entry.event == Event::Unknown || own().any(|notification| notification.kind().is_none()) {
        return Some(View::Resync);
    }
    let read = about && matches!(entry.event, Event::NotificationsRead { .. });
    (read || own().next().is_some()).then_some(View::Whole)
}

/// Of what only a later version understands: whom it may concern reads afresh, and sees what this version can show.
fn unclear(user: UserId, sees_all: bool, row: &event::Model) -> Option<View> {
    let around = [row.actor_id, row.creator_id, row.assignee_id, row.previous_assignee_id, row.subject_id];
    (sees_all || around.contains(&Some(user))).then_some(View::Resync)
}
