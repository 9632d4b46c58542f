//! Shortcuts: what a key does here, by its place on the keyboard, so that they work on any layout.
//!
//! Pages register theirs with [`use_shortcuts`]; the help dialog lists what is registered. Nothing acts while something is typed or a
//! dialog is open, and single keys act only where the profile says so.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};
use yew::prelude::*;

use super::{Client, use_client};
use crate::browser::{self, document};

/// How long the second key of a sequence is waited for. Milliseconds.
const SEQUENCE: i64 = 1_500;
/// What opens the palette opens it from a field too.
const WHILE_TYPING: &str = "Ctrl+KeyK";
/// Keys that go on acting while they are held down.
const REPEATING: [&str; 2] = ["KeyJ", "KeyK"];

/// One thing that a key does.
#[derive(Clone, PartialEq)]
pub struct Shortcut {
    /// `KeyboardEvent.code` with what is held («Ctrl+KeyK», «Shift+Slash»), or a sequence of two («KeyG KeyL»).
    pub keys: &'static str,
    /// What the help dialog calls it.
    pub name: &'static str,
    pub act: Callback<()>,
}

impl Shortcut {
    pub fn new(keys: &'static str, name: &'static str, act: Callback<()>) -> Self {
        Self { keys, name, act }
    }
}

/// What one page or part of it offers, under a heading of the help dialog.
#[derive(Clone, Default)]
pub struct ShortcutGroup {
    pub heading: &'static str,
    pub shortcuts: Vec<Shortcut>,
}

type Offered = Rc<RefCell<ShortcutGroup>>;

#[derive(Default)]
pub(super) struct Registry {
    /// The part drawn last has the first say.
    groups: RefCell<Vec<Weak<RefCell<ShortcutGroup>>>>,
    /// The first key of a sequence, and when it was pressed.
    begun: RefCell<Option<(String, i64)>>,
}

/// Offers shortcuts while the component is there. Of two that offer the same key, the one that came last has it.
#[hook]
pub fn use_shortcuts(heading: &'static str, shortcuts: Vec<Shortcut>) {
    let client = use_client();
    // While drawing, so that what surrounds comes before what is inside.
    let offered = use_memo((), |()| {
        let offered = Offered::default();
        client.0.shortcuts.groups.borrow_mut().push(Rc::downgrade(&offered));
        offered
    });
    *offered.borrow_mut() = ShortcutGroup { heading, shortcuts };
    use_effect_with((), move |()| {
        move || {
            let own = Rc::downgrade(&*offered);
            client.0.shortcuts.groups.borrow_mut().retain(|group| !group.ptr_eq(&own));
        }
    });
}

impl Client {
    /// Everything that keys do now, in the order in which it came.
    pub fn shortcuts(&self) -> Vec<ShortcutGroup> {
        let groups = self.0.shortcuts.groups.borrow();
        groups.iter().filter_map(Weak::upgrade).map(|group| group.borrow().clone()).collect()
    }

