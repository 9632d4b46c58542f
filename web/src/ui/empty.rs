//! What stands where there is nothing yet: because there is nothing, or because it is still coming.

use yew::prelude::*;

use super::{IconKind, icon};
use crate::client::Wording;

/// Says that there is nothing; `next` is what to do about it.
pub fn empty(kind: IconKind, title: AttrValue, hint: Option<AttrValue>, next: Html) -> Html {
    html! {
        <div class="empty">
            <span class="empty-icon">{ icon(kind) }</span>
            <h2>{ title }</h2>
            if let Some(hint) = hint { <p>{ hint }</p> }
            { next }
        </div>
    }
}

/// Grey rows; the style sheet shows them after 150 ms, so that what is quick does not flicker.
pub fn skeleton(words: &Wording, rows: usize) -> Html {
    let row = || html! { <div class="skeleton-row" aria-hidden="true"><span /><span /><span /></div> };
    html! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{ words.loading }</span>
            { for std::iter::repeat_with(row).take(rows) }
        </div>
    }
}
