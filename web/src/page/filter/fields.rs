//! What a list, or what is found, can be narrowed by, and how each choice is said.

use super::choice::Choice;
use crate::api::UserId;
use crate::api::enums::TaskHappening;
use crate::client::Wording;
use crate::store::{Due, Filter, Happened, InTime, Scope};
use crate::text::date::short_day;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Whoever carries it out or set it, by name.
    Person,
    Status,
    Assignee,
    Creator,
    Due,
    Priority,
    /// What statistics count: a number there leads here.
    Happened,
}

impl Field {
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::Status,
        Self::Assignee,
        Self::Creator,
        Self::Due,
        Self::Priority,
        Self::Happened,
    ];

    /// Whether choosing it can tell the tasks of that list apart; of no list: whether the search asks for it.
    pub fn is_offered(self, scope: Option<Scope>) -> bool {
        let Some(scope) = scope else { return matches!(self, Self::Person | Self::Status | Self::Due) };
        match self {
            Self::Person => false,
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
            Self::Person => !filter.person.is_empty(),
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
            Self::Person => filter.person.clear(),
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
            Self::Person => words.search.person,
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
            Self::Person => vec![filter.person.clone()],
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
        Due::ThisMonth => words.lists.due_this_month,
        Due::Unset => words.no_deadline,
        Due::Period { first, last } => {
            let today = words.local_now().date();
            let day = |day| short_day(words, day, today);
            return if first == last { day(first) } else { day(first) + " – " + &day(last) };
        }
    };
    name.to_owned()
}
