//! A small month to jump from: opened from the title.

use chrono::{Datelike, NaiveDate};
use yew::prelude::*;

use super::days::{day_by_key, first_of_month, is_weekend, monday, shift, step};
use super::shown::View;
use crate::browser::document;
use crate::client::use_wording;
use crate::text::date::{input_day, read_input_day};
use crate::ui::{IconKind, Popover, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct DateJump {
    /// What the calendar shows, in words.
    pub title: AttrValue,
    pub date: NaiveDate,
    pub onchoose: Callback<NaiveDate>,
}

impl_view!(DateJump, use_date_jump(self));

#[hook]
fn use_date_jump(props: &DateJump) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let onchoose = {
        let (open, onchoose) = (open.clone(), props.onchoose.clone());
        Callback::from(move |date: NaiveDate| {
            open.set(false);
            onchoose.emit(date);
        })
    };
    let trigger =
        html! { <><span class="calendar-title">{ &props.title }</span>{ icon(IconKind::ChevronDown) }</> };
    let label = (words.calendar.choose_date)(&props.title).into();
    let children = if *open { view(Mini { date: props.date, onchoose }) } else { Html::default() };
    view(Popover { open, label, trigger, trigger_class: "button ghost", class: "", kind: "dialog", children })
}

#[derive(PartialEq)]
struct Mini {
    date: NaiveDate,
    onchoose: Callback<NaiveDate>,
}

impl_view!(Mini, use_mini(self));

#[hook]
fn use_mini(props: &Mini) -> Html {
    let words = use_wording();
    let cursor = use_state_eq(|| props.date);
    let by_key = use_mut_ref(|| true);
    {
        let by_key = by_key.clone();
        use_effect_with(*cursor, move |cursor| {
            if std::mem::take(&mut *by_key.borrow_mut()) {
                document::focus(&mini_id(*cursor));
            }
        });
    }
    let onkeydown = {
        let cursor = cursor.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(date) = day_by_key(&event.key(), *cursor) {
                event.prevent_default();
                *by_key.borrow_mut() = true;
                cursor.set(date);
            }
        })
    };
    let onclick = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |event: MouseEvent| {
            let pressed = event.target_dyn_into::<web_sys::Element>();
            let pressed = pressed.and_then(|target| target.closest("[data-day]").ok().flatten());
            if let Some(date) = pressed.and_then(|day| read_input_day(&day.get_attribute("data-day")?)) {
                onchoose.emit(date);
            }
        })
    };
    let go = |by: i32| {
        let cursor = cursor.clone();
        Callback::from(move |_: MouseEvent| cursor.set(step(View::Month, *cursor, by)))
    };
    let today = words.local_now().date();
    let first = monday(first_of_month(*cursor));
    let weeks = (0..6_i64).map(|week| {
        let days = (0..7_i64).map(|day| {
            let date = shift(first, week * 7 + day);
            let class = classes!(
                "mini-day",
                (date == today).then_some("today"),
                (date == props.date).then_some("chosen"),
                is_weekend(date).then_some("weekend"),
                (date.month() != cursor.month()).then_some("other-month"),
            );
            html! {
                <div role="gridcell" aria-selected={(date == props.date).to_string()}>
                    <button type="button" id={mini_id(date)} {class} data-day={input_day(date)} tabindex={if date == *cursor { "0" } else { "-1" }}
                        aria-label={(words.calendar.day_title)(date)} aria-current={(date == today).then_some("date")}>{ date.day() }</button>
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

fn mini_id(date: NaiveDate) -> String {
    let mut id = "mini-".to_owned();
    id.push_str(&input_day(date));
    id
}
