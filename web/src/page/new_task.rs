//! The form of a new task. What was typed is kept on the device until the task is set or the form emptied.

use crate::browser::spawn;
use chrono::NaiveDateTime;
use domain::validate;
use serde::{Deserialize, Serialize};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::tasks::TaskCreateInput;
use crate::api::{TaskPriority, UserId};
use crate::browser;
use crate::browser::storage::{self, Kept};
use crate::client::{ToastAction, Trouble, use_client, use_state_of, use_wording};
use crate::route::Route;
use crate::ui::{
    DeadlineFields, DeadlineText, Dialog, IconKind, Menu, MenuItem, PersonName, PersonPicker, TextArea,
    TextField, error_line, field_error, icon, priority_mark, violation_text,
};
use crate::view::{impl_view, view};

/// What is kept of an unfinished task.
#[derive(Default, Serialize, Deserialize)]
struct Draft {
    title: String,
    description: String,
    deadline: DeadlineText,
}

impl Draft {
    fn read() -> Self {
        storage::read(Kept::Draft).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn from_beginning(beginning: &Beginning) -> Self {
        if *beginning == Beginning::default() {
            return Self::read();
        }
        let deadline = DeadlineText::of(beginning.deadline);
        Self { title: beginning.title.clone(), deadline, ..Self::default() }
    }

    fn keep(&self) {
        let is_empty = self.title.is_empty() && self.description.is_empty();
        let text = serde_json::to_string(self).ok().filter(|_| !is_empty);
        storage::keep(Kept::Draft, text.as_deref());
    }
}

/// What is known of a task before the form opens. Where nothing is, the form goes on with the draft that was kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beginning {
    pub title: String,
    /// By the person's clock.
    pub deadline: Option<NaiveDateTime>,
}

#[derive(PartialEq)]
pub struct NewTaskDialog {
    pub beginning: Beginning,
    pub onclose: Callback<()>,
}

impl_view!(NewTaskDialog, use_new_task_dialog(self));

