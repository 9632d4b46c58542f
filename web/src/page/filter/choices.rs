//! What opens at a filter: the fields to choose from, or the values of one. Values can be chosen several at once.

use std::rc::Rc;

use domain::validate;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::{Changed, Choice};
use super::fields::{Field, due_name};
use super::period::Period;
use crate::api::{PersonFields, TaskPriority, TaskStatus, UserId};
use crate::client::{use_client, use_state_of, use_wording};
use crate::store::{Due, Scope};
use crate::ui::menu::step_focus;
use crate::ui::{IconKind, PersonSearch, Popover, avatar, icon, priority_mark, status_icon, use_asking};
use crate::view::{impl_view, view};

/// How long typing has to rest before people are asked for. Milliseconds.
const REST: u32 = 150;

#[derive(PartialEq)]
pub struct FilterPopover {
    /// `None`: the person chooses the field first.
    pub field: Option<Field>,
    /// `None`: the search.
    pub scope: Option<Scope>,
    pub choice: Rc<Choice>,
    pub onchange: Changed,
    pub label: AttrValue,
    pub trigger: Html,
    pub trigger_class: &'static str,
}

impl_view!(FilterPopover, use_filter_popover(self));

#[hook]
fn use_filter_popover(props: &FilterPopover) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let picked = use_state_eq(|| None::<Field>);
    let panel = use_node_ref();
    let is_open = *open;
    let field = props.field.or(*picked);
    {
        let (picked, panel) = (picked.clone(), panel.clone());
        use_effect_with((is_open, field), move |(is_open, _)| {
            if *is_open {
                step_focus(&panel, "Home");
            } else {
                picked.set(None);
            }
        });
    }
    let onkeydown = {
        let panel = panel.clone();
        Callback::from(move |event: KeyboardEvent| {
            // In a field Home and End go through the text, and arrows through a date.
            let field = event.target_dyn_into::<HtmlInputElement>().map(|input| input.type_());
            let moves = match field.as_deref() {
                None => true,
                Some("search") => matches!(event.key().as_str(), "ArrowDown" | "ArrowUp"),
                Some(_) => false,
            };
            if moves && step_focus(&panel, &event.key()) {
                event.prevent_default();
            }
        })
    };
    let content = match field {
        Some(field) => {
            let onclose = {
                let open = open.clone();
                Callback::from(move |()| open.set(false))
            };
            let given = Given {
                field,
                choice: props.choice.clone(),
                onchange: props.onchange.clone(),
                onclose,
                is_search: props.scope.is_none(),
            };
            match field {
                Field::Person => view(PersonByName(given)),
                Field::Assignee | Field::Creator => view(PeopleValues(given)),
                Field::Status | Field::Due | Field::Priority | Field::Happened => view(Values(given)),
            }
        }
        None => {
            let item = |field: Field| {
                let picked = picked.clone();
                let onclick = Callback::from(move |_: MouseEvent| picked.set(Some(field)));
                html! {
                    <button type="button" role="menuitem" tabindex="-1" class="menu-item" {onclick}>
                        <span class="menu-label">{ field.name(&words) }</span>
                    </button>
                }
            };
            let fields = Field::ALL.into_iter().filter(|field| field.is_offered(props.scope));
            html! { <div role="menu" aria-label={words.lists.add_filter}>{ for fields.map(item) }</div> }
        }
    };
    view(Popover {
        open: open.clone(),
        label: props.label.clone(),
        trigger: props.trigger.clone(),
        trigger_class: props.trigger_class,
        class: "",
        kind: "dialog",
        children: html! { <div ref={panel} class="menu choices" {onkeydown}>{ content }</div> },
    })
}

/// What is chosen from, and whom to tell.
#[derive(Clone, PartialEq)]
struct Given {
    field: Field,
    choice: Rc<Choice>,
    onchange: Changed,
    onclose: Callback<()>,
    is_search: bool,
}

/// One value: how it is said, whether it is chosen, and what choosing it, or leaving it, makes of the filter.
struct Value {
    mark: Html,
    label: String,
    is_chosen: bool,
    next: Choice,
}

#[derive(PartialEq)]
struct Values(Given);

impl_view!(Values, use_values(self));

