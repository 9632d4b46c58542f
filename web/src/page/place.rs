//! Where one can go: the name, the sign and the address of a page, and how much is there.

use yew::prelude::*;

use crate::client::{Wording, use_state_of, use_wording};
use crate::route::Route;
use crate::store::Scope;
use crate::ui::IconKind;

pub struct Place {
    pub route: Route,
    pub icon: IconKind,
    pub name: &'static str,
    /// How many open tasks are there.
    pub count: Option<i32>,
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

pub fn board_place(words: &Wording) -> Place {
    Place { route: Route::Board, icon: IconKind::Board, name: words.board.board, count: None }
}

pub fn calendar_place(words: &Wording) -> Place {
    Place { route: Route::Calendar, icon: IconKind::Calendar, name: words.calendar.calendar, count: None }
}

/// The lists of whoever looks, with their counts.
#[hook]
pub fn use_list_places() -> Vec<Place> {
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
