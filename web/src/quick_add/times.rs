//! Times of day, and spans of hours and minutes from now.

use super::Reader;
use super::dates::Lead;
use super::lexer::{divided, number};

const HOUR: u32 = 60;
/// A bare hour up to this one is one of the afternoon: nobody's work is due at three in the night.
const AFTERNOON_TO: u32 = 6;

/// How many of a unit, after «через».
pub struct Count<'a> {
    /// Twice the number: «полтора» is 3.
    pub halves: u32,
    /// A number was said; without one it is one.
    pub said: bool,
    /// Of working days.
    pub works: bool,
    pub unit: &'a str,
    /// The word after the unit.
    pub next: usize,
}

/// «утра», `pm` and the like.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Day,
    Evening,
    Night,
    Am,
    Pm,
}

fn half(word: &str) -> Option<Half> {
    Some(match word {
        "утра" => Half::Morning,
        "дня" => Half::Day,
        "вечера" => Half::Evening,
        "ночи" => Half::Night,
        "am" | "a.m" => Half::Am,
        "pm" | "p.m" => Half::Pm,
        _ => return None,
    })
}

/// The time of day on a clock of 24 hours, in minutes. `None` for what no clock shows, as «15 утра».
fn on_clock(hour: u32, minute: u32, half: Half) -> Option<u32> {
    let hour = match (half, hour) {
        (_, 0 | 13..) => return None,
        (Half::Morning | Half::Night | Half::Am, 12) => 0,
        (Half::Morning | Half::Am, hour) => hour,
        (Half::Night, hour) => {
            if hour >= 9 {
                hour + 12
            } else {
                hour
            }
        }
        (Half::Day | Half::Pm | Half::Evening, 12) => 12,
        (Half::Day | Half::Pm | Half::Evening, hour) => hour + 12,
    };
    Some(hour * HOUR + minute)
}

/// «15:00»
fn clock(hour: u32, minute: u32) -> Option<u32> {
    (hour < 24 && minute < 60 || (hour, minute) == (24, 0)).then_some(hour * HOUR + minute)
}

/// Hours and minutes, where the minutes have two digits.
fn hour_and_minute(word: &str, sign: char) -> Option<(u32, u32)> {
    let two_digits = word.split(sign).nth(1).is_some_and(|minutes| minutes.len() == 2);
    divided(word, sign)
        .filter(|(_, _, third)| two_digits && third.is_none())
        .map(|(hour, minute, _)| (hour, minute))
}

