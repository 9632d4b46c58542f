//! What depends on how the browser has laid the list out: what is visible, the pointer, the focus.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use super::steady::Rows;
use super::window::{Heights, Visible};
use crate::api::TaskId;
use crate::client::Client;
use crate::store::{Task, TaskQuery};

/// How far below what is visible the next page is asked for. Pixels.
const AHEAD: f64 = 600.0;

/// What is remembered between two drawings and draws nothing by itself.
#[derive(Default)]
pub struct Memory {
    /// The groups as they were drawn last.
    pub drawn: Vec<(TaskQuery, Rows)>,
    /// The rows that were in the page, with their tasks.
    pub windows: Vec<Range<usize>>,
    pub tasks: Vec<Rc<Task>>,
    /// The pointer is over a row, and over which.
    pub is_pointed: bool,
    pub pointed: Option<TaskId>,
    /// A row that is to stay where it is, and where that is.
    pub anchor: Option<(TaskId, f64)>,
    /// How far the list was scrolled so that rows stay under the pointer.
    pub lifted: i32,
    /// The row that the arrows have come to: among all rows.
    pub active_place: usize,
    pub wants_focus: bool,
    pub is_restored: bool,
    /// Where a range begins that Shift selects.
    pub range_from: Option<TaskId>,
}

impl Memory {
    /// The members in the order in which they are shown.
    pub fn members(&self) -> impl Iterator<Item = &TaskId> {
        self.drawn.iter().flat_map(|(_, rows)| rows.ids.iter())
    }

    pub fn step(&self, from: Option<&TaskId>, forward: bool) -> Option<TaskId> {
        let members: Vec<&TaskId> = self.members().collect();
        let at = from.and_then(|from| members.iter().position(|id| *id == from));
        let next = match (at, forward) {
            (None, _) => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1)?,
        };
        members.get(next).map(|id| (*id).clone())
    }

    /// From the one where the range begins to the one given.
    pub fn range(&self, to: &TaskId) -> Vec<TaskId> {
        let members: Vec<&TaskId> = self.members().collect();
        let place = |id: &TaskId| members.iter().position(|known| *known == id);
        match (self.range_from.as_ref().and_then(place), place(to)) {
            (Some(from), Some(to)) => {
                let range = members.get(from.min(to)..=from.max(to)).unwrap_or_default();
                range.iter().map(|id| (*id).clone()).collect()
            }
            (_, _) => vec![to.clone()],
        }
    }
}

/// Listens to what Yew does not tell apart: the pointer that comes and goes, and scrolling.
#[hook]
pub fn use_listeners(
    scroller: &NodeRef,
    memory: &Rc<RefCell<Memory>>,
    visible: &UseStateHandle<Visible>,
    redraw: &UseForceUpdateHandle,
    client: &Client,
    link: &AttrValue,
) {
    let (scroller, memory, redraw) = (scroller.clone(), memory.clone(), redraw.clone());
    let (visible, client) = (visible.clone(), client.clone());
    use_effect_with(link.clone(), move |link| {
        let link = link.clone();
        let element = scroller.cast::<HtmlElement>();
        let listeners = element.map(|element| {
            let scroll = {
                let element = element.clone();
                EventListener::new(&element.clone(), "scroll", move |_| {
                    client.keep_place(&link, element.scroll_top());
                    visible.set(look(&element));
                })
            };
            let come = {
                let (memory, redraw, element) = (memory.clone(), redraw.clone(), element.clone());
                EventListener::new(&element.clone(), "pointerover", move |event| {
                    let pointer = event.dyn_ref::<PointerEvent>().map(PointerEvent::pointer_type);
                    if pointer.as_deref() == Some("touch") {
                        return;
                    }
                    let row = event.target().and_then(|it| it.dyn_into::<Element>().ok());
                    let row = row.and_then(|it| it.closest(".row").ok().flatten());
                    match row {
                        Some(row) => {
                            let id = row.get_attribute("data-task").map(|id| TaskId::from(id.as_str()));
                            let mut memory = memory.borrow_mut();
                            memory.is_pointed = true;
                            memory.pointed = id;
                        }
                        None => release(&memory, &redraw, &element),
                    }
                })
            };
            let leave = {
                let element = element.clone();
                EventListener::new(&element.clone(), "pointerleave", move |_| {
                    release(&memory, &redraw, &element)
                })
            };
            (scroll, come, leave)
        });
        move || drop(listeners)
    });
}

/// How long one has stayed somewhere else before what surrounds it is drawn as well. Milliseconds.
const REST: u32 = 80;

/// Whether the eye rests: at most `near` pixels from where it rested before, or somewhere else for a while. Whoever passes over a long
/// list is shown what they pass, and nothing around it.
#[hook]
pub fn use_rest(top: usize, near: usize, redraw: &UseForceUpdateHandle) -> bool {
    let rested = use_mut_ref(|| top);
    let rests = rested.borrow().abs_diff(top) <= near;
    if rests {
        *rested.borrow_mut() = top;
    }
    let redraw = redraw.clone();
    use_effect_with((rests, top), move |(rests, top)| {
        let top = *top;
        let wait = (!rests).then(|| {
            Timeout::new(REST, move || {
                *rested.borrow_mut() = top;
                redraw.force_update();
            })
        });
        move || drop(wait)
    });
    rests
}

/// The pointer has gone: what has left goes, and the list stands as if nothing had been held.
pub fn release(memory: &RefCell<Memory>, redraw: &UseForceUpdateHandle, scroller: &HtmlElement) {
    let mut memory = memory.borrow_mut();
    memory.is_pointed = false;
    memory.pointed = None;
    let lifted = std::mem::take(&mut memory.lifted);
    if lifted > 0 {
        let _ = scroller.style().remove_property("padding-bottom");
        if scroller.scroll_top() <= lifted {
            scroller.set_scroll_top(0);
        }
    }
    if memory.drawn.iter().any(|(_, rows)| !rows.is_settled()) {
        redraw.force_update();
    }
}

