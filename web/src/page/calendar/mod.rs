//! The calendar: deadlines by month, week, day or as an agenda. What it shows is kept in its address; what is due comes from the
//! store's lists, so it stays as live as they are.

mod agenda;
mod creating;
mod cursor;
mod days;
mod drop;
mod going;
mod hours;
mod jump;
mod keys;
mod layout;
mod menu;
mod month;
mod more;
mod mover;
mod scene;
mod seen;
mod shown;
mod sight;
mod target;
mod toolbar;
mod tray;

use std::rc::Rc;

use yew::prelude::*;
use yew_router::prelude::*;

use super::new_task::OpenNewTask;
use crate::api::{TaskId, TaskStatus};
use crate::client::{use_client, use_shortcuts, use_state_of, use_wording};
use crate::store::{TaskQuery, Whose};
use crate::text::date::short_day;
use crate::ui::drag::use_drag;
use crate::ui::screen::{use_height, use_is_narrow};
use crate::ui::{IconKind, empty, icon, skeleton};
use crate::view::impl_view;
use creating::{Place, Pressing};
use cursor::use_cursor;
use days::Days;
use going::Going;
use mover::Mover;
use scene::{Scene, Setting};
use seen::use_whole_list;
use shown::{Shown, View};
use sight::bring_in_sight;
use toolbar::Toolbar;
use tray::Tray;

#[derive(Clone, PartialEq)]
pub struct CalendarPage {
    /// What the address asks for, after its question mark.
    pub query: AttrValue,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
}

impl_view!(CalendarPage, use_calendar_page(self));

