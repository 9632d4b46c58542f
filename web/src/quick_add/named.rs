//! What one word says of a date: a weekday, a month, a number of the month, this or the next. Never looks at its neighbours.

use chrono::Weekday;

use super::lexer::number;
use crate::text::typed::fold;
use crate::text::{ENGLISH, RUSSIAN};

/// A weekday in Russian: its stem, its short form. Any case ends in [`CASES`].
const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("понедельник", "пн", Weekday::Mon),
    ("вторник", "вт", Weekday::Tue),
    ("сред", "ср", Weekday::Wed),
    ("четверг", "чт", Weekday::Thu),
    ("пятниц", "пт", Weekday::Fri),
    ("суббот", "сб", Weekday::Sat),
    ("воскресень", "вс", Weekday::Sun),
];
const CASES: [&str; 10] = ["", "а", "у", "ом", "е", "ы", "ой", "ей", "я", "ю"];
const ENGLISH_WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

pub fn weekday(word: &str) -> Option<Weekday> {
    let russian = WEEKDAYS.iter().find(|(stem, short, _)| {
        word == *short || word.strip_prefix(stem).is_some_and(|ending| CASES.contains(&ending))
    });
    let english = || {
        let word = if word == "weds" { "wed" } else { word };
        ENGLISH_WEEKDAYS
            .iter()
            .find(|(name, _)| word.len() >= 3 && name.starts_with(word))
            .map(|(_, day)| *day)
    };
    let is_bare_stem = matches!(word, "сред" | "пятниц" | "суббот" | "воскресень");
    russian.filter(|_| !is_bare_stem).map(|(_, _, day)| *day).or_else(english)
}

/// A month by its name or at least three letters of it, from 1.
pub fn month(word: &str) -> Option<u32> {
    let word = if word == "май" { "мая" } else { word.strip_suffix('ь').unwrap_or(word) };
    let fits = |name: &str| word.chars().count() >= 3 && fold(name).starts_with(word);
    let place = RUSSIAN.months.iter().position(|name| fits(name));
    let place = place.or_else(|| ENGLISH.months.iter().position(|name| fits(name)))?;
    u32::try_from(place + 1).ok()
}

/// A day of the month: «25», «25-го», `25th`; and whether it was said to be one.
pub fn day_number(word: &str) -> Option<(u32, bool)> {
    let (day, rest) = number(word).filter(|(day, _)| (1..=31).contains(day))?;
    match rest {
        "" => Some((day, false)),
        "-го" | "го" | "-му" | "-е" | "-ое" | "-ого" | "st" | "nd" | "rd" | "th" => {
            Some((day, true))
        }
        _ => None,
    }
}

/// «следующий», `next`: of the week after this one.
pub fn is_next(word: &str) -> bool {
    word == "next" || word.strip_prefix("следующ").is_some_and(|ending| ending.chars().count() <= 3)
}

pub fn is_this(word: &str) -> bool {
    matches!(word, "this" | "coming" | "эту" | "этот" | "это" | "этой" | "этого" | "этом")
        || word.starts_with("ближайш")
}
