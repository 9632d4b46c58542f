//! Which groups a list falls into, and what each asks for. Pure.

use chrono::NaiveDate;

use crate::api::session::Viewer;
use crate::api::{TaskStatus, Timestamp, UserId};
use crate::civil::{monday, shift};
use crate::page::filter::{Choice, Grouping};
use crate::store::{Due, Scope, TaskQuery};

/// What the tasks of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Common {
    /// Nothing: the whole list.
    All,
    /// They are done; the rest of the list is not.
    Done,
    Status(TaskStatus),
    Due(DueGroup),
    Assignee(UserId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueGroup {
    Overdue,
    /// The day has passed, but nobody is waited for: in review, put aside.
    Earlier,
    Today,
    Tomorrow,
    ThisWeek,
    NextWeek,
    Later,
    Unset,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub common: Common,
    pub query: TaskQuery,
}

/// The groups of a list, in their order. None where the choices contradict each other, or the list itself.
pub fn groups(
    scope: Scope,
    viewer: &Viewer,
    choice: &Choice,
    assignees: &[UserId],
    today: NaiveDate,
    start: impl Fn(NaiveDate) -> Timestamp,
) -> Vec<Group> {
    let Some(chosen) = choice.filter.query(today, &start) else { return vec![] };
    let in_order = |mut query: TaskQuery| {
        query.order = choice.order.unwrap_or(query.order);
        query
    };
    // Who asks for statuses, or for what happened, gets those, done ones among the others.
    let names_statuses = !chosen.statuses.is_empty() || chosen.happened.is_some();
    let open = if names_statuses { scope.query(viewer) } else { scope.open(viewer) };
    let open = open.and(&chosen).map(in_order);
    let part = |common: Common, part: TaskQuery| {
        let query = open.clone()?.and(&part)?;
        Some(Group { common, query })
    };
    let mut groups: Vec<Group> = match choice.grouping {
        Grouping::Together => part(Common::All, TaskQuery::default()).into_iter().collect(),
        Grouping::Status => [
            TaskStatus::Overdue,
            TaskStatus::InReview,
            TaskStatus::InProgress,
            TaskStatus::New,
            TaskStatus::Deferred,
            TaskStatus::Done,
        ]
        .into_iter()
        .filter_map(|status| {
            part(Common::Status(status), TaskQuery { statuses: vec![status], ..TaskQuery::default() })
        })
        .collect(),
        Grouping::Deadline => due_parts(today, &start)
            .into_iter()
            .filter_map(|(due, query)| part(Common::Due(due), query))
            .collect(),
        Grouping::Assignee => assignees
            .iter()
            .filter_map(|id| {
                let query = TaskQuery { assignees: vec![id.clone()], ..TaskQuery::default() };
                part(Common::Assignee(id.clone()), query)
            })
            .collect(),
    };
    if scope.has_done()
        && !names_statuses
        && let Some(done) = scope.done(viewer).and(&chosen)
    {
        groups.push(Group { common: Common::Done, query: in_order(done) });
    }
    groups
}

/// Every task is of exactly one part.
fn due_parts(today: NaiveDate, start: impl Fn(NaiveDate) -> Timestamp) -> [(DueGroup, TaskQuery); 8] {
    let not_overdue = || TaskQuery {
        statuses: vec![
            TaskStatus::New,
            TaskStatus::InProgress,
            TaskStatus::InReview,
            TaskStatus::Deferred,
            TaskStatus::Done,
        ],
        ..TaskQuery::default()
    };
    let between = |from: Option<NaiveDate>, to: Option<NaiveDate>| TaskQuery {
        deadline_from: from.map(&start),
        deadline_to: to.map(&start),
        has_deadline: Some(true),
        ..not_overdue()
    };
    let tomorrow = shift(today, 1);
    let next = shift(today, 2);
    let week = shift(monday(today), 7);
    let week_after = shift(week, 7);
    [
        (DueGroup::Overdue, Due::Overdue.query(today, &start)),
        (DueGroup::Earlier, between(None, Some(today))),
        (DueGroup::Today, between(Some(today), Some(tomorrow))),
        (DueGroup::Tomorrow, between(Some(tomorrow), Some(next))),
        // Late in the week nothing is left of it: an empty range, which makes no group.
        (DueGroup::ThisWeek, between(Some(next), Some(week.max(next)))),
        (DueGroup::NextWeek, between(Some(week.max(next)), Some(week_after))),
        (DueGroup::Later, between(Some(week_after), None)),
        (DueGroup::Unset, TaskQuery { has_deadline: Some(false), ..not_overdue() }),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;
    use crate::api::Role;
    use crate::api::tasks::TaskOrder;
    use crate::store::Filter;

    fn start(day: NaiveDate) -> Timestamp {
        day.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(Utc).unwrap() - TimeDelta::hours(3)
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn shown(scope: Scope, choice: &Choice, today: u32) -> Vec<Group> {
        let (id, name) = (UserId::from("anna"), "Анна".to_owned());
        let viewer = Viewer { id, name, role: Role::Supervisor, email: None, profile: None };
        groups(scope, &viewer, choice, &[UserId::from("petr"), UserId::from("olga")], day(today), start)
    }

    fn commons(scope: Scope, choice: &Choice, today: u32) -> Vec<Common> {
        shown(scope, choice, today).into_iter().map(|group| group.common).collect()
    }

    #[test]
    fn a_list_is_what_is_open_and_what_is_done_unless_statuses_are_named() {
        let all = Choice::default();
        assert_eq!(commons(Scope::Mine, &all, 25), [Common::All, Common::Done]);
        assert_eq!(commons(Scope::Review, &all, 25), [Common::All]);
        let named = Choice::read("status=done,new");
        let groups = shown(Scope::Mine, &named, 25);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].query.statuses, [TaskStatus::Done, TaskStatus::New]);
        assert!(shown(Scope::Review, &named, 25).is_empty(), "nothing is in review and new");
    }

    #[test]
    fn groups_by_status_and_by_person_are_those_that_the_filter_leaves() {
        let by_status = Choice { grouping: Grouping::Status, ..Choice::default() };
        let statuses = commons(Scope::All, &by_status, 25);
        assert_eq!(statuses.len(), 6);
        assert_eq!((&statuses[0], &statuses[5]), (&Common::Status(TaskStatus::Overdue), &Common::Done));
        let named = Choice::read("status=done,new&group=status");
        let expected = [TaskStatus::New, TaskStatus::Done].map(Common::Status);
        assert_eq!(commons(Scope::All, &named, 25), expected);

        let by_person = Choice::read("assignee=olga&group=assignee&status=new");
        assert_eq!(commons(Scope::All, &by_person, 25), [Common::Assignee(UserId::from("olga"))]);
    }

    #[test]
    fn groups_by_deadline_share_out_all_tasks_without_gap_or_overlap() {
        for today in 23..=29 {
            let choice = Choice { grouping: Grouping::Deadline, ..Choice::default() };
            let groups = shown(Scope::All, &choice, today);
            let ranges: Vec<_> = groups
                .iter()
                .filter(|group| group.query.has_deadline == Some(true) && group.common != Common::Done)
                .map(|group| (group.query.deadline_from, group.query.deadline_to))
                .collect();
            assert_eq!((ranges[0].0, ranges[ranges.len() - 1].1), (None, None));
            assert!(ranges.windows(2).all(|two| two[0].1 == two[1].0), "on the {today}th");
        }
        let late = Choice { grouping: Grouping::Deadline, ..Choice::default() };
        assert!(!commons(Scope::All, &late, 28).contains(&Common::Due(DueGroup::ThisWeek)), "a Saturday");
        assert!(commons(Scope::All, &late, 29).contains(&Common::Due(DueGroup::NextWeek)), "a Sunday");
    }

    #[test]
    fn the_order_chosen_is_that_of_every_group() {
        let choice = Choice::read("sort=-title&group=status");
        let order = choice.order.unwrap();
        assert!(shown(Scope::All, &choice, 25).iter().all(|group| group.query.order == order));
        let done = shown(Scope::All, &Choice { filter: Filter::default(), ..Choice::default() }, 25).pop();
        assert_eq!(done.unwrap().query.order, TaskOrder::RECENTLY_UPDATED, "the latest first by itself");
    }
}
