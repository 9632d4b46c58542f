//! Statistics: what a period brought, of whom, and how things stand. Every number opens the list that it counts.

mod chart;
mod controls;
mod figure;
mod number;
mod own_period;
mod period;
mod tiles;

use std::rc::Rc;

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::statistics::Statistics;
use crate::browser::spawn;
use crate::client::{Period, use_client, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::ui::{IconKind, empty, skeleton};
use crate::view::{impl_view, view};
use controls::Controls;
use figure::{Figure, Kind};
use period::Shown;
use tiles::tiles;

#[derive(Clone, PartialEq)]
pub struct StatisticsPage {
    /// What its address says.
    pub query: AttrValue,
}

impl_view!(StatisticsPage, use_statistics_page(self));

/// The figures of a period, and those of the one before once they are there.
#[derive(Clone, PartialEq)]
struct Loaded {
    period: Period,
    now: Rc<Statistics>,
    before: Option<Rc<Statistics>>,
}

#[hook]
fn use_statistics_page(props: &StatisticsPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let supervises =
        use_state_of(|state| state.store.viewer.as_ref().is_some_and(|viewer| viewer.role.supervises()));
    let loaded = use_state_eq(|| None::<Loaded>);
    let failed = use_state_eq(|| false);
    let attempt = use_state_eq(|| 0_u32);
    let shown = Shown::read(&props.query);
    let today = words.local_now().date();
    let period = shown.period(today);
    // A list that is counted anew tells that something changed.
    let counts = use_state_of(|state| state.store.counts.values().copied().sum::<i32>());
    {
        let (client, loaded, failed) = (client.clone(), loaded.clone(), failed.clone());
        use_effect_with((period.clone(), counts, *attempt), move |(period, _, _)| {
            let period = period.clone();
            let current = Rc::new(std::cell::Cell::new(true));
            let wanted = current.clone();
            spawn(async move {
                let answer = client.load_statistics(&period).await;
                if !wanted.get() {
                    return;
                }
                match answer {
                    Ok(now) => {
                        let now = Rc::new(now);
                        failed.set(false);
                        let known = (*loaded).clone().filter(|known| known.period == period);
                        let before = known.and_then(|known| known.before);
                        loaded.set(Some(Loaded { period: period.clone(), now: now.clone(), before }));
                        // The comparison is worth a second question, not a wait.
                        if let (Ok(before), true) =
                            (client.load_statistics(&period::before(&period)).await, wanted.get())
                        {
                            loaded.set(Some(Loaded { period, now, before: Some(Rc::new(before)) }));
                        }
                    }
                    Err(_) => failed.set(true),
                }
            });
            move || current.set(false)
        });
    }
    let onchange = Callback::from(move |shown: Shown| {
        if let Some(navigator) = &navigator {
            Address { route: Route::Statistics, query: shown.write().into() }.open(navigator);
        }
    });
    let retry = Callback::from(move |_: MouseEvent| attempt.set(attempt.wrapping_add(1)));
    let content = match (&*loaded, *failed) {
        (Some(loaded), _) => {
            let figure = |kind: Kind| view(Figure { kind, loaded: loaded.clone(), supervises });
            html! {
                <>
                    { tiles(&words, loaded, supervises) }
                    { figure(Kind::Flow) }
                    <div class="figure-pair">{ figure(Kind::Status) }{ figure(Kind::Load) }</div>
                </>
            }
        }
        (None, true) => empty(
            IconKind::Offline,
            words.unreachable.into(),
            None,
            html! { <button type="button" class="button" onclick={retry}>{ words.retry }</button> },
        ),
        (None, false) => skeleton(&words, 8),
    };
    html! {
        <div class="statistics">
            { view(Controls { shown, period, supervises, onchange }) }
            { content }
        </div>
    }
}
