//! What surrounds every page of whoever is signed in: side bar, header, tabs of a phone, the form of a new task.

mod account;
mod bell;
mod connection;
mod keyboard;
mod navigation;
mod saved;

use gloo_timers::callback::Timeout;
use yew::prelude::*;
use yew_router::Routable;
use yew_router::prelude::use_location;

use super::board::BoardPage;
use super::calendar::CalendarPage;
use super::chunk;
use super::help::HelpDialog;
use super::list::ListPage;
use super::new_task::{Beginning, NewTaskDialog, OpenNewTask};
use super::not_found::NotFoundPage;
use super::notifications::NotificationsPage;
use super::palette::Palette;
use super::people::PeoplePage;
use super::profile::ProfilePage;
use super::search::SearchPage;
use super::statistics::StatisticsPage;
use super::task::TaskPanel;
use crate::api::Role;
use crate::browser::document;
use crate::client::{Wording, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::Scope;
use crate::ui::screen::use_is_narrow;
use crate::ui::{IconKind, icon};
use crate::view::{impl_view, view, view_keyed};
use account::AccountMenu;
use bell::Bell;
use connection::ConnectionState;
use keyboard::use_global_shortcuts;
use navigation::{SideBar, Tabs};

/// How long after the first page the rest of the client is loaded. Milliseconds.
const SETTLED: u32 = 1_500;

#[derive(PartialEq)]
pub struct Shell {
    pub route: Route,
}

impl_view!(Shell, use_shell(self));

#[hook]
fn use_shell(props: &Shell) -> Html {
    let words = use_wording();
    let route = props.route;
    let (role, unread) = use_state_of(|state| {
        let role = state.store.viewer.as_ref().map(|viewer| viewer.role);
        (role.unwrap_or(Role::Manager), state.store.inbox.unread)
    });
    // A task is shown over the page from which it was opened.
    let query = use_location().map(|location| location.query_str().trim_start_matches('?').to_owned());
    let here = Address { route, query: query.unwrap_or_default().into() };
    let last = use_mut_ref(|| Address::of(Route::Mine));
    let behind = if route.shows_tasks() {
        last.replace(here.clone());
        here.clone()
    } else {
        last.borrow().clone()
    };
    let creating = use_state_eq(|| None::<Beginning>);
    let open_new_task = {
        let creating = creating.clone();
        use_callback((), move |beginning, ()| creating.set(Some(beginning)))
    };
    let close_new_task = {
        let creating = creating.clone();
        use_callback((), move |(), ()| creating.set(None))
    };
    let helping = use_state_eq(|| false);
    let help = {
        let helping = helping.clone();
        move |open: bool| {
            let helping = helping.clone();
            Callback::from(move |()| helping.set(open))
        }
    };
    // Open to find alone, or to do anything.
    let palette = use_state_eq(|| None::<bool>);
    let open_palette = {
        let palette = palette.clone();
        use_callback((), move |finds, ()| palette.set(Some(finds)))
    };
    let close_palette = Callback::from({
        let palette = palette.clone();
        move |()| palette.set(None)
    });
    use_effect_with((), |()| {
        let later = Timeout::new(SETTLED, chunk::preload);
        move || drop(later)
    });
    use_global_shortcuts(
        role,
        open_new_task.reform(|()| Beginning::default()),
        help(true),
        open_palette.clone(),
    );

    let shown = if matches!(route, Route::Task { .. }) { behind.clone() } else { here };
    let title = match shown.route {
        Route::Mine => words.mine,
        Route::SetByMe => words.set_by_me,
        Route::Review => words.lists.review,
        Route::Overdue => words.lists.overdue,
        Route::All => words.all_tasks,
        Route::Board => words.board.board,
        Route::Calendar => words.calendar.calendar,
        Route::Statistics => words.statistics.title,
        Route::Search => words.search.title,
        Route::Notifications => words.notifications,
        Route::People => words.people,
        Route::Profile => words.profile,
        Route::NotFound => words.page_not_found,
        Route::Task { .. } | Route::Login | Route::Register | Route::Reset => words.product,
    };
    let document_title = if let Route::Task { number } = route {
        (words.task_number)(&number.to_string())
    } else {
        title.to_owned()
    };
    use_effect_with((document_title, unread, words.product), |(title, unread, product)| {
        let count = if *unread > 0 { format!("({unread}) ") } else { String::new() };
        document::set_title(&format!("{count}{title} — {product}"));
    });

    let opened = if let Route::Task { number } = route { Some(number) } else { None };
    // On a phone a task lies over everything else, which then takes neither the focus nor a press.
    let is_covered = use_is_narrow() && opened.is_some();
    let page = page(&shown, role, opened);
    // A task leaves the page under it where it was scrolled to; any other page starts at its top.
    let content_key = shown.route.to_path();
    html! {
        <ContextProvider<OpenNewTask> context={OpenNewTask(open_new_task.clone())}>
            if !is_covered { <a class="skip" href="#content">{ words.skip_to_content }</a> }
            <div class="shell">
                { view(SideBar { route, behind: behind.route, here: shown.to_link().into(), role }) }
                <div class="page">
                    <header class="header" inert={is_covered}>
                        <h1 class="header-title">{ title }</h1>
                        { view(ConnectionState) }
                        <div class="header-end">{ search_field(&words, open_palette.clone()) }{ view(Bell) }{ view(AccountMenu) }</div>
                    </header>
                    <main id="content" key={content_key} class="content" tabindex="-1" inert={is_covered}>{ page }</main>
                    if let Route::Task { number } = route {
                        { view_keyed(number, TaskPanel { number, back: behind.clone() }) }
                    }
                </div>
                if !is_covered { { view(Tabs { route, behind: behind.route, role }) } }
            </div>
            if let Some(beginning) = &*creating {
                { NewTaskDialog { beginning: beginning.clone(), onclose: close_new_task } }
            }
            if let Some(finds) = *palette {
                { Palette {
                    finds,
                    role,
                    opened,
                    help: help(true),
                    new_task: open_new_task,
                    onclose: close_palette,
                } }
            }
            if *helping { { HelpDialog { onclose: help(false) } } }
        </ContextProvider<OpenNewTask>>
    }
}

/// Looks like a field, and opens one.
fn search_field(words: &Wording, open: Callback<bool>) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| open.emit(true));
    html! {
        <button type="button" class="header-search" aria-label={words.keyboard.search} aria-keyshortcuts="/ Control+K" {onclick}>
            { icon(IconKind::Search) }<span>{ words.palette.find }</span><kbd>{ "/" }</kbd>
        </button>
    }
}

fn page(address: &Address, role: Role, opened: Option<i32>) -> Html {
    let list = |scope| view(ListPage { scope, query: address.query.clone(), opened });
    match address.route {
        Route::Board => BoardPage { query: address.query.clone(), opened }.into(),
        Route::Calendar => CalendarPage { query: address.query.clone(), opened }.into(),
        Route::Statistics => StatisticsPage { query: address.query.clone() }.into(),
        Route::Mine => list(Scope::Mine),
        Route::Overdue => list(Scope::Overdue),
        Route::SetByMe if role.supervises() => list(Scope::SetByMe),
        Route::Review if role.supervises() => list(Scope::Review),
        Route::All if role.supervises() => list(Scope::All),
        Route::Notifications => NotificationsPage.into(),
        Route::People if role == Role::Admin => PeoplePage.into(),
        Route::Search if role == Role::Admin => SearchPage { query: address.query.clone(), opened }.into(),
        Route::Profile => ProfilePage.into(),
        Route::SetByMe | Route::Review | Route::All | Route::People | Route::Search => view(NotFoundPage),
        Route::Task { .. } | Route::Login | Route::Register | Route::Reset | Route::NotFound => {
            view(NotFoundPage)
        }
    }
}
