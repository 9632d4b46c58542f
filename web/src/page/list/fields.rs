//! What a list can be filtered by, and how each choice is said.

use yew::prelude::*;

use super::choice::{Choice, Grouping};
use super::groups::{Common, DueGroup};
use crate::api::UserId;
use crate::api::enums::{TaskHappening, TaskOrderField};
use crate::client::Wording;
use crate::store::{Due, Filter, Happened, InTime, Scope};
use crate::text::date::short_day;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Status,
    Assignee,
    Creator,
    Due,
    Priority,
    /// What statistics count: a number there leads here.
    Happened,
}

impl Field {
    pub const ALL: [Self; 6] =
        [Self::Status, Self::Assignee, Self::Creator, Self::Due, Self::Priority, Self::Happened];

    /// Whether choosing it can tell the tasks of that list apart.
    pub fn is_offered(self, scope: Scope) -> bool {
        match self {
            Self::Status => scope.has_done(),
            Self::Assignee => scope != Scope::Mine,
            Self::Creator => !matches!(scope, Scope::SetByMe | Scope::Review),
            Self::Due => scope != Scope::Overdue,
            Self::Priority => true,
            Self::Happened => false,
        }
    }

    pub fn is_chosen(self, filter: &Filter) -> bool {
        match self {
            Self::Status => !filter.statuses.is_empty(),
            Self::Assignee => !filter.assignees.is_empty(),
            Self::Creator => !filter.creators.is_empty(),
            Self::Due => filter.due.is_some(),
            Self::Priority => !filter.priorities.is_empty(),
            Self::Happened => filter.happened.is_some(),
        }
    }

    pub fn clear(self, choice: &Choice) -> Choice {
        let mut choice = choice.clone();
        let filter = &mut choice.filter;
        match self {
            Self::Status => filter.statuses.clear(),
            Self::Assignee => filter.assignees.clear(),
            Self::Creator => filter.creators.clear(),
            Self::Due => filter.due = None,
            Self::Priority => filter.priorities.clear(),
            Self::Happened => filter.happened = None,
        }
        choice
    }

    pub fn name(self, words: &Wording) -> &'static str {
        match self {
            Self::Status => words.status,
            Self::Assignee => words.assignee,
            Self::Creator => words.creator,
            Self::Due => words.deadline,
            Self::Priority => words.priority,
            Self::Happened => words.statistics.title,
        }
    }

    /// What is chosen, in words: one of them, or the first and how many more.
    pub fn value(self, words: &Wording, filter: &Filter, name: impl Fn(&UserId) -> String) -> String {
        let values: Vec<String> = match self {
            Self::Status => filter.statuses.iter().map(|one| (words.status_name)(*one).to_owned()).collect(),
            Self::Assignee => filter.assignees.iter().map(name).collect(),
            Self::Creator => filter.creators.iter().map(name).collect(),
            Self::Due => filter.due.iter().map(|due| due_name(words, *due)).collect(),
            Self::Priority => {
                filter.priorities.iter().map(|one| (words.priority_name)(*one).to_owned()).collect()
            }
            Self::Happened => filter.happened.iter().map(|one| happened_name(words, *one)).collect(),
        };
        match values.as_slice() {
            [first, second] => [first.as_str(), second].join(", "),
            [first, rest @ ..] if !rest.is_empty() => {
                (words.lists.and_more)(first, i64::try_from(rest.len()).unwrap_or(i64::MAX))
            }
            [first, ..] => first.clone(),
            [] => String::new(),
        }
    }
}

fn happened_name(words: &Wording, happened: Happened) -> String {
    let said = &words.statistics;
    let name = match happened.what {
        TaskHappening::Created => said.created,
        TaskHappening::Completed => said.completed,
        TaskHappening::Overdue => said.became_overdue,
        TaskHappening::Returned => said.returned,
        TaskHappening::DeadlineMoved => said.moves,
    };
    let in_time = match happened.in_time {
        Some(InTime::Yes) => Some(said.on_time),
        Some(InTime::No) => Some(said.late),
        Some(InTime::First) => Some(said.first_deadline),
        None => None,
    };
    let days = due_name(words, Due::Period { first: happened.first, last: happened.last });
    let parts: Vec<&str> = [Some(name), in_time, Some(&*days)].into_iter().flatten().collect();
    parts.join(", ")
}

pub fn due_name(words: &Wording, due: Due) -> String {
    let name = match due {
        Due::Overdue => words.lists.due_overdue,
        Due::Today => words.today,
        Due::Tomorrow => words.tomorrow,
        Due::ThisWeek => words.lists.due_this_week,
        Due::NextWeek => words.lists.due_next_week,
        Due::Unset => words.no_deadline,
        Due::Period { first, last } => {
            let today = words.local_now().date();
            let day = |day| short_day(words, day, today);
            return if first == last { day(first) } else { day(first) + " – " + &day(last) };
        }
    };
    name.to_owned()
}

pub fn grouping_name(words: &Wording, grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Together => words.lists.group_none,
        Grouping::Deadline => words.deadline,
        Grouping::Status => words.status,
        Grouping::Assignee => words.assignee,
    }
}

pub fn order_name(words: &Wording, field: TaskOrderField) -> &'static str {
    match field {
        TaskOrderField::Deadline => words.deadline,
        TaskOrderField::CreatedAt => words.lists.sort_created,
        TaskOrderField::UpdatedAt => words.lists.sort_updated,
        TaskOrderField::Priority => words.priority,
        TaskOrderField::Title => words.title,
        TaskOrderField::Number => words.lists.sort_number,
    }
}

/// What stands over a group.
pub fn group_name(words: &Wording, common: &Common, name: impl Fn(&UserId) -> String) -> AttrValue {
    match common {
        Common::All => words.open_tasks.into(),
        Common::Done => words.done_tasks.into(),
        Common::Status(status) => (words.status_name)(*status).into(),
        Common::Assignee(id) => name(id).into(),
        Common::Due(due) => match due {
            DueGroup::Overdue => words.lists.due_overdue.into(),
            DueGroup::Earlier => words.lists.due_earlier.into(),
            DueGroup::Today => words.today.into(),
            DueGroup::Tomorrow => words.tomorrow.into(),
            DueGroup::ThisWeek => words.lists.due_this_week.into(),
            DueGroup::NextWeek => words.lists.due_next_week.into(),
            DueGroup::Later => words.lists.due_later.into(),
            DueGroup::Unset => words.no_deadline.into(),
        },
    }
}
