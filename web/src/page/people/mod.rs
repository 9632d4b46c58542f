//! People, for the administrator: who there is, in which role, and who may sign in.

mod link;

use crate::browser::spawn;
use yew::prelude::*;

use crate::api::people::Account;
use crate::api::{Role, UserId};
use crate::client::{Client, Trouble, use_client, use_state_of, use_wording};
use crate::transport::RequestError;
use crate::ui::{IconKind, Menu, MenuItem, avatar, empty, icon, skeleton};
use crate::view::{impl_view, view, view_keyed};
use link::{InviteDialog, ResetLinkDialog};

/// What of the table has been read.
#[derive(Clone, PartialEq, Default)]
struct Table {
    accounts: Vec<Account>,
    more: Option<String>,
    total: i32,
}

#[derive(Clone, PartialEq)]
enum Opened {
    Nothing,
    Invitation,
    ResetLink(UserId),
}

#[derive(PartialEq)]
pub struct PeoplePage;

impl_view!(PeoplePage, use_people_page());

#[hook]
fn use_people_page() -> Html {
    let client = use_client();
    let words = use_wording();
    let table = use_state_eq(|| None::<Table>);
    let failure = use_state_eq(|| None::<RequestError>);
    let opened = use_state_eq(|| Opened::Nothing);
    let load = {
        let (client, table, failure) = (client.clone(), table.clone(), failure.clone());
        Callback::from(move |so_far: Option<Table>| {
            let (client, table, failure) = (client.clone(), table.clone(), failure.clone());
            spawn(async move {
                let after = so_far.as_ref().and_then(|so_far| so_far.more.clone());
                match client.load_people(after).await {
                    Ok(page) => {
                        let mut accounts = so_far.unwrap_or_default().accounts;
                        accounts.extend(page.nodes);
                        let more = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
                        failure.set(None);
                        table.set(Some(Table { accounts, more, total: page.total_count }));
                    }
                    Err(Trouble::Request(error)) => failure.set(Some(error)),
                    Err(trouble @ Trouble::Mend(_)) => client.toast_trouble(&trouble, None),
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(None));
    }
    let set = |to: Opened| {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(to.clone()))
    };
    let Some(shown) = (*table).clone() else {
        return if failure.is_some() {
            html! {
                { empty(IconKind::Offline, words.unreachable.into(), None, html! {
                    <button type="button" class="button" onclick={load.reform(|_: MouseEvent| None)}>{ words.retry }</button>
                }) }
            }
        } else {
            html! { { skeleton(&words, 6) } }
        };
    };
    let onchanged = {
        let table = table.clone();
        Callback::from(move |changed: Account| {
            if let Some(mut now) = (*table).clone() {
                for account in now.accounts.iter_mut().filter(|account| account.id == changed.id) {
                    *account = changed.clone();
                }
                table.set(Some(now));
            }
        })
    };
    let rows = shown.accounts.iter().map(|account| {
        let onreset = set(Opened::ResetLink(account.id.clone()));
        view_keyed(
            account.id.as_str(),
            AccountRow { account: account.clone(), onchanged: onchanged.clone(), onreset },
        )
    });
    let more = {
        let shown = shown.clone();
        load.reform(move |_: MouseEvent| Some(shown.clone()))
    };
    let close = set(Opened::Nothing);
    html! {
        <div class="wide">
            <div class="page-actions">
                <span class="muted">{ (words.people_count)(shown.total.into()) }</span>
                <button type="button" class="button primary" onclick={set(Opened::Invitation).reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Add) }{ words.invite }
                </button>
            </div>
            <table class="table">
                <caption class="visually-hidden">{ words.people }</caption>
                <thead><tr>
                    <th scope="col">{ words.name }</th>
                    <th scope="col">{ words.role }</th>
                    <th scope="col" class="hide-narrow">{ words.status }</th>
                    <th scope="col" class="hide-narrow">{ words.last_seen }</th>
                    <td class="table-end"></td>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            if shown.more.is_some() { <div class="more"><button type="button" class="button" onclick={more}>{ words.show_more }</button></div> }
            if *opened == Opened::Invitation { { view(InviteDialog { onclose: close.clone() }) } }
            if let Opened::ResetLink(id) = &*opened { { view(ResetLinkDialog { id: id.clone(), onclose: close }) } }
        </div>
    }
}

#[derive(PartialEq)]
struct AccountRow {
    account: Account,
    onchanged: Callback<Account>,
    onreset: Callback<()>,
}

impl_view!(AccountRow, use_account_row(self));

#[hook]
fn use_account_row(props: &AccountRow) -> Html {
    let client = use_client();
    let words = use_wording();
    let account = &props.account;
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let is_self = viewer.is_some_and(|viewer| viewer.id == account.id);
    let is_active = account.active.unwrap_or(true);
    let roles = Role::ALL.map(|role| {
        let (client, id, onchanged) = (client.clone(), account.id.clone(), props.onchanged.clone());
        MenuItem::choice(
            (words.role_name)(role),
            account.role == role,
            Callback::from(move |()| {
                change_role(&client, id.clone(), role, onchanged.clone());
            }),
        )
    });
    let trigger = html! { <>{ (words.role_name)(account.role) }{ icon(IconKind::ChevronDown) }</> };
    let set_active = {
        let (client, id, onchanged) = (client.clone(), account.id.clone(), props.onchanged.clone());
        Callback::from(move |()| change_active(&client, id.clone(), !is_active, onchanged.clone()))
    };
    let mut items = vec![];
    if is_active {
        items.push(MenuItem::action(words.reset_link, IconKind::Link, props.onreset.clone()));
    }
    if !is_self {
        items.push(if is_active {
            MenuItem::action(words.disable, IconKind::Close, set_active).dangerous()
        } else {
            MenuItem::action(words.enable, IconKind::Check, set_active)
        });
    }
    let seen = account.last_seen_at.map_or_else(|| words.never.to_owned(), |moment| words.moment(moment));
    html! {
        <tr class={classes!((!is_active).then_some("inactive"))}>
            <th scope="row">
                <div class="account">
                    { avatar(&account.name) }
                    <div>
                        <div class="account-name">{ &account.name }if is_self { <span class="muted">{ format!(" — {}", words.you) }</span> }</div>
                        <div class="muted small">{ account.email.clone() }</div>
                    </div>
                </div>
            </th>
            <td>
                { view(Menu {
                    label: format!("{}: {}", (words.role_of)(&account.name), (words.role_name)(account.role)).into(),
                    trigger, class: "", trigger_class: "property-button", sections: vec![(None, roles.to_vec())],
                }) }
            </td>
            <td class="hide-narrow">
                if is_active { <span class="badge done">{ words.active }</span> } else { <span class="badge deferred">{ words.disabled }</span> }
            </td>
            <td class="hide-narrow muted">{ seen }</td>
            <td class="table-end">
                { view(Menu {
                    label: (words.account_actions)(&account.name).into(),
                    trigger: html! { { icon(IconKind::More) } }, trigger_class: "icon-button", class: "end",
                    sections: vec![(None, items)],
                }) }
            </td>
        </tr>
    }
}

fn change_role(client: &Client, id: UserId, role: Role, onchanged: Callback<Account>) {
    let client = client.clone();
    spawn(async move {
        match client.change_role(id, role).await {
            Ok(account) => {
                let words = client.words();
                client.toast(
                    (words.role_changed)(&format!("{} — {}", account.name, (words.role_name)(account.role))),
                    None,
                );
                onchanged.emit(account);
            }
            Err(trouble) => client.toast_trouble(&trouble, None),
        }
    });
}

fn change_active(client: &Client, id: UserId, active: bool, onchanged: Callback<Account>) {
    let client = client.clone();
    spawn(async move {
        match client.change_active(id, active).await {
            Ok(account) => {
                let words = client.words();
                let text = if active {
                    (words.enabled_toast)(&account.name)
                } else {
                    (words.disabled_toast)(&account.name)
                };
                client.toast(text, None);
                onchanged.emit(account);
            }
            Err(trouble) => client.toast_trouble(&trouble, None),
        }
    });
}
