//! Signing in.

use crate::browser::spawn;
use domain::validate;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Card, form_trouble, submit};
use crate::api::session::LoginInput;
use crate::client::{Trouble, use_client, use_wording};
use crate::route::Route;
use crate::ui::{PasswordField, TextField, field_error};

/// The inputs that show their own errors.
const FIELDS: &[&str] = &["email", "password"];

#[derive(Properties, PartialEq)]
pub struct LoginProps {
    /// The session was there and ended by itself.
    pub ended: bool,
}

#[component]
pub fn LoginPage(props: &LoginProps) -> Html {
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
                    trouble.set(Some(refusal));
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
                <p>{ words.no_account }{" "}<Link<Route> to={Route::Register}>{ words.register }</Link<Route>></p>
            }
            <p class="muted">{ words.forgot_password }</p>
        </>
    };
    html! {
        <Card title={words.sign_in_title} hint={props.ended.then_some(AttrValue::from(words.session_over))} {below}>
            <form {onsubmit} novalidate={true}>
                { form_trouble(&words, (*trouble).as_ref(), FIELDS) }
                <TextField id="email" label={words.email} kind="email" autocomplete="username" focused={true}
                    value={email.clone()} error={shown(email_error, "email")} />
                <PasswordField id="password" label={words.password} autocomplete="current-password"
                    value={password.clone()} error={shown(password_error, "password")} />
                { submit(words.sign_in, *busy) }
            </form>
        </Card>
    }
}
