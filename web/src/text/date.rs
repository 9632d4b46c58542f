//! Moments and deadlines in words. Takes local times only: which zone they are in is decided before.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::messages::Messages;
use crate::api::TaskStatus;

/// How much a deadline presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    Overdue,
    /// Today or tomorrow.
    Soon,
    Later,
    /// Nothing presses: no deadline, or no work left.
    None,
}

/// A deadline as its badge says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineBadge {
    pub pressure: Pressure,
    pub text: String,
}

/// The badge of a task.
pub fn deadline_badge(
    words: &Messages,
    deadline: Option<NaiveDateTime>,
    status: TaskStatus,
    now: NaiveDateTime,
) -> DeadlineBadge {
    let Some(deadline) = deadline else {
        return DeadlineBadge { pressure: Pressure::None, text: words.no_deadline.to_owned() };
    };
    let (waits_for_assignee, is_done) = match status {
        TaskStatus::New | TaskStatus::InProgress | TaskStatus::Overdue => (true, false),
        TaskStatus::InReview | TaskStatus::Deferred => (false, false),
        TaskStatus::Done => (false, true),
    };
    if waits_for_assignee && deadline <= now {
        return DeadlineBadge { pressure: Pressure::Overdue, text: overdue(words, deadline, now) };
    }
    let pressure = match deadline.date().signed_duration_since(now.date()).num_days() {
        _ if is_done || deadline <= now => Pressure::None,
        ..=1 => Pressure::Soon,
        _ => Pressure::Later,
    };
    DeadlineBadge { pressure, text: day_of_deadline(words, deadline, now) }
}

fn overdue(words: &Messages, deadline: NaiveDateTime, now: NaiveDateTime) -> String {
    let by = now.signed_duration_since(deadline);
    if by.num_days() > 0 {
        (words.overdue_days)(by.num_days())
    } else if by.num_hours() > 0 {
        (words.overdue_hours)(by.num_hours())
    } else {
        (words.overdue_minutes)(by.num_minutes().max(1))
    }
}

fn day_of_deadline(words: &Messages, deadline: NaiveDateTime, now: NaiveDateTime) -> String {
    if let Some(near) = near_day(words, deadline.date(), now.date()) {
        return format!("{near}, {}", clock(deadline));
    }
    let day = short_day(words, deadline.date(), now.date());
    if deadline.year() == now.year() {
        format!("{}, {day}", pick(&words.weekdays, deadline.weekday().num_days_from_monday()))
    } else {
        day
    }
}

/// A deadline that is being set, with its time whatever the day: «Завтра, 15:00», «пт, 27 ноя, 18:00».
pub fn due(words: &Messages, deadline: NaiveDateTime, now: NaiveDateTime) -> String {
    let day = day_of_deadline(words, deadline, now);
    let is_near = near_day(words, deadline.date(), now.date()).is_some();
    if is_near { day } else { format!("{day}, {}", clock(deadline)) }
}

/// A moment, as short as it can be said: «14:05», «Вчера, 14:05», «24 ноя, 14:05».
pub fn moment(words: &Messages, moment: NaiveDateTime, now: NaiveDateTime) -> String {
    if moment.date() == now.date() {
        return clock(moment);
    }
    let day = near_day(words, moment.date(), now.date()).map(str::to_owned);
    let day = day.unwrap_or_else(|| short_day(words, moment.date(), now.date()));
    format!("{day}, {}", clock(moment))
}

/// A day with its time, the same on whatever day it is read: «24 ноя 2026, 14:05».
pub fn exact(words: &Messages, moment: NaiveDateTime) -> String {
    let day = (words.day_month)(moment.day(), pick(&words.months_short, moment.month0()));
    format!("{day} {}, {}", moment.year(), clock(moment))
}

/// A day as a heading: «Сегодня», «Вчера», «24 ноября».
pub fn heading(words: &Messages, day: NaiveDate, today: NaiveDate) -> String {
    if let Some(near) = near_day(words, day, today) {
        return near.to_owned();
    }
    let text = (words.day_month)(day.day(), pick(&words.months, day.month0()));
    if day.year() == today.year() { text } else { format!("{text} {}", day.year()) }
}

/// «27 ноя», with the year when it is another.
pub fn short_day(words: &Messages, day: NaiveDate, today: NaiveDate) -> String {
    let text = (words.day_month)(day.day(), pick(&words.months_short, day.month0()));
    if day.year() == today.year() { text } else { format!("{text} {}", day.year()) }
}

/// A deadline: «27 ноя», or with the time of day «27 ноя, 18:00».
pub fn deadline(words: &Messages, moment: NaiveDateTime, today: NaiveDate, precise: bool) -> String {
    let day = short_day(words, moment.date(), today);
    if precise { [&day, ", ", &clock(moment)].concat() } else { day }
}

/// «9:00».
pub fn clock(moment: NaiveDateTime) -> String {
    format!("{}:{:02}", moment.hour(), moment.minute())
}

