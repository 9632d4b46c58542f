//! Days and times of day as people write them, and what they mean by it: «5.12», «05.12.26», «завтра», «9», «18.30».
//!
//! Pure. What browsers write themselves follows their own language instead of the person's: «12/05/2026», «06:30 PM».

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::Messages;
use crate::civil::shift;

/// «05.12.2026».
pub fn day(words: &Messages, day: NaiveDate) -> String {
    let [first, second] = if words.month_first { [day.month(), day.day()] } else { [day.day(), day.month()] };
    let dot = if words.month_first { '/' } else { '.' };
    format!("{first:02}{dot}{second:02}{dot}{}", day.year())
}

/// The day that is meant. Without a year it is the nearest to today.
pub fn read_day(words: &Messages, text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    let near = [(words.yesterday, -1), (words.today, 0), (words.tomorrow, 1)];
    if let Some((_, days)) = near.into_iter().find(|(word, _)| word.to_lowercase() == text) {
        return Some(shift(today, days));
    }
    let parts = day_parts(&text)?;
    let (year, [first, second]) = match *parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            return NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        }
        [first, second, year] => (Some(year), [first, second]),
        [first, second] => (None, [first, second]),
        _ => return None,
    };
    let month_first = words.month_first && !text.contains('.');
    let [day, month] = if month_first { [second, first] } else { [first, second] };
    let (day, month) = (day.parse().ok()?, month.parse().ok()?);
    match year {
        Some(year) => {
            let century = match year.len() {
                2 => 2000,
                4 => 0,
                _ => return None,
            };
            NaiveDate::from_ymd_opt(century + year.parse::<i32>().ok()?, month, day)
        }
        None => {
            let years = (-1..=1).filter_map(|by| NaiveDate::from_ymd_opt(today.year() + by, month, day));
            years.min_by_key(|day| day.signed_duration_since(today).num_days().abs())
        }
    }
}

/// The numbers of a day; digits alone are cut by twos, with what is left for the year.
fn day_parts(text: &str) -> Option<Vec<&str>> {
    let is_digit = |char: char| char.is_ascii_digit();
    if !text.chars().all(|char| is_digit(char) || matches!(char, '.' | '/' | '-' | ',' | ' ')) {
        return None;
    }
    if matches!(text.len(), 4 | 6 | 8) && text.chars().all(is_digit) {
        let (day, rest) = text.split_at(2);
        let (month, year) = rest.split_at(2);
        return Some([day, month, year].into_iter().filter(|part| !part.is_empty()).collect());
    }
    Some(text.split(|char| !is_digit(char)).filter(|part| !part.is_empty()).collect())
}

/// The time of day that is meant.
pub fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let halves = [("am", 0), ("pm", 12)];
    let half =
        halves.into_iter().find_map(|(name, hours)| Some((text.strip_suffix(name)?.trim_end(), hours)));
    let digits = half.map_or(text.as_str(), |(digits, _)| digits);
    let (hour, minute) = match digits.split_once([':', '.', '-', ' ']) {
        Some((_, minute)) if minute.len() != 2 => return None,
        Some(parts) => parts,
        None if matches!(digits.len(), 3 | 4) => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let is_number = |part: &str| part.chars().all(|char| char.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let hour: u32 = hour.parse().ok()?;
    let hour = match half {
        Some((_, hours)) => (1..=12).contains(&hour).then_some(hour % 12 + hours)?,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::super::{ENGLISH, RUSSIAN};
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for words in [&RUSSIAN, &ENGLISH] {
            for text in ["2026-12-05", "2028-02-29", "2027-01-01"] {
                assert_eq!(read_day(words, &day(words, date(text)), date("2026-11-30")), Some(date(text)));
                assert_eq!(
                    read_day(words, text, date("2026-11-30")),
                    Some(date(text)),
                    "as a program writes it"
                );
            }
        }
        assert_eq!(day(&RUSSIAN, date("2026-12-05")), "05.12.2026");
        assert_eq!(day(&ENGLISH, date("2026-12-05")), "12/05/2026");
    }

    #[test]
    fn a_day_may_be_written_shorter() {
        let today = date("2026-11-30");
        for text in [
            "5.12",
            "05.12",
            "5.12.",
            "5.12.26",
            "05.12.2026",
            "5/12",
            "5-12",
            "5 12",
            "5,12",
            "0512",
            "051226",
            "05122026",
            " 5.12 ",
        ] {
            assert_eq!(read_day(&RUSSIAN, text, today), Some(date("2026-12-05")), "{text}");
        }
        for text in ["12/5", "12/05/26", "12-5", "5.12.2026", "1205", "12052026"] {
            assert_eq!(read_day(&ENGLISH, text, today), Some(date("2026-12-05")), "{text}");
        }
        let words = [("Сегодня", "2026-11-30"), ("завтра", "2026-12-01"), ("вчера", "2026-11-29")];
        for (text, expected) in words {
            assert_eq!(read_day(&RUSSIAN, text, today), Some(date(expected)), "{text}");
        }
        assert_eq!(read_day(&ENGLISH, "Tomorrow", today), Some(date("2026-12-01")));
    }

    #[test]
    fn a_day_without_a_year_is_the_nearest() {
        let cases = [
            ("15.01", "2027-01-15"),
            ("29.11", "2026-11-29"),
            ("31.05", "2027-05-31"),
            ("01.06", "2026-06-01"),
        ];
        for (text, expected) in cases {
            assert_eq!(read_day(&RUSSIAN, text, date("2026-11-30")), Some(date(expected)), "{text}");
        }
        assert_eq!(read_day(&RUSSIAN, "29.02", date("2027-11-30")), Some(date("2028-02-29")));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "5",
            "32.12",
            "29.02.2027",
            "5.12.2",
            "5.12.026",
            "5.13",
            "5 декабря",
            "1.2.3.4",
            "0",
            "5..",
            "99999999",
        ] {
            assert_eq!(read_day(&RUSSIAN, text, date("2026-11-30")), None, "{text}");
        }
    }

    #[test]
    fn a_time_may_be_written_shorter() {
        let cases = [
            ("18:00", 18, 0),
            ("9", 9, 0),
            ("09", 9, 0),
            ("9:05", 9, 5),
            ("9.30", 9, 30),
            ("930", 9, 30),
            ("1830", 18, 30),
            ("18-30", 18, 30),
            ("18 30", 18, 30),
            (" 0:00 ", 0, 0),
            ("6 pm", 18, 0),
            ("6:30PM", 18, 30),
            ("12 am", 0, 0),
            ("12pm", 12, 0),
        ];
        for (text, hour, minute) in cases {
            assert_eq!(read_time(text), NaiveTime::from_hms_opt(hour, minute, 0), "{text}");
        }
        for text in ["", "24", "25:00", "9:5", "9:60", "13 pm", "0 am", "pm", "+9", "девять", "12345", "9:3é"]
        {
            assert_eq!(read_time(text), None, "{text}");
        }
    }
}
