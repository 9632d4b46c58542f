//! The invitations that are open, and taking one back.

use yew::prelude::*;

use crate::api::people::{Invitation, InvitationState};
use crate::browser::spawn;
use crate::client::{Client, Wording, use_client, use_wording};
use crate::view::impl_view;

/// Drawn anew, it asks anew: its key says after which dialog.
#[derive(PartialEq)]
pub struct OpenInvitations;

impl_view!(OpenInvitations, use_open_invitations());

#[hook]
fn use_open_invitations() -> Html {
    let client = use_client();
    let words = use_wording();
    let invitations = use_state_eq(Vec::<Invitation>::new);
    {
        let (client, invitations) = (client.clone(), invitations.clone());
        use_effect_with((), move |()| {
            spawn(async move {
                match client.load_invitations().await {
                    Ok(open) => invitations.set(open),
                    Err(trouble) => client.toast_trouble(&trouble, None),
                }
            });
        });
    }
    if invitations.is_empty() {
        return Html::default();
    }
    let rows = invitations.iter().map(|invitation| row(&client, &words, invitation, &invitations));
    html! {
        <section class="invitations" aria-labelledby="open-invitations">
            <h2 id="open-invitations">{ words.team.invitations }</h2>
            <ul class="sessions">{ for rows }</ul>
        </section>
    }
}

fn row(
    client: &Client,
    words: &Wording,
    invitation: &Invitation,
    all: &UseStateHandle<Vec<Invitation>>,
) -> Html {
    let role = (words.role_name)(invitation.role);
    let maker = invitation.created_by.as_ref().map(|maker| maker.name.as_str()).unwrap_or_default();
    let is_open = invitation.state == InvitationState::Open;
    let revoke = {
        let (client, id, all) = (client.clone(), invitation.id.clone(), all.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, id, all) = (client.clone(), id.clone(), all.clone());
            spawn(async move {
                match client.revoke_invitation(id).await {
                    Ok(revoked) => {
                        let mut now = (*all).clone();
                        now.iter_mut()
                            .filter(|one| one.id == revoked.id)
                            .for_each(|one| *one = revoked.clone());
                        all.set(now);
                    }
                    Err(trouble) => client.toast_trouble(&trouble, None),
                }
            });
        })
    };
    let until = (words.valid_until)(&words.exact(invitation.expires_at));
    html! {
        <li key={invitation.id.as_str()} class="session">
            <div>
                <div>
                    { role }
                    if is_open { <span class="badge done">{ words.team.open }</span> } else { <span class="badge deferred">{ words.team.revoked }</span> }
                </div>
                <div class="muted small">{ [maker, " · ", &until].concat() }</div>
            </div>
            if is_open {
                <button type="button" class="button small" aria-label={[words.team.revoke, ": ", role, ", ", maker].concat()} onclick={revoke}>{ words.team.revoke }</button>
            }
        </li>
    }
}
