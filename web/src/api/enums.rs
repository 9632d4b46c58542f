//! The closed sets of the contract.

use super::schema;

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Admin,
    Supervisor,
    Manager,
}

impl Role {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Manager, Self::Supervisor, Self::Admin];

    /// Whether this role sets tasks and sees everyone's.
    pub fn supervises(self) -> bool {
        match self {
            Self::Admin | Self::Supervisor => true,
            Self::Manager => false,
        }
    }
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    New,
    InProgress,
    InReview,
    Done,
    Deferred,
    Overdue,
}

impl TaskStatus {
    /// Everything that is not done.
    pub const OPEN: [Self; 5] = [Self::Overdue, Self::New, Self::InProgress, Self::InReview, Self::Deferred];
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskAction {
    Start,
    Pause,
    Submit,
    Accept,
    Return,
    Defer,
    Resume,
    Reopen,
}

impl TaskAction {
    /// Where it stands among the actions that are offered: what moves a task forward comes first.
    pub fn place(self) -> u8 {
        match self {
            Self::Accept => 0,
            Self::Submit => 1,
            Self::Start => 2,
            Self::Resume => 3,
            Self::Return => 4,
            Self::Pause => 5,
            Self::Reopen => 6,
            Self::Defer => 7,
        }
    }
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskPriority {
    Low,
    Normal,
    High,
}

impl TaskPriority {
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    Ru,
    En,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotificationKind {
    TaskCreated,
    TaskUpdated,
    TaskStatusChanged,
    TaskDeadlineChanged,
    TaskOverdue,
    TaskAssigned,
    TaskUnassigned,
    TaskDeleted,
    TaskCommented,
    AllTasksCompleted,
    RoleChanged,
    EmailChanged,
    UserRegistered,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserErrorCode {
    Required,
    TooShort,
    TooLong,
    Invalid,
    Taken,
    TooCommon,
    InThePast,
    WrongCredentials,
    Expired,
    NotAllowed,
    NotFound,
    StaleVersion,
    WrongStatus,
    SameValue,
    LastAdmin,
    KeyReused,
    RegistrationClosed,
    TooMany,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskOrderField {
    Deadline,
    CreatedAt,
    UpdatedAt,
    Priority,
    Title,
    Number,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Asc,
    Desc,
}

/// Something that happens to a task, as statistics count it.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskHappening {
    Created,
    Completed,
    Overdue,
    Returned,
    DeadlineMoved,
}
