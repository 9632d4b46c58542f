//! What people say about a task.

use std::rc::Rc;

use domain::validate;
use yew::prelude::*;

use crate::browser::spawn;
use crate::browser::{self, storage};
use crate::client::{Trouble, use_client, use_state_of, use_wording};
use crate::store::{Comment, Task};
use crate::ui::{
    FormDialog, IconKind, Menu, MenuItem, TextArea, avatar, field_error, form_dialog, format_on_key,
    formatting_hint, icon, prose, send_on_key, skeleton, violation_text,
};
use crate::view::{impl_view, view, view_keyed};

#[derive(PartialEq)]
pub struct Comments {
    pub task: Rc<Task>,
    /// Under which what is typed is kept on the device.
    pub place: AttrValue,
}

impl_view!(Comments, use_comments(self));

#[hook]
fn use_comments(props: &Comments) -> Html {
    let client = use_client();
    let words = use_wording();
    let id = props.task.id.clone();
    let talk = use_state_of(move |state| {
        state.store.talk(&id).map(|talk| (talk.comments.clone(), talk.more_comments.is_some()))
    });
    let Some((comments, more)) = talk else { return html! { { skeleton(&words, 2) } } };
    let load_more = {
        let (client, task) = (client.clone(), props.task.clone());
        Callback::from(move |_: MouseEvent| {
            let (loading, id, number) = (client.clone(), task.id.clone(), task.number);
            client.attempt(async move { loading.load_more_comments(id, number).await });
        })
    };
    let rows = comments.iter().map(|comment| {
        let key = comment.id.as_str().to_owned();
        let (task, place) = (props.task.clone(), props.place.clone());
        view_keyed(key, CommentRow { task, comment: comment.clone(), place })
    });
    html! {
        <div class="comments">
            if comments.is_empty() {
                <p class="muted quiet-line">{ words.no_comments }</p>
            } else {
                <ul class="comment-list">{ for rows }</ul>
            }
            if more { <button type="button" class="button small" onclick={load_more}>{ words.show_more }</button> }
            if props.task.viewer_can.comment { { view(NewComment { task: props.task.clone(), place: props.place.clone() }) } }
        </div>
    }
}

#[derive(PartialEq)]
struct CommentRow {
    task: Rc<Task>,
    comment: Rc<Comment>,
    place: AttrValue,
}

impl_view!(CommentRow, use_comment_row(self));

#[hook]
fn use_comment_row(props: &CommentRow) -> Html {
    let client = use_client();
    let words = use_wording();
    let comment = props.comment.clone();
    let editing = use_state_eq(|| false);
    let deleting = use_state_eq(|| false);
    let name = {
        let author = comment.author.clone();
        use_state_of(move |state| {
            author.as_ref().and_then(|id| state.store.person(id)).map(|person| person.name.clone())
        })
    };
    let name = name.unwrap_or_else(|| words.nobody.to_owned());
    let set = |flag: &UseStateHandle<bool>, to: bool| {
        let flag = flag.clone();
        Callback::from(move |()| flag.set(to))
    };
    let mut items = vec![];
    if comment.viewer_can.edit {
        items.push(MenuItem::action(words.edit, IconKind::Edit, set(&editing, true)));
    }
    if comment.viewer_can.delete {
        items.push(MenuItem::action(words.delete, IconKind::Trash, set(&deleting, true)).dangerous());
    }
    let delete = {
        let (client, task, id, close) =
            (client.clone(), props.task.clone(), comment.id.clone(), set(&deleting, false));
        Callback::from(move |()| {
            close.emit(());
            let (client, task, id) = (client.clone(), task.clone(), id.clone());
            spawn(async move {
                match client.delete_comment(&task.id, id).await {
                    Ok(()) => client.toast(client.words().comment_deleted, None),
                    Err(trouble) => client.toast_trouble(&trouble, None),
                }
            });
        })
    };
    let question = html! { <p>{ words.delete_comment_question }</p> };
    let meta = if comment.edited_at.is_some() {
        format!("{} · {}", words.moment(comment.created_at), words.edited)
    } else {
        words.moment(comment.created_at)
    };
    html! {
        <li class="comment">
            { avatar(&name) }
            <div class="comment-card">
                <div class="comment-head">
                    <span class="comment-author">{ name }</span>
                    <span class="muted small">{ meta }</span>
                    if !items.is_empty() && !*editing {
                        { view(Menu {
                            label: words.more_actions.into(), trigger: html! { { icon(IconKind::More) } },
                            trigger_class: "icon-button small", class: "end push", sections: vec![(None, items)],
                        }) }
                    }
                </div>
                if *editing {
                    { view(EditComment {
                        task: props.task.clone(), comment: comment.clone(), place: props.place.clone(),
                        onclose: set(&editing, false),
                    }) }
                } else {
                    { prose(&words, &comment.body) }
                }
            </div>
            if *deleting {
                { form_dialog(&words, FormDialog { dangerous: true, ..FormDialog::new(words.delete, question, words.delete, delete, set(&deleting, false)) }) }
            }
        </li>
    }
}

