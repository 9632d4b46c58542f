//! Where one can go: a bar at the side, and on a phone tabs at the bottom.

use yew::prelude::*;
use yew_router::prelude::*;

use super::saved::SavedLists;
use crate::api::Role;
use crate::client::{use_state_of, use_wording};
use crate::page::entry::brand;
use crate::page::new_task::{Beginning, OpenNewTask};
use crate::page::place::{Place, board_place, calendar_place, use_list_places};
use crate::route::Route;
use crate::ui::{IconKind, icon};
use crate::view::{impl_view, view};

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
                <button type="button" class="button primary side-new" onclick={open.reform(|_: MouseEvent| Beginning::default())}>
                    { icon(IconKind::Add) }{ words.new_task }
                </button>
            }
            <ul class="side-list">{ for lists.into_iter().map(link) }</ul>
            { view(SavedLists { here: props.here.clone() }) }
            <ul class="side-list">{ for rest.into_iter().flatten().map(link) }</ul>
        </nav>
    }
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
    // It is that of all lists, whichever is open: which one that is, the strip over the list says.
    let lists = lists.into_iter().map(|place| Place { name: words.lists.tab, count: None, ..place });
    html! {
        <nav class="tabs-bar" aria-label={words.navigation}>
            { for lists.map(tab) }
            { tab(board_place(&words)) }
            if let (true, Some(OpenNewTask(open))) = (props.role.supervises(), new_task) {
                <button type="button" class="tab-new" aria-label={words.new_task} onclick={open.reform(|_: MouseEvent| Beginning::default())}>
                    { icon(IconKind::Add) }
                </button>
            }
            { tab(calendar_place(&words)) }
            { tab(notifications) }
        </nav>
    }
}
