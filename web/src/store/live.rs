//! What the streams bring. Each event moves its cursor, so that a broken stream goes on where it stopped.

use chrono::TimeDelta;

use super::{Change, Store};
use crate::api::history::Happening;
use crate::api::live::Notified;
use crate::api::{Cursor, NotificationKind, Timestamp};

/// What has to be done after an event, beyond what the store did itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    Nothing,
    /// The counts beside the lists may differ.
    Recount,
    /// More notifications came than are kept: the newest have to be read afresh.
    RereadInbox,
    /// Everything has to be read afresh.
    Reread,
    /// What the viewer may do differs: the viewer and everything else has to be read afresh.
    RereadViewer,
}

/// Everything is read afresh at most so often: beside a newer version, an old client hears much that it does not understand.
const REREAD: TimeDelta = TimeDelta::seconds(10);

/// When everything was read afresh, and whether it will be by itself.
#[derive(Debug, Default)]
pub(super) struct Rereading {
    last: Option<Timestamp>,
    awaited: bool,
}

impl Store {
    /// Everything is to be read afresh: in how many milliseconds; `None` if that is awaited already.
    pub fn may_reread(&mut self, now: Timestamp) -> Option<u32> {
        if self.rereading.awaited {
            return None;
        }
        let since = self.rereading.last.map(|last| now - last).filter(|since| *since >= TimeDelta::zero());
        let left = since.map_or(TimeDelta::zero(), |since| (REREAD - since).max(TimeDelta::zero()));
        self.rereading.awaited = left > TimeDelta::zero();
        Some(u32::try_from(left.num_milliseconds()).unwrap_or_default())
    }

    /// What is known is doubted: it is being read afresh.
    pub fn begin_reread(&mut self, now: Timestamp) {
        self.rereading = Rereading { last: Some(now), awaited: false };
        self.resync();
    }

    pub fn take_task_event(&mut self, event: Happening) -> Followed {
        // A kind that a later version has.
        let Some(cursor) = event.cursor.clone() else { return Followed::Reread };
        self.task_cursor = Some(cursor);
        match event.kind.as_str() {
            "Resync" => Followed::Reread,
            "TaskDeleted" => {
                if let Some(id) = event.task_id {
                    self.remove_task(&id);
                }
                Followed::Recount
            }
            kind => {
                if kind == "TaskRestored"
                    && let Some(task) = &event.task
                {
                    self.readmit(&task.id);
                }
                self.take_happening(event);
                self.forget();
                Followed::Recount
            }
        }
    }

    /// Whatever else happened comes with the task as it is since.
    fn take_happening(&mut self, mut event: Happening) {
        let Some(task) = event.task.take() else { return };
        let id = task.id.clone();
        self.take_card(task);
        if let Some(comment) = event.comment.take() {
            self.take_comment(&id, comment);
        }
        if let Some(change) = Change::read(event) {
            self.take_change(&id, change);
        }
    }

    pub fn take_notification_event(&mut self, event: Notified) -> Followed {
        let Some(cursor) = event.cursor else { return Followed::Reread };
        self.notification_cursor = Some(cursor);
        if event.kind == "Resync" {
            self.inbox.is_read = false;
            return Followed::Reread;
        }
        if let Some(ids) = event.ids {
            self.inbox.mark_read(Some(&ids));
        }
        let role_changed =
            event.notification.as_ref().is_some_and(|it| it.kind == NotificationKind::RoleChanged);
        if let Some(notification) = event.notification {
            self.inbox.put(notification.into());
        }
        if let Some(unread) = event.unread_count {
            self.inbox.unread = unread;
        }
        if role_changed {
            self.resync();
            return Followed::RereadViewer;
        }
        if self.inbox.is_overfull() { Followed::RereadInbox } else { Followed::Nothing }
    }

    /// Where each stream goes on after a break.
    pub fn cursors(&self) -> (Option<Cursor>, Option<Cursor>) {
        (self.task_cursor.clone(), self.notification_cursor.clone())
    }
}
