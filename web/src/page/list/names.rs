//! How groups and orders are said.

use yew::prelude::*;

use super::groups::{Common, DueGroup};
use crate::api::UserId;
use crate::api::enums::TaskOrderField;
use crate::client::Wording;
use crate::page::filter::Grouping;

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
