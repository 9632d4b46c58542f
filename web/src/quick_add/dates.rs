//! Days: named, dated, counted from today, or the end of something.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Weekday};

use super::Reader;
use super::lexer::{divided, number};
use super::named::{day_number, is_next, is_this, month, weekday};
use super::times::Count;

/// A day that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// Named as a day of the week: where it is today, it means today only with a time that is still to come.
    pub by_weekday: bool,
}

/// How a day or a time is led in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    None,
    /// «в», `at`; of days «в» alone
    At,
    /// «к», «до», `by`
    By,
    /// «на», `on`, `for`
    For,
}

/// After these a day says when something began or what it is about, not when it is due.
const NOT_DUE: [&str; 20] = [
    "с",
    "со",
    "от",
    "за",
    "после",
    "прошлый",
    "прошлую",
    "прошлое",
    "прошлой",
    "каждый",
    "каждую",
    "каждое",
    "every",
    "from",
    "since",
    "after",
    "of",
    "last",
    "the",
    "a",
];
/// Words before a number with a dot that make it a version or a chapter.
const NUMBERED: [&str; 14] = [
    "версия",
    "версии",
    "версию",
    "пункт",
    "пункта",
    "пункту",
    "п",
    "раздел",
    "раздела",
    "глава",
    "№",
    "version",
    "section",
    "v",
];
/// What a weekday is an adjective's noun after, rather than a day.
const NOT_A_WEEKDAY: [&str; 5] = ["черная", "черную", "черной", "black", "good"];

