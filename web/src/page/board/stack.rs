//! One column of the board: its cards, read page by page as they come into view, and what it says to a card in the hand.

use std::rc::Rc;

use yew::prelude::*;

use super::card::Card;
use super::column::{Column, Due, View};
use super::moving::{Mover, column_name};
use super::outcome::beginning;
use crate::api::{TaskId, TaskStatus, UserId};
use crate::browser::spawn;
use crate::client::{Wording, use_client, use_state_of, use_wording};
use crate::page::new_task::{Beginning, OpenNewTask};
use crate::store::{Task, TaskQuery};
use crate::ui::{IconKind, Verdict, icon, skeleton, status_icon, use_sight};
use crate::view::{impl_view, view_keyed};

#[derive(PartialEq)]
pub struct Stack {
    pub column: Column,
    pub board: View,
    pub query: TaskQuery,
    pub opened: Option<i32>,
    /// How many tasks there are, as the server counted them last.
    pub count: Option<i32>,
    /// What it says to the card in the hand, and whether that is above it.
    pub hint: Option<(Verdict, bool)>,
    /// The card that has the focus, or had it last.
    pub active: Option<TaskId>,
    pub carried: Option<TaskId>,
    /// Of one person's tasks the other person is shown.
    pub shows_creator: bool,
    pub mover: Mover,
    pub onmoved: Callback<(TaskId, Column)>,
    /// The card that was moved here by a key or from its menu.
    pub moved: Option<TaskId>,
}

/// What of a list its column draws.
#[derive(Clone, PartialEq)]
struct Seen {
    tasks: Vec<Rc<Task>>,
    is_read: bool,
    is_loading: bool,
    has_failed: bool,
    has_more: bool,
    needs_reading: bool,
}

impl_view!(Stack, use_stack(self));

