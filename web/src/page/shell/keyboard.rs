//! What keys do on every page.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::Role;
use crate::client::{Shortcut, use_shortcuts, use_wording};
use crate::route::Route;
use crate::store::Scope;

/// Registers what keys do everywhere.
#[hook]
pub fn use_global_shortcuts(role: Role, new_task: Callback<()>, help: Callback<()>, palette: Callback<bool>) {
    let words = use_wording();
    let keyboard = &words.keyboard;
    let navigator = use_navigator();
    let go = |keys: &'static str, name: &'static str, to: Route| {
        let navigator = navigator.clone();
        let act = Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                navigator.push(&to);
            }
        });
        Shortcut::new(keys, name, act)
    };
    let list = if role.supervises() { (words.set_by_me, Scope::SetByMe) } else { (words.mine, Scope::Mine) };
    use_shortcuts(
        keyboard.go,
        vec![
            go("KeyG KeyL", list.0, Route::of(list.1)),
            go("KeyG KeyB", words.board.board, Route::Board),
            go("KeyG KeyK", words.calendar.calendar, Route::Calendar),
            go("KeyG KeyS", words.statistics.title, Route::Statistics),
        ],
    );
    let mut everywhere = vec![
        Shortcut::new("Ctrl+KeyK", keyboard.palette, palette.reform(|()| false)),
        Shortcut::new("Slash", keyboard.search, palette.reform(|()| true)),
        Shortcut::new("Shift+Slash", keyboard.help, help),
    ];
    if role.supervises() {
        everywhere.push(Shortcut::new("KeyC", words.new_task, new_task));
    }
    use_shortcuts(keyboard.everywhere, everywhere);
}
