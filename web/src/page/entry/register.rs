//! Registering: openly, by an invitation, or as the first, who becomes the administrator.

use domain::validate;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Card, form_trouble, submit};
use crate::api::session::{RegisterInput, Server};
use crate::browser::zone::Zone;
use crate::browser::{self, document, spawn};
use crate::client::{Trouble, use_client, use_wording};
use crate::route::Route;
use crate::text::zone::from_utc;
use crate::ui::{PasswordField, TextField, field_error, violation_text};
use crate::view::{impl_view, view};

/// The inputs that show their own errors.
const FIELDS: &[&str] = &["name", "email", "password"];

#[derive(PartialEq)]
pub struct RegisterPage;

impl_view!(RegisterPage, use_register_page());

#[hook]
fn use_register_page() -> Html {
    let client = use_client();
    let words = use_wording();
    let invitation = use_memo((), |()| document::link_parameter("invitation"));
    let name = use_state_eq(String::new);
    let email = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let server = use_state_eq(|| None::<Server>);
    {
        let (client, server, trouble) = (client.clone(), server.clone(), trouble.clone());
        use_effect_with((), move |()| {
            spawn(async move {
                match client.server().await {
                    Ok(known) => server.set(Some(known)),
                    Err(refusal) => trouble.set(Some(refusal)),
                }
            });
        });
    }
    let name_error = validate::name(&name).err().map(|violation| violation_text(&words, violation));
    let email_error = validate::email(&email).is_err().then(|| words.invalid_email.to_owned());
    let password_error =
        validate::password(&password).err().map(|violation| violation_text(&words, violation));
    let valid = name_error.is_none() && email_error.is_none() && password_error.is_none();
    let onsubmit = {
        let (name, email, password) = (name.clone(), email.clone(), password.clone());
        let (busy, tried, trouble, invitation) =
            (busy.clone(), tried.clone(), trouble.clone(), invitation.clone());
        let locale = words.preferences.locale;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if *busy || !valid {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let input = RegisterInput {
                name: name.trim().to_owned(),
                email: email.trim().to_owned(),
                password: (*password).clone(),
                invitation: (*invitation).clone(),
                time_zone: Zone::told_by_device(),
                locale: Some(locale),
            };
            let (client, busy, trouble) = (client.clone(), busy.clone(), trouble.clone());
            spawn(async move {
                match client.register(input).await {
                    Ok(()) if Zone::named_by_device().is_some() => {}
                    Ok(()) => {
                        let ahead = Zone::ahead(&client.zone_name(), browser::now()).unwrap_or_default();
                        client.toast((client.words().zone_unknown)(&from_utc(ahead)), None);
                    }
                    Err(refusal) => {
                        let allowed = refusal.waits();
                        trouble.set(Some(refusal));
                        // The button waits as long as the server asked to be left.
                        allowed.await;
                        busy.set(false);
                    }
                }
            });
        })
    };
    let shown = |local: Option<String>, name: &str| {
        local.filter(|_| *tried).or_else(|| field_error((*trouble).as_ref(), name)).map(AttrValue::from)
    };
    let is_first = server.as_ref().is_some_and(|server| server.first_account);
    let is_closed = server.as_ref().is_some_and(|server| !server.registration_open && !server.first_account);
    let have_account = html! {
        <p>{ words.have_account }{" "}<a href={Route::Login.to_path()}>{ words.sign_in }</a></p>
    };
    if is_closed && invitation.is_none() {
        return view(Card {
            title: words.register_title.into(),
            hint: Some(words.registration_closed.into()),
            below: have_account,
            children: Html::default(),
        });
    }
    let (title, hint, action) = if is_first {
        (words.first_account_title, Some(words.first_account_hint), words.create_administrator)
    } else {
        (words.register_title, invitation.is_some().then_some(words.invited_hint), words.register)
    };
    view(Card {
        title: title.into(),
        hint: hint.map(AttrValue::from),
        below: if is_first { Html::default() } else { have_account },
        children: html! {
            <form {onsubmit} novalidate={true}>
                { form_trouble(&words, (*trouble).as_ref(), FIELDS) }
                { view(TextField {
                    autocomplete: Some("name"), focused: true, error: shown(name_error, "name"),
                    ..TextField::new("name", words.name, name.clone())
                }) }
                { view(TextField {
                    kind: "email", autocomplete: Some("username"), error: shown(email_error, "email"),
                    ..TextField::new("email", words.email, email.clone())
                }) }
                { view(PasswordField {
                    id: "password", label: words.password, autocomplete: Some("new-password"),
                    hint: Some(words.password_hint), value: password.clone(),
                    error: shown(password_error, "password"),
                }) }
                { submit(action, *busy) }
            </form>
        },
    })
}
