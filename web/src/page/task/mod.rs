//! A task at its own address: beside the list it was opened from, on a phone over it.

mod actions;
mod comments;
mod content;
mod deadline;
mod history;
mod properties;

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::TaskAction;
use crate::browser::{document, spawn};
use crate::client::{Shortcut, Trouble, use_client, use_shortcuts, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::Task;
use crate::ui::{IconKind, Menu, MenuItem, empty, icon, skeleton, status_mark};
use crate::view::{impl_view, view};
pub use actions::{Decision, ReturnDialog, tell};
pub use content::Content;

#[derive(PartialEq)]
pub struct TaskPanel {
    pub number: i32,
    /// Where closing leads.
    pub back: Address,
}

impl_view!(TaskPanel, use_task_panel(self));

#[hook]
fn use_task_panel(props: &TaskPanel) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let number = props.number;
    let trouble = use_state_eq(|| None::<Trouble>);
    let (task, is_missing, reading) = use_state_of(move |state| {
        (state.store.task_by_number(number), state.store.is_missing(number), state.store.reading())
    });
    let load = {
        let (client, trouble) = (client.clone(), trouble.clone());
        use_callback(number, move |(), number| {
            let (client, trouble, number) = (client.clone(), trouble.clone(), *number);
            spawn(async move { trouble.set(client.load_task(number).await.err()) });
        })
    };
    // Read when opened, when everything is doubted, and when an answer without the description overtook the whole task.
    let lacks_text = task.as_ref().is_some_and(|task| task.description.is_none());
    use_effect_with((load.clone(), reading, lacks_text), |(load, _, _)| load.emit(()));
    // Whoever comes from a list sees at once what the list knows of it. Otherwise all of it comes together, lest the description push down
    // what one has begun to read.
    let is_shown = use_mut_ref(|| task.is_some());
    if trouble.is_some() || task.as_ref().is_some_and(|task| task.description.is_some()) {
        *is_shown.borrow_mut() = true;
    }
    let is_shown = *is_shown.borrow();
    let path = Route::Task { number }.to_path();
    use_effect_with(path.clone(), |path| {
        document::focus("task-panel");
        document::reveal_link(path);
        let path = path.clone();
        // The focus goes back to where the task was opened from, unless it has already gone elsewhere.
        move || {
            if document::is_focus_free_or_inside("task-panel")
                && let Some(link) = document::reveal_link(&path)
            {
                let _ = link.focus();
            }
        }
    });

    let close = {
        let (navigator, back) = (navigator.clone(), props.back.clone());
        Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                back.open(navigator);
            }
        })
    };
    // Goes to a neighbour in place of this task, so that going back leads to the page and not through all that was seen.
    let go = {
        let navigator = navigator.clone();
        Callback::from(move |neighbour: Option<String>| {
            let number = neighbour.as_deref().and_then(number_of);
            if let (Some(navigator), Some(number)) = (&navigator, number) {
                navigator.replace(&Route::Task { number });
            }
        })
    };
    let (next, previous) = {
        let (forward, backward) = (path.clone(), path.clone());
        let (go_on, go_back) = (go.clone(), go.clone());
        (
            Callback::from(move |()| go_on.emit(document::neighbours(&forward).1)),
            Callback::from(move |()| go_back.emit(document::neighbours(&backward).0)),
        )
    };
    let ondecided = {
        let (client, go, close, path) = (client.clone(), go.clone(), close.clone(), path.clone());
        let goes_on = props.back.route.to_path() == "/review";
        let neighbours = Rc::new(RefCell::new((None, None)));
        Callback::from(move |moment: Decision| match moment {
            Decision::Made => *neighbours.borrow_mut() = document::neighbours(&path),
            Decision::Taken(told) if goes_on => {
                client.toast(told, None);
                match neighbours.take() {
                    (_, Some(next)) => go.emit(Some(next)),
                    (Some(previous), None) => go.emit(Some(previous)),
                    (None, None) => {
                        close.emit(());
                        client.toast(client.words().panel.all_decided, None);
                    }
                }
            }
            Decision::Taken(_) => {}
        })
    };
    use_panel_shortcuts(task.as_ref(), next.clone(), previous.clone(), close.clone());
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !event.default_prevented() {
                close.emit(());
            }
        })
    };
    let label = (words.task_number)(&number.to_string());
    let content = match &task {
        Some(task) if is_shown => Content { task: task.clone(), ondecided }.into(),
        Some(_) => skeleton(&words, 5),
        None if is_missing => {
            html! { { empty(IconKind::Flag, words.task_missing.into(), Some(words.task_missing_hint.into()), Html::default()) } }
        }
        None => match &*trouble {
            Some(trouble) => html! {
                { empty(IconKind::Offline, trouble.text(&words).into(), None, html! {
                    <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())}>{ words.retry }</button>
                }) }
            },
            None => html! { { skeleton(&words, 5) } },
        },
    };
    html! {
        <aside id="task-panel" class="panel" aria-label={label} tabindex="-1" {onkeydown}>
            <header class="panel-head">
                <button type="button" class="icon-button only-narrow" aria-label={words.close} onclick={close.reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Back) }
                </button>
                <span class="panel-number">{ format!("№ {number}") }</span>
                if let Some(task) = &task { { status_mark(&words, task.status) } }
                <div class="header-end">
                    <button type="button" class="icon-button" aria-label={words.panel.previous} title={words.panel.previous}
                        onclick={previous.reform(|_: MouseEvent| ())}>{ icon(IconKind::ChevronUp) }</button>
                    <button type="button" class="icon-button" aria-label={words.panel.next} title={words.panel.next}
                        onclick={next.reform(|_: MouseEvent| ())}>{ icon(IconKind::ChevronDown) }</button>
                    if let Some(task) = task { { view(PanelMenu { task, back: props.back.clone() }) } }
                    <button type="button" class="icon-button hide-narrow" aria-label={words.close} onclick={close.reform(|_: MouseEvent| ())}>
                        { icon(IconKind::Close) }
                    </button>
                </div>
            </header>
            <div class="panel-body">{ content }</div>
        </aside>
    }
}

