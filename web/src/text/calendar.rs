//! What the calendar says.

use chrono::{Datelike, NaiveDate};

use super::plural::{english, russian};

/// The words of the calendar in one language. Names of days and months that a date needs are [`super::Messages`]'s.
pub struct CalendarWords {
    pub calendar: &'static str,
    pub view: &'static str,
    pub month: &'static str,
    pub week: &'static str,
    pub day: &'static str,
    pub agenda: &'static str,
    pub earlier: &'static str,
    pub later: &'static str,
    pub choose_date: fn(&str) -> String,
    pub whose: fn(&str) -> String,
    pub everyone: &'static str,
    pub one_person: &'static str,
    /// From Monday, as they are named at full length.
    pub weekdays: [&'static str; 7],
    pub month_title: fn(NaiveDate) -> String,
    pub day_title: fn(NaiveDate) -> String,
    /// The first day and the last.
    pub range_title: fn(NaiveDate, NaiveDate) -> String,
    pub more: fn(i64) -> String,
    /// What opens from there; what is read aloud begins with what is seen.
    pub all_of_day: &'static str,
    pub add: &'static str,
    pub due: fn(i64) -> String,
    pub nothing_due: &'static str,
    /// Up to which day an agenda goes.
    pub until: fn(&str) -> String,
    pub next_days: &'static str,
    pub without_deadline: &'static str,
    pub tray_hint: &'static str,
    pub tray_empty: &'static str,
    pub tray_empty_hint: &'static str,
    pub now: &'static str,
    pub grid_hint: &'static str,
    // Moving a deadline
    pub move_of: fn(&str) -> String,
    pub to_today: &'static str,
    pub day_later: &'static str,
    pub day_earlier: &'static str,
    pub week_later: &'static str,
    pub week_earlier: &'static str,
    pub moved: fn(&str, &str) -> String,
    pub not_yours: &'static str,
}

const RUSSIAN_MONTHS: [&str; 12] = [
    "Январь",
    "Февраль",
    "Март",
    "Апрель",
    "Май",
    "Июнь",
    "Июль",
    "Август",
    "Сентябрь",
    "Октябрь",
    "Ноябрь",
    "Декабрь",
];

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const RUSSIAN_WEEKDAYS: [&str; 7] =
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];

const ENGLISH_WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub const RUSSIAN: CalendarWords = CalendarWords {
    calendar: "Календарь",
    view: "Вид",
    month: "Месяц",
    week: "Неделя",
    day: "День",
    agenda: "Повестка",
    earlier: "Раньше",
    later: "Позже",
    choose_date: |text| format!("{text}. Выбрать дату"),
    whose: |text| format!("Чьи задачи: {text}"),
    everyone: "Все",
    one_person: "Один человек",
    weekdays: RUSSIAN_WEEKDAYS,
    month_title: |date| format!("{} {} г.", name(&RUSSIAN_MONTHS, date.month0()), date.year()),
    day_title: |date| {
        let weekday = weekday(&RUSSIAN_WEEKDAYS, date);
        format!("{weekday}, {} {} г.", russian_day(date), date.year())
    },
    range_title: |first, last| {
        if first.year() != last.year() {
            let [from, to] = [first, last].map(|day| short_day(&super::RUSSIAN, day));
            return format!("{from} {} – {to} {}", first.year(), last.year());
        }
        if first.month() == last.month() {
            return format!("{}–{} {} г.", first.day(), russian_day(last), last.year());
        }
        format!("{} – {} {} г.", russian_day(first), russian_day(last), last.year())
    },
    more: |n| format!("+{n} ещё"),
    all_of_day: "все задачи дня",
    add: "Новая задача на этот день",
    due: |n| format!("{n} {}", russian(n, "задача", "задачи", "задач")),
    nothing_due: "Сроков нет",
    until: |day| ["Показаны дни по ", day].concat(),
    next_days: "Следующие дни",
    without_deadline: "Без срока",
    tray_hint: "Перетащите задачу на день",
    tray_empty: "Задач без срока нет",
    tray_empty_hint: "Задача без срока появится здесь: её можно перетащить на день.",
    now: "Сейчас",
    grid_hint: "Стрелки — по дням, Enter — новая задача, Alt+стрелки — перенести задачу",
    move_of: |text| format!("Перенести: {text}"),
    to_today: "На сегодня",
    day_later: "На день позже",
    day_earlier: "На день раньше",
    week_later: "На неделю позже",
    week_earlier: "На неделю раньше",
    moved: |from, to| format!("Срок: {from} → {to}"),
    not_yours: "Срок переносит постановщик",
};

