//! Every change of a task: who, when, from what, to what.

use std::rc::Rc;

use yew::prelude::*;

use crate::client::{use_client, use_state_of, use_wording};
use crate::store::{Change, Task};
use crate::text::history::{Sentence, describe};
use crate::ui::{IconKind, avatar, icon, skeleton};
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct History {
    pub task: Rc<Task>,
}

impl_view!(History, use_history(self));

#[hook]
fn use_history(props: &History) -> Html {
    let client = use_client();
    let words = use_wording();
    let id = props.task.id.clone();
    let talk = use_state_of(move |state| {
        state.store.talk(&id).map(|talk| (talk.history.clone(), talk.more_history.is_some()))
    });
    let Some((changes, more)) = talk else { return html! { { skeleton(&words, 3) } } };
    let load_more = {
        let task = props.task.clone();
        Callback::from(move |_: MouseEvent| {
            let (loading, id, number) = (client.clone(), task.id.clone(), task.number);
            client.attempt(async move { loading.load_more_history(id, number).await });
        })
    };
    let row = |change: &Rc<Change>| {
        let text = describe(&words, &change.kind, &|moment, precise| words.deadline(moment, precise));
        let who = change.actor.as_ref().map_or_else(|| words.system.to_owned(), |actor| actor.name.clone());
        let sentence = |said: Sentence| {
            html! {
                <div class="change-line">
                    if said.has_subject { <b class="change-subject">{ &who }</b>{" "} }
                    { said.text }
                </div>
            }
        };
        html! {
            <li key={change.cursor.0.clone()} class="change">
                if change.actor.is_some() {
                    { avatar(&who) }
                } else {
                    <span class="avatar system" aria-hidden="true">{ icon(IconKind::Clock) }</span>
                }
                <div>
                    { for text.sentences.into_iter().map(sentence) }
                    if let Some(reason) = text.reason { <blockquote class="reason">{ reason }</blockquote> }
                    <time class="muted small" datetime={change.at.to_rfc3339()} title={words.exact(change.at)}>{ words.moment(change.at) }</time>
                </div>
            </li>
        }
    };
    html! {
        <>
            <ol class="changes">{ for changes.iter().map(row) }</ol>
            if more { <button type="button" class="button small" onclick={load_more}>{ words.show_more }</button> }
        </>
    }
}
