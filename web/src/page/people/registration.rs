//! Whether somebody without an invitation may register: the administrator decides it here, in force at once.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::company::Company;
use crate::browser::spawn;
use crate::client::{use_client, use_wording};
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct RegistrationSwitch;

impl_view!(RegistrationSwitch, use_registration_switch());

#[hook]
fn use_registration_switch() -> Html {
    let client = use_client();
    let words = use_wording();
    let company = use_state_eq(|| None::<Company>);
    let load = {
        let (client, company) = (client.clone(), company.clone());
        Callback::from(move |()| {
            let (client, company) = (client.clone(), company.clone());
            // Without an answer there is no switch, and the people are there all the same.
            spawn(async move { company.set(client.load_company().await.ok()) });
        })
    };
    use_effect_with((), {
        let load = load.clone();
        move |()| load.emit(())
    });
    let Some(known) = (*company).clone() else { return Html::default() };
    let onchange = {
        let (client, company, version) = (client.clone(), company.clone(), known.version);
        Callback::from(move |event: Event| {
            let open = event.target_unchecked_into::<HtmlInputElement>().checked();
            let (client, company, load) = (client.clone(), company.clone(), load.clone());
            spawn(async move {
                match client.open_registration(version, open).await {
                    Ok(decided) => {
                        let said = &client.words().team;
                        let told = if decided.open_registration { said.opened } else { said.closed };
                        client.toast(told, None);
                        company.set(Some(decided));
                    }
                    Err(trouble) => {
                        client.toast_trouble(&trouble, None);
                        // Drawn anew, whatever the box shows now.
                        company.set(None);
                        load.emit(());
                    }
                }
            });
        })
    };
    let fixed = known.open_registration_fixed;
    html! {
        <label class="check registration" title={fixed.then_some(words.team.registration_fixed)}>
            <input type="checkbox" checked={known.open_registration} disabled={fixed} {onchange} />
            <span>{ words.team.open_registration }</span>
        </label>
    }
}
