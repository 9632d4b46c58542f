//! One's own account: name, language, theme, zone, password, devices.

mod notifications;
mod password;
mod sessions;
mod zone;

use domain::validate;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::session::{ProfileUpdateInput, Viewer};
use crate::api::{Locale, Theme};
use crate::browser::spawn;
use crate::client::{Trouble, use_client, use_state_of, use_wording};
use crate::ui::{PasswordField, TextField, field_error, violation_text};
use crate::view::{impl_view, view};
use notifications::BrowserNotifications;
use password::PasswordForm;
use sessions::Sessions;
use zone::ZonePicker;

#[derive(Clone, PartialEq)]
pub struct ProfilePage;

impl_view!(ProfilePage, use_profile_page());

#[hook]
fn use_profile_page() -> Html {
    let words = use_wording();
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let Some(viewer) = viewer else { return Html::default() };
    html! {
        <div class="narrow profile">
            <section class="profile-part" aria-labelledby="profile-account">
                <h2 id="profile-account">{ words.account }</h2>
                { view(AccountForm { viewer: (*viewer).clone() }) }
            </section>
            <section class="profile-part" aria-labelledby="profile-appearance">
                <h2 id="profile-appearance">{ words.appearance }</h2>
                { view(Appearance) }
            </section>
            <section class="profile-part" aria-labelledby="profile-notifications">
                <h2 id="profile-notifications">{ words.notifications }</h2>
                { view(BrowserNotifications) }
            </section>
            <section class="profile-part" aria-labelledby="profile-password">
                <h2 id="profile-password">{ words.password_change }</h2>
                { view(PasswordForm) }
            </section>
            <section class="profile-part" aria-labelledby="profile-sessions">
                <h2 id="profile-sessions">{ words.sessions }</h2>
                { view(Sessions) }
            </section>
        </div>
    }
}

#[derive(PartialEq)]
struct AccountForm {
    viewer: Viewer,
}

impl_view!(AccountForm, use_account_form(self));

#[hook]
fn use_account_form(props: &AccountForm) -> Html {
    let client = use_client();
    let words = use_wording();
    let name = use_state_eq(|| props.viewer.name.clone());
    let email = use_state_eq(|| props.viewer.email.clone().unwrap_or_default());
    let password = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let name_error = validate::name(&name).err().map(|violation| violation_text(&words, violation));
    let email_error = validate::email(&email).is_err().then(|| words.invalid_email.to_owned());
    // Whoever finds the device open is not to take the account over.
    let moves = validate::email(&email).ok() != props.viewer.email;
    let password_error = (moves && password.is_empty()).then(|| words.required.to_owned());
    let changed = **name != props.viewer.name || moves;
    let onsubmit = {
        let (name, email, trouble) = (name.clone(), email.clone(), trouble.clone());
        let (password, tried) = (password.clone(), tried.clone());
        let valid = name_error.is_none() && email_error.is_none() && password_error.is_none() && changed;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !valid {
                return;
            }
            trouble.set(None);
            let input = ProfileUpdateInput {
                name: Some(name.trim().to_owned()),
                email: Some(email.trim().to_owned()),
                current_password: moves.then(|| (*password).clone()),
                ..ProfileUpdateInput::default()
            };
            let (client, trouble) = (client.clone(), trouble.clone());
            let (password, tried) = (password.clone(), tried.clone());
            spawn(async move {
                match client.update_profile(input).await {
                    Ok(()) => {
                        password.set(String::new());
                        tried.set(false);
                        client.toast(client.words().saved, None);
                    }
                    Err(refusal @ Trouble::Mend(_)) => trouble.set(Some(refusal)),
                    Err(refusal @ Trouble::Request(_)) => client.toast_trouble(&refusal, None),
                }
            });
        })
    };
    let shown = |local: Option<String>, name: &str| {
        local.or_else(|| field_error((*trouble).as_ref(), name)).map(AttrValue::from)
    };
    html! {
        <form {onsubmit} novalidate={true} class="form">
            { view(TextField {
                autocomplete: Some("name"), error: shown(name_error, "name"),
                ..TextField::new("profile-name", words.name, name.clone())
            }) }
            { view(TextField {
                kind: "email", autocomplete: Some("email"), error: shown(email_error, "email"),
                ..TextField::new("profile-email", words.email, email.clone())
            }) }
            if moves {
                { view(PasswordField {
                    id: "profile-password-now", label: words.current_password, autocomplete: Some("current-password"),
                    hint: None, value: password.clone(), error: shown(password_error.filter(|_| *tried), "currentPassword"),
                }) }
            }
            <div class="property"><span class="label">{ words.role }</span><span>{ (words.role_name)(props.viewer.role) }</span></div>
            <div class="form-actions">
                <button type="submit" class={classes!("button", changed.then_some("primary"))} aria-disabled={(!changed).to_string()}>{ words.save }</button>
            </div>
        </form>
    }
}

#[derive(PartialEq)]
struct Appearance;

impl_view!(Appearance, use_appearance());

#[hook]
fn use_appearance() -> Html {
    let client = use_client();
    let words = use_wording();
    let preferences = &words.preferences;
    let languages = [(Locale::Ru, "Русский"), (Locale::En, "English")].map(|(locale, name)| {
        let client = client.clone();
        let onchange = Callback::from(move |_: Event| {
            let changing = client.clone();
            client.attempt(async move { changing.set_locale(locale).await });
        });
        segment("language", name, preferences.locale == locale, onchange)
    });
    let themes = Theme::ALL.map(|theme| {
        let client = client.clone();
        let onchange = Callback::from(move |_: Event| {
            let changing = client.clone();
            client.attempt(async move { changing.set_theme(theme).await });
        });
        segment("theme", words.theme_name(theme), preferences.theme == theme, onchange)
    });
    let onkeys = {
        let client = client.clone();
        Callback::from(move |event: Event| {
            let shortcuts = Some(event.target_unchecked_into::<HtmlInputElement>().checked());
            let changing = client.clone();
            client.attempt(async move {
                let input = ProfileUpdateInput { shortcuts, ..ProfileUpdateInput::default() };
                changing.update_profile(input).await
            });
        })
    };
    html! {
        <div class="form">
            <fieldset class="plain"><legend class="label">{ words.language }</legend><div class="segments">{ for languages }</div></fieldset>
            <fieldset class="plain"><legend class="label">{ words.theme }</legend><div class="segments">{ for themes }</div></fieldset>
            { view(ZonePicker) }
            <label class="check">
                <input type="checkbox" checked={preferences.shortcuts} onchange={onkeys} />
                <span>{ words.keyboard.single_keys }<span class="muted">{ words.keyboard.single_keys_hint }</span></span>
            </label>
        </div>
    }
}

fn segment(group: &'static str, name: &'static str, chosen: bool, onchange: Callback<Event>) -> Html {
    html! { <label class="segment"><input type="radio" name={group} checked={chosen} {onchange} /><span>{ name }</span></label> }
}
