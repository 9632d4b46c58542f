//! Days of the civil calendar: what lies before and after, in which week and month, and to which of them a key moves. Pure; knows no zone
//! and no words.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

/// So many days later, or with a negative number earlier; the same day where the calendar ends.
pub fn shift(day: NaiveDate, days: i64) -> NaiveDate {
    TimeDelta::try_days(days).and_then(|days| day.checked_add_signed(days)).unwrap_or(day)
}

/// So many months later, or with a negative number earlier. In a shorter month the last day stands for a later one.
pub fn shift_months(day: NaiveDate, months: i32) -> NaiveDate {
    let count = Months::new(months.unsigned_abs());
    let moved = if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) };
    moved.unwrap_or(day)
}

/// The Monday on or before that day.
pub fn monday(day: NaiveDate) -> NaiveDate {
    shift(day, -i64::from(day.weekday().num_days_from_monday()))
}

/// The Monday after that day.
pub fn next_monday(day: NaiveDate) -> NaiveDate {
    shift(monday(day), 7)
}

pub fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

pub fn is_weekend(day: NaiveDate) -> bool {
    day.weekday().num_days_from_monday() >= 5
}

/// The day to which a key moves in a grid of weeks; `None` for a key that does not.
pub fn day_by_key(key: &str, day: NaiveDate) -> Option<NaiveDate> {
    Some(match key {
        "ArrowLeft" => shift(day, -1),
        "ArrowRight" => shift(day, 1),
        "ArrowUp" => shift(day, -7),
        "ArrowDown" => shift(day, 7),
        "Home" => monday(day),
        "End" => shift(monday(day), 6),
        "PageUp" => shift_months(day, -1),
        "PageDown" => shift_months(day, 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_monday() {
        let cases = [
            ("2026-11-23", "2026-11-23", "2026-11-30"),
            ("2026-11-25", "2026-11-23", "2026-11-30"),
            ("2026-11-29", "2026-11-23", "2026-11-30"),
        ];
        for (date, this, next) in cases {
            assert_eq!((monday(day(date)), next_monday(day(date))), (day(this), day(next)), "{date}");
        }
        assert_eq!(
            ["2026-11-27", "2026-11-28", "2026-11-29"].map(|date| is_weekend(day(date))),
            [false, true, true]
        );
    }

    #[test]
    fn a_shorter_month_ends_earlier() {
        let cases = [
            ("2027-01-31", 1, "2027-02-28"),
            ("2028-03-31", -1, "2028-02-29"),
            ("2026-01-15", -1, "2025-12-15"),
        ];
        for (date, by, expected) in cases {
            assert_eq!(shift_months(day(date), by), day(expected), "{date}");
        }
    }

    #[test]
    fn the_calendar_ends_where_it_ends() {
        assert_eq!([shift(NaiveDate::MAX, 1), shift_months(NaiveDate::MAX, 1)], [NaiveDate::MAX; 2]);
        assert_eq!([shift(NaiveDate::MIN, i64::MIN), shift_months(NaiveDate::MIN, -1)], [NaiveDate::MIN; 2]);
    }

    #[test]
    fn keys_go_by_days_weeks_and_months() {
        let cases = [
            ("ArrowLeft", "2026-11-24"),
            ("ArrowDown", "2026-12-02"),
            ("Home", "2026-11-23"),
            ("End", "2026-11-29"),
            ("PageUp", "2026-10-25"),
        ];
        for (key, expected) in cases {
            assert_eq!(day_by_key(key, day("2026-11-25")), Some(day(expected)), "{key}");
        }
        assert_eq!(day_by_key("Enter", day("2026-11-25")), None);
    }
}
