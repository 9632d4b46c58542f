//! Reading notifications and marking them read.

use chrono::TimeDelta;
use yew_router::Routable;

use super::Client;
use super::request::mended;
use crate::api::NotificationId;
use crate::api::notifications::{
    NotificationRead, NotificationReadAll, NotificationReadAllVariables, NotificationReadVariables,
    NotificationsPage, NotificationsVariables,
};
use crate::browser::notify;
use crate::browser::storage::{self, Kept};
use crate::route::Route;
use crate::text::notification::describe_notification;

/// Notifications on a page.
const PAGE: i32 = 30;

/// The browser tells of what is new. What a device hears of when it wakes up waits under the bell.
const NEW: TimeDelta = TimeDelta::minutes(2);

impl Client {
    /// Reads the first page afresh, or the next one.
    pub async fn load_notifications(&self, first: bool) {
        let after = self.state().store.inbox.more.clone().filter(|_| !first);
        if !first && (after.is_none() || self.state().store.inbox.loading) {
            return;
        }
        self.update(|state| state.store.inbox.loading = true);
        let answer: Result<NotificationsPage, _> =
            self.query(NotificationsVariables { first: PAGE, after }).await;
        match answer {
            Ok(answer) => self.update(|state| state.store.take_notifications(first, answer.notifications)),
            Err(error) => {
                self.update(|state| state.store.inbox.loading = false);
                self.toast_trouble(&error.into(), None);
            }
        }
    }

    /// Shown as read at once; where the server is not reached, read again from it.
    pub async fn mark_read(&self, ids: Vec<NotificationId>) {
        self.update(|state| state.store.inbox.mark_read(Some(&ids)));
        let answer: Result<NotificationRead, _> = self.mutate(NotificationReadVariables { ids }).await;
        self.marked(answer.map(|answer| answer.notification_read)).await;
    }

    pub async fn mark_all_read(&self) {
        let Some(until) = self.state().store.notification_cursor.clone() else { return };
        self.update(|state| state.store.inbox.mark_read(None));
        let answer: Result<NotificationReadAll, _> =
            self.mutate(NotificationReadAllVariables { until }).await;
        self.marked(answer.map(|answer| answer.notification_read_all)).await;
    }

    async fn marked(
        &self,
        answer: Result<crate::api::notifications::NotificationReadPayload, crate::transport::RequestError>,
    ) {
        let outcome = match answer {
            Ok(payload) => {
                if let Some(unread) = payload.unread_count {
                    self.update(|state| state.store.inbox.unread = unread);
                }
                mended(payload.user_errors)
            }
            Err(error) => Err(error.into()),
        };
        if let Err(trouble) = outcome {
            self.toast_trouble(&trouble, None);
            self.update(|state| state.store.inbox.notifications.clear());
            self.load_notifications(true).await;
        }
    }

    /// Lets the browser tell of it, where the person asked for that on this device.
    pub(super) fn announce(&self, id: &NotificationId) {
        if storage::read(Kept::Notify).is_none() {
            return;
        }
        let words = self.wording();
        let state = self.state();
        let Some(told) = state.store.inbox.notifications.iter().find(|told| told.id == *id) else { return };
        if told.is_read || words.now.signed_duration_since(told.created_at) > NEW {
            return;
        }
        let viewer = state.store.viewer.as_ref().map(|viewer| &viewer.id);
        let text =
            describe_notification(&words, told, viewer, &|moment, precise| words.deadline(moment, precise));
        let path = match &told.task {
            Some(task) => Route::Task { number: task.number },
            None => Route::Notifications,
        };
        let who = told.actor.as_ref().map_or(words.system, |actor| &actor.name);
        let body = text.detail.map_or_else(|| who.to_owned(), |detail| [who, " · ", &detail].concat());
        notify::show(id.as_str(), &text.title, &body, Some(path.to_path()));
    }
}
