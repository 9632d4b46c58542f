//! What a list of tasks asks for: the contract's filter and order, answered here as the server answers them.
//!
//! The server decides what is in a list when it is read; from then on events move tasks in and out of it, and this says where to.

use std::cmp::Ordering;

use domain::validate;

use super::Task;
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::tasks::{TaskFilter, TaskHappened, TaskOrder};
use crate::api::{TaskPriority, TaskStatus, Timestamp, UserId};

/// What a list asks for; also the name under which it is kept. A field that is empty or `None` asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaskQuery {
    /// Any of these.
    pub statuses: Vec<TaskStatus>,
    /// Any of these.
    pub priorities: Vec<TaskPriority>,
    /// Carried out by any of these; at most 100.
    pub assignees: Vec<UserId>,
    /// Set by any of these; at most 100.
    pub creators: Vec<UserId>,
    /// Due at this moment or later.
    pub deadline_from: Option<Timestamp>,
    /// Due before this moment.
    pub deadline_to: Option<Timestamp>,
    pub has_deadline: Option<bool>,
    /// Part of the title, as typed; at most 200 characters.
    pub text: String,
    /// What happened to it, and when.
    pub happened: Option<TaskHappened>,
    /// Done, and handed in before its deadline or not.
    pub on_time: Option<bool>,
    /// Done, and handed in before its first deadline or not.
    pub on_time_by_original_deadline: Option<bool>,
    /// Those that were deleted and can be restored, instead of those that are there.
    pub deleted: bool,
    pub order: TaskOrder,
}

impl Default for TaskOrder {
    /// What is due first comes first, what has no deadline last.
    fn default() -> Self {
        Self::EARLIEST_DEADLINE
    }
}

impl TaskOrder {
    pub const EARLIEST_DEADLINE: Self = Self { field: TaskOrderField::Deadline, direction: Direction::Asc };
    /// What changed last comes first.
    pub const RECENTLY_UPDATED: Self = Self { field: TaskOrderField::UpdatedAt, direction: Direction::Desc };
}

impl TaskQuery {
    /// Whether it asks what only the log tells: which tasks those are, the server alone says.
    pub fn asks_the_log(&self) -> bool {
        self.happened.is_some() || self.on_time.is_some() || self.on_time_by_original_deadline.is_some()
    }

    /// Whether the task is one of the list, by the same rules as the server's, but for what [`Self::asks_the_log`].
    pub fn matches(&self, task: &Task) -> bool {
        self.deleted == task.is_deleted
            && any(&self.statuses, Some(&task.status))
            && any(&self.priorities, Some(&task.priority))
            && any(&self.assignees, task.assignee.as_ref())
            && any(&self.creators, task.creator.as_ref())
            && self.deadline_from.is_none_or(|from| task.deadline.is_some_and(|deadline| from <= deadline))
            && self.deadline_to.is_none_or(|to| task.deadline.is_some_and(|deadline| deadline < to))
            && self.has_deadline.is_none_or(|has| has == task.deadline.is_some())
            && (self.text.is_empty() || task.title_key.contains(&validate::fold(&self.text)))
    }

    /// The order of the server, by the same keys: the number decides between equals.
    pub fn compare(&self, left: &Task, right: &Task) -> Ordering {
        let by_field = match self.order.field {
            TaskOrderField::Deadline => {
                (left.deadline.is_none(), left.deadline).cmp(&(right.deadline.is_none(), right.deadline))
            }
            TaskOrderField::CreatedAt => left.created_at.cmp(&right.created_at),
            TaskOrderField::UpdatedAt => left.updated_at.cmp(&right.updated_at),
            TaskOrderField::Priority => rank(left.priority).cmp(&rank(right.priority)),
            TaskOrderField::Title => left.title_key.cmp(&right.title_key),
            TaskOrderField::Number => Ordering::Equal,
        };
        let ascending = by_field.then(left.number.cmp(&right.number));
        match self.order.direction {
            Direction::Asc => ascending,
            Direction::Desc => ascending.reverse(),
        }
    }

    /// What both ask for, in the order of this one; `None` where nothing can be both. Of two texts this one's is asked for.
    pub fn and(mut self, other: &Self) -> Option<Self> {
        self.statuses = both(self.statuses, &other.statuses)?;
        self.priorities = both(self.priorities, &other.priorities)?;
        self.assignees = both(self.assignees, &other.assignees)?;
        self.creators = both(self.creators, &other.creators)?;
        self.deadline_from = self.deadline_from.max(other.deadline_from);
        self.deadline_to = match (self.deadline_to, other.deadline_to) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let has_deadline = self.has_deadline.or(other.has_deadline);
        let is_empty_range =
            matches!((self.deadline_from, self.deadline_to), (Some(from), Some(to)) if from >= to);
        let is_due = self.deadline_from.or(self.deadline_to).is_some();
        let contradicts = self.has_deadline.zip(other.has_deadline).is_some_and(|(one, two)| one != two);
        if is_empty_range || contradicts || (is_due && has_deadline == Some(false)) {
            return None;
        }
        self.has_deadline = has_deadline;
        if self.text.is_empty() {
            self.text.clone_from(&other.text);
        }
        self.happened = self.happened.or(other.happened);
        self.on_time = self.on_time.or(other.on_time);
        self.on_time_by_original_deadline =
            self.on_time_by_original_deadline.or(other.on_time_by_original_deadline);
        Some(self)
    }

    pub fn filter(&self) -> TaskFilter {
        TaskFilter {
            statuses: some(&self.statuses),
            priorities: some(&self.priorities),
            assignee_ids: some(&self.assignees),
            creator_ids: some(&self.creators),
            deadline_from: self.deadline_from,
            deadline_to: self.deadline_to,
            has_deadline: self.has_deadline,
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            happened: self.happened,
            on_time: self.on_time,
            on_time_by_original_deadline: self.on_time_by_original_deadline,
            deleted: self.deleted.then_some(true),
        }
    }
}

fn any<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
    wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
}

/// The values that both want, where no value stands for all.
fn both<T: Clone + PartialEq>(mut one: Vec<T>, two: &[T]) -> Option<Vec<T>> {
    if one.is_empty() {
        return Some(two.to_vec());
    }
    one.retain(|value| any(two, Some(value)));
    Some(one).filter(|both| !both.is_empty())
}

fn some<T: Clone>(wanted: &[T]) -> Option<Vec<T>> {
    Some(wanted.to_vec()).filter(|wanted| !wanted.is_empty())
}

fn rank(priority: TaskPriority) -> u8 {
    match priority {
        TaskPriority::Low => 0,
        TaskPriority::Normal => 1,
        TaskPriority::High => 2,
    }
}
