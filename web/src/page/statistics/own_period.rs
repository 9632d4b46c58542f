//! The two days of a period of one's own: taken once one is done with them, or told that they are no period.

use chrono::NaiveDate;
use yew::prelude::*;

use super::period::{Chosen, own};
use crate::client::use_wording;
use crate::text::date::input_day;
use crate::ui::DateField;
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct OwnPeriod {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub onchange: Callback<Chosen>,
}

impl_view!(OwnPeriod, use_own_period(self));

#[hook]
fn use_own_period(props: &OwnPeriod) -> Html {
    let words = use_wording();
    let said = &words.statistics;
    let first = use_state_eq(|| input_day(props.first));
    let last = use_state_eq(|| input_day(props.last));
    let is_wrong = use_state_eq(|| false);
    {
        // Another address, another period.
        let (first, last, is_wrong) = (first.clone(), last.clone(), is_wrong.clone());
        use_effect_with((props.first, props.last), move |(from, to)| {
            first.set(input_day(*from));
            last.set(input_day(*to));
            is_wrong.set(false);
        });
    }
    let take = {
        let (first, last, is_wrong) = (first.clone(), last.clone(), is_wrong.clone());
        let (known, onchange) =
            (Chosen::Days { first: props.first, last: props.last }, props.onchange.clone());
        move || {
            let chosen = own(&first, &last);
            is_wrong.set(chosen.is_none());
            if let Some(chosen) = chosen.filter(|chosen| *chosen != known) {
                onchange.emit(chosen);
            }
        }
    };
    let onfocusout = {
        let take = take.clone();
        Callback::from(move |_: FocusEvent| take())
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        take();
    });
    let field = |id: &'static str, name: &'static str, value: &UseStateHandle<String>| {
        let shown = (**value).clone();
        let value = value.clone();
        let onchange = Callback::from(move |text: String| value.set(text));
        let error = is_wrong.then(|| "own-period-error".to_owned());
        html! {
            <div class="own-day">
                <label for={id}>{ name }</label>
                { view(DateField { id: id.to_owned(), name, value: shown, onchange, first: None, error }) }
            </div>
        }
    };
    html! {
        <form class="own-period" {onsubmit} {onfocusout} novalidate={true}>
            { field("own-first", said.first_day, &first) }
            { field("own-last", said.last_day, &last) }
            // Enter is pressed in a field, and no button is needed.
            <button type="submit" hidden={true} />
            if *is_wrong { <span id="own-period-error" class="field-error" role="alert">{ said.invalid_period }</span> }
        </form>
    }
}
