//! An address that leads nowhere.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::client::use_wording;
use crate::route::Route;
use crate::ui::{IconKind, empty};
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct NotFoundPage;

impl_view!(NotFoundPage, use_not_found_page());

#[hook]
fn use_not_found_page() -> Html {
    let words = use_wording();
    html! {
        { empty(IconKind::Flag, words.page_not_found.into(), Some(words.page_not_found_hint.into()), html! {
            <a href={Route::Mine.to_path()} class="button primary">{ words.to_my_tasks }</a>
        }) }
    }
}
