//! Five weeks as a list: each day on which something is due, and today always.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::Day;
use super::portions::use_portions;
use super::scene::{Due, Scene, Setting, day_id};
use super::target::Target;
use crate::text::date::heading;
use crate::ui::{IconKind, empty};
use crate::view::{impl_view, view_keyed};

/// So many tasks are drawn at once, or those of one day.
const PORTION: usize = 12;

pub fn agenda(scene: &Scene, next: Html) -> Html {
    let words = &scene.words;
    let is_empty = scene.due.iter().all(|due| due.is_empty());
    if is_empty && !scene.days.contains(scene.today) {
        let hint = Some(words.calendar.agenda_empty_hint.into());
        return html! {
            <div class="agenda">{ empty(IconKind::Calendar, words.calendar.nothing_due.into(), hint, next) }</div>
        };
    }
    let days = scene.each_day().filter(|(day, due)| !due.is_empty() || day.date == scene.today);
    let days = days.map(|(day, due)| AgendaDay { setting: scene.of(due), day: *day, due: due.clone() });
    let first = scene.days.iter().next().map(|day| day_id(day.date)).unwrap_or_default();
    view_keyed(first, Agenda { days: days.collect(), date: scene.date, next })
}

#[derive(PartialEq)]
struct Agenda {
    days: Vec<AgendaDay>,
    /// The day that has to be there from the start: it is brought into sight.
    date: NaiveDate,
    next: Html,
}

impl_view!(Agenda, use_agenda(self));

#[hook]
fn use_agenda(props: &Agenda) -> Html {
    let days = &props.days;
    // All to the date at once: it is what is looked for.
    let first = days.iter().take_while(|day| day.day.date <= props.date).count();
    let sizes: Vec<usize> = days.iter().skip(first).map(|day| day.due.len()).collect();
    let drawn = first + use_portions(props.date, &sizes, PORTION);
    html! {
        <div class="agenda">
            { for days.iter().take(drawn).map(|day| view_keyed(day_id(day.day.date), day.clone())) }
            if drawn >= days.len() { <div class="more">{ props.next.clone() }</div> }
        </div>
    }
}

/// Drawn again only when something of that day differs.
#[derive(Clone, PartialEq)]
struct AgendaDay {
    setting: Setting,
    day: Day,
    due: Rc<[Due]>,
}

impl_view!(AgendaDay, use_agenda_day(self));

#[hook]
fn use_agenda_day(props: &AgendaDay) -> Html {
    let AgendaDay { setting, day, due } = props;
    let words = &setting.words;
    let label = heading(words, day.date, setting.today);
    html! {
        <section id={day_id(day.date)} class={classes!("agenda-day", setting.day_classes(day.date))}
            data-drop={Target::Day(day.date).name()} aria-label={setting.day_label(day.date, due.len())}>
            <h2 class="agenda-head">
                <span class="day-number">{ day.date.day() }</span>
                <span>{ label }<span class="muted">{ weekday(setting, day.date) }</span></span>
            </h2>
            if due.is_empty() { <p class="agenda-none muted">{ words.calendar.nothing_due }</p> } else {
                <ul>{ for due.iter().map(|one| setting.row(one, Some(setting.time(day, one)))) }</ul>
            }
        </section>
    }
}

fn weekday(setting: &Setting, date: NaiveDate) -> &'static str {
    let place = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    setting.words.calendar.weekdays.get(place).copied().unwrap_or_default()
}
