//! Signing in and out, and coming back after a reload.

use super::request::mended;
use super::{Client, Session, State, Trouble};
use crate::api::session::{
    Login, LoginInput, LoginVariables, Logout, PasswordReset, PasswordResetInput, PasswordResetVariables,
    Register, RegisterInput, RegisterVariables, Server, ServerState, SessionPayload, Start, Viewer,
};
use crate::browser;
use crate::browser::document;
use crate::browser::early::{self, Early};
use crate::browser::zone::Zone;
use crate::transport::protocol::Input;
use crate::transport::{RequestError, http};

impl Client {
    /// Comes back by the cookie, if there is one that holds. Whoever signs in meanwhile does so after it, lest its answer end the new
    /// session.
    pub async fn restore(&self) {
        let _turn = self.0.entering.lock().await;
        self.update(|state| state.session = Session::Restoring);
        match self.renew_token().await {
            Ok(_) => self.start(early::take(Early::Started).await).await,
            Err(RequestError::SignedOut) => self.end_session(false),
            Err(_) => self.update(|state| state.session = Session::Unreachable),
        }
    }

    /// What the sign-in page has to know.
    pub async fn server(&self) -> Result<Server, Trouble> {
        let answer: ServerState = self.public(()).await?;
        Ok(answer.server)
    }

    pub async fn login(&self, input: LoginInput) -> Result<(), Trouble> {
        let _turn = self.0.entering.lock().await;
        let answer: Login = self.public(LoginVariables { input }).await?;
        self.signed_in(answer.login).await
    }

    pub async fn register(&self, input: RegisterInput) -> Result<(), Trouble> {
        let _turn = self.0.entering.lock().await;
        let answer: Register = self.public(RegisterVariables { input }).await?;
        self.signed_in(answer.register).await
    }

    pub async fn reset_password(&self, input: PasswordResetInput) -> Result<(), Trouble> {
        let _turn = self.0.entering.lock().await;
        let answer: PasswordReset = self.public(PasswordResetVariables { input }).await?;
        self.signed_in(answer.password_reset).await
    }

    /// Ends the session on the server, then here: a cookie that still holds must not look like a session that ended.
    pub async fn logout(&self) {
        let told: Result<Logout, RequestError> = self.mutate(()).await;
        let outcome = told.map_err(Trouble::from).and_then(|answer| mended(answer.logout.user_errors));
        match outcome {
            Ok(()) | Err(Trouble::Request(RequestError::SignedOut)) => {
                self.end_session(false);
                self.tell_tabs(None);
            }
            Err(trouble) => self.toast_trouble(&trouble, None),
        }
    }

    pub(super) fn end_session(&self, ended: bool) {
        self.0.tokens.forget();
        if let Some(socket) = self.0.socket.get() {
            socket.handle(Input::Stop);
        }
        self.update(|state| {
            let ended = ended && state.session == Session::SignedIn;
            state.store.clear();
            state.session = Session::SignedOut { ended };
        });
    }

    async fn signed_in(&self, payload: SessionPayload) -> Result<(), Trouble> {
        mended(payload.user_errors)?;
        let (Some(viewer), Some(token), Some(expires_at)) =
            (payload.viewer, payload.access_token, payload.access_token_expires_at)
        else {
            return Err(RequestError::Unexpected.into());
        };
        self.0.tokens.enter(&token, expires_at, browser::now());
        let id = viewer.id.clone();
        self.set_viewer(viewer);
        self.start(None).await;
        self.tell_tabs(Some(&id));
        Ok(())
    }

    /// First where the streams go on, then everything else: so nothing falls between a list and the stream. `early`: the answer, if it is
    /// there already.
    async fn start(&self, early: Option<String>) {
        let early: Option<Start> = early.and_then(|answer| http::read(&answer).ok());
        let start = match early {
            Some(start) => Ok(start),
            None => self.query(()).await,
        };
        match start {
            Ok(start) => {
                self.update(|state| {
                    state.store.task_cursor = Some(start.tasks.live_cursor);
                    state.store.take_notifications(true, start.notifications);
                    state.session = Session::SignedIn;
                });
                self.socket().handle(Input::Start);
                self.count_at_once();
            }
            Err(RequestError::SignedOut) => self.end_session(false),
            Err(_) => self.update(|state| state.session = Session::Unreachable),
        }
    }

    /// Takes in whoever is signed in.
    pub(super) fn set_viewer(&self, viewer: Viewer) {
        self.update(|state| {
            state.store.take_viewer(viewer);
            state.follow_profile();
            state.keep_on_device();
        });
        self.read_saved_lists();
    }
}

impl State {
    /// Speaks and looks as the profile of whoever is signed in says, and as this device was told where it says nothing.
    pub(super) fn follow_profile(&mut self) {
        let profile = self.store.viewer.as_ref().and_then(|viewer| viewer.profile.as_ref());
        let preferences = &mut self.preferences;
        preferences.locale = profile.and_then(|profile| profile.locale).unwrap_or(self.device.locale);
        preferences.theme = profile.map_or(self.device.theme, |profile| profile.theme);
        if let Some(profile) = profile {
            preferences.shortcuts = profile.shortcuts;
            if *preferences.zone.name != *profile.time_zone {
                preferences.zone = Zone::named(&profile.time_zone);
            }
        }
        document::set_language(preferences.locale);
        document::set_theme(preferences.theme);
    }
}
