//! A menu: a button that opens a column of things to do or to choose from. Arrows move, Home and End jump.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, NodeList};
use yew::prelude::*;

use super::{IconKind, Popover, icon};
use crate::view::{impl_view, view};

#[derive(Clone, PartialEq)]
pub struct MenuItem {
    pub label: AttrValue,
    /// What stands before the label.
    pub mark: Html,
    /// Whether it is the chosen one; `None` for what is done rather than chosen.
    pub chosen: Option<bool>,
    pub is_dangerous: bool,
    pub act: Callback<()>,
}

impl MenuItem {
    pub fn action(label: impl Into<AttrValue>, kind: IconKind, act: Callback<()>) -> Self {
        Self { label: label.into(), mark: html! { { icon(kind) } }, chosen: None, is_dangerous: false, act }
    }

    pub fn choice(label: impl Into<AttrValue>, chosen: bool, act: Callback<()>) -> Self {
        Self { label: label.into(), mark: Html::default(), chosen: Some(chosen), is_dangerous: false, act }
    }

    #[must_use]
    pub fn dangerous(self) -> Self {
        Self { is_dangerous: true, ..self }
    }
}

/// Items under a heading of their own, or without one.
pub type Section = (Option<AttrValue>, Vec<MenuItem>);

#[derive(PartialEq)]
pub struct Menu {
    pub label: AttrValue,
    pub trigger: Html,
    pub trigger_class: &'static str,
    pub class: &'static str,
    pub sections: Vec<Section>,
}

impl_view!(Menu, use_closed_menu(self));

#[hook]
fn use_closed_menu(menu: &Menu) -> Html {
    use_menu(menu, false)
}

/// A menu that is open from the start: what stood in its place was pressed.
#[derive(PartialEq)]
pub struct OpenMenu(pub Menu);

impl_view!(OpenMenu, use_open_menu(self));

#[hook]
fn use_open_menu(menu: &OpenMenu) -> Html {
    use_menu(&menu.0, true)
}

#[hook]
fn use_menu(props: &Menu, is_open: bool) -> Html {
    let open = use_state_eq(|| is_open);
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(*open, move |open| {
            if *open {
                focus_item(&list, |_, count| (count > 0).then_some(0));
            }
        });
    }
    let onkeydown = {
        let (list, open) = (list.clone(), open.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Tab" {
                open.set(false);
            } else if step_focus(&list, &event.key()) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let item = |item: &MenuItem| {
        let (act, open) = (item.act.clone(), open.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            open.set(false);
            act.emit(());
        });
        let role = if item.chosen.is_some() { "menuitemradio" } else { "menuitem" };
        html! {
            <button type="button" {role} tabindex="-1" aria-checked={item.chosen.map(|chosen| chosen.to_string())} {onclick}
                class={classes!("menu-item", item.is_dangerous.then_some("danger"))}>
                { item.mark.clone() }
                <span class="menu-label">{ item.label.clone() }</span>
                if item.chosen == Some(true) { { icon(IconKind::Check) } }
            </button>
        }
    };
    let sections = props.sections.iter().filter(|(_, items)| !items.is_empty()).map(|(heading, items)| {
        html! {
            <div role="group" aria-label={heading.clone()} class="menu-section">
                if let Some(heading) = heading { <div class="menu-heading" aria-hidden="true">{ heading }</div> }
                { for items.iter().map(item) }
            </div>
        }
    });
    view(Popover {
        open: open.clone(),
        label: props.label.clone(),
        trigger: props.trigger.clone(),
        kind: "menu",
        trigger_class: props.trigger_class,
        class: props.class,
        children: html! {
            <div ref={list} role="menu" aria-label={props.label.clone()} class="menu" {onkeydown}>{ for sections }</div>
        },
    })
}

/// Moves the focus among the items of a menu or of a group of boxes to tick. Gives whether the key is one that does.
pub fn step_focus(list: &NodeRef, key: &str) -> bool {
    match key {
        "ArrowDown" => focus_item(list, |at, count| at.map_or(Some(0), |at| (at + 1).checked_rem(count))),
        "ArrowUp" => focus_item(list, |at, count| {
            let at = at.unwrap_or(0);
            at.checked_sub(1).or(count.checked_sub(1))
        }),
        "Home" => focus_item(list, |_, _| Some(0)),
        "End" => focus_item(list, |_, count| count.checked_sub(1)),
        _ => false,
    }
}

/// Moves the focus to the item that `choose` names, given the present one and how many there are.
fn focus_item(list: &NodeRef, choose: impl FnOnce(Option<u32>, u32) -> Option<u32>) -> bool {
    let Some(list) = list.cast::<HtmlElement>() else { return false };
    let Ok(items) = list.query_selector_all("[role^=menuitem],[role=checkbox]") else { return false };
    let active =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.active_element());
    let at = active.and_then(|active| position(&items, &active));
    let chosen = choose(at, items.length()).and_then(|index| items.item(index));
    let Some(chosen) = chosen.and_then(|item| item.dyn_into::<HtmlElement>().ok()) else { return false };
    chosen.focus().is_ok()
}

fn position(items: &NodeList, element: &web_sys::Element) -> Option<u32> {
    (0..items.length()).find(|index| items.item(*index).is_some_and(|item| item.is_same_node(Some(element))))
}
