//! Changing one's own password.

use domain::validate;
use yew::prelude::*;

use crate::api::session::PasswordChangeInput;
use crate::browser::spawn;
use crate::client::{Trouble, use_client, use_wording};
use crate::ui::{PasswordField, field_error, violation_text};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct PasswordForm;

impl_view!(PasswordForm, use_password_form());

#[hook]
fn use_password_form() -> Html {
    let client = use_client();
    let words = use_wording();
    let current = use_state_eq(String::new);
    let new = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let current_error = current.is_empty().then(|| words.required.to_owned());
    let new_error = validate::password(&new).err().map(|violation| violation_text(&words, violation));
    let onsubmit = {
        let (current, new, tried, trouble) = (current.clone(), new.clone(), tried.clone(), trouble.clone());
        let valid = current_error.is_none() && new_error.is_none();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !valid {
                return;
            }
            trouble.set(None);
            let input = PasswordChangeInput { current: (*current).clone(), new: (*new).clone() };
            let (client, current, new) = (client.clone(), current.clone(), new.clone());
            let (tried, trouble) = (tried.clone(), trouble.clone());
            spawn(async move {
                match client.change_password(input).await {
                    Ok(()) => {
                        current.set(String::new());
                        new.set(String::new());
                        tried.set(false);
                        client.toast(client.words().password_changed, None);
                    }
                    Err(refusal @ Trouble::Mend(_)) => trouble.set(Some(refusal)),
                    Err(refusal @ Trouble::Request(_)) => client.toast_trouble(&refusal, None),
                }
            });
        })
    };
    let shown = |local: Option<String>, name: &str| {
        local.filter(|_| *tried).or_else(|| field_error((*trouble).as_ref(), name)).map(AttrValue::from)
    };
    html! {
        <form {onsubmit} novalidate={true} class="form">
            { view(PasswordField {
                id: "current-password", label: words.current_password, autocomplete: Some("current-password"),
                hint: None, value: current.clone(), error: shown(current_error, "current"),
            }) }
            { view(PasswordField {
                id: "new-password", label: words.new_password, autocomplete: Some("new-password"),
                hint: Some(words.password_hint), value: new.clone(), error: shown(new_error, "new"),
            }) }
            <div class="form-actions"><button type="submit" class="button">{ words.change_password }</button></div>
        </form>
    }
}
