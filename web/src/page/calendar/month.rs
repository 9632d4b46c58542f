//! A month: weeks from Monday, in each day what is due first, and how much there is besides.

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::Day;
use super::more::More;
use super::scene::{Due, Scene, day_id};
use super::target::Target;
use crate::text::date::input_day;
use crate::ui::status_class;
use crate::view::view;

/// The height of a day's number with its surroundings, and of one task. CSS pixels, as `66-calendar-days.css` has them.
const HEAD: i32 = 34;
const CHIP: i32 = 24;

/// How many lines of tasks fit in a day of weeks that are so high together.
pub fn lines(height: i32, weeks: usize) -> usize {
    let week = height.checked_div(i32::try_from(weeks).unwrap_or(i32::MAX)).unwrap_or(0);
    usize::try_from((week - HEAD) / CHIP).unwrap_or(0).max(1)
}

/// Draws it with so many lines of tasks in a day.
pub fn month(scene: &Scene, weeks: &NodeRef, lines: usize) -> Html {
    let words = &scene.words;
    let names = words.weekdays.iter().zip(words.calendar.weekdays);
    let mut rows = Vec::with_capacity(6);
    let mut due = scene.due.iter();
    let last = scene.days.weeks().len().saturating_sub(1);
    for (index, week) in scene.days.weeks().enumerate() {
        let cells = week.iter().zip(due.by_ref()).enumerate().map(|(column, (day, due))| {
            let side = match (index > last / 2, column > 3) {
                (false, false) => "day-popover",
                (false, true) => "day-popover end",
                (true, false) => "day-popover up",
                (true, true) => "day-popover up end",
            };
            if scene.is_narrow { dots(scene, day, due) } else { cell(scene, day, due, lines, side) }
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
fn number(scene: &Scene, date: NaiveDate, count: usize) -> Html {
    let text = if date.day() == 1 && !scene.is_narrow {
        let words = &scene.words;
        let months = usize::try_from(date.month0()).ok().and_then(|month| words.months_short.get(month));
        (words.day_month)(1, months.copied().unwrap_or_default())
    } else {
        date.day().to_string()
    };
    html! {
        <>
            <span class="visually-hidden">{ scene.day_label(date, count) }</span>
            <span class="day-number" aria-hidden="true">{ text }</span>
        </>
    }
}

fn cell(scene: &Scene, day: &Day, due: &[Due], lines: usize, side: &'static str) -> Html {
    let shown = if due.len() > lines { lines.saturating_sub(1) } else { due.len() };
    let is_cursor = day.date == scene.cursor;
    let chips = due.iter().take(shown).map(|one| scene.chip(one, Some(scene.time(day, one)), is_cursor));
    let rest = due.len() - shown;
    html! {
           <div id={day_id(day.date)} key={input_day(day.date)} role="gridcell" class={classes!("month-day", scene.day_classes(day.date))}
               tabindex={if is_cursor { "0" } else { "-1" }} data-date={input_day(day.date)} data-drop={Target::Day(day.date).name()}
    aria-current={(day.date == scene.today).then_some("date")}>
               { number(scene, day.date, due.len()) }
               { for chips }
               if rest > 0 {
                   { view(More { scene: scene.clone(), day: *day, due: due.to_vec(), rest: i64::try_from(rest).unwrap_or(i64::MAX), side }) }
               }
           </div>
       }
}

/// A day of a phone: its number, and a dot for each of the first tasks.
fn dots(scene: &Scene, day: &Day, due: &[Due]) -> Html {
    let dots = due.iter().take(3).map(|one| {
        let status = status_class(one.task.status);
        html! { <i class={classes!("day-dot", status)} /> }
    });
    let is_chosen = day.date == scene.cursor;
    html! {
        <div id={day_id(day.date)} key={input_day(day.date)} role="gridcell" class={classes!("month-day", scene.day_classes(day.date), is_chosen.then_some("chosen"))}
            tabindex={if is_chosen { "0" } else { "-1" }} data-date={input_day(day.date)} data-drop={Target::Day(day.date).name()}
            aria-selected={is_chosen.to_string()}
            aria-current={(day.date == scene.today).then_some("date")}>
            { number(scene, day.date, due.len()) }
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
