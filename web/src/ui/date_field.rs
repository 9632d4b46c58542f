//! Fields for a day and for a time of day, in the language of the person instead of the browser's: typed as people write them, and a day
//! also chosen from a month. What they hold is what a browser's own would: [`input_day`], [`input_time`]. What cannot be understood stays as it
//! was typed, for its form to say so.

use chrono::NaiveDate;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{IconKind, Month, Popover, icon};
use crate::client::use_wording;
use crate::text::date::{input_day, input_time, read_input_day};
use crate::text::written;
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct DateField {
    pub id: String,
    /// As its label calls it.
    pub name: &'static str,
    pub value: String,
    pub onchange: Callback<String>,
    /// The first day that can be chosen from the month.
    pub first: Option<NaiveDate>,
    /// The id of what says that it is wrong, where it is.
    pub error: Option<String>,
}

impl_view!(DateField, use_date_field(self));

#[hook]
fn use_date_field(props: &DateField) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let chosen = read_input_day(&props.value);
    let shown = chosen.map_or_else(|| props.value.clone(), |day| written::day(&words, day));
    let typing = {
        let words = words.clone();
        let read = move |text: &str| written::read_day(&words, text, words.local_now().date()).map(input_day);
        use_typing(&props.value, shown, read, &props.onchange)
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "ArrowDown" {
                event.prevent_default();
                event.stop_propagation();
                open.set(true);
            }
        })
    };
    let onchoose = {
        let (open, onchange) = (open.clone(), props.onchange.clone());
        Callback::from(move |day: NaiveDate| {
            open.set(false);
            onchange.emit(input_day(day));
        })
    };
    let month = if *open {
        let shown = chosen.unwrap_or_else(|| words.local_now().date());
        Month { shown, chosen, first: props.first, onchoose }.into()
    } else {
        Html::default()
    };
    html! {
        <div class="date-field">
            <input id={props.id.clone()} class="input" type="text" inputmode="numeric" autocomplete="off" maxlength="40" placeholder={words.day_shape}
                value={typing.shown} oninput={typing.oninput} onblur={typing.onblur} {onkeydown}
                aria-invalid={props.error.is_some().then_some("true")} aria-describedby={props.error.clone()} />
            { view(Popover {
                open, label: [words.choose_day, ": ", props.name].concat().into(), trigger: icon(IconKind::Calendar),
                trigger_class: "icon-button", class: "", kind: "dialog", children: month,
            }) }
        </div>
    }
}

#[derive(PartialEq)]
pub struct TimeField {
    pub id: String,
    pub value: String,
    pub onchange: Callback<String>,
    /// The id of what says that it is wrong, where it is.
    pub error: Option<String>,
}

impl_view!(TimeField, use_time_field(self));

#[hook]
fn use_time_field(props: &TimeField) -> Html {
    let words = use_wording();
    let read = |text: &str| written::read_time(text).map(input_time);
    let typing = use_typing(&props.value, props.value.clone(), read, &props.onchange);
    html! {
        <input id={props.id.clone()} class="input" type="text" inputmode="numeric" autocomplete="off" maxlength="40" placeholder={words.time_shape}
            value={typing.shown} oninput={typing.oninput} onblur={typing.onblur}
            aria-invalid={props.error.is_some().then_some("true")} aria-describedby={props.error.clone()} />
    }
}

struct Typing {
    shown: String,
    oninput: Callback<InputEvent>,
    onblur: Callback<FocusEvent>,
}

/// While it is typed, a text stands as it was typed, and once the field is left as it was understood.
#[hook]
fn use_typing(
    value: &str,
    written: String,
    read: impl Fn(&str) -> Option<String> + Clone + 'static,
    onchange: &Callback<String>,
) -> Typing {
    let typed = use_state_eq(|| None::<String>);
    let understood = move |text: &str| read(text).unwrap_or_else(|| text.trim().to_owned());
    // What was given to the field meanwhile goes before what was typed.
    let still = (*typed).clone().filter(|typed| understood(typed) == value);
    let oninput = {
        let (typed, onchange) = (typed.clone(), onchange.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            onchange.emit(understood(&text));
            typed.set(Some(text));
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| typed.set(None));
    Typing { shown: still.unwrap_or(written), oninput, onblur }
}