#[hook]
fn use_values(values: &Values) -> Html {
    let props = &values.0;
    let words = use_wording();
    let choice = &*props.choice;
    let values: Vec<Value> = match props.field {
        // Chosen among people, and in statistics.
        Field::Person | Field::Assignee | Field::Creator | Field::Happened => vec![],
        Field::Status => [
            TaskStatus::New,
            TaskStatus::InProgress,
            TaskStatus::InReview,
            TaskStatus::Overdue,
            TaskStatus::Deferred,
            TaskStatus::Done,
        ]
        .into_iter()
        .map(|status| {
            let mut next = choice.clone();
            let is_chosen = toggle(&mut next.filter.statuses, status);
            Value {
                mark: icon(status_icon(status)),
                label: (words.status_name)(status).to_owned(),
                is_chosen,
                next,
            }
        })
        .collect(),
        Field::Priority => TaskPriority::ALL
            .into_iter()
            .map(|priority| {
                let mut next = choice.clone();
                let is_chosen = toggle(&mut next.filter.priorities, priority);
                Value { mark: priority_mark(&words, priority), label: String::new(), is_chosen, next }
            })
            .collect(),
        Field::Due => Due::FIXED
            .into_iter()
            // The search has no question for what has no deadline.
            .filter(|due| !props.is_search || *due != Due::Unset)
            .map(|due| {
                let mut next = choice.clone();
                let is_chosen = next.filter.due == Some(due);
                next.filter.due = Some(due).filter(|_| !is_chosen);
                Value { mark: Html::default(), label: due_name(&words, due), is_chosen, next }
            })
            .collect(),
    };
    let closes = props.field == Field::Due;
    let items = values.into_iter().map(|value| item(value, closes, props));
    html! {
        <>
            <div role="group" aria-label={props.field.name(&words)}>{ for items }</div>
            if closes {
                { view(Period { choice: props.choice.clone(), onchange: props.onchange.clone(), onclose: props.onclose.clone() }) }
            }
        </>
    }
}

/// Chooses a value or leaves it. Gives whether it was chosen.
fn toggle<T: PartialEq>(values: &mut Vec<T>, value: T) -> bool {
    match values.iter().position(|known| *known == value) {
        Some(place) => {
            values.remove(place);
            true
        }
        None => {
            values.push(value);
            false
        }
    }
}

fn item(value: Value, closes: bool, props: &Given) -> Html {
    let (onchange, onclose) = (props.onchange.clone(), props.onclose.clone());
    let next = value.next;
    let onclick = Callback::from(move |_: MouseEvent| {
        if closes {
            onclose.emit(());
        }
        onchange.emit((next.clone(), false));
    });
    html! {
        <button type="button" role="checkbox" tabindex="-1" aria-checked={value.is_chosen.to_string()} class="menu-item" {onclick}>
            <span class="tick" aria-hidden="true">{ if value.is_chosen { icon(IconKind::Check) } else { Html::default() } }</span>
            { value.mark }
            <span class="menu-label">{ value.label }</span>
        </button>
    }
}

/// One person, whose name is then looked for.
#[derive(PartialEq)]
struct PersonByName(Given);

impl_view!(PersonByName, use_person_by_name(self));

#[hook]
fn use_person_by_name(values: &PersonByName) -> Html {
    let client = use_client();
    let Given { choice, onchange, onclose, .. } = values.0.clone();
    let onchoose = Callback::from(move |id: UserId| {
        if let Some(person) = client.state().store.person(&id) {
            let mut next = (*choice).clone();
            next.filter.person.clone_from(&person.name);
            onclose.emit(());
            onchange.emit((next, false));
        }
    });
    view(PersonSearch { chosen: None, onchoose })
}

/// People, found by a part of their name. Whoever sets no tasks cannot ask for everyone, and finds among those they work for.
#[derive(PartialEq)]
struct PeopleValues(Given);

impl_view!(PeopleValues, use_people_values(self));

#[hook]
fn use_people_values(values: &PeopleValues) -> Html {
    let props = &values.0;
    let client = use_client();
    let words = use_wording();
    let text = use_state_eq(String::new);
    let found = use_state_eq(Vec::<PersonFields>::new);
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let supervises = viewer.as_ref().is_some_and(|viewer| viewer.role.supervises());
    let rest = if text.is_empty() { 0 } else { REST };
    let asking = client.clone();
    let ask = move |text: String| async move {
        if supervises {
            return asking.find_people(text).await;
        }
        let wanted = validate::fold(&text);
        let mut known = asking.state().store.known_people();
        known.retain(|it| it.role.supervises() && validate::fold(&it.name).contains(&wanted));
        Ok(known)
    };
    let shown = found.clone();
    use_asking((*text).clone(), rest, ask, move |answer| match answer {
        Ok(people) => shown.set(people),
        Err(trouble) => client.toast_trouble(&trouble, None),
    });
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let me = viewer.as_ref().map(|viewer| viewer.id.clone());
    let value = |person: &PersonFields| {
        let mut next = (*props.choice).clone();
        let chosen: &mut Vec<UserId> = match props.field {
            Field::Creator => &mut next.filter.creators,
            Field::Person
            | Field::Assignee
            | Field::Status
            | Field::Due
            | Field::Priority
            | Field::Happened => &mut next.filter.assignees,
        };
        let is_chosen = toggle(chosen, person.id.clone());
        let label = if me.as_ref() == Some(&person.id) {
            (words.lists.me)(&person.name)
        } else {
            person.name.clone()
        };
        Value { mark: avatar(&person.name), label, is_chosen, next }
    };
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                // An input that is there takes the focus.
                let _ = input.focus();
            }
        });
    }
    let items = found.iter().map(value).map(|value| item(value, false, props));
    html! {
        <>
            <input ref={input} type="search" class="input" aria-label={words.find_person} placeholder={words.find_person} value={(*text).clone()} {oninput} />
            <div role="group" aria-label={props.field.name(&words)} class="options">{ for items }</div>
            if found.is_empty() && !text.is_empty() { <p class="picker-none" role="status">{ words.no_such_person }</p> }
        </>
    }
}
