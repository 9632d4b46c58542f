//! The two fields of a deadline: the day, and the time of day.

use chrono::{Days, NaiveDateTime, NaiveTime};
use domain::validate::{self, Violation, limit};
use yew::prelude::*;

use super::{DateField, TimeField, error_line};
use crate::api::Timestamp;
use crate::client::{Wording, use_wording};
use crate::text::date::{input_day, input_time, read_input_day, read_input_time};
use crate::view::{impl_view, view};

/// See [`DeadlineText::usual_time`].
const END_OF_DAY: &str = "18:00";

/// What the two fields hold, as [`DateField`] does.
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
        let date = read_input_day(&self.date).ok_or(words.no_such_day)?;
        let time = if self.time.is_empty() { END_OF_DAY } else { &self.time };
        let time = read_input_time(time).ok_or(words.no_such_time)?;
        let moment = words.preferences.zone.moment(date.and_time(time));
        let last = words.now + Days::new(limit::DEADLINE_DAYS);
        match validate::deadline(&moment, &words.now, &last) {
            Err(Violation::TooFarAhead) => Err(words.too_far_ahead),
            Err(_) => Err(words.in_the_past),
            Ok(()) => Ok(Some(moment)),
        }
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
        Callback::from(move |date: String| {
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
        Callback::from(move |time: String| value.set(DeadlineText { time, ..(*value).clone() }))
    };
    let part = |name: &str| [props.id, "-", name].concat();
    let error = props.error.is_some().then(|| part("error"));
    html! {
        <div class="field">
            <div class="deadline-fields">
                <div>
                    <label for={part("date")}>{ words.date }</label>
                    { view(DateField {
                        id: part("date"), name: words.date, value: value.date.clone(), onchange: ondate, first: Some(words.local_now().date()),
                        error: error.clone(),
                    }) }
                </div>
                <div>
                    <label for={part("time")}>{ words.time }</label>
                    { view(TimeField { id: part("time"), value: value.time.clone(), onchange: ontime, error }) }
                </div>
            </div>
            { error_line(part("error"), props.error.clone()) }
        </div>
    }
}
