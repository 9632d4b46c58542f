//! What is asked of the statistics: the period, the people, and the tasks of both as a file.

use yew::prelude::*;

use super::own_period::OwnPeriod;
use super::period::{Chosen, Shown};
use crate::api::UserId;
use crate::browser::{document, spawn};
use crate::client::{Period, use_client, use_state_of, use_wording};
use crate::ui::{IconKind, PersonPicker, icon};
use crate::view::{impl_view, view};

/// The id of the period that is shown.
const CHOSEN: &str = "period-chosen";

#[derive(PartialEq)]
pub struct Controls {
    pub shown: Shown,
    pub period: Period,
    pub supervises: bool,
    pub onchange: Callback<Shown>,
}

impl_view!(Controls, use_controls(self));

#[hook]
fn use_controls(props: &Controls) -> Html {
    let client = use_client();
    let words = use_wording();
    let downloading = use_state_eq(|| false);
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
        let (shown, onchange) = (shown.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| onchange.emit(Shown { chosen, ..shown.clone() }))
    };
    // On a phone not all of them are in sight.
    use_effect_with(shown.chosen, |_| document::reveal(CHOSEN));
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
            <button type="button" class="segment" id={pressed.then_some(CHOSEN)} aria-pressed={pressed.to_string()} onclick={choose(chosen)}>{ name }</button>
        }
    });
    let onown = {
        let (shown, onchange) = (shown.clone(), props.onchange.clone());
        Callback::from(move |chosen: Chosen| onchange.emit(Shown { chosen, ..shown.clone() }))
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
                { view(OwnPeriod { first: props.period.first, last: props.period.last, onchange: onown }) }
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
