//! What is kept on the device: drafts, what was chosen for it, and what its tabs tell each other. Never a token, never what the
//! server said.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

/// What may be kept.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    Language,
    Theme,
    /// The new task, as far as it was typed.
    Draft,
    /// Whether the browser notifies on this device.
    Notify,
    /// Who signed in here last, or that they signed out: for the other tabs.
    Session,
    /// What was chosen in the palette last: addresses and ids, nothing that can be read.
    Recent,
}

impl Kept {
    fn key(self) -> &'static str {
        match self {
            Self::Language => "vekha.language",
            Self::Theme => "vekha.theme",
            Self::Draft => "vekha.draft",
            Self::Notify => "vekha.notify",
            Self::Session => "vekha.session",
            Self::Recent => "vekha.recent",
        }
    }
}

pub fn read(what: Kept) -> Option<String> {
    get(what.key())
}

/// Keeps it, or with `None` forgets it.
pub fn keep(what: Kept, value: Option<&str>) {
    set(what.key(), value);
}

/// What was typed at a place and not saved.
pub fn read_draft(place: &str) -> Option<String> {
    get(&draft_key(place))
}

/// Keeps what is being typed at a place, or with `None` forgets it.
pub fn keep_draft(place: &str, text: Option<&str>) {
    set(&draft_key(place), text);
}

/// The lists that a person saved on this device.
pub fn read_lists(person: &str) -> Option<String> {
    get(&lists_key(person))
}

/// Keeps the lists that a person saved, or with `None` forgets them.
pub fn keep_lists(person: &str, text: Option<&str>) {
    set(&lists_key(person), text);
}

fn lists_key(person: &str) -> String {
    ["vekha.lists.", person].concat()
}

fn draft_key(place: &str) -> String {
    ["vekha.draft.", place].concat()
}

/// Calls `heard` with what another tab of this browser keeps or forgets, until dropped.
pub fn follow(heard: impl Fn(Kept, Option<String>) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "storage", move |event| {
        let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
        let told = [Kept::Language, Kept::Theme, Kept::Session];
        if let Some(kept) = told.into_iter().find(|kept| event.key().as_deref() == Some(kept.key())) {
            heard(kept, event.new_value());
        }
    }))
}

fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn set(key: &str, value: Option<&str>) {
    if let Some(storage) = storage() {
        // A full or forbidden storage only means that it is not kept.
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
