//! Tasks without a deadline, beside the days: one drags them onto a day, or a deadline away.

use yew::prelude::*;

use super::scene::{Due, Scene};
use super::target::Target;
use crate::ui::{IconKind, empty, icon, skeleton};

/// What is in the tray, as far as it has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Tray {
    pub due: Vec<Due>,
    pub is_read: bool,
}

pub fn tray(scene: &Scene, tray: &Tray, onclose: Callback<()>) -> Html {
    let words = &scene.words;
    let content = if !tray.is_read {
        skeleton(words, 4)
    } else if tray.due.is_empty() {
        let hint = Some(words.calendar.tray_empty_hint.into());
        empty(IconKind::Check, words.calendar.tray_empty.into(), hint, Html::default())
    } else {
        html! {
            <>
                <p class="small muted tray-hint">{ words.calendar.tray_hint }</p>
                <ul class="tray-list">{ for tray.due.iter().map(|one| scene.row(one, None)) }</ul>
            </>
        }
    };
    html! {
        <section class="tray" aria-label={words.calendar.without_deadline} data-drop={Target::Tray.name()}>
            <header class="tray-head">
                <h2>{ words.calendar.without_deadline }</h2>
                if !tray.due.is_empty() { <span class="count">{ tray.due.len() }</span> }
                <button type="button" class="icon-button small" aria-label={words.close} onclick={onclose.reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Close) }
                </button>
            </header>
            { content }
        </section>
    }
}
