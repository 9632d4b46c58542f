//! The form of a new task: one line that says everything, and below it the fields for whoever prefers them. Both always agree.

mod draft;
mod line;
mod reading;

use domain::validate;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::tasks::TaskCreateInput;
use crate::api::{PersonFields, TaskPriority, UserId};
use crate::browser::spawn;
use crate::browser::{self, document};
use crate::client::{AT_HAND, ToastAction, Trouble, use_client, use_state_of, use_wording};
use crate::quick_add::Kind;
use crate::route::Route;
use crate::ui::{
    DeadlineFields, DeadlineText, Dialog, IconKind, Menu, MenuItem, PersonName, PersonPicker, TextArea,
    error_line, field_error, icon, priority_mark, violation_text,
};
use crate::view::{impl_view, view};
pub use draft::Beginning;

/// Opens the form, from wherever, with what is known of the task already: a day that was pressed, words that were typed.
#[derive(Clone, PartialEq)]
pub struct OpenNewTask(pub Callback<Beginning>);
use draft::Draft;
use line::{LINE, Line};
use reading::{Context, Reading};

#[derive(Clone, PartialEq)]
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
    let own = use_state_of(|state| state.store.viewer.as_ref().map(|viewer| viewer.id.clone()));
    let context = use_state_eq(|| Context { own, ..Context::default() });
    let draft = use_memo(props.beginning.clone(), Draft::beginning);
    let line = use_state_eq(|| draft.title.clone());
    let description = use_state_eq(|| draft.description.clone());
    let reading = Reading::of(&line, &context, &words);
    let deadline = use_state_eq(|| reading.deadline.clone().unwrap_or_else(|| draft.deadline.clone()));
    let assignee = use_state_eq(|| None::<UserId>);
    let priority = use_state_eq(|| reading.priority());
    let requires_review = use_state_eq(|| true);
    let key = use_state_eq(browser::idempotency_key);
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    // The next task is set after this one, in the same form.
    let goes_on = use_mut_ref(|| false);
    let assignee_name = {
        let id = (*assignee).clone();
        use_state_of(move |state| {
            id.as_ref().and_then(|id| state.store.person(id)).map(|person| person.name.clone())
        })
    };
    use_effect_with(
        ((*line).clone(), (*description).clone(), (*deadline).clone()),
        |(line, description, deadline)| {
            Draft { title: line.clone(), description: description.clone(), deadline: deadline.clone() }
                .keep();
        },
    );
    // Reads the line anew, and has the fields below say what has changed in it.
    let reread = {
        let (before, words) = (reading.clone(), words.clone());
        let (line, context) = (line.clone(), context.clone());
        let (deadline, assignee, priority) = (deadline.clone(), assignee.clone(), priority.clone());
        Callback::from(move |(text, knowing): (String, Context)| {
            let after = Reading::of(&text, &knowing, &words);
            if after.deadline != before.deadline {
                deadline.set(after.deadline.clone().unwrap_or_default());
            }
            if after.assignee != before.assignee {
                assignee.set(after.assignee.clone());
            }
            if after.priority() != before.priority() {
                priority.set(after.priority());
            }
            line.set(text);
            context.set(knowing);
        })
    };
    let learn = {
        let (reread, line, context) = (reread.clone(), line.clone(), context.clone());
        Callback::from(move |found: Vec<PersonFields>| {
            let mut knowing = (*context).clone();
            let fresh = found.into_iter().filter(|person| !context.people.contains(person));
            knowing.people.extend(fresh);
            reread.emit(((*line).clone(), knowing));
        })
    };
    let people = use_state_eq(|| None::<Vec<PersonFields>>);
    {
        let (client, people) = (client.clone(), people.clone());
        use_effect_with((), move |()| {
            spawn(async move { people.set(client.people_at_hand().await.ok()) });
        });
    }
    use_effect_with((*people).clone(), {
        let learn = learn.clone();
        move |people| people.iter().for_each(|people| learn.emit(people.clone()))
    });
    // What was chosen below takes the place of what the line says.
    let drop_words = {
        let (line, reading) = (line.clone(), reading.clone());
        move |kind: Kind| line.set(reading.understood.without(kind, &line))
    };
    use_effect_with((*deadline).clone(), {
        let (reading, drop_words) = (reading.clone(), drop_words.clone());
        move |deadline| {
            if reading.deadline.as_ref().is_some_and(|understood| understood != deadline) {
                drop_words(Kind::Deadline);
            }
        }
    });

    let title = reading.understood.title.clone();
    let title_error = validate::title(&title).err().map(|violation| violation_text(&words, violation));
    let description_error =
        validate::description(&description).err().map(|violation| violation_text(&words, violation));
    let moment = deadline.read(&words);
    let onsubmit = {
        let (line, context, description, deadline) =
            (line.clone(), context.clone(), description.clone(), deadline.clone());
        let (title, named, assignee, priority) =
            (title.clone(), reading.assignee.clone(), assignee.clone(), priority.clone());
        let (requires_review, busy, tried, trouble) =
            (requires_review.clone(), busy.clone(), tried.clone(), trouble.clone());
        let (onclose, moment, key, goes_on) = (props.onclose.clone(), moment, key.clone(), goes_on.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            let goes_on = goes_on.take();
            let (Ok(title), Ok(text)) = (validate::title(&title), validate::description(&description)) else {
                return;
            };
            let (Ok(moment), Some(assignee_id)) = (moment, (*assignee).clone()) else { return };
            if *busy {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let input = TaskCreateInput {
                title,
                description: text,
                assignee_id,
                deadline: moment,
                priority: *priority,
                requires_review: *requires_review,
                idempotency_key: (*key).clone(),
            };
            let (client, navigator, onclose) = (client.clone(), navigator.clone(), onclose.clone());
            let (busy, tried, trouble, key) = (busy.clone(), tried.clone(), trouble.clone(), key.clone());
            let (line, context, description, deadline) =
                (line.clone(), context.clone(), description.clone(), deadline.clone());
            let (named, assignee, priority) = (named.clone(), assignee.clone(), priority.clone());
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
                        if !goes_on {
                            onclose.emit(());
                            return;
                        }
                        // Whoever was chosen below may well do the next one too; whoever was named in the line was named for it.
                        if named.is_some() {
                            assignee.set(None);
                        }
                        line.set(String::new());
                        context.set(Context { refused: vec![], chosen: None, ..(*context).clone() });
                        description.set(String::new());
                        deadline.set(DeadlineText::default());
                        priority.set(TaskPriority::Normal);
                        key.set(browser::idempotency_key());
                        tried.set(false);
                        busy.set(false);
                        document::focus(LINE);
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
        let (assignee, reading, drop_words) = (assignee.clone(), reading.clone(), drop_words.clone());
        Callback::from(move |id: UserId| {
            if reading.assignee.as_ref() != Some(&id) {
                drop_words(Kind::Assignee);
            }
            assignee.set(Some(id));
        })
    };
    let priorities = TaskPriority::ALL.map(|one| {
        let (priority_set, reading, drop_words) = (priority.clone(), reading.clone(), drop_words.clone());
        let act = Callback::from(move |()| {
            if reading.understood.priority != Some(one) {
                drop_words(Kind::Priority);
            }
            priority_set.set(one);
        });
        MenuItem::choice((words.priority_name)(one), *priority == one, act)
    });
    let onreview = {
        let requires_review = requires_review.clone();
        Callback::from(move |event: Event| {
            requires_review.set(event.target_unchecked_into::<HtmlInputElement>().checked())
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        // Ctrl+Enter sends from any input, as everywhere; here the form stays for the next task.
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            let form = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|input| input.closest("form").ok().flatten());
            if let Some(form) =
                form.and_then(|form| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlFormElement>(form).ok())
            {
                event.prevent_default();
                goes_on.replace(true);
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
                { view(Line {
                    line: (*line).clone(),
                    reading: reading.clone(),
                    people: context.people.clone(),
                    has_more_people: people.as_ref().is_some_and(|people| i32::try_from(people.len()).is_ok_and(|count| count >= AT_HAND)),
                    error: shown(title_error, "title"),
                    onchange: reread.reform({
                        let context = context.clone();
                        move |text| (text, (*context).clone())
                    }),
                    onrefuse: reread.reform({
                        let (line, context) = (line.clone(), context.clone());
                        move |refused| {
                            let mut knowing = (*context).clone();
                            knowing.refused.push(refused);
                            ((*line).clone(), knowing)
                        }
                    }),
                    onchoose: reread.reform({
                        let context = context.clone();
                        move |(line, named, person): (String, String, PersonFields)| {
                            (line, Context { chosen: Some((named, person.id)), ..(*context).clone() })
                        }
                    }),
                    onfound: learn,
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
                    <span class="foot-hint hide-narrow">{ words.quick_add.create_hint }</span>
                    <button type="button" class="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words.cancel }</button>
                    <button type="submit" class={classes!("button", "primary", busy.then_some("busy"))} aria-disabled={busy.to_string()}>
                        { words.create_task }
                    </button>
                </footer>
            </form>
        },
    })
}
