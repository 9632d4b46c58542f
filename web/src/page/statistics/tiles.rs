//! The figures as tiles. What a figure means is said by the server; here it is drawn, and opens its list.

use yew::prelude::*;

use super::Loaded;
use super::number::{address, number};
use super::period::Counted;
use crate::api::statistics::Statistics;
use crate::client::Wording;

fn share(statistics: &Statistics) -> Option<i32> {
    let judged = statistics.on_time.saturating_add(statistics.late);
    (judged > 0).then(|| (statistics.on_time.saturating_mul(200) / judged).saturating_add(1) / 2)
}

fn percent(share: Option<i32>) -> Option<String> {
    share.map(|share| share.to_string() + "\u{a0}%")
}

/// The figures of the period, each beside that of the period before.
pub fn tiles(words: &Wording, loaded: &Loaded, supervises: bool) -> Html {
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
    }
}
