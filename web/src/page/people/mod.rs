//! People, for the administrator: who there is, in which role, and who may sign in.

mod invitations;
mod link;
mod registration;

use gloo_timers::callback::Timeout;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api::people::Account;
use crate::api::{Role, UserId};
use crate::browser::spawn;
use crate::client::{Client, Trouble, Wording, use_client, use_state_of, use_wording};
use crate::transport::RequestError;
use crate::ui::{FormDialog, IconKind, Menu, MenuItem, avatar, empty, form_dialog, icon, skeleton};
use crate::view::{impl_view, view, view_keyed};
use invitations::OpenInvitations;
use link::{InviteDialog, ResetLinkDialog};
use registration::RegistrationSwitch;

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
    /// The viewer is about to give up being an administrator, for this role.
    StepDown(Account, Role),
}

/// What is looked for.
#[derive(Clone, PartialEq, Default)]
struct Sought {
    text: String,
    role: Option<Role>,
}

/// How long typing has to rest before people are asked for. Milliseconds.
const REST: u32 = 150;

#[derive(Clone, PartialEq)]
pub struct PeoplePage;

impl_view!(PeoplePage, use_people_page());

#[hook]
fn use_people_page() -> Html {
    let client = use_client();
    let words = use_wording();
    let table = use_state_eq(|| None::<Table>);
    let failure = use_state_eq(|| None::<RequestError>);
    let opened = use_state_eq(|| Opened::Nothing);
    let sought = use_state_eq(Sought::default);
    let asked = use_mut_ref(Sought::default);
    let load = {
        let (client, table, failure) = (client.clone(), table.clone(), failure.clone());
        let (sought, asked) = ((*sought).clone(), asked.clone());
        Callback::from(move |so_far: Option<Table>| {
            let (client, table, failure) = (client.clone(), table.clone(), failure.clone());
            let (sought, asked) = (sought.clone(), asked.clone());
            asked.borrow_mut().clone_from(&sought);
            spawn(async move {
                let after = so_far.as_ref().and_then(|so_far| so_far.more.clone());
                let answer = client.load_people(&sought.text, sought.role, after).await;
                // Something else is looked for by now: that has been asked too.
                if *asked.borrow() != sought {
                    return;
                }
                match answer {
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
        let rest = if sought.text.is_empty() { 0 } else { REST };
        use_effect_with((*sought).clone(), move |_| {
            let timer = Timeout::new(rest, move || load.emit(None));
            move || drop(timer)
        });
    }
    let find = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            sought.set(Sought { text, ..(*sought).clone() });
        })
    };
    let of_role = {
        let sought = sought.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            let role =
                usize::try_from(chosen).ok().and_then(|index| Role::ALL.get(index.checked_sub(1)?).copied());
            sought.set(Sought { role, ..(*sought).clone() });
        })
    };
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
        let onstepdown = {
            let (opened, account) = (opened.clone(), account.clone());
            Callback::from(move |role: Role| opened.set(Opened::StepDown(account.clone(), role)))
        };
        let onchanged = onchanged.clone();
        view_keyed(
            account.id.as_str(),
            AccountRow { account: account.clone(), onchanged, onreset, onstepdown },
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
                <input type="search" class="input find" placeholder={words.team.find} aria-label={words.team.find}
                    value={sought.text.clone()} oninput={find} />
                <select class="input of-role" aria-label={words.role} onchange={of_role}>
                    <option selected={sought.role.is_none()}>{ words.team.everyone }</option>
                    { for Role::ALL.map(|role| html! { <option selected={sought.role == Some(role)}>{ (words.role_name)(role) }</option> }) }
                </select>
                <span class="muted" role="status">{ (words.people_count)(shown.total.into()) }</span>
                <button type="button" class="button primary" onclick={set(Opened::Invitation).reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Add) }{ words.invite }
                </button>
            </div>
            { view(RegistrationSwitch) }
            if shown.accounts.is_empty() {
                { empty(IconKind::People, words.team.none.into(), None, Html::default()) }
            }
            <table class="table accounts" hidden={shown.accounts.is_empty()}>
                <caption class="visually-hidden">{ words.people }</caption>
                <thead><tr>
                    <th scope="col">{ words.name }</th>
                    <th scope="col">{ words.role }</th>
                    <th scope="col">{ words.status }</th>
                    <th scope="col">{ words.last_seen }</th>
                    <td class="table-end"></td>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            if shown.more.is_some() { <div class="more"><button type="button" class="button" onclick={more}>{ words.show_more }</button></div> }
            // While an invitation is made the list is away; it comes back with that one in it.
            if *opened != Opened::Invitation { { view(OpenInvitations) } }
            if *opened == Opened::Invitation { { view(InviteDialog { onclose: close.clone() }) } }
            if let Opened::ResetLink(id) = &*opened { { view(ResetLinkDialog { id: id.clone(), onclose: close.clone() }) } }
            if let Opened::StepDown(account, role) = &*opened {
                { step_down(&client, &words, account, *role, onchanged, close) }
            }
        </div>
    }
}

