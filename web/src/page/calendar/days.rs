//! Days as clocks of a zone make them: which of them a view shows, when each begins, and where a deadline goes that is moved.
//!
//! Pure. What clocks show at a moment is asked of `local`.

use chrono::{Days as Count, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::shown::View;
use crate::api::Timestamp;
use crate::civil::{first_of_month, monday, shift, shift_months};
use crate::text::zone::moment_of;

/// Minutes in a day of the clock, whatever its length.
pub const DAY: u32 = 24 * 60;
/// A deadline that is dragged in hours stops at these, in minutes.
pub const STEP: u32 = 15;
/// Days in an agenda: five weeks, so that at the end of a month the next is in sight.
const AGENDA: u64 = 35;

/// A day: from its first moment to that of the next, which is 23, 24 or 25 hours later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Days one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days(Vec<Day>);

impl Days {
    /// Those that a view of that date shows.
    pub fn of(view: View, date: NaiveDate, local: impl Fn(Timestamp) -> NaiveDateTime) -> Self {
        let (first, count) = span(view, date);
        let mut days = Vec::new();
        let mut from = beginning(first, &local);
        for number in 1..=count {
            let Some(next) = first.checked_add_days(Count::new(number)) else { break };
            let to = next_beginning(from, next, &local);
            days.push(Day { date: next.pred_opt().unwrap_or(next), from, to });
            from = to;
        }
        Self(days)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Day> {
        self.0.iter()
    }

    /// By weeks.
    pub fn weeks(&self) -> std::slice::Chunks<'_, Day> {
        self.0.chunks(7)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first moment, and the first that is past the last.
    pub fn range(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.0.first()?.from, self.0.last()?.to))
    }

    pub fn contains(&self, date: NaiveDate) -> bool {
        self.0.first().is_some_and(|first| first.date <= date)
            && self.0.last().is_some_and(|last| date <= last.date)
    }

    /// The number of the day in which the moment lies.
    pub fn place(&self, moment: Timestamp) -> Option<usize> {
        let place = self.0.partition_point(|day| day.to <= moment);
        self.0.get(place).filter(|day| day.from <= moment).map(|_| place)
    }
}

impl Day {
    /// The time of day that clocks show at a moment of it. Asks `local` only on the days on which clocks change.
    pub fn time(&self, moment: Timestamp, local: impl Fn(Timestamp) -> NaiveDateTime) -> NaiveTime {
        if self.to - self.from == TimeDelta::hours(24) {
            NaiveTime::MIN + (moment - self.from)
        } else {
            local(moment).time()
        }
    }
}

/// The first day of what a view of that date shows; of a month, that of the month itself.
pub fn first(view: View, date: NaiveDate) -> NaiveDate {
    match view {
        View::Month => first_of_month(date),
        View::Week | View::Day | View::Agenda => span(view, date).0,
    }
}

/// The first day of a view and how many it has.
fn span(view: View, date: NaiveDate) -> (NaiveDate, u64) {
    match view {
        View::Month => {
            let first = monday(first_of_month(date));
            let last = first_of_month(shift_months(date, 1)).pred_opt().unwrap_or(date);
            let days = last.signed_duration_since(first).num_days() + 1;
            (first, u64::try_from(days).unwrap_or(0).next_multiple_of(7))
        }
        View::Week => (monday(date), 7),
        View::Day => (date, 1),
        View::Agenda => (monday(date), AGENDA),
    }
}

/// The date that the view shows after going on, or with a negative number back. In a shorter month the last day stands for a later one.
pub fn step(view: View, date: NaiveDate, by: i32) -> NaiveDate {
    match view {
        View::Month => shift_months(date, by),
        View::Week => shift(date, i64::from(by) * 7),
        View::Day => shift(date, by.into()),
        View::Agenda => shift(monday(date), i64::from(by) * 35),
    }
}

/// The first moment of a day. Where clocks skip midnight it is that at which they are put forward; where midnight comes twice, the
/// first.
fn beginning(date: NaiveDate, local: impl Fn(Timestamp) -> NaiveDateTime) -> Timestamp {
    moment_of(date.and_time(NaiveTime::MIN), local)
}

/// The same, from the day before: most days are 24 hours long, which takes one question instead of four.
fn next_beginning(from: Timestamp, date: NaiveDate, local: impl Fn(Timestamp) -> NaiveDateTime) -> Timestamp {
    let guess = from + TimeDelta::hours(24);
    if local(guess) == date.and_time(NaiveTime::MIN) { guess } else { beginning(date, local) }
}

/// A deadline on another day at the same time of day. A time that the clock skips on that day moves forward.
pub fn on_day(deadline: Timestamp, date: NaiveDate, local: impl Fn(Timestamp) -> NaiveDateTime) -> Timestamp {
    let now = local(deadline);
    if now.date() == date { deadline } else { moment_of(date.and_time(now.time()), local) }
}

/// The moment at which clocks show so many minutes past midnight, at a quarter of an hour.
pub fn at_minute(date: NaiveDate, minutes: u32, local: impl Fn(Timestamp) -> NaiveDateTime) -> Timestamp {
    let minutes = (minutes + STEP / 2) / STEP * STEP;
    moment_of(date.and_time(time_of(minutes)), local)
}

/// So many minutes past midnight; the last quarter of an hour stands for what is later.
pub fn time_of(minutes: u32) -> NaiveTime {
    let minutes = minutes.min(DAY - STEP);
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or(NaiveTime::MIN)
}