impl Reader<'_> {
    /// The time of day that is named here, in minutes, and the word after it. `by_day` tells that a day stands right before.
    pub fn time(&self, at: usize, by_day: bool) -> Option<(u32, usize)> {
        let (lead, from) = self.lead(at);
        let is_due =
            !matches!(self.before(at), "с" | "со" | "после" | "от" | "from" | "after" | "since" | "за");
        if lead == Lead::None && (!is_due || self.was_led(at)) {
            return None;
        }
        // The end of a stretch of time is no deadline: «с 10:00 до 18:00».
        if lead == Lead::By && at >= 2 && matches!(self.word(at - 2), "с" | "from") {
            return None;
        }
        let stands = lead != Lead::None || by_day || self.is_last(from);
        let named = match self.word(from) {
            "полдень" | "полудню" | "полудня" | "noon" if stands => Some(12 * HOUR),
            "полночь" | "полуночи" | "midnight" if stands => Some(24 * HOUR),
            "обед" | "обеду" | "обеда" if lead != Lead::None => Some(13 * HOUR),
            "вечеру" | "вечера" if lead == Lead::By => Some(19 * HOUR),
            "утру" | "утра" if lead == Lead::By => Some(9 * HOUR),
            _ => None,
        };
        if let Some(time) = named {
            return Some((time, from + 1));
        }
        let is_led = matches!(lead, Lead::At | Lead::By);
        self.exact_time(from)
            .or_else(|| self.dotted(lead, from))
            .or_else(|| (is_led || by_day && lead == Lead::None).then(|| self.of_half(from)).flatten())
            .or_else(|| self.bare_hour(lead, from, by_day))
    }

    /// «10:30», `3pm`: a time whatever stands around it.
    pub fn exact_time(&self, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at);
        let (digits, stuck) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
            (Some(digits), _) => (digits, Some(Half::Am)),
            (None, Some(digits)) => (digits, Some(Half::Pm)),
            (None, None) => (word, None),
        };
        let (half, next) = match stuck.or_else(|| half(self.word(at + 1))) {
            Some(half) => (Some(half), at + 1 + usize::from(stuck.is_none())),
            None => (None, at + 1),
        };
        if let Some((hour, minute)) = hour_and_minute(digits, ':') {
            return match half.and_then(|half| on_clock(hour, minute, half)) {
                Some(time) if minute < 60 => Some((time, next)),
                _ => Some((clock(hour, minute)?, at + 1)),
            };
        }
        let (hour, rest) = number(digits)?;
        let is_english = matches!(half, Some(Half::Am | Half::Pm));
        (is_english && rest.is_empty()).then_some((on_clock(hour, 0, half?)?, next))
    }

    /// «в 15.00», «к 15-00»
    fn dotted(&self, lead: Lead, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at);
        if !matches!(lead, Lead::At | Lead::By) {
            return None;
        }
        let (hour, minute) = hour_and_minute(word, '.').or_else(|| hour_and_minute(word, '-'))?;
        let time = half(self.word(at + 1)).and_then(|half| on_clock(hour, minute, half));
        match time {
            Some(time) => Some((time, at + 2)),
            None => Some((clock(hour, minute)?, at + 1)),
        }
    }

    /// «9 утра», «9 часов вечера», «в час дня», «18 ч»
    fn of_half(&self, at: usize) -> Option<(u32, usize)> {
        if self.word(at) == "час" {
            return half(self.word(at + 1)).and_then(|half| Some((on_clock(1, 0, half)?, at + 2)));
        }
        let (hour, rest) = number(self.word(at))?;
        let is_hour = |word: &str| matches!(word, "ч" | "час" | "часа" | "часов" | "часам");
        let next = match rest {
            "" => at + 1 + usize::from(is_hour(self.word(at + 1))),
            rest if is_hour(rest) => at + 1,
            _ => return None,
        };
        if let Some(half) = half(self.word(next)) {
            return Some((on_clock(hour, 0, half)?, next + 1));
        }
        let says_hours = next > at + 1 || !rest.is_empty();
        says_hours.then_some((clock(hour, 0)?, next))
    }

    /// «в 9»: only where it ends what is said or stands by a day, so that «в 9 отделе» is none.
    fn bare_hour(&self, lead: Lead, at: usize, by_day: bool) -> Option<(u32, usize)> {
        let (hour, rest) = number(self.word(at)).filter(|(hour, _)| (1..24).contains(hour))?;
        let next_is_day = || self.day(at + 1).is_some();
        let fits = match lead {
            Lead::At => by_day || self.is_last(at) || next_is_day(),
            Lead::By => by_day || next_is_day(),
            Lead::None | Lead::For => false,
        };
        let hour = if hour <= AFTERNOON_TO { hour + 12 } else { hour };
        (fits && rest.is_empty()).then_some((hour * HOUR, at + 1))
    }

    /// «вечером» beside a day, in minutes.
    pub fn part_of_day(&self, at: usize) -> Option<(u32, usize)> {
        let from = if self.follows(at, &["in", "the"]) { at + 2 } else { at };
        let hour = match self.word(from) {
            "утром" | "morning" => 9,
            "днем" | "afternoon" => 13,
            "вечером" | "evening" | "night" => 19,
            _ => return None,
        };
        Some((hour * HOUR, from + 1))
    }

    /// «через», `in`: how many of what.
    pub fn after(&self, at: usize) -> Option<Count<'_>> {
        let from = match self.word(at) {
            "через" | "in" | "within" => at + 1,
            "в" if self.word(at + 1) == "течение" => at + 2,
            // «в» has been taken as what leads in.
            "течение" if self.before(at) == "в" => at + 1,
            _ => return None,
        };
        let word = self.word(from);
        let (halves, next) = match word {
            "a" | "an" | "один" | "одну" | "одного" | "one" => (2, from + 1),
            "two" | "два" | "две" | "двух" | "пару" => (4, from + 1),
            "three" | "три" | "трех" => (6, from + 1),
            "four" | "четыре" => (8, from + 1),
            "five" | "пять" => (10, from + 1),
            "six" | "шесть" => (12, from + 1),
            "seven" | "семь" => (14, from + 1),
            "ten" | "десять" => (20, from + 1),
            "полтора" | "полторы" => (3, from + 1),
            "half" => (1, from + 1 + usize::from(matches!(self.word(from + 1), "a" | "an"))),
            _ => match (number(word), divided(word, ',').or_else(|| divided(word, '.'))) {
                (_, Some((whole, 5, None))) => (2 * whole + 1, from + 1),
                (Some((count, "")), _) => (2 * count, from + 1),
                // «через 2ч»
                (Some((count, unit)), None) => {
                    return Some(Count { halves: 2 * count, said: true, works: false, unit, next: from + 1 });
                }
                (Some(_), Some(_)) => return None,
                (None, _) => {
                    return Some(Count { halves: 2, said: false, works: false, unit: word, next: from + 1 });
                }
            },
        };
        let works = matches!(self.word(next), "рабочих" | "рабочий" | "рабочего" | "business" | "working");
        let unit = next + usize::from(works);
        (halves > 0).then(|| Count { halves, said: true, works, unit: self.word(unit), next: unit + 1 })
    }

    /// «через 2 часа», «через полчаса», `in 30 minutes`: in minutes from now.
    pub fn span(&self, at: usize) -> Option<(i64, usize)> {
        let Count { halves, unit, next, .. } = self.after(at)?;
        let minutes = match unit {
            "минут" | "минуты" | "минуту" | "мин" | "minute" | "minutes" | "min" | "mins" => {
                halves / 2
            }
            "час" | "часа" | "часов" | "ч" | "hour" | "hours" | "h" | "hr" | "hrs" => {
                halves * 30
            }
            "полчаса" => 30,
            _ => return None,
        };
        Some((minutes.into(), next))
    }
}
