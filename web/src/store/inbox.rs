//! Notifications: newest first, with the count of the unread as the server gave it last.

use std::rc::Rc;

use super::{Notification, Store};
use crate::api::NotificationId;
use crate::api::notifications::NotificationConnection;

/// So many notifications are kept before the newest page takes the place of all: more than anybody reads back in one go.
pub(super) const KEPT: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inbox {
    pub notifications: Vec<Rc<Notification>>,
    pub unread: i32,
    pub more: Option<String>,
    pub is_read: bool,
    pub loading: bool,
}

impl Inbox {
    pub(super) fn put(&mut self, notification: Notification) {
        if let Some(known) = self.notifications.iter_mut().find(|known| known.id == notification.id) {
            // Read stays read: an answer asked for earlier may say otherwise.
            let is_read = known.is_read || notification.is_read;
            *known = Rc::new(Notification { is_read, ..notification });
            return;
        }
        let place = self.notifications.partition_point(|other| {
            (other.created_at, &other.id) > (notification.created_at, &notification.id)
        });
        self.notifications.insert(place, Rc::new(notification));
    }

    /// Whether more came by themselves than are kept. Whoever reads page after page may have more.
    pub(super) fn is_overfull(&self) -> bool {
        self.more.is_none() && self.notifications.len() > KEPT
    }

    /// Marks some as read, or with `None` all.
    pub fn mark_read(&mut self, ids: Option<&[NotificationId]>) {
        for known in &mut self.notifications {
            if !known.is_read && ids.is_none_or(|ids| ids.contains(&known.id)) {
                Rc::make_mut(known).is_read = true;
                self.unread = self.unread.saturating_sub(1).max(0);
            }
        }
        if ids.is_none() {
            self.unread = 0;
        }
    }
}

impl Store {
    /// Takes in a page; the first one replaces what is doubted.
    pub fn take_notifications(&mut self, first: bool, page: NotificationConnection) {
        if first {
            self.inbox.notifications.clear();
        }
        if self.notification_cursor.is_none() {
            self.notification_cursor = Some(page.live_cursor);
        }
        for notification in page.nodes {
            self.inbox.put(notification.into());
        }
        self.inbox.unread = page.unread_count;
        self.inbox.more = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
        self.inbox.is_read = true;
        self.inbox.loading = false;
    }
}
