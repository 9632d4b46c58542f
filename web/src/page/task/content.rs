//! What stands in the panel of a task: its text and properties, and what is said and done about it.

use std::rc::Rc;

use domain::validate;
use futures_util::FutureExt;
use yew::prelude::*;

use super::actions::{Actions, Decision};
use super::comments::Comments;
use super::history::History;
use super::properties::Properties as TaskProperties;
use crate::browser::document;
use crate::client::{use_client, use_state_of, use_wording};
use crate::store::Task;
use crate::ui::{Check, EditInPlace, Saved, prose, skeleton};
use crate::view::{impl_view, view};

const TITLE: Check = Check(validate::title);
const DESCRIPTION: Check = Check(validate::description);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Comments,
    History,
}

#[derive(Clone, PartialEq)]
pub struct Content {
    pub task: Rc<Task>,
    pub ondecided: Callback<Decision>,
}

impl_view!(Content, use_content(self));

#[hook]
fn use_content(props: &Content) -> Html {
    let client = use_client();
    let words = use_wording();
    let task = &props.task;
    let tab = use_state_eq(|| Tab::Comments);
    let comment_count = {
        let id = task.id.clone();
        use_state_of(move |state| state.store.talk(&id).map(|talk| talk.comment_count))
    };
    // Under which what is typed here is kept: of this person and this task.
    let place = use_state_of(|state| state.store.viewer.as_ref().map(|viewer| viewer.id.clone()));
    let place = [place.as_ref().map_or("", |id| id.as_str()), ".", task.id.as_str(), "."].concat();
    let save_title = use_memo(task.id.clone(), |id| {
        let (client, id) = (client.clone(), id.clone());
        Saved(Rc::new(move |title, version| {
            let (client, id) = (client.clone(), id.clone());
            async move { client.set_title(&id, version, title).await }.boxed_local()
        }))
    });
    let save_description = use_memo(task.id.clone(), |id| {
        let (client, id) = (client.clone(), id.clone());
        Saved(Rc::new(move |text, version| {
            let (client, id) = (client.clone(), id.clone());
            async move { client.set_description(&id, version, text).await }.boxed_local()
        }))
    });
    let tab_button = |which: Tab, id: &'static str, name: &'static str, count: Option<i32>| {
        let chosen = *tab == which;
        let onclick = {
            let tab = tab.clone();
            Callback::from(move |_: MouseEvent| tab.set(which))
        };
        let onkeydown = {
            let tab = tab.clone();
            Callback::from(move |event: KeyboardEvent| {
                if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
                    let (other, id) = match which {
                        Tab::Comments => (Tab::History, "tab-history"),
                        Tab::History => (Tab::Comments, "tab-comments"),
                    };
                    tab.set(other);
                    document::focus(id);
                }
            })
        };
        html! {
            <button type="button" {id} role="tab" class="tab" aria-selected={chosen.to_string()} aria-controls="talk"
                tabindex={if chosen { "0" } else { "-1" }} {onclick} {onkeydown}>
                { name }
                if let Some(count) = count.filter(|count| *count > 0) { <span class="count">{ count }</span> }
            </button>
        }
    };
    let description = task.description.clone().unwrap_or_default();
    let shown = match (description.is_empty(), task.viewer_can.edit) {
        (true, true) => html! { <p class="muted">{ words.add_description }</p> },
        (true, false) => html! { <p class="muted">{ words.no_description }</p> },
        (false, _) => prose(&words, &description),
    };
    html! {
        <div class="task">
            <div class="task-main">
                { view(EditInPlace {
                    name: "title", label: words.title, edit_label: words.edit_title, draft: [&place, "title"].concat().into(),
                    value: task.title.clone().into(), version: task.version, can_edit: task.viewer_can.edit,
                    multiline: false, check: TITLE, save: (*save_title).clone(), class: "task-title",
                    children: html! { <h2>{ &task.title }</h2> },
                }) }
                { view(Actions { task: task.clone(), ondecided: props.ondecided.clone() }) }
                if task.description.is_some() {
                    { view(EditInPlace {
                        name: "description", label: words.description, edit_label: words.edit_description,
                        draft: [&place, "description"].concat().into(), value: description.into(), version: task.version,
                        can_edit: task.viewer_can.edit, multiline: true, check: DESCRIPTION,
                        save: (*save_description).clone(), class: "task-description", children: shown,
                    }) }
                } else {
                    { skeleton(&words, 2) }
                }
            </div>
            { view(TaskProperties { task: task.clone() }) }
            <section class="talk">
                <div role="tablist" aria-label={words.comments} class="tabs">
                    { tab_button(Tab::Comments, "tab-comments", words.comments, comment_count) }
                    { tab_button(Tab::History, "tab-history", words.history, None) }
                </div>
                <div id="talk" role="tabpanel" tabindex="0" aria-labelledby={if *tab == Tab::Comments { "tab-comments" } else { "tab-history" }}>
                    if *tab == Tab::Comments { { view(Comments { task: task.clone(), place: place.into() }) } } else { { view(History { task: task.clone() }) } }
                </div>
            </section>
        </div>
    }
}
