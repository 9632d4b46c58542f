//! What stands above the board: what the columns go by, and whose tasks they show. On a phone also which column is in view.

use yew::prelude::*;

use super::column::{Column, View};
use super::moving::column_name;
use super::shown::Shown;
use super::stack::column_icon;
use crate::api::UserId;
use crate::client::{Wording, use_state_of, use_wording};
use crate::store::Whose;
use crate::ui::{IconKind, Menu, MenuItem, PersonName, PersonPicker, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Bar {
    pub shown: Shown,
    pub onshow: Callback<Shown>,
}

impl_view!(Bar, use_bar(self));

#[hook]
fn use_bar(props: &Bar) -> Html {
    let words = use_wording();
    let board = &words.board;
    let supervises =
        use_state_of(|state| state.store.viewer.as_ref().is_some_and(|viewer| viewer.role.supervises()));
    let shown = &props.shown;
    let view_choice = |(choice, name): (View, &'static str)| {
        let onchange = {
            let (onshow, whose) = (props.onshow.clone(), shown.whose.clone());
            Callback::from(move |_: Event| onshow.emit(Shown { view: choice, whose: whose.clone() }))
        };
        html! {
            <label class="segment">
                <input type="radio" name="board-view" checked={shown.view == choice} {onchange} /><span>{ name }</span>
            </label>
        }
    };
    let views = [(View::Deadlines, board.by_deadline), (View::Statuses, board.by_status)].map(view_choice);
    let show = {
        let (onshow, view) = (props.onshow.clone(), shown.view);
        move |whose: Whose| onshow.emit(Shown { view, whose })
    };
    let choices =
        [(Whose::Everyone, board.everyone), (Whose::Mine, words.mine), (Whose::SetByMe, words.set_by_me)];
    let chosen = choices.iter().find(|(whose, _)| *whose == shown.whose);
    let name = chosen.map_or(board.everyone, |(_, name)| *name);
    let person = if let Whose::Person(id) = &shown.whose { Some(id.clone()) } else { None };
    let items = choices.iter().map(|(whose, name)| {
        let (show, is_chosen, whose) = (show.clone(), *whose == shown.whose, whose.clone());
        MenuItem::choice(*name, is_chosen, Callback::from(move |()| show(whose.clone())))
    });
    let trigger = html! { <>{ name }{ icon(IconKind::ChevronDown) }</> };
    let person_trigger = html! {
        <>
            if person.is_some() { { view(PersonName { id: person.clone() }) } } else { { icon(IconKind::People) }<span class="hide-narrow">{ board.one_person }</span> }
            { icon(IconKind::ChevronDown) }
        </>
    };
    let person_name = use_state_of({
        let person = person.clone();
        move |state| person.as_ref().and_then(|id| state.store.person(id)).map(|person| person.name.clone())
    });
    let person_label =
        person_name.map_or(board.one_person.to_owned(), |name| [board.one_person, ": ", &name].concat());
    html! {
        <div class="board-bar">
            <fieldset class="plain">
                <legend class="visually-hidden">{ board.view }</legend>
                <div class="segments">{ for views }</div>
            </fieldset>
            if supervises {
                { view(Menu {
                    label: (board.whose)(name).into(),
                    trigger,
                    trigger_class: "button",
                    class: "",
                    sections: vec![(None, items.collect())],
                }) }
                { view(PersonPicker {
                    label: person_label.into(),
                    trigger: person_trigger,
                    trigger_class: "button board-person",
                    chosen: person,
                    onchoose: Callback::from(move |id: UserId| show(Whose::Person(id))),
                }) }
            }
        </div>
    }
}

/// The tab of the column that is in view.
pub const HERE: &str = "board-here";

/// The columns by name, for where only one is in view.
pub fn tabs(
    words: &Wording,
    columns: &[Column],
    counts: &[Option<i32>],
    at: usize,
    go: &Callback<usize>,
) -> Html {
    let tab = |(index, (column, count)): (usize, (&Column, &Option<i32>))| {
        let here = index == at;
        html! {
            <button type="button" id={here.then_some(HERE)} class={classes!("board-tab", here.then_some("here"))} aria-current={here.then_some("true")}
                onclick={go.reform(move |_: MouseEvent| index)}>
                { icon(column_icon(*column)) }
                { column_name(words, *column) }
                if let Some(count) = count { <span class="count">{ count }</span> }
            </button>
        }
    };
    html! {
        <div class="board-tabs" role="group" aria-label={words.board.columns}>
            { for columns.iter().zip(counts).enumerate().map(tab) }
        </div>
    }
}
