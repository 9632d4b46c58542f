//! Choosing a person by typing a part of their name.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{IconKind, Popover, avatar, icon};
use crate::api::{PersonFields, UserId};
use crate::browser::spawn;
use crate::client::{use_client, use_wording};
use crate::view::{impl_view, view};

/// How long typing has to rest before people are asked for. Milliseconds.
const REST: u32 = 150;

#[derive(PartialEq)]
pub struct PersonPicker {
    /// What the button is called.
    pub label: AttrValue,
    pub trigger: Html,
    pub trigger_class: &'static str,
    pub chosen: Option<UserId>,
    pub onchoose: Callback<UserId>,
}

impl_view!(PersonPicker, use_person_picker(self));

#[hook]
fn use_person_picker(props: &PersonPicker) -> Html {
    let open = use_state_eq(|| false);
    let onchoose = {
        let (open, onchoose) = (open.clone(), props.onchoose.clone());
        Callback::from(move |id: UserId| {
            open.set(false);
            onchoose.emit(id);
        })
    };
    view(Popover {
        open: open.clone(),
        label: props.label.clone(),
        trigger: props.trigger.clone(),
        kind: "listbox",
        trigger_class: props.trigger_class,
        class: "",
        children: html! {
            { view(PersonSearch { chosen: props.chosen.clone(), onchoose }) }
        },
    })
}

/// The input and those whose name fits.
#[derive(PartialEq)]
pub struct PersonSearch {
    pub chosen: Option<UserId>,
    pub onchoose: Callback<UserId>,
}

impl_view!(PersonSearch, use_person_search(self));

#[hook]
fn use_person_search(props: &PersonSearch) -> Html {
    let client = use_client();
    let words = use_wording();
    let text = use_state_eq(String::new);
    let found = use_state_eq(|| None::<Vec<PersonFields>>);
    let pointed = use_state_eq(|| 0_usize);
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
    {
        let (found, pointed) = (found.clone(), pointed.clone());
        use_effect_with((*text).clone(), move |text| {
            let text = text.clone();
            let rest = if text.is_empty() { 0 } else { REST };
            let timer = Timeout::new(rest, move || {
                spawn(async move {
                    match client.find_people(text).await {
                        Ok(people) => {
                            pointed.set(0);
                            found.set(Some(people));
                        }
                        Err(trouble) => client.toast_trouble(&trouble, None),
                    }
                });
            });
            move || drop(timer)
        });
    }
    let people = (*found).clone().unwrap_or_default();
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let onkeydown = {
        let (pointed, people, onchoose) = (pointed.clone(), people.clone(), props.onchoose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = people.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => pointed.set((*pointed + 1).min(last)),
                "ArrowUp" => pointed.set(pointed.saturating_sub(1)),
                "Enter" => {
                    if let Some(person) = people.get(*pointed) {
                        onchoose.emit(person.id.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let option = |(index, person): (usize, &PersonFields)| {
        let onclick = {
            let (onchoose, id) = (props.onchoose.clone(), person.id.clone());
            Callback::from(move |_: MouseEvent| onchoose.emit(id.clone()))
        };
        let is_chosen = props.chosen.as_ref() == Some(&person.id);
        html! {
            <li id={format!("person-option-{index}")} role="option" aria-selected={is_chosen.to_string()} {onclick}
                class={classes!("option", (index == *pointed).then_some("pointed"))}>
                { avatar(&person.name) }
                <span class="menu-label">{ &person.name }<span class="option-note">{ (words.role_name)(person.role) }</span></span>
                if is_chosen { { icon(IconKind::Check) } }
            </li>
        }
    };
    html! {
        <div class="picker">
            <input ref={input} class="input" role="combobox" aria-expanded="true" aria-controls="person-options"
                aria-autocomplete="list" aria-activedescendant={people.get(*pointed).map(|_| format!("person-option-{}", *pointed))}
                aria-label={words.find_person} placeholder={words.find_person} value={(*text).clone()} {oninput} {onkeydown} />
            <ul id="person-options" role="listbox" aria-label={words.people} class="options">
                { for people.iter().enumerate().map(option) }
            </ul>
            if found.as_ref().is_some_and(Vec::is_empty) { <p class="picker-none" role="status">{ words.no_such_person }</p> }
        </div>
    }
}
