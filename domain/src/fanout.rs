//! Who is told of what happened, and as what. Visibility of live events is [`crate::policy`]'s, not decided here.

use alloc::vec::Vec;

use crate::event::{EventKind, NotificationKind};

/// The people around an event; `U` identifies a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience<U> {
    /// Who did it; `None` is the system.
    pub actor: Option<U>,
    /// Who set the task.
    pub creator: Option<U>,
    /// Whose the task is, after the event.
    pub assignee: Option<U>,
    /// Whose it was before it was given to another.
    pub previous_assignee: Option<U>,
    /// Whom an event about a person concerns.
    pub subject: Option<U>,
}

/// One notification to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice<U> {
    /// Whose it is.
    pub recipient: U,
    /// What it is about.
    pub kind: NotificationKind,
    /// On record, but neither rings nor counts: the recipient did it.
    pub born_read: bool,
}

/// The notifications that an event causes: at most one a person.
///
/// A status change is on record for both sides, born read for the one who acted; the system's own corrects what a wrong clock did, and tells
/// nobody anything twice. All other own actions notify nobody, but a change of the address of sign-in, which is told to its owner whoever
/// made it.
pub fn fan_out<U: Copy + Eq>(event: EventKind, audience: &Audience<U>) -> Vec<Notice<U>> {
    let Audience { creator, assignee, previous_assignee, subject, .. } = *audience;
    match event {
        EventKind::TaskCreated => others(audience, [(assignee, NotificationKind::TaskCreated)]),
        EventKind::TaskUpdated => others(audience, [(assignee, NotificationKind::TaskUpdated)]),
        EventKind::TaskDeadlineChanged => {
            others(audience, [(assignee, NotificationKind::TaskDeadlineChanged)])
        }
        EventKind::TaskDeleted => others(audience, [(assignee, NotificationKind::TaskDeleted)]),
        EventKind::TaskRestored => others(audience, [(assignee, NotificationKind::TaskAssigned)]),
        EventKind::TaskAssigned => others(
            audience,
            [
                (assignee, NotificationKind::TaskAssigned),
                (previous_assignee, NotificationKind::TaskUnassigned),
            ],
        ),
        EventKind::CommentAdded => others(
            audience,
            [(assignee, NotificationKind::TaskCommented), (creator, NotificationKind::TaskCommented)],
        ),
        EventKind::TaskStatusChanged if audience.actor.is_none() => Vec::new(),
        EventKind::TaskStatusChanged => everyone(
            audience,
            [(assignee, NotificationKind::TaskStatusChanged), (creator, NotificationKind::TaskStatusChanged)],
        ),
        EventKind::TaskOverdue => everyone(
            audience,
            [(assignee, NotificationKind::TaskOverdue), (creator, NotificationKind::TaskOverdue)],
        ),
        EventKind::AllTasksCompleted => everyone(
            audience,
            [(creator, NotificationKind::AllTasksCompleted), (assignee, NotificationKind::AllTasksCompleted)],
        ),
        EventKind::RoleChanged => others(audience, [(subject, NotificationKind::RoleChanged)]),
        EventKind::EmailChanged => unread(subject, NotificationKind::EmailChanged),
        EventKind::CommentEdited
        | EventKind::CommentDeleted
        | EventKind::UserRegistered
        | EventKind::UserUpdated
        | EventKind::UserActiveChanged
        | EventKind::SessionsEnded
        | EventKind::NotificationsRead => Vec::new(),
    }
}

/// A notice for each, the one who acted included and theirs born read.
fn everyone<U: Copy + Eq, const N: usize>(
    audience: &Audience<U>,
    told: [(Option<U>, NotificationKind); N],
) -> Vec<Notice<U>> {
    let mut notices: Vec<Notice<U>> = Vec::with_capacity(N);
    for (recipient, kind) in told {
        let Some(recipient) = recipient else { continue };
        if notices.iter().all(|notice| notice.recipient != recipient) {
            notices.push(Notice { recipient, kind, born_read: audience.actor == Some(recipient) });
        }
    }
    notices
}

/// A notice that rings whoever acted: it may have been somebody else in their name.
fn unread<U: Copy>(recipient: Option<U>, kind: NotificationKind) -> Vec<Notice<U>> {
    recipient.map(|recipient| Notice { recipient, kind, born_read: false }).into_iter().collect()
}

/// A notice for each but the one who acted.
fn others<U: Copy + Eq, const N: usize>(
    audience: &Audience<U>,
    told: [(Option<U>, NotificationKind); N],
) -> Vec<Notice<U>> {
    let mut notices = everyone(audience, told);
    notices.retain(|notice| !notice.born_read);
    notices
}
