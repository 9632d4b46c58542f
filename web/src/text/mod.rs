//! Words, dates and plurals in the person's language. Pure: no browser, no clock.

pub mod board;
pub mod calendar;
pub mod city;
pub mod date;
mod en;
pub mod fuzzy;
pub mod history;
pub mod keyboard;
pub mod lists;
pub mod markdown;
mod messages;
pub mod notification;
pub mod palette;
pub mod panel;
pub mod people;
mod plural;
pub mod quick_add;
mod quote;
mod ru;
pub mod search;
pub mod statistics;
#[cfg(test)]
mod tests;
pub mod typed;
mod wait;
pub mod writing;
pub mod written;
pub mod zone;

pub use board::BoardWords;
pub use en::ENGLISH;
pub use messages::Messages;
pub use ru::RUSSIAN;

use crate::api::{Locale, TaskPriority};

/// The messages of a language.
pub fn messages(locale: Locale) -> &'static Messages {
    match locale {
        Locale::Ru => &RUSSIAN,
        Locale::En => &ENGLISH,
    }
}

/// The language tag, BCP 47.
pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "ru",
        Locale::En => "en",
    }
}

/// A priority as the history of a task spells it.
fn priority_code(priority: TaskPriority) -> &'static str {
    match priority {
        TaskPriority::Low => "LOW",
        TaskPriority::Normal => "NORMAL",
        TaskPriority::High => "HIGH",
    }
}

/// The letters that stand for a person: of the first two words of the name.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .take(2)
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}
