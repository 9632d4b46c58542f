//! A month: weeks from Monday, in each day what is due first, and how much there is besides.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::Day;
use super::menu::use_pointed;
use super::more::{More, Side};
use super::scene::{Due, Scene, Setting, day_id};
use super::target::Target;
use crate::civil::first_of_month;
use crate::text::date::input_day;
use crate::ui::portions::use_portions_from;
use crate::ui::status_class;
use crate::view::{impl_view, view, view_keyed};

/// The height of a day's number with its surroundings, and of one task. CSS pixels, as `66-calendar-days.css` has them.
const HEAD: i32 = 34;
const CHIP: i32 = 24;
/// So many tasks are drawn at once, or those of one week.
const PORTION: usize = 24;

/// How many lines of tasks fit in a day of weeks that are so high together.
pub fn lines(height: i32, weeks: usize) -> usize {
    let week = height.checked_div(i32::try_from(weeks).unwrap_or(i32::MAX)).unwrap_or(0);
    usize::try_from((week - HEAD) / CHIP).unwrap_or(0).max(1)
}

/// Draws it with so many lines of tasks in a day.
pub fn month(scene: &Scene, weeks: &NodeRef, lines: usize) -> Html {
    view(Month { scene: scene.clone(), weeks: weeks.clone(), lines })
}

#[derive(PartialEq)]
struct Month {
    scene: Scene,
    weeks: NodeRef,
    lines: usize,
}

impl_view!(Month, use_month(self));

#[hook]
fn use_month(props: &Month) -> Html {
    let Month { scene, weeks, lines } = props;
    let words = &scene.words;
    let names = words.weekdays.iter().zip(words.calendar.weekdays);
    let count = scene.days.weeks().len();
    // The days come all at once; their tasks by weeks, that of the date first.
    let first =
        scene.days.weeks().position(|week| week.iter().any(|day| day.date == scene.date)).unwrap_or(0);
    let size = |week: usize| scene.due.iter().skip(week * 7).take(7).map(|due| due.len().min(*lines)).sum();
    let is_drawn = use_portions_from(first_of_month(scene.date), count, size, first, PORTION);
    let mut rows = Vec::with_capacity(6);
    let mut due = scene.due.iter();
    for (index, week) in scene.days.weeks().enumerate() {
        let is_drawn = is_drawn(index);
        let cells = week.iter().zip(due.by_ref()).enumerate().map(|(column, (day, due))| {
            let side = Side { up: index > count.saturating_sub(1) / 2, end: column > 3 };
            let is_cursor = day.date == scene.cursor;
            if scene.is_narrow {
                return dots(&scene.setting, day, due, is_cursor);
            }
            let lines = is_drawn.then_some(*lines);
            view_keyed(
                day_id(day.date),
                MonthDay { setting: scene.of(due), day: *day, due: due.clone(), lines, side, is_cursor },
            )
        });
        rows.push(html! { <div role="row" class="month-week">{ for cells }</div> });
    }
    html! {
        <div class="month" role="grid" aria-label={(words.calendar.month_title)(scene.date)} aria-describedby="calendar-keys">
            <div role="row" class="month-names">
                { for names.map(|(short, long)| html! {
                    <div role="columnheader"><span aria-hidden="true">{ *short }</span><span class="visually-hidden">{ long }</span></div>
                }) }
            </div>
            <div ref={weeks} role="presentation" class="month-weeks">{ for rows }</div>
        </div>
    }
}

/// The number of a day, which is read aloud as the day and how much is due on it.
fn number(setting: &Setting, date: NaiveDate, count: usize) -> Html {
    let text = if date.day() == 1 && !setting.is_narrow {
        let words = &setting.words;
        let months = usize::try_from(date.month0()).ok().and_then(|month| words.months_short.get(month));
        (words.day_month)(1, months.copied().unwrap_or_default())
    } else {
        date.day().to_string()
    };
    html! {
        <>
            <span class="visually-hidden">{ setting.day_label(date, count) }</span>
            <span class="day-number" aria-hidden="true">{ text }</span>
        </>
    }
}

/// Drawn again only when something of that day differs.
#[derive(PartialEq)]
struct MonthDay {
    setting: Setting,
    day: Day,
    due: Rc<[Due]>,
    /// How many lines of tasks it has room for; none yet while other days are drawn.
    lines: Option<usize>,
    side: Side,
    /// The keyboard is here.
    is_cursor: bool,
}

impl_view!(MonthDay, use_month_day(self));

#[hook]
fn use_month_day(props: &MonthDay) -> Html {
    let MonthDay { setting, day, due, lines, side, is_cursor } = props;
    let (shown, rest) = match lines {
        Some(lines) if due.len() > *lines => (lines.saturating_sub(1), due.len() - lines.saturating_sub(1)),
        Some(_) => (due.len(), 0),
        None => (0, 0),
    };
    let (pointed, onpointerover, onfocusin) = use_pointed();
    let chips = due.iter().take(shown).map(|one| {
        let menu = (pointed.as_ref() == Some(&one.task.id)).then_some(*side);
        setting.chip(one, setting.time(day, one), *is_cursor, menu)
    });
    html! {
        <div id={day_id(day.date)} role="gridcell" class={classes!("month-day", setting.day_classes(day.date))}
            tabindex={if *is_cursor { "0" } else { "-1" }} data-date={input_day(day.date)} data-drop={Target::Day(day.date).name()}
            aria-current={(day.date == setting.today).then_some("date")} {onpointerover} {onfocusin}>
            { number(setting, day.date, due.len()) }
            { for chips }
            if rest > 0 {
                { view(More { setting: setting.clone(), day: *day, due: due.clone(), rest: i64::try_from(rest).unwrap_or(i64::MAX), side: *side }) }
            }
        </div>
    }
}

/// A day of a phone: its number, and a dot for each of the first tasks.
fn dots(setting: &Setting, day: &Day, due: &[Due], is_chosen: bool) -> Html {
    let dots = due.iter().take(3).map(|one| {
        let status = status_class(one.task.status);
        html! { <i class={classes!("day-dot", status)} /> }
    });
    html! {
        <div id={day_id(day.date)} key={input_day(day.date)} role="gridcell" class={classes!("month-day", setting.day_classes(day.date), is_chosen.then_some("chosen"))}
            tabindex={if is_chosen { "0" } else { "-1" }} data-date={input_day(day.date)} data-drop={Target::Day(day.date).name()}
            aria-selected={is_chosen.to_string()}
            aria-current={(day.date == setting.today).then_some("date")}>
            { number(setting, day.date, due.len()) }
            <span class="day-dots" aria-hidden="true">{ for dots }</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_lines_as_fit() {
        assert_eq!(lines(650, 5), 4);
        assert_eq!(lines(650, 6), 3);
        assert_eq!(lines(0, 0), 1);
    }
}
