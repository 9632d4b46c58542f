//! What a person chose to see of a list, or of what is found, and how the address says so. Pure.
//!
//! What an address says that is not understood is left out: an old or mistyped link still shows a list.

use chrono::{Datelike, NaiveDate};
use yew::Callback;

use crate::api::enums::{Direction, TaskHappening, TaskOrderField};
use crate::api::tasks::TaskOrder;
use crate::api::{TaskPriority, TaskStatus, UserId};
use crate::store::{Due, Filter, Happened, InTime};
use crate::text::date::{input_day, read_input_day};

/// What the rows stand together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    #[default]
    Together,
    Deadline,
    Status,
    Assignee,
}

impl Grouping {
    pub const ALL: [Self; 4] = [Self::Together, Self::Deadline, Self::Status, Self::Assignee];
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub filter: Filter,
    /// `None`: the order of the list itself.
    pub order: Option<TaskOrder>,
    pub grouping: Grouping,
}

/// A change of what is shown, and whether it takes the place of what was before instead of coming after it.
pub type Changed = Callback<(Choice, bool)>;

/// What the server takes.
const MOST_PEOPLE: usize = 100;
const MOST_TEXT: usize = 200;
const LONGEST_NAME: usize = 100;
/// Ids are short; what is longer is none.
const LONGEST_ID: usize = 100;

const STATUSES: [(&str, TaskStatus); 6] = [
    ("new", TaskStatus::New),
    ("in-progress", TaskStatus::InProgress),
    ("in-review", TaskStatus::InReview),
    ("done", TaskStatus::Done),
    ("deferred", TaskStatus::Deferred),
    ("overdue", TaskStatus::Overdue),
];
const PRIORITIES: [(&str, TaskPriority); 3] =
    [("high", TaskPriority::High), ("normal", TaskPriority::Normal), ("low", TaskPriority::Low)];
const DUES: [(&str, Due); 7] = [
    ("overdue", Due::Overdue),
    ("today", Due::Today),
    ("tomorrow", Due::Tomorrow),
    ("this-week", Due::ThisWeek),
    ("next-week", Due::NextWeek),
    ("this-month", Due::ThisMonth),
    ("none", Due::Unset),
];
const HAPPENINGS: [(&str, TaskHappening); 5] = [
    ("created", TaskHappening::Created),
    ("completed", TaskHappening::Completed),
    ("overdue", TaskHappening::Overdue),
    ("returned", TaskHappening::Returned),
    ("deadline-moved", TaskHappening::DeadlineMoved),
];
const IN_TIME: [(&str, InTime); 3] = [("yes", InTime::Yes), ("no", InTime::No), ("first", InTime::First)];
const FIELDS: [(&str, TaskOrderField); 6] = [
    ("deadline", TaskOrderField::Deadline),
    ("created", TaskOrderField::CreatedAt),
    ("updated", TaskOrderField::UpdatedAt),
    ("priority", TaskOrderField::Priority),
    ("title", TaskOrderField::Title),
    ("number", TaskOrderField::Number),
];
const GROUPINGS: [(&str, Grouping); 3] =
    [("deadline", Grouping::Deadline), ("status", Grouping::Status), ("assignee", Grouping::Assignee)];

