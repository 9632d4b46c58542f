//! Notifications in the contract.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject, Subscription, Union};
use domain::validate::limit;
use futures_util::{Stream, StreamExt, stream};

use super::query;
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::{EventId, NotificationId, Timestamp};
use crate::entity::notification;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::{ContextExt, connection};
use crate::graphql::enums::{NotificationKind, Role};
use crate::graphql::ids;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::payload::UserError;
use crate::graphql::scalars::{Cursor, int};
use crate::log::hub::Topic;
use crate::log::{self, Entry, Event, Follow, Live, View, follow};
use crate::task::graphql::{Resync, Task, TaskEvent};
use crate::task::query::is_visible;
use crate::text;
use crate::user::graphql::User;
use crate::user::query::UserLoader;

/// What one person is told of one event.
#[derive(Clone, Debug)]
pub struct Notification {
    row: notification::Model,
    kind: domain::NotificationKind,
    entry: Arc<Entry>,
}

impl Notification {
    /// The notification, if it is this person's.
    pub async fn find(app: &App, viewer: &Viewer, id: NotificationId) -> Result<Option<Self>> {
        let Some(row) = query::one(app, viewer.id, id).await? else { return Ok(None) };
        Ok(Self::with_entries(app, vec![row]).await?.pop())
    }

    /// Notifications with their events, read at once. One whose event is gone is left out, and one that only a later version
    /// knows the kind of.
    async fn with_entries(app: &App, rows: Vec<notification::Model>) -> Result<Vec<Self>> {
        let events: Vec<EventId> = rows.iter().map(|row| row.event_id).collect();
        let entries: HashMap<EventId, Arc<Entry>> = log::of_ids(&app.db, &events)
            .await?
            .into_iter()
            .map(|(id, entry)| (id, Arc::new(entry)))
            .collect();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let entry = Arc::clone(entries.get(&row.event_id)?);
                Notification::of(row, entry)
            })
            .collect())
    }

    fn of(row: notification::Model, entry: Arc<Entry>) -> Option<Self> {
        Some(Notification { kind: row.kind()?, row, entry })
    }

    /// The task, if the viewer may see it.
    fn visible_task(&self, viewer: &Viewer) -> Option<Task> {
        let task = self.entry.task.as_ref().filter(|task| is_visible(viewer, task))?;
        Some(Task::with_people(Arc::clone(task), Arc::clone(&self.entry.people)))
    }
}

/// What one person is told of one event.
#[Object]
impl Notification {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.row.id)
    }

    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.kind.into()
    }

    /// When.
    async fn created_at(&self) -> Timestamp {
        self.row.created_at
    }

    /// When it was read; null while it is not.
    async fn read_at(&self) -> Option<Timestamp> {
        self.row.read_at
    }

    /// Who did it; null is the system.
    async fn actor(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        let Some(id) = self.entry.row.actor_id else { return Ok(None) };
        if let Some(row) = self.entry.people.get(&id) {
            return Ok(Some(User::new(Arc::clone(row))));
        }
        Ok(ctx.data_unchecked::<DataLoader<UserLoader>>().load_one(id).await?.map(User::new))
    }

    /// The task that it is about; null if it is about none, or the viewer may no longer see it.
    async fn task(&self, ctx: &Context<'_>) -> Result<Option<Task>> {
        Ok(self.visible_task(ctx.viewer()?))
    }

    /// What happened, with its from and to; null for ROLE_CHANGED and where the viewer may no longer see the task.
    async fn event(&self, ctx: &Context<'_>) -> Result<Option<TaskEvent>> {
        let viewer = ctx.viewer()?;
        let about_gone_task = self.entry.task.is_some() && self.visible_task(viewer).is_none();
        if about_gone_task {
            return Ok(TaskEvent::heard(
                ctx.app(),
                viewer.id,
                viewer.role,
                Live::Entry(Arc::clone(&self.entry)),
            ));
        }
        Ok(TaskEvent::whole(ctx.app(), Arc::clone(&self.entry)))
    }

    /// The new role, for ROLE_CHANGED.
    async fn role(&self) -> Option<Role> {
        if let Event::RoleChanged { to, .. } = &self.entry.event { Some((*to).into()) } else { None }
    }

    /// One sentence in the viewer's language, for clients that only show text.
    async fn text(&self, ctx: &Context<'_>) -> Result<String> {
        let viewer = ctx.viewer()?;
        let task = self.visible_task(viewer);
        let assignee = self.entry.row.assignee_id;
        let told = text::Told {
            kind: self.kind,
            event: &self.entry.event,
            title: task.as_ref().map(|task| task.row.title.as_str()),
            deadline: task.as_ref().and_then(|task| task.row.deadline),
            assignee: assignee.and_then(|id| self.entry.people.get(&id)).map(|person| person.name.as_str()),
            subject: self
                .entry
                .row
                .subject_id
                .and_then(|id| self.entry.people.get(&id))
                .map(|it| it.name.as_str()),
            to_assignee: assignee == Some(viewer.id),
            now: ctx.app().clock.now(),
        };
        Ok(text::notification(&told, viewer.locale, viewer.time_zone))
    }
}

