//! Notifications, grouped by day. Each opens its task and is read by that.

use std::rc::Rc;

use chrono::NaiveDate;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::NotificationKind;
use crate::browser::spawn;
use crate::client::{use_client, use_state_of, use_wording};
use crate::route::Route;
use crate::store::Notification;
use crate::text::date::heading;
use crate::text::notification::{describe_notification, why};
use crate::ui::{IconKind, avatar, empty, icon, skeleton};
use crate::view::{impl_view, view, view_keyed};

#[derive(Clone, PartialEq)]
pub struct NotificationsPage;

impl_view!(NotificationsPage, use_notifications_page());

#[hook]
fn use_notifications_page() -> Html {
    let client = use_client();
    let words = use_wording();
    let unread_only = use_state_eq(|| false);
    let (more, loading, lacks_unread) = use_state_of(|state| {
        let inbox = &state.store.inbox;
        let known = inbox.notifications.iter().filter(|notification| !notification.is_read).count();
        let lacks = i32::try_from(known).is_ok_and(|known| known < inbox.unread);
        (inbox.more.is_some(), inbox.loading, lacks)
    });
    let load = Callback::from(move |()| {
        let client = client.clone();
        spawn(async move { client.load_notifications(false).await });
    });
    // The unread ones may lie further back than what was read so far.
    let reads_on = *unread_only && lacks_unread && more && !loading;
    use_effect_with((load.clone(), reads_on), |(load, reads_on)| {
        if *reads_on {
            load.emit(());
        }
    });
    let toggle = {
        let unread_only = unread_only.clone();
        Callback::from(move |event: Event| {
            unread_only.set(event.target_unchecked_into::<HtmlInputElement>().checked());
        })
    };
    let shows_more = more && (lacks_unread || !*unread_only);
    html! {
        <div class="narrow">
            <div class="page-actions">
                <label class="check">
                    <input type="checkbox" checked={*unread_only} onchange={toggle} />
                    <span>{ words.notification.unread_only }</span>
                </label>
                { view(ReadAll) }
            </div>
            { view(NotificationList { most: usize::MAX, unread_only: *unread_only, onopen: Callback::noop() }) }
            if shows_more {
                <div class="more">
                    <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())} aria-disabled={loading.to_string()}>
                        { words.show_more }
                    </button>
                </div>
            }
        </div>
    }
}

/// Marks everything as read; gone while there is nothing to mark.
#[derive(PartialEq)]
pub struct ReadAll;

impl_view!(ReadAll, use_read_all());

#[hook]
fn use_read_all() -> Html {
    let client = use_client();
    let words = use_wording();
    let unread = use_state_of(|state| state.store.inbox.unread);
    let onclick = Callback::from(move |_: MouseEvent| {
        let client = client.clone();
        spawn(async move { client.mark_all_read().await });
    });
    html! {
        if unread > 0 { <button type="button" class="button small" {onclick}>{ words.notification.read_all }</button> }
    }
}

#[derive(PartialEq)]
pub struct NotificationList {
    /// How many at most.
    pub most: usize,
    pub unread_only: bool,
    /// One of them was opened.
    pub onopen: Callback<()>,
}

impl_view!(NotificationList, use_notification_list(self));

#[hook]
fn use_notification_list(props: &NotificationList) -> Html {
    let words = use_wording();
    let (notifications, is_read) =
        use_state_of(|state| (state.store.inbox.notifications.clone(), state.store.inbox.is_read));
    if !is_read {
        return html! { { skeleton(&words, 4) } };
    }
    let is_listed = |notification: &Rc<Notification>| !props.unread_only || !notification.is_read;
    let listed: Vec<_> = notifications.into_iter().filter(is_listed).take(props.most).collect();
    if listed.is_empty() {
        let own = &words.notification;
        return if props.unread_only {
            empty(IconKind::Check, own.none_unread.into(), None, Html::default())
        } else {
            empty(IconKind::Bell, own.none.into(), Some(own.none_hint.into()), Html::default())
        };
    }
    let mut days: Vec<(NaiveDate, Vec<Rc<Notification>>)> = vec![];
    for notification in listed {
        let day = words.local(notification.created_at).date();
        match days.last_mut() {
            Some((last, members)) if *last == day => members.push(notification),
            Some(_) | None => days.push((day, vec![notification])),
        }
    }
    let today = words.local_now().date();
    let group = |(day, members): (NaiveDate, Vec<Rc<Notification>>)| {
        let rows = members.into_iter().map(|notification| {
            let key = notification.id.as_str().to_owned();
            view_keyed(key, NotificationRow { notification, onopen: props.onopen.clone() })
        });
        html! { <><h2 class="day">{ heading(&words, day, today) }</h2><ul class="notifications">{ for rows }</ul></> }
    };
    html! { <div class="notification-groups">{ for days.into_iter().map(group) }</div> }
}

#[derive(PartialEq)]
struct NotificationRow {
    notification: Rc<Notification>,
    onopen: Callback<()>,
}

impl_view!(NotificationRow, use_notification_row(self));

#[hook]
fn use_notification_row(props: &NotificationRow) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let notification = &props.notification;
    let viewer = use_state_of(|state| state.store.viewer.as_ref().map(|viewer| viewer.id.clone()));
    let date = |moment, precise| words.deadline(moment, precise);
    let text = describe_notification(&words, notification, viewer.as_ref(), &date);
    let why = viewer.as_ref().map(|viewer| why(&words, notification, viewer));
    let read = {
        let (client, id) = (client.clone(), notification.id.clone());
        Callback::from(move |()| {
            let (client, id) = (client.clone(), id.clone());
            spawn(async move { client.mark_read(vec![id]).await });
        })
    };
    let is_unread = !notification.is_read;
    let place = match (&notification.task, notification.kind) {
        (Some(task), _) => Some(Route::Task { number: task.number }),
        (None, NotificationKind::UserRegistered) => Some(Route::People),
        (None, _) => None,
    };
    let open = {
        let (read, onopen) = (read.clone(), props.onopen.clone());
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            event.prevent_default();
            if is_unread {
                read.emit(());
            }
            if let (Some(navigator), Some(place)) = (&navigator, place) {
                navigator.push(&place);
                onopen.emit(());
            }
        })
    };
    let who = notification.actor.as_ref().map_or_else(|| words.system.to_owned(), |actor| actor.name.clone());
    let content = html! {
        <>
            <span class="notification-title">{ text.title }</span>
            if let Some(detail) = text.detail { <span class="notification-detail">{ detail }</span> }
            <span class="notification-meta">{ &who }{" · "}{ words.clock(notification.created_at) }if let Some(why) = why { {" · "}{ why } }</span>
        </>
    };
    html! {
        <li class={classes!("notification", is_unread.then_some("unread"))}>
            { avatar(&who) }
            if let Some(place) = place {
                <a class="notification-link" href={place.to_path()} onclick={open}>{ content }</a>
            } else {
                <span class="notification-link">{ content }</span>
            }
            if is_unread {
                <button type="button" class="icon-button mark-read" aria-label={words.notification.mark_read} title={words.notification.mark_read}
                    onclick={read.reform(|_: MouseEvent| ())}><span class="unread-dot" />{ icon(IconKind::Check) }</button>
            }
        </li>
    }
}