impl Choice {
    /// Reads what stands after `?`.
    pub fn read(query: &str) -> Self {
        let mut choice = Self::default();
        let filter = &mut choice.filter;
        let (mut what, mut when, mut in_time) = (None, None, None);
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = unescape(value);
            match name {
                "status" => filter.statuses = named(&STATUSES, &value),
                "priority" => filter.priorities = named(&PRIORITIES, &value),
                "assignee" => filter.assignees = people(&value),
                "creator" => filter.creators = people(&value),
                "due" => filter.due = known(&DUES, &value).or_else(|| period(&value)),
                "happened" => what = known(&HAPPENINGS, &value),
                "when" => when = period(&value),
                "in-time" => in_time = known(&IN_TIME, &value),
                "text" => filter.text = text(&value),
                "person" => filter.person = text(&value).chars().take(LONGEST_NAME).collect(),
                "sort" => choice.order = order(&value),
                "group" => choice.grouping = known(&GROUPINGS, &value).unwrap_or_default(),
                _ => {}
            }
        }
        if let (Some(what), Some(Due::Period { first, last })) = (what, when) {
            filter.happened = Some(Happened { what, first, last, in_time });
        }
        choice
    }

    /// What stands after `?`: nothing where nothing was chosen.
    pub fn write(&self) -> String {
        let mut written = String::new();
        let filter = &self.filter;
        put(&mut written, "status", filter.statuses.iter().filter_map(|one| name(&STATUSES, one)));
        put(&mut written, "assignee", filter.assignees.iter().map(UserId::as_str));
        put(&mut written, "creator", filter.creators.iter().map(UserId::as_str));
        let period = match filter.due {
            Some(Due::Period { first, last }) => Some(input_day(first) + ".." + &input_day(last)),
            Some(_) | None => None,
        };
        let due = filter.due.as_ref().and_then(|due| name(&DUES, due));
        put(&mut written, "due", period.as_deref().or(due).into_iter());
        if let Some(Happened { what, first, last, in_time }) = filter.happened {
            let when = input_day(first) + ".." + &input_day(last);
            put(&mut written, "happened", name(&HAPPENINGS, &what).into_iter());
            put(&mut written, "when", [when.as_str()].into_iter());
            put(&mut written, "in-time", in_time.and_then(|in_time| name(&IN_TIME, &in_time)).into_iter());
        }
        put(&mut written, "priority", filter.priorities.iter().filter_map(|one| name(&PRIORITIES, one)));
        put(&mut written, "person", Some(filter.person.as_str()).filter(|name| !name.is_empty()).into_iter());
        put(&mut written, "text", Some(filter.text.as_str()).filter(|text| !text.is_empty()).into_iter());
        if let Some(order) = self.order {
            let mut sort = String::new();
            if order.direction == Direction::Desc {
                sort.push('-');
            }
            sort.push_str(name(&FIELDS, &order.field).unwrap_or_default());
            put(&mut written, "sort", [sort.as_str()].into_iter());
        }
        put(&mut written, "group", name(&GROUPINGS, &self.grouping).into_iter());
        written
    }
}

fn known<T: Copy>(names: &[(&str, T)], value: &str) -> Option<T> {
    names.iter().find(|(name, _)| *name == value).map(|(_, known)| *known)
}

fn name<'a, T: PartialEq>(names: &[(&'a str, T)], value: &T) -> Option<&'a str> {
    names.iter().find(|(_, known)| known == value).map(|(name, _)| *name)
}

