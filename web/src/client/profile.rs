//! One's own account, and how the client speaks and looks.

use super::request::mended;
use super::{Client, Session, Trouble};
use crate::api::session::{
    OwnSessions, PasswordChange, PasswordChangeInput, PasswordChangeVariables, ProfileUpdate,
    ProfileUpdateInput, ProfileUpdateVariables, Session as Device, SessionEnd, SessionEndOthers,
    SessionEndVariables,
};
use crate::api::{Locale, SessionId, Theme};
use crate::browser::document;
use crate::browser::storage::{self, Kept};
use crate::text;

impl Client {
    /// Changes the language at once, and in the profile of whoever is signed in.
    pub async fn set_locale(&self, locale: Locale) -> Result<(), Trouble> {
        document::set_language(locale);
        storage::keep(Kept::Language, Some(text::tag(locale)));
        self.update(|state| state.preferences.locale = locale);
        self.keep_in_profile(ProfileUpdateInput { locale: Some(locale), ..ProfileUpdateInput::default() })
            .await
    }

    /// Changes the theme at once, and in the profile of whoever is signed in.
    pub async fn set_theme(&self, theme: Theme) -> Result<(), Trouble> {
        document::set_theme(theme);
        storage::keep(
            Kept::Theme,
            match theme {
                Theme::System => None,
                Theme::Light => Some("light"),
                Theme::Dark => Some("dark"),
            },
        );
        self.update(|state| state.preferences.theme = theme);
        self.keep_in_profile(ProfileUpdateInput { theme: Some(theme), ..ProfileUpdateInput::default() }).await
    }

    async fn keep_in_profile(&self, input: ProfileUpdateInput) -> Result<(), Trouble> {
        if self.state().session == Session::SignedIn { self.update_profile(input).await } else { Ok(()) }
    }

    pub async fn update_profile(&self, input: ProfileUpdateInput) -> Result<(), Trouble> {
        let answer: ProfileUpdate = self.mutate(ProfileUpdateVariables { input }).await?;
        mended(answer.profile_update.user_errors)?;
        if let Some(viewer) = answer.profile_update.user {
            self.set_viewer(viewer);
        }
        Ok(())
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