impl Reader<'_> {
    /// How it is led in at this word, and the word after.
    pub fn lead(&self, at: usize) -> (Lead, usize) {
        let lead = match self.word(at) {
            "в" | "во" | "at" => Lead::At,
            "к" | "ко" | "до" | "by" | "until" | "till" | "before" | "due" => Lead::By,
            "на" | "for" | "on" => Lead::For,
            "не" if matches!(self.word(at + 1), "позднее" | "позже") => {
                return (Lead::By, at + 2);
            }
            _ => return (Lead::None, at),
        };
        if self.word(at) == "due"
            && let (further @ (Lead::At | Lead::By | Lead::For), next) = self.lead(at + 1)
        {
            return (further, next);
        }
        (lead, at + 1)
    }

    /// Whether the word before leads in: then it has been tried with this one, and did not fit.
    pub fn was_led(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.lead(before).0 != Lead::None)
    }

    /// The day that is named here, and the word after it.
    pub fn day(&self, at: usize) -> Option<(Day, usize)> {
        let (lead, from) = self.lead(at);
        if lead == Lead::None && (NOT_DUE.contains(&self.before(at)) || self.was_led(at)) {
            return None;
        }
        let plain = |(date, next)| (Day { date, by_weekday: false }, next);
        self.end_of(lead, from)
            .or_else(|| self.near(from))
            .or_else(|| self.dated(lead, from))
            .or_else(|| self.numeric(lead, from))
            .or_else(|| self.counted(from))
            .map(plain)
            .or_else(|| self.on_weekday(lead, from))
    }

    fn today(&self) -> NaiveDate {
        self.now.date()
    }

    fn in_days(&self, days: u64) -> Option<NaiveDate> {
        self.today().checked_add_days(Days::new(days))
    }

    /// «завтра»
    fn near(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let (days, words) = match self.word(at) {
            "сегодня" | "today" | "tonight" => (0, 1),
            "завтра" | "tomorrow" | "tmr" => (1, 1),
            "послезавтра" => (2, 1),
            "day" if self.follows(at, &["day", "after", "tomorrow"]) => (2, 3),
            "the" if self.follows(at, &["the", "day", "after", "tomorrow"]) => (2, 4),
            _ => return None,
        };
        Some((self.in_days(days)?, at + words))
    }

    /// «25 декабря 2026», `Dec 25th`, «25 числа»
    fn dated(&self, lead: Lead, at: usize) -> Option<(NaiveDate, usize)> {
        let of = |at| if self.word(at) == "of" { at + 1 } else { at };
        let start = if self.word(at) == "the" { at + 1 } else { at };
        let (day, month, next) =
            if let (Some(month), Some((day, _))) = (month(self.word(at)), day_number(self.word(at + 1))) {
                (day, month, at + 2)
            } else {
                let (day, is_ordinal) = day_number(self.word(start))?;
                match month(self.word(of(start + 1))) {
                    Some(month) => (day, month, of(start + 1) + 1),
                    None => {
                        let named = matches!(self.word(start + 1), "числа" | "числу" | "число");
                        let next = start + 1 + usize::from(named);
                        return (named || is_ordinal && lead != Lead::None)
                            .then_some((self.next_numbered(day)?, next));
                    }
                }
            };
        let year =
            number(self.word(next)).filter(|(year, rest)| (1900..2200).contains(year) && rest.is_empty());
        let Some((year, _)) = year else { return Some((self.next_on(day, month)?, next)) };
        let next = next + 1 + usize::from(matches!(self.word(next + 1), "г" | "года" | "году"));
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        (date >= self.today()).then_some((date, next))
    }

    /// The next day of that number: of this month, or of the next one that has it.
    fn next_numbered(&self, day: u32) -> Option<NaiveDate> {
        let first = self.today().with_day(1)?;
        let of = |months| first.checked_add_months(Months::new(months))?.with_day(day);
        (0..3).filter_map(of).find(|date| *date >= self.today())
    }

    /// The next such day of the year. 29 February is that of the next leap year.
    fn next_on(&self, day: u32, month: u32) -> Option<NaiveDate> {
        let this = self.today().year();
        (this..=this + 8)
            .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
            .find(|date| *date >= self.today())
    }

    /// «15.12.2026», «к 1.12», `12/25`, `2026-12-15`
    fn numeric(&self, lead: Lead, at: usize) -> Option<(NaiveDate, usize)> {
        let word = self.word(at);
        let full = |year: u32| i32::try_from(if year < 100 { year + 2000 } else { year }).ok();
        if let Some((first, month, Some(last))) =
            divided(word, '-').or_else(|| divided(word, '.')).or_else(|| divided(word, '/'))
        {
            let slash = word.contains('/') && self.english && first <= 12;
            let date = if first > 1000 {
                NaiveDate::from_ymd_opt(full(first)?, month, last)
            } else if slash {
                NaiveDate::from_ymd_opt(full(last)?, first, month)
            } else {
                NaiveDate::from_ymd_opt(full(last)?, month, first)
            };
            let next = at + 1 + usize::from(self.word(at + 1) == "г");
            return date.filter(|date| *date >= self.today()).map(|date| (date, next));
        }
        let is_led = lead == Lead::By || lead == Lead::For;
        let is_alone = lead == Lead::None
            && !NUMBERED.contains(&self.before(at))
            && (self.is_last(at) || self.exact_time(at + 1).is_some());
        if !is_led && !is_alone {
            return None;
        }
        let (first, second, _) = match divided(word, '.') {
            Some(parts) => parts,
            None => divided(word, '/').filter(|parts| is_led || is_alone && *parts != (24, 7, None))?,
        };
        let month_first = word.contains('/') && self.english && first <= 12;
        let (day, month) = if month_first { (second, first) } else { (first, second) };
        Some((self.next_on(day, month)?, at + 1))
    }

    /// «через 3 дня», `in two weeks`
    fn counted(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let Count { halves, said, works, unit, next } = self.after(at)?;
        let whole = || halves.is_multiple_of(2).then_some(halves / 2);
        let (date, next) = match unit {
            "день" | "дня" | "дней" | "дн" | "д" | "day" | "days" | "d" if said => {
                let days = whole()?;
                (if works { working_days(self.today(), days)? } else { self.in_days(days.into())? }, next)
            }
            "week" | "weeks" | "w" | "нед" => self.weeks_on(whole()?, next)?,
            _ if unit.starts_with("недел") => self.weeks_on(whole()?, next)?,
            "month" | "months" | "мес" => (self.months_on(whole()?)?, next),
            _ if unit.starts_with("месяц") => (self.months_on(whole()?)?, next),
            "год" | "года" | "лет" | "year" | "years" => (self.months_on(halves * 6)?, next),
            "полгода" => (self.months_on(6)?, next),
            _ => return None,
        };
        Some((date, next))
    }

    /// So many weeks on; where a weekday follows, that day of that week.
    fn weeks_on(&self, weeks: u32, next: usize) -> Option<(NaiveDate, usize)> {
        let date = self.in_days(u64::from(weeks) * 7)?;
        let (lead, from) = self.lead(next);
        match weekday(self.word(from)).filter(|_| lead == Lead::At) {
            Some(day) => Some((of_week(date, day)?, from + 1)),
            None => Some((date, next)),
        }
    }

    /// So many months on; where that month has no such day, its last.
    fn months_on(&self, months: u32) -> Option<NaiveDate> {
        self.today().checked_add_months(Months::new(months))
    }

    /// «до конца недели», `by end of month`, «на следующей неделе»
    fn end_of(&self, lead: Lead, at: usize) -> Option<(NaiveDate, usize)> {
        let abbreviated = match self.word(at) {
            "eod" => Some("day"),
            "eow" => Some("week"),
            "eom" => Some("month"),
            _ => None,
        };
        if let Some(unit) = abbreviated {
            return Some((self.last_day_of(unit, 0)?, at + 1));
        }
        if lead == Lead::By
            && matches!((self.word(at), self.word(at + 1)), ("нового", "года") | ("новому", "году"))
        {
            return Some((self.last_day_of("year", 0)?, at + 2));
        }
        let step = |at| {
            let word = self.word(at);
            if is_next(word) { (1, at + 1) } else { (0, at + usize::from(is_this(word))) }
        };
        if matches!(self.word(at), "неделе" | "week") || matches!(self.word(at + 1), "неделе" | "week")
        {
            let (weeks, unit) = step(at);
            let is_led = lead == Lead::For || self.word(unit) == "week";
            return (unit == at + 1 && is_led).then_some((self.last_day_of("week", weeks)?, unit + 1));
        }
        let start = if self.word(at) == "the" { at + 1 } else { at };
        let inside = match (self.word(start), self.word(start + 1)) {
            ("конца" | "концу" | "конце", _) if lead != Lead::None => start + 1,
            ("end", "of") => start + 2,
            _ => return None,
        };
        let inside = inside + usize::from(matches!(self.word(inside), "the" | "рабочего"));
        let (steps, unit) = step(inside);
        if let Some(month) = month(self.word(unit)) {
            let first = self.next_on_or_after_month(month)?;
            return Some((last_of_month(first)?, unit + 1));
        }
        Some((self.last_day_of(self.word(unit), steps)?, unit + 1))
    }

    fn next_on_or_after_month(&self, month: u32) -> Option<NaiveDate> {
        let this = self.today();
        NaiveDate::from_ymd_opt(this.year() + i32::from(month < this.month()), month, 1)
    }

    /// The last day of this day, week, month, quarter or year, or of one so many steps on. A week ends on Friday; once that is over, on Sunday.
    fn last_day_of(&self, unit: &str, steps: u32) -> Option<NaiveDate> {
        let today = self.today();
        match unit {
            "дня" | "дню" | "day" => self.in_days(steps.into()),
            "недели" | "неделе" | "week" => {
                let of = today.checked_add_days(Days::new(u64::from(steps) * 7))?;
                let friday = of_week(of, Weekday::Fri)?;
                if self.is_over(friday) { of_week(of, Weekday::Sun) } else { Some(friday) }
            }
            "месяца" | "month" => last_of_month(today.checked_add_months(Months::new(steps))?),
            "квартала" | "quarter" => {
                let months = 2 - today.month0() % 3 + 3 * steps;
                last_of_month(today.with_day(1)?.checked_add_months(Months::new(months))?)
            }
            "года" | "year" => NaiveDate::from_ymd_opt(today.year() + i32::try_from(steps).ok()?, 12, 31),
            _ => None,
        }
    }

    fn is_over(&self, day: NaiveDate) -> bool {
        day.and_hms_opt(super::END_OF_DAY / 60, 0, 0).is_some_and(|end: NaiveDateTime| end <= self.now)
    }

    /// «в пятницу», «в следующий понедельник», `next friday`
    fn on_weekday(&self, lead: Lead, at: usize) -> Option<(Day, usize)> {
        let word = self.word(at);
        let (next_week, name) =
            if is_next(word) { (true, at + 1) } else { (false, at + usize::from(is_this(word))) };
        let day = weekday(self.word(name))?;
        let is_modified = name > at;
        let is_environment = self.word(name).starts_with("сред");
        let fits = match lead {
            Lead::None if is_modified => true,
            Lead::None => {
                let is_last = self.is_last(name) && !is_environment;
                !NOT_A_WEEKDAY.contains(&self.before(at)) && (is_last || self.exact_time(name + 1).is_some())
            }
            Lead::At | Lead::For => self.word(name) != "среде",
            Lead::By => true,
        };
        if !fits {
            return None;
        }
        let date = if next_week {
            of_week(self.in_days(7)?, day)?
        } else {
            let ahead = (7 + day.num_days_from_monday() - self.today().weekday().num_days_from_monday()) % 7;
            self.in_days(ahead.into())?
        };
        Some((Day { date, by_weekday: true }, name + 1))
    }
}

/// That day of the week, from Monday to Sunday, in which `date` is.
fn of_week(date: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))?;
    monday.checked_add_days(Days::new(day.num_days_from_monday().into()))
}

fn last_of_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// So many days from Monday to Friday on.
fn working_days(from: NaiveDate, days: u32) -> Option<NaiveDate> {
    let mut date = from;
    for _ in 0..days {
        date = date.succ_opt()?;
        while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            date = date.succ_opt()?;
        }
    }
    Some(date)
}
