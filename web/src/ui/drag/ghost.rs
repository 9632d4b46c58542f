//! The picture of what is dragged, and the note below it. Drawn past Yew: it moves with every movement of the pointer.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::gesture::Point;
use super::surface::{document, rounded};

/// Is on the page until dropped.
pub(super) struct Ghost {
    frame: HtmlElement,
    note: Element,
    /// Where in the thing it was taken hold of.
    grip: Point,
}

impl Ghost {
    /// The same picture as the item, held where that was pressed, however far the pointer has gone since.
    pub(super) fn of(item: &HtmlElement, grip: Point) -> Option<Self> {
        let document = document()?;
        let place = item.get_bounding_client_rect();
        let picture = item.clone_node_with_deep(true).ok()?.dyn_into::<HtmlElement>().ok()?;
        for name in ["id", "data-drag", "data-drop", "data-lifted", "tabindex"] {
            picture.remove_attribute(name).ok()?;
        }
        for name in ["width", "height"] {
            let length = if name == "width" { place.width() } else { place.height() };
            picture.style().set_property(name, &pixels(rounded(length))).ok()?;
        }
        // It is drawn a little askew: turned around where it is held.
        let held_at = [pixels(grip.x), pixels(grip.y)].join(" ");
        picture.style().set_property("transform-origin", &held_at).ok()?;
        let frame = document.create_element("div").ok()?.dyn_into::<HtmlElement>().ok()?;
        frame.set_class_name("drag-ghost");
        // Seen alone: neither read aloud nor reached by the keyboard, nor in the way of what is below.
        frame.set_attribute("inert", "").ok()?;
        frame.set_attribute("aria-hidden", "true").ok()?;
        let note = document.create_element("div").ok()?;
        note.set_class_name("drag-note");
        frame.append_child(&picture).ok()?;
        frame.append_child(&note).ok()?;
        document.body()?.append_child(&frame).ok()?;
        Some(Self { frame, note, grip })
    }

    /// Where its upper edge is while the pointer is there.
    pub(super) fn top(&self, pointer: Point) -> i32 {
        pointer.y.saturating_sub(self.grip.y)
    }

    pub(super) fn move_to(&self, pointer: Point) {
        let place = [pixels(pointer.x.saturating_sub(self.grip.x)), pixels(self.top(pointer))].join(" ");
        // A length in pixels is always valid.
        let _ = self.frame.style().set_property("translate", &place);
    }

    /// An empty text hides the note.
    pub(super) fn say(&self, text: &str) {
        if self.note.text_content().as_deref() != Some(text) {
            self.note.set_text_content(Some(text));
        }
    }
}

impl Drop for Ghost {
    fn drop(&mut self) {
        self.frame.remove();
    }
}

fn pixels(length: i32) -> String {
    let mut text = length.to_string();
    text.push_str("px");
    text
}
