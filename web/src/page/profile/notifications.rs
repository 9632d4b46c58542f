//! Whether the browser itself tells of what is new, on this device.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::notify::{self, Permission};
use crate::browser::spawn;
use crate::browser::storage::{self, Kept};
use crate::client::use_wording;
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct BrowserNotifications;

impl_view!(BrowserNotifications, use_browser_notifications());

#[hook]
fn use_browser_notifications() -> Html {
    let words = use_wording();
    let permission = use_state_eq(notify::permission);
    let wanted = use_state_eq(|| storage::read(Kept::Notify).is_some());
    let onchange = {
        let (permission, wanted) = (permission.clone(), wanted.clone());
        Callback::from(move |event: Event| {
            let on = event.target_unchecked_into::<HtmlInputElement>().checked();
            wanted.set(on);
            storage::keep(Kept::Notify, on.then_some("on"));
            let permission = permission.clone();
            if on {
                spawn(async move { permission.set(notify::ask().await) });
            }
        })
    };
    let own = &words.notification;
    let hint = match *permission {
        Permission::Granted => own.by_browser_hint,
        Permission::NotAsked if *wanted => own.by_browser_ask,
        Permission::NotAsked => own.by_browser_hint,
        Permission::Denied | Permission::Unsupported => own.by_browser_denied,
    };
    let possible = matches!(*permission, Permission::Granted | Permission::NotAsked);
    html! {
        <label class="check">
            <input type="checkbox" checked={*wanted && possible} disabled={!possible} {onchange} />
            <span>{ own.by_browser }<span class="muted" role="status">{ hint }</span></span>
        </label>
    }
}
