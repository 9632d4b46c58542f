//! What presses and keys do in a list: open a task, go from row to row, select some, change the status of one.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::*;

use super::row::MenuSide;
use super::viewport::{Memory, find_row};
use crate::api::{TaskAction, TaskId};
use crate::client::{BulkChange, Client, Shortcut, Wording};
use crate::route::Route;

/// A menu that would open lower than this above the edge opens upwards. Pixels.
const MENU: f64 = 220.0;

/// What it takes to do so.
#[derive(Clone)]
pub struct Acts {
    pub client: Client,
    pub navigator: Option<Navigator>,
    pub scroller: NodeRef,
    pub memory: Rc<RefCell<Memory>>,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
    pub selected: UseStateHandle<Rc<Vec<TaskId>>>,
    /// The task that the arrows, or the focus, have come to.
    pub active: UseStateHandle<Option<TaskId>>,
    /// Where the menu of statuses was opened last.
    pub menu: UseStateHandle<Option<(TaskId, MenuSide)>>,
    /// The task that is returned once somebody has said why.
    pub returning: UseStateHandle<Option<TaskId>>,
}

impl Acts {
    /// Selects a task or no longer does; a range to it from the one selected before.
    fn toggle(&self, id: &TaskId, is_range: bool) {
        let range = if is_range { self.memory.borrow().range(id) } else { vec![id.clone()] };
        self.memory.borrow_mut().range_from = Some(id.clone());
        let mut chosen = (**self.selected).clone();
        let is_chosen = chosen.binary_search(id).is_ok();
        for id in range {
            match (chosen.binary_search(&id), is_chosen && !is_range) {
                (Ok(place), true) => {
                    chosen.remove(place);
                }
                (Err(place), false) => chosen.insert(place, id),
                (Ok(_), false) | (Err(_), true) => {}
            }
        }
        self.selected.set(Rc::new(chosen));
    }

    fn toggle_all(&self) {
        let mut all: Vec<TaskId> = self.memory.borrow().members().cloned().collect();
        all.sort();
        let is_all = !all.is_empty() && self.selected.len() >= all.len();
        self.selected.set(Rc::new(if is_all { vec![] } else { all }));
    }

    fn open(&self, id: &TaskId) {
        let number = self.client.state().store.task(id).map(|task| task.number);
        if let (Some(number), Some(navigator)) = (number, &self.navigator) {
            let route = Route::Task { number };
            if self.opened.is_some() { navigator.replace(&route) } else { navigator.push(&route) }
        }
    }

    /// To the next row or the one before; where a panel is open, it shows that task.
    fn go(&self, forward: bool) {
        let opened = self.opened.and_then(|number| self.client.state().store.task_by_number(number));
        let from = opened.as_ref().map(|task| task.id.clone()).or_else(|| (*self.active).clone());
        let Some(next) = self.memory.borrow().step(from.as_ref(), forward) else { return };
        if opened.is_some() {
            self.open(&next);
        } else {
            self.memory.borrow_mut().wants_focus = true;
        }
        self.active.set(Some(next));
    }

    /// Opens the menu of statuses. There is one for the whole list: it comes to the row.
    fn offer_status(&self, id: TaskId) {
        let row = find_row(&self.scroller, &id);
        if self.menu.as_ref().is_some_and(|(open, _)| *open == id) {
            // It is there already, closed.
            let button = row.and_then(|row| row.query_selector("button.status-button").ok().flatten());
            button.and_then(|it| it.dyn_into::<HtmlElement>().ok()).iter().for_each(HtmlElement::click);
            return;
        }
        let edge = self.scroller.cast::<Element>().map_or(0.0, |it| it.get_bounding_client_rect().bottom());
        let is_low = row.is_some_and(|row| row.get_bounding_client_rect().bottom() > edge - MENU);
        self.active.set(Some(id.clone()));
        self.menu.set(Some((id, if is_low { MenuSide::Up } else { MenuSide::Down })));
    }

    pub fn shortcuts(&self, words: &Wording) -> Vec<Shortcut> {
        let step = |forward: bool| {
            let this = self.clone();
            Callback::from(move |()| this.go(forward))
        };
        // On the row under the pointer, or where the focus is.
        let here = |act: fn(&Self, TaskId)| {
            let this = self.clone();
            Callback::from(move |()| {
                let pointed = this.memory.borrow().pointed.clone();
                if let Some(id) = pointed.or_else(|| (*this.active).clone()) {
                    act(&this, id);
                }
            })
        };
        let keys = &words.lists;
        vec![
            Shortcut::new("KeyJ", keys.key_next, step(true)),
            Shortcut::new("KeyK", keys.key_previous, step(false)),
            Shortcut::new("Enter", keys.key_open, here(|this, id| this.open(&id))),
            Shortcut::new("KeyX", keys.key_select, here(|this, id| this.toggle(&id, false))),
            Shortcut::new("KeyS", keys.key_status, here(Self::offer_status)),
        ]
    }

    pub fn onkeydown(&self) -> Callback<KeyboardEvent> {
        let this = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            let forward = match event.key().as_str() {
                "ArrowDown" => true,
                "ArrowUp" => false,
                "Escape" if !this.selected.is_empty() => {
                    this.selected.set(Rc::default());
                    return;
                }
                _ => return,
            };
            if !event.default_prevented() && !event.shift_key() && !event.ctrl_key() && !event.meta_key() {
                event.prevent_default();
                this.go(forward);
            }
        })
    }

    pub fn onclick(&self) -> Callback<MouseEvent> {
        let this = self.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(target) = event.target_dyn_into::<Element>() else { return };
            let what = target.closest("[data-do]").ok().flatten().and_then(|it| it.get_attribute("data-do"));
            match (what.as_deref(), task_of(&target)) {
                (Some("all"), _) => this.toggle_all(),
                (Some("select"), Some(id)) => this.toggle(&id, event.shift_key()),
                (Some("status"), Some(id)) => this.offer_status(id),
                (_, _) => {}
            }
        })
    }

    pub fn onfocusin(&self) -> Callback<FocusEvent> {
        let active = self.active.clone();
        Callback::from(move |event: FocusEvent| {
            if let Some(id) = event.target_dyn_into::<Element>().and_then(|target| task_of(&target)) {
                active.set(Some(id));
            }
        })
    }

    /// What the menu does: it goes, and the focus that was in it comes back to the row.
    pub fn onact(&self) -> Callback<(TaskId, TaskAction)> {
        let this = self.clone();
        Callback::from(move |(id, action): (TaskId, TaskAction)| {
            this.menu.set(None);
            this.memory.borrow_mut().wants_focus = true;
            if action == TaskAction::Return {
                this.returning.set(Some(id));
            } else {
                this.client.change_all(&[id], &BulkChange::Act { action, reason: None });
            }
        })
    }

    /// Returns the task for the reason given.
    pub fn onreason(&self) -> Callback<String> {
        let this = self.clone();
        Callback::from(move |reason: String| {
            if let Some(id) = &*this.returning {
                let change = BulkChange::Act { action: TaskAction::Return, reason: Some(reason) };
                this.client.change_all(std::slice::from_ref(id), &change);
                this.returning.set(None);
            }
        })
    }
}

/// The task of the row around an element.
fn task_of(element: &Element) -> Option<TaskId> {
    let row = element.closest("[data-task]").ok()??;
    row.get_attribute("data-task").map(|id| TaskId::from(id.as_str()))
}
