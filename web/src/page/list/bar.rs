//! The bar over a list: what it is narrowed to, how it is grouped and sorted.

use std::rc::Rc;

use yew::prelude::*;

use super::names::{grouping_name, order_name};
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::tasks::TaskOrder;
use crate::client::{Wording, use_wording};
use crate::page::filter::{Changed, Choice, Filters, Find, Grouping};
use crate::store::Scope;
use crate::ui::{IconKind, Menu, MenuItem, icon};
use crate::view::{impl_view, view};

/// How long typing has to rest before the list follows. Milliseconds.
const REST: u32 = 200;

#[derive(PartialEq)]
pub struct Bar {
    pub scope: Scope,
    pub choice: Rc<Choice>,
    pub onchange: Changed,
    /// Saves what is shown under a name.
    pub onsave: Callback<()>,
}

impl_view!(Bar, use_bar(self));

#[hook]
fn use_bar(props: &Bar) -> Html {
    let words = use_wording();
    let choice = &props.choice;
    let is_chosen = **choice != Choice::default();
    html! {
        <div class="list-bar" role="group" aria-label={words.lists.filters}>
            { view(Find {
                choice: choice.clone(), onchange: props.onchange.clone(), label: words.lists.find, id: "find", rest: REST,
            }) }
            { view(Filters { scope: Some(props.scope), choice: choice.clone(), onchange: props.onchange.clone() }) }
            <span class="bar-end">
                if is_chosen {
                    <button type="button" class="button ghost small" aria-label={words.lists.save} onclick={props.onsave.reform(|_: MouseEvent| ())}>
                        { icon(IconKind::Bookmark) }<span class="bar-word">{ words.lists.save }</span>
                    </button>
                }
                { view_menu(&words, props) }
            </span>
        </div>
    }
}

/// How the list is grouped and sorted.
fn view_menu(words: &Wording, props: &Bar) -> Html {
    let choice = &props.choice;
    let change = |changed: Choice| {
        let onchange = props.onchange.clone();
        Callback::from(move |()| onchange.emit((changed.clone(), false)))
    };
    let groupings = Grouping::ALL.into_iter().filter(|grouping| match grouping {
        Grouping::Together => true,
        Grouping::Deadline => props.scope != Scope::Overdue,
        Grouping::Status => props.scope.has_done(),
        Grouping::Assignee => props.scope.is_for_supervisors(),
    });
    let groupings = groupings.map(|grouping| {
        let act = change(Choice { grouping, ..(**choice).clone() });
        MenuItem::choice(grouping_name(words, grouping), choice.grouping == grouping, act)
    });
    let fields = [
        TaskOrderField::Deadline,
        TaskOrderField::Priority,
        TaskOrderField::Title,
        TaskOrderField::CreatedAt,
        TaskOrderField::UpdatedAt,
        TaskOrderField::Number,
    ];
    let order = choice.order.unwrap_or_default();
    let orders = fields.into_iter().map(|field| {
        let is_chosen = order.field == field;
        let act = change(Choice { order: next_order(choice.order, field), ..(**choice).clone() });
        let mut label = order_name(words, field).to_owned();
        if is_chosen {
            label.push_str(", ");
            label.push_str(if order.direction == Direction::Asc {
                words.lists.ascending
            } else {
                words.lists.descending
            });
        }
        MenuItem::choice(label, is_chosen, act)
    });
    let sections = vec![
        (Some(words.lists.group_by.into()), groupings.collect()),
        (Some(words.lists.sort_by.into()), orders.collect()),
    ];
    let trigger = html! { <>{ icon(IconKind::View) }<span class="bar-word">{ words.lists.view }</span></> };
    view(Menu {
        label: words.lists.view.into(),
        trigger,
        trigger_class: "button ghost small",
        class: "end",
        sections,
    })
}

/// Pressing a column sorts by it, pressing it again turns it around, and a third time leads back to the list's own order.
pub fn next_order(order: Option<TaskOrder>, field: TaskOrderField) -> Option<TaskOrder> {
    let first = match field {
        TaskOrderField::Deadline | TaskOrderField::Title | TaskOrderField::Number => Direction::Asc,
        TaskOrderField::Priority | TaskOrderField::CreatedAt | TaskOrderField::UpdatedAt => Direction::Desc,
    };
    let turned = if first == Direction::Asc { Direction::Desc } else { Direction::Asc };
    let shown = order.unwrap_or_default();
    let direction = match (order.is_some() || field == TaskOrderField::Deadline, shown.field == field) {
        (true, true) if shown.direction == first => turned,
        (true, true) => return None,
        (true | false, _) => first,
    };
    Some(TaskOrder { field, direction })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_sorted_then_turned_then_left() {
        use Direction::{Asc, Desc};
        use TaskOrderField::{Deadline, Priority, Title};
        let order = |field, direction| Some(TaskOrder { field, direction });
        assert_eq!(next_order(None, Title), order(Title, Asc));
        assert_eq!(next_order(order(Title, Asc), Title), order(Title, Desc));
        assert_eq!(next_order(order(Title, Desc), Title), None);
        assert_eq!(next_order(order(Title, Desc), Priority), order(Priority, Desc));
        assert_eq!(next_order(order(Priority, Desc), Priority), order(Priority, Asc));
        assert_eq!(next_order(None, Deadline), order(Deadline, Desc), "a list is sorted by deadline already");
        assert_eq!(next_order(order(Deadline, Desc), Deadline), None);
    }
}
