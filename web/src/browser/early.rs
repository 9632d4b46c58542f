//! What `boot.js` asked for while the client was still being fetched.

use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[derive(Clone, Copy, Debug)]
pub enum Early {
    /// A token, for the cookie.
    Refreshed,
    /// What a session starts from.
    Started,
}

impl Early {
    fn name(self) -> &'static str {
        match self {
            Self::Refreshed => "refreshed",
            Self::Started => "started",
        }
    }
}

/// The text of the answer. `None` where it was not asked for, did not come, or was taken before.
pub async fn take(what: Early) -> Option<String> {
    let answers = Reflect::get(&js_sys::global(), &"early".into()).ok().filter(JsValue::is_object)?;
    let name = what.name().into();
    let answer = Reflect::get(&answers, &name).ok()?.dyn_into::<Promise>().ok()?;
    // Used once, and no token stays where it is not needed.
    let _ = Reflect::set(&answers, &name, &JsValue::UNDEFINED);
    JsFuture::from(answer).await.ok()?.as_string()
}
