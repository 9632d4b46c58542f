//! The other lists, over a list, where there is no side bar.

use yew::prelude::*;
use yew_router::Routable;

use crate::browser::document;
use crate::client::{use_state_of, use_wording};
use crate::page::place::use_list_places;
use crate::route::Route;
use crate::store::Scope;
use crate::view::impl_view;

/// The tab of what is shown.
const HERE: &str = "list-here";

#[derive(PartialEq)]
pub struct ListTabs {
    pub scope: Scope,
    /// The address of what is shown, as links have it.
    pub here: AttrValue,
}

impl_view!(ListTabs, use_list_tabs(self));

#[hook]
fn use_list_tabs(props: &ListTabs) -> Html {
    let words = use_wording();
    let saved = use_state_of(|state| state.saved.clone());
    let lists = use_list_places();
    // What makes a tab wider pushes those after it away; a count that stays as long as it was does not.
    let widths: Vec<_> =
        lists.iter().map(|place| (place.name, place.count.and_then(i32::checked_ilog10))).collect();
    use_effect_with((props.here.clone(), widths, saved.clone()), |_| document::reveal(HERE));
    if lists.len() < 2 && saved.is_empty() {
        return Html::default();
    }
    let tab = |link: AttrValue, name: AttrValue, count: Option<i32>, here: bool| {
        html! {
            <a href={link} id={here.then_some(HERE)} class={classes!("scope-tab", here.then_some("here"))} aria-current={here.then_some("page")}>
                { name }
                if let Some(count) = count.filter(|count| *count > 0) { <span class="count">{ count }</span> }
            </a>
        }
    };
    let is_saved = saved.iter().any(|list| list.address == *props.here);
    let places = lists.into_iter().map(|place| {
        let here = place.route == Route::of(props.scope) && !is_saved;
        tab(place.route.to_path().into(), place.name.into(), place.count, here)
    });
    let saved = saved.iter().map(|list| {
        tab(list.address.clone().into(), list.name.clone().into(), None, list.address == *props.here)
    });
    html! { <nav class="scope-tabs" aria-label={words.lists.lists}>{ for places }{ for saved }</nav> }
}
