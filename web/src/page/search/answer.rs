//! Puts the question of the address to the server and holds the answer: the latest counts, whichever comes last.

use std::rc::Rc;

use yew::prelude::*;

use super::asked::Asked;
use super::found::Found;
use crate::browser::spawn;
use crate::client::use_client;
use crate::transport::RequestError;

/// Tasks on a page.
const PAGE: i32 = 30;

pub struct Answer {
    /// What was found last: while an answer is awaited, by the question before.
    pub found: Option<Rc<Found>>,
    pub failure: Option<RequestError>,
    pub is_awaited: bool,
    /// Asks for what follows, or with `false` from the beginning.
    pub ask: Callback<bool>,
}

#[hook]
pub fn use_answer(asked: &Rc<Asked>) -> Answer {
    let client = use_client();
    let found = use_state_eq(|| None::<Rc<Found>>);
    let failure = use_state_eq(|| None::<RequestError>);
    let is_awaited = use_state_eq(|| false);
    let turn = use_mut_ref(|| 0_u32);
    let ask = {
        let (setting, failure, is_awaited) = (found.clone(), failure.clone(), is_awaited.clone());
        use_callback((asked.clone(), (*found).clone()), move |follows, (asked, found)| {
            let now = turn.borrow().wrapping_add(1);
            turn.replace(now);
            failure.set(None);
            let Asked::Question(input) = &**asked else {
                setting.set(None);
                is_awaited.set(false);
                return;
            };
            is_awaited.set(true);
            let (client, input, turn) = (client.clone(), input.clone(), turn.clone());
            let (setting, failure, is_awaited) = (setting.clone(), failure.clone(), is_awaited.clone());
            let before = found.clone().filter(|_| follows);
            spawn(async move {
                let after = before.as_ref().and_then(|before| before.more.clone());
                let answer = client.search_tasks(input.clone(), PAGE, after).await;
                // Something else has been asked by now.
                if *turn.borrow() != now {
                    return;
                }
                is_awaited.set(false);
                match answer {
                    Ok(page) => setting.set(Some(Rc::new(Found::with(before.as_deref(), input, page)))),
                    Err(error) => failure.set(Some(error)),
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(asked.clone(), move |_| ask.emit(false));
    }
    Answer { found: (*found).clone(), failure: (*failure).clone(), is_awaited: *is_awaited, ask }
}
