//! Days side by side, hour by hour: a week, or one day. A line stands at the present.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveTime};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::days::{Day, minutes};
use super::layout::{Place, lay_out};
use super::menu::use_pointed;
use super::more::{More, Side};
use super::scene::{Due, Scene, Setting, clock_of, day_id};
use super::target::Target;
use crate::text::date::input_day;
use crate::view::{impl_view, view, view_keyed};

/// The height of an hour. CSS pixels; the style sheet is told.
pub const HOUR: u32 = 48;
/// How high a task is drawn, in minutes.
const LENGTH: u32 = 30;
/// How many tasks stand side by side in a day of a week, and in a single one.
const MOST_OF_WEEK: u32 = 2;
const MOST_OF_DAY: u32 = 6;
/// When a working day begins, in minutes past midnight.
const MORNING: u32 = 9 * 60;
/// From when on a menu opens upwards, in minutes past midnight.
const EVENING: u32 = 18 * 60;
/// The hours above what is looked for that stay in sight.
const ABOVE: u32 = 2;

pub fn hours(scene: &Scene, frame: &NodeRef) -> Html {
    let is_single = scene.days.len() == 1;
    let heads = scene.each_day().map(|(day, due)| head(scene, day, due.len()));
    let columns = scene.each_day().enumerate().map(|(index, (day, due))| {
        let most = if is_single { MOST_OF_DAY } else { MOST_OF_WEEK };
        view_keyed(
            input_day(day.date),
            Column { setting: scene.of(due), day: *day, due: due.clone(), most, is_late: index > 3 },
        )
    });
    let grid = Grid { setting: scene.of(&[]) };
    html! {
        <div ref={frame} class={classes!("hours", is_single.then_some("single"))} ~style={"--hour:".to_owned() + &pixels(60)} tabindex="-1">
            <div class="hours-heads">{ for heads }</div>
            <div class="hours-body">
                { view(grid) }
                <div class="hours-columns">{ for columns }</div>
            </div>
        </div>
    }
}

/// How far to the right a day is of the one that stands first. Asked of the page: on a phone the style sheet says how wide a day is.
pub fn left(frame: &HtmlElement, date: NaiveDate) -> i32 {
    let left = |selector: &str| {
        let head = frame.query_selector(selector).ok().flatten();
        head.and_then(|head| head.dyn_into::<HtmlElement>().ok()).map_or(0, |head| head.offset_left())
    };
    left(&["[data-open-day=\"", &input_day(date), "\"]"].concat()) - left("[data-open-day]")
}

/// How far down what matters begins: a little above the present, or where a working day does. CSS pixels.
pub fn first_in_sight(now: Option<NaiveTime>, earliest: Option<NaiveTime>) -> u32 {
    let wanted = now.or(earliest).map_or(MORNING, minutes);
    (wanted / 60).saturating_sub(ABOVE) * HOUR
}

fn head(scene: &Scene, day: &Day, count: usize) -> Html {
    let words = &scene.words;
    let weekday = usize::try_from(day.date.weekday().num_days_from_monday()).unwrap_or(0);
    let name = words.weekdays.get(weekday).copied().unwrap_or_default();
    html! {
        <button type="button" class={classes!("hours-head", scene.day_classes(day.date))} data-open-day={input_day(day.date)}
            data-drop={Target::Day(day.date).name()}
            aria-current={(day.date == scene.today).then_some("date")}>
            <span class="visually-hidden">{ scene.day_label(day.date, count) }</span>
            <span class="weekday" aria-hidden="true">{ name }</span><span class="day-number" aria-hidden="true">{ day.date.day() }</span>
        </button>
    }
}

/// The hours of the days, behind the tasks.
#[derive(PartialEq)]
struct Grid {
    setting: Setting,
}

impl_view!(Grid, use_grid(self));

