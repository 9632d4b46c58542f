//! What keys do on every page, and the dialog that lists what they do on this one.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::Role;
use crate::client::{Shortcut, ShortcutGroup, caps, use_client, use_shortcuts, use_wording};
use crate::route::Route;
use crate::store::Scope;
use crate::ui::Dialog;
use crate::view::{impl_view, view};

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

#[derive(PartialEq)]
pub struct HelpDialog {
    pub onclose: Callback<()>,
}

impl_view!(HelpDialog, use_help_dialog(self));

#[hook]
fn use_help_dialog(props: &HelpDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let keyboard = &words.keyboard;
    let row = |keys: &str, name: &str| {
        let sequence = keys.contains(' ');
        let caps = caps(keys).into_iter().enumerate().map(|(index, cap)| {
            html! { <>if sequence && index > 0 { <span class="muted">{ keyboard.then }</span> }<kbd>{ cap.to_owned() }</kbd></> }
        });
        html! { <div class="key-row"><dt>{ name.to_owned() }</dt><dd>{ for caps }</dd></div> }
    };
    let groups = client.shortcuts();
    let group = |group: &ShortcutGroup| {
        html! {
            <section>
                <h3>{ group.heading }</h3>
                <dl>
                    { for group.shortcuts.iter().map(|shortcut| row(shortcut.keys, shortcut.name)) }
                    if group.heading == keyboard.everywhere {
                        { row("Ctrl+Enter", keyboard.send) }
                        { row("Ctrl+KeyZ", keyboard.undo) }
                        { row("Esc", keyboard.close) }
                    }
                </dl>
            </section>
        }
    };
    let hint = if words.preferences.shortcuts { keyboard.hint } else { keyboard.off };
    view(Dialog {
        title: keyboard.title.into(),
        onclose: props.onclose.clone(),
        class: "keyboard-help",
        children: html! {
            <>
                <p class="muted">{ hint }</p>
                <div class="key-groups" tabindex="0" role="group" aria-label={keyboard.title}>{ for groups.iter().filter(|group| !group.shortcuts.is_empty()).map(group) }</div>
            </>
        },
    })
}
