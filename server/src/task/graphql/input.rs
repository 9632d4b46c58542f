//! Filters, orders and inputs of mutations.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use domain::validate::{self, limit};

use crate::db::columns::{Timestamp, UserId};
use crate::error::{Error, Refused, Result};
use crate::graphql::enums::{TaskPriority, TaskStatus};
use crate::graphql::ids;
use crate::task::happened::Happened;
use crate::task::query::{Filter, OrderField, TaskOrder};

/// Which tasks. Fields that are not given do not narrow.
#[derive(Clone, Debug, Default, InputObject)]
#[graphql(name = "TaskFilter")]
pub struct TaskFilterInput {
    /// Any of these.
    statuses: Option<Vec<TaskStatus>>,
    /// Any of these.
    priorities: Option<Vec<TaskPriority>>,
    /// Carried out by any of these; at most 100.
    assignee_ids: Option<Vec<ID>>,
    /// Set by any of these; at most 100.
    creator_ids: Option<Vec<ID>>,
    /// Half-open: from <= deadline < to.
    deadline_from: Option<Timestamp>,
    /// Half-open: from <= deadline < to.
    deadline_to: Option<Timestamp>,
    /// Whether there is a deadline.
    has_deadline: Option<bool>,
    /// Part of the title, case, ё/е, stress marks and soft hyphens folded; at most 200 characters.
    text: Option<String>,
    /// What happened to the task, and when.
    happened: Option<TaskHappenedInput>,
    /// Done, and handed in before its deadline: or, for false, after it. Tasks without a deadline are neither.
    on_time: Option<bool>,
    /// The same by the first deadline that the task ever had.
    on_time_by_original_deadline: Option<bool>,
    /// Those that were deleted and can be restored, instead of those that are there.
    #[graphql(default_with = "Some(false)")]
    deleted: Option<bool>,
}

impl TaskFilterInput {
    /// The filter, if it is within its limits.
    pub fn check(self) -> Result<Filter> {
        if self.text.as_ref().is_some_and(|text| text.chars().count() > limit::FILTER_TEXT) {
            return Err(bad("filter.text is at most 200 characters"));
        }
        Ok(Filter {
            statuses: self.statuses.map(distinct),
            priorities: self.priorities.map(distinct),
            assignees: self.assignee_ids.map(|ids| people_of(&ids)).transpose()?,
            creators: self.creator_ids.map(|ids| people_of(&ids)).transpose()?,
            deadline_from: self.deadline_from,
            deadline_to: self.deadline_to,
            has_deadline: self.has_deadline,
            text: self.text.map(|text| validate::fold(&text)),
            happened: self.happened.map(Into::into),
            on_time: self.on_time,
            on_time_by_original_deadline: self.on_time_by_original_deadline,
            deleted: self.deleted.unwrap_or(false),
        })
    }
}

/// Something that happens to a task, as statistics count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::task::happened::Happening")]
pub enum TaskHappening {
    /// It was set.
    Created,
    /// It was done, and is still.
    Completed,
    /// Its deadline passed before it was handed in.
    Overdue,
    /// Work on it was returned.
    Returned,
    /// Its deadline was moved or taken away.
    DeadlineMoved,
}

/// What happened to a task, and when. Half-open: from <= then < to.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TaskHappenedInput {
    /// What.
    what: TaskHappening,
    /// At this moment or later.
    from: Timestamp,
    /// Before this moment.
    to: Timestamp,
}

impl From<TaskHappenedInput> for Happened {
    fn from(input: TaskHappenedInput) -> Self {
        Happened { what: input.what.into(), from: input.from, to: input.to }
    }
}

/// Members of a closed set, each once: they are asked of the database as they are.
pub fn distinct<M, T: From<M> + PartialEq>(members: Vec<M>) -> Vec<T> {
    let mut once = Vec::new();
    for member in members.into_iter().map(T::from) {
        if !once.contains(&member) {
            once.push(member);
        }
    }
    once
}

/// Ids of nobody find nothing, as ids of people without tasks do.
pub fn people_of(ids: &[ID]) -> Result<Vec<UserId>> {
    if ids.len() > limit::IDS {
        return Err(bad("a filter names at most 100 people"));
    }
    Ok(ids.iter().filter_map(ids::decode).collect())
}

fn bad(message: &'static str) -> Error {
    Error::Refused(Refused::BadInput(message))
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaskOrderField {
    /// Without a deadline last.
    Deadline,
    /// When it was set.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// How much it matters.
    Priority,
    /// Case and ё/е folded.
    Title,
    /// The number people say aloud.
    Number,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Direction {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// A sort order.
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name = "TaskOrder")]
pub struct TaskOrderInput {
    /// What is compared.
    field: TaskOrderField,
    /// Which way.
    direction: Direction,
}

impl Default for TaskOrderInput {
    fn default() -> Self {
        TaskOrderInput { field: TaskOrderField::Deadline, direction: Direction::Asc }
    }
}

impl From<TaskOrderInput> for TaskOrder {
    fn from(order: TaskOrderInput) -> Self {
        let field = match order.field {
            TaskOrderField::Deadline => OrderField::Deadline,
            TaskOrderField::CreatedAt => OrderField::CreatedAt,
            TaskOrderField::UpdatedAt => OrderField::UpdatedAt,
            TaskOrderField::Priority => OrderField::Priority,
            TaskOrderField::Title => OrderField::Title,
            TaskOrderField::Number => OrderField::Number,
        };
        TaskOrder { field, descending: order.direction == Direction::Desc }
    }
}

/// A task to be set.
#[derive(Clone, Debug, InputObject)]
pub struct TaskCreateInput {
    /// 1 to 200 characters; ends of lines are spaces, and characters that show nothing or turn text round are left out.
    pub title: String,
    /// At most 20,000 characters; Markdown without HTML. Characters that turn text round are left out.
    pub description: Option<String>,
    /// Who is to carry it out.
    pub assignee_id: ID,
    /// When it is due; after the present moment, at most a hundred years.
    pub deadline: Option<Timestamp>,
    /// How much it matters.
    #[graphql(default_with = "Some(TaskPriority::Normal)")]
    pub priority: Option<TaskPriority>,
    /// Whether handing in asks for the creator's decision.
    #[graphql(default_with = "Some(true)")]
    pub requires_review: Option<bool>,
    /// Makes a repeated request one, for 24 hours; 1 to 64 visible ASCII characters.
    pub idempotency_key: Option<String>,
}

/// Fields of a task to be changed; those not given stay.
#[derive(Clone, Debug, InputObject)]
pub struct TaskUpdateInput {
    /// Which task.
    pub id: ID,
    /// The version that was seen.
    pub version: i32,
    /// 1 to 200 characters; ends of lines are spaces, and characters that show nothing or turn text round are left out.
    pub title: MaybeUndefined<String>,
    /// At most 20,000 characters; Markdown without HTML. Characters that turn text round are left out.
    pub description: MaybeUndefined<String>,
    /// How much it matters.
    pub priority: MaybeUndefined<TaskPriority>,
    /// Whether handing in asks for the creator's decision.
    pub requires_review: MaybeUndefined<bool>,
}
