//! Where one can go: a bar at the side, and on a phone tabs at the bottom.

use yew::prelude::*;
use yew_router::prelude::*;

use super::OpenNewTask;
use super::saved::SavedLists;
use crate::api::Role;
use crate::client::{Wording, use_state_of, use_wording};
use crate::page::entry::brand;
use crate::route::Route;
use crate::store::Scope;
use crate::ui::{IconKind, icon};
use crate::view::{impl_view, view};

struct Place {
    route: Route,
    icon: IconKind,
    name: &'static str,
    /// How many open tasks are there.
    count: Option<i32>,
}

fn scope_place(words: &Wording, scope: Scope) -> (IconKind, &'static str) {
    match scope {
        Scope::Mine => (IconKind::Inbox, words.mine),
        Scope::SetByMe => (IconKind::Delegated, words.set_by_me),
        Scope::Review => (IconKind::StatusInReview, words.lists.review),
        Scope::Overdue => (IconKind::Overdue, words.lists.overdue),
        Scope::All => (IconKind::AllTasks, words.all_tasks),
    }
}

fn board_place(words: &Wording) -> Place {
    Place { route: Route::Board, icon: IconKind::Board, name: words.board.board, count: None }
}

fn calendar_place(words: &Wording) -> Place {
    Place { route: Route::Calendar, icon: IconKind::Calendar, name: words.calendar.calendar, count: None }
}

/// The lists of whoever looks, with their counts.
#[hook]
fn use_list_places() -> Vec<Place> {
    let words = use_wording();
    let counts = use_state_of(|state| {
        let Some(viewer) = &state.store.viewer else { return vec![] };
        let count = |scope: &Scope| (*scope, state.store.counts.get(&scope.open(viewer)).copied());
        Scope::of(viewer).iter().map(count).collect::<Vec<_>>()
    });
    let place = |(scope, count)| {
        let (icon, name) = scope_place(&words, scope);
        Place { route: Route::of(scope), icon, name, count }
    };
    counts.into_iter().map(place).collect()
}

#[derive(PartialEq)]
pub struct SideBar {
    pub route: Route,
    pub behind: Route,
    /// The address of what is shown, as links have it.
    pub here: AttrValue,
    pub role: Role,
}

impl_view!(SideBar, use_side_bar(self));

#[hook]
fn use_side_bar(props: &SideBar) -> Html {
    let words = use_wording();
    let new_task = use_context::<OpenNewTask>();
    let lists = use_list_places();
    let is_here = |place: &Place| {
        place.route == props.route
            || (matches!(props.route, Route::Task { .. }) && place.route == props.behind)
    };
    let link = |place: Place| {
        let here = is_here(&place);
        let current = here.then_some("page");
        html! {
            <li>
                <a href={place.route.to_path()} class={classes!("side-link", here.then_some("here"))} aria-current={current}>
                    { icon(place.icon) }
                    <span class="side-name">{ place.name }</span>
                    if let Some(count) = place.count.filter(|count| *count > 0) {
                        <span class="count" title={(words.tasks)(count.into())}>{ count }</span>
                    }
                </a>
            </li>
        }
    };
    let rest = [
        Some(board_place(&words)),
        Some(calendar_place(&words)),
        Some(Place {
            route: Route::Statistics,
            icon: IconKind::Statistics,
            name: words.statistics.title,
            count: None,
        }),
        Some(Place {
            route: Route::Notifications,
            icon: IconKind::Bell,
            name: words.notifications,
            count: None,
        }),
        (props.role == Role::Admin).then_some(Place {
            route: Route::Search,
            icon: IconKind::Search,
            name: words.search.title,
            count: None,
        }),
        (props.role == Role::Admin).then_some(Place {
            route: Route::People,
            icon: IconKind::People,
            name: words.people,
            count: None,
        }),
    ];
    html! {
        <nav class="side" aria-label={words.navigation}>
            <div class="side-brand">{ brand() }{ words.product }</div>
            if let (true, Some(OpenNewTask(open))) = (props.role.supervises(), new_task) {
                <button type="button" class="button primary side-new" onclick={open.reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Add) }{ words.new_task }
                </button>
            }
            <ul class="side-list">{ for lists.into_iter().map(link) }</ul>
            { view(SavedLists { here: props.here.clone() }) }
            <ul class="side-list">{ for rest.into_iter().flatten().map(link) }</ul>
        </nav>
    }
}

/// The lists over a list, where there is no side bar.
#[derive(PartialEq)]
pub struct ListTabs {
    pub scope: Scope,
    /// The address of what is shown, as links have it.
    pub here: AttrValue,
}

impl_view!(ListTabs, use_list_tabs(self));

#[hook]
fn use_list_tabs(props: &ListTabs) -> Html {
    let words = use_wording();
    let saved = use_state_of(|state| state.saved.clone());
    let lists = use_list_places();
    if lists.len() < 3 && saved.is_empty() {
        return Html::default();
    }
    let tab = |link: AttrValue, name: AttrValue, count: Option<i32>, here: bool| {
        html! {
            <a href={link} class={classes!("scope-tab", here.then_some("here"))} aria-current={here.then_some("page")}>
                { name }
                if let Some(count) = count.filter(|count| *count > 0) { <span class="count">{ count }</span> }
            </a>
        }
    };
    let is_saved = saved.iter().any(|list| list.address == *props.here);
    let places = lists.into_iter().map(|place| {
        let here = place.route == Route::of(props.scope) && !is_saved;
        tab(place.route.to_path().into(), place.name.into(), place.count, here)
    });
    let saved = saved.iter().map(|list| {
        tab(list.address.clone().into(), list.name.clone().into(), None, list.address == *props.here)
    });
    html! { <nav class="scope-tabs" aria-label={words.lists.lists}>{ for places }{ for saved }</nav> }
}

#[derive(PartialEq)]
pub struct Tabs {
    pub route: Route,
    pub behind: Route,
    pub role: Role,
}

impl_view!(Tabs, use_tabs(self));

#[hook]
fn use_tabs(props: &Tabs) -> Html {
    let words = use_wording();
    let new_task = use_context::<OpenNewTask>();
    let mut lists = use_list_places();
    // The other lists stand over this one.
    lists.truncate(1);
    let unread = use_state_of(|state| state.store.inbox.unread);
    let tab = |place: Place| {
        let shown = if matches!(props.route, Route::Task { .. }) { props.behind } else { props.route };
        // The tab of lists stands for all of them.
        let here = place.route == shown || (place.route.scope().is_some() && shown.scope().is_some());
        let current = here.then_some("page");
        html! {
            <a href={place.route.to_path()} class={classes!("tab-link", here.then_some("here"))} aria-current={current}>
                <span class="tab-icon">{ icon(place.icon) }
                    if let Some(count) = place.count.filter(|count| *count > 0) { <span class="dot-count">{ count }</span> }
                </span>
                { place.name }
            </a>
        }
    };
    // The bell stands in the header of a wider page; here it has a tab of its own, and its count with it.
    let notifications = Place {
        route: Route::Notifications,
        icon: IconKind::Bell,
        name: words.notifications,
        count: Some(unread),
    };
    let lists = lists.into_iter().map(|place| Place { count: None, ..place });
    html! {
        <nav class="tabs-bar" aria-label={words.navigation}>
            { for lists.map(tab) }
            { tab(board_place(&words)) }
            if let (true, Some(OpenNewTask(open))) = (props.role.supervises(), new_task) {
                <button type="button" class="tab-new" aria-label={words.new_task} onclick={open.reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Add) }
                </button>
            }
            { tab(calendar_place(&words)) }
            { tab(notifications) }
        </nav>
    }
}
