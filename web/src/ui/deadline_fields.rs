//! The two inputs of a deadline: the day, and the time of day.

use chrono::{NaiveDateTime, NaiveTime};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::error_line;
use crate::api::Timestamp;
use crate::client::{Wording, use_wording};
use crate::text::date::{input_day, input_time, read_input_day, read_input_time};
use crate::view::impl_view;

/// See [`DeadlineText::usual_time`].
const END_OF_DAY: &str = "18:00";

/// What the two inputs hold, as the browser writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeadlineText {
    pub date: String,
    pub time: String,
}

impl DeadlineText {
    pub fn of(local: Option<NaiveDateTime>) -> Self {
        local.map_or_else(Self::default, |local| Self {
            date: input_day(local.date()),
            time: input_time(local.time()),
        })
    }

    /// The time of day meant by whoever gives only the day.
    pub fn usual_time() -> NaiveTime {
        read_input_time(END_OF_DAY).unwrap_or(NaiveTime::MIN)
    }

    /// The moment, or none where nothing was given. An error says in words what is wrong.
    pub fn read(&self, words: &Wording) -> Result<Option<Timestamp>, &'static str> {
        if self.date.is_empty() {
            return if self.time.is_empty() { Ok(None) } else { Err(words.incomplete_deadline) };
        }
        let date = read_input_day(&self.date).ok_or(words.invalid)?;
        let time = if self.time.is_empty() { END_OF_DAY } else { &self.time };
        let time = read_input_time(time).ok_or(words.invalid)?;
        let moment = words.preferences.zone.moment(date.and_time(time));
        if moment <= words.now { Err(words.in_the_past) } else { Ok(Some(moment)) }
    }
}

#[derive(PartialEq)]
pub struct DeadlineFields {
    pub id: &'static str,
    pub value: UseStateHandle<DeadlineText>,
    pub error: Option<AttrValue>,
}

impl_view!(DeadlineFields, use_deadline_fields(self));

#[hook]
fn use_deadline_fields(props: &DeadlineFields) -> Html {
    let words = use_wording();
    let value = &props.value;
    let ondate = {
        let value = value.clone();
        Callback::from(move |event: InputEvent| {
            let date = event.target_unchecked_into::<HtmlInputElement>().value();
            let time = match (date.is_empty(), value.time.is_empty()) {
                (true, _) => String::new(),
                (false, true) => END_OF_DAY.to_owned(),
                (false, false) => value.time.clone(),
            };
            value.set(DeadlineText { date, time });
        })
    };
    let ontime = {
        let value = value.clone();
        Callback::from(move |event: InputEvent| {
            let time = event.target_unchecked_into::<HtmlInputElement>().value();
            value.set(DeadlineText { time, ..(*value).clone() });
        })
    };
    let id = props.id;
    let today = input_day(words.local_now().date());
    let invalid = props.error.is_some().then_some("true");
    html! {
        <div class="field">
            <div class="deadline-fields">
                <div>
                    <label for={format!("{id}-date")}>{ words.date }</label>
                    <input id={format!("{id}-date")} class="input" type="date" min={today} value={value.date.clone()} oninput={ondate}
                        aria-invalid={invalid} aria-describedby={format!("{id}-error")} />
                </div>
                <div>
                    <label for={format!("{id}-time")}>{ words.time }</label>
                    <input id={format!("{id}-time")} class="input" type="time" value={value.time.clone()} oninput={ontime}
                        aria-invalid={invalid} aria-describedby={format!("{id}-error")} />
                </div>
            </div>
            { error_line(format!("{id}-error"), props.error.clone()) }
        </div>
    }
}
