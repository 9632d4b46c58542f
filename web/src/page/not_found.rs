//! An address that leads nowhere.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::client::use_wording;
use crate::route::Route;
use crate::ui::{IconKind, empty};

#[component]
pub fn NotFoundPage() -> Html {
    let words = use_wording();
    html! {
        { empty(IconKind::Flag, words.page_not_found.into(), Some(words.page_not_found_hint.into()), html! {
            <Link<Route> to={Route::Mine} classes="button primary">{ words.to_my_tasks }</Link<Route>>
        }) }
    }
}
