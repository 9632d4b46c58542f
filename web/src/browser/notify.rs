//! The browser's own notifications: asked for by the person, shown while no tab is looked at, and one however many tabs there are.
//!
//! The browser shows one notification for a tag, whoever shows it, so that two hidden tabs do not tell the same twice. Whether some
//! other tab is being looked at is known by a Web Lock, which a tab holds while it is visible and loses when it closes or crashes.

use std::cell::RefCell;

use gloo_events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};
use yew_router::history::{BrowserHistory, History};

/// The lock of whichever tab is looked at.
const WATCHED: &str = "vekha.watched";

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Promise;
}

/// Whether the browser lets this site notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// This browser has no such thing, or not for this site.
    Unsupported,
    /// Nobody has been asked yet.
    NotAsked,
    Granted,
    Denied,
}

pub fn permission() -> Permission {
    let supported = Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false);
    if !supported {
        return Permission::Unsupported;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        NotificationPermission::Default | _ => Permission::NotAsked,
    }
}

/// Lets the browser ask the person. It does only right after something that they did.
pub async fn ask() -> Permission {
    if permission() == Permission::NotAsked
        && let Ok(asked) = Notification::request_permission()
    {
        // Whatever came of it is what the browser says from now on.
        let _ = JsFuture::from(asked).await;
    }
    permission()
}

/// Shows it, where the browser may and no tab is looked at. A press on it comes back here and opens `path`.
pub fn show(tag: &str, title: &str, body: &str, path: Option<String>) {
    if !is_hidden() || permission() != Permission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_tag(tag);
    options.set_body(body);
    options.set_icon("/icon.svg");
    let title = title.to_owned();
    let show = move || {
        // A phone's browser refuses: there only a service worker may.
        let Ok(notification) = Notification::new_with_options(&title, &options) else { return };
        let shown = notification.clone();
        let open = Closure::once_into_js(move || {
            shown.close();
            if let Some(window) = web_sys::window() {
                // At worst the person comes back by themselves.
                let _ = window.focus();
            }
            if let Some(path) = path {
                BrowserHistory::new().push(path);
            }
        });
        notification.set_onclick(Some(open.unchecked_ref()));
    };
    let Some(locks) = locks() else { return show() };
    let granted = Closure::once_into_js(move |lock: JsValue| {
        if !lock.is_null() {
            show();
        }
    });
    request(&locks, &[("mode", "shared".into()), ("ifAvailable", true.into())], &granted);
}

thread_local! {
    /// Gives the lock back.
    static RELEASE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Lets other tabs know while this one is looked at, until dropped.
pub fn tell_when_watched() -> Option<EventListener> {
    hold();
    let document = web_sys::window()?.document()?;
    Some(EventListener::new(&document, "visibilitychange", |_| {
        if is_hidden() {
            release();
        } else {
            hold();
        }
    }))
}

fn hold() {
    let Some(locks) = locks().filter(|_| !is_hidden()) else { return };
    let granted = Closure::once_into_js(|_: JsValue| {
        Promise::new(&mut |resolve, _| {
            // It may have waited for another tab so long that nobody looks here any more.
            let held = RELEASE.with_borrow(Option::is_some);
            if held || is_hidden() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            } else {
                RELEASE.set(Some(resolve));
            }
        })
    });
    request(&locks, &[("mode", "exclusive".into())], &granted);
}

fn release() {
    if let Some(resolve) = RELEASE.take() {
        // What resolves a promise does not throw.
        let _ = resolve.call0(&JsValue::UNDEFINED);
    }
}

fn request(locks: &LockManager, options: &[(&str, JsValue)], granted: &JsValue) {
    let object = Object::new();
    for (key, value) in options {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    // Refused only while the page is being left.
    drop(locks.request(WATCHED, &object, granted.unchecked_ref()));
}

/// Browsers have none on a page without TLS, but for the machine's own.
fn locks() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}
