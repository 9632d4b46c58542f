//! The lists that a person saved, in the side bar.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::client::{SavedList, use_client, use_state_of, use_wording};
use crate::page::list::NameDialog;
use crate::ui::{IconKind, Menu, MenuItem, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct SavedLists {
    /// The address of what is shown, as links have it.
    pub here: AttrValue,
}

impl_view!(SavedLists, use_saved_lists(self));

#[hook]
fn use_saved_lists(props: &SavedLists) -> Html {
    let client = use_client();
    let words = use_wording();
    let saved = use_state_of(|state| state.saved.clone());
    let renaming = use_state_eq(|| None::<String>);
    {
        let client = client.clone();
        use_effect_with((), move |()| {
            // The browser tells all tabs but the one that wrote.
            let told = client.clone();
            let listener = web_sys::window()
                .map(|window| EventListener::new(&window, "storage", move |_| told.read_saved_lists()));
            // Another tab may have saved one between the start and now.
            client.read_saved_lists();
            move || drop(listener)
        });
    }
    if saved.is_empty() {
        return Html::default();
    }
    let item = |list: &SavedList| {
        let here = (list.address == *props.here).then_some("here");
        let rename = {
            let (renaming, name) = (renaming.clone(), list.name.clone());
            Callback::from(move |()| renaming.set(Some(name.clone())))
        };
        let delete = {
            let (client, name) = (client.clone(), list.name.clone());
            Callback::from(move |()| client.delete_list(&name))
        };
        let items = vec![
            MenuItem::action(words.lists.rename, IconKind::Bookmark, rename),
            MenuItem::action(words.delete, IconKind::Trash, delete).dangerous(),
        ];
        html! {
            <li class="saved" key={list.name.clone()}>
                <a href={list.address.clone()} class={classes!("side-link", here)} aria-current={here.map(|_| "page")}>
                    { icon(IconKind::Bookmark) }<span class="side-name">{ list.name.clone() }</span>
                </a>
                { view(Menu {
                    label: (words.lists.saved_actions)(&list.name).into(), trigger: icon(IconKind::More),
                    trigger_class: "icon-button small", class: "end", sections: vec![(None, items)],
                }) }
            </li>
        }
    };
    let dialog = (*renaming).clone().map(|name| {
        let onclose = {
            let renaming = renaming.clone();
            Callback::from(move |()| renaming.set(None))
        };
        let onsubmit = {
            let (client, name) = (client.clone(), name.clone());
            Callback::from(move |to: String| client.rename_list(&name, &to))
        };
        Html::from(NameDialog { title: words.lists.rename_title, name, onsubmit, onclose })
    });
    html! {
        <>
            <h2 class="side-heading">{ words.lists.saved }</h2>
            <ul class="side-list" aria-label={words.lists.saved}>{ for saved.iter().map(item) }</ul>
            { dialog.unwrap_or_default() }
        </>
    }
}