pub const ENGLISH: CalendarWords = CalendarWords {
    calendar: "Calendar",
    view: "View",
    month: "Month",
    week: "Week",
    day: "Day",
    agenda: "Agenda",
    earlier: "Earlier",
    later: "Later",
    choose_date: |text| format!("{text}. Choose a date"),
    whose: |text| format!("Whose tasks: {text}"),
    everyone: "Everyone",
    one_person: "One person",
    weekdays: ENGLISH_WEEKDAYS,
    month_title: |date| format!("{} {}", name(&ENGLISH_MONTHS, date.month0()), date.year()),
    day_title: |date| {
        let weekday = weekday(&ENGLISH_WEEKDAYS, date);
        format!("{weekday}, {}, {}", english_day(date), date.year())
    },
    range_title: |first, last| {
        if first.year() != last.year() {
            let [from, to] = [first, last].map(|day| short_day(&super::ENGLISH, day));
            return format!("{from}, {} – {to}, {}", first.year(), last.year());
        }
        if first.month() == last.month() {
            return format!("{}–{}, {}", english_day(first), last.day(), last.year());
        }
        format!("{} – {}, {}", english_day(first), english_day(last), last.year())
    },
    more: |n| format!("+{n} more"),
    all_of_day: "all tasks of the day",
    add: "New task on this day",
    due: |n| format!("{n} {}", english(n, "task", "tasks")),
    nothing_due: "Nothing due",
    until: |day| ["Days up to ", day, " are shown"].concat(),
    next_days: "Next days",
    without_deadline: "No deadline",
    tray_hint: "Drag a task onto a day",
    tray_empty: "No tasks without a deadline",
    tray_empty_hint: "A task without one appears here, to be dragged onto a day.",
    now: "Now",
    grid_hint: "Arrows go by days, Enter makes a task, Alt with arrows moves a task",
    move_of: |text| format!("Move: {text}"),
    to_today: "To today",
    day_later: "A day later",
    day_earlier: "A day earlier",
    week_later: "A week later",
    week_earlier: "A week earlier",
    moved: |from, to| format!("Deadline: {from} → {to}"),
    not_yours: "Its creator moves the deadline",
};

/// «25 ноября».
fn russian_day(date: NaiveDate) -> String {
    let words = &super::RUSSIAN;
    (words.day_month)(date.day(), name(&words.months, date.month0()))
}

/// «25 ноя»: two years leave no room for more.
fn short_day(words: &super::Messages, date: NaiveDate) -> String {
    (words.day_month)(date.day(), name(&words.months_short, date.month0()))
}

/// «November 25».
fn english_day(date: NaiveDate) -> String {
    (super::ENGLISH.day_month)(date.day(), name(&ENGLISH_MONTHS, date.month0()))
}

fn weekday(names: &[&'static str], date: NaiveDate) -> &'static str {
    name(names, date.weekday().num_days_from_monday())
}

fn name(names: &[&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_title_says_which_days_are_shown() {
        let date = day("2026-11-25");
        assert_eq!((RUSSIAN.month_title)(date), "Ноябрь 2026 г.");
        assert_eq!((ENGLISH.month_title)(date), "November 2026");
        assert_eq!((RUSSIAN.day_title)(date), "среда, 25 ноября 2026 г.");
        assert_eq!((ENGLISH.day_title)(date), "Wednesday, November 25, 2026");
        let cases = [
            ("2026-11-23", "2026-11-29", "23–29 ноября 2026 г.", "November 23–29, 2026"),
            ("2026-11-30", "2026-12-06", "30 ноября – 6 декабря 2026 г.", "November 30 – December 6, 2026"),
            ("2026-12-28", "2027-01-03", "28 дек 2026 – 3 янв 2027", "Dec 28, 2026 – Jan 3, 2027"),
        ];
        for (first, last, in_russian, in_english) in cases {
            assert_eq!((RUSSIAN.range_title)(day(first), day(last)), in_russian);
            assert_eq!((ENGLISH.range_title)(day(first), day(last)), in_english);
        }
    }
}
