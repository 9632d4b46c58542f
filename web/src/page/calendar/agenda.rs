//! Five weeks as a list: each day on which something is due, and today always.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::Day;
use super::scene::{Due, Scene, Setting, day_id};
use super::target::Target;
use crate::text::date::heading;
use crate::ui::portions::use_portions_from;
use crate::ui::{IconKind, empty};
use crate::view::{impl_view, view_keyed};

/// So many tasks are drawn at once, or those of one day.
const PORTION: usize = 12;

/// `unknown` stands where nothing is known of what is due, and `next` below it.
pub fn agenda(scene: &Scene, unknown: Option<Html>, next: Html) -> Html {
    let words = &scene.words;
    let is_empty = scene.due.iter().all(|due| due.is_empty());
    if let Some(unknown) = unknown.filter(|_| is_empty) {
        return html! { <div class="agenda">{ unknown }</div> };
    }
    if is_empty && !scene.days.contains(scene.today) {
        return html! {
            <div class="agenda">{ empty(IconKind::Calendar, words.calendar.nothing_due.into(), None, next) }</div>
        };
    }
    let days = scene.each_day().filter(|(day, due)| !due.is_empty() || day.date == scene.today);
    let days = days.map(|(day, due)| (scene.of(due), *day, due.clone()));
    let first = scene.days.iter().next().map(|day| day_id(day.date)).unwrap_or_default();
    view_keyed(first, Agenda { days: days.collect(), date: scene.date, next })
}

#[derive(PartialEq)]
struct Agenda {
    days: Vec<(Setting, Day, Rc<[Due]>)>,
    /// The day that is brought into sight.
    date: NaiveDate,
    next: Html,
}

impl_view!(Agenda, use_agenda(self));

#[hook]
fn use_agenda(props: &Agenda) -> Html {
    let days = &props.days;
    // The days come all at once and as high as they will be; their tasks day by day, from the date on, which is what is looked for.
    let first = days.iter().take_while(|(_, day, _)| day.date < props.date).count();
    let size = |day: usize| days.get(day).map_or(0, |(_, _, due)| due.len());
    let is_drawn = use_portions_from(props.date, days.len(), size, first, PORTION);
    let days = days.iter().enumerate().map(|(index, (setting, day, due))| {
        let is_drawn = is_drawn(index);
        view_keyed(
            day_id(day.date),
            AgendaDay { setting: setting.clone(), day: *day, due: due.clone(), is_drawn },
        )
    });
    html! {
        <div class="agenda">{ for days }<div class="more agenda-end">{ props.next.clone() }</div></div>
    }
}

/// Drawn again only when something of that day differs.
#[derive(PartialEq)]
struct AgendaDay {
    setting: Setting,
    day: Day,
    due: Rc<[Due]>,
    /// Not yet, while other days are.
    is_drawn: bool,
}

impl_view!(AgendaDay, use_agenda_day(self));

#[hook]
fn use_agenda_day(props: &AgendaDay) -> Html {
    let AgendaDay { setting, day, due, is_drawn } = props;
    let words = &setting.words;
    let label = heading(words, day.date, setting.today);
    let rows = due.iter().take(if *is_drawn { due.len() } else { 0 });
    html! {
        <section id={day_id(day.date)} class={classes!("agenda-day", setting.day_classes(day.date))} ~style={"--rows:".to_owned() + &due.len().to_string()}
            data-drop={Target::Day(day.date).name()} aria-label={setting.day_label(day.date, due.len())}>
            <h2 class="agenda-head">
                <span class="day-number">{ day.date.day() }</span>
                <span>{ label }<span class="muted">{ weekday(setting, day.date) }</span></span>
            </h2>
            if due.is_empty() { <p class="agenda-none muted">{ words.calendar.nothing_due }</p> } else {
                <ul>{ for rows.map(|one| setting.row(one, Some(setting.time(day, one)))) }</ul>
            }
        </section>
    }
}

fn weekday(setting: &Setting, date: NaiveDate) -> &'static str {
    let place = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    setting.words.calendar.weekdays.get(place).copied().unwrap_or_default()
}
