//! The pages of those who are not signed in yet.

mod login;
mod register;
mod reset;

pub use login::LoginPage;
pub use register::RegisterPage;
pub use reset::ResetPage;

use yew::prelude::*;

use crate::api::Locale;
use crate::browser::{document, spawn};
use crate::client::{Trouble, Wording, use_client, use_wording};
use crate::view::impl_view;

/// The card in the middle of an otherwise empty page.
#[derive(PartialEq)]
struct Card {
    title: AttrValue,
    hint: Option<AttrValue>,
    children: Html,
    below: Html,
}

impl_view!(Card, use_card(self));

#[hook]
fn use_card(props: &Card) -> Html {
    let client = use_client();
    let words = use_wording();
    use_effect_with((props.title.clone(), words.product), |(title, product)| {
        document::set_title(&format!("{title} — {product}"));
    });
    let other = match words.preferences.locale {
        Locale::Ru => Locale::En,
        Locale::En => Locale::Ru,
    };
    let (name, lang) = match other {
        Locale::Ru => ("Русский", "ru"),
        Locale::En => ("English", "en"),
    };
    let switch = Callback::from(move |_: MouseEvent| {
        let client = client.clone();
        spawn(async move {
            // Nobody is signed in, so there is nothing to keep elsewhere and nothing to go wrong.
            let _ = client.set_locale(other).await;
        });
    });
    html! {
        <main class="entry">
            <div class="entry-brand">{ brand() }{ words.product }</div>
            <div class="entry-card">
                <h1>{ props.title.clone() }</h1>
                if let Some(hint) = &props.hint { <p class="entry-hint">{ hint }</p> }
                { props.children.clone() }
            </div>
            <div class="entry-below">{ props.below.clone() }</div>
            <button type="button" class="button ghost small" {lang} onclick={switch}>{ name }</button>
        </main>
    }
}

/// The sign of the product: a flag that marks how far the way has come.
pub fn brand() -> Html {
    html! {
        <svg class="brand" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="8" />
            <path class="brand-pole" d="M11 7v18" />
            <path class="brand-flag" d="M11 8h11.500l-3.400 4.500 3.400 4.500H11z" />
        </svg>
    }
}

/// What no single input can show; `fields` are those that show their own errors.
fn form_trouble(words: &Wording, trouble: Option<&Trouble>, fields: &[&str]) -> Html {
    let text = match trouble {
        Some(Trouble::Mend(errors)) => {
            let elsewhere = errors.iter().find(|error| !fields.iter().any(|name| error.concerns(name)));
            elsewhere.map(|error| error.message.clone())
        }
        Some(trouble @ Trouble::Request(_)) => Some(trouble.text(words)),
        None => None,
    };
    html! { <div role="alert">if let Some(text) = text { <p class="form-trouble">{ text }</p> }</div> }
}

/// The button that sends a form. While it is sending it stays where it is and takes no second press.
fn submit(label: &'static str, busy: bool) -> Html {
    html! {
        <button type="submit" class={classes!("button", "primary", "wide", busy.then_some("busy"))} aria-disabled={busy.to_string()}>
            { label }
        </button>
    }
}
