//! The words of the administrator's search.

use super::plural::{english, russian};

pub struct SearchWords {
    pub title: &'static str,
    pub field: &'static str,
    pub key_field: &'static str,
    pub person: &'static str,
    pub by_relevance: &'static str,
    pub by_deadline: &'static str,
    pub found: fn(i64) -> String,
    pub degraded: &'static str,
    pub start: &'static str,
    pub start_hint: &'static str,
    pub nothing_hint: &'static str,
    pub nothing_filtered_hint: &'static str,
    /// In the palette: all that is found by this text.
    pub all_results: fn(&str) -> String,
}

pub const RUSSIAN: SearchWords = SearchWords {
    title: "Поиск",
    field: "Слова из задачи или её №",
    key_field: "К полю поиска",
    person: "Участник",
    by_relevance: "По соответствию",
    by_deadline: "По сроку",
    found: |n| {
        let found = russian(n, "Нашлась", "Нашлись", "Нашлось");
        format!("{found} {n} {}", russian(n, "задача", "задачи", "задач"))
    },
    degraded: "Поиск временно упрощён: без опечаток, сначала по новым задачам.",
    start: "Найти любую задачу",
    start_hint: "По словам из названия и описания, по номеру, участнику, статусу и сроку. Падежи, опечатки и чужая раскладка не помешают.",
    nothing_hint: "Попробуйте другое слово или часть слова.",
    nothing_filtered_hint: "Попробуйте другие слова или сбросьте фильтр.",
    all_results: |text| format!("Искать везде: {text}"),
};

pub const ENGLISH: SearchWords = SearchWords {
    title: "Search",
    field: "Words of a task, or its number",
    key_field: "To the search field",
    person: "Person",
    by_relevance: "By relevance",
    by_deadline: "By deadline",
    found: |n| format!("{n} {} found", english(n, "task", "tasks")),
    degraded: "Search is limited for now: no typos, newest tasks first.",
    start: "Find any task",
    start_hint: "By words of its title or description, number, person, status and deadline. Word forms, typos and the other keyboard layout are fine.",
    nothing_hint: "Try another word, or a part of one.",
    nothing_filtered_hint: "Try other words, or clear the filter.",
    all_results: |text| format!("Search everywhere: {text}"),
};
