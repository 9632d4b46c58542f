//! The closed sets of the domain and of the profile, as the contract names them.

use async_graphql::Enum;

use crate::db::columns;

/// What a person is in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub enum Role {
    /// Manages people; may do everything with tasks.
    Admin,
    /// Sets tasks and watches all of them.
    Supervisor,
    /// Carries out the tasks given to them.
    Manager,
}

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::StatusKind")]
pub enum TaskStatus {
    /// Set, not started.
    New,
    /// The assignee works on it.
    InProgress,
    /// Handed in: the creator accepts or returns it.
    InReview,
    /// Accepted, or completed where the task asks for no review.
    Done,
    /// Put aside by the creator; does not become overdue.
    Deferred,
    /// Its deadline passed before it was handed in.
    Overdue,
}

/// What a person does to a task's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaskAction {
    /// The assignee begins.
    Start,
    /// The assignee stops for now.
    Pause,
    /// The assignee hands it in.
    Submit,
    /// The creator accepts what was handed in.
    Accept,
    /// The creator sends it back, with a reason.
    Return,
    /// The creator puts it aside.
    Defer,
    /// The creator takes it up again.
    Resume,
    /// The creator opens what was done.
    Reopen,
}

impl TaskAction {
    /// A person's action as the contract names it; the system's own has no name there.
    pub fn of(action: domain::Action) -> Option<Self> {
        match action {
            domain::Action::Start => Some(TaskAction::Start),
            domain::Action::Pause => Some(TaskAction::Pause),
            domain::Action::Submit => Some(TaskAction::Submit),
            domain::Action::Accept => Some(TaskAction::Accept),
            domain::Action::Return => Some(TaskAction::Return),
            domain::Action::Defer => Some(TaskAction::Defer),
            domain::Action::Resume => Some(TaskAction::Resume),
            domain::Action::Reopen => Some(TaskAction::Reopen),
            domain::Action::Expire => None,
        }
    }
}

impl From<TaskAction> for domain::Action {
    fn from(action: TaskAction) -> Self {
        match action {
            TaskAction::Start => domain::Action::Start,
            TaskAction::Pause => domain::Action::Pause,
            TaskAction::Submit => domain::Action::Submit,
            TaskAction::Accept => domain::Action::Accept,
            TaskAction::Return => domain::Action::Return,
            TaskAction::Defer => domain::Action::Defer,
            TaskAction::Resume => domain::Action::Resume,
            TaskAction::Reopen => domain::Action::Reopen,
        }
    }
}

/// How much a task matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Priority")]
pub enum TaskPriority {
    /// Can wait.
    Low,
    /// As most.
    Normal,
    /// Before the others.
    High,
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "columns::Locale")]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// How the client looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "columns::Theme")]
pub enum Theme {
    /// As the device.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::NotificationKind")]
pub enum NotificationKind {
    /// A task was set for the recipient.
    TaskCreated,
    /// Its text or importance changed.
    TaskUpdated,
    /// Its status changed.
    TaskStatusChanged,
    /// Its deadline changed.
    TaskDeadlineChanged,
    /// Its deadline passed.
    TaskOverdue,
    /// It is the recipient's now.
    TaskAssigned,
    /// It is the recipient's no longer.
    TaskUnassigned,
    /// It was deleted.
    TaskDeleted,
    /// Somebody commented on it.
    TaskCommented,
    /// All tasks of one creator for one assignee are done.
    AllTasksCompleted,
    /// The recipient's role changed.
    RoleChanged,
    /// The recipient's address of sign-in changed.
    EmailChanged,
    /// Somebody registered; of a few in an hour administrators are told, and with the last of these that there may be more.
    UserRegistered,
}