/// Questions about notifications.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationQuery;

/// Questions about notifications.
#[Object]
impl NotificationQuery {
    /// What the viewer was told, newest first; `first` 1 to 100.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(false)", desc = "Without those that were read.")] unread_only: Option<
            bool,
        >,
        #[graphql(default_with = "Some(20)", desc = "That many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Notifications after this place, which are older.")] after: Option<String>,
    ) -> Result<NotificationConnection> {
        let app = ctx.app();
        let viewer = ctx.viewer()?;
        // Before the rows: what comes after this place may show twice, but nothing is missed.
        let live_cursor =
            Cursor(log::Cursor { epoch: app.hub.epoch().to_owned(), position: app.hub.position() });
        let request = PageArguments::forward(first.unwrap_or(20), after).request(20)?;
        let page = query::page(app, viewer.id, unread_only.unwrap_or(false), &request).await?;
        let page = page.map(|row| (pages::cursor(&row.id), row));
        let page_info = pages::info(&page);
        let rows = page.rows.into_iter().map(|(_, row)| row).collect();
        let edges = Notification::with_entries(app, rows).await?.into_iter();
        let edges =
            edges.map(|node| NotificationEdge { cursor: pages::cursor(&node.row.id), node }).collect();
        Ok(NotificationConnection { edges, page_info, live_cursor })
    }
}

/// A page of notifications.
#[derive(Debug)]
pub struct NotificationConnection {
    edges: Vec<NotificationEdge>,
    page_info: PageInfo,
    live_cursor: Cursor,
}

/// A notification with its place.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationEdge {
    /// Its place.
    cursor: String,
    /// The notification.
    node: Notification,
}

/// A page of notifications, newest first.
#[Object]
impl NotificationConnection {
    /// The notifications with their places.
    async fn edges(&self) -> &[NotificationEdge] {
        &self.edges
    }

    /// The notifications alone.
    async fn nodes(&self) -> Vec<Notification> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How much the viewer has not read.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(query::unread(ctx.app(), ctx.viewer()?.id).await?))
    }

    /// The place in the log that this page shows: subscribe after it and nothing is missed.
    async fn live_cursor(&self) -> &Cursor {
        &self.live_cursor
    }
}

/// Reading notifications.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationMutation;

/// Reading notifications.
#[Object]
impl NotificationMutation {
    /// Marks notifications as read; at most 100.
    async fn notification_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100.")] ids: Vec<ID>,
    ) -> Result<NotificationReadPayload> {
        let viewer = ctx.viewer()?;
        if ids.len() > limit::IDS {
            return Err(Error::Refused(Refused::BadInput("at most 100 ids")));
        }
        super::read(ctx.app(), viewer, ids.iter().filter_map(ids::decode).collect()).await?;
        NotificationReadPayload::now(ctx, viewer).await
    }

    /// Marks as read all that came up to this place in the log, and nothing that came after.
    async fn notification_read_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `liveCursor` of the list that was seen, or the cursor of the last event.")]
        until: Cursor,
    ) -> Result<NotificationReadPayload> {
        let viewer = ctx.viewer()?;
        if until.0.epoch == ctx.app().hub.epoch() {
            super::read_all(ctx.app(), viewer, until.0.position).await?;
        }
        NotificationReadPayload::now(ctx, viewer).await
    }
}

