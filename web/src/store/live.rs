//! What the streams bring. Each event moves its cursor, so that a broken stream goes on where it stopped.

use super::entity::change;
use super::{Change, Store};
use crate::api::history::HistoryEntry;
use crate::api::live::{NotificationEvent, TaskEvent};
use crate::api::task::TaskCard;
use crate::api::{Cursor, NotificationKind};

/// What has to be done after an event, beyond what the store did itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    Nothing,
    /// The counts beside the lists may differ.
    Recount,
    /// Everything has to be read afresh.
    Reread,
    /// What the viewer may do differs: the viewer and everything else has to be read afresh.
    RereadViewer,
}

impl Store {
    pub fn take_task_event(&mut self, event: TaskEvent) -> Followed {
        let (entry, task) = match event {
            TaskEvent::Created(it) => (HistoryEntry::Created(it.change), it.task),
            TaskEvent::Updated(it) => (HistoryEntry::Updated(it.change), it.task),
            TaskEvent::Status(it) => (HistoryEntry::Status(it.change), it.task),
            TaskEvent::Deadline(it) => (HistoryEntry::Deadline(it.change), it.task),
            TaskEvent::Overdue(it) => (HistoryEntry::Overdue(it.change), it.task),
            TaskEvent::Assigned(it) => (HistoryEntry::Assigned(it.change), it.task),
            TaskEvent::Restored(it) => {
                if let Some(task) = &it.task {
                    self.readmit(&task.row.id);
                }
                (HistoryEntry::Restored(it.change), it.task)
            }
            TaskEvent::Deleted(it) => {
                self.task_cursor = Some(it.cursor);
                self.remove_task(&it.task_id);
                return Followed::Recount;
            }
            TaskEvent::Commented(it) => {
                self.task_cursor = Some(it.change.cursor.clone());
                if let Some(task) = it.task {
                    if let Some(comment) = it.comment {
                        self.take_comment(&task.id, comment);
                    }
                    if let Some(change) = change(HistoryEntry::Commented(it.change)) {
                        self.take_change(&task.id, change);
                    }
                }
                return Followed::Nothing;
            }
            TaskEvent::AllCompleted(it) => {
                self.task_cursor = Some(it.cursor);
                return Followed::Nothing;
            }
            TaskEvent::Resync(it) => {
                self.task_cursor = Some(it.cursor);
                self.resync();
                return Followed::Reread;
            }
            TaskEvent::Unknown => return Followed::Nothing,
        };
        if let Some(change) = change(entry) {
            self.take_happening(change, task);
        }
        Followed::Recount
    }

    fn take_happening(&mut self, change: Change, task: Option<TaskCard>) {
        self.task_cursor = Some(change.cursor.clone());
        if let Some(task) = task {
            let id = task.row.id.clone();
            self.take_card(task);
            self.take_change(&id, change);
        }
    }

    pub fn take_notification_event(&mut self, event: NotificationEvent) -> Followed {
        match event {
            NotificationEvent::Received(it) => {
                self.notification_cursor = Some(it.cursor);
                let role_changed = it.notification.kind == NotificationKind::RoleChanged;
                self.inbox.put(it.notification.into());
                self.inbox.unread = it.unread_count;
                if role_changed {
                    self.resync();
                    return Followed::RereadViewer;
                }
                Followed::Nothing
            }
            NotificationEvent::Read(it) => {
                self.notification_cursor = Some(it.cursor);
                self.inbox.mark_read(Some(&it.ids));
                self.inbox.unread = it.unread_count;
                Followed::Nothing
            }
            NotificationEvent::Resync(it) => {
                self.notification_cursor = Some(it.cursor);
                self.inbox.is_read = false;
                Followed::Reread
            }
            NotificationEvent::Unknown => Followed::Nothing,
        }
    }

    /// Where each stream goes on after a break.
    pub fn cursors(&self) -> (Option<Cursor>, Option<Cursor>) {
        (self.task_cursor.clone(), self.notification_cursor.clone())
    }
}
