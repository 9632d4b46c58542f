//! The things themselves, naming each other by id.

use domain::validate;

use crate::api::comments::{CommentFields, CommentPermissions};
use crate::api::history::{FieldChangeFields, Happening};
use crate::api::notifications::{NotificationFields, NotifiedTask};
use crate::api::task::{TaskCard, TaskPermissions, TaskRow};
use crate::api::{
    CommentId, Cursor, NotificationId, NotificationKind, PersonFields, Role, TaskAction, TaskId,
    TaskPriority, TaskStatus, Timestamp, UserId,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub number: i32,
    pub title: String,
    /// The title as lists compare it: see [`domain::validate::fold`].
    pub title_key: String,
    /// `None` until the task was read whole.
    pub description: Option<String>,
    pub status: TaskStatus,
    /// What it was before its deadline passed, and is again once that is moved.
    pub status_before_overdue: Option<TaskStatus>,
    pub priority: TaskPriority,
    pub requires_review: bool,
    pub deadline: Option<Timestamp>,
    pub original_deadline: Option<Timestamp>,
    pub deadline_moves: i32,
    pub returns: i32,
    pub creator: Option<UserId>,
    pub assignee: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub version: i32,
    pub available_actions: Vec<TaskAction>,
    pub viewer_can: TaskPermissions,
    /// It can be restored, and is in no list but that of what was deleted.
    pub is_deleted: bool,
    /// A change of it is under way: what is shown is not yet what the server has.
    pub under_way: bool,
}

impl Task {
    pub fn from_row(row: TaskRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            title_key: validate::fold(&row.title),
            title: row.title,
            description: None,
            status: row.status,
            status_before_overdue: row.status_before_overdue,
            priority: row.priority,
            requires_review: row.requires_review,
            deadline: row.deadline,
            original_deadline: row.original_deadline,
            deadline_moves: row.deadline_moves,
            returns: row.returns,
            creator: row.creator.map(|person| person.id),
            assignee: row.assignee.map(|person| person.id),
            created_at: row.created_at,
            updated_at: row.updated_at,
            completed_at: row.completed_at,
            version: row.version,
            available_actions: row.available_actions,
            viewer_can: row.viewer_can,
            is_deleted: false,
            under_way: false,
        }
    }

    pub fn from_card(card: TaskCard) -> Self {
        Self {
            id: card.id,
            number: card.number,
            title_key: validate::fold(&card.title),
            title: card.title,
            description: Some(card.description),
            status: card.status,
            status_before_overdue: card.status_before_overdue,
            priority: card.priority,
            requires_review: card.requires_review,
            deadline: card.deadline,
            original_deadline: card.original_deadline,
            deadline_moves: card.deadline_moves,
            returns: card.returns,
            creator: card.creator.map(|person| person.id),
            assignee: card.assignee.map(|person| person.id),
            created_at: card.created_at,
            updated_at: card.updated_at,
            completed_at: card.completed_at,
            version: card.version,
            available_actions: card.available_actions,
            viewer_can: card.viewer_can,
            is_deleted: false,
            under_way: false,
        }
    }

    pub fn set_title(&mut self, title: &str) {
        self.title = title.to_owned();
        self.title_key = validate::fold(title);
    }

    pub fn is_done(&self) -> bool {
        self.status == TaskStatus::Done
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: CommentId,
    pub body: String,
    pub author: Option<UserId>,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub viewer_can: CommentPermissions,
}

impl From<CommentFields> for Comment {
    fn from(fields: CommentFields) -> Self {
        Self {
            id: fields.id,
            body: fields.body,
            author: fields.author.map(|person| person.id),
            created_at: fields.created_at,
            edited_at: fields.edited_at,
            viewer_can: fields.viewer_can,
        }
    }
}

/// One entry of a task's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    pub kind: ChangeKind,
}

impl Change {
    /// Whether both tell of the same happening, whichever way they came.
    pub fn is_same(&self, other: &Self) -> bool {
        self.cursor == other.cursor || (self.at == other.at && self.kind == other.kind)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ChangeKind {
    Created,
    Updated(Vec<FieldChange>),
    Status { from: TaskStatus, to: TaskStatus, action: Option<TaskAction>, reason: Option<String> },
    Deadline { from: Option<Timestamp>, to: Option<Timestamp> },
    Overdue { deadline: Timestamp },
    Assigned { from: Option<PersonFields>, to: Option<PersonFields> },
    Deleted,
    Restored,
    Commented,
    AllCompleted { by: Option<PersonFields> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Change {
    /// `None` for a kind that this client does not know, or one that lacks what every kind has.
    pub(super) fn read(it: Happening) -> Option<Self> {
        let kind = match it.kind.as_str() {
            "TaskCreated" => ChangeKind::Created,
            "TaskUpdated" => {
                let changes = it.changes.unwrap_or_default().into_iter();
                let change =
                    |one: FieldChangeFields| FieldChange { field: one.field, from: one.from, to: one.to };
                ChangeKind::Updated(changes.map(change).collect())
            }
            "TaskStatusChanged" => ChangeKind::Status {
                from: it.status_from?,
                to: it.status_to?,
                action: it.action,
                reason: it.reason,
            },
            "TaskDeadlineChanged" => ChangeKind::Deadline { from: it.deadline_from, to: it.deadline_to },
            "TaskOverdue" => ChangeKind::Overdue { deadline: it.deadline? },
            "TaskAssigned" => ChangeKind::Assigned { from: it.person_from, to: it.person_to },
            "TaskDeleted" => ChangeKind::Deleted,
            "TaskRestored" => ChangeKind::Restored,
            "TaskCommented" => ChangeKind::Commented,
            "AllTasksCompleted" => ChangeKind::AllCompleted { by: it.completed_by },
            _ => return None,
        };
        Some(Self { cursor: it.cursor?, at: it.at?, actor: it.actor, kind })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    pub id: NotificationId,
    pub kind: NotificationKind,
    pub created_at: Timestamp,
    pub is_read: bool,
    pub actor: Option<PersonFields>,
    pub task: Option<NotifiedTask>,
    pub change: Option<ChangeKind>,
    pub role: Option<Role>,
    /// The server's own sentence, for what this client has no words for.
    pub text: String,
}

impl From<NotificationFields> for Notification {
    fn from(fields: NotificationFields) -> Self {
        Self {
            id: fields.id,
            kind: fields.kind,
            created_at: fields.created_at,
            is_read: fields.read_at.is_some(),
            actor: fields.actor,
            task: fields.task,
            change: fields.event.and_then(|event| Change::read(event.flat)).map(|change| change.kind),
            role: fields.role,
            text: fields.text,
        }
    }
}