pub fn find_row(scroller: &NodeRef, id: &TaskId) -> Option<Element> {
    let selector = "[data-task=\"".to_owned() + id.as_str() + "\"]";
    scroller.cast::<Element>()?.query_selector(&selector).ok()?
}

pub fn elements(scroller: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = scroller.query_selector_all(selector) else { return vec![] };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// The row that is to stay where it is while others come and go: the one under the pointer, or the first that is visible.
pub fn anchor(scroller: &NodeRef, pointed: Option<&TaskId>) -> Option<(TaskId, f64)> {
    if let Some(id) = pointed {
        let row = find_row(scroller, id)?;
        return Some((id.clone(), row.get_bounding_client_rect().top()));
    }
    let scroller = scroller.cast::<HtmlElement>().filter(|scroller| scroller.scroll_top() > 0)?;
    let edge = scroller.get_bounding_client_rect().top();
    elements(&scroller, "[data-task]").into_iter().find_map(|row| {
        let rect = row.get_bounding_client_rect();
        let id = row.get_attribute("data-task")?;
        (rect.bottom() > edge + rect.height()).then(|| (TaskId::from(id.as_str()), rect.top()))
    })
}

/// What has to be right once rows are drawn: the place that the eye rests on, and the focus.
pub fn settle(
    scroller: &HtmlElement,
    memory: &RefCell<Memory>,
    client: &Client,
    link: &str,
    active: &UseStateHandle<Option<TaskId>>,
) {
    let mut memory = memory.borrow_mut();
    let find = |id: &TaskId| {
        let selector = "[data-task=\"".to_owned() + id.as_str() + "\"]";
        scroller.query_selector(&selector).ok().flatten()
    };
    if let Some((id, top)) = memory.anchor.take()
        && let Some(row) = find(&id)
    {
        let moved = rounded(row.get_bounding_client_rect().top() - top);
        if moved != 0 {
            let before = scroller.scroll_top();
            scroller.set_scroll_top(before + moved);
            let missing = moved - (scroller.scroll_top() - before);
            if missing > 0 && memory.is_pointed {
                // There is not enough below to scroll.
                let room = scroller.client_height() + missing;
                let _ = scroller.style().set_property("padding-bottom", &(room.to_string() + "px"));
                scroller.set_scroll_top(before + moved);
            }
            if memory.is_pointed {
                memory.lifted += scroller.scroll_top() - before;
            }
        }
    }
    if !memory.is_restored && memory.drawn.iter().any(|(_, rows)| rows.len() > 0) {
        memory.is_restored = true;
        if let Some(top) = client.place(link) {
            scroller.set_scroll_top(top);
        }
    }
    let focus = |id: &TaskId| {
        let selector = "[data-task=\"".to_owned() + id.as_str() + "\"] .row-link";
        let link = scroller.query_selector(&selector).ok().flatten();
        link.and_then(|link| link.dyn_into::<HtmlElement>().ok()).is_some_and(|link| link.focus().is_ok())
    };
    let Some(id) = &**active else { return };
    let place = memory.members().position(|known| known == id);
    if let Some(place) = place {
        memory.active_place = place;
        if std::mem::take(&mut memory.wants_focus) {
            // Whoever has the focus is told of it, and looks here.
            drop(memory);
            focus(id);
        }
        return;
    }
    // The row with the focus has gone: the one that took its place has it now, so that one goes on from there.
    let members: Vec<TaskId> = memory.members().cloned().collect();
    let next = members.get(memory.active_place.min(members.len().saturating_sub(1))).cloned();
    let is_lost = scroller
        .owner_document()
        .and_then(|document| document.active_element())
        .is_none_or(|it| it.tag_name() == "BODY");
    memory.wants_focus = is_lost && next.is_some();
    drop(memory);
    active.set(next);
}

/// How high the parts of the list are: larger on a phone.
pub fn measure(scroller: &HtmlElement, heights: &UseStateHandle<Heights>) {
    let height = |selector: &str, known: usize| {
        let element = scroller.query_selector(selector).ok().flatten();
        let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        element
            .and_then(|element| usize::try_from(element.offset_height()).ok())
            .filter(|height| *height > 0)
            .unwrap_or(known)
    };
    heights.set(Heights {
        heading: height(".group", heights.heading),
        row: height(".row", heights.row),
        tail: height(".more", heights.tail),
    });
}

/// What of the rows is visible, in steps: not every pixel of scrolling is worth drawing.
pub fn look(scroller: &HtmlElement) -> Visible {
    const STEP: usize = 180;
    let pixels = |length: i32| usize::try_from(length).unwrap_or_default();
    Visible {
        top: pixels(scroller.scroll_top()) / STEP * STEP,
        height: pixels(scroller.client_height()) + STEP,
    }
}

/// The groups whose end is near what is visible.
pub fn near_ends(scroller: &HtmlElement) -> Vec<usize> {
    let edge = scroller.get_bounding_client_rect().bottom() + AHEAD;
    let ends = elements(scroller, "[data-more]").into_iter();
    ends.filter(|end| end.get_bounding_client_rect().top() < edge)
        .filter_map(|end| end.get_attribute("data-more")?.parse().ok())
        .collect()
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "pixels of a page; a cast from a float saturates"
)]
pub fn rounded(pixels: f64) -> i32 {
    pixels.round() as i32
}
