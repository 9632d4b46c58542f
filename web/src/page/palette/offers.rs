//! Everything that the palette offers here to whoever opened it.

use std::rc::Rc;

use yew::prelude::*;
use yew_router::Routable;
use yew_router::navigator::Navigator;

use super::entry::Entry;
use crate::api::{Locale, PersonFields, Role, TaskAction, Theme};
use crate::browser::{document, spawn};
use crate::client::{Client, Wording};
use crate::page::filter::Choice;
use crate::route::{Address, Route};
use crate::store::Task;
use crate::text::{ENGLISH, RUSSIAN};
use crate::ui::{IconKind, avatar, icon, status_icon};

/// By whom and with what they are made.
pub struct Offers<'a> {
    pub client: &'a Client,
    pub words: &'a Wording,
    pub navigator: Option<Navigator>,
    pub role: Role,
}

impl Offers<'_> {
    fn go(&self, address: Address) -> Callback<()> {
        let navigator = self.navigator.clone();
        Callback::from(move |()| navigator.iter().for_each(|navigator| address.open(navigator)))
    }

    fn attempt(&self, act: impl Fn(Client) + 'static) -> Callback<()> {
        let client = self.client.clone();
        Callback::from(move |()| act(client.clone()))
    }

    /// What can be done with this task.
    pub fn of_task(&self, task: &Rc<Task>, is_open: bool, heading: &'static str) -> Vec<Entry> {
        let words = self.words;
        let number = task.number;
        let open = self.go(Address::of(Route::Task { number }));
        let mut entries = Vec::new();
        for action in task.available_actions.iter().copied() {
            let id = task.id.clone();
            let act = match action {
                // It asks for a reason, where the task is.
                TaskAction::Return => open.clone(),
                TaskAction::Start
                | TaskAction::Pause
                | TaskAction::Submit
                | TaskAction::Accept
                | TaskAction::Defer
                | TaskAction::Resume
                | TaskAction::Reopen => self.attempt(move |client| {
                    let id = id.clone();
                    client.clone().attempt(async move { client.act(&id, action, None).await });
                }),
            };
            let label = (words.action_name)(action, task.requires_review);
            entries.push(Entry::new(heading, icon(IconKind::Check), label, act));
        }
        if !is_open {
            entries.push(Entry::new(heading, icon(IconKind::Inbox), words.open, open));
        }
        let copy = self.attempt(move |client| {
            spawn(async move {
                if document::copy(&document::absolute(&Route::Task { number }.to_path())).await {
                    client.toast(client.words().copied, None);
                }
            });
        });
        entries.push(Entry::new(heading, icon(IconKind::Link), words.copy_link, copy));
        if task.viewer_can.delete {
            let id = task.id.clone();
            let delete = self.attempt(move |client| {
                let id = id.clone();
                spawn(async move { client.delete_with_undo(&id, number).await });
            });
            entries.push(Entry::new(heading, icon(IconKind::Trash), words.delete_task, delete));
        }
        for entry in &mut entries {
            entry.note.clone_from(&task.title);
        }
        entries
    }

    /// The pages.
    pub fn pages(&self) -> Vec<Entry> {
        let words = self.words;
        let supervises = self.role.supervises();
        let places = [
            (true, Route::Mine, IconKind::Inbox, words.mine, (RUSSIAN.mine, ENGLISH.mine)),
            (
                supervises,
                Route::SetByMe,
                IconKind::Delegated,
                words.set_by_me,
                (RUSSIAN.set_by_me, ENGLISH.set_by_me),
            ),
            (
                supervises,
                Route::All,
                IconKind::AllTasks,
                words.all_tasks,
                (RUSSIAN.all_tasks, ENGLISH.all_tasks),
            ),
            (
                true,
                Route::Board,
                IconKind::Board,
                words.board.board,
                (RUSSIAN.board.board, ENGLISH.board.board),
            ),
            (
                true,
                Route::Statistics,
                IconKind::Statistics,
                words.statistics.title,
                (RUSSIAN.statistics.title, ENGLISH.statistics.title),
            ),
            (
                true,
                Route::Calendar,
                IconKind::Calendar,
                words.calendar.calendar,
                (RUSSIAN.calendar.calendar, ENGLISH.calendar.calendar),
            ),
            (
                true,
                Route::Notifications,
                IconKind::Bell,
                words.notifications,
                (RUSSIAN.notifications, ENGLISH.notifications),
            ),
            (
                self.role == Role::Admin,
                Route::Search,
                IconKind::Search,
                words.search.title,
                (RUSSIAN.search.title, ENGLISH.search.title),
            ),
            (
                self.role == Role::Admin,
                Route::People,
                IconKind::People,
                words.people,
                (RUSSIAN.people, ENGLISH.people),
            ),
            (true, Route::Profile, IconKind::Profile, words.profile, (RUSSIAN.profile, ENGLISH.profile)),
        ];
        let offered = places.into_iter().filter(|(is_offered, ..)| *is_offered);
        offered
            .map(|(_, route, kind, name, also)| Entry {
                id: route.to_path(),
                also: [also.0, also.1].join(" "),
                ..Entry::new(words.palette.go, icon(kind), name, self.go(Address::of(route)))
            })
            .collect()
    }

    /// Language, theme, signing out.
    pub fn commands(&self, help: Callback<()>) -> Vec<Entry> {
        let words = self.words;
        let heading = words.palette.commands;
        let mut entries = vec![Entry {
            also: "help shortcuts клавиши".to_owned(),
            keys: "Shift+Slash",
            ..Entry::new(heading, icon(IconKind::Flag), words.keyboard.title, help)
        }];
        for theme in Theme::ALL.into_iter().filter(|theme| *theme != words.preferences.theme) {
            let act = self.attempt(move |client| {
                client.clone().attempt(async move { client.set_theme(theme).await });
            });
            let label = [words.theme, words.theme_name(theme)].join(": ");
            let also = [ENGLISH.theme, english_theme(theme), RUSSIAN.theme].join(" ");
            entries.push(Entry { also, ..Entry::new(heading, icon(IconKind::Eye), label, act) });
        }
        let (locale, name) = match words.preferences.locale {
            Locale::Ru => (Locale::En, "English"),
            Locale::En => (Locale::Ru, "Русский"),
        };
        let act = self.attempt(move |client| {
            client.clone().attempt(async move { client.set_locale(locale).await });
        });
        let label = [words.language, name].join(": ");
        let also = "language язык".to_owned();
        entries.push(Entry { also, ..Entry::new(heading, icon(IconKind::Profile), label, act) });
        let sign_out = self.attempt(|client| spawn(async move { client.logout().await }));
        let also = [ENGLISH.sign_out, RUSSIAN.sign_out].join(" ");
        entries
            .push(Entry { also, ..Entry::new(heading, icon(IconKind::SignOut), words.sign_out, sign_out) });
        entries
    }

    pub fn tasks(&self, tasks: &[Rc<Task>]) -> Vec<Entry> {
        let entry = |task: &Rc<Task>| Entry {
            note: ["№ ", &task.number.to_string()].concat(),
            is_found: true,
            ..Entry::new(
                self.words.palette.tasks,
                icon(status_icon(task.status)),
                task.title.clone(),
                self.go(Address::of(Route::Task { number: task.number })),
            )
        };
        tasks.iter().map(entry).collect()
    }

    /// All that is found by this text, on the page of the search.
    pub fn search(&self, text: &str) -> Entry {
        let search = &self.words.search;
        let mut choice = Choice::default();
        text.clone_into(&mut choice.filter.text);
        let address = Address { route: Route::Search, query: choice.write().into() };
        Entry::new(search.title, icon(IconKind::Search), (search.all_results)(text), self.go(address))
    }

    /// People lead to their tasks.
    pub fn people(&self, people: &[PersonFields]) -> Vec<Entry> {
        let entry = |person: &PersonFields| {
            let query = ["assignee=", person.id.as_str()].concat();
            Entry {
                id: ["@", person.id.as_str()].concat(),
                also: [(RUSSIAN.role_name)(person.role), (ENGLISH.role_name)(person.role)].join(" "),
                note: (self.words.role_name)(person.role).to_owned(),
                ..Entry::new(
                    self.words.people,
                    avatar(&person.name),
                    person.name.clone(),
                    self.go(Address { route: Route::All, query: query.into() }),
                )
            }
        };
        people.iter().map(entry).collect()
    }
}

fn english_theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => ENGLISH.theme_system,
        Theme::Light => ENGLISH.theme_light,
        Theme::Dark => ENGLISH.theme_dark,
    }
}
