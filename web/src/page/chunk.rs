//! The chunks that the client is cut into: pages and dialogs whose code comes when they are first wanted, or when the
//! browser has nothing else to do. Says what is in which chunk, and never what is drawn; see
//! `docs/adr/0008-a-client-in-chunks.md`.
//!
//! What two chunks share and the first page does not need becomes a file of its own, so things that are alike belong together.

use std::cell::Cell;
use std::thread::LocalKey;

use futures_util::future::{FutureExt, LocalBoxFuture};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::functional::{Hook, HookContext};
use yew::prelude::*;

use super::board::BoardPage;
use super::calendar::CalendarPage;
use super::help::HelpDialog;
use super::list::{DateDialog, NameDialog};
use super::new_task::NewTaskDialog;
use super::notifications::NotificationsPage;
use super::palette::Palette;
use super::people::PeoplePage;
use super::profile::ProfilePage;
use super::reason::ReasonDialog;
use super::search::SearchPage;
use super::statistics::StatisticsPage;
use super::task::Content;
use crate::browser::{document, spawn};
use crate::client::use_wording;
use crate::route::Route;
use crate::ui::{IconKind, Month, empty, skeleton};
use crate::view::{View, view};

/// Puts a view of a chunk into the page. It is a function of that chunk.
type Place<C> = fn(C) -> Html;

/// The views that one chunk holds.
trait Chunk: Clone + PartialEq + 'static {
    /// What has been loaded is kept here, so that it is drawn at once when it is wanted again.
    fn loaded() -> &'static LocalKey<Cell<Option<Place<Self>>>>;

    fn load() -> LocalBoxFuture<'static, Result<Place<Self>, SplitLoaderError>>;
}

macro_rules! chunk {
    ($(#[$documentation:meta])* $chunk:ident as $file:ident, by $load:ident: $($view:ident),+) => {
        $(#[$documentation])*
        #[derive(Clone, PartialEq)]
        #[allow(clippy::enum_variant_names, reason = "a variant has the name of its view")]
        pub enum $chunk {
            $($view($view)),+
        }

        #[wasm_split($file, fallible)]
        fn $load() -> Result<Place<$chunk>, SplitLoaderError> {
            Ok(|wanted| match wanted {
                $($chunk::$view(wanted) => view(wanted)),+
            })
        }

        impl Chunk for $chunk {
            fn loaded() -> &'static LocalKey<Cell<Option<Place<Self>>>> {
                thread_local! {
                    static LOADED: Cell<Option<Place<$chunk>>> = const { Cell::new(None) };
                }
                &LOADED
            }

            fn load() -> LocalBoxFuture<'static, Result<Place<Self>, SplitLoaderError>> {
                $load().boxed_local()
            }
        }

        $(impl From<$view> for Html {
            fn from(wanted: $view) -> Self {
                view(Lazy { wanted: $chunk::$view(wanted) })
            }
        })+
    };
}

chunk!(
    /// What opens over a page: a task, the form of a new one, the palette, a question, a month.
    Overlay as overlay, by load_overlay: Content, NewTaskDialog, Palette, HelpDialog, NameDialog, DateDialog, ReasonDialog, Month
);

chunk!(
    /// Tasks by day and by column, and what drags them.
    Planning as planning, by load_planning: BoardPage, CalendarPage
);

chunk!(
    /// What is opened now and then.
    Office as office, by load_office: NotificationsPage, PeoplePage, ProfilePage, SearchPage, StatisticsPage
);

/// Loads the chunk that a page is in, if it is in one: while its session is still being restored, say.
pub fn preload_for(route: Route) {
    let load = match route {
        Route::Board | Route::Calendar => get::<Planning>().map(drop).boxed_local(),
        Route::Task { .. } => get::<Overlay>().map(drop).boxed_local(),
        Route::Statistics | Route::Search | Route::Notifications | Route::People | Route::Profile => {
            get::<Office>().map(drop).boxed_local()
        }
        Route::Mine
        | Route::SetByMe
        | Route::Review
        | Route::Overdue
        | Route::All
        | Route::Login
        | Route::Register
        | Route::Reset
        | Route::NotFound => return,
    };
    spawn(load);
}

/// Loads every chunk, one after the other, so that none is waited for when it is wanted.
pub fn preload() {
    spawn(async {
        // Without a network they come when they are wanted, or say that they cannot.
        let _ = get::<Overlay>().await;
        let _ = get::<Planning>().await;
        let _ = get::<Office>().await;
    });
}

async fn get<C: Chunk>() -> Result<Place<C>, SplitLoaderError> {
    let place = C::load().await?;
    C::loaded().set(Some(place));
    Ok(place)
}

/// A view of a chunk: drawn when its code is there, and grey rows until then.
#[derive(PartialEq)]
struct Lazy<C> {
    wanted: C,
}

impl<C: Chunk> View for Lazy<C> {
    fn draw(&self, hooks: &mut HookContext) -> Html {
        use_lazy(self).run(hooks)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Loading {
    Running,
    Done,
    Failed,
}

#[hook]
fn use_lazy<C: Chunk>(props: &Lazy<C>) -> Html {
    let words = use_wording();
    let place = C::loaded().get();
    let loading = use_state_eq(|| if place.is_some() { Loading::Done } else { Loading::Running });
    {
        let loading = loading.clone();
        use_effect_with((), move |()| {
            if *loading != Loading::Done {
                spawn(async move {
                    loading.set(if get::<C>().await.is_ok() { Loading::Done } else { Loading::Failed });
                });
            }
        });
    }
    match (place, *loading) {
        (Some(place), _) => place(props.wanted.clone()),
        // The files of a version go when the next one comes, so what helps is a reload.
        (None, Loading::Failed) => empty(
            IconKind::Offline,
            words.not_loaded.into(),
            None,
            html! {
                <button type="button" class="button primary" onclick={|_: MouseEvent| document::reload()}>{ words.reload }</button>
            },
        ),
        (None, Loading::Running | Loading::Done) => skeleton(&words, 5),
    }
}
