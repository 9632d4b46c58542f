//! The calendar: deadlines by month, week, day or as an agenda. What it shows is kept in its address; what is due comes from the
//! store's lists, so it stays as live as they are.

mod agenda;
mod cursor;
mod days;
mod drop;
mod hours;
mod keys;
mod layout;
mod menu;
mod mini;
mod month;
mod more;
mod mover;
mod portions;
mod scene;
mod seen;
mod shown;
mod target;
mod toolbar;
mod tray;

use std::rc::Rc;

use chrono::{NaiveDate, NaiveTime};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::*;

use super::new_task::{Beginning, OpenNewTask};
use crate::api::{TaskId, TaskStatus};
use crate::browser::document;
use crate::client::{Shortcut, use_client, use_shortcuts, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::{TaskQuery, Whose};
use crate::text::date::{read_input_day, short_day};
use crate::ui::drag::use_drag;
use crate::ui::screen::{use_height, use_is_narrow};
use crate::ui::{DeadlineText, IconKind, empty, icon};
use crate::view::impl_view;
use cursor::{near, use_cursor};
use days::{Days, step};
use mover::Mover;
use scene::{Scene, Setting, day_id};
use seen::use_whole_list;
use shown::{Shown, View};
use toolbar::{Toolbar, view_name};
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

    let go = {
        let navigator = navigator.clone();
        move |to: Shown| {
            if let Some(navigator) = &navigator {
                Address { route: Route::Calendar, query: to.write().into() }.open(navigator);
            }
        }
    };
    let choose_date = {
        let (go, shown) = (go.clone(), shown.clone());
        Callback::from(move |to: NaiveDate| {
            go(Shown { date: Some(to).filter(|to| *to != today), ..shown.clone() })
        })
    };
    let choose_view = {
        let (go, shown, day) = (go.clone(), shown.clone(), scene.cursor);
        Callback::from(move |view: View| {
            go(Shown { view: Some(view), date: Some(day).filter(|date| *date != today), ..shown.clone() });
        })
    };
    let open_day = {
        let (go, shown) = (go.clone(), shown.clone());
        Callback::from(move |day: NaiveDate| {
            go(Shown { view: Some(View::Day), date: Some(day), ..shown.clone() })
        })
    };
    let choose_whose = {
        let shown = shown.clone();
        Callback::from(move |whose: Whose| go(Shown { whose, ..shown.clone() }))
    };
    let step_by = choose_date.reform(move |by: i32| step(view, date, by));
    let to_today = choose_date.reform(move |()| today);
    let shortcut =
        |keys, view| Shortcut::new(keys, view_name(&words, view), choose_view.reform(move |()| view));
    let shortcuts = vec![
        Shortcut::new("KeyT", words.today, to_today),
        shortcut("KeyM", View::Month),
        shortcut("KeyW", View::Week),
        shortcut("KeyD", View::Day),
        shortcut("KeyA", View::Agenda),
    ];
    use_shortcuts(words.calendar.calendar, shortcuts);

    let create = {
        let (words, creates) = (words.clone(), scene.creates);
        Callback::from(move |(date, hour): (NaiveDate, Option<u32>)| {
            let time = hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
            let deadline = date.and_time(time.unwrap_or_else(DeadlineText::usual_time));
            // What has passed cannot become a deadline; of today the day alone is meant, as long as there is any of it left.
            let has_passed = words.preferences.zone.moment(deadline) <= words.now;
            let deadline = if has_passed && hour.is_none() && date == today {
                Some(None)
            } else {
                (!has_passed).then_some(Some(deadline))
            };
            if let (true, Some(OpenNewTask(open)), Some(deadline)) = (creates, &new_task, deadline) {
                open.emit(Beginning { deadline, ..Beginning::default() });
            }
        })
    };
    let onclick = {
        let (create, cursor) = (create.clone(), cursor.day.clone());
        let selects = is_narrow && view == View::Month;
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            let Some(pressed) = event.target_dyn_into::<Element>() else { return };
            if let Some(day) = near(&pressed, "data-open-day") {
                if let Some(day) = read_input_day(&day) {
                    open_day.emit(day);
                }
            } else if near(&pressed, "data-menu").is_some() {
                menu.set(near(&pressed, "data-task").map(|id| TaskId::from(id.as_str())));
            } else if pressed.closest("button, a, .popover-panel").ok().flatten().is_none()
                && let Some(day) = near(&pressed, "data-date").and_then(|day| read_input_day(&day))
            {
                cursor.set(day);
                if !selects {
                    let hour = near(&pressed, "data-hour").and_then(|hour| hour.parse().ok());
                    create.emit((day, hour));
                }
            }
        })
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
        choose_view,
        choose_whose,
        toggle_tray: toggle_tray.clone(),
    };
    let content = match view {
        View::Month => {
            let lines = month::lines(height, days.weeks().len());
            month::month(&scene, &weeks, lines)
        }
        View::Week | View::Day => hours::hours(&scene, &frame),
        View::Agenda => {
            // It stands below what is still coming, which would push it away.
            let next = html! {
                if seen.is_whole {
                    <button type="button" class="button" onclick={step_by.reform(|_: MouseEvent| 1)}>{ words.calendar.next_days }</button>
                }
            };
            agenda::agenda(&scene, next)
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
        <div ref={root} class="calendar" {onclick} {onkeydown} {onfocusin} aria-busy={(!seen.is_whole && !seen.has_failed).to_string()}>
            { toolbar.draw() }
            <p id="calendar-keys" hidden={true}>{ words.calendar.grid_hint }</p>
            { failed }
            <div class={classes!("calendar-body", is_narrow.then_some("narrow-body"))}>
                { content }
                if let Some((day, due)) = chosen_day {
                    <div class="chosen-day">
                        if due.is_empty() {
                            { empty(IconKind::Calendar, words.calendar.nothing_due.into(), None, new_on(&scene, &create)) }
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
fn new_on(scene: &Scene, create: &Callback<(NaiveDate, Option<u32>)>) -> Html {
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

/// Scrolls to what matters: in hours to the present or the morning, in an agenda to the day.
fn bring_in_sight(view: View, frame: &NodeRef, scene: &Scene) {
    match view {
        View::Month => {}
        View::Week | View::Day => {
            let now = scene.days.contains(scene.today).then(|| scene.words.local_now().time());
            let earliest =
                scene.each_day().flat_map(|(day, due)| due.iter().map(move |one| scene.time(day, one)));
            let top = hours::first_in_sight(now, earliest.min());
            if let Some(frame) = frame.cast::<HtmlElement>() {
                // On a phone not all days of a week are in sight.
                let across = scene.days.iter().take_while(|day| day.date < scene.date).count();
                frame.set_scroll_left(i32::try_from(across).unwrap_or(0) * hours::NARROW_DAY);
                frame.set_scroll_top(i32::try_from(top).unwrap_or(0));
            }
        }
        View::Agenda => document::bring_in_sight(&day_id(scene.date)),
    }
}
