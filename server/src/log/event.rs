//! What happened, with its before and after, as the log stores it. The kinds are [`domain::EventKind`].

use domain::fanout::Announcement;
use domain::statistics::Measure;
use domain::status::{Pending, StatusKind};
use domain::{Action, Code, EventKind, Role};
use serde::{Deserialize, Serialize};

use crate::db::columns::{CommentId, NotificationId, SessionId, Timestamp, UserId};
use crate::error::{Error, Result};

/// Something that happened. Stored as JSON: a field may be added with a default, never renamed. Fields that this version does not
/// know are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the variants are those of domain::EventKind; fields are named as in the contract"
)]
pub enum Event {
    TaskCreated,
    TaskUpdated {
        changes: Vec<FieldChange>,
    },
    TaskStatusChanged {
        #[serde(with = "coded")]
        from: StatusKind,
        #[serde(with = "coded")]
        to: StatusKind,
        /// What an overdue task is underneath, after the change.
        #[serde(with = "coded_option", default)]
        to_before_overdue: Option<Pending>,
        #[serde(with = "coded")]
        action: Action,
        reason: Option<String>,
    },
    TaskDeadlineChanged {
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    },
    TaskOverdue {
        deadline: Timestamp,
        #[serde(with = "coded")]
        was: Pending,
    },
    TaskAssigned {
        from: UserId,
        to: UserId,
    },
    TaskDeleted,
    TaskRestored,
    CommentAdded {
        comment: CommentId,
    },
    CommentEdited {
        comment: CommentId,
    },
    CommentDeleted {
        comment: CommentId,
    },
    AllTasksCompleted,
    UserRegistered {
        /// Events of before had none.
        #[serde(with = "coded", default = "silent")]
        announcement: Announcement,
    },
    CompanyUpdated {
        open_registration: bool,
    },
    UserUpdated,
    EmailChanged {
        from: String,
        to: String,
    },
    RoleChanged {
        #[serde(with = "coded")]
        from: Role,
        #[serde(with = "coded")]
        to: Role,
    },
    UserActiveChanged {
        active: bool,
    },
    SessionsEnded {
        sessions: Vec<SessionId>,
    },
    NotificationsRead {
        /// Which, where they are few.
        ids: Vec<NotificationId>,
        /// Where they are many: all that there were up to this one.
        #[serde(default)]
        until: Option<NotificationId>,
    },
    /// What a later version wrote and this one does not understand. Never written.
    #[serde(skip)]
    Unknown,
}

fn silent() -> Announcement {
    Announcement::Silent
}

/// A field of a task before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in the contract")]
pub struct FieldChange {
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A change of status, read out of its event.
#[derive(Clone, Copy, Debug)]
pub struct StatusChange<'a> {
    /// The status before.
    pub from: StatusKind,
    /// The status after.
    pub to: StatusKind,
    /// What was done.
    pub action: Action,
    /// Why, where a reason was given.
    pub reason: Option<&'a str>,
}

impl Event {
    /// What a row of the log says; [`Event::Unknown`] where this version does not understand it.
    pub fn read(payload: &str) -> Self {
        serde_json::from_str(payload).unwrap_or(Event::Unknown)
    }

    /// Its kind, without the details; `None` of what a later version wrote.
    pub fn kind(&self) -> Option<EventKind> {
        Some(match self {
            Event::Unknown => return None,
            Event::TaskCreated => EventKind::TaskCreated,
            Event::TaskUpdated { .. } => EventKind::TaskUpdated,
            Event::TaskStatusChanged { .. } => EventKind::TaskStatusChanged,
            Event::TaskDeadlineChanged { .. } => EventKind::TaskDeadlineChanged,
            Event::TaskOverdue { .. } => EventKind::TaskOverdue,
            Event::TaskAssigned { .. } => EventKind::TaskAssigned,
            Event::TaskDeleted => EventKind::TaskDeleted,
            Event::TaskRestored => EventKind::TaskRestored,
            Event::CommentAdded { .. } => EventKind::CommentAdded,
            Event::CommentEdited { .. } => EventKind::CommentEdited,
            Event::CommentDeleted { .. } => EventKind::CommentDeleted,
            Event::AllTasksCompleted => EventKind::AllTasksCompleted,
            Event::UserRegistered { .. } => EventKind::UserRegistered,
            Event::CompanyUpdated { .. } => EventKind::CompanyUpdated,
            Event::UserUpdated => EventKind::UserUpdated,
            Event::EmailChanged { .. } => EventKind::EmailChanged,
            Event::RoleChanged { .. } => EventKind::RoleChanged,
            Event::UserActiveChanged { .. } => EventKind::UserActiveChanged,
            Event::SessionsEnded { .. } => EventKind::SessionsEnded,
            Event::NotificationsRead { .. } => EventKind::NotificationsRead,
        })
    }

