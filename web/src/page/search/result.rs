//! One task that was found: what was looked for is marked in its title and in pieces of its description.

use yew::prelude::*;
use yew_router::Routable;

use super::found::{Hit, plain};
use crate::api::search::HighlightPart;
use crate::client::Wording;
use crate::page::list::status_text;
use crate::route::Route;
use crate::store::{Person, Task};
use crate::ui::{avatar, deadline_mark};

/// The id of the link to a result.
pub fn link_id(number: i32) -> String {
    ["found-", &number.to_string()].concat()
}

pub fn result(words: &Wording, hit: &Hit, task: &Task, person: Option<&Person>, is_open: bool) -> Html {
    let class = classes!("row", "found", is_open.then_some("open"), task.is_done().then_some("is-done"));
    let to = Route::Task { number: task.number };
    let title = match hit.title(&task.title) {
        Some(parts) => marked(parts, str::to_owned),
        None => html! { { &task.title } },
    };
    html! {
        <li key={task.number} {class}>
            <div class="found-text">
                <div class="row-title">
                    <a id={link_id(task.number)} href={to.to_path()} class="row-link" aria-current={is_open.then_some("true")}>{ title }</a>
                    <span class="found-number">{ "№ " }{ task.number }</span>
                </div>
                if !hit.pieces().is_empty() {
                    <p class="found-pieces">{ for hit.pieces().iter().map(|piece| html! { <span>{ marked(piece, plain) }</span> }) }</p>
                }
            </div>
            <span class="cell status"><span class="status-button">{ status_text(words, task.status) }</span></span>
            <span class="cell deadline">{ deadline_mark(words, task) }</span>
            <span class="cell person-cell">
                if let Some(person) = person {
                    <span class="person" title={person.name.clone()}>{ avatar(&person.name) }<span class="person-name">{ &person.name }</span></span>
                }
            </span>
        </li>
    }
}

/// Text, never markup.
fn marked(parts: &[HighlightPart], said: fn(&str) -> String) -> Html {
    let part = |part: &HighlightPart| {
        let text = said(&part.text);
        if part.is_match {
            html! { <mark>{ text }</mark> }
        } else {
            html! { { text } }
        }
    };
    html! { <>{ for parts.iter().map(part) }</> }
}
