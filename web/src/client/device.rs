//! What this device was told about its language and theme last: so it speaks to whoever has not signed in, and to those whose profile
//! knows no language. Its tabs agree on it.

use super::State;
use crate::api::session::ProfileUpdateInput;
use crate::api::{Locale, Theme};
use crate::browser::document;
use crate::browser::storage::{self, Kept};
use crate::text;

#[derive(Clone, Copy, PartialEq)]
pub struct Device {
    pub locale: Locale,
    pub theme: Theme,
}

impl Device {
    /// As it was told, or as its browser asks.
    pub fn read() -> Self {
        let locale = locale_of(storage::read(Kept::Language).as_deref());
        Self {
            locale: locale.unwrap_or_else(document::preferred_language),
            theme: theme_of(storage::read(Kept::Theme).as_deref()),
        }
    }

    /// For its other tabs, and for the next time.
    fn keep(self) {
        storage::keep(Kept::Language, Some(text::tag(self.locale)));
        storage::keep(
            Kept::Theme,
            match self.theme {
                Theme::System => None,
                Theme::Light => Some("light"),
                Theme::Dark => Some("dark"),
            },
        );
    }
}

impl State {
    /// What is shown to whoever is signed in is what the device goes on with after them.
    pub(super) fn keep_on_device(&mut self) {
        let shown = Device { locale: self.preferences.locale, theme: self.preferences.theme };
        if self.device != shown {
            self.device = shown;
            shown.keep();
        }
    }

    /// Takes what was chosen while nobody is signed in.
    pub(super) fn tell_device(&mut self, chosen: &ProfileUpdateInput) {
        self.hear_device(chosen);
        self.device.keep();
    }

    /// Takes what was chosen in another tab, where the server has saved it if somebody is signed in.
    pub(super) fn hear_device(&mut self, chosen: &ProfileUpdateInput) {
        self.device.locale = chosen.locale.unwrap_or(self.device.locale);
        self.device.theme = chosen.theme.unwrap_or(self.device.theme);
        self.store.take_saved(chosen);
        self.follow_profile();
    }
}

/// How the device remembers a language.
pub(super) fn locale_of(kept: Option<&str>) -> Option<Locale> {
    match kept {
        Some("ru") => Some(Locale::Ru),
        Some("en") => Some(Locale::En),
        Some(_) | None => None,
    }
}

/// How the device remembers a theme.
pub(super) fn theme_of(kept: Option<&str>) -> Theme {
    match kept {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) | None => Theme::System,
    }
}