#[hook]
fn use_stack(props: &Stack) -> Html {
    let client = use_client();
    let words = use_wording();
    let query = props.query.clone();
    let seen = use_state_of(move |state| {
        let list = state.store.list(&query);
        let ids = list.into_iter().flat_map(|list| list.ids());
        Seen {
            tasks: ids.filter_map(|id| state.store.task(id)).collect(),
            is_read: list.is_some_and(|list| list.is_read()),
            is_loading: list.is_some_and(|list| list.is_loading()),
            has_failed: list.is_some_and(|list| list.has_failed()),
            has_more: list.is_some_and(|list| list.has_more()),
            needs_reading: list.is_none_or(|list| list.needs_reading()),
        }
    });
    let load = use_callback(props.query.clone(), move |(), query| {
        let (client, query) = (client.clone(), query.clone());
        spawn(async move { client.load_page(query).await });
    });
    use_effect_with((load.clone(), seen.needs_reading), |(load, needs_reading)| {
        if *needs_reading {
            load.emit(());
        }
    });
    let waits = seen.has_more && !seen.is_loading && !seen.has_failed;
    let body = use_node_ref();
    let end = use_sight(body.clone(), load.clone(), waits, seen.tasks.len());
    // Nothing jumps under a card in the hand: what changes meanwhile is shown once it is let go.
    let kept = use_mut_ref(Vec::<Rc<Task>>::new);
    if props.hint.is_none() {
        kept.borrow_mut().clone_from(&seen.tasks);
    }
    let tasks = kept.borrow().clone();
    let stop = props.active.as_ref().filter(|active| tasks.iter().any(|task| task.id == **active));
    let stop = stop.or(tasks.first().map(|task| &task.id));
    let card = |task: &Rc<Task>| {
        let person: Option<&UserId> =
            if props.shows_creator { task.creator.as_ref() } else { task.assignee.as_ref() };
        view_keyed(
            task.id.as_str(),
            Card {
                task: task.clone(),
                board: props.board,
                person: person.cloned(),
                is_open: props.opened == Some(task.number),
                is_stop: stop == Some(&task.id),
                is_carried: props.carried.as_ref() == Some(&task.id),
                mover: props.mover.clone(),
                onmoved: props.onmoved.clone(),
                takes_focus: props.moved.as_ref() == Some(&task.id),
            },
        )
    };
    let name = column_name(&words, props.column);
    let count =
        if seen.is_read && !seen.has_more { i32::try_from(seen.tasks.len()).ok() } else { props.count };
    let hint = props.hint.as_ref().map(|(verdict, is_over)| hint(verdict, *is_over)).unwrap_or_default();
    let is_pressing = matches!(props.column, Column::Due(Due::Overdue) | Column::Status(TaskStatus::Overdue));
    let new_task = use_context::<OpenNewTask>();
    let supervises =
        use_state_of(|state| state.store.viewer.as_ref().is_some_and(|viewer| viewer.role.supervises()));
    let is_empty = seen.is_read && tasks.is_empty() && !seen.has_more;
    let add = match (new_task, beginning(props.column, words.local_now())) {
        (Some(OpenNewTask(open)), Some(deadline)) if supervises => {
            let onclick = open.reform(move |_: MouseEvent| Beginning { deadline, ..Beginning::default() });
            // Where there is nothing yet it says in words what can be done.
            let (class, text) =
                if is_empty { ("button ghost small", words.new_task) } else { ("icon-button small", "") };
            html! {
                <button type="button" {class} aria-label={(words.board.new_task_in)(name)} title={words.new_task} {onclick}>
                    { icon(IconKind::Add) }{ text }
                </button>
            }
        }
        (Some(_) | None, _) => Html::default(),
    };
    let retry = load.reform(|_: MouseEvent| ());
    html! {
        <section class={classes!("stack", is_pressing.then_some("pressing"))} data-drop={props.column.key()} aria-label={name}>
            <header class="stack-head">
                { icon(column_icon(props.column)) }
                <h2>{ name }</h2>
                if let Some(count) = count { <span class="count" title={(words.tasks)(count.into())}>{ count }</span> }
                if !is_empty { { add.clone() } }
            </header>
            <div class="stack-body" ref={body}>
                if !seen.is_read {
                    if seen.has_failed {
                        <button type="button" class="button" onclick={retry}>{ words.retry }</button>
                    } else {
                        { skeleton(&words, 3) }
                    }
                } else if is_empty {
                    <div class="stack-empty"><p>{ empty_text(&words, props.column) }</p>{ add }</div>
                } else {
                    <ul class="cards" aria-label={name} aria-busy={seen.is_loading.to_string()}>{ for tasks.iter().map(card) }</ul>
                    if seen.has_more {
                        <div ref={end} class="more">
                            <button type="button" class="button ghost small" onclick={retry}>
                                { if seen.has_failed { words.retry } else { words.show_more } }
                            </button>
                        </div>
                    }
                }
            </div>
            { hint }
        </section>
    }
}

/// Laid over the column, so that nothing in it moves.
fn hint(verdict: &Verdict, is_over: bool) -> Html {
    let (class, text) = match verdict {
        Verdict::Here => ("stack-hint here", None),
        Verdict::Takes(text) => ("stack-hint takes", text.clone()),
        Verdict::Refuses(why) => ("stack-hint refuses", Some(why.clone())),
    };
    html! {
        <div class={classes!(class, is_over.then_some("over"))} aria-hidden="true">
            if let Some(text) = text { <span>{ text }</span> }
        </div>
    }
}

pub fn column_icon(column: Column) -> IconKind {
    match column {
        Column::Status(status) => status_icon(status),
        Column::Due(Due::Overdue) => IconKind::Overdue,
        Column::Due(Due::Today) => IconKind::Clock,
        Column::Due(Due::ThisWeek | Due::Later | Due::Never) => IconKind::Calendar,
    }
}

fn empty_text(words: &Wording, column: Column) -> &'static str {
    let board = &words.board;
    match column {
        Column::Due(Due::Overdue) | Column::Status(TaskStatus::Overdue) => board.overdue_empty,
        Column::Due(Due::Today) => board.today_empty,
        Column::Status(TaskStatus::InReview) => board.review_empty,
        Column::Due(Due::ThisWeek | Due::Later | Due::Never)
        | Column::Status(
            TaskStatus::New | TaskStatus::InProgress | TaskStatus::Done | TaskStatus::Deferred,
        ) => board.column_empty,
    }
}
