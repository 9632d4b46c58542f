//! A list of tasks: what is open, the most urgent first, and below it what is done.

mod row;
mod section;

use yew::prelude::*;

use super::shell::OpenNewTask;
use crate::client::{use_state_of, use_wording};
use crate::store::Scope;
use crate::ui::{IconKind, icon};
use crate::view::{impl_view, view};
use section::Section;

#[derive(PartialEq)]
pub struct ListPage {
    pub scope: Scope,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
}

impl_view!(ListPage, use_list_page(self));

#[hook]
fn use_list_page(props: &ListPage) -> Html {
    let words = use_wording();
    let scope = props.scope;
    let (viewer, done_count) = use_state_of(move |state| {
        let viewer = state.store.viewer.clone();
        let count = viewer.as_ref().and_then(|viewer| state.store.counts.get(&scope.done(viewer)).copied());
        (viewer, count)
    });
    let new_task = use_context::<OpenNewTask>();
    let shows_done = use_state_eq(|| false);
    let Some(viewer) = viewer else { return Html::default() };
    let done = props.scope.done(&viewer);
    let (title, hint) = match props.scope {
        Scope::Mine => (words.mine_empty, words.mine_empty_hint),
        Scope::SetByMe => (words.set_by_me_empty, words.set_by_me_empty_hint),
        Scope::All => (words.all_empty, words.all_empty_hint),
    };
    let offers_new = viewer.role.supervises() && props.scope != Scope::Mine;
    let next = match new_task {
        Some(OpenNewTask(open)) if offers_new => html! {
            <button type="button" class="button primary" onclick={open.reform(|_: MouseEvent| ())}>
                { icon(IconKind::Add) }{ words.new_task }
            </button>
        },
        Some(_) | None => Html::default(),
    };
    let toggle = {
        let shows_done = shows_done.clone();
        Callback::from(move |_: MouseEvent| shows_done.set(!*shows_done))
    };
    html! {
        <div class="list" key={format!("{:?}", props.scope)}>
            <div class="columns" aria-hidden="true">
                <span>{ words.title }</span>
                <span>{ words.status }</span>
                <span>{ words.deadline }</span>
                <span>{ if props.scope == Scope::Mine { words.creator } else { words.assignee } }</span>
                <span>{ words.priority }</span>
            </div>
            { view(Section {
                query: props.scope.open(&viewer), label: words.open_tasks.into(), opened: props.opened,
                scope: props.scope, empty_title: title.into(), empty_hint: Some(hint.into()), children: next,
            }) }
            <h2 class="group">
                <button type="button" class="group-toggle" aria-expanded={shows_done.to_string()} onclick={toggle}>
                    { icon(IconKind::ChevronDown) }{ words.done_tasks }
                    if let Some(count) = done_count { <span class="count">{ count }</span> }
                </button>
            </h2>
            if *shows_done {
                { view(Section {
                    query: done, label: words.done_tasks.into(), opened: props.opened, scope: props.scope,
                    empty_title: words.done_empty.into(), empty_hint: None, children: Html::default(),
                }) }
            }
        </div>
    }
}
