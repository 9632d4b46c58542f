//! An address that leads nowhere.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::client::use_wording;
use crate::route::Route;
use crate::ui::{Empty, IconKind};

#[component]
pub fn NotFoundPage() -> Html {
    let words = use_wording();
    html! {
        <Empty icon={IconKind::Flag} title={words.page_not_found} hint={words.page_not_found_hint}>
            <Link<Route> to={Route::Mine} classes="button primary">{ words.to_my_tasks }</Link<Route>>
        </Empty>
    }
}
