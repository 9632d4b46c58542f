//! Five weeks as a list: each day on which something is due, and today always.

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::Day;
use super::scene::{Due, Scene, day_id};
use super::target::Target;
use crate::text::date::heading;
use crate::ui::{IconKind, empty};

pub fn agenda(scene: &Scene, next: Html) -> Html {
    let words = &scene.words;
    let is_empty = scene.due.iter().all(Vec::is_empty);
    if is_empty && !scene.days.contains(scene.today) {
        let hint = Some(words.calendar.agenda_empty_hint.into());
        return html! {
            <div class="agenda">{ empty(IconKind::Calendar, words.calendar.nothing_due.into(), hint, next) }</div>
        };
    }
    let groups = scene.each_day().filter(|(day, due)| !due.is_empty() || day.date == scene.today);
    html! {
        <div class="agenda">
            { for groups.map(|(day, due)| group(scene, day, due)) }
            <div class="more">{ next }</div>
        </div>
    }
}

fn group(scene: &Scene, day: &Day, due: &[Due]) -> Html {
    let words = &scene.words;
    let label = heading(words, day.date, scene.today);
    html! {
        <section key={day_id(day.date)} id={day_id(day.date)} class={classes!("agenda-day", scene.day_classes(day.date))}
            data-drop={Target::Day(day.date).name()} aria-label={scene.day_label(day.date, due.len())}>
            <h2 class="agenda-head">
                <span class="day-number">{ day.date.day() }</span>
                <span>{ label }<span class="muted">{ weekday(scene, day.date) }</span></span>
            </h2>
            if due.is_empty() { <p class="agenda-none muted">{ words.calendar.nothing_due }</p> } else {
                <ul>{ for due.iter().map(|one| scene.row(one, Some(scene.time(day, one)))) }</ul>
            }
        </section>
    }
}

fn weekday(scene: &Scene, date: NaiveDate) -> &'static str {
    let place = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    scene.words.calendar.weekdays.get(place).copied().unwrap_or_default()
}
