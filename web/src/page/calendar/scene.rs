//! What every view of the calendar draws from, and how it draws one task.

use std::ops::Deref;
use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveTime};
use yew::prelude::*;
use yew_router::Routable;

use super::cursor::Wanted;
use super::days::{Day, Days};
use super::more::Side;
use super::mover::Mover;
use crate::api::TaskId;
use crate::civil::is_weekend;
use crate::client::Wording;
use crate::route::Route;
use crate::store::{Person, Task};
use crate::text::date::{clock, input_day};
use crate::ui::{avatar, icon, status_class, status_icon, status_mark};
use crate::view::view;

/// A task with its assignee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub task: Rc<Task>,
    pub assignee: Option<Rc<Person>>,
}

/// What every day and every task is drawn with.
#[derive(Clone, PartialEq)]
pub struct Setting {
    pub words: Wording,
    pub mover: Mover,
    /// Those that are shown.
    pub days: Rc<Days>,
    pub today: NaiveDate,
    /// The day that a view of one day or of a month stands on.
    pub date: NaiveDate,
    /// The task whose panel is open.
    pub opened: Option<i32>,
    /// The task in whose row a menu was opened last.
    pub menu: Option<TaskId>,
    pub wanted: Wanted,
    /// Whether tasks are of more people than one.
    pub shows_people: bool,
    pub is_narrow: bool,
}

/// Everything that is shown now.
#[derive(Clone, PartialEq)]
pub struct Scene {
    pub setting: Setting,
    /// What is due on each of the days, by deadline.
    pub due: Vec<Rc<[Due]>>,
    /// The day at which the keyboard is.
    pub cursor: NaiveDate,
    /// The hour at which it is, where there are hours.
    pub cursor_hour: u32,
    /// Whether the viewer sets tasks.
    pub creates: bool,
}

impl Deref for Scene {
    type Target = Setting;

    fn deref(&self) -> &Setting {
        &self.setting
    }
}

impl Scene {
    /// The days with what is due on each.
    pub fn each_day(&self) -> impl Iterator<Item = (&Day, &Rc<[Due]>)> {
        self.days.iter().zip(&self.due)
    }

    pub fn due_on(&self, date: NaiveDate) -> Option<(&Day, &Rc<[Due]>)> {
        self.each_day().find(|(day, _)| day.date == date)
    }
}

impl Setting {
    /// The same for these tasks alone: they are drawn again for their own sake only, not for what is opened elsewhere.
    pub fn of(&self, due: &[Due]) -> Self {
        let is_opened = |number: &i32| due.iter().any(|one| one.task.number == *number);
        let has_menu = |id: &TaskId| due.iter().any(|one| one.task.id == *id);
        Self {
            opened: self.opened.filter(is_opened),
            menu: self.menu.clone().filter(has_menu),
            ..self.clone()
        }
    }

    /// The time of day of something that is due on that day.
    pub fn time(&self, day: &Day, due: &Due) -> NaiveTime {
        let deadline = due.task.deadline.unwrap_or(day.from);
        day.time(deadline, |moment| self.words.local(moment))
    }

    /// «среда, 25 ноября, 3 задачи», and of today that it is.
    pub fn day_label(&self, date: NaiveDate, count: usize) -> String {
        let words = &self.words.calendar;
        let mut label = String::new();
        if date == self.today {
            label.push_str(self.words.today);
            label.push_str(", ");
        }
        label.push_str(&(words.day_title)(date));
        label.push_str(", ");
        match i64::try_from(count) {
            Ok(count) if count > 0 => label.push_str(&(words.due)(count)),
            Ok(_) | Err(_) => label.push_str(words.nothing_due),
        }
        label
    }

    pub fn day_classes(&self, date: NaiveDate) -> Classes {
        let mut classes = Classes::new();
        for (is, class) in [
            (date == self.today, "today"),
            (is_weekend(date), "weekend"),
            (date < self.today, "past"),
            (date.month() != self.date.month(), "other-month"),
        ] {
            if is {
                classes.push(class);
            }
        }
        classes
    }