#[hook]
fn use_grid(props: &Grid) -> Html {
    let setting = &props.setting;
    let words = &setting.words;
    let rows = (0..24_u32).map(|hour| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        let label = clock_of(time);
        let cells = setting.days.iter().map(|day| cell(setting, day, hour, &label));
        html! { <div role="row" class="hour-row"><span class="hour-name" aria-hidden="true">{ &label }</span>{ for cells }</div> }
    });
    let title = if setting.days.len() == 1 { words.calendar.day } else { words.calendar.week };
    html! { <div role="grid" aria-label={title} aria-describedby="calendar-keys" tabindex="0" class="hours-grid">{ for rows }</div> }
}

/// An hour of a day. Keys come to it by way of the grid: a task may cover it, so it is no target of its own for a pointer that is
/// steered by the focus.
fn cell(setting: &Setting, day: &Day, hour: u32, label: &str) -> Html {
    let mut name = (setting.words.calendar.day_title)(day.date);
    name.push_str(", ");
    name.push_str(label);
    html! {
        <div id={hour_id(day.date, hour)} role="gridcell" class={classes!("hour", setting.day_classes(day.date))} aria-label={name}
            tabindex="-1" data-date={input_day(day.date)} data-hour={hour.to_string()} />
    }
}

/// The id of the element of an hour.
pub fn hour_id(date: NaiveDate, hour: u32) -> String {
    let mut id = day_id(date);
    id.push('-');
    id.push_str(&hour.to_string());
    id
}

/// The tasks of a day.
#[derive(PartialEq)]
struct Column {
    setting: Setting,
    day: Day,
    due: Rc<[Due]>,
    /// How many stand side by side.
    most: u32,
    /// Whether the day stands in the later half of what is shown.
    is_late: bool,
}

impl_view!(Column, use_column(self));

#[hook]
fn use_column(props: &Column) -> Html {
    let Column { setting, day, due, most, is_late } = props;
    let (pointed, onpointerover, onfocusin) = use_pointed();
    let times: Vec<NaiveTime> = due.iter().map(|one| setting.time(day, one)).collect();
    let starts: Vec<u32> = times.iter().copied().map(minutes).collect();
    let (places, rests) = lay_out(&starts, LENGTH, *most);
    let blocks = due.iter().zip(times).zip(places).filter_map(|((one, time), place)| {
        let place = place?;
        let class = classes!("block", (place.columns > 1).then_some("shared"));
        let side = Side { up: place.top > EVENING, end: *is_late };
        let menu = (pointed.as_ref() == Some(&one.task.id)).then_some(side);
        Some(html! { <div key={one.task.id.as_str()} {class} ~style={style(place)}>{ setting.chip(one, time, true, menu) }</div> })
    });
    let rests = rests.into_iter().map(|rest| {
        html! {
            <div class="block" ~style={style(rest.place)}>
                { view(More { setting: setting.clone(), day: *day, due: due.clone(), rest: i64::from(rest.count), side: Side { up: false, end: *is_late } }) }
            </div>
        }
    });
    let now = (day.date == setting.today).then(|| {
        let mut style = "top:".to_owned();
        style.push_str(&pixels(minutes(setting.words.local_now().time())));
        html! { <div class="now-line" role="img" aria-label={setting.words.calendar.now} ~style={style} /> }
    });
    html! {
        <div class="hours-column" data-drop={Target::Hours(day.date).name()} {onpointerover} {onfocusin}>
            { for blocks }{ for rests }{ now }
        </div>
    }
}

fn style(place: Place) -> String {
    let mut style = "top:".to_owned();
    style.push_str(&pixels(place.top));
    for (name, columns) in [(";left:calc(100%*", place.column), (";width:calc(100%*", 1)] {
        style.push_str(name);
        style.push_str(&columns.to_string());
        style.push('/');
        style.push_str(&place.columns.to_string());
        style.push(')');
    }
    style
}

fn pixels(minutes: u32) -> String {
    let mut text = (minutes * HOUR / 60).to_string();
    text.push_str("px");
    text
}
