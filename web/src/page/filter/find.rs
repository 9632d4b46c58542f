//! The field by which what is shown is narrowed while one types.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::{Changed, Choice, text as text_of};
use crate::ui::{IconKind, icon};
use crate::view::impl_view;

/// Has the page follow what is typed.
#[derive(PartialEq)]
pub struct Find {
    pub choice: Rc<Choice>,
    pub onchange: Changed,
    pub label: &'static str,
    pub id: &'static str,
    /// How long typing has to rest before the page follows. Milliseconds.
    pub rest: u32,
}

impl_view!(Find, use_find(self));

#[hook]
fn use_find(props: &Find) -> Html {
    let (shown, rest) = (&props.choice.filter.text, props.rest);
    let text = use_state_eq(|| shown.clone());
    {
        // Back and Forward change what is looked for, too.
        let text = text.clone();
        use_effect_with(shown.clone(), move |shown| {
            if text_of(&text) != *shown {
                text.set(shown.clone());
            }
        });
    }
    {
        // A chip that is pressed meanwhile is not undone by what was typed before it.
        let onchange = props.onchange.clone();
        use_effect_with(((*text).clone(), props.choice.clone()), move |(text, choice)| {
            let (text, choice) = (text_of(text), choice.clone());
            let timer = (text != choice.filter.text).then(|| {
                Timeout::new(rest, move || {
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
            <input type="search" maxlength="200" id={props.id} aria-label={props.label} placeholder={props.label} value={(*text).clone()}
                {oninput} {onkeydown} />
        </label>
    }
}
