//! The form for a period of deadlines: its first day and its last, or one of them.

use std::rc::Rc;

use yew::prelude::*;

use super::choice::{Changed, Choice, day};
use crate::client::{Wording, use_wording};
use crate::store::Due;
use crate::text::date::input_day;
use crate::ui::DateField;
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Period {
    pub choice: Rc<Choice>,
    pub onchange: Changed,
    pub onclose: Callback<()>,
}

impl_view!(Period, use_period(self));

#[hook]
fn use_period(props: &Period) -> Html {
    let words = use_wording();
    let chosen = match props.choice.filter.due {
        Some(Due::Period { first, last }) => (input_day(first), input_day(last)),
        Some(_) | None => (String::new(), String::new()),
    };
    let first = use_state_eq(|| chosen.0);
    let last = use_state_eq(|| chosen.1);
    let tried = use_state_eq(|| false);
    let read = read(&first, &last);
    let onsubmit = {
        let (onchange, onclose, choice, tried) =
            (props.onchange.clone(), props.onclose.clone(), props.choice.clone(), tried.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if let Ok(due) = read {
                let mut next = (*choice).clone();
                next.filter.due = Some(due);
                onclose.emit(());
                onchange.emit((next, false));
            }
        })
    };
    let wrong = read.err().filter(|_| *tried);
    let input = |id: &'static str, name: &'static str, value: &UseStateHandle<String>| {
        let shown = (**value).clone();
        let value = value.clone();
        let onchange = Callback::from(move |text: String| value.set(text));
        let error = wrong.map(|_| "period-error".to_owned());
        html! {
            <div>
                <label for={id}>{ name }</label>
                { view(DateField { id: id.to_owned(), name, value: shown, onchange, first: None, error }) }
            </div>
        }
    };
    html! {
        <form class="period" {onsubmit} novalidate={true} aria-label={words.lists.due_period}>
            { input("period-first", words.lists.first_day, &first) }
            { input("period-last", words.lists.last_day, &last) }
            <button type="submit" class="button small">{ words.lists.show }</button>
            <div id="period-error" class="field-error" aria-live="polite">{ wrong.map(|wrong| wrong.text(&words)) }</div>
        </form>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Missing,
    NoSuchDay,
    Reversed,
}

impl Wrong {
    fn text(self, words: &Wording) -> &'static str {
        match self {
            Self::Missing => words.required,
            Self::NoSuchDay => words.no_such_day,
            Self::Reversed => words.lists.period_reversed,
        }
    }
}

/// The period that two fields hold. One day alone is a period, too; what was typed and is no day is not the same as nothing.
fn read(first: &str, last: &str) -> Result<Due, Wrong> {
    let known = |text: &str| match text {
        "" => Ok(None),
        text => day(text).map(Some).ok_or(Wrong::NoSuchDay),
    };
    match (known(first)?, known(last)?) {
        (Some(first), Some(last)) if first <= last => Ok(Due::Period { first, last }),
        (Some(_), Some(_)) => Err(Wrong::Reversed),
        (Some(day), None) | (None, Some(day)) => Ok(Due::Period { first: day, last: day }),
        (None, None) => Err(Wrong::Missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_two_days_or_one() {
        let period = |first: &str, last: &str| {
            Ok(Due::Period { first: first.parse().unwrap(), last: last.parse().unwrap() })
        };
        assert_eq!(read("2026-12-01", "2026-12-05"), period("2026-12-01", "2026-12-05"));
        assert_eq!(read("2026-12-01", "2026-12-01"), period("2026-12-01", "2026-12-01"));
        assert_eq!(read("2026-12-01", ""), period("2026-12-01", "2026-12-01"));
        assert_eq!(read("", "2026-12-05"), period("2026-12-05", "2026-12-05"));
    }

    #[test]
    fn what_is_no_period_says_why() {
        assert_eq!(read("", ""), Err(Wrong::Missing));
        assert_eq!(read("2026-12-05", "2026-12-01"), Err(Wrong::Reversed));
        for (first, last) in
            [("32.12", ""), ("2026-12-01", "завтра-завтра"), ("2026-02-30", ""), ("1969-12-31", "")]
        {
            assert_eq!(read(first, last), Err(Wrong::NoSuchDay), "{first} {last}");
        }
    }
}
