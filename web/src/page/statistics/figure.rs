//! The charts, each with a table of the same numbers.

use yew::prelude::*;

use super::number::{OPEN, number};
use super::period::Counted;
use super::{Loaded, chart};
use crate::api::TaskStatus;
use crate::api::statistics::{AssigneeStatistics, DayFlow, Statistics};
use crate::client::{Period, Wording, use_wording};
use crate::text::date::{self, read_input_day};
use crate::ui::{IconKind, icon, status_mark};
use crate::view::impl_view;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Flow,
    Status,
    Load,
}

/// A chart with its table.
#[derive(PartialEq)]
pub struct Figure {
    pub kind: Kind,
    pub loaded: Loaded,
    pub supervises: bool,
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
    let (title, nothing) = match props.kind {
        Kind::Flow => (said.flow, now.by_day.iter().all(chart::is_empty).then_some(said.no_days)),
        Kind::Status => (said.by_status, None),
        Kind::Load => (said.load, now.by_assignee.is_empty().then_some(said.nobody)),
    };
    let content = match (nothing, props.kind, *as_table) {
        (Some(nothing), _, _) => html! { <p class="muted">{ nothing }</p> },
        (None, Kind::Flow, false) => flow_chart(&words, now),
        (None, Kind::Flow, true) => flow_table(&words, props),
        (None, Kind::Status, false) => status_chart(&words, props),
        (None, Kind::Status, true) => status_table(&words, props),
        (None, Kind::Load, false) => load_chart(&words, props),
        (None, Kind::Load, true) => load_table(&words, props),
    };
    html! {
        <section class="figure">
            <header class="figure-head">
                <h2>{ title }</h2>
                if nothing.is_none() {
                    <button type="button" class="button small" aria-pressed={as_table.to_string()} onclick={toggle}>
                        { if *as_table { said.as_chart } else { said.as_table } }
                    </button>
                }
            </header>
            { content }
        </section>
    }
}

fn flow_chart(words: &Wording, now: &Statistics) -> Html {
    let said = &words.statistics;
    let overdue: i32 = now.by_day.iter().map(|day| day.overdue).sum();
    let name = |day: &DayFlow| {
        let day = read_input_day(&day.date.0);
        day.map(|day| date::short_day(words, day, words.local_now().date())).unwrap_or_default()
    };
    let summary = (said.flow_summary)(now.created.into(), now.completed.into(), overdue.into());
    let key = |class: &'static str, name: &'static str| {
        html! { <li><svg class="key" viewBox="0 0 12 12" aria-hidden="true">
            if class == "chart-overdue" { <path {class} d="M6 6h0" /> } else { <rect {class} x="2" y="1" width="8" height="10" /> }
        </svg>{ name }</li> }
    };
    html! {
        <>
            <ul class="chart-keys">
                { key("chart-created", said.created) }{ key("chart-completed", said.completed) }{ key("chart-overdue", said.became_overdue) }
            </ul>
            { chart::flow(&now.by_day, summary, name) }
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
