//! Signing in.

use domain::validate;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Card, form_trouble, submit};
use crate::api::session::LoginInput;
use crate::browser::spawn;
use crate::client::{Trouble, use_client, use_wording};
use crate::route::Route;
use crate::ui::{PasswordField, TextField, field_error};
use crate::view::{impl_view, view};

/// The inputs that show their own errors.
const FIELDS: &[&str] = &["email", "password"];

#[derive(PartialEq)]
pub struct LoginPage {
    /// The session was there and ended by itself.
    pub ended: bool,
}

impl_view!(LoginPage, use_login_page(self));

#[hook]
fn use_login_page(props: &LoginPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let email = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let registration = use_state_eq(|| true);
    {
        let (client, registration) = (client.clone(), registration.clone());
        use_effect_with((), move |()| {
            spawn(async move {
                if let Ok(server) = client.server().await {
                    registration.set(server.registration_open);
                    if server.first_account
                        && let Some(navigator) = navigator
                    {
                        navigator.replace(&Route::Register);
                    }
                }
            });
        });
    }
    let email_error = validate::email(&email).is_err().then_some(words.invalid_email);
    let password_error = password.is_empty().then_some(words.required);
    let onsubmit = {
        let (email, password, busy, tried, trouble) =
            (email.clone(), password.clone(), busy.clone(), tried.clone(), trouble.clone());
        let valid = email_error.is_none() && password_error.is_none();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if *busy || !valid {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let input = LoginInput { email: email.trim().to_owned(), password: (*password).clone() };
            let (client, busy, trouble) = (client.clone(), busy.clone(), trouble.clone());
            spawn(async move {
                if let Err(refusal) = client.login(input).await {
                    let allowed = refusal.waits();
                    trouble.set(Some(refusal));
                    // The button waits as long as the server asked to be left.
                    allowed.await;
                    busy.set(false);
                }
            });
        })
    };
    let shown = |local: Option<&'static str>, name: &str| {
        let local = local.filter(|_| *tried).map(AttrValue::from);
        local.or_else(|| field_error((*trouble).as_ref(), name).map(AttrValue::from))
    };
    let below = html! {
        <>
            if *registration {
                <p>{ words.no_account }{" "}<a href={Route::Register.to_path()}>{ words.register }</a></p>
            }
            <p class="muted">{ words.forgot_password }</p>
        </>
    };
    view(Card {
        title: words.sign_in_title.into(),
        hint: props.ended.then_some(AttrValue::from(words.session_over)),
        below,
        children: html! {
            <form {onsubmit} novalidate={true}>
                { form_trouble(&words, (*trouble).as_ref(), FIELDS) }
                { view(TextField {
                    kind: "email", autocomplete: Some("username"), focused: true, error: shown(email_error, "email"),
                    ..TextField::new("email", words.email, email.clone())
                }) }
                { view(PasswordField {
                    id: "password", label: words.password, autocomplete: Some("current-password"), hint: None,
                    value: password.clone(), error: shown(password_error, "password"),
                }) }
                { submit(words.sign_in, *busy) }
            </form>
        },
    })
}
