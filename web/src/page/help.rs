//! Which keys do what, here and everywhere.

use yew::prelude::*;

use crate::client::{ShortcutGroup, caps, use_client, use_wording};
use crate::ui::Dialog;
use crate::view::{impl_view, view};

#[derive(Clone, PartialEq)]
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
