//! Short notes at the edge of the page, with one thing to do about them at most.

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use yew::Callback;

use super::{Client, Trouble};
use crate::browser::{now, spawn};
use crate::text::Messages;
use crate::transport::{ErrorCode, RequestError};

#[derive(Clone, Debug, PartialEq)]
pub struct ToastAction {
    pub label: &'static str,
    pub act: Callback<()>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub number: u64,
    pub text: String,
    pub action: Option<ToastAction>,
    pub is_trouble: bool,
    /// The action takes back what was done: Ctrl+Z does it too.
    pub is_undo: bool,
}

/// Those that are shown, the oldest first.
#[derive(Debug, Default)]
pub struct Toasts {
    pub shown: Vec<Toast>,
    made: u64,
}

/// At most so many at once: the oldest gives way.
const MOST: usize = 3;

impl Toasts {
    fn put(&mut self, mut toast: Toast) {
        self.made = self.made.wrapping_add(1);
        toast.number = self.made;
        // The same again takes the place of the first, unless each takes back something of its own.
        self.shown.retain(|shown| shown.is_undo || shown.text != toast.text);
        if self.shown.len() >= MOST {
            self.shown.remove(0);
        }
        self.shown.push(toast);
    }
}

impl Client {
    pub fn toast(&self, text: impl Into<String>, action: Option<ToastAction>) {
        let toast = Toast { number: 0, text: text.into(), action, is_trouble: false, is_undo: false };
        self.update(|state| state.toasts.put(toast));
    }

    /// Tells what was done and offers to take it back, by the button or by Ctrl+Z, for as long as the toast is shown.
    pub fn toast_undo(&self, text: impl Into<String>, undo: Callback<()>) {
        let action = Some(ToastAction { label: self.words().undo, act: undo });
        let toast = Toast { number: 0, text: text.into(), action, is_trouble: false, is_undo: true };
        self.update(|state| state.toasts.put(toast));
    }

    /// Takes back what was done last and can still be taken back. Gives whether there was anything.
    pub fn undo_newest(&self) -> bool {
        let newest = self.state().toasts.shown.iter().rev().find(|toast| toast.is_undo).cloned();
        let Some(Toast { number, action: Some(action), .. }) = newest else { return false };
        self.dismiss_toast(number);
        action.act.emit(());
        true
    }

    pub fn dismiss_toast(&self, number: u64) {
        self.update(|state| state.toasts.shown.retain(|toast| toast.number != number));
    }

    /// Does something, and speaks of it only if it did not work out.
    pub fn attempt(&self, doing: impl Future<Output = Result<(), Trouble>> + 'static) {
        self.attempt_boxed(doing.boxed_local());
    }

    fn attempt_boxed(&self, doing: LocalBoxFuture<'static, Result<(), Trouble>>) {
        let client = self.clone();
        spawn(async move {
            if let Err(trouble) = doing.await {
                client.toast_trouble(&trouble, None);
            }
        });
    }

    /// Says what went wrong, and offers to try again where that may help.
    pub fn toast_trouble(&self, trouble: &Trouble, again: Option<Callback<()>>) {
        let words = self.words();
        let text = trouble.text(words);
        let worth_trying = matches!(
            trouble,
            Trouble::Request(
                RequestError::Unreachable
                    | RequestError::Unavailable(_)
                    | RequestError::RateLimited(_)
                    | RequestError::Unexpected
            )
        );
        let allowed = now() + TimeDelta::milliseconds(trouble.left_alone_for().into());
        let action = again.filter(|_| worth_trying).map(|again| {
            // Pressed too early, it is done as soon as the server wants it.
            let act = Callback::from(move |()| {
                let again = again.clone();
                let early = u32::try_from((allowed - now()).num_milliseconds()).unwrap_or_default();
                Timeout::new(early, move || again.emit(())).forget();
            });
            ToastAction { label: words.retry, act }
        });
        let toast = Toast { number: 0, text, action, is_trouble: true, is_undo: false };
        self.update(|state| state.toasts.put(toast));
    }
}

impl Trouble {
    /// In words, for where no field shows it.
    pub fn text(&self, words: &Messages) -> String {
        match self {
            Self::Mend(errors) => {
                errors.first().map_or(words.unexpected.to_owned(), |error| error.message.clone())
            }
            Self::Request(RequestError::Unavailable(seconds)) => (words.unavailable)((*seconds).into()),
            Self::Request(RequestError::RateLimited(seconds)) => (words.rate_limited)((*seconds).into()),
            Self::Request(error) => request_text(words, error).to_owned(),
        }
    }

    /// Ends when the server wants to be asked again. The time begins now.
    pub fn waits(&self) -> TimeoutFuture {
        TimeoutFuture::new(self.left_alone_for())
    }

    /// For how many milliseconds the server asked to be left.
    fn left_alone_for(&self) -> u32 {
        match self {
            Self::Mend(_) => 0,
            Self::Request(error) => error.wait().saturating_mul(1_000),
        }
    }
}

fn request_text(words: &Messages, error: &RequestError) -> &'static str {
    match error {
        RequestError::Unreachable => words.unreachable,
        RequestError::SignedOut => words.session_over,
        RequestError::Unavailable(_) | RequestError::RateLimited(_) | RequestError::Unexpected => {
            words.unexpected
        }
        RequestError::Refused(code) => match code {
            ErrorCode::Unauthenticated => words.session_over,
            ErrorCode::Forbidden => words.forbidden,
            ErrorCode::NotFound => words.not_found,
            ErrorCode::RateLimited
            | ErrorCode::Unavailable
            | ErrorCode::BadUserInput
            | ErrorCode::TooComplex
            | ErrorCode::Internal => words.unexpected,
        },
    }
}
