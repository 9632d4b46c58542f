//! A task that is set from a place of the calendar: which deadline that place means, and what pressing it does.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

use super::cursor::near;
use super::scene::Scene;
use crate::api::TaskId;
use crate::page::new_task::{Beginning, OpenNewTask};
use crate::text::date::read_input_day;
use crate::ui::DeadlineText;

/// A day, and an hour of it where there are hours.
pub type Place = (NaiveDate, Option<u32>);

/// What a place says of the deadline of a task that is set there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    At(NaiveDateTime),
    /// Today, when the usual time has passed: the day was chosen and not a time, so the person names one.
    Asked,
    /// What has passed cannot become a deadline.
    Nothing,
}

/// `now` as clocks show it.
fn meant((date, hour): Place, now: NaiveDateTime, has_passed: impl Fn(NaiveDateTime) -> bool) -> Meant {
    let time = hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
    let deadline = date.and_time(time.unwrap_or_else(DeadlineText::usual_time));
    if !has_passed(deadline) {
        Meant::At(deadline)
    } else if hour.is_none() && date == now.date() {
        Meant::Asked
    } else {
        Meant::Nothing
    }
}

/// Opens the form of a new task that is due there. Does nothing where the viewer sets none.
pub fn create(scene: &Scene, new_task: Option<OpenNewTask>) -> Callback<Place> {
    let words = scene.words.clone();
    let open = new_task.filter(|_| scene.creates);
    Callback::from(move |place: Place| {
        let Some(OpenNewTask(open)) = &open else { return };
        let has_passed = |deadline| words.preferences.zone.moment(deadline) <= words.now;
        let deadline = match meant(place, words.local_now(), has_passed) {
            Meant::At(deadline) => Some(deadline),
            Meant::Asked => None,
            Meant::Nothing => return,
        };
        open.emit(Beginning { deadline, ..Beginning::default() });
    })
}

/// What a press means anywhere in the calendar.
pub struct Pressing {
    pub create: Callback<Place>,
    pub open_day: Callback<NaiveDate>,
    /// The task whose menu is to be opened.
    pub menu: UseStateHandle<Option<TaskId>>,
    pub cursor: UseStateHandle<NaiveDate>,
    /// A day that is pressed is chosen; no task is set there.
    pub only_chooses: bool,
}

impl Pressing {
    pub fn onclick(self) -> Callback<MouseEvent> {
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            let Some(pressed) = event.target_dyn_into::<Element>() else { return };
            if let Some(day) = near(&pressed, "data-open-day") {
                if let Some(day) = read_input_day(&day) {
                    self.open_day.emit(day);
                }
            } else if near(&pressed, "data-menu").is_some() {
                self.menu.set(near(&pressed, "data-task").map(|id| TaskId::from(id.as_str())));
            } else if pressed.closest("button, a, .popover-panel").ok().flatten().is_none()
                && let Some(day) = near(&pressed, "data-date").and_then(|day| read_input_day(&day))
            {
                self.cursor.set(day);
                if !self.only_chooses {
                    let hour = near(&pressed, "data-hour").and_then(|hour| hour.parse().ok());
                    self.create.emit((day, hour));
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_that_has_passed_sets_no_task() {
        let cases = [
            ("2026-11-25T10:00:00", "2026-11-25", None, Meant::At(at("2026-11-25T18:00:00"))),
            ("2026-11-25T18:00:00", "2026-11-25", None, Meant::Asked),
            ("2026-11-25T10:00:00", "2026-11-26", None, Meant::At(at("2026-11-26T18:00:00"))),
            ("2026-11-25T10:00:00", "2026-11-24", None, Meant::Nothing),
            ("2026-11-25T10:30:00", "2026-11-25", Some(11), Meant::At(at("2026-11-25T11:00:00"))),
            ("2026-11-25T10:30:00", "2026-11-25", Some(10), Meant::Nothing),
        ];
        for (now, date, hour, expected) in cases {
            let now = at(now);
            let place = (date.parse().unwrap(), hour);
            assert_eq!(meant(place, now, |deadline| deadline <= now), expected, "{place:?} at {now}");
        }
    }
}
