//! What an address asks of the search. Pure.

use chrono::NaiveDate;

use crate::api::Timestamp;
use crate::api::search::{TaskSearchInput, TaskSearchOrder};
use crate::api::tasks::{TaskFilter, TaskOrder};
use crate::page::filter::{Choice, Field, Grouping};
use crate::store::Due;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Nothing,
    /// The choices contradict each other: no task is both.
    Impossible,
    Question(TaskSearchInput),
}

/// What an address chose, without what the search cannot ask.
pub fn read(query: &str) -> Choice {
    let chosen = Choice::read(query);
    let fields = Field::ALL.into_iter().filter(|field| !field.is_offered(None));
    let mut choice = fields.fold(chosen, |choice, field| field.clear(&choice));
    choice.filter.due = choice.filter.due.filter(|due| *due != Due::Unset);
    choice.order = choice.order.filter(|order| *order == BY_DEADLINE);
    choice.grouping = Grouping::Together;
    choice
}

/// The one order besides that by relevance.
pub const BY_DEADLINE: TaskOrder = TaskOrder::EARLIEST_DEADLINE;

/// What it asks on that day. `start` tells when a day begins.
pub fn asked(choice: &Choice, today: NaiveDate, start: impl Fn(NaiveDate) -> Timestamp) -> Asked {
    let filter = &choice.filter;
    if filter.is_empty() {
        return Asked::Nothing;
    }
    let Some(query) = filter.query(today, start) else { return Asked::Impossible };
    let TaskFilter { statuses, deadline_from, deadline_to, .. } = query.filter();
    Asked::Question(TaskSearchInput {
        text: filter.text.clone(),
        person: Some(filter.person.clone()).filter(|name| !name.is_empty()),
        statuses,
        deadline_from,
        deadline_to,
        order_by: if choice.order.is_some() { TaskSearchOrder::Deadline } else { TaskSearchOrder::Relevance },
    })
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::api::TaskStatus;

    fn question(query: &str) -> Asked {
        let start = |day: NaiveDate| day.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(Utc).unwrap();
        asked(&read(query), NaiveDate::from_ymd_opt(2026, 11, 25).unwrap(), start)
    }

    fn input() -> TaskSearchInput {
        TaskSearchInput::of(String::new())
    }

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for query in [
            "text=%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80",
            "status=new,overdue&due=this-month&person=Anna&text=12&sort=deadline",
            "due=2026-11-01..2026-11-30",
        ] {
            assert_eq!(read(query).write(), query);
        }
    }

    #[test]
    fn it_becomes_a_question() {
        let day = |text: &str| Some(text.parse().unwrap());
        assert_eq!(
            question("status=new&due=today&person=Анна&text=отчёт&sort=deadline"),
            Asked::Question(TaskSearchInput {
                text: "отчёт".to_owned(),
                person: Some("Анна".to_owned()),
                statuses: Some(vec![TaskStatus::New]),
                deadline_from: day("2026-11-25T00:00:00Z"),
                deadline_to: day("2026-11-26T00:00:00Z"),
                order_by: TaskSearchOrder::Deadline,
            })
        );
        let overdue = TaskSearchInput { statuses: Some(vec![TaskStatus::Overdue]), ..input() };
        assert_eq!(question("due=overdue"), Asked::Question(overdue));
        assert_eq!(question("due=overdue&status=new"), Asked::Impossible);
    }

    #[test]
    fn what_the_search_cannot_ask_is_left_out() {
        for query in ["", "sort=deadline", "due=none", "priority=high&assignee=a&creator=b", "text=+"] {
            assert_eq!(question(query), Asked::Nothing, "{query}");
        }
        let found = TaskSearchInput::of("x".to_owned());
        assert_eq!(question("text=x&sort=-deadline&group=status&due=none"), Asked::Question(found));
    }
}
