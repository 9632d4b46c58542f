//! What a drag finds in the window: elements under the pointer, what they say of themselves, where they are.

use web_sys::{Document, Element};
use yew::AttrValue;

use super::gesture::Point;

pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "places in a window are small")]
pub(super) fn element_at(at: Point) -> Option<Element> {
    document()?.element_from_point(at.x as f32, at.y as f32)
}

/// The nearest element around that bears the attribute, and what it says.
pub(super) fn named(element: &Element, attribute: &str) -> Option<(Element, AttrValue)> {
    let selector = ["[", attribute, "]"].concat();
    let found = element.closest(&selector).ok()??;
    let name = found.get_attribute(attribute)?;
    Some((found, AttrValue::from(name)))
}

/// How the drag stands, for the whole page: `None` when there is none.
pub(super) fn say_state(state: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // The name is valid, which is all that can go wrong.
        let _ = match state {
            Some(state) => root.set_attribute("data-dragging", state),
            None => root.remove_attribute("data-dragging"),
        };
    }
}

/// The upper left corner of an element.
pub(super) fn corner(element: &Element) -> Point {
    let place = element.get_bounding_client_rect();
    Point { x: rounded(place.left()), y: rounded(place.top()) }
}

#[expect(clippy::as_conversions, reason = "places in a window are small; a cast from a float saturates")]
pub(super) fn rounded(length: f64) -> i32 {
    length.round() as i32
}