/// A day as fields and addresses hold it: «2026-11-27». By hand, as below: chrono's patterns cost 4 KB of the bundle.
pub fn input_day(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// A time of day as fields hold it: «09:00».
pub fn input_time(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// What [`input_day`] wrote, and nothing else: what a person types is read by [`super::written`].
pub fn read_input_day(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    NaiveDate::from_ymd_opt(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

/// What [`input_time`] wrote, and nothing else.
pub fn read_input_time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once(':')?;
    NaiveTime::from_hms_opt(digits(hour, 2)?, digits(minute, 2)?, 0)
}

fn digits<N: std::str::FromStr>(text: &str, count: usize) -> Option<N> {
    let are_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.parse().ok())?
}

fn near_day(words: &Messages, day: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    if day == today {
        Some(words.today)
    } else if Some(day) == today.checked_add_days(Days::new(1)) {
        Some(words.tomorrow)
    } else if Some(day) == today.checked_sub_days(Days::new(1)) {
        Some(words.yesterday)
    } else {
        None
    }
}

fn pick(names: &[&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{ENGLISH, RUSSIAN};
    use super::*;

    fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()
    }

    fn badge(deadline: NaiveDateTime, status: TaskStatus) -> (Pressure, String) {
        let badge = deadline_badge(&RUSSIAN, Some(deadline), status, at(24, 12, 0));
        (badge.pressure, badge.text)
    }

    #[test]
    fn a_deadline_says_how_near_it_is() {
        let cases = [
            (at(22, 12, 0), Pressure::Overdue, "Просрочено на 2 дня"),
            (at(3, 11, 0), Pressure::Overdue, "Просрочено на 21 день"),
            (at(24, 7, 0), Pressure::Overdue, "Просрочено на 5 часов"),
            (at(24, 11, 59), Pressure::Overdue, "Просрочено на 1 минуту"),
            (at(24, 12, 0), Pressure::Overdue, "Просрочено на 1 минуту"),
            (at(24, 15, 0), Pressure::Soon, "Сегодня, 15:00"),
            (at(25, 9, 0), Pressure::Soon, "Завтра, 9:00"),
            (at(27, 18, 0), Pressure::Later, "пт, 27 ноя"),
        ];
        for (deadline, pressure, text) in cases {
            assert_eq!(badge(deadline, TaskStatus::New), (pressure, text.to_owned()));
        }
        let next_year = NaiveDate::from_ymd_opt(2027, 1, 5).unwrap().and_hms_opt(9, 0, 0).unwrap();
        assert_eq!(badge(next_year, TaskStatus::New), (Pressure::Later, "5 янв 2027".to_owned()));
        let none = deadline_badge(&RUSSIAN, None, TaskStatus::New, at(24, 12, 0));
        assert_eq!((none.pressure, none.text.as_str()), (Pressure::None, "Без срока"));
    }

    #[test]
    fn only_what_waits_for_the_assignee_is_overdue() {
        for status in [TaskStatus::InReview, TaskStatus::Deferred, TaskStatus::Done] {
            assert_eq!(badge(at(20, 9, 0), status), (Pressure::None, "пт, 20 ноя".to_owned()));
        }
        assert_eq!(badge(at(25, 9, 0), TaskStatus::Done), (Pressure::None, "Завтра, 9:00".to_owned()));
    }

    #[test]
    fn what_fields_hold_is_read_as_it_was_written() {
        let moment = at(5, 9, 5);
        assert_eq!(input_day(moment.date()), "2026-11-05");
        assert_eq!(input_time(moment.time()), "09:05");
        assert_eq!(read_input_day("2026-11-05"), Some(moment.date()));
        assert_eq!(read_input_time("09:05"), Some(moment.time()));
        for wrong in
            ["", "2026", "2026-02-30", "x-1-1", "2026-1-5", "12026-01-05", "+026-01-05", "2026-01-05-"]
        {
            assert_eq!(read_input_day(wrong), None, "{wrong}");
        }
        for wrong in ["", "25:00", "9:05", "09:5", "+9:05", "09:05:30"] {
            assert_eq!(read_input_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn english_puts_the_month_first() {
        let badge = deadline_badge(&ENGLISH, Some(at(27, 18, 0)), TaskStatus::New, at(24, 12, 0));
        assert_eq!(badge.text, "Fri, Nov 27");
    }

    #[test]
    fn a_moment_is_said_as_short_as_it_can_be() {
        let now = at(24, 12, 0);
        assert_eq!(moment(&RUSSIAN, at(24, 9, 5), now), "9:05");
        assert_eq!(moment(&RUSSIAN, at(23, 9, 5), now), "Вчера, 9:05");
        assert_eq!(moment(&RUSSIAN, at(2, 9, 5), now), "2 ноя, 9:05");
        assert_eq!(heading(&RUSSIAN, at(2, 0, 0).date(), now.date()), "2 ноября");
    }
}
