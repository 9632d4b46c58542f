//! The bell: how many notifications are unread, and the latest of them.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::client::{use_state_of, use_wording};
use crate::page::notifications::{NotificationList, ReadAll};
use crate::route::Route;
use crate::ui::{IconKind, Popover, icon};
use crate::view::{impl_view, view};

/// How many notifications the popover shows.
const LATEST: usize = 12;

#[derive(PartialEq)]
pub struct Bell;

impl_view!(Bell, use_bell());

#[hook]
fn use_bell() -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let unread = use_state_of(|state| state.store.inbox.unread);
    let label = if unread > 0 {
        format!("{}: {}", words.notifications, (words.unread)(unread.into()))
    } else {
        words.notifications.to_owned()
    };
    let trigger = html! {
        <>
            { icon(IconKind::Bell) }
            if unread > 0 { <span class="dot-count">{ if unread > 99 { "99+".to_owned() } else { unread.to_string() } }</span> }
        </>
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    view(Popover {
        open,
        label: label.into(),
        kind: "dialog",
        trigger,
        trigger_class: "icon-button bell",
        class: "end notifications-popover",
        children: html! {
            <section aria-label={words.notifications}>
                <header class="popover-head"><h2>{ words.notifications }</h2>{ view(ReadAll) }</header>
                { view(NotificationList { most: LATEST, unread_only: false, onopen: close.clone() }) }
                <footer class="popover-foot" onclick={close.reform(|_: MouseEvent| ())}>
                    <a href={Route::Notifications.to_path()}>{ words.notification.see_all }</a>
                </footer>
            </section>
        },
    })
}
