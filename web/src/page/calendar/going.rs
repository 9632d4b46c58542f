//! From what is shown to what is to be shown: other days, another view, other people's tasks. All of it by the address.

use chrono::NaiveDate;
use yew::prelude::*;
use yew_router::prelude::Navigator;

use super::days::step;
use super::shown::{Shown, View};
use super::toolbar::view_name;
use crate::client::{Shortcut, Wording};
use crate::route::{Address, Route};
use crate::store::Whose;

/// Where one is, and the way on.
#[derive(Clone)]
pub struct Going {
    pub navigator: Option<Navigator>,
    /// What the address asks for.
    pub shown: Shown,
    /// What is shown, also where the address leaves it out.
    pub view: View,
    pub date: NaiveDate,
    pub today: NaiveDate,
}

impl Going {
    fn go(&self, to: Shown) {
        if let Some(navigator) = &self.navigator {
            Address { route: Route::Calendar, query: to.write().into() }.open(navigator);
        }
    }

    /// An address without a date goes on showing the present.
    fn named(&self, date: NaiveDate) -> Option<NaiveDate> {
        Some(date).filter(|date| *date != self.today)
    }

    pub fn to_date(&self) -> Callback<NaiveDate> {
        let this = self.clone();
        Callback::from(move |to| this.go(Shown { date: this.named(to), ..this.shown.clone() }))
    }

    /// To another view of the day at which the keyboard is.
    pub fn to_view(&self, day: NaiveDate) -> Callback<View> {
        let this = self.clone();
        Callback::from(move |view| {
            this.go(Shown { view: Some(view), date: this.named(day), ..this.shown.clone() });
        })
    }

    /// To that day alone.
    pub fn to_day_alone(&self) -> Callback<NaiveDate> {
        let this = self.clone();
        Callback::from(move |day| {
            this.go(Shown { view: Some(View::Day), date: Some(day), ..this.shown.clone() });
        })
    }

    pub fn to_tasks_of(&self) -> Callback<Whose> {
        let this = self.clone();
        Callback::from(move |whose| this.go(Shown { whose, ..this.shown.clone() }))
    }

    /// On by so many months, weeks or days, as the view has them.
    pub fn by(&self) -> Callback<i32> {
        let (view, date) = (self.view, self.date);
        self.to_date().reform(move |by: i32| step(view, date, by))
    }

    /// The keys that do the same.
    pub fn shortcuts(&self, words: &Wording, day: NaiveDate) -> Vec<Shortcut> {
        let today = self.today;
        let to_view = self.to_view(day);
        let view = |keys, view| Shortcut::new(keys, view_name(words, view), to_view.reform(move |()| view));
        vec![
            Shortcut::new("KeyT", words.today, self.to_date().reform(move |()| today)),
            view("KeyM", View::Month),
            view("KeyW", View::Week),
            view("KeyD", View::Day),
            view("KeyA", View::Agenda),
        ]
    }
}