#[hook]
fn use_new_task_dialog(props: &NewTaskDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let draft = use_memo(props.beginning.clone(), Draft::from_beginning);
    let title = use_state_eq(|| draft.title.clone());
    let description = use_state_eq(|| draft.description.clone());
    let deadline = use_state_eq(|| draft.deadline.clone());
    let assignee = use_state_eq(|| None::<UserId>);
    let priority = use_state_eq(|| TaskPriority::Normal);
    let requires_review = use_state_eq(|| true);
    let key = use_memo((), |()| browser::idempotency_key());
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let assignee_name = {
        let id = (*assignee).clone();
        use_state_of(move |state| {
            id.as_ref().and_then(|id| state.store.person(id)).map(|person| person.name.clone())
        })
    };
    use_effect_with(
        ((*title).clone(), (*description).clone(), (*deadline).clone()),
        |(title, description, deadline)| {
            Draft { title: title.clone(), description: description.clone(), deadline: deadline.clone() }
                .keep();
        },
    );

    let title_error = validate::title(&title).err().map(|violation| violation_text(&words, violation));
    let description_error =
        validate::description(&description).err().map(|violation| violation_text(&words, violation));
    let moment = deadline.read(&words);
    let onsubmit = {
        let (title, description, assignee, priority) =
            (title.clone(), description.clone(), assignee.clone(), priority.clone());
        let (requires_review, busy, tried, trouble) =
            (requires_review.clone(), busy.clone(), tried.clone(), trouble.clone());
        let (onclose, moment, key) = (props.onclose.clone(), moment, key.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            let (Ok(title), Ok(description)) = (validate::title(&title), validate::description(&description))
            else {
                return;
            };
            let (Ok(deadline), Some(assignee_id)) = (moment, (*assignee).clone()) else { return };
            if *busy {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let input = TaskCreateInput {
                title,
                description,
                assignee_id,
                deadline,
                priority: *priority,
                requires_review: *requires_review,
                idempotency_key: (*key).clone(),
            };
            let (client, navigator, onclose) = (client.clone(), navigator.clone(), onclose.clone());
            let (busy, trouble) = (busy.clone(), trouble.clone());
            spawn(async move {
                match client.create_task(input).await {
                    Ok(number) => {
                        Draft::default().keep();
                        let open = Callback::from(move |()| {
                            if let Some(navigator) = &navigator {
                                navigator.push(&Route::Task { number });
                            }
                        });
                        let words = client.words();
                        let action = ToastAction { label: words.open, act: open };
                        client.toast((words.task_created)(&number.to_string()), Some(action));
                        onclose.emit(());
                    }
                    Err(refusal) => {
                        busy.set(false);
                        trouble.set(Some(refusal));
                    }
                }
            });
        })
    };
    let shown = |local: Option<String>, name: &str| {
        local.filter(|_| *tried).or_else(|| field_error((*trouble).as_ref(), name)).map(AttrValue::from)
    };
    let assignee_error = assignee.is_none().then(|| words.choose_assignee.to_owned());
    let form_trouble = match &*trouble {
        Some(trouble @ Trouble::Request(_)) => Some(trouble.text(&words)),
        Some(Trouble::Mend(_)) | None => None,
    };
    let onchoose = {
        let assignee = assignee.clone();
        Callback::from(move |id: UserId| assignee.set(Some(id)))
    };
    let priorities = TaskPriority::ALL.map(|one| {
        let priority_set = priority.clone();
        MenuItem::choice(
            (words.priority_name)(one),
            *priority == one,
            Callback::from(move |()| priority_set.set(one)),
        )
    });
    let onreview = {
        let requires_review = requires_review.clone();
        Callback::from(move |event: Event| {
            requires_review.set(event.target_unchecked_into::<HtmlInputElement>().checked())
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        // Ctrl+Enter sends from any input, as everywhere.
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            let form = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|input| input.closest("form").ok().flatten());
            if let Some(form) =
                form.and_then(|form| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlFormElement>(form).ok())
            {
                event.prevent_default();
                // Fails only where the form is not in the page.
                let _ = form.request_submit();
            }
        }
    });
    let assignee_label = (words.change_assignee)(assignee_name.as_deref().unwrap_or(words.choose_person));
    let assignee_trigger = html! {
        <>
            if assignee.is_some() { { view(PersonName { id: (*assignee).clone() }) } } else {
                <span class="muted with-icon">{ icon(IconKind::Profile) }{ words.choose_person }</span>
            }
            { icon(IconKind::ChevronDown) }
        </>
    };
    let priority_trigger = html! { <>{ priority_mark(&words, *priority) }{ icon(IconKind::ChevronDown) }</> };
    view(Dialog {
        title: words.new_task.into(),
        onclose: props.onclose.clone(),
        class: "new-task",
        children: html! {
            <form {onsubmit} {onkeydown} novalidate={true} class="form">
                <div role="alert">if let Some(text) = form_trouble { <p class="form-trouble">{ text }</p> }</div>
                { view(TextField {
                    placeholder: Some(words.title_placeholder), focused: true, error: shown(title_error, "title"),
                    ..TextField::new("task-title", words.title, title.clone())
                }) }
                { view(TextArea {
                    placeholder: Some(words.description_placeholder), rows: 4,
                    error: shown(description_error, "description"),
                    ..TextArea::new("task-description", words.description, description.clone())
                }) }
                <div class="form-row">
                    <div class="field">
                        <span class="label">{ words.assignee }</span>
                        { view(PersonPicker {
                            label: assignee_label.into(), trigger: assignee_trigger, trigger_class: "input select",
                            chosen: (*assignee).clone(), onchoose,
                        }) }
                        { error_line("task-assignee-error".to_owned(), shown(assignee_error, "assigneeId")) }
                    </div>
                    <div class="field">
                        <span class="label">{ words.priority }</span>
                        { view(Menu {
                            label: (words.change_priority)((words.priority_name)(*priority)).into(),
                            trigger: priority_trigger, class: "", trigger_class: "input select",
                            sections: vec![(None, priorities.to_vec())],
                        }) }
                    </div>
                </div>
                <fieldset class="plain">
                    <legend class="label">{ words.deadline }<span class="muted">{ format!(" — {}", words.optional) }</span></legend>
                    { view(DeadlineFields {
                        id: "task-deadline", value: deadline.clone(),
                        error: shown(moment.err().map(str::to_owned), "deadline"),
                    }) }
                </fieldset>
                <label class="check">
                    <input type="checkbox" checked={*requires_review} onchange={onreview} />
                    <span>{ words.requires_review }<span class="muted">{ words.requires_review_hint }</span></span>
                </label>
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words.cancel }</button>
                    <button type="submit" class={classes!("button", "primary", busy.then_some("busy"))} aria-disabled={busy.to_string()}>
                        { words.create_task }
                    </button>
                </footer>
            </form>
        },
    })
}