/// The task of a path.
fn number_of(path: &str) -> Option<i32> {
    match Route::recognize(path) {
        Some(Route::Task { number }) => Some(number),
        Some(_) | None => None,
    }
}

/// What keys do while a task is open. Each does what can be done by hand, so what is not offered does nothing.
#[hook]
fn use_panel_shortcuts(
    task: Option<&Rc<Task>>,
    next: Callback<()>,
    previous: Callback<()>,
    close: Callback<()>,
) {
    let words = use_wording();
    let own = &words.panel;
    let press = |selector: &'static str, focus_alone: bool| {
        Callback::from(move |()| {
            document::press(selector, focus_alone);
        })
    };
    let mut shortcuts = vec![
        Shortcut::new("KeyJ", own.next, next),
        Shortcut::new("KeyK", own.previous, previous),
        Shortcut::new("Escape", own.close, close),
    ];
    if let Some(task) = task {
        if task.viewer_can.edit {
            shortcuts.push(Shortcut::new("KeyE", own.edit, press("#open-description", false)));
        }
        if !task.available_actions.is_empty() {
            shortcuts.push(Shortcut::new("KeyS", own.act, press("#task-panel .actions button", true)));
        }
        if task.available_actions.contains(&TaskAction::Return) {
            shortcuts.push(Shortcut::new("KeyR", own.send_back, press("#act-return", false)));
        }
        if task.viewer_can.assign {
            shortcuts.push(Shortcut::new(
                "KeyA",
                own.assignee,
                press("#task-panel .of-assignee button", false),
            ));
        }
        if task.viewer_can.move_deadline {
            shortcuts.push(Shortcut::new(
                "KeyD",
                own.deadline,
                press("#task-panel .of-deadline button", false),
            ));
        }
        if task.viewer_can.comment {
            shortcuts.push(Shortcut::new("KeyM", own.comment, press("#new-comment", true)));
        }
    }
    use_shortcuts(own.heading, shortcuts);
}

/// Copying the link, and deleting, which can be undone.
#[derive(PartialEq)]
struct PanelMenu {
    task: Rc<Task>,
    back: Address,
}

impl_view!(PanelMenu, use_panel_menu(self));

#[hook]
fn use_panel_menu(props: &PanelMenu) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let (id, number) = (props.task.id.clone(), props.task.number);
    let copy = {
        let client = client.clone();
        Callback::from(move |()| {
            let client = client.clone();
            spawn(async move {
                if document::copy(&document::absolute(&Route::Task { number }.to_path())).await {
                    client.toast(client.words().copied, None);
                }
            });
        })
    };
    let delete = {
        let back = props.back.clone();
        Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                back.open(navigator);
            }
            let (client, id) = (client.clone(), id.clone());
            spawn(async move { client.delete_with_undo(&id, number).await });
        })
    };
    let mut items = vec![MenuItem::action(words.copy_link, IconKind::Link, copy)];
    if props.task.viewer_can.delete {
        items.push(MenuItem::action(words.delete_task, IconKind::Trash, delete).dangerous());
    }
    view(Menu {
        label: words.more_actions.into(),
        trigger: html! { { icon(IconKind::More) } },
        trigger_class: "icon-button",
        class: "end",
        sections: vec![(None, items)],
    })
}