fn named<T: Copy + PartialEq>(names: &[(&str, T)], value: &str) -> Vec<T> {
    let mut found = vec![];
    for one in value.split(',').filter_map(|one| known(names, one)) {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn people(value: &str) -> Vec<UserId> {
    let mut found: Vec<UserId> = vec![];
    for one in value.split(',').filter(|one| !one.is_empty() && one.len() <= LONGEST_ID) {
        if found.len() < MOST_PEOPLE && !found.iter().any(|known| known.as_str() == one) {
            found.push(UserId::from(one));
        }
    }
    found
}

fn period(value: &str) -> Option<Due> {
    let (first, last) = value.split_once("..")?;
    let (first, last) = (day(first)?, day(last)?);
    (first <= last).then_some(Due::Period { first, last })
}

/// A day that something can be due on, as fields and addresses hold it.
pub fn day(text: &str) -> Option<NaiveDate> {
    read_input_day(text).filter(|day| (1970..=2999).contains(&day.year()))
}

/// What the server takes of a text that is looked for.
pub fn text(value: &str) -> String {
    value.trim().chars().filter(|character| !character.is_control()).take(MOST_TEXT).collect()
}

fn order(value: &str) -> Option<TaskOrder> {
    let (field, direction) = match value.strip_prefix('-') {
        Some(field) => (field, Direction::Desc),
        None => (value, Direction::Asc),
    };
    Some(TaskOrder { field: known(&FIELDS, field)?, direction })
}

fn put<'a>(written: &mut String, name: &str, values: impl Iterator<Item = &'a str>) {
    for (index, value) in values.enumerate() {
        if index > 0 {
            written.push(',');
        } else {
            if !written.is_empty() {
                written.push('&');
            }
            written.push_str(name);
            written.push('=');
        }
        escape(written, value);
    }
}

/// Percent-encoding, RFC 3986: all but what may stand in a query as it is.
fn escape(written: &mut String, value: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |value: u8| HEX.get(usize::from(value)).copied().unwrap_or_default();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            written.push(char::from(byte));
        } else {
            written.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

fn unescape(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            (other, _) => {
                bytes.push(*other);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn what_was_chosen_is_read_as_it_was_written() {
        let all = Choice {
            filter: Filter {
                statuses: vec![TaskStatus::InReview, TaskStatus::New],
                priorities: vec![TaskPriority::High, TaskPriority::Low],
                assignees: vec![UserId::from("VXNlcjox"), UserId::from("a/b=")],
                creators: vec![UserId::from("VXNlcjoy")],
                due: Some(Due::Period { first: day(11, 1), last: day(12, 31) }),
                happened: Some(Happened {
                    what: TaskHappening::Completed,
                    first: day(11, 1),
                    last: day(11, 30),
                    in_time: Some(InTime::First),
                }),
                text: "отчёт & 100% + «план», a=b".to_owned(),
                person: "Ольга Смирнова-Ли".to_owned(),
            },
            order: Some(TaskOrder { field: TaskOrderField::Priority, direction: Direction::Desc }),
            grouping: Grouping::Assignee,
        };
        assert_eq!(Choice::read(&all.write()), all);
        for due in Due::FIXED {
            let choice =
                Choice { filter: Filter { due: Some(due), ..Filter::default() }, ..Choice::default() };
            assert_eq!(Choice::read(&choice.write()), choice);
        }
        for (_, field) in FIELDS {
            for direction in [Direction::Asc, Direction::Desc] {
                let choice = Choice { order: Some(TaskOrder { field, direction }), ..Choice::default() };
                assert_eq!(Choice::read(&choice.write()), choice);
            }
        }
        for grouping in Grouping::ALL {
            let choice = Choice { grouping, ..Choice::default() };
            assert_eq!(Choice::read(&choice.write()), choice);
        }
    }

    #[test]
    fn the_address_is_one_that_people_can_read() {
        let choice = Choice {
            filter: Filter {
                statuses: vec![TaskStatus::New, TaskStatus::InProgress],
                due: Some(Due::ThisWeek),
                ..Filter::default()
            },
            order: Some(TaskOrder { field: TaskOrderField::Deadline, direction: Direction::Desc }),
            grouping: Grouping::Status,
        };
        assert_eq!(choice.write(), "status=new,in-progress&due=this-week&sort=-deadline&group=status");
        assert_eq!(Choice::default().write(), "");
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let nothing = [
            "",
            "&&=&x",
            "status=",
            "status=finished",
            "priority=urgent,",
            "assignee=,,",
            "due=yesterday",
            "due=2026-11-30..2026-11-01",
            "due=2026-02-30..2026-03-01",
            "due=0001-01-01..9999-01-01",
            "due=2026-11-01",
            "sort=colour",
            "sort=-",
            "group=colour",
            "text=%20%00%0A",
            "person=+",
            "utm_source=mail",
        ];
        for query in nothing {
            assert_eq!(Choice::read(query), Choice::default(), "{query}");
        }
        let read = Choice::read("status=new,gone,new,done&due=today&text=%zz+a%D0&sort=title&x=1");
        assert_eq!(read.filter.statuses, [TaskStatus::New, TaskStatus::Done]);
        assert_eq!((read.filter.due, read.filter.text.as_str()), (Some(Due::Today), "%zz a\u{fffd}"));
        assert_eq!(read.order, Some(TaskOrder { field: TaskOrderField::Title, direction: Direction::Asc }));
    }

    #[test]
    fn what_is_too_much_for_the_server_is_cut() {
        let many: String = (0..150).map(|number| format!("id{number},")).collect();
        assert_eq!(Choice::read(&format!("creator={many}")).filter.creators.len(), 100);
        assert_eq!(Choice::read(&format!("text={}", "я".repeat(300))).filter.text.chars().count(), 200);
        assert_eq!(Choice::read(&format!("person={}", "я".repeat(300))).filter.person.chars().count(), 100);
    }
}
