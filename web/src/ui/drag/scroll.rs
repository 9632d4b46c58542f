//! What can scroll, and near whose edge something is held, scrolls.

use web_sys::Element;

use super::gesture::{Point, pull};
use super::surface::{element_at, rounded};

/// Scrolls by one frame. Gives whether anything moved.
pub(super) fn near_edges(at: Point) -> bool {
    let mut element = element_at(at);
    let (mut across, mut down) = (false, false);
    while let Some(inner) = element {
        let place = inner.get_bounding_client_rect();
        across = across || {
            let far = pull(at.x, rounded(place.left()), rounded(place.right()));
            let room = inner.scroll_width() > inner.client_width();
            far != 0 && room && scrolls(&inner, "overflow-x") && {
                let before = inner.scroll_left();
                inner.set_scroll_left(before.saturating_add(far));
                inner.scroll_left() != before
            }
        };
        down = down || {
            let far = pull(at.y, rounded(place.top()), rounded(place.bottom()));
            let room = inner.scroll_height() > inner.client_height();
            far != 0 && room && scrolls(&inner, "overflow-y") && {
                let before = inner.scroll_top();
                inner.set_scroll_top(before.saturating_add(far));
                inner.scroll_top() != before
            }
        };
        if across && down {
            break;
        }
        element = inner.parent_element();
    }
    across || down
}

fn scrolls(element: &Element, axis: &str) -> bool {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok()).flatten();
    let overflow = style.and_then(|style| style.get_property_value(axis).ok());
    overflow.is_some_and(|overflow| overflow == "auto" || overflow == "scroll")
}
