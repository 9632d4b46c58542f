//! What is scrolled to when days come into the page: in hours the present or the morning, in an agenda the day.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::hours;
use super::scene::{Scene, day_id};
use super::shown::View;
use crate::browser::document;

/// `frame` is what scrolls in a view of hours.
pub fn bring_in_sight(view: View, frame: &NodeRef, scene: &Scene) {
    match view {
        View::Month => {}
        View::Week | View::Day => {
            let now = scene.days.contains(scene.today).then(|| scene.words.local_now().time());
            let earliest =
                scene.each_day().flat_map(|(day, due)| due.iter().map(move |one| scene.time(day, one)));
            let top = hours::first_in_sight(now, earliest.min());
            if let Some(frame) = frame.cast::<HtmlElement>() {
                // On a phone not all days of a week are in sight.
                frame.set_scroll_left(hours::left(&frame, scene.date));
                frame.set_scroll_top(i32::try_from(top).unwrap_or(0));
            }
        }
        View::Agenda => document::bring_in_sight(&day_id(scene.date)),
    }
}
