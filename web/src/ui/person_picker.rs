//! Choosing a person by typing a part of their name.

use yew::prelude::*;

use super::{Combobox, Popover, avatar, use_asking};
use crate::api::{PersonFields, UserId};
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
    let rest = if text.is_empty() { 0 } else { REST };
    let asking = client.clone();
    let ask = move |text| async move { asking.find_people(text).await };
    let shown = found.clone();
    use_asking((*text).clone(), rest, ask, move |answer| match answer {
        Ok(people) => shown.set(Some(people)),
        Err(trouble) => client.toast_trouble(&trouble, None),
    });
    let people = (*found).clone().unwrap_or_default();
    let option = |person: &PersonFields| {
        let content = html! {
            <>
                { avatar(&person.name) }
                <span class="menu-label">{ &person.name }<span class="option-note">{ (words.role_name)(person.role) }</span></span>
            </>
        };
        (content, props.chosen.as_ref() == Some(&person.id))
    };
    let options = people.iter().map(option).collect();
    let onchoose = props.onchoose.clone();
    view(Combobox {
        id: "person-options",
        label: words.find_person,
        choices: words.people,
        text,
        options,
        none: found.is_some().then_some(words.no_such_person),
        onchoose: Callback::from(move |index: usize| {
            if let Some(person) = people.get(index) {
                onchoose.emit(person.id.clone());
            }
        }),
    })
}
