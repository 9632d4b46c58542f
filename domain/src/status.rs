//! What a task can be, and what an action makes of it. Who may act is in [`crate::policy`].

use crate::Code;
use crate::code::closed_set;

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
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
    Overdue {
        /// What it was, and is again once the deadline is extended.
        was: Pending,
    },
}

closed_set! {
    /// What waits for the assignee, and so can become overdue.
    pub enum Pending {
        /// Not started.
        New = "NEW",
        /// Being worked on.
        InProgress = "IN_PROGRESS",
    }
}

closed_set! {
    /// The status as lists, filters and the contract know it: without what an overdue task was.
    pub enum StatusKind {
        /// See [`Status::New`].
        New = "NEW",
        /// See [`Status::InProgress`].
        InProgress = "IN_PROGRESS",
        /// See [`Status::InReview`].
        InReview = "IN_REVIEW",
        /// See [`Status::Done`].
        Done = "DONE",
        /// See [`Status::Deferred`].
        Deferred = "DEFERRED",
        /// See [`Status::Overdue`].
        Overdue = "OVERDUE",
    }
}

closed_set! {
    /// What moves a task from one status to another.
    pub enum Action {
        /// The assignee begins.
        Start = "START",
        /// The assignee stops for now.
        Pause = "PAUSE",
        /// The assignee hands it in.
        Submit = "SUBMIT",
        /// The creator accepts what was handed in.
        Accept = "ACCEPT",
        /// The creator sends it back, with a reason.
        Return = "RETURN",
        /// The creator puts it aside.
        Defer = "DEFER",
        /// The creator takes it up again.
        Resume = "RESUME",
        /// The creator opens what was done.
        Reopen = "REOPEN",
        /// The deadline passed; or, of a task that was overdue, it is ahead after all, for the clock that saw it pass was wrong. The
        /// system's own.
        Expire = "EXPIRE",
    }
}

closed_set! {
    /// How much a task matters; the order of declaration is the order of lists.
    pub enum Priority {
        /// Can wait.
        Low = "LOW",
        /// As most.
        Normal = "NORMAL",
        /// Before the others.
        High = "HIGH",
    }
}

/// What of a task decides where an action leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitionFacts {
    /// Whether handing in asks for the creator's decision.
    pub requires_review: bool,
    /// Whether the present deadline was already recorded as missed: such a task comes back overdue, and is not recorded twice.
    pub deadline_missed: bool,
}

impl Status {
    /// The status without its details.
    pub fn kind(self) -> StatusKind {
        match self {
            Status::New => StatusKind::New,
            Status::InProgress => StatusKind::InProgress,
            Status::InReview => StatusKind::InReview,
            Status::Done => StatusKind::Done,
            Status::Deferred => StatusKind::Deferred,
            Status::Overdue { .. } => StatusKind::Overdue,
        }
    }

    /// What the task was before its deadline passed; `None` unless it is overdue.
    pub fn before_overdue(self) -> Option<Pending> {
        match self {
            Status::Overdue { was } => Some(was),
            Status::New | Status::InProgress | Status::InReview | Status::Done | Status::Deferred => None,
        }
    }

    /// Puts together what is stored apart; `None` where the parts contradict each other.
    pub fn from_parts(kind: StatusKind, before_overdue: Option<Pending>) -> Option<Self> {
        match (kind, before_overdue) {
            (StatusKind::New, None) => Some(Status::New),
            (StatusKind::InProgress, None) => Some(Status::InProgress),
            (StatusKind::InReview, None) => Some(Status::InReview),
            (StatusKind::Done, None) => Some(Status::Done),
            (StatusKind::Deferred, None) => Some(Status::Deferred),
            (StatusKind::Overdue, Some(was)) => Some(Status::Overdue { was }),
            (StatusKind::Overdue, None)
            | (
                StatusKind::New
                | StatusKind::InProgress
                | StatusKind::InReview
                | StatusKind::Done
                | StatusKind::Deferred,
                Some(_),
            ) => None,
        }
    }

    /// What the task waits for the assignee as, if it does.
    pub fn pending(self) -> Option<Pending> {
        match self {
            Status::New => Some(Pending::New),
            Status::InProgress => Some(Pending::InProgress),
            Status::Overdue { was } => Some(was),
            Status::InReview | Status::Done | Status::Deferred => None,
        }
    }

    /// The status after the deadline was moved or taken away: overdue gives way to what the task was.
    pub fn after_deadline_move(self) -> Self {
        self.before_deadline().unwrap_or(self)
    }

    /// The status of a task whose deadline is ahead, where it cannot be the present one: overdue by a clock that was wrong gives way to
    /// what the task was.
    pub fn before_deadline(self) -> Option<Self> {
        self.before_overdue().map(|was| was.status(false))
    }

    /// The status that `action` leads to; `None` where the action does not apply.
    pub fn after(self, action: Action, facts: TransitionFacts) -> Option<Self> {
        let pending = self.pending();
        match action {
            Action::Start => match pending? {
                Pending::New => Some(Pending::InProgress.status(self.is_overdue())),
                Pending::InProgress => None,
            },
            Action::Pause => match pending? {
                Pending::New => None,
                Pending::InProgress => Some(Pending::New.status(self.is_overdue())),
            },
            Action::Submit => {
                pending?;
                Some(if facts.requires_review { Status::InReview } else { Status::Done })
            }
            Action::Defer => {
                pending?;
                Some(Status::Deferred)
            }
            Action::Accept => (self == Status::InReview).then_some(Status::Done),
            Action::Return => {
                (self == Status::InReview).then_some(Pending::InProgress.status(facts.deadline_missed))
            }
            Action::Resume => {
                (self == Status::Deferred).then_some(Pending::New.status(facts.deadline_missed))
            }
            Action::Reopen => {
                (self == Status::Done).then_some(Pending::InProgress.status(facts.deadline_missed))
            }
            Action::Expire => {
                if self.is_overdue() {
                    return None;
                }
                pending.map(|was| Status::Overdue { was })
            }
        }
    }

    fn is_overdue(self) -> bool {
        self.before_overdue().is_some()
    }
}

impl Pending {
    /// The status of the same name.
    pub fn kind(self) -> StatusKind {
        match self {
            Pending::New => StatusKind::New,
            Pending::InProgress => StatusKind::InProgress,
        }
    }

    fn status(self, overdue: bool) -> Status {
        match (overdue, self) {
            (true, was) => Status::Overdue { was },
            (false, Pending::New) => Status::New,
            (false, Pending::InProgress) => Status::InProgress,
        }
    }
}

impl Status {
    /// Every status there can be.
    pub const ALL: [Status; 7] = [
        Status::New,
        Status::InProgress,
        Status::InReview,
        Status::Done,
        Status::Deferred,
        Status::Overdue { was: Pending::New },
        Status::Overdue { was: Pending::InProgress },
    ];
}

impl StatusKind {
    /// Whether a task of this status still asks something of somebody.
    pub fn is_open(self) -> bool {
        self != StatusKind::Done
    }

    /// The names of the statuses that wait for the assignee and can become overdue.
    pub fn can_expire() -> impl Iterator<Item = StatusKind> {
        StatusKind::ALL
            .iter()
            .copied()
            .filter(|kind| matches!(kind, StatusKind::New | StatusKind::InProgress))
    }
}
