//! The menu of whoever is signed in.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::{Locale, Role, Theme};
use crate::browser::spawn;
use crate::client::{use_client, use_state_of, use_wording};
use crate::route::Route;
use crate::ui::{IconKind, Menu, MenuItem, avatar};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct AccountMenu;

impl_view!(AccountMenu, use_account_menu());

#[hook]
fn use_account_menu() -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let Some(viewer) = viewer else { return Html::default() };
    let go = |to: Route| {
        let navigator = navigator.clone();
        Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                navigator.push(&to);
            }
        })
    };
    let profile = MenuItem::action(words.profile, IconKind::Profile, go(Route::Profile));
    // A phone has no side bar, and its tabs are for every day.
    let statistics = MenuItem::action(words.statistics.title, IconKind::Statistics, go(Route::Statistics));
    let mut places = vec![profile, statistics];
    if viewer.role == Role::Admin {
        places.push(MenuItem::action(words.search.title, IconKind::Search, go(Route::Search)));
        places.push(MenuItem::action(words.people, IconKind::People, go(Route::People)));
    }
    let language = [(Locale::Ru, "Русский"), (Locale::En, "English")].map(|(locale, name)| {
        let client = client.clone();
        MenuItem::choice(
            name,
            words.preferences.locale == locale,
            Callback::from(move |()| {
                let changing = client.clone();
                client.attempt(async move { changing.set_locale(locale).await });
            }),
        )
    });
    let theme = Theme::ALL.map(|theme| {
        let client = client.clone();
        let name = words.theme_name(theme);
        MenuItem::choice(
            name,
            words.preferences.theme == theme,
            Callback::from(move |()| {
                let changing = client.clone();
                client.attempt(async move { changing.set_theme(theme).await });
            }),
        )
    });
    let sign_out = {
        let client = client.clone();
        MenuItem::action(
            words.sign_out,
            IconKind::SignOut,
            Callback::from(move |()| {
                let client = client.clone();
                spawn(async move { client.logout().await });
            }),
        )
    };
    let sections = vec![
        (None, places),
        (Some(words.language.into()), language.to_vec()),
        (Some(words.theme.into()), theme.to_vec()),
        (None, vec![sign_out]),
    ];
    let label = format!("{}: {}", words.account_menu, viewer.name);
    let trigger = html! { { avatar(&viewer.name) } };
    view(Menu { label: label.into(), trigger, trigger_class: "icon-button", class: "end", sections })
}
