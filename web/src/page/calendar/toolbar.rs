//! What is shown and whose: the bar above the days.

use chrono::Datelike;
use yew::prelude::*;

use super::jump::DateJump;
use super::scene::Scene;
use super::shown::View;
use crate::api::UserId;
use crate::client::{Wording, use_wording};
use crate::store::Whose;
use crate::ui::{IconKind, PersonSearch, Popover, avatar, icon};
use crate::view::{impl_view, view};

/// What the bar shows and does.
pub struct Toolbar<'a> {
    pub scene: &'a Scene,
    pub view: View,
    pub title: AttrValue,
    pub whose: &'a Whose,
    /// The name of the one person whose tasks are shown.
    pub person: Option<AttrValue>,
    pub tray_open: bool,
    pub go: Callback<i32>,
    pub choose_date: Callback<chrono::NaiveDate>,
    pub choose_view: Callback<View>,
    pub choose_whose: Callback<Whose>,
    pub toggle_tray: Callback<()>,
}

pub fn view_name(words: &Wording, view: View) -> &'static str {
    match view {
        View::Month => words.calendar.month,
        View::Week => words.calendar.week,
        View::Day => words.calendar.day,
        View::Agenda => words.calendar.agenda,
    }
}

impl Toolbar<'_> {
    pub fn draw(&self) -> Html {
        let words = &self.scene.words;
        let today = self.scene.today;
        let to_today = self.choose_date.reform(move |_: MouseEvent| today);
        let step = |by: i32| self.go.reform(move |_: MouseEvent| by);
        let views = View::ALL.map(|view| {
            let onchange = self.choose_view.reform(move |_: Event| view);
            html! {
                <label class="segment">
                    <input type="radio" name="calendar-view" checked={view == self.view} {onchange} />
                    <span>{ view_name(words, view) }</span>
                </label>
            }
        });
        html! {
            <div class="calendar-bar">
                <button type="button" class="button to-today" onclick={to_today}>
                    if self.scene.is_narrow { <span class="today-mark" aria-hidden="true">{ today.day() }</span> }
                    <span class={if self.scene.is_narrow { "visually-hidden" } else { "" }}>{ words.today }</span>
                </button>
                <div class="calendar-steps">
                    <button type="button" class="icon-button" aria-label={words.calendar.earlier} onclick={step(-1)}>{ icon(IconKind::Back) }</button>
                    <button type="button" class="icon-button turned" aria-label={words.calendar.later} onclick={step(1)}>{ icon(IconKind::Back) }</button>
                </div>
                { view(DateJump { title: self.title.clone(), date: self.scene.date, onchoose: self.choose_date.clone() }) }
                <span role="status" class="visually-hidden">{ &self.title }</span>
                <div class="calendar-end">
                    if self.scene.creates {
                        { view(WhoseTasks { whose: self.whose.clone(), person: self.person.clone(), onchoose: self.choose_whose.clone() }) }
                    }
                    <button type="button" class="button" aria-pressed={self.tray_open.to_string()} aria-label={words.calendar.without_deadline}
                        onclick={self.toggle_tray.reform(|_: MouseEvent| ())}>
                        { icon(IconKind::Inbox) }<span class="hide-narrow">{ words.calendar.without_deadline }</span>
                    </button>
                </div>
                <fieldset class="segments calendar-views">
                    <legend class="visually-hidden">{ words.calendar.view }</legend>
                    { for views }
                </fieldset>
            </div>
        }
    }
}

/// Chooses whose tasks are shown: everyone's, one's own, those one set, or those of one person.
#[derive(PartialEq)]
struct WhoseTasks {
    whose: Whose,
    person: Option<AttrValue>,
    onchoose: Callback<Whose>,
}

impl_view!(WhoseTasks, use_whose_tasks(self));

#[hook]
fn use_whose_tasks(props: &WhoseTasks) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let onchoose = {
        let (open, onchoose) = (open.clone(), props.onchoose.clone());
        Callback::from(move |whose: Whose| {
            open.set(false);
            onchoose.emit(whose);
        })
    };
    let choices = [
        (Whose::Everyone, words.calendar.everyone),
        (Whose::Mine, words.mine),
        (Whose::SetByMe, words.set_by_me),
    ];
    let name = match &props.whose {
        Whose::Person(_) => props.person.clone().unwrap_or_else(|| words.calendar.one_person.into()),
        whose @ (Whose::Everyone | Whose::Mine | Whose::SetByMe) => {
            choices.iter().find(|(one, _)| one == whose).map_or("", |(_, name)| name).into()
        }
    };
    let choices = choices.map(|(whose, name)| {
        let is_chosen = props.whose == whose;
        let onclick = onchoose.reform(move |_: MouseEvent| whose.clone());
        html! {
            <button type="button" class="menu-item" aria-pressed={is_chosen.to_string()} {onclick}>
                <span class="menu-label">{ name }</span>
                if is_chosen { { icon(IconKind::Check) } }
            </button>
        }
    });
    let chosen = if let Whose::Person(id) = &props.whose { Some(id.clone()) } else { None };
    let trigger = html! {
        <>
            if props.person.is_some() { { avatar(&name) } } else { { icon(IconKind::People) } }
            <span class="whose-name hide-narrow">{ name.clone() }</span><span class="whose-more hide-narrow">{ icon(IconKind::ChevronDown) }</span>
        </>
    };
    let children = html! {
        <div class="whose">
            { for choices }
            { view(PersonSearch { chosen, onchoose: onchoose.reform(|id: UserId| Whose::Person(id)) }) }
        </div>
    };
    let children = if *open { children } else { Html::default() };
    let label = (words.calendar.whose)(&name).into();
    view(Popover { open, label, trigger, trigger_class: "button", class: "end", kind: "dialog", children })
}
