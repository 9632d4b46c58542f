//! The devices that are signed in.

use yew::prelude::*;

use crate::api::SessionId;
use crate::api::session::Session;
use crate::browser::spawn;
use crate::client::{Trouble, use_client, use_wording};
use crate::ui::skeleton;
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct Sessions;

impl_view!(Sessions, use_sessions());

#[hook]
fn use_sessions() -> Html {
    let client = use_client();
    let words = use_wording();
    let sessions = use_state_eq(|| None::<Vec<Session>>);
    {
        let (client, sessions) = (client.clone(), sessions.clone());
        use_effect_with((), move |()| {
            spawn(async move {
                match client.sessions().await {
                    Ok(mut read) => {
                        read.sort_by_key(|session| {
                            (!session.current, std::cmp::Reverse(session.last_used_at))
                        });
                        sessions.set(Some(read));
                    }
                    Err(trouble) => client.toast_trouble(&trouble, None),
                }
            });
        });
    }
    let Some(shown) = (*sessions).clone() else { return html! { { skeleton(&words, 2) } } };
    // Takes what was ended out of what is shown.
    let ended = {
        let (client, sessions, shown) = (client.clone(), sessions.clone(), shown.clone());
        Callback::from(move |outcome: Result<Vec<SessionId>, Trouble>| match outcome {
            Ok(ids) => {
                sessions.set(Some(shown.iter().filter(|one| !ids.contains(&one.id)).cloned().collect()));
                client.toast(client.words().sessions_ended, None);
            }
            Err(trouble) => client.toast_trouble(&trouble, None),
        })
    };
    let end_others = {
        let (client, ended) = (client.clone(), ended.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, ended) = (client.clone(), ended.clone());
            spawn(async move { ended.emit(client.end_other_sessions().await) });
        })
    };
    let row = |session: &Session| {
        let end = {
            let (client, ended, id) = (client.clone(), ended.clone(), session.id.clone());
            Callback::from(move |_: MouseEvent| {
                let (client, ended, id) = (client.clone(), ended.clone(), id.clone());
                spawn(async move { ended.emit(client.end_session_of(id).await) });
            })
        };
        html! {
            <li key={session.id.as_str()} class="session">
                <div>
                    <div>{ &session.device }if session.current { <span class="badge done">{ words.this_session }</span> }</div>
                    <div class="muted small">{ format!("{} · {}", session.address, (words.last_used)(&words.moment(session.last_used_at))) }</div>
                </div>
                if !session.current {
                    <button type="button" class="button small" aria-label={(words.end_session_of)(&session.device)} onclick={end}>{ words.end_session }</button>
                }
            </li>
        }
    };
    html! {
        <>
            <ul class="sessions">{ for shown.iter().map(row) }</ul>
            if shown.len() > 1 { <button type="button" class="button" onclick={end_others}>{ words.end_other_sessions }</button> }
        </>
    }
}
