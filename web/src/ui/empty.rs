//! What stands where there is nothing yet: because there is nothing, or because it is still coming.

use yew::prelude::*;

use super::{IconKind, icon};
use crate::client::use_wording;

#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub icon: IconKind,
    pub title: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What to do next.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <span class="empty-icon">{ icon(props.icon) }</span>
            <h2>{ props.title.clone() }</h2>
            if let Some(hint) = &props.hint { <p>{ hint }</p> }
            { props.children.clone() }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    #[prop_or(6)]
    pub rows: usize,
}

/// Grey rows; the style sheet shows them after 150 ms, so that what is quick does not flicker.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    let words = use_wording();
    html! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{ words.loading }</span>
            { for (0..props.rows).map(|_| html! { <div class="skeleton-row" aria-hidden="true"><span /><span /><span /></div> }) }
        </div>
    }
}
