//! Search, for administrators: any task by words, person, status and deadline, as fast as one types. The address says what is looked
//! for; the server finds.

mod answer;
mod asked;
mod found;
mod result;

use std::rc::Rc;

use chrono::{NaiveDate, NaiveTime};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use super::filter::{Changed, Choice, Field, Filters, Find};
use crate::browser::document;
use crate::client::{Shortcut, Trouble, Wording, use_shortcuts, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::Filter;
use crate::ui::{IconKind, Menu, MenuItem, empty, icon, skeleton, use_sight};
use crate::view::{impl_view, view};
use answer::use_answer;
use asked::{Asked, BY_DEADLINE};
use found::step;
use result::{link_id, result};

/// How long typing has to rest before it is looked for. Milliseconds.
const REST: u32 = 150;
const FIELD: &str = "search-field";
/// What is offered before anything was asked.
const STARTS: [&str; 3] = ["due=overdue", "due=today", "status=in-review"];

#[derive(Clone, PartialEq)]
pub struct SearchPage {
    /// What its address says besides.
    pub query: AttrValue,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
}

impl_view!(SearchPage, use_search_page(self));

#[hook]
fn use_search_page(props: &SearchPage) -> Html {
    let words = use_wording();
    let navigator = use_navigator();
    let scroller = use_node_ref();
    let choice = use_memo(props.query.clone(), |query| asked::read(query));
    let asked = {
        let today = words.local_now().date();
        let zone = words.preferences.zone.clone();
        use_memo((choice.clone(), today, zone), |(choice, today, zone)| {
            let start = |day: NaiveDate| zone.moment(day.and_time(NaiveTime::MIN));
            asked::asked(choice, *today, start)
        })
    };
    let answer = use_answer(&asked);
    let found = answer.found.clone();
    // Of another question until the answer to this one is there.
    let is_fresh =
        matches!((&*asked, &found), (Asked::Question(input), Some(found)) if *input == found.asked);
    let tasks = {
        let found = found.clone();
        use_state_of(move |state| {
            let task = |id| {
                let task = state.store.task(id)?;
                let person = task.assignee.as_ref().and_then(|id| state.store.person(id));
                Some((task, person))
            };
            found.iter().flat_map(|found| &found.hits).map(|hit| task(&hit.id)).collect::<Vec<_>>()
        })
    };
    let numbers: Vec<i32> = tasks.iter().flatten().map(|(task, _)| task.number).collect();
    let end = {
        let more = answer.ask.reform(|()| true);
        let more = use_callback(answer.ask.clone(), move |(), _| more.emit(()));
        let waits = is_fresh
            && !answer.is_awaited
            && answer.failure.is_none()
            && found.as_ref().is_some_and(|found| found.more.is_some());
        use_sight(scroller.clone(), more, waits, numbers.len())
    };
    use_effect_with((), |()| focus_field());
    {
        // Another question is read from its top.
        let scroller = scroller.clone();
        use_effect_with(found.as_ref().map(|found| found.asked.clone()), move |_| {
            scroller.cast::<web_sys::Element>().iter().for_each(|it| it.set_scroll_top(0));
        });
    }
    let onchange = {
        let navigator = navigator.clone();
        Callback::from(move |(choice, replaces): (Choice, bool)| {
            let address = Address { route: Route::Search, query: choice.write().into() };
            match &navigator {
                Some(navigator) if replaces => address.replace(navigator),
                Some(navigator) => address.open(navigator),
                None => {}
            }
        })
    };
    let go = {
        let numbers = numbers.clone();
        Callback::from(move |down: bool| {
            let from =
                document::focused_task().and_then(|number| numbers.iter().position(|it| *it == number));
            match step(from, down, numbers.len()).and_then(|at| numbers.get(at)) {
                Some(number) => document::focus(&link_id(*number)),
                None => document::focus(FIELD),
            }
        })
    };
    let onkeydown = {
        let (go, choice) = (go.clone(), choice.clone());
        let first = numbers.first().copied().filter(|_| is_fresh);
        Callback::from(move |event: KeyboardEvent| {
            let target = event.target_dyn_into::<web_sys::Element>();
            let is_field = target.as_ref().is_some_and(|target| target.id() == FIELD);
            let is_result = target.is_some_and(|target| target.class_name() == "row-link");
            match event.key().as_str() {
                "ArrowDown" if is_field || is_result => go.emit(true),
                "ArrowUp" if is_result => go.emit(false),
                "Enter" if is_field && !event.is_composing() => {
                    // Not the first of what was found by what the field held before.
                    let typed = event.target_dyn_into::<HtmlInputElement>().map(|field| field.value());
                    let is_answered = typed.is_some_and(|typed| typed.trim() == choice.filter.text);
                    if let Some(first) = first.filter(|_| is_answered) {
                        document::press(&["#", &link_id(first)].concat(), false);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let keys = [
        Shortcut::new("Slash", words.search.key_field, Callback::from(|()| focus_field())),
        Shortcut::new("KeyJ", words.lists.key_next, go.reform(|()| true)),
        Shortcut::new("KeyK", words.lists.key_previous, go.reform(|()| false)),
    ];
    use_shortcuts(words.search.title, keys.into());

    let failure = answer.failure.as_ref().map(|failure| Trouble::from(failure.clone()).text(&words));
    let retry = |follows: bool| {
        let again = answer.ask.reform(move |_: MouseEvent| follows);
        html! { <button type="button" class="button" onclick={again}>{ words.retry }</button> }
    };
    let body = match (&*asked, &found, failure) {
        (Asked::Nothing, _, _) => start(&words),
        (Asked::Question(_), _, Some(failure)) if !is_fresh => {
            empty(IconKind::Offline, failure.into(), None, retry(false))
        }
        (Asked::Question(_), None, _) => skeleton(&words, 8),
        (Asked::Question(_), Some(found), failure) if !found.hits.is_empty() => {
            let shown = found.hits.iter().zip(&tasks).filter_map(|(hit, task)| {
                let (task, person) = task.as_ref()?;
                Some(result(&words, hit, task, person.as_deref(), props.opened == Some(task.number)))
            });
            html! {
                <>
                    <ol class={classes!("results", (!is_fresh).then_some("stale"))} aria-label={words.search.title}
                        aria-busy={answer.is_awaited.to_string()}>{ for shown }</ol>
                    <div ref={end} class="more">
                        if failure.is_some() { { retry(true) } }
                        else if is_fresh && found.more.is_some() { <span class="more-dots" aria-hidden="true" /> }
                    </div>
                </>
            }
        }
        (Asked::Impossible | Asked::Question(_), _, _) => nothing(&words, &choice, &onchange),
    };
    let found = found.filter(|_| matches!(*asked, Asked::Question(_)));
    html! {
        <div class="list search" {onkeydown}>
            <div role="search">
                <div class="list-bar">
                    { view(Find {
                        choice: choice.clone(),
                        onchange: onchange.clone(),
                        label: words.search.field,
                        id: FIELD,
                        rest: REST,
                    }) }
                    { order_menu(&words, &choice, &onchange) }
                </div>
                <div class="list-bar">{ view(Filters { scope: None, choice: choice.clone(), onchange: onchange.clone() }) }</div>
            </div>
            <div ref={scroller} class="list-scroll">
                <div class="search-said" role="status">
                    if let Some(found) = found {
                        if found.total > 0 { <span>{ (words.search.found)(found.total.into()) }</span> }
                        if found.is_degraded { <span class="search-degraded">{ icon(IconKind::Overdue) }{ words.search.degraded }</span> }
                    }
                </div>
                { body }
            </div>
        </div>
    }
}

fn focus_field() {
    document::focus(FIELD);
    let field = document::document().and_then(|document| document.get_element_by_id(FIELD));
    field.and_then(|field| field.dyn_into().ok()).iter().for_each(HtmlInputElement::select);
}

/// Before anything was asked.
fn start(words: &Wording) -> Html {
    let link = |query: &'static str| {
        let address = Address { route: Route::Search, query: query.into() };
        let filter = asked::read(query).filter;
        let name = Field::ALL.into_iter().find(|field| field.is_chosen(&filter));
        let name = name.map(|field| field.value(words, &filter, |_| String::new()));
        html! { <a class="button" href={address.to_link()}>{ name }</a> }
    };
    let starts = html! { <div class="search-starts">{ for STARTS.into_iter().map(link) }</div> };
    empty(IconKind::Search, words.search.start.into(), Some(words.search.start_hint.into()), starts)
}

/// Where nothing was found, and what to do about it.
fn nothing(words: &Wording, choice: &Rc<Choice>, onchange: &Changed) -> Html {
    let cleared = Filter { text: choice.filter.text.clone(), ..Filter::default() };
    let title = words.palette.nothing.into();
    if choice.filter == cleared {
        return empty(IconKind::Search, title, Some(words.search.nothing_hint.into()), Html::default());
    }
    let cleared = Choice { filter: cleared, ..(**choice).clone() };
    let clear = onchange.reform(move |_: MouseEvent| (cleared.clone(), false));
    let clear =
        html! { <button type="button" class="button" onclick={clear}>{ words.lists.clear_filters }</button> };
    empty(IconKind::Search, title, Some(words.search.nothing_filtered_hint.into()), clear)
}

fn order_menu(words: &Wording, choice: &Rc<Choice>, onchange: &Changed) -> Html {
    let orders = [(None, words.search.by_relevance), (Some(BY_DEADLINE), words.search.by_deadline)];
    let items = orders.map(|(order, name)| {
        let changed = Choice { order, ..(**choice).clone() };
        MenuItem::choice(name, choice.order == order, onchange.reform(move |()| (changed.clone(), false)))
    });
    let [(_, relevance), (_, deadline)] = orders;
    let name = if choice.order.is_some() { deadline } else { relevance };
    view(Menu {
        label: [words.lists.sort_by, ": ", name].concat().into(),
        trigger: html! { <>{ icon(IconKind::View) }<span class="bar-word">{ name }</span></> },
        trigger_class: "button ghost small",
        class: "end",
        sections: vec![(None, items.into())],
    })
}