#[derive(PartialEq)]
struct EditComment {
    task: Rc<Task>,
    comment: Rc<Comment>,
    place: AttrValue,
    onclose: Callback<()>,
}

impl_view!(EditComment, use_edit_comment(self));

#[hook]
fn use_edit_comment(props: &EditComment) -> Html {
    let client = use_client();
    let words = use_wording();
    let place = [&props.place, "comment.", props.comment.id.as_str()].concat();
    let body = use_kept_text(place.clone(), props.comment.body.clone());
    let trouble = use_state_eq(|| None::<Trouble>);
    let violation = validate::comment(&body).err().map(|violation| violation_text(&words, violation));
    let onsubmit = {
        let (body, trouble) = (body.clone(), trouble.clone());
        let (task, id, onclose) = (props.task.clone(), props.comment.id.clone(), props.onclose.clone());
        let place = place.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(text) = validate::comment(&body) else { return };
            let (client, task, id) = (client.clone(), task.clone(), id.clone());
            let (onclose, trouble, place) = (onclose.clone(), trouble.clone(), place.clone());
            spawn(async move {
                match client.update_comment(&task.id, id, text).await {
                    Ok(()) => {
                        storage::keep_draft(&place, None);
                        onclose.emit(());
                    }
                    Err(refusal) => trouble.set(Some(refusal)),
                }
            });
        })
    };
    let refusal = trouble.as_ref().map(|trouble| trouble.text(&words));
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                onclose.emit(());
            } else {
                write_on_key(event);
            }
        })
    };
    let cancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            storage::keep_draft(&place, None);
            onclose.emit(());
        })
    };
    html! {
        <form {onsubmit} {onkeydown} novalidate={true}>
            { view(TextArea {
                label_hidden: true, focused: true, error: violation.or(refusal).map(AttrValue::from),
                ..TextArea::new("edit-comment", words.comment, body.clone())
            }) }
            { formatting_hint(&words) }
            <div class="form-actions">
                <button type="submit" class="button primary small">{ words.save }</button>
                <button type="button" class="button small" onclick={cancel}>{ words.cancel }</button>
            </div>
        </form>
    }
}

#[derive(PartialEq)]
struct NewComment {
    task: Rc<Task>,
    place: AttrValue,
}

impl_view!(NewComment, use_new_comment(self));

#[hook]
fn use_new_comment(props: &NewComment) -> Html {
    let client = use_client();
    let words = use_wording();
    let body = use_kept_text([&props.place, "comment"].concat(), String::new());
    let key = use_mut_ref(browser::idempotency_key);
    let busy = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let too_long = validate::comment(&body).err().filter(|_| !body.trim().is_empty());
    let onsubmit = {
        let (body, busy, trouble, task) = (body.clone(), busy.clone(), trouble.clone(), props.task.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(text) = validate::comment(&body) else { return };
            if *busy {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let (client, task, body, key) = (client.clone(), task.clone(), body.clone(), key.clone());
            let (busy, trouble) = (busy.clone(), trouble.clone());
            spawn(async move {
                let sent_key = key.borrow().clone();
                let sent = client.add_comment(&task.id, text, sent_key).await;
                busy.set(false);
                match sent {
                    Ok(()) => {
                        *key.borrow_mut() = browser::idempotency_key();
                        body.set(String::new());
                    }
                    Err(refusal) => trouble.set(Some(refusal)),
                }
            });
        })
    };
    let refusal =
        field_error((*trouble).as_ref(), "body").or_else(|| trouble.as_ref().map(|it| it.text(&words)));
    let error = too_long.map(|violation| violation_text(&words, violation)).or(refusal).map(AttrValue::from);
    html! {
        <form class="new-comment" {onsubmit} onkeydown={write_on_key} novalidate={true}>
            { view(TextArea {
                label_hidden: true, placeholder: Some(words.comment_placeholder), rows: 2, error,
                ..TextArea::new("new-comment", words.comment, body.clone())
            }) }
            <div class="new-comment-foot">
                { formatting_hint(&words) }
                <button type="submit" class={classes!("button", "small", (!body.trim().is_empty()).then_some("primary"), busy.then_some("busy"))}
                    aria-disabled={body.trim().is_empty().to_string()}>
                    { icon(IconKind::Send) }{ words.send }
                </button>
            </div>
        </form>
    }
}

/// A text that is kept on the device while it differs from what it was.
#[hook]
fn use_kept_text(place: String, original: String) -> UseStateHandle<String> {
    let text = use_state_eq(|| storage::read_draft(&place).unwrap_or_else(|| original.clone()));
    use_effect_with((*text).clone(), move |text| {
        storage::keep_draft(&place, Some(text.as_str()).filter(|text| *text != original));
    });
    text
}

fn write_on_key(event: KeyboardEvent) {
    format_on_key(&event);
    send_on_key(event);
}
