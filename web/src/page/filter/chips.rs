//! The chips of what was chosen, and what leads to more of them.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::choice::{Changed, Choice};
use super::choices::FilterPopover;
use super::fields::Field;
use crate::api::UserId;
use crate::browser::spawn;
use crate::client::{Shortcut, use_client, use_shortcuts, use_state_of, use_wording};
use crate::store::{Filter, Scope};
use crate::ui::{IconKind, icon};
use crate::view::{impl_view, view};

/// A list shows the chips of what was chosen and offers the rest behind a button; the search, which has few, shows all of them.
#[derive(PartialEq)]
pub struct Filters {
    /// `None`: the search.
    pub scope: Option<Scope>,
    pub choice: Rc<Choice>,
    pub onchange: Changed,
}

impl_view!(Filters, use_filters(self));

#[hook]
fn use_filters(props: &Filters) -> Html {
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
    let name_of = |id: &UserId| {
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
            button.and_then(|it| it.dyn_into::<HtmlElement>().ok()).iter().for_each(HtmlElement::click);
        });
        let key = Shortcut::new("KeyF", words.lists.key_filter, act);
        use_shortcuts(words.lists.keys, if props.scope.is_some() { vec![key] } else { vec![] });
    }
    let chip = |field: Field| {
        let is_chosen = field.is_chosen(filter);
        let value = field.value(&words, filter, name_of);
        let name = field.name(&words);
        let (trigger, label) = if is_chosen {
            let trigger = html! { <><span class="chip-name">{ name }{ ": " }</span>{ value.clone() }</> };
            (trigger, (words.lists.change_filter)(name, &value).into())
        } else {
            (html! { <>{ name }{ icon(IconKind::ChevronDown) }</> }, name.into())
        };
        let remove = {
            let (onchange, choice) = (props.onchange.clone(), choice.clone());
            move || onchange.emit((field.clear(&choice), false))
        };
        let onclick = {
            let remove = remove.clone();
            Callback::from(move |_: MouseEvent| remove())
        };
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            // What is typed into a field of the popover is the field's.
            let is_typed = event.target_dyn_into::<HtmlInputElement>().is_some();
            if is_chosen && !is_typed && matches!(event.key().as_str(), "Backspace" | "Delete") {
                event.prevent_default();
                remove();
            }
        });
        html! {
            <span class={classes!("chip", (!is_chosen).then_some("unset"))} key={name} {onkeydown}>
                if field == Field::Happened { <span class="chip-value">{ trigger }</span> } else { { view(FilterPopover {
                    field: Some(field), scope: props.scope, choice: choice.clone(), onchange: props.onchange.clone(),
                    label, trigger, trigger_class: "chip-value",
                }) } }
                if is_chosen {
                    <button type="button" class="chip-remove" aria-label={(words.lists.remove_filter)(name)} {onclick}>{ icon(IconKind::Close) }</button>
                }
            </span>
        }
    };
    let is_search = props.scope.is_none();
    let chips = Field::ALL.into_iter();
    let chips =
        chips.filter(|field| field.is_chosen(filter) || is_search && field.is_offered(None)).map(chip);
    // Of a list what was typed narrows as the chips do; of the search it is what is looked for.
    let text = if is_search { filter.text.clone() } else { String::new() };
    let cleared = Filter { text, ..Filter::default() };
    let can_clear = *filter != cleared;
    let clear = {
        let (onchange, choice) = (props.onchange.clone(), choice.clone());
        Callback::from(move |_: MouseEvent| {
            onchange.emit((Choice { filter: cleared.clone(), ..(*choice).clone() }, false));
        })
    };
    let add =
        html! { <>{ icon(IconKind::Filter) }<span class="bar-word">{ words.lists.add_filter }</span></> };
    html! {
        <>
            if !is_search {
                <span ref={adding}>
                    { view(FilterPopover {
                        field: None, scope: props.scope, choice: choice.clone(), onchange: props.onchange.clone(),
                        label: words.lists.add_filter.into(), trigger: add, trigger_class: "button ghost small",
                    }) }
                </span>
            }
            <span class="filter-chips">
                { for chips }
                if can_clear {
                    <button type="button" class="button ghost small" onclick={clear}>{ words.lists.clear_filters }</button>
                }
            </span>
        </>
    }
}
