//! The menu that moves a task.

use std::rc::Rc;

use chrono::NaiveDate;
use yew::prelude::*;

use super::days::shift;
use super::mover::Mover;
use super::target::Target;
use crate::store::Task;
use crate::ui::{IconKind, Menu, MenuItem, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct MoveMenu {
    pub mover: Mover,
    pub today: NaiveDate,
    pub task: Rc<Task>,
}

impl_view!(MoveMenu, use_move_menu(self));

#[hook]
fn use_move_menu(props: &MoveMenu) -> Html {
    // Worked out once somebody is about to press it: there may be hundreds, and each asks the zone a dozen times.
    let is_wanted = use_state_eq(|| false);
    let want = {
        let is_wanted = is_wanted.clone();
        move || is_wanted.set(true)
    };
    let (onpointerover, onfocusin) = (want.clone(), want);
    let label = (props.mover.words.calendar.move_of)(&props.task.title).into();
    let sections = if *is_wanted { vec![(None, moves(props))] } else { vec![] };
    let trigger = html! { { icon(IconKind::More) } };
    html! {
        <span onpointerover={move |_| onpointerover()} onfocusin={move |_| onfocusin()}>
            { view(Menu { label, trigger, trigger_class: "icon-button small", class: "end", sections }) }
        </span>
    }
}

/// Everywhere that a press can move the task to.
fn moves(props: &MoveMenu) -> Vec<MenuItem> {
    let MoveMenu { mover, today, task } = props;
    let words = &mover.words.calendar;
    let to_day = |date| mover.deadline_at(task, Target::Day(date), 0);
    let mut moves = vec![(words.to_today, to_day(*today))];
    if task.deadline.is_none() {
        moves.push((mover.words.tomorrow, to_day(shift(*today, 1))));
    } else {
        for (name, days) in
            [(words.day_later, 1), (words.week_later, 7), (words.day_earlier, -1), (words.week_earlier, -7)]
        {
            moves.push((name, mover.deadline_after(task, days)));
        }
        moves.push((mover.words.clear_deadline, None));
    }
    let possible = moves
        .into_iter()
        .filter(|(_, deadline)| *deadline != task.deadline && mover.refusal(*deadline).is_none());
    possible
        .map(|(name, deadline)| {
            let (mover, task) = (mover.clone(), task.clone());
            let kind = if deadline.is_some() { IconKind::Calendar } else { IconKind::Close };
            MenuItem::action(name, kind, Callback::from(move |()| mover.set(&task, deadline)))
        })
        .collect()
}
