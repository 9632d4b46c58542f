//! Who is told of what happened, and as what. Visibility of live events is [`crate::policy`]'s, not decided here.

use alloc::vec::Vec;

use crate::code::closed_set;
use crate::event::{EventKind, NotificationKind};

/// So many newcomers are told of while one of them is new; who comes after them is in the list of people alone.
pub const TOLD_AT_ONCE: usize = 5;

closed_set! {
    /// Whether administrators are told of a newcomer.
    pub enum Announcement {
        /// They are.
        Told = "TOLD",
        /// They are, and that others may follow of whom they are not.
        Last = "LAST",
        /// They are not: a flood of newcomers is no flood of notifications.
        Silent = "SILENT",
    }
}

impl Announcement {
    /// What becomes of a newcomer after whom that many others are still new.
    pub fn after(lately: usize) -> Self {
        match TOLD_AT_ONCE.checked_sub(lately) {
            None | Some(0) => Announcement::Silent,
            Some(1) => Announcement::Last,
            Some(_) => Announcement::Told,
        }
    }
}

/// The people around an event; `U` identifies a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience<'a, U> {
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
    /// Those who manage people, where they are to be told.
    pub administrators: &'a [U],
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
pub fn fan_out<U: Copy + Eq>(event: EventKind, audience: &Audience<'_, U>) -> Vec<Notice<U>> {
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
        EventKind::UserRegistered => {
            let told = audience.administrators.iter();
            others(
                audience,
                told.map(|administrator| (Some(*administrator), NotificationKind::UserRegistered)),
            )
        }
        EventKind::CommentEdited
        | EventKind::CommentDeleted
        | EventKind::CompanyUpdated
        | EventKind::UserUpdated
        | EventKind::UserActiveChanged
        | EventKind::SessionsEnded
        | EventKind::NotificationsRead => Vec::new(),
    }
}

/// A notice for each, the one who acted included and theirs born read.
fn everyone<U: Copy + Eq>(
    audience: &Audience<'_, U>,
    told: impl IntoIterator<Item = (Option<U>, NotificationKind)>,
) -> Vec<Notice<U>> {
    let mut notices: Vec<Notice<U>> = Vec::new();
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
fn others<U: Copy + Eq>(
    audience: &Audience<'_, U>,
    told: impl IntoIterator<Item = (Option<U>, NotificationKind)>,
) -> Vec<Notice<U>> {
    let mut notices = everyone(audience, told);
    notices.retain(|notice| !notice.born_read);
    notices
}
