//! Choices of the viewer's profile, shown before the server has saved them: laid over what it has, in the order in which they were made.
//!
//! So an answer to one of them, or one that was asked for earlier, undoes none that is still under way.

use std::rc::Rc;

use super::Store;
use crate::api::PersonFields;
use crate::api::session::{ProfileUpdateInput, Viewer};

/// Names a choice under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceId(u64);

/// The viewer as the server has them, and what they have chosen since.
#[derive(Debug, Default)]
pub(super) struct OwnProfile {
    server: Option<Viewer>,
    under_way: Vec<(ChoiceId, ProfileUpdateInput)>,
    made: u64,
}

/// The viewer with a choice laid over what they had.
fn with(mut viewer: Viewer, choice: &ProfileUpdateInput) -> Viewer {
    let ProfileUpdateInput { name, email, current_password: _, locale, theme, time_zone, shortcuts } =
        choice.clone();
    viewer.name = name.unwrap_or(viewer.name);
    viewer.email = email.or(viewer.email);
    if let Some(profile) = &mut viewer.profile {
        profile.locale = locale.or(profile.locale);
        profile.theme = theme.unwrap_or(profile.theme);
        profile.shortcuts = shortcuts.unwrap_or(profile.shortcuts);
        if let Some(zone) = time_zone {
            profile.time_zone = zone;
        }
    }
    viewer
}

impl Store {
    /// Takes in the viewer as the server has them.
    pub fn take_viewer(&mut self, viewer: Viewer) {
        self.own.server = Some(viewer);
        self.show_viewer();
    }

    /// Takes in a choice that the server has saved for the viewer elsewhere.
    pub fn take_saved(&mut self, choice: &ProfileUpdateInput) {
        self.own.server = self.own.server.take().map(|server| with(server, choice));
        self.show_viewer();
    }

    /// Shows a choice before the server has answered.
    pub fn choose(&mut self, choice: ProfileUpdateInput) -> ChoiceId {
        self.own.made = self.own.made.wrapping_add(1);
        let id = ChoiceId(self.own.made);
        self.own.under_way.push((id, choice));
        self.show_viewer();
        id
    }

    /// Takes a choice off again: with what the server has since, or as it was before if it was refused. What was answered to somebody who
    /// has left meanwhile is nobody's.
    pub fn settle(&mut self, id: ChoiceId, saved: Option<Viewer>) {
        let Some(place) = self.own.under_way.iter().position(|(one, _)| *one == id) else { return };
        self.own.under_way.remove(place);
        if saved.is_some() {
            self.own.server = saved;
        }
        self.show_viewer();
    }

