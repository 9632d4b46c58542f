//! Links that an administrator hands over: an invitation, and a new password.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::{Role, Timestamp, UserId};
use crate::browser::{document, spawn};
use crate::client::{use_client, use_wording};
use crate::ui::{Dialog, IconKind, icon};
use crate::view::{impl_view, view};

type Link = (String, Option<Timestamp>);

#[derive(PartialEq)]
pub struct InviteDialog {
    pub onclose: Callback<()>,
}

impl_view!(InviteDialog, use_invite_dialog(self));

#[hook]
fn use_invite_dialog(props: &InviteDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let role = use_state_eq(|| Role::Manager);
    let link = use_state_eq(|| None::<Link>);
    let onsubmit = {
        let (role, link) = (role.clone(), link.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (client, role, link) = (client.clone(), *role, link.clone());
            spawn(async move {
                match client.invite(role).await {
                    Ok(made) => link.set(Some(made)),
                    Err(trouble) => client.toast_trouble(&trouble, None),
                }
            });
        })
    };
    let choice = |one: Role| {
        let is_chosen = *role == one;
        let (role, link) = (role.clone(), link.clone());
        let onchange = Callback::from(move |_: Event| {
            role.set(one);
            link.set(None);
        });
        html! { <label class="check"><input type="radio" name="role" checked={is_chosen} {onchange} /><span>{ (words.role_name)(one) }</span></label> }
    };
    view(Dialog {
        title: words.invite_title.into(),
        onclose: props.onclose.clone(),
        class: "",
        children: html! {
            <form {onsubmit} class="form">
                <p class="muted">{ words.invite_hint }</p>
                <fieldset class="plain"><legend class="label">{ words.role }</legend>{ for Role::ALL.map(choice) }</fieldset>
                if let Some(link) = &*link { { view(LinkField { url: link.0.clone().into(), expires_at: link.1 }) } }
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words.close }</button>
                    if link.is_none() { <button type="submit" class="button primary">{ words.get_link }</button> }
                </footer>
            </form>
        },
    })
}

#[derive(PartialEq)]
pub struct ResetLinkDialog {
    pub id: UserId,
    pub onclose: Callback<()>,
}

impl_view!(ResetLinkDialog, use_reset_link_dialog(self));

#[hook]
fn use_reset_link_dialog(props: &ResetLinkDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let link = use_state_eq(|| None::<Link>);
    {
        let (link, onclose) = (link.clone(), props.onclose.clone());
        use_effect_with(props.id.clone(), move |id| {
            let id = id.clone();
            spawn(async move {
                match client.password_reset_link(id).await {
                    Ok(made) => link.set(Some(made)),
                    Err(trouble) => {
                        onclose.emit(());
                        client.toast_trouble(&trouble, None);
                    }
                }
            });
        });
    }
    view(Dialog {
        title: words.reset_link.into(),
        onclose: props.onclose.clone(),
        class: "",
        children: html! {
            <div class="form">
                <p class="muted">{ words.reset_link_hint }</p>
                if let Some(link) = &*link { { view(LinkField { url: link.0.clone().into(), expires_at: link.1 }) } }
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words.close }</button>
                </footer>
            </div>
        },
    })
}

#[derive(PartialEq)]
struct LinkField {
    url: AttrValue,
    expires_at: Option<Timestamp>,
}

impl_view!(LinkField, use_link_field(self));

#[hook]
fn use_link_field(props: &LinkField) -> Html {
    let client = use_client();
    let words = use_wording();
    let copy = {
        let url = props.url.clone();
        Callback::from(move |_: MouseEvent| {
            let (client, url) = (client.clone(), url.clone());
            spawn(async move {
                if document::copy(&url).await {
                    client.toast(client.words().copied, None);
                }
            });
        })
    };
    let select =
        Callback::from(|event: FocusEvent| event.target_unchecked_into::<HtmlInputElement>().select());
    html! {
        <div class="field">
            <label for="handed-link">{ words.link }</label>
            <div class="link-field">
                <input id="handed-link" class="input" readonly={true} value={props.url.clone()} onfocus={select} />
                <button type="button" class="button" onclick={copy}>{ icon(IconKind::Link) }{ words.copy }</button>
            </div>
            if let Some(expires_at) = props.expires_at {
                <div class="field-hint">{ (words.valid_until)(&words.exact(expires_at)) }</div>
            }
        </div>
    }
}
