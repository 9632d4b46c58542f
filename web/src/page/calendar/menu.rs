//! The menu that moves a task. There may be hundreds of tasks, and a menu is much to draw: a row has a button until that is pressed, a chip
//! nothing until somebody comes to it.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::more::Side;
use super::scene::Setting;
use super::target::Target;
use crate::api::TaskId;
use crate::civil::shift;
use crate::store::Task;
use crate::ui::{IconKind, Menu, MenuItem, OpenMenu, icon};
use crate::view::view;

const CLASS: &str = "icon-button small";

/// The task among the chips around which these are called that the pointer, or the focus, came to last.
#[hook]
pub fn use_pointed() -> (Option<TaskId>, Callback<PointerEvent>, Callback<FocusEvent>) {
    let pointed = use_state_eq(|| None::<TaskId>);
    let come = {
        let pointed = pointed.setter();
        move |target: Option<Element>| {
            let chip = target.and_then(|target| target.closest(".due-chip").ok().flatten());
            let Some(chip) = chip else { return };
            // A menu that is open stays, whatever the pointer comes over.
            let days = chip.closest("[data-drop]").ok().flatten();
            let open = days.and_then(|day| day.query_selector(".due-chip .popover-panel").ok().flatten());
            if open.is_none() {
                pointed.set(chip.get_attribute("data-task").map(|id| TaskId::from(id.as_str())));
            }
        }
    };
    let by_focus = come.clone();
    let onpointerover = Callback::from(move |event: PointerEvent| {
        // Not while something is dragged over it.
        if event.buttons() == 0 {
            come(event.target_dyn_into());
        }
    });
    let onfocusin = Callback::from(move |event: FocusEvent| by_focus(event.target_dyn_into()));
    ((*pointed).clone(), onpointerover, onfocusin)
}

impl Setting {
    /// The menu in a row, or the button in its place.
    pub fn move_button(&self, task: &Rc<Task>) -> Html {
        if self.menu.as_ref() == Some(&task.id) {
            return view(OpenMenu(self.move_menu(task, Side { up: false, end: true })));
        }
        html! {
            <button type="button" class={CLASS} data-menu="" aria-haspopup="menu" aria-expanded="false"
                aria-label={(self.words.calendar.move_of)(&task.title)}>{ icon(IconKind::More) }</button>
        }
    }

    pub fn move_menu(&self, task: &Rc<Task>, side: Side) -> Menu {
        Menu {
            label: (self.words.calendar.move_of)(&task.title).into(),
            trigger: icon(IconKind::More),
            trigger_class: CLASS,
            class: side.of_menu(),
            sections: vec![(None, self.moves(task))],
        }
    }

    /// Everywhere that a press can move the task to.
    fn moves(&self, task: &Rc<Task>) -> Vec<MenuItem> {
        let mover = &self.mover;
        let words = &self.words.calendar;
        let to_day = |date| mover.deadline_at(task, Target::Day(date), 0);
        let mut moves = vec![(words.to_today, to_day(self.today))];
        if task.deadline.is_none() {
            moves.push((self.words.tomorrow, to_day(shift(self.today, 1))));
        } else {
            for (name, days) in [
                (words.day_later, 1),
                (words.week_later, 7),
                (words.day_earlier, -1),
                (words.week_earlier, -7),
            ] {
                moves.push((name, mover.deadline_after(task, days)));
            }
            moves.push((self.words.clear_deadline, None));
        }
        let possible = moves
            .into_iter()
            .filter(|(_, deadline)| *deadline != task.deadline && mover.refusal(*deadline).is_none());
        possible
            .map(|(name, deadline)| {
                let (setting, task) = (self.clone(), task.clone());
                let kind = if deadline.is_some() { IconKind::Calendar } else { IconKind::Close };
                let act = move |()| {
                    // The focus that was in the menu goes along, as far as the days that are shown.
                    if let Some(deadline) = deadline.filter(|to| setting.days.place(*to).is_some()) {
                        setting.wanted.follow(task.number, deadline);
                    }
                    setting.mover.set(&task, deadline);
                };
                MenuItem::action(name, kind, Callback::from(act))
            })
            .collect()
    }
}
