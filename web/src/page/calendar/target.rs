//! Where a task is let go, or which key moves it, and the deadline that this gives it. Pure.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::days::{at_minute, on_day};
use crate::api::Timestamp;
use crate::civil::shift;
use crate::text::date::{input_day, read_input_day};
use crate::text::zone::moment_of;

/// Where a task can be let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A day: the time of day stays.
    Day(NaiveDate),
    /// The hours of a day: the time is that of the place.
    Hours(NaiveDate),
    /// Among the tasks without a deadline.
    Tray,
}

impl Target {
    /// As the page's elements name it.
    pub fn name(self) -> String {
        let (kind, date) = match self {
            Self::Day(date) => ("day:", date),
            Self::Hours(date) => ("hours:", date),
            Self::Tray => return "tray".to_owned(),
        };
        let mut name = kind.to_owned();
        name.push_str(&input_day(date));
        name
    }

    pub fn read(name: &str) -> Option<Self> {
        match name.split_once(':') {
            Some(("day", date)) => read_input_day(date).map(Self::Day),
            Some(("hours", date)) => read_input_day(date).map(Self::Hours),
            Some(_) => None,
            None => (name == "tray").then_some(Self::Tray),
        }
    }

    /// The deadline of a task that is let go here. `minutes` past midnight is how far down the hours of the day that was, and
    /// `usual` the time of day of what had no deadline.
    pub fn deadline(
        self,
        deadline: Option<Timestamp>,
        minutes: u32,
        usual: NaiveTime,
        local: impl Fn(Timestamp) -> NaiveDateTime,
    ) -> Option<Timestamp> {
        match (self, deadline) {
            (Self::Day(date), Some(deadline)) => Some(on_day(deadline, date, local)),
            (Self::Day(date), None) => Some(moment_of(date.and_time(usual), local)),
            (Self::Hours(date), _) => Some(at_minute(date, minutes, local)),
            (Self::Tray, _) => None,
        }
    }
}

/// By how many days a key moves a task; `None` for a key that does not.
pub fn days_by_key(key: &str) -> Option<i64> {
    match key {
        "ArrowLeft" => Some(-1),
        "ArrowRight" => Some(1),
        "ArrowUp" => Some(-7),
        "ArrowDown" => Some(7),
        _ => None,
    }
}

/// The deadline so many days later at the same time of day.
pub fn later(deadline: Timestamp, days: i64, local: impl Fn(Timestamp) -> NaiveDateTime + Copy) -> Timestamp {
    on_day(deadline, shift(local(deadline).date(), days), local)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_elements_name_is_read_as_it_was_written() {
        for target in [Target::Day(day("2026-11-05")), Target::Hours(day("2028-02-29")), Target::Tray] {
            assert_eq!(Target::read(&target.name()), Some(target));
        }
        for wrong in ["", "day", "day:", "day:2026-02-30", "year:2026-01-01"] {
            assert_eq!(Target::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_target_gives_a_deadline() {
        let zone = chrono_tz::America::New_York;
        let local = |moment: Timestamp| moment.with_timezone(&zone).naive_local();
        let usual = NaiveTime::from_hms_opt(18, 0, 0).unwrap();
        let at = |day: u32, hour: u32, minute: u32| {
            let local = zone.with_ymd_and_hms(2027, 3, day, hour, minute, 0).unwrap();
            Some(local.with_timezone(&Utc))
        };
        let deadline = at(13, 9, 40);
        let (day, hours) = (Target::Day(day("2027-03-14")), Target::Hours(day("2027-03-14")));
        assert_eq!(day.deadline(deadline, 0, usual, local), at(14, 9, 40));
        assert_eq!(day.deadline(None, 0, usual, local), at(14, 18, 0));
        assert_eq!(hours.deadline(deadline, 11 * 60 + 20, usual, local), at(14, 11, 15));
        assert_eq!(hours.deadline(None, 2 * 60 + 30, usual, local), at(14, 3, 30), "skipped by the clock");
        assert_eq!(Target::Tray.deadline(deadline, 0, usual, local), None);
        assert_eq!(Some(later(at(13, 9, 40).unwrap(), 7, local)), at(20, 9, 40));
    }
}
