//! Everything of a day, opened from how much of it found no place.

use yew::prelude::*;

use super::days::Day;
use super::scene::{Due, Scene};
use crate::ui::Popover;
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct More {
    pub scene: Scene,
    pub day: Day,
    pub due: Vec<Due>,
    /// How many found no place.
    pub rest: i64,
    /// `day-popover`, and to which side it opens: `up`, `end`, both or neither.
    pub side: &'static str,
}

impl_view!(More, use_more(self));

#[hook]
fn use_more(props: &More) -> Html {
    let open = use_state_eq(|| false);
    let More { scene, day, due, rest, side } = props;
    let words = &scene.words.calendar;
    let content = if *open { day_list(scene, day, due) } else { Html::default() };
    view(Popover {
        open,
        label: (words.more_label)(*rest).into(),
        trigger: html! { { (words.more)(*rest) } },
        trigger_class: "more-of-day",
        class: side,
        kind: "dialog",
        children: content,
    })
}

/// All that is due on a day, in rows.
pub fn day_list(scene: &Scene, day: &Day, due: &[Due]) -> Html {
    let title = (scene.words.calendar.day_title)(day.date);
    html! {
        <section class="day-list" aria-label={title.clone()}>
            <h2>{ title }<span class="count">{ due.len() }</span></h2>
            <ul>{ for due.iter().map(|one| scene.row(one, Some(scene.time(day, one)))) }</ul>
        </section>
    }
}
