//! What surrounds every page of whoever is signed in: side bar, header, tabs of a phone, the form of a new task.

mod account;
mod bell;
mod connection;
mod navigation;

use yew::prelude::*;
use yew_router::Routable;

use super::list::ListPage;
use super::new_task::NewTaskDialog;
use super::not_found::NotFoundPage;
use super::notifications::NotificationsPage;
use super::people::PeoplePage;
use super::profile::ProfilePage;
use super::task::TaskPanel;
use crate::api::Role;
use crate::browser::document;
use crate::client::{use_state_of, use_wording};
use crate::route::Route;
use crate::store::Scope;
pub use account::theme_name;

use account::AccountMenu;
use bell::Bell;
use connection::ConnectionState;
use navigation::{SideBar, Tabs};

/// Opens the form of a new task, from wherever.
#[derive(Clone, PartialEq)]
pub struct OpenNewTask(pub Callback<()>);

#[derive(Properties, PartialEq)]
pub struct ShellProps {
    pub route: Route,
}

#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let words = use_wording();
    let route = props.route;
    let (role, unread) = use_state_of(|state| {
        let role = state.store.viewer.as_ref().map(|viewer| viewer.role);
        (role.unwrap_or(Role::Manager), state.store.inbox.unread)
    });
    // A task is shown over the list from which it was opened.
    let last_scope = use_state_eq(|| Scope::Mine);
    {
        let last_scope = last_scope.clone();
        use_effect_with(route, move |route| {
            if let Some(scope) = route.scope() {
                last_scope.set(scope);
            }
        });
    }
    let creating = use_state_eq(|| false);
    let open_new_task = {
        let creating = creating.clone();
        use_callback((), move |(), ()| creating.set(true))
    };
    let close_new_task = {
        let creating = creating.clone();
        use_callback((), move |(), ()| creating.set(false))
    };

    let scope = route.scope().unwrap_or(*last_scope);
    let title = match route {
        Route::Mine | Route::SetByMe | Route::All | Route::Task { .. } => match scope {
            Scope::Mine => words.mine,
            Scope::SetByMe => words.set_by_me,
            Scope::All => words.all_tasks,
        },
        Route::Notifications => words.notifications,
        Route::People => words.people,
        Route::Profile => words.profile,
        Route::Login | Route::Register | Route::Reset | Route::NotFound => words.product,
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

    let page = match route {
        Route::Mine => html! { <ListPage {scope} opened={None::<i32>} /> },
        Route::SetByMe | Route::All if role.supervises() => {
            html! { <ListPage {scope} opened={None::<i32>} /> }
        }
        Route::Task { number } => html! { <ListPage {scope} opened={number} /> },
        Route::Notifications => html! { <NotificationsPage /> },
        Route::People if role == Role::Admin => html! { <PeoplePage /> },
        Route::Profile => html! { <ProfilePage /> },
        Route::SetByMe | Route::All | Route::People => html! { <NotFoundPage /> },
        Route::Login | Route::Register | Route::Reset | Route::NotFound => html! { <NotFoundPage /> },
    };
    // A task leaves its list where it was scrolled to; any other page starts at its top.
    let content_key =
        route.scope().or(matches!(route, Route::Task { .. }).then_some(*last_scope)).map(Route::of);
    let content_key = content_key.unwrap_or(route).to_path();
    html! {
        <ContextProvider<OpenNewTask> context={OpenNewTask(open_new_task)}>
            <a class="skip" href="#content">{ words.skip_to_content }</a>
            <div class="shell">
                <SideBar {route} {scope} {role} />
                <div class="page">
                    <header class="header">
                        <h1 class="header-title">{ title }</h1>
                        <ConnectionState />
                        <div class="header-end"><Bell /><AccountMenu /></div>
                    </header>
                    <main id="content" key={content_key} class="content" tabindex="-1">{ page }</main>
                    if let Route::Task { number } = route {
                        <TaskPanel key={number} {number} back={Route::of(scope)} />
                    }
                </div>
                <Tabs {route} {scope} {role} />
            </div>
            if *creating { <NewTaskDialog onclose={close_new_task} /> }
        </ContextProvider<OpenNewTask>>
    }
}
