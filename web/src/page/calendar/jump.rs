//! From the title of what is shown to any other day, by a small month.

use chrono::NaiveDate;
use yew::prelude::*;

use crate::client::use_wording;
use crate::ui::{IconKind, Month, Popover, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct DateJump {
    /// What the calendar shows, in words.
    pub title: AttrValue,
    pub date: NaiveDate,
    pub onchoose: Callback<NaiveDate>,
}

impl_view!(DateJump, use_date_jump(self));

#[hook]
fn use_date_jump(props: &DateJump) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let onchoose = {
        let (open, onchoose) = (open.clone(), props.onchoose.clone());
        Callback::from(move |date: NaiveDate| {
            open.set(false);
            onchoose.emit(date);
        })
    };
    let trigger =
        html! { <><span class="calendar-title">{ &props.title }</span>{ icon(IconKind::ChevronDown) }</> };
    let label = (words.calendar.choose_date)(&props.title).into();
    let children = if *open {
        Month { shown: props.date, chosen: Some(props.date), first: None, onchoose }.into()
    } else {
        Html::default()
    };
    view(Popover { open, label, trigger, trigger_class: "button ghost", class: "", kind: "dialog", children })
}
