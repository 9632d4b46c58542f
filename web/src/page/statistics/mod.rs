//! Statistics: what a period brought, of whom, and how things stand. Every number opens the list that it counts.

mod chart;
mod period;

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::statistics::{AssigneeStatistics, Statistics};
use crate::api::{TaskStatus, UserId};
use crate::browser::spawn;
use crate::client::{Period, Wording, use_client, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::text::date::{self, input_day, read_input_day};
use crate::ui::{IconKind, PersonPicker, empty, icon, skeleton, status_mark};
use crate::view::{impl_view, view};
use period::{Chosen, Counted, Shown};

#[derive(Clone, PartialEq)]
pub struct StatisticsPage {
    /// What its address says.
    pub query: AttrValue,
}

impl_view!(StatisticsPage, use_statistics_page(self));

/// The figures of a period, and those of the one before once they are there.
#[derive(Clone, PartialEq)]
struct Loaded {
    period: Period,
    now: Rc<Statistics>,
    before: Option<Rc<Statistics>>,
}

#[hook]
fn use_statistics_page(props: &StatisticsPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let supervises =
        use_state_of(|state| state.store.viewer.as_ref().is_some_and(|viewer| viewer.role.supervises()));
    let loaded = use_state_eq(|| None::<Loaded>);
    let failed = use_state_eq(|| false);
    let attempt = use_state_eq(|| 0_u32);
    let shown = Shown::read(&props.query);
    let today = words.local_now().date();
    let period = shown.period(today);
    // A list that is counted anew tells that something changed.
    let counts = use_state_of(|state| state.store.counts.values().copied().sum::<i32>());
    {
        let (client, loaded, failed) = (client.clone(), loaded.clone(), failed.clone());
        use_effect_with((period.clone(), counts, *attempt), move |(period, _, _)| {
            let period = period.clone();
            let current = Rc::new(std::cell::Cell::new(true));
            let wanted = current.clone();
            spawn(async move {
                let answer = client.load_statistics(&period).await;
                if !wanted.get() {
                    return;
                }
                match answer {
                    Ok(now) => {
                        let now = Rc::new(now);
                        failed.set(false);
                        let known = (*loaded).clone().filter(|known| known.period == period);
                        let before = known.and_then(|known| known.before);
                        loaded.set(Some(Loaded { period: period.clone(), now: now.clone(), before }));
                        // The comparison is worth a second question, not a wait.
                        if let (Ok(before), true) =
                            (client.load_statistics(&period::before(&period)).await, wanted.get())
                        {
                            loaded.set(Some(Loaded { period, now, before: Some(Rc::new(before)) }));
                        }
                    }
                    Err(_) => failed.set(true),
                }
            });
            move || current.set(false)
        });
    }
    let onchange = Callback::from(move |shown: Shown| {
        if let Some(navigator) = &navigator {
            Address { route: Route::Statistics, query: shown.write().into() }.open(navigator);
        }
    });
    let retry = Callback::from(move |_: MouseEvent| attempt.set(attempt.wrapping_add(1)));
    let content = match (&*loaded, *failed) {
        (Some(loaded), _) => figures(&words, loaded, supervises),
        (None, true) => empty(
            IconKind::Offline,
            words.unreachable.into(),
            None,
            html! { <button type="button" class="button" onclick={retry}>{ words.retry }</button> },
        ),
        (None, false) => skeleton(&words, 8),
    };
    html! {
        <div class="statistics">
            { view(Controls { shown, period, supervises, onchange }) }
            { content }
        </div>
    }
}

#[derive(PartialEq)]
struct Controls {
    shown: Shown,
    period: Period,
    supervises: bool,
    onchange: Callback<Shown>,
}

impl_view!(Controls, use_controls(self));

#[hook]
fn use_controls(props: &Controls) -> Html {
    let client = use_client();
    let words = use_wording();
    let is_wrong = use_state_eq(|| false);
    let downloading = use_state_eq(|| false);
    let (first, last) = (use_node_ref(), use_node_ref());
    let said = &words.statistics;
    let shown = &props.shown;
    let names = use_state_of({
        let people = shown.people.clone();
        move |state| {
            let name =
                |id: &UserId| state.store.person(id).map(|person| person.name.clone()).unwrap_or_default();
            people.iter().map(name).collect::<Vec<String>>()
        }
    });
    let choose = |chosen: Chosen| {
        let (shown, onchange, is_wrong) = (shown.clone(), props.onchange.clone(), is_wrong.clone());
        Callback::from(move |_: MouseEvent| {
            is_wrong.set(false);
            onchange.emit(Shown { chosen, ..shown.clone() });
        })
    };
    let own = Chosen::Days { first: props.period.first, last: props.period.last };
    let is_own = matches!(shown.chosen, Chosen::Days { .. });
    let presets = [
        (said.this_week, Chosen::ThisWeek, false),
        (said.last_week, Chosen::LastWeek, false),
        (said.month, Chosen::Month, false),
        (said.quarter, Chosen::Quarter, false),
        (said.own_period, own, is_own),
    ];
    let presets = presets.into_iter().map(|(name, chosen, is_own)| {
        let pressed = is_own || shown.chosen == chosen;
        html! {
            <button type="button" class="segment" aria-pressed={pressed.to_string()} onclick={choose(chosen)}>{ name }</button>
        }
    });
    let onday = {
        let (shown, onchange, is_wrong) = (shown.clone(), props.onchange.clone(), is_wrong.clone());
        let (first, last) = (first.clone(), last.clone());
        Callback::from(move |_: Event| {
            let value = |input: &NodeRef| {
                input.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
            };
            let chosen = period::own(&value(&first), &value(&last));
            is_wrong.set(chosen.is_none());
            if let Some(chosen) = chosen {
                onchange.emit(Shown { chosen, ..shown.clone() });
            }
        })
    };
    let chips = shown.people.iter().zip(names).map(|(id, name)| {
        let mut without = shown.clone();
        without.people.retain(|other| other != id);
        let remove = props.onchange.reform(move |_: MouseEvent| without.clone());
        html! {
            <button type="button" class="person-chip" aria-label={(said.remove)(&name)} onclick={remove}>
                { name }{ icon(IconKind::Close) }
            </button>
        }
    });
    let onchoose = {
        let (shown, onchange) = (shown.clone(), props.onchange.clone());
        Callback::from(move |id: UserId| {
            let mut with = shown.clone();
            if !with.people.contains(&id) {
                with.people.push(id);
            }
            onchange.emit(with);
        })
    };
    let download = {
        let (downloading, period) = (downloading.clone(), props.period.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, downloading, period) = (client.clone(), downloading.clone(), period.clone());
            downloading.set(true);
            spawn(async move {
                if let Err(trouble) = client.download_statistics(&period).await {
                    client.toast_trouble(&trouble, None);
                }
                downloading.set(false);
            });
        })
    };
    // What the button shows is a part of its name.
    let (everyone, add_person) = if shown.people.is_empty() {
        (said.everyone, [said.everyone, ": ", said.add_person].concat())
    } else {
        (said.add_person, said.add_person.to_owned())
    };
    html! {
        <div class="statistics-controls">
            <div class="segments" role="group" aria-label={said.period}>{ for presets }</div>
            if is_own {
                <div class="own-period">
                    <label>{ said.first_day }<input type="date" class="input" ref={first} value={input_day(props.period.first)} onchange={onday.clone()} /></label>
                    <label>{ said.last_day }<input type="date" class="input" ref={last} value={input_day(props.period.last)} onchange={onday} /></label>
                    if *is_wrong { <span class="field-error" role="alert">{ said.invalid_period }</span> }
                </div>
            }
            if props.supervises {
                <div class="people-chosen">
                    { for chips }
                    { view(PersonPicker {
                        label: add_person.into(), trigger: html! { <>{ icon(IconKind::People) }{ everyone }</> },
                        trigger_class: "button", chosen: None, onchoose,
                    }) }
                </div>
                <button type="button" class="button download" disabled={*downloading} onclick={download}>{ said.download }</button>
            }
        </div>
    }
}

