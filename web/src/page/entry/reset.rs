//! A new password, by the one-time link of an administrator.

use domain::validate;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Card, form_trouble, submit};
use crate::api::session::PasswordResetInput;
use crate::browser::{document, spawn};
use crate::client::{Trouble, use_client, use_wording};
use crate::route::Route;
use crate::ui::{PasswordField, field_error, violation_text};
use crate::view::{impl_view, view};

/// The inputs that show their own errors.
const FIELDS: &[&str] = &["new"];

#[derive(PartialEq)]
pub struct ResetPage;

impl_view!(ResetPage, use_reset_page());

#[hook]
fn use_reset_page() -> Html {
    let client = use_client();
    let words = use_wording();
    let token = use_memo((), |()| document::link_parameter("token"));
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let violation = validate::password(&password).err().map(|violation| violation_text(&words, violation));
    let below = html! { <p><a href={Route::Login.to_path()}>{ words.sign_in }</a></p> };
    let Some(token) = (*token).clone() else {
        return view(Card {
            title: words.reset_title.into(),
            hint: Some(words.link_incomplete.into()),
            below,
            children: Html::default(),
        });
    };
    let onsubmit = {
        let (password, busy, tried, trouble) =
            (password.clone(), busy.clone(), tried.clone(), trouble.clone());
        let valid = violation.is_none();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if *busy || !valid {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let input = PasswordResetInput { token: token.clone(), new: (*password).clone() };
            let (client, busy, trouble) = (client.clone(), busy.clone(), trouble.clone());
            spawn(async move {
                if let Err(refusal) = client.reset_password(input).await {
                    let allowed = refusal.waits();
                    trouble.set(Some(refusal));
                    // The button waits as long as the server asked to be left.
                    allowed.await;
                    busy.set(false);
                }
            });
        })
    };
    let error =
        violation.filter(|_| *tried).or_else(|| field_error((*trouble).as_ref(), "new")).map(AttrValue::from);
    view(Card {
        title: words.reset_title.into(),
        hint: Some(words.reset_hint.into()),
        below,
        children: html! {
            <form {onsubmit} novalidate={true}>
                { form_trouble(&words, (*trouble).as_ref(), FIELDS) }
                { view(PasswordField {
                    id: "new-password", label: words.new_password, autocomplete: Some("new-password"),
                    hint: Some(words.password_hint), value: password.clone(), error,
                }) }
                { submit(words.reset_submit, *busy) }
            </form>
        },
    })
}
