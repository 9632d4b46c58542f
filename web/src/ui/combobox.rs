//! A field and below it the choices that fit what is typed: arrows point at one of them, Enter takes it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{IconKind, icon};
use crate::browser::document;
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct Combobox {
    /// That of the choices, which are numbered after it.
    pub id: &'static str,
    /// What is typed.
    pub label: &'static str,
    /// What the choices are.
    pub choices: &'static str,
    pub text: UseStateHandle<String>,
    /// What stands in each, and whether it is the chosen one.
    pub options: Vec<(Html, bool)>,
    /// What stands where none fits.
    pub none: Option<&'static str>,
    /// Given its number.
    pub onchoose: Callback<usize>,
}

impl_view!(Combobox, use_combobox(self));

#[hook]
fn use_combobox(props: &Combobox) -> Html {
    let pointed = use_state_eq(|| None::<usize>);
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
    let last = props.options.len().saturating_sub(1);
    let at =
        pointed.or_else(|| props.options.iter().position(|(_, is_chosen)| *is_chosen)).unwrap_or(0).min(last);
    let id = props.id;
    let option_id = move |index: usize| format!("{id}-{index}");
    use_effect_with((at, props.options.len()), move |(at, _)| document::reveal(&option_id(*at)));
    let oninput = {
        let (text, pointed) = (props.text.clone(), pointed.clone());
        Callback::from(move |event: InputEvent| {
            pointed.set(Some(0));
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let (pointed, onchoose, is_empty) =
            (pointed.clone(), props.onchoose.clone(), props.options.is_empty());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => pointed.set(Some((at + 1).min(last))),
                "ArrowUp" => pointed.set(Some(at.saturating_sub(1))),
                "Enter" if !is_empty => onchoose.emit(at),
                "Enter" => {}
                _ => return,
            }
            event.prevent_default();
        })
    };
    let option = |(index, (content, is_chosen)): (usize, &(Html, bool))| {
        // At the press: until its release the choices may have become others. The focus stays in the field.
        let onmousedown = {
            let onchoose = props.onchoose.clone();
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                if event.button() == 0 {
                    onchoose.emit(index);
                }
            })
        };
        // Assistive programs click without a press.
        let onclick = props.onchoose.reform(move |_: MouseEvent| index);
        html! {
            <li id={option_id(index)} role="option" aria-selected={is_chosen.to_string()} {onmousedown} {onclick}
                class={classes!("option", (index == at).then_some("pointed"))}>
                { content.clone() }
                if *is_chosen { { icon(IconKind::Check) } }
            </li>
        }
    };
    html! {
        <div class="picker">
            <input ref={input} class="input" role="combobox" aria-expanded="true" aria-controls={id} aria-autocomplete="list"
                aria-activedescendant={(!props.options.is_empty()).then(|| option_id(at))}
                aria-label={props.label} placeholder={props.label} value={(*props.text).clone()} {oninput} {onkeydown} />
            <ul {id} role="listbox" aria-label={props.choices} class="options">{ for props.options.iter().enumerate().map(option) }</ul>
            if let Some(none) = props.none.filter(|_| props.options.is_empty()) { <p class="picker-none" role="status">{ none }</p> }
        </div>
    }
}