    /// One task, as small as it can be: its status, its time and its title. Whoever comes to it finds the menu that moves it, which opens to
    /// the side of `menu`.
    pub fn chip(&self, due: &Due, time: NaiveTime, is_reachable: bool, menu: Option<Side>) -> Html {
        let task = &due.task;
        let label = self.label(due, time);
        let id = task.id.as_str().to_owned();
        let tabindex = if is_reachable { "0" } else { "-1" };
        html! {
            <div key={task.id.as_str()} class="due-chip" data-task={id.clone()}>
                <a class={self.classes("due", task)} href={path(task)}
                    data-drag={task.viewer_can.move_deadline.then_some(id)} title={label}
                    aria-current={(self.opened == Some(task.number)).then_some("true")} {tabindex}>
                    { icon(status_icon(task.status)) }
                    <span class="due-time">{ clock_of(time) }</span>
                    <span class="due-title">{ &task.title }</span>
                    <span class="visually-hidden">{ self.standing(due) }</span>
                    if let Some(person) = due.assignee.as_ref().filter(|_| self.shows_people) { { avatar(&person.name) } }
                </a>
                if let Some(side) = menu.filter(|_| task.viewer_can.move_deadline) { { view(self.move_menu(task, side)) } }
            </div>
        }
    }

    /// One task in a row of its own, with its status in words and what moves it.
    pub fn row(&self, due: &Due, time: Option<NaiveTime>) -> Html {
        let task = &due.task;
        let id = task.id.as_str().to_owned();
        html! {
            <li key={task.id.as_str()} class={self.classes("due-row", task)} data-drag={task.viewer_can.move_deadline.then(|| id.clone())} data-task={id}>
                if let Some(time) = time { <span class="due-time">{ clock_of(time) }</span> }
                <a class="due-title" href={path(task)}
                    aria-current={(self.opened == Some(task.number)).then_some("true")}>{ &task.title }</a>
                <span class="due-status">{ status_mark(&self.words, task.status) }</span>
                if let Some(person) = due.assignee.as_ref().filter(|_| self.shows_people) {
                    <span class="person due-person" title={person.name.clone()}>{ avatar(&person.name) }<span class="person-name">{ &person.name }</span></span>
                }
                if task.viewer_can.move_deadline { { self.move_button(task) } } else {
                    <span class="icon-button small" aria-hidden="true" />
                }
            </li>
        }
    }

    fn label(&self, due: &Due, time: NaiveTime) -> String {
        let mut label = clock_of(time);
        label.push_str(", ");
        label.push_str(&due.task.title);
        label.push_str(", ");
        label.push_str(&self.standing(due));
        label
    }

    /// «Выполняется, Пётр Иванов».
    fn standing(&self, due: &Due) -> String {
        let mut text = (self.words.status_name)(due.task.status).to_owned();
        if let Some(person) = &due.assignee {
            text.push_str(", ");
            text.push_str(&person.name);
        }
        text
    }

    fn classes(&self, class: &'static str, task: &Task) -> Classes {
        let mut classes = Classes::from(class);
        classes.push(status_class(task.status));
        if self.opened == Some(task.number) {
            classes.push("open");
        }
        classes
    }
}

pub fn clock_of(time: NaiveTime) -> String {
    clock(NaiveDate::default().and_time(time))
}

/// What finds the links to a task. A day that is opened from its «+2 ещё» shows some tasks twice, so an id will not do.
pub fn links_to(number: i32) -> String {
    ["[data-task] > [href=\"", &Route::Task { number }.to_path(), "\"]"].concat()
}

/// The id of the element that shows a day.
pub fn day_id(date: NaiveDate) -> String {
    let mut id = "day-".to_owned();
    id.push_str(&input_day(date));
    id
}

fn path(task: &Task) -> String {
    Route::Task { number: task.number }.to_path()
}
