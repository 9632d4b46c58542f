//! A new password, by the one-time link of an administrator.

use crate::browser::spawn;
use domain::validate;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Card, form_trouble, submit};
use crate::api::session::PasswordResetInput;
use crate::browser::document;
use crate::client::{Trouble, use_client, use_wording};
use crate::route::Route;
use crate::ui::{PasswordField, field_error, violation_text};

/// The inputs that show their own errors.
const FIELDS: &[&str] = &["new"];

#[component]
pub fn ResetPage() -> Html {
    let client = use_client();
    let words = use_wording();
    let token = use_memo((), |()| document::link_parameter("token"));
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let violation = validate::password(&password).err().map(|violation| violation_text(&words, violation));
    let below = html! { <p><Link<Route> to={Route::Login}>{ words.sign_in }</Link<Route>></p> };
    let Some(token) = (*token).clone() else {
        return html! { <Card title={words.reset_title} hint={words.link_incomplete} {below}>{ "" }</Card> };
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
                    trouble.set(Some(refusal));
                    busy.set(false);
                }
            });
        })
    };
    let error =
        violation.filter(|_| *tried).or_else(|| field_error((*trouble).as_ref(), "new")).map(AttrValue::from);
    html! {
        <Card title={words.reset_title} hint={words.reset_hint} {below}>
            <form {onsubmit} novalidate={true}>
                { form_trouble(&words, (*trouble).as_ref(), FIELDS) }
                <PasswordField id="new-password" label={words.new_password} autocomplete="new-password"
                    hint={words.password_hint} value={password.clone()} {error} />
                { submit(words.reset_submit, *busy) }
            </form>
        </Card>
    }
}
