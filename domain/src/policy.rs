//! Who may do what. Facts in, a decision out; the order of refusals is part of the rule: what a person may not see
//! answers as absent before anything else is said about it.

use crate::code::closed_set;
use crate::status::{Action, Status, StatusKind, TransitionFacts};

closed_set! {
    /// What a person is in the company.
    pub enum Role {
        /// Manages people; may do everything with tasks.
        Admin = "ADMIN",
        /// Sets tasks and watches all of them.
        Supervisor = "SUPERVISOR",
        /// Carries out the tasks given to them.
        Manager = "MANAGER",
    }
}

/// What a role alone decides, whatever the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Set a task for somebody.
    CreateTasks,
    /// See tasks that are neither from nor for oneself.
    SeeAllTasks,
    /// See the list of people.
    ListPeople,
    /// Roles, invitations, reset links, disabling.
    ManagePeople,
    /// Find tasks through the search engine.
    SearchTasks,
    /// Statistics of everyone, and their export.
    SeeAllStatistics,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Capability; 6] = [
        Capability::CreateTasks,
        Capability::SeeAllTasks,
        Capability::ListPeople,
        Capability::ManagePeople,
        Capability::SearchTasks,
        Capability::SeeAllStatistics,
    ];
}

impl Role {
    /// Whether this role has the capability.
    pub fn can(self, capability: Capability) -> bool {
        match capability {
            Capability::CreateTasks
            | Capability::SeeAllTasks
            | Capability::ListPeople
            | Capability::SeeAllStatistics => match self {
                Role::Admin | Role::Supervisor => true,
                Role::Manager => false,
            },
            Capability::ManagePeople | Capability::SearchTasks => match self {
                Role::Admin => true,
                Role::Supervisor | Role::Manager => false,
            },
        }
    }
}

/// Somebody, as a task sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their role at this moment.
    pub role: Role,
    /// Whether they set the task.
    pub is_creator: bool,
    /// Whether the task is theirs to carry out.
    pub is_assignee: bool,
}

/// What can be done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Read it and its history.
    See,
    /// Title, description, priority, whether it needs review.
    Edit,
    /// Give it to another person.
    Assign,
    /// Set, move or take away the deadline.
    MoveDeadline,
    /// Remove it for as long as it can be restored.
    Delete,
    /// Bring back what was deleted.
    Restore,
    /// Say something about it.
    Comment,
    /// Change its status.
    Transition(Action),
}

/// What of a task decides who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskFacts {
    /// What it is now.
    pub status: Status,
    /// Whether it is deleted and can still be restored.
    pub deleted: bool,
    /// What decides where an action leads.
    pub transition: TransitionFacts,
}

/// Why something may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// To this person the task does not exist.
    NotVisible,
    /// They see it but it is not theirs to do.
    NotAllowed,
    /// It is theirs to do, but not while the task is what it is.
    WrongStatus,
}

/// Whether `actor` may carry out `operation` on the task.
pub fn decide(actor: Actor, operation: Operation, task: TaskFacts) -> Result<(), Refusal> {
    if !sees(actor, task.deleted) {
        return Err(Refusal::NotVisible);
    }
    match operation {
        Operation::See => Ok(()),
        Operation::Comment => unless(task.deleted),
        Operation::Edit | Operation::Delete => {
            allowed(owns(actor))?;
            unless(task.deleted)
        }
        Operation::Assign | Operation::MoveDeadline => {
            allowed(owns(actor))?;
            unless(task.deleted || task.status.kind() == StatusKind::Done)
        }
        Operation::Restore => {
            allowed(owns(actor))?;
            unless(!task.deleted)
        }
        Operation::Transition(action) => {
            allowed(may_transition(actor, action))?;
            unless(task.deleted || task.status.after(action, task.transition).is_none())
        }
    }
}

/// Whether the person knows of the task at all. A deleted one is known to those who can restore it.
fn sees(actor: Actor, deleted: bool) -> bool {
    if deleted {
        return owns(actor);
    }
    actor.role.can(Capability::SeeAllTasks) || actor.is_assignee
}

/// Whether the task is this person's to edit, move, give away and delete.
fn owns(actor: Actor) -> bool {
    match actor.role {
        Role::Admin => true,
        Role::Supervisor => actor.is_creator,
        Role::Manager => false,
    }
}

fn may_transition(actor: Actor, action: Action) -> bool {
    match action {
        Action::Start | Action::Pause | Action::Submit => actor.role == Role::Admin || actor.is_assignee,
        Action::Accept | Action::Return | Action::Defer | Action::Resume | Action::Reopen => owns(actor),
        Action::Expire => false,
    }
}

fn allowed(may: bool) -> Result<(), Refusal> {
    if may { Ok(()) } else { Err(Refusal::NotAllowed) }
}

fn unless(wrong: bool) -> Result<(), Refusal> {
    if wrong { Err(Refusal::WrongStatus) } else { Ok(()) }
}

/// What can be done with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentOperation {
    /// Change its text.
    Edit,
    /// Remove it.
    Delete,
}

/// Whether a person of this role may carry out the operation on a comment of a task that they see.
pub fn decide_comment(role: Role, is_author: bool, operation: CommentOperation) -> Result<(), Refusal> {
    match operation {
        CommentOperation::Edit => allowed(is_author),
        CommentOperation::Delete => allowed(is_author || role == Role::Admin),
    }
}

/// Whether a person may let others in: by an invitation, or by a link that sets a password. What they gave out is good for as long as
/// they may.
pub fn may_let_in(role: Role, active: bool) -> bool {
    active && role.can(Capability::ManagePeople)
}

/// Whether a change of role or of being active would leave the company without an administrator.
pub fn removes_last_admin(
    was_active_admin: bool,
    stays_active_admin: bool,
    other_active_admins: u64,
) -> bool {
    was_active_admin && !stays_active_admin && other_active_admins == 0
}
