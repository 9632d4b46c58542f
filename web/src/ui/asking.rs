//! Asking for what is typed: once typing has rested, and never showing what was found for something that was typed before.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::browser::spawn;

/// Gives `answer` what `ask` finds for what is typed, unless something else is typed by then. `rest` is how long typing has to rest first,
/// in milliseconds.
#[hook]
pub fn use_asking<T, F>(
    typed: String,
    rest: u32,
    ask: impl FnOnce(String) -> F + 'static,
    answer: impl FnOnce(T) + 'static,
) where
    T: 'static,
    F: Future<Output = T> + 'static,
{
    use_effect_with(typed, move |typed| {
        let typed = typed.clone();
        let is_typed = Rc::new(Cell::new(true));
        let timer = {
            let is_typed = is_typed.clone();
            Timeout::new(rest, move || {
                spawn(async move {
                    let found = ask(typed).await;
                    if is_typed.get() {
                        answer(found);
                    }
                });
            })
        };
        move || {
            drop(timer);
            is_typed.set(false);
        }
    });
}