/// The address of the list that a figure counts.
fn address(counted: Counted, period: &Period, supervises: bool) -> String {
    let mut link = if supervises { Route::All } else { Route::Mine }.to_path();
    link.push('?');
    link.push_str(&period::list(counted, period));
    link
}

/// A number that opens its list; what counts nothing has none.
fn number(value: i32, counted: Counted, period: &Period, supervises: bool) -> Html {
    if value == 0 {
        return html! { <span>{ value }</span> };
    }
    html! { <a class="figure-link" href={address(counted, period, supervises)}>{ value }</a> }
}

fn share(statistics: &Statistics) -> Option<i32> {
    let judged = statistics.on_time.saturating_add(statistics.late);
    (judged > 0).then(|| (statistics.on_time.saturating_mul(200) / judged).saturating_add(1) / 2)
}

fn percent(share: Option<i32>) -> Option<String> {
    share.map(|share| share.to_string() + "\u{a0}%")
}

fn figures(words: &Wording, loaded: &Loaded, supervises: bool) -> Html {
    let said = &words.statistics;
    let (now, period) = (&*loaded.now, &loaded.period);
    let opens = |value: i32, counted: Counted| number(value, counted, period, supervises);
    let was = |value: &dyn Fn(&Statistics) -> Option<String>| {
        let value = loaded.before.as_deref().and_then(value);
        value.map(|value| html! { <span class="muted">{ (said.before)(&value) }</span> }).unwrap_or_default()
    };
    let count = |value: i32| Some(value.to_string());
    let duration = |seconds: Option<i32>| seconds.map(|seconds| (said.duration)(seconds.into()));
    let tile = |name: &str, value: Html, note: Html| {
        html! { <div class="tile"><dt>{ name.to_owned() }</dt><dd><span class="tile-value">{ value }</span>{ note }</dd></div> }
    };
    let judged = now.on_time.saturating_add(now.late);
    let on_time = match percent(share(now)) {
        Some(share) => {
            html! { <a class="figure-link" href={address(Counted::Completed("yes"), period, supervises)}>{ share }</a> }
        }
        None => html! { { said.none } },
    };
    let of_judged =
        if judged > 0 { (said.of_completed)(judged.into()) } else { said.nothing_completed.to_owned() };
    let moves = html! {
        if now.deadlines_moved > 0 {
            <a class="tile-note" href={address(Counted::Happened("deadline-moved"), period, supervises)}>{ (words.tasks)(now.deadlines_moved.into()) }</a>
        }
    };
    let median =
        html! { { duration(now.median_completion_seconds).unwrap_or_else(|| said.none.to_owned()) } };
    let review = html! { { duration(now.median_review_seconds).unwrap_or_else(|| said.none.to_owned()) } };
    html! {
        <>
            <dl class="tiles" aria-label={said.figures}>
                { tile(said.on_time, on_time, html! { <><span class="muted">{ of_judged }</span>{ was(&|before| percent(share(before))) }</> }) }
                { tile(said.late, opens(now.late, Counted::Completed("no")), was(&|before| count(before.late))) }
                { tile(said.overdue_now, opens(now.overdue_now, Counted::Status("overdue")), Html::default()) }
                { tile(said.completed, opens(now.completed, Counted::Happened("completed")), was(&|before| count(before.completed))) }
                { tile(said.created, opens(now.created, Counted::Happened("created")), was(&|before| count(before.created))) }
                { tile(said.median, median, was(&|before| duration(before.median_completion_seconds))) }
                { tile(said.review, review, was(&|before| duration(before.median_review_seconds))) }
                { tile(said.first_deadline, opens(now.on_time_by_original_deadline, Counted::Completed("first")), was(&|before| count(before.on_time_by_original_deadline))) }
                { tile(said.returned, opens(now.returned, Counted::Happened("returned")), was(&|before| count(before.returned))) }
                { tile(said.moves, html! { { now.deadline_moves } }, html! { <>{ moves }{ was(&|before| count(before.deadline_moves)) }</> }) }
            </dl>
            { view(Figure { kind: Kind::Flow, loaded: loaded.clone(), supervises }) }
            <div class="figure-pair">
                { view(Figure { kind: Kind::Status, loaded: loaded.clone(), supervises }) }
                { view(Figure { kind: Kind::Load, loaded: loaded.clone(), supervises }) }
            </div>
        </>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Flow,
    Status,
    Load,
}

/// A chart with its table.
#[derive(PartialEq)]
struct Figure {
    kind: Kind,
    loaded: Loaded,
    supervises: bool,
}

impl_view!(Figure, use_figure(self));

#[hook]
fn use_figure(props: &Figure) -> Html {
    let words = use_wording();
    let as_table = use_state_eq(|| false);
    let said = &words.statistics;
    let toggle = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    let now = &*props.loaded.now;
    let (title, is_empty) = match props.kind {
        Kind::Flow => (said.flow, false),
        Kind::Status => (said.by_status, false),
        Kind::Load => (said.load, now.by_assignee.is_empty()),
    };
    let content = match (props.kind, *as_table) {
        _ if is_empty => html! { <p class="muted">{ said.nobody }</p> },
        (Kind::Flow, false) => flow_chart(&words, now),
        (Kind::Flow, true) => flow_table(&words, props),
        (Kind::Status, false) => status_chart(&words, props),
        (Kind::Status, true) => status_table(&words, props),
        (Kind::Load, false) => load_chart(&words, props),
        (Kind::Load, true) => load_table(&words, props),
    };
    html! {
        <section class="figure">
            <header class="figure-head">
                <h2>{ title }</h2>
                <button type="button" class="button small" aria-pressed={as_table.to_string()} onclick={toggle}>
                    { if *as_table { said.as_chart } else { said.as_table } }
                </button>
            </header>
            { content }
        </section>
    }
}

fn flow_chart(words: &Wording, now: &Statistics) -> Html {
    let said = &words.statistics;
    let overdue: i32 = now.by_day.iter().map(|day| day.overdue).sum();
    let day = |date: Option<&str>| {
        let day = date.and_then(read_input_day);
        day.map(|day| date::short_day(words, day, words.local_now().date())).unwrap_or_default()
    };
    let first = day(now.by_day.first().map(|day| day.date.0.as_str()));
    let last = day(now.by_day.last().map(|day| day.date.0.as_str()));
    let summary = (said.flow_summary)(now.created.into(), now.completed.into(), overdue.into());
    let key = |class: &'static str, name: &'static str| {
        html! { <li><svg class="key" viewBox="0 0 12 12" aria-hidden="true">
            if class == "chart-overdue" { <path {class} d="M6 6h0" /> } else { <rect {class} x="2" y="1" width="8" height="10" rx="1.5" /> }
        </svg>{ name }</li> }
    };
    html! {
        <>
            <ul class="chart-keys">
                { key("chart-created", said.created) }{ key("chart-completed", said.completed) }{ key("chart-overdue", said.became_overdue) }
            </ul>
            { chart::flow(&now.by_day, summary, &first, &last) }
        </>
    }
}

fn table(caption: &str, head: &[&str], rows: impl Iterator<Item = Html>) -> Html {
    html! {
        <div class="table-scroll" tabindex="0" role="region" aria-label={caption.to_owned()}>
            <table class="table figures-table">
                <caption class="visually-hidden">{ caption.to_owned() }</caption>
                <thead><tr>{ for head.iter().map(|name| html! { <th scope="col">{ name.to_string() }</th> }) }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn flow_table(words: &Wording, props: &Figure) -> Html {
    let said = &words.statistics;
    let today = words.local_now().date();
    let rows = props.loaded.now.by_day.iter().filter_map(|day| {
        let date = read_input_day(&day.date.0)?;
        let on = Period { first: date, last: date, people: props.loaded.period.people.clone() };
        let cell = |value: i32, what: &'static str| {
            html! { <td>{ number(value, Counted::Happened(what), &on, props.supervises) }</td> }
        };
        Some(html! {
            <tr>
                <th scope="row">{ date::short_day(words, date, today) }</th>
                { cell(day.created, "created") }{ cell(day.completed, "completed") }{ cell(day.overdue, "overdue") }
            </tr>
        })
    });
    table(said.flow, &[said.day, said.created, said.completed, said.became_overdue], rows)
}

/// How the address of a list and the style sheet call a status.
fn status_names(status: TaskStatus) -> (&'static str, &'static str) {
    match status {
        TaskStatus::New => ("new", "bar-todo"),
        TaskStatus::InProgress => ("in-progress", "bar-in-progress"),
        TaskStatus::InReview => ("in-review", "bar-in-review"),
        TaskStatus::Done => ("done", "bar-done"),
        TaskStatus::Deferred => ("deferred", "bar-deferred"),
        TaskStatus::Overdue => ("overdue", "bar-overdue"),
    }
}

fn status_number(props: &Figure, status: TaskStatus, count: i32) -> Html {
    // Of the done, those of the period.
    let counted = match status {
        TaskStatus::Done => Counted::Happened("completed"),
        TaskStatus::New
        | TaskStatus::InProgress
        | TaskStatus::InReview
        | TaskStatus::Deferred
        | TaskStatus::Overdue => Counted::Status(status_names(status).0),
    };
    number(count, counted, &props.loaded.period, props.supervises)
}

fn status_chart(words: &Wording, props: &Figure) -> Html {
    let counts = &props.loaded.now.by_status;
    let longest = counts.iter().map(|row| row.count).max().unwrap_or(0);
    let rows = counts.iter().map(|row| {
        let label = format!("{}: {}", (words.status_name)(row.status), row.count);
        html! {
            <li>
                { status_mark(words, row.status) }
                { chart::row_bar(&[(status_names(row.status).1, row.count)], longest, label) }
                { status_number(props, row.status, row.count) }
            </li>
        }
    });
    html! { <ul class="row-chart">{ for rows }</ul> }
}

fn status_table(words: &Wording, props: &Figure) -> Html {
    let rows = props.loaded.now.by_status.iter().map(|row| {
        html! {
            <tr><th scope="row">{ (words.status_name)(row.status) }</th><td>{ status_number(props, row.status, row.count) }</td></tr>
        }
    });
    table(words.statistics.by_status, &[words.status, words.statistics.tasks], rows)
}

/// The people of the load, each with the period of their own tasks.
fn load_rows(props: &Figure) -> impl Iterator<Item = (&AssigneeStatistics, &str, Period)> {
    props.loaded.now.by_assignee.iter().filter_map(|row| {
        let person = row.assignee.as_ref()?;
        let of = Period { people: vec![person.id.clone()], ..props.loaded.period.clone() };
        Some((row, person.name.as_str(), of))
    })
}

fn load_chart(words: &Wording, props: &Figure) -> Html {
    let said = &words.statistics;
    let longest = props.loaded.now.by_assignee.iter().map(|row| row.open).max().unwrap_or(0);
    let rows = load_rows(props).map(|(row, name, of)| {
        let label = format!("{name}: {}, {}: {}", (said.open_short)(row.open.into()), said.overdue_now, row.overdue_now);
        let parts = [("bar-overdue", row.overdue_now), ("bar-open", row.open.saturating_sub(row.overdue_now))];
        html! {
            <li>
                <span class="row-name">{ name.to_owned() }</span>
                { chart::row_bar(&parts, longest, label) }
                <span>{ number(row.open, OPEN, &of, props.supervises) }
                    if row.overdue_now > 0 {
                        <span class="row-overdue">{ icon(IconKind::Overdue) }{ number(row.overdue_now, Counted::Status("overdue"), &of, props.supervises) }</span>
                    }
                </span>
            </li>
        }
    });
    html! { <ul class="row-chart load">{ for rows }</ul> }
}

/// Everything that is not done.
const OPEN: Counted = Counted::Status("overdue,new,in-progress,in-review,deferred");

fn load_table(words: &Wording, props: &Figure) -> Html {
    let said = &words.statistics;
    let head = [
        words.assignee,
        said.open,
        said.overdue_now,
        said.completed,
        said.on_time,
        said.late,
        said.returned,
        said.median,
    ];
    let rows = load_rows(props).map(|(row, name, of)| {
        let cell = |value: i32, counted: Counted| html! { <td>{ number(value, counted, &of, props.supervises) }</td> };
        let median = row.median_completion_seconds.map(|seconds| (said.duration)(seconds.into()));
        html! {
            <tr>
                <th scope="row">{ name.to_owned() }</th>
                { cell(row.open, OPEN) }{ cell(row.overdue_now, Counted::Status("overdue")) }
                { cell(row.completed, Counted::Happened("completed")) }{ cell(row.on_time, Counted::Completed("yes")) }
                { cell(row.late, Counted::Completed("no")) }{ cell(row.returned, Counted::Happened("returned")) }
                <td>{ median.unwrap_or_else(|| said.none.to_owned()) }</td>
            </tr>
        }
    });
    table(said.load, &head, rows)
}
