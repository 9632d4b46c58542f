//! What happened to tasks, one type a kind.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, SimpleObject, Union};

use super::object::{People, Task, person};
use crate::app::App;
use crate::comment::graphql::Comment;
use crate::db::columns::{Timestamp, UserId};
use crate::db::page::Page;
use crate::entity::task;
use crate::error::Result;
use crate::graphql::enums::{TaskAction, TaskStatus};
use crate::graphql::ids;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::scalars::Cursor;
use crate::log::{self, Entry, Event, Live, Position, View};
use crate::user::graphql::User;

/// An entry as it is shown: with the epoch that makes its place a cursor.
#[derive(Clone, Debug)]
struct Shown {
    entry: Arc<Entry>,
    epoch: Arc<str>,
}

impl Shown {
    fn cursor(&self) -> Cursor {
        Cursor(log::Cursor { epoch: self.epoch.to_string(), position: self.entry.position() })
    }

    fn people(&self) -> &People {
        &self.entry.people
    }

    fn task(&self) -> Option<Task> {
        let task = self.entry.task.as_ref()?;
        Some(Task::with_people(Arc::clone(task), Arc::clone(self.people())))
    }

    async fn person(&self, ctx: &Context<'_>, id: Option<UserId>) -> async_graphql::Result<Option<User>> {
        match id {
            Some(id) => person(ctx, self.people(), id).await,
            None => Ok(None),
        }
    }
}

/// Declares a type of event with the fields that all have, and its own.
macro_rules! happened {
    ($(#[doc = $doc:literal])* $name:ident { $($own:tt)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Shown);

        $(#[doc = $doc])*
        #[Object]
        impl $name {
            /// Its place in the log.
            async fn cursor(&self) -> Cursor {
                self.0.cursor()
            }

            /// When.
            async fn at(&self) -> Timestamp {
                self.0.entry.row.at
            }

            /// Who did it; null is the system.
            async fn actor(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
                self.0.person(ctx, self.0.entry.row.actor_id).await
            }

            $($own)*
        }
    };
}

happened! {
    /// A task was set.
    TaskCreated {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }
    }
}

happened! {
    /// Title, description, priority or the need of review changed.
    TaskUpdated {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// The fields that changed.
        async fn changes(&self) -> Vec<FieldChange> {
            let Event::TaskUpdated { changes } = &self.0.entry.event else { return Vec::new() };
            changes.iter().cloned().map(<FieldChange as From<log::FieldChange>>::from).collect()
        }
    }
}

happened! {
    /// Somebody moved the task to another status.
    TaskStatusChanged {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// The status before.
        async fn from(&self) -> Result<TaskStatus> {
            Ok(self.0.entry.event.status_change()?.from.into())
        }

        /// The status after.
        async fn to(&self) -> Result<TaskStatus> {
            Ok(self.0.entry.event.status_change()?.to.into())
        }

        /// What was done.
        async fn action(&self) -> Result<Option<TaskAction>> {
            Ok(TaskAction::of(self.0.entry.event.status_change()?.action))
        }

        /// Why, where a reason was given.
        async fn reason(&self) -> Result<Option<String>> {
            Ok(self.0.entry.event.status_change()?.reason.map(str::to_owned))
        }
    }
}

happened! {
    /// The deadline was set, moved or taken away.
    TaskDeadlineChanged {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// The deadline before.
        async fn from(&self) -> Option<Timestamp> {
            self.0.entry.event.deadline_change().0
        }

        /// The deadline after.
        async fn to(&self) -> Option<Timestamp> {
            self.0.entry.event.deadline_change().1
        }
    }
}

happened! {
    /// The deadline passed before the task was handed in.
    TaskOverdue {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// The deadline that passed.
        async fn deadline(&self) -> Timestamp {
            self.0.entry.row.missed_deadline.unwrap_or(self.0.entry.row.at)
        }
    }
}

happened! {
    /// The task was given to another person.
    TaskAssigned {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// Whose it was.
        async fn from(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
            self.0.person(ctx, self.0.entry.row.previous_assignee_id).await
        }

        /// Whose it became.
        async fn to(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
            self.0.person(ctx, self.0.entry.row.assignee_id).await
        }
    }
}

happened! {
    /// The task is gone. Also sent to one who may no longer see it.
    TaskDeleted {
        /// Which.
        async fn task_id(&self) -> Result<ID> {
            let id = self.0.entry.row.task_id;
            Ok(ids::encode(id.ok_or(crate::error::Error::internal("an event of a task names it"))?))
        }
    }
}

happened! {
    /// The task was restored.
    TaskRestored {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }
    }
}