/// How many whole minutes past midnight.
pub fn minutes(time: NaiveTime) -> u32 {
    time.num_seconds_from_midnight() / 60
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use chrono_tz::{America, Asia, Europe, Tz};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn local(zone: Tz) -> impl Fn(Timestamp) -> NaiveDateTime + Copy {
        move |moment| moment.with_timezone(&zone).naive_local()
    }

    fn at(zone: Tz, text: &str) -> Timestamp {
        let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        zone.from_local_datetime(&time).earliest().unwrap().with_timezone(&Utc)
    }

    fn shown(zone: Tz, moment: Timestamp) -> String {
        local(zone)(moment).format("%Y-%m-%d %H:%M").to_string()
    }

    fn hours(days: &Days) -> Vec<i64> {
        days.iter().map(|day| (day.to - day.from).num_hours()).collect()
    }

    #[test]
    fn a_month_has_whole_weeks_from_monday_to_sunday() {
        let cases = [
            ("2026-11-25", "2026-10-26", "2026-12-06"),
            ("2027-02-10", "2027-02-01", "2027-02-28"),
            ("2028-02-29", "2028-01-31", "2028-03-05"),
            ("2026-08-01", "2026-07-27", "2026-09-06"),
        ];
        for (date, first, last) in cases {
            let days = Days::of(View::Month, day(date), local(Europe::Moscow));
            let dates: Vec<_> = days.iter().map(|day| day.date).collect();
            assert_eq!((dates[0], dates[dates.len() - 1]), (day(first), day(last)), "{date}");
            assert_eq!(days.len() % 7, 0);
            assert!(hours(&days).iter().all(|hours| *hours == 24));
        }
    }

    #[test]
    fn other_views_show_their_days() {
        let span = |view| span(view, day("2026-11-25"));
        assert_eq!(span(View::Week), (day("2026-11-23"), 7));
        assert_eq!(span(View::Day), (day("2026-11-25"), 1));
        assert_eq!(span(View::Agenda), (day("2026-11-23"), 35));
    }

    #[test]
    fn going_on_and_back() {
        let cases = [
            (View::Month, "2027-01-31", 1, "2027-02-28"),
            (View::Month, "2026-01-15", -1, "2025-12-15"),
            (View::Week, "2026-12-30", 1, "2027-01-06"),
            (View::Day, "2028-02-28", 1, "2028-02-29"),
            (View::Agenda, "2026-11-25", -1, "2026-10-19"),
        ];
        for (view, date, by, expected) in cases {
            assert_eq!(step(view, day(date), by), day(expected), "{view:?} {date}");
        }
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        let week = |date, zone| hours(&Days::of(View::Week, day(date), local(zone)));
        assert_eq!(week("2027-03-14", America::New_York), [24, 24, 24, 24, 24, 24, 23]);
        assert_eq!(week("2027-11-07", America::New_York), [24, 24, 24, 24, 24, 24, 25]);
        assert_eq!(week("2027-03-28", Europe::Berlin), [24, 24, 24, 24, 24, 24, 23]);
        assert_eq!(week("2027-03-28", Europe::Moscow), [24; 7]);
        assert_eq!(week("2026-03-29", Asia::Beirut), [24, 24, 24, 24, 24, 24, 23], "midnight is skipped");
    }

    #[test]
    fn a_moment_belongs_to_the_day_that_clocks_show() {
        for zone in [Europe::Moscow, America::New_York, Europe::Berlin, Asia::Beirut] {
            let days = Days::of(View::Month, day("2027-03-14"), local(zone));
            let (from, to) = days.range().unwrap();
            let mut moment = from;
            while moment < to {
                let place = days.0[days.place(moment).unwrap()];
                assert_eq!(place.date, local(zone)(moment).date());
                assert_eq!(place.time(moment, local(zone)), local(zone)(moment).time());
                moment += TimeDelta::minutes(30);
            }
            assert_eq!(days.place(to), None);
            assert_eq!(days.place(from - TimeDelta::milliseconds(1)), None);
        }
    }

    #[test]
    fn a_moved_deadline_keeps_its_time_of_day() {
        let moved =
            |zone: Tz, from: &str, to: &str| shown(zone, on_day(at(zone, from), day(to), local(zone)));
        assert_eq!(moved(Europe::Moscow, "2027-03-27 18:00", "2027-03-28"), "2027-03-28 18:00");
        for (from, to) in [("2027-03-13", "2027-03-15"), ("2027-11-06", "2027-11-08")] {
            let moved = moved(America::New_York, &format!("{from} 09:30"), to);
            assert_eq!(moved, format!("{to} 09:30"), "an hour fewer or more lies between");
        }
        let skipped = moved(America::New_York, "2027-03-13 02:30", "2027-03-14");
        assert_eq!(skipped, "2027-03-14 03:30", "a time that does not exist moves forward");
        let skipped = moved(Europe::Berlin, "2027-03-27 02:00", "2027-03-28");
        assert_eq!(skipped, "2027-03-28 03:00");
    }

    #[test]
    fn on_its_own_day_a_deadline_stays_where_it_is() {
        // The second 1:30 of that night, which the first one would otherwise take the place of.
        let second = at(America::New_York, "2027-11-07 01:30") + TimeDelta::hours(1);
        assert_eq!(on_day(second, day("2027-11-07"), local(America::New_York)), second);
    }

    #[test]
    fn hours_go_by_quarters() {
        let moved = |minutes| {
            shown(Europe::Berlin, at_minute(day("2027-03-28"), minutes, local(Europe::Berlin)))[11..]
                .to_owned()
        };
        assert_eq!(moved(9 * 60 + 7), "09:00");
        assert_eq!(moved(9 * 60 + 8), "09:15");
        assert_eq!(moved(2 * 60 + 15), "03:15", "skipped");
        assert_eq!(moved(24 * 60), "23:45");
    }
}