    /// Does what the key is for, if it is for anything here.
    pub fn press(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.default_prevented() || event.is_composing() || event.alt_key() || document::has_dialog() {
            return;
        }
        let held = event.ctrl_key() || event.meta_key();
        let pressed = chord(&event.code(), &event.key(), held, event.shift_key());
        if event.repeat() && !REPEATING.contains(&pressed.as_str()) {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector| {
            target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
        };
        if within(TYPING) && pressed != WHILE_TYPING || pressed == "Enter" && within(PRESSED_BY_ENTER) {
            return;
        }
        if pressed == "Ctrl+KeyZ" {
            if self.undo_newest() {
                event.prevent_default();
            }
            return;
        }
        if !held && !self.state().preferences.shortcuts {
            return;
        }
        let begun = self.0.shortcuts.begun.take();
        let now = browser::now().timestamp_millis();
        let first = begun.filter(|(_, at)| now - at < SEQUENCE).map(|(first, _)| first);
        match meant(&self.shortcuts(), first.as_deref(), &pressed) {
            Meant::Act(act) => {
                event.prevent_default();
                act.emit(());
            }
            Meant::Begin => *self.0.shortcuts.begun.borrow_mut() = Some((pressed, now)),
            Meant::Nothing => {}
        }
    }
}

/// Where keys write or choose.
const TYPING: &str =
    "input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable],[role=menu]";
/// What Enter presses by itself.
const PRESSED_BY_ENTER: &str = "a,button,summary,[role=option],[role=tab],[role=menuitem]";

/// A key with what is held. The characters `/` and `?` stand for themselves wherever a layout has them.
fn chord(code: &str, key: &str, held: bool, shift: bool) -> String {
    let mut chord = String::new();
    if held {
        chord.push_str("Ctrl+");
    }
    let (shift, code) = match (key, code) {
        ("?", _) => (true, "Slash"),
        ("/", _) => (false, "Slash"),
        (_, "NumpadEnter") => (shift, "Enter"),
        (_, code) => (shift, code),
    };
    if shift {
        chord.push_str("Shift+");
    }
    chord.push_str(code);
    chord
}

enum Meant {
    Act(Callback<()>),
    /// It may be the first of a sequence.
    Begin,
    Nothing,
}

fn meant(groups: &[ShortcutGroup], first: Option<&str>, pressed: &str) -> Meant {
    let all = || groups.iter().rev().flat_map(|group| &group.shortcuts);
    let find = |first: Option<&str>| {
        all().find(|shortcut| match (first, shortcut.keys.split_once(' ')) {
            (Some(first), Some(keys)) => keys == (first, pressed),
            (None, None) => shortcut.keys == pressed,
            (Some(_), None) | (None, Some(_)) => false,
        })
    };
    let found = first.and_then(|first| find(Some(first))).or_else(|| find(None));
    if let Some(found) = found {
        return Meant::Act(found.act.clone());
    }
    let begins = all().any(|shortcut| shortcut.keys.split_once(' ').is_some_and(|(one, _)| one == pressed));
    if begins { Meant::Begin } else { Meant::Nothing }
}

/// The keys of a shortcut as keyboards have them printed: «Ctrl», «K».
pub fn caps(keys: &str) -> Vec<&str> {
    keys.split([' ', '+'])
        .filter(|key| *key != "Shift")
        .map(|key| match key {
            "Slash" if keys.contains("Shift") => "?",
            "Slash" => "/",
            "Enter" => "↵",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            key => key.strip_prefix("Key").or_else(|| key.strip_prefix("Digit")).unwrap_or(key),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// What pressing does when these are offered, each in a group of its own.
    fn press(offered: &[&'static str], first: Option<&str>, pressed: &str) -> String {
        let acted = Rc::new(Cell::new(""));
        let groups: Vec<_> = offered
            .iter()
            .map(|entry| {
                let (keys, name) = entry.split_once(':').unwrap();
                let acted = acted.clone();
                let act = Callback::from(move |()| acted.set(name));
                ShortcutGroup { heading: "", shortcuts: vec![Shortcut::new(keys, name, act)] }
            })
            .collect();
        match meant(&groups, first, pressed) {
            Meant::Act(act) => {
                act.emit(());
                acted.get().to_owned()
            }
            Meant::Begin => "begins".to_owned(),
            Meant::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn a_key_does_what_was_offered_last() {
        assert_eq!(press(&["KeyE:list", "KeyE:panel"], None, "KeyE"), "panel");
        assert_eq!(press(&["KeyE:list"], None, "KeyD"), "nothing");
    }

    #[test]
    fn a_sequence_needs_both_keys_in_their_order() {
        let offered = ["KeyG KeyL:list", "KeyL:look", "KeyS:status", "KeyG KeyS:statistics"];
        assert_eq!(press(&offered, None, "KeyG"), "begins");
        assert_eq!(press(&offered, Some("KeyG"), "KeyL"), "list");
        assert_eq!(press(&offered, Some("KeyG"), "KeyS"), "statistics");
        assert_eq!(press(&offered, None, "KeyS"), "status");
        assert_eq!(press(&offered, Some("KeyG"), "KeyX"), "nothing");
    }

    #[test]
    fn a_key_is_known_by_its_place_and_the_question_by_its_sign() {
        assert_eq!(chord("KeyC", "с", false, false), "KeyC");
        assert_eq!(chord("KeyK", "л", true, false), "Ctrl+KeyK");
        assert_eq!(chord("Slash", ".", false, false), "Slash");
        assert_eq!(chord("Digit7", "?", false, true), "Shift+Slash");
        assert_eq!(chord("Backslash", "/", false, true), "Slash");
        assert_eq!(chord("NumpadEnter", "Enter", false, false), "Enter");
    }

    #[test]
    fn keys_are_shown_as_they_are_printed() {
        assert_eq!(caps("Ctrl+KeyK"), ["Ctrl", "K"]);
        assert_eq!(caps("KeyG KeyL"), ["G", "L"]);
        assert_eq!(caps("Shift+Slash"), ["?"]);
    }
}
