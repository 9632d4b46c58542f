//! Where the keyboard is among the days, and what its keys do there: go from day to day, set a task, move one.

use std::cell::Cell;
use std::rc::Rc;

use chrono::NaiveDate;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::days::Days;
use super::scene::{Scene, day_id, links_to};
use super::shown::View;
use super::target::days_by_key;
use super::{hours, keys};
use crate::api::Timestamp;
use crate::browser::document;
use crate::text::date::read_input_day;

/// A day, and an hour of it.
#[derive(Clone)]
pub struct Cursor {
    pub day: UseStateHandle<NaiveDate>,
    pub hour: UseStateHandle<u32>,
    pub wanted: Wanted,
}

/// Where the focus is to go once the days are drawn. Clones are the same.
#[derive(Clone)]
pub struct Wanted(Rc<Cell<Focus>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Anywhere,
    Cursor,
    /// To the task, once it has that deadline.
    Task {
        number: i32,
        deadline: Timestamp,
    },
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Wanted {
    /// It goes with a task that gets that deadline.
    pub fn follow(&self, number: i32, deadline: Timestamp) {
        self.0.set(Focus::Task { number, deadline });
    }
}

/// Begins on the date that is shown, and goes there whenever another is.
#[hook]
pub fn use_cursor(date: NaiveDate) -> Cursor {
    let day = use_state_eq(|| date);
    let hour = use_state_eq(|| 9_u32);
    let wanted = use_memo((), |()| Wanted(Rc::new(Cell::new(Focus::Anywhere))));
    {
        let day = day.clone();
        use_effect_with(date, move |date| day.set(*date));
    }
    Cursor { day, hour, wanted: (*wanted).clone() }
}

/// The attribute of the element or of the nearest one around it that has it.
pub fn near(element: &Element, attribute: &str) -> Option<String> {
    let mut selector = "[".to_owned();
    selector.push_str(attribute);
    selector.push(']');
    element.closest(&selector).ok().flatten()?.get_attribute(attribute)
}

impl Cursor {
    /// The day, where it is among those that are shown.
    pub fn day_within(&self, days: &Days, date: NaiveDate) -> NaiveDate {
        if days.contains(*self.day) { *self.day } else { date }
    }

    /// Follows the focus.
    pub fn onfocusin(&self, scene: &Scene) -> Callback<FocusEvent> {
        let (this, in_sight) = (self.clone(), scene.cursor);
        Callback::from(move |event: FocusEvent| {
            let Some(element) = event.target_dyn_into::<Element>() else { return };
            // From outside alone: backwards from an hour the grid lets the focus go on.
            let came_from = event.related_target().and_then(|from| from.dyn_into::<Element>().ok());
            let was_inside = came_from.is_some_and(|from| element.contains(Some(&from)));
            if element.class_name() == "hours-grid" && !was_inside {
                document::focus(&hours::hour_id(in_sight, *this.hour));
            }
            if let Some(day) = near(&element, "data-date").and_then(|day| read_input_day(&day)) {
                this.day.set(day);
            }
            if let Some(hour) = near(&element, "data-hour").and_then(|hour| hour.parse().ok()) {
                this.hour.set(hour);
            }
        })
    }

    /// `show` brings other days into sight, `create` sets a task due on a day or at an hour of it.
    pub fn onkeydown(
        &self,
        scene: &Scene,
        view: View,
        show: &Callback<NaiveDate>,
        create: &Callback<(NaiveDate, Option<u32>)>,
    ) -> Callback<KeyboardEvent> {
        let (this, scene, show, create) = (self.clone(), scene.clone(), show.clone(), create.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(element) = event.target_dyn_into::<Element>() else { return };
            if event.default_prevented() || event.ctrl_key() || event.meta_key() {
                return;
            }
            if event.alt_key() {
                this.move_task(&event, &element, &scene, view, &show);
                return;
            }
            if near(&element, "data-date").is_none() || element.closest(".popover").ok().flatten().is_some() {
                return;
            }
            let is_cell = element.get_attribute("role").as_deref() == Some("gridcell");
            let (day, hour) = (scene.cursor, scene.cursor_hour);
            match keys::pressed(&event.key(), near(&element, "data-hour").is_some(), day, hour) {
                keys::Pressed::To(to, hour) => {
                    event.prevent_default();
                    this.hour.set(hour);
                    this.wanted.0.set(Focus::Cursor);
                    this.day.set(to);
                    if !scene.days.contains(to) {
                        show.emit(to);
                    }
                    // The same day: only the hour differs.
                    document::focus(&hours::hour_id(to, hour));
                }
                keys::Pressed::Create if is_cell => {
                    event.prevent_default();
                    let hour = near(&element, "data-hour").map(|_| hour);
                    create.emit((day, hour));
                }
                keys::Pressed::Create | keys::Pressed::Nothing => {}
            }
        })
    }

    /// Moves the task that has the focus, which goes with it.
    fn move_task(
        &self,
        event: &KeyboardEvent,
        element: &Element,
        scene: &Scene,
        view: View,
        show: &Callback<NaiveDate>,
    ) {
        let key = event.key();
        let task = near(element, "data-task").and_then(|id| scene.mover.task(&id));
        let (Some(task), Some(days)) = (task, days_by_key(&key)) else { return };
        event.prevent_default();
        if !task.viewer_can.move_deadline {
            scene.mover.client.toast(scene.words.calendar.not_yours, None);
            return;
        }
        let deadline = keys::moved(scene, view, &task, &key, days);
        if let Some(deadline) = deadline.filter(|to| scene.mover.refusal(Some(*to)).is_none()) {
            self.wanted.follow(task.number, deadline);
            let day = scene.words.local(deadline).date();
            if !scene.days.contains(day) {
                show.emit(day);
            }
        }
        scene.mover.set(&task, deadline.or(task.deadline));
    }

    /// Once the days are drawn, the focus goes where it was meant to.
    pub fn settle(&self, scene: &Scene) {
        let has_arrived = match self.wanted.0.get() {
            Focus::Anywhere => false,
            Focus::Cursor => {
                let in_hours = hours::hour_id(scene.cursor, scene.cursor_hour);
                document::focus(&day_id(scene.cursor));
                document::focus(&in_hours);
                true
            }
            Focus::Task { number, deadline } => {
                let mut all = scene.due.iter().flat_map(|due| due.iter());
                let is_there =
                    all.any(|due| due.task.number == number && due.task.deadline == Some(deadline));
                if is_there {
                    // Where it found no place of its own, its day has it.
                    document::focus(&day_id(scene.words.local(deadline).date()));
                    document::focus_first(&links_to(number));
                }
                is_there
            }
        };
        if has_arrived {
            self.wanted.0.set(Focus::Anywhere);
        }
    }
}
