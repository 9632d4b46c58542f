//! One's own account, and how the client speaks and looks.

use super::request::mended;
use super::{Client, Session, Trouble};
use crate::api::session::{
    OwnSessions, PasswordChange, PasswordChangeInput, PasswordChangeVariables, ProfileUpdate,
    ProfileUpdateInput, ProfileUpdateVariables, Session as Device, SessionEnd, SessionEndOthers,
    SessionEndVariables, Viewer,
};
use crate::api::{Locale, SessionId, Theme};

impl Client {
    /// Changes the language at once, and in the profile of whoever is signed in.
    pub async fn set_locale(&self, locale: Locale) -> Result<(), Trouble> {
        self.set(ProfileUpdateInput { locale: Some(locale), ..ProfileUpdateInput::default() }).await
    }

    /// Changes the theme at once, and in the profile of whoever is signed in.
    pub async fn set_theme(&self, theme: Theme) -> Result<(), Trouble> {
        self.set(ProfileUpdateInput { theme: Some(theme), ..ProfileUpdateInput::default() }).await
    }

    async fn set(&self, chosen: ProfileUpdateInput) -> Result<(), Trouble> {
        if self.state().session == Session::SignedIn {
            return self.update_profile(chosen).await;
        }
        self.update(|state| state.tell_device(&chosen));
        Ok(())
    }

    /// Shows what was chosen, and gives it back if it is refused. One goes to the server after the other, so that what it answers last is
    /// what it has.
    pub async fn update_profile(&self, input: ProfileUpdateInput) -> Result<(), Trouble> {
        let choice = self.update(|state| {
            let choice = state.store.choose(input.clone());
            state.follow_profile();
            choice
        });
        let turn = self.0.profile_changes.lock().await;
        let outcome = self.save_profile(input).await;
        drop(turn);
        self.update(|state| {
            state.store.settle(choice, outcome.as_ref().ok().cloned().flatten());
            state.follow_profile();
            if outcome.is_ok() {
                state.keep_on_device();
            }
        });
        outcome.map(|_| ())
    }

    async fn save_profile(&self, input: ProfileUpdateInput) -> Result<Option<Viewer>, Trouble> {
        let answer: ProfileUpdate = self.mutate(ProfileUpdateVariables { input }).await?;
        mended(answer.profile_update.user_errors)?;
        Ok(answer.profile_update.user)
    }

    pub async fn change_password(&self, input: PasswordChangeInput) -> Result<(), Trouble> {
        let answer: PasswordChange = self.mutate(PasswordChangeVariables { input }).await?;
        mended(answer.password_change.user_errors)
    }

    /// The devices that are signed in.
    pub async fn sessions(&self) -> Result<Vec<Device>, Trouble> {
        let answer: OwnSessions = self.query(()).await?;
        Ok(answer.viewer.and_then(|viewer| viewer.sessions).unwrap_or_default())
    }

    pub async fn end_session_of(&self, id: SessionId) -> Result<Vec<SessionId>, Trouble> {
        let answer: SessionEnd = self.mutate(SessionEndVariables { id }).await?;
        mended(answer.session_end.user_errors)?;
        Ok(answer.session_end.ended_ids)
    }

    pub async fn end_other_sessions(&self) -> Result<Vec<SessionId>, Trouble> {
        let answer: SessionEndOthers = self.mutate(()).await?;
        mended(answer.session_end_others.user_errors)?;
        Ok(answer.session_end_others.ended_ids)
    }
}