happened! {
    /// Somebody said something about the task, changed or removed what they said.
    TaskCommented {
        /// The task as it is now.
        async fn task(&self) -> Option<Task> {
            self.0.task()
        }

        /// The comment as it is now; null if it was removed.
        async fn comment(&self) -> Option<Comment> {
            self.0.entry.comment.clone().map(Comment::new)
        }
    }
}

happened! {
    /// Nothing that this creator set for this assignee is open any more.
    AllTasksCompleted {
        /// Who set them.
        async fn creator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
            self.0.person(ctx, self.0.entry.row.creator_id).await
        }

        /// Who carried them out.
        async fn assignee(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
            self.0.person(ctx, self.0.entry.row.assignee_id).await
        }
    }
}

/// The log before this place is gone or of another epoch: read afresh, then go on from this cursor.
#[derive(Clone, Debug, SimpleObject)]
pub struct Resync {
    /// Where to go on from.
    cursor: Cursor,
}

impl Resync {
    /// From that place on.
    pub fn new(epoch: &str, position: Position) -> Self {
        Resync { cursor: Cursor(log::Cursor { epoch: epoch.to_owned(), position }) }
    }
}

/// A field of a task before and after.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// Its name in the contract.
    field: String,
    /// Before.
    from: Option<String>,
    /// After.
    to: Option<String>,
}

impl From<log::FieldChange> for FieldChange {
    fn from(change: log::FieldChange) -> Self {
        FieldChange { field: change.field, from: change.from, to: change.to }
    }
}

/// Something that happened, at a place in the log.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "cursor", ty = "Cursor", desc = "Its place in the log."),
    field(name = "at", ty = "Timestamp", desc = "When."),
    field(name = "actor", ty = "Option<User>", desc = "Who did it; null is the system.")
)]
#[expect(missing_docs, reason = "one for each type")]
pub enum Happened {
    TaskCreated(TaskCreated),
    TaskUpdated(TaskUpdated),
    TaskStatusChanged(TaskStatusChanged),
    TaskDeadlineChanged(TaskDeadlineChanged),
    TaskOverdue(TaskOverdue),
    TaskAssigned(TaskAssigned),
    TaskDeleted(TaskDeleted),
    TaskRestored(TaskRestored),
    TaskCommented(TaskCommented),
    AllTasksCompleted(AllTasksCompleted),
}

/// What happens to tasks.
#[derive(Clone, Debug, Union)]
#[expect(missing_docs, reason = "one for each type")]
pub enum TaskEvent {
    TaskCreated(TaskCreated),
    TaskUpdated(TaskUpdated),
    TaskStatusChanged(TaskStatusChanged),
    TaskDeadlineChanged(TaskDeadlineChanged),
    TaskOverdue(TaskOverdue),
    TaskAssigned(TaskAssigned),
    TaskDeleted(TaskDeleted),
    TaskRestored(TaskRestored),
    TaskCommented(TaskCommented),
    AllTasksCompleted(AllTasksCompleted),
    Resync(Resync),
}