    /// What statistics count it as.
    pub fn measure(&self) -> Option<Measure> {
        match self {
            Event::TaskStatusChanged { to, action, .. } => Measure::of_transition(*action, *to),
            Event::TaskOverdue { .. } => Some(Measure::Overdue),
            Event::TaskDeadlineChanged { from, .. } => from.map(|_| Measure::DeadlineMoved),
            Event::TaskCreated
            | Event::TaskUpdated { .. }
            | Event::TaskAssigned { .. }
            | Event::TaskDeleted
            | Event::TaskRestored
            | Event::CommentAdded { .. }
            | Event::CommentEdited { .. }
            | Event::CommentDeleted { .. }
            | Event::AllTasksCompleted
            | Event::UserRegistered { .. }
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

    /// The change of status that it is.
    pub fn status_change(&self) -> Result<StatusChange<'_>> {
        if let Event::TaskStatusChanged { from, to, action, reason, .. } = self {
            Ok(StatusChange { from: *from, to: *to, action: *action, reason: reason.as_deref() })
        } else {
            Err(Error::internal("the event is no change of status"))
        }
    }

    /// The deadline before and after, if that is what changed.
    pub fn deadline_change(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        if let Event::TaskDeadlineChanged { from, to } = self { (*from, *to) } else { (None, None) }
    }

    /// The comment that it speaks of.
    pub fn comment(&self) -> Option<CommentId> {
        match self {
            Event::CommentAdded { comment }
            | Event::CommentEdited { comment }
            | Event::CommentDeleted { comment } => Some(*comment),
            Event::TaskCreated
            | Event::TaskUpdated { .. }
            | Event::TaskStatusChanged { .. }
            | Event::TaskDeadlineChanged { .. }
            | Event::TaskOverdue { .. }
            | Event::TaskAssigned { .. }
            | Event::TaskDeleted
            | Event::TaskRestored
            | Event::AllTasksCompleted
            | Event::UserRegistered { .. }
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

/// Closed sets by their stable names.
mod coded {
    use super::{Code, Deserialize};
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<T: Code, S: Serializer>(member: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(member.code())
    }

    pub(super) fn deserialize<'de, T: Code, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let name = String::deserialize(deserializer)?;
        T::from_code(&name).ok_or_else(|| D::Error::custom(format!("unknown name {name}")))
    }
}

/// The same, where there may be none.
mod coded_option {
    use super::{Code, Deserialize};
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<T: Code, S: Serializer>(
        member: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match member {
            Some(member) => serializer.serialize_some(member.code()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T: Code, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        T::from_code(&name).map(Some).ok_or_else(|| D::Error::custom(format!("unknown name {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_name_is_the_kinds_name() {
        let events = [
            Event::TaskCreated,
            Event::TaskUpdated { changes: vec![] },
            Event::TaskStatusChanged {
                from: StatusKind::New,
                to: StatusKind::Overdue,
                to_before_overdue: Some(Pending::New),
                action: Action::Start,
                reason: None,
            },
            Event::TaskDeadlineChanged { from: None, to: Some(Timestamp(1)) },
            Event::TaskOverdue { deadline: Timestamp(1), was: Pending::InProgress },
            Event::TaskAssigned { from: UserId(1), to: UserId(2) },
            Event::TaskDeleted,
            Event::TaskRestored,
            Event::CommentAdded { comment: CommentId(1) },
            Event::CommentEdited { comment: CommentId(1) },
            Event::CommentDeleted { comment: CommentId(1) },
            Event::AllTasksCompleted,
            Event::UserRegistered { announcement: Announcement::Last },
            Event::CompanyUpdated { open_registration: false },
            Event::UserUpdated,
            Event::EmailChanged { from: "a@example.ru".to_owned(), to: "b@example.ru".to_owned() },
            Event::RoleChanged { from: Role::Manager, to: Role::Supervisor },
            Event::UserActiveChanged { active: false },
            Event::SessionsEnded { sessions: vec![SessionId(1)] },
            Event::NotificationsRead { ids: vec![NotificationId(1)], until: None },
        ];
        assert_eq!(events.len(), EventKind::ALL.len());
        for event in events {
            let mut json = serde_json::to_value(&event).unwrap();
            assert_eq!(json["kind"], event.kind().unwrap().code());
            assert_eq!(serde_json::from_value::<Event>(json.clone()).unwrap(), event);
            // As a later version may write it.
            json["added"] = serde_json::json!({ "later": [1, null] });
            assert_eq!(Event::read(&json.to_string()), event);
        }
    }

    #[test]
    fn what_a_later_version_wrote_is_unknown_and_cannot_be_written() {
        for payload in [
            r#"{"kind":"TASK_ESCALATED","to":5}"#,
            r#"{"kind":"ROLE_CHANGED","from":"MANAGER","to":"AUDITOR"}"#,
            r#"{"kind":"TASK_STATUS_CHANGED","from":"NEW","to":"BLOCKED","action":"BLOCK","reason":null}"#,
            r#"{"kind":"TASK_ASSIGNED","to":5}"#,
            r#"{"kind":"Unknown"}"#,
            r#"{"kind":"UNKNOWN"}"#,
            "{}",
            "",
        ] {
            assert_eq!(Event::read(payload), Event::Unknown, "{payload}");
        }
        assert!(serde_json::to_string(&Event::Unknown).is_err());
    }
}
