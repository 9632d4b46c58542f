//! Whether what is shown is what is.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::client::{use_state_of, use_wording};
use crate::store::Connection;
use crate::ui::{IconKind, icon};
use crate::view::impl_view;

/// How long it is said that the connection is back. Milliseconds.
const RESTORED: u32 = 3_000;

#[derive(PartialEq)]
pub struct ConnectionState;

impl_view!(ConnectionState, use_connection_state());

#[hook]
fn use_connection_state() -> Html {
    let words = use_wording();
    let connection = use_state_of(|state| state.store.connection);
    let was_lost = use_mut_ref(|| false);
    let restored = use_state_eq(|| false);
    {
        let restored = restored.clone();
        use_effect_with(connection, move |connection| {
            let back = *connection == Connection::Online && std::mem::take(&mut *was_lost.borrow_mut());
            if matches!(connection, Connection::Lost { .. }) {
                *was_lost.borrow_mut() = true;
            }
            restored.set(back);
            let timer = back.then(|| Timeout::new(RESTORED, move || restored.set(false)));
            move || drop(timer)
        });
    }
    let said = match connection {
        Connection::Lost { since } => html! {
            <span class="connection lost">{ icon(IconKind::Offline) }{ (words.connection_lost)(&words.clock(since)) }</span>
        },
        Connection::Online if *restored => html! {
            <span class="connection restored">{ icon(IconKind::Check) }{ words.connection_restored }</span>
        },
        Connection::Online | Connection::Starting => Html::default(),
    };
    html! { <div role="status" class="connection-state">{ said }</div> }
}