impl TaskEvent {
    /// What this person is shown of what is heard; `None` for nothing.
    pub fn heard(app: &App, user: UserId, role: domain::Role, live: Live) -> Option<Self> {
        match live {
            Live::Resync(position) => Some(TaskEvent::Resync(Resync::new(app.hub.epoch(), position))),
            Live::Entry(entry) => match log::view(user, role, &entry)? {
                View::Whole => Self::whole(app, entry),
                View::Gone => Some(TaskEvent::TaskDeleted(TaskDeleted(shown(app, entry)))),
                View::Resync => Some(TaskEvent::Resync(Resync::new(app.hub.epoch(), entry.position()))),
            },
        }
    }

    /// The entry as it happened; `None` for what is not about tasks.
    pub fn whole(app: &App, entry: Arc<Entry>) -> Option<Self> {
        let shown = shown(app, entry);
        match &shown.entry.event {
            Event::TaskCreated => Some(TaskEvent::TaskCreated(TaskCreated(shown))),
            Event::TaskUpdated { .. } => Some(TaskEvent::TaskUpdated(TaskUpdated(shown))),
            Event::TaskStatusChanged { .. } => Some(TaskEvent::TaskStatusChanged(TaskStatusChanged(shown))),
            Event::TaskDeadlineChanged { .. } => {
                Some(TaskEvent::TaskDeadlineChanged(TaskDeadlineChanged(shown)))
            }
            Event::TaskOverdue { .. } => Some(TaskEvent::TaskOverdue(TaskOverdue(shown))),
            Event::TaskAssigned { .. } => Some(TaskEvent::TaskAssigned(TaskAssigned(shown))),
            Event::TaskDeleted => Some(TaskEvent::TaskDeleted(TaskDeleted(shown))),
            Event::TaskRestored => Some(TaskEvent::TaskRestored(TaskRestored(shown))),
            Event::CommentAdded { .. } | Event::CommentEdited { .. } | Event::CommentDeleted { .. } => {
                Some(TaskEvent::TaskCommented(TaskCommented(shown)))
            }
            Event::AllTasksCompleted => Some(TaskEvent::AllTasksCompleted(AllTasksCompleted(shown))),
            Event::UserRegistered { .. }
            | Event::CompanyUpdated { .. }
            | Event::UserUpdated
            | Event::EmailChanged { .. }
            | Event::RoleChanged { .. }
            | Event::UserActiveChanged { .. }
            | Event::SessionsEnded { .. }
            | Event::NotificationsRead { .. }
            | Event::Unknown => None,
        }
    }
}

fn shown(app: &App, entry: Arc<Entry>) -> Shown {
    Shown { entry, epoch: Arc::from(app.hub.epoch()) }
}

/// Changes of a task, newest first.
#[derive(SimpleObject)]
pub struct TaskEventConnection {
    /// The changes with their places.
    edges: Vec<TaskEventEdge>,
    /// The changes alone.
    nodes: Vec<TaskEvent>,
    /// Where this page lies.
    page_info: PageInfo,
}

/// A change with its place in the list.
#[derive(SimpleObject)]
pub struct TaskEventEdge {
    /// Its place.
    cursor: String,
    /// The change.
    node: TaskEvent,
}

impl TaskEventConnection {
    /// A page of the task's history.
    pub async fn of_task(app: &App, task: &task::Model, arguments: PageArguments) -> Result<Self> {
        let request = arguments.request::<(i64, i64)>(20)?;
        let before = request.after.map(|(xid, id)| Position { xid, id });
        let read = log::history(&app.db, task.id, before, request.limit()).await?;
        let page = Page::of(&request, read).map(|entry| {
            let Position { xid, id } = entry.position();
            (pages::cursor(&(xid, id)), entry)
        });
        let page_info = pages::info(&page);
        let edges: Vec<TaskEventEdge> = page
            .rows
            .into_iter()
            .filter_map(|(cursor, entry)| {
                Some(TaskEventEdge { cursor, node: TaskEvent::whole(app, Arc::new(entry))? })
            })
            .collect();
        let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
        Ok(TaskEventConnection { edges, nodes, page_info })
    }
}