    fn show_viewer(&mut self) {
        let Some(server) = &self.own.server else { return };
        let viewer =
            self.own.under_way.iter().fold(server.clone(), |viewer, (_, choice)| with(viewer, choice));
        self.take_person(&PersonFields {
            id: viewer.id.clone(),
            name: viewer.name.clone(),
            role: viewer.role,
        });
        if self.viewer.as_deref() != Some(&viewer) {
            self.viewer = Some(Rc::new(viewer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::session::Profile;
    use crate::api::{Locale, Role, Theme, UserId};

    fn viewer(theme: Theme, zone: &str) -> Viewer {
        Viewer {
            id: UserId::from("VXNlcjox"),
            name: "Анна".to_owned(),
            role: Role::Supervisor,
            email: Some("anna@example.com".to_owned()),
            profile: Some(Profile {
                locale: Some(Locale::Ru),
                theme,
                time_zone: zone.to_owned(),
                shortcuts: true,
            }),
        }
    }

    fn theme(theme: Theme) -> ProfileUpdateInput {
        ProfileUpdateInput { theme: Some(theme), ..ProfileUpdateInput::default() }
    }

    fn zone(name: &str) -> ProfileUpdateInput {
        ProfileUpdateInput { time_zone: Some(name.to_owned()), ..ProfileUpdateInput::default() }
    }

    fn profile(store: &Store) -> (Theme, String) {
        let profile = store.viewer.as_ref().unwrap().profile.clone().unwrap();
        (profile.theme, profile.time_zone)
    }

    fn store() -> Store {
        let mut store = Store::default();
        store.take_viewer(viewer(Theme::System, "UTC"));
        store
    }

    #[test]
    fn a_choice_is_shown_at_once_and_stays_whatever_is_answered_meanwhile() {
        let mut store = store();
        let dark = store.choose(theme(Theme::Dark));
        let moscow = store.choose(zone("Europe/Moscow"));
        assert_eq!(profile(&store), (Theme::Dark, "Europe/Moscow".to_owned()));
        store.settle(dark, Some(viewer(Theme::Dark, "UTC")));
        assert_eq!(profile(&store), (Theme::Dark, "Europe/Moscow".to_owned()));
        store.take_viewer(viewer(Theme::System, "UTC"));
        assert_eq!(profile(&store), (Theme::System, "Europe/Moscow".to_owned()));
        store.settle(moscow, Some(viewer(Theme::Dark, "Europe/Moscow")));
        assert_eq!(profile(&store), (Theme::Dark, "Europe/Moscow".to_owned()));
    }

    #[test]
    fn of_two_choices_of_one_thing_the_later_is_shown() {
        let mut store = store();
        let dark = store.choose(theme(Theme::Dark));
        let light = store.choose(theme(Theme::Light));
        assert_eq!(profile(&store).0, Theme::Light);
        store.settle(dark, Some(viewer(Theme::Dark, "UTC")));
        assert_eq!(profile(&store).0, Theme::Light);
        store.settle(light, None);
        assert_eq!(profile(&store).0, Theme::Dark, "refused, so the one before it is in force");
    }

    #[test]
    fn what_was_saved_elsewhere_stands_under_what_is_chosen_here() {
        let mut store = store();
        let moscow = store.choose(zone("Europe/Moscow"));
        store.take_saved(&theme(Theme::Dark));
        assert_eq!(profile(&store), (Theme::Dark, "Europe/Moscow".to_owned()));
        store.settle(moscow, None);
        assert_eq!(profile(&store), (Theme::Dark, "UTC".to_owned()));
        store.clear();
        store.take_saved(&theme(Theme::Light));
        assert_eq!(store.viewer, None, "nobody is signed in");
    }

    #[test]
    fn what_is_refused_is_given_back_and_nothing_else() {
        let mut store = store();
        let name = store.choose(ProfileUpdateInput {
            name: Some("Анна Соколова".to_owned()),
            email: Some("petr@example.com".to_owned()),
            locale: Some(Locale::En),
            ..ProfileUpdateInput::default()
        });
        let keys = ProfileUpdateInput { shortcuts: Some(false), ..ProfileUpdateInput::default() };
        let keys = store.choose(keys);
        let shown = store.viewer.clone().unwrap();
        assert_eq!(
            (shown.name.as_str(), shown.email.as_deref()),
            ("Анна Соколова", Some("petr@example.com"))
        );
        assert_eq!(store.person(&shown.id).unwrap().name, "Анна Соколова");
        store.settle(name, None);
        let shown = store.viewer.clone().unwrap();
        assert_eq!((shown.name.as_str(), shown.email.as_deref()), ("Анна", Some("anna@example.com")));
        let profile = shown.profile.clone().unwrap();
        assert_eq!((profile.locale, profile.shortcuts), (Some(Locale::Ru), false));
        store.settle(keys, None);
        assert_eq!(*store.viewer.clone().unwrap(), viewer(Theme::System, "UTC"));
    }

    #[test]
    fn an_answer_to_whoever_has_left_is_nobodys() {
        let mut store = store();
        let dark = store.choose(theme(Theme::Dark));
        store.clear();
        store.settle(dark, Some(viewer(Theme::Dark, "UTC")));
        assert_eq!(store.viewer, None);
    }
}
