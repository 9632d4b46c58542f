//! A number that opens the list it counts. Never counts anything itself.

use yew::prelude::*;
use yew_router::Routable;

use super::period::{self, Counted};
use crate::client::Period;
use crate::route::Route;

/// Everything that is not done.
pub const OPEN: Counted = Counted::Status("overdue,new,in-progress,in-review,deferred");

/// The address of the list that a figure counts.
pub fn address(counted: Counted, period: &Period, supervises: bool) -> String {
    let mut link = if supervises { Route::All } else { Route::Mine }.to_path();
    link.push('?');
    link.push_str(&period::list(counted, period));
    link
}

/// A number that opens its list; what counts nothing has none.
pub fn number(value: i32, counted: Counted, period: &Period, supervises: bool) -> Html {
    if value == 0 {
        return html! { <span>{ value }</span> };
    }
    html! { <a class="figure-link" href={address(counted, period, supervises)}>{ value }</a> }
}