#[derive(PartialEq)]
struct AccountRow {
    account: Account,
    onchanged: Callback<Account>,
    onreset: Callback<()>,
    onstepdown: Callback<Role>,
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
        let (client, account) = (client.clone(), account.clone());
        let (onchanged, onstepdown) = (props.onchanged.clone(), props.onstepdown.clone());
        let is_chosen = account.role == role;
        let act = Callback::from(move |()| {
            if is_self && !is_chosen {
                onstepdown.emit(role);
            } else if !is_chosen {
                change_role(&client, &account, role, onchanged.clone());
            }
        });
        MenuItem::choice((words.role_name)(role), is_chosen, act)
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
            <td>
                if is_active { <span class="badge done">{ words.active }</span> } else { <span class="badge deferred">{ words.disabled }</span> }
            </td>
            <td class="muted"><span class="only-narrow">{ words.last_seen }{ ":\u{a0}" }</span>{ seen }</td>
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

/// Asked first: who is no longer an administrator cannot take this back.
fn step_down(
    client: &Client,
    words: &Wording,
    account: &Account,
    role: Role,
    onchanged: Callback<Account>,
    onclose: Callback<()>,
) -> Html {
    let submit = {
        let (client, account, onclose) = (client.clone(), account.clone(), onclose.clone());
        Callback::from(move |()| {
            onclose.emit(());
            change_role(&client, &account, role, onchanged.clone());
        })
    };
    let question = html! { <p>{ words.team.step_down_question }</p> };
    form_dialog(
        words,
        FormDialog {
            dangerous: true,
            ..FormDialog::new(words.team.step_down, question, words.team.step_down_submit, submit, onclose)
        },
    )
}

/// Changes it, and offers to take that back.
fn change_role(client: &Client, before: &Account, role: Role, onchanged: Callback<Account>) {
    let (client, before) = (client.clone(), before.clone());
    spawn(async move {
        match client.change_role(before.id.clone(), role).await {
            Ok(account) => {
                let words = client.words();
                let told = [&account.name, " — ", (words.role_name)(account.role)].concat();
                let (undoing, onundone, changed) = (client.clone(), onchanged.clone(), account.clone());
                client.toast_undo(
                    (words.role_changed)(&told),
                    Callback::from(move |()| {
                        change_role(&undoing, &changed, before.role, onundone.clone());
                    }),
                );
                onchanged.emit(account);
            }
            Err(trouble) => client.toast_trouble(&trouble, None),
        }
    });
}

/// Changes whether somebody may sign in, and offers to take that back.
fn change_active(client: &Client, id: UserId, active: bool, onchanged: Callback<Account>) {
    let client = client.clone();
    spawn(async move {
        match client.change_active(id.clone(), active).await {
            Ok(account) => {
                let words = client.words();
                let say = if active { words.enabled_toast } else { words.disabled_toast };
                let (undoing, onundone) = (client.clone(), onchanged.clone());
                client.toast_undo(
                    say(&account.name),
                    Callback::from(move |()| {
                        change_active(&undoing, id.clone(), !active, onundone.clone());
                    }),
                );
                onchanged.emit(account);
            }
            Err(trouble) => client.toast_trouble(&trouble, None),
        }
    });
}
