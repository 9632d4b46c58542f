//! A small month to choose a day from.

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::{IconKind, icon};
use crate::browser::document;
use crate::civil::{day_by_key, first_of_month, is_weekend, monday, shift, shift_months};
use crate::client::use_wording;
use crate::text::date::{input_day, read_input_day};
use crate::view::impl_view;

#[derive(Clone, PartialEq)]
pub struct Month {
    /// The day in whose month it begins.
    pub shown: NaiveDate,
    pub chosen: Option<NaiveDate>,
    /// The first day that can be chosen.
    pub first: Option<NaiveDate>,
    pub onchoose: Callback<NaiveDate>,
}

impl_view!(Month, use_month(self));

#[hook]
fn use_month(props: &Month) -> Html {
    let words = use_wording();
    let cursor = use_state_eq(|| props.shown);
    let by_key = use_mut_ref(|| true);
    {
        let by_key = by_key.clone();
        use_effect_with(*cursor, move |cursor| {
            if std::mem::take(&mut *by_key.borrow_mut()) {
                document::focus(&day_id(*cursor));
            }
        });
    }
    let onkeydown = {
        let cursor = cursor.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(day) = day_by_key(&event.key(), *cursor) {
                event.prevent_default();
                // What it stands in may go by arrows, too.
                event.stop_propagation();
                *by_key.borrow_mut() = true;
                cursor.set(day);
            }
        })
    };
    let first = props.first;
    let is_early = move |day: NaiveDate| first.is_some_and(|first| day < first);
    let onclick = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |event: MouseEvent| {
            let pressed = event.target_dyn_into::<web_sys::Element>();
            let pressed = pressed.and_then(|target| target.closest("[data-day]").ok().flatten());
            let day = pressed.and_then(|day| read_input_day(&day.get_attribute("data-day")?));
            if let Some(day) = day.filter(|day| !is_early(*day)) {
                onchoose.emit(day);
            }
        })
    };
    let go = |by: i32| {
        let cursor = cursor.clone();
        Callback::from(move |_: MouseEvent| cursor.set(shift_months(*cursor, by)))
    };
    let today = words.local_now().date();
    let monday = monday(first_of_month(*cursor));
    let weeks = (0..6_i64).map(|week| {
        let days = (0..7_i64).map(|place| {
            let day = shift(monday, week * 7 + place);
            let is_chosen = props.chosen == Some(day);
            let class = classes!(
                "mini-day",
                (day == today).then_some("today"),
                is_chosen.then_some("chosen"),
                is_weekend(day).then_some("weekend"),
                (day.month() != cursor.month()).then_some("other-month"),
            );
            html! {
                <div role="gridcell" aria-selected={is_chosen.to_string()}>
                    <button type="button" id={day_id(day)} {class} data-day={input_day(day)} tabindex={if day == *cursor { "0" } else { "-1" }}
                        aria-label={(words.calendar.day_title)(day)} aria-current={(day == today).then_some("date")}
                        aria-disabled={is_early(day).then_some("true")}>{ day.day() }</button>
                </div>
            }
        });
        html! { <div role="row" class="mini-week">{ for days }</div> }
    });
    let title = (words.calendar.month_title)(*cursor);
    html! {
        <div class="mini">
            <header class="mini-head">
                <h2 aria-live="polite">{ &title }</h2>
                <button type="button" class="icon-button small" aria-label={words.calendar.earlier} onclick={go(-1)}>{ icon(IconKind::Back) }</button>
                <button type="button" class="icon-button small turned" aria-label={words.calendar.later} onclick={go(1)}>{ icon(IconKind::Back) }</button>
            </header>
            <div role="grid" aria-label={title} {onclick} {onkeydown}>
                <div role="row" class="mini-week">
                    { for words.weekdays.iter().zip(words.calendar.weekdays).map(|(short, long)| html! {
                        <div role="columnheader"><span aria-hidden="true">{ *short }</span><span class="visually-hidden">{ long }</span></div>
                    }) }
                </div>
                { for weeks }
            </div>
        </div>
    }
}

fn day_id(day: NaiveDate) -> String {
    ["mini-", &input_day(day)].concat()
}