/// How much is left to read.
#[derive(SimpleObject)]
pub struct NotificationReadPayload {
    /// How much the viewer has not read.
    unread_count: Option<i32>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl NotificationReadPayload {
    async fn now(ctx: &Context<'_>, viewer: &Viewer) -> Result<Self> {
        let unread_count = Some(int(query::unread(ctx.app(), viewer.id).await?));
        Ok(NotificationReadPayload { unread_count, user_errors: Vec::new() })
    }
}

/// What happens to the viewer's notifications.
#[derive(Clone, Debug, Union)]
#[expect(missing_docs, reason = "one for each type")]
pub enum NotificationEvent {
    NotificationReceived(NotificationReceived),
    NotificationsRead(NotificationsRead),
    Resync(Resync),
}

/// Something new.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationReceived {
    /// Its place in the log.
    cursor: Cursor,
    /// What it is.
    notification: Notification,
    /// How much the viewer has not read now.
    unread_count: i32,
}

/// Read elsewhere: another tab, another device. Of more than 100 at once a `Resync` tells.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationsRead {
    /// Its place in the log.
    cursor: Cursor,
    /// Which were read; at most 100.
    ids: Vec<ID>,
    /// How much the viewer has not read now.
    unread_count: i32,
}

/// Live notifications.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationSubscription;

/// Live notifications.
#[Subscription]
impl NotificationSubscription {
    /// What the viewer is told, as it happens. With `after`, first all since, then what happens, with no gap and no repeat.
    async fn notification_received(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "First all that was told after this place.")] after: Option<Cursor>,
    ) -> Result<impl Stream<Item = Result<NotificationEvent>> + use<>> {
        let viewer = ctx.viewer()?.clone();
        let app = Arc::clone(ctx.app());
        let wanted = Follow {
            user: viewer.id,
            role: viewer.role,
            topic: Topic::Notifications,
            after: after.map(|cursor| cursor.0),
            connection: connection(ctx)?,
        };
        let live = follow(app.db.clone(), Arc::clone(&app.hub), wanted);
        Ok(live.then(move |heard| told(Arc::clone(&app), viewer.clone(), heard)).flat_map(stream::iter))
    }
}

/// An entry as this person's notifications: usually one.
async fn told(app: Arc<App>, viewer: Viewer, heard: Result<Live>) -> Vec<Result<NotificationEvent>> {
    match told_of(&app, &viewer, heard).await {
        Ok(events) => events.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

async fn told_of(app: &App, viewer: &Viewer, heard: Result<Live>) -> Result<Vec<NotificationEvent>> {
    let entry = match heard? {
        Live::Resync(position) => {
            return Ok(vec![NotificationEvent::Resync(Resync::new(app.hub.epoch(), position))]);
        }
        Live::Entry(entry) => entry,
    };
    let cursor = Cursor(log::Cursor { epoch: app.hub.epoch().to_owned(), position: entry.position() });
    match log::view_of_notifications(viewer.id, &entry) {
        None => return Ok(Vec::new()),
        Some(View::Resync) => {
            return Ok(vec![NotificationEvent::Resync(Resync::new(app.hub.epoch(), entry.position()))]);
        }
        Some(View::Whole | View::Gone) => {}
    }
    let unread_count = int(query::unread(app, viewer.id).await?);
    let own = entry.notifications.iter().filter(|row| row.recipient_id == viewer.id);
    let received =
        own.filter_map(|row| Notification::of(row.clone(), Arc::clone(&entry))).map(|notification| {
            NotificationEvent::NotificationReceived(NotificationReceived {
                cursor: cursor.clone(),
                notification,
                unread_count,
            })
        });
    let mut events: Vec<NotificationEvent> = received.collect();
    if let Event::NotificationsRead { ids, until } = &entry.event
        && entry.row.subject_id == Some(viewer.id)
    {
        if until.is_some() || ids.len() > limit::IDS {
            events.push(NotificationEvent::Resync(Resync::new(app.hub.epoch(), entry.position())));
            return Ok(events);
        }
        let ids = ids.iter().map(|id| ids::encode(*id)).collect();
        events.push(NotificationEvent::NotificationsRead(NotificationsRead { cursor, ids, unread_count }));
    }
    Ok(events)
}
