//! Everything of a day, opened from how much of it found no place.

use std::rc::Rc;

use yew::prelude::*;

use super::days::Day;
use super::scene::{Due, Setting};
use crate::ui::Popover;
use crate::view::{impl_view, view};

/// To which side something opens, so that it stays in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub up: bool,
    pub end: bool,
}

impl Side {
    /// As the style sheets name it, for a menu.
    pub fn of_menu(self) -> &'static str {
        match self {
            Self { up: false, end: false } => "",
            Self { up: false, end: true } => "end",
            Self { up: true, end: false } => "up",
            Self { up: true, end: true } => "up end",
        }
    }

    /// The same for a day.
    fn of_day(self) -> &'static str {
        match self {
            Self { up: false, end: false } => "day-popover",
            Self { up: false, end: true } => "day-popover end",
            Self { up: true, end: false } => "day-popover up",
            Self { up: true, end: true } => "day-popover up end",
        }
    }
}

#[derive(PartialEq)]
pub struct More {
    pub setting: Setting,
    pub day: Day,
    pub due: Rc<[Due]>,
    /// How many found no place.
    pub rest: i64,
    pub side: Side,
}

impl_view!(More, use_more(self));

#[hook]
fn use_more(props: &More) -> Html {
    let open = use_state_eq(|| false);
    let More { setting, day, due, rest, side } = props;
    let words = &setting.words.calendar;
    let content = if *open { day_list(setting, day, due) } else { Html::default() };
    let text = (words.more)(*rest);
    view(Popover {
        open,
        label: [text.as_str(), ", ", words.all_of_day].concat().into(),
        trigger: html! { { text } },
        trigger_class: "more-of-day",
        class: side.of_day(),
        kind: "dialog",
        children: content,
    })
}

/// All that is due on a day, in rows.
pub fn day_list(setting: &Setting, day: &Day, due: &[Due]) -> Html {
    let title = (setting.words.calendar.day_title)(day.date);
    html! {
        <section class="day-list" aria-label={title.clone()}>
            <h2>{ title }<span class="count">{ due.len() }</span></h2>
            <ul>{ for due.iter().map(|one| setting.row(one, Some(setting.time(day, one)))) }</ul>
        </section>
    }
}