#[hook]
fn use_calendar_page(props: &CalendarPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let new_task = use_context::<OpenNewTask>();
    let is_narrow = use_is_narrow();
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let shown = Shown::read(&props.query);
    let today = words.local_now().date();
    let view = shown.view.unwrap_or(if is_narrow { View::Agenda } else { View::Month });
    let date = shown.date.unwrap_or(today);
    let person = {
        let whose = shown.whose.clone();
        use_state_of(move |state| match &whose {
            Whose::Person(id) => state.store.person(id).map(|person| AttrValue::from(person.name.clone())),
            Whose::Everyone | Whose::Mine | Whose::SetByMe => None,
        })
    };
    let days = {
        let zone = words.preferences.zone.clone();
        use_memo((view, days::first(view, date), zone), |(view, first, zone)| {
            Days::of(*view, *first, |moment| zone.local(moment))
        })
    };

    let query = viewer.as_ref().map(|viewer| shown.whose.query(&viewer.id));
    let due_query = query.clone().zip(days.range()).map(|(query, (from, to))| TaskQuery {
        deadline_from: Some(from),
        deadline_to: Some(to),
        ..query
    });
    let tray_open = use_state_eq(|| false);
    let tray_query = query.filter(|_| *tray_open).map(|query| TaskQuery {
        has_deadline: Some(false),
        statuses: TaskStatus::OPEN.to_vec(),
        ..query
    });
    let (seen, load) = use_whole_list(due_query);
    let (in_tray, _) = use_whole_list(tray_query);

    // It goes on in the days that are shown.
    let cursor = use_cursor(date);

    let mut by_day = vec![Vec::new(); days.len()];
    for due in &seen.due {
        let place = due.task.deadline.and_then(|deadline| days.place(deadline));
        if let Some(day) = place.and_then(|place| by_day.get_mut(place)) {
            day.push(due.clone());
        }
    }
    let mover = Mover { client: client.clone(), words: words.clone() };
    let supervises = viewer.as_ref().is_some_and(|viewer| viewer.role.supervises());
    let menu = use_state_eq(|| None::<TaskId>);
    let setting = Setting {
        words: words.clone(),
        mover,
        days: days.clone(),
        today,
        date,
        opened: props.opened,
        menu: (*menu).clone(),
        wanted: cursor.wanted.clone(),
        shows_people: supervises && matches!(shown.whose, Whose::Everyone | Whose::SetByMe),
        is_narrow,
    };
    let scene = Scene {
        setting,
        due: by_day.into_iter().map(Rc::from).collect(),
        cursor: cursor.day_within(&days, date),
        cursor_hour: *cursor.hour,
        creates: supervises && new_task.is_some(),
    };

    let going = Going { navigator, shown: shown.clone(), view, date, today };
    let (choose_date, step_by) = (going.to_date(), going.by());
    use_shortcuts(words.calendar.calendar, going.shortcuts(&words, scene.cursor));

    let create = creating::create(&scene, new_task);
    let pressing = Pressing {
        create: create.clone(),
        open_day: going.to_day_alone(),
        menu,
        cursor: cursor.day.clone(),
        only_chooses: is_narrow && view == View::Month,
    };
    let onfocusin = cursor.onfocusin(&scene);
    let onkeydown = cursor.onkeydown(&scene, view, &choose_date, &create);
    {
        let scene = scene.clone();
        use_effect(move || cursor.settle(&scene));
    }

    let root = use_drag(drop::rules(&scene.mover));
    let weeks = use_node_ref();
    let height = use_height(&weeks, view == View::Month && !is_narrow);
    let frame = use_node_ref();
    let in_sight = (view, days::first(view, date), seen.is_read);
    {
        let (frame, scene) = (frame.clone(), scene.clone());
        use_effect_with(in_sight, move |(view, ..)| bring_in_sight(*view, &frame, &scene));
    }

    let title = match view {
        View::Week | View::Agenda if is_narrow => (words.calendar.month_title)(date),
        View::Day if is_narrow => short_day(&words, date, today),
        View::Month => (words.calendar.month_title)(date),
        View::Day => (words.calendar.day_title)(date),
        View::Week | View::Agenda => match (days.iter().next(), days.iter().last()) {
            (Some(first), Some(last)) => (words.calendar.range_title)(first.date, last.date),
            (_, _) => String::new(),
        },
    };
    let toggle_tray = {
        let tray_open = tray_open.clone();
        Callback::from(move |()| tray_open.set(!*tray_open))
    };
    let toolbar = Toolbar {
        scene: &scene,
        view,
        title: title.into(),
        whose: &shown.whose,
        person,
        tray_open: *tray_open,
        go: step_by.clone(),
        choose_date,
        choose_view: going.to_view(scene.cursor),
        choose_whose: going.to_tasks_of(),
        toggle_tray: toggle_tray.clone(),
    };
    // What is not known is not to look as if nothing were due.
    let unknown = |rows| match (seen.is_read, seen.has_failed) {
        (true, _) => None,
        (false, true) => Some(Html::default()),
        (false, false) => Some(skeleton(&words, rows)),
    };
    let content = match view {
        View::Month => {
            let lines = month::lines(height, days.weeks().len());
            month::month(&scene, &weeks, lines)
        }
        View::Week | View::Day => hours::hours(&scene, &frame),
        View::Agenda => {
            // It stands below what is still coming, which would push it away.
            let last = days.iter().last().map_or(date, |day| day.date);
            let until = (words.calendar.until)(&short_day(&words, last, today));
            let next = html! {
                if seen.is_whole {
                    <p class="muted">{ until }</p>
                    <button type="button" class="button" onclick={step_by.reform(|_: MouseEvent| 1)}>{ words.calendar.next_days }</button>
                }
            };
            agenda::agenda(&scene, unknown(8), next)
        }
    };
    let chosen_day = (view == View::Month && is_narrow).then(|| scene.due_on(scene.cursor)).flatten();
    let failed = seen.has_failed.then(|| {
        let retry = html! {
            <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())}>{ words.retry }</button>
        };
        html! { <div role="alert" class="calendar-trouble">{ icon(IconKind::Offline) }{ words.unreachable }{ retry }</div> }
    });
    html! {
        <div ref={root} class="calendar" onclick={pressing.onclick()} {onkeydown} {onfocusin} aria-busy={(!seen.is_whole && !seen.has_failed).to_string()}>
            { toolbar.draw() }
            <p id="calendar-keys" hidden={true}>{ words.calendar.grid_hint }</p>
            { failed }
            <div class={classes!("calendar-body", is_narrow.then_some("narrow-body"))}>
                { content }
                if let Some((day, due)) = chosen_day {
                    <div class="chosen-day">
                        if due.is_empty() {
                            { unknown(3).unwrap_or_else(|| {
                                empty(IconKind::Calendar, words.calendar.nothing_due.into(), None, new_on(&scene, &create))
                            }) }
                        } else {
                            { more::day_list(&scene, day, due) }
                            <div class="more">{ new_on(&scene, &create) }</div>
                        }
                    </div>
                }
                if *tray_open { { tray::tray(&scene, &Tray { due: in_tray.due, is_read: in_tray.is_read }, toggle_tray) } }
            </div>
        </div>
    }
}

/// The button that sets a task due on the day that is chosen; nothing where that is not possible.
fn new_on(scene: &Scene, create: &Callback<Place>) -> Html {
    let day = scene.cursor;
    if !scene.creates || day < scene.today {
        return Html::default();
    }
    html! {
        <button type="button" class="button" onclick={create.reform(move |_: MouseEvent| (day, None))}>
            { icon(IconKind::Add) }{ scene.words.calendar.add }
        </button>
    }
}
