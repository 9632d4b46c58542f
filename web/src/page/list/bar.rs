//! The bar over a list: what it is narrowed to, how it is grouped and sorted.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::choice::{self, Choice, Grouping};
use super::choices::FilterPopover;
use super::fields::{Field, grouping_name, order_name};
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::tasks::TaskOrder;
use crate::browser::spawn;
use crate::client::{Shortcut, Wording, use_client, use_shortcuts, use_state_of, use_wording};
use crate::store::{Filter, Scope};
use crate::ui::{IconKind, Menu, MenuItem, icon};
use crate::view::{impl_view, view};

/// How long typing has to rest before the list follows. Milliseconds.
const REST: u32 = 200;

/// A change of what is shown, and whether Back leads to what was before.
pub type Changed = Callback<(Choice, bool)>;

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
    let client = use_client();
    let words = use_wording();
    let choice = &props.choice;
    let filter = &choice.filter;
    let named: Vec<_> = filter.assignees.iter().chain(&filter.creators).cloned().collect();
    let names = {
        let named = named.clone();
        use_state_of(move |state| {
            named
                .iter()
                .map(|id| state.store.person(id).map(|person| person.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    {
        let unknown: Vec<_> =
            named.iter().zip(&names).filter(|(_, name)| name.is_none()).map(|(id, _)| id.clone()).collect();
        use_effect_with(unknown, move |unknown| {
            if !unknown.is_empty() {
                let unknown = unknown.clone();
                spawn(async move { client.load_names(unknown).await });
            }
        });
    }
    let name_of = |id: &crate::api::UserId| {
        let known =
            named.iter().zip(&names).find(|(known, _)| *known == id).and_then(|(_, name)| name.clone());
        known.unwrap_or_else(|| words.lists.unknown_person.to_owned())
    };
    let adding = use_node_ref();
    {
        let adding = adding.clone();
        let act = Callback::from(move |()| {
            let button =
                adding.cast::<HtmlElement>().and_then(|it| it.query_selector("button").ok().flatten());
            if let Some(button) =
                button.and_then(|button| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(button).ok())
            {
                button.click();
            }
        });
        use_shortcuts(words.lists.keys, vec![Shortcut::new("KeyF", words.lists.key_filter, act)]);
    }
    let chip = |field: Field| {
        let value = field.value(&words, filter, name_of);
        let name = field.name(&words);
        let trigger = html! { <><span class="chip-name">{ name }{ ": " }</span>{ value.clone() }</> };
        let remove = {
            let (onchange, choice) = (props.onchange.clone(), choice.clone());
            move || onchange.emit((field.clear(&choice), false))
        };
        let onclick = {
            let remove = remove.clone();
            Callback::from(move |_: MouseEvent| remove())
        };
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Backspace" | "Delete") {
                event.prevent_default();
                remove();
            }
        });
        html! {
            <span class="chip" key={name} {onkeydown}>
                if field == Field::Happened { <span class="chip-value">{ trigger }</span> } else { { view(FilterPopover {
                    field: Some(field), scope: props.scope, choice: choice.clone(), onchange: props.onchange.clone(),
                    label: (words.lists.change_filter)(name, &value).into(), trigger, trigger_class: "chip-value",
                }) } }
                <button type="button" class="chip-remove" aria-label={(words.lists.remove_filter)(name)} {onclick}>{ icon(IconKind::Close) }</button>
            </span>
        }
    };
    let chips = Field::ALL.into_iter().filter(|field| field.is_chosen(filter)).map(chip);
    let clear = {
        let (onchange, choice) = (props.onchange.clone(), choice.clone());
        Callback::from(move |_: MouseEvent| {
            onchange.emit((Choice { filter: Filter::default(), ..(*choice).clone() }, false));
        })
    };
    let is_chosen = **choice != Choice::default();
    let add =
        html! { <>{ icon(IconKind::Filter) }<span class="bar-word">{ words.lists.add_filter }</span></> };
    html! {
        <div class="list-bar" role="group" aria-label={words.lists.filters}>
            { view(Find { choice: choice.clone(), onchange: props.onchange.clone() }) }
            { for chips }
            <span ref={adding}>
                { view(FilterPopover {
                    field: None, scope: props.scope, choice: choice.clone(), onchange: props.onchange.clone(),
                    label: words.lists.add_filter.into(), trigger: add, trigger_class: "button ghost small",
                }) }
            </span>
            if !filter.is_empty() {
                <button type="button" class="button ghost small" onclick={clear}>{ words.lists.clear_filters }</button>
            }
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

/// Finds in the titles while one types.
#[derive(PartialEq)]
struct Find {
    choice: Rc<Choice>,
    onchange: Changed,
}

impl_view!(Find, use_find(self));

#[hook]
fn use_find(props: &Find) -> Html {
    let words = use_wording();
    let shown = &props.choice.filter.text;
    let text = use_state_eq(|| shown.clone());
    {
        // Back and Forward change what is looked for, too.
        let text = text.clone();
        use_effect_with(shown.clone(), move |shown| {
            if choice::text(&text) != *shown {
                text.set(shown.clone());
            }
        });
    }
    {
        let (onchange, choice) = (props.onchange.clone(), props.choice.clone());
        use_effect_with((*text).clone(), move |text| {
            let text = choice::text(text);
            let timer = (text != choice.filter.text).then(|| {
                Timeout::new(REST, move || {
                    let mut choice = (*choice).clone();
                    choice.filter.text = text;
                    onchange.emit((choice, true));
                })
            });
            move || drop(timer)
        });
    }
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let text = text.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !text.is_empty() {
                event.stop_propagation();
                text.set(String::new());
            }
        })
    };
    html! {
        <label class="list-find">
            { icon(IconKind::Search) }
            <input type="search" maxlength="200" aria-label={words.lists.find} placeholder={words.lists.find} value={(*text).clone()}
                {oninput} {onkeydown} />
        </label>
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
