//! The whole page: who is signed in decides what is drawn.

use crate::browser::{document, links, notify, spawn};
use gloo_timers::callback::Interval;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::client::{Client, Session, use_client, use_state_of, use_wording};
use crate::page::chunk;
use crate::page::entry::{LoginPage, RegisterPage, ResetPage};
use crate::page::shell::Shell;
use crate::route::Route;
use crate::ui::{IconKind, ToastRegion, empty};
use crate::view::{impl_view, view};

/// How often what says how near a deadline is looks at the clock. Milliseconds.
const TICK: u32 = 20_000;

#[derive(PartialEq)]
pub struct App;

impl_view!(App, use_app());

#[hook]
fn use_app() -> Html {
    let client = use_memo((), |()| Client::new());
    {
        let client = (*client).clone();
        use_effect_with((), move |()| {
            let ticking = client.clone();
            let clock = Interval::new(TICK, move || ticking.tick());
            let links = links::follow::<Route>();
            let pressed = client.clone();
            let keys = document::on_key(move |event| pressed.press(event));
            let tabs = (client.follow_tabs(), notify::tell_when_watched());
            spawn(async move { client.restore().await });
            move || drop((clock, links, keys, tabs))
        });
    }
    html! {
        <ContextProvider<Client> context={(*client).clone()}>
            <BrowserRouter>
                { view(Root) }
                { view(ToastRegion) }
            </BrowserRouter>
        </ContextProvider<Client>>
    }
}

#[derive(PartialEq)]
struct Root;

impl_view!(Root, use_root());

#[hook]
fn use_root() -> Html {
    let client = use_client();
    let words = use_wording();
    let session = use_state_of(|state| state.session);
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let entry = matches!(route, Route::Login | Route::Register | Route::Reset);
    {
        let client = client.clone();
        // What the page will need comes together with what is asked for before it.
        use_effect_with((), move |()| {
            if client.was_signed_in() {
                chunk::preload_for(route);
            }
        });
    }
    match session {
        // Whoever has not signed in here is not kept waiting for what becomes of a cookie.
        Session::Restoring if entry && !client.was_signed_in() => entry_page(route, false),
        Session::Restoring => html! { <div class="start" role="progressbar" aria-label={words.loading} /> },
        Session::Unreachable => {
            let again = Callback::from(move |_: MouseEvent| {
                let client = client.clone();
                spawn(async move { client.restore().await });
            });
            html! {
                <main class="alone">
                    { empty(IconKind::Offline, words.unreachable.into(), None, html! {
                        <button type="button" class="button primary" onclick={again}>{ words.retry }</button>
                    }) }
                </main>
            }
        }
        Session::SignedOut { ended } => entry_page(route, ended),
        Session::SignedIn if entry => html! { <Redirect<Route> to={Route::Mine} /> },
        Session::SignedIn => view(Shell { route }),
    }
}

/// Where one comes in. `ended`: one was in, until the session ended by itself.
fn entry_page(route: Route, ended: bool) -> Html {
    match route {
        Route::Register => view(RegisterPage),
        Route::Reset => view(ResetPage),
        Route::Mine
        | Route::SetByMe
        | Route::Review
        | Route::Overdue
        | Route::All
        | Route::Board
        | Route::Calendar
        | Route::Task { .. }
        | Route::Statistics
        | Route::Search
        | Route::Notifications
        | Route::People
        | Route::Profile
        | Route::Login
        | Route::NotFound => view(LoginPage { ended }),
    }
}
