//! A task in one line: «Отчёт завтра в 15:00 @иванова !высокий». What is understood is taken out of the title; what only looks
//! like it stays there.
//!
//! Pure: takes the local time, gives a local time. Russian and English are both understood, whatever language the client speaks.
//!
//! - A day without a time means 18:00 of it; if that has passed, its last minute. A time without a day means today, or tomorrow if it
//!   has passed.
//! - A weekday is the next such day; today only with a time that is still to come. «Следующий» is that of the next week.
//! - 29 February is that of the next leap year. A date that does not exist or has passed with its year stays in the title.
//! - Where a day is named twice, the last one counts: deadlines stand at the end.

mod dates;
mod lexer;
mod mention;
mod named;
pub mod people;
#[cfg(test)]
mod tests;
mod times;

use std::ops::Range;

use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta};

use crate::api::TaskPriority;
use dates::Day;
use lexer::Token;
pub use mention::Mention;

/// The time of day meant by whoever names only the day, in minutes.
const END_OF_DAY: u32 = 18 * 60;
const LAST_MINUTE: u32 = 24 * 60 - 1;

/// What a line is read with.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The present, by the person's clock.
    pub now: NaiveDateTime,
    /// `12/25` is the 25th of December.
    pub english: bool,
    /// Who may be named, by their full names.
    pub names: &'a [String],
    /// Which of them types.
    pub own: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Deadline,
    Assignee,
    Priority,
}

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// By the person's clock.
    At(NaiveDateTime),
    /// From now.
    After(TimeDelta),
}

/// Words that were understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub kind: Kind,
    /// As they stand in the line.
    pub words: String,
    /// Where, in bytes.
    pub spans: Vec<Range<usize>>,
}

/// A line as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// The line without what was understood.
    pub title: String,
    pub pieces: Vec<Piece>,
    pub deadline: Option<When>,
    pub priority: Option<TaskPriority>,
    /// Whom `@` may mean, as places in [`Facts::names`].
    pub assignees: Vec<usize>,
}

impl Understood {
    pub fn piece(&self, kind: Kind) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.kind == kind)
    }

    /// The line without the words of one kind alone.
    pub fn without(&self, kind: Kind, line: &str) -> String {
        self.piece(kind).map_or_else(|| line.to_owned(), |piece| title(line, std::slice::from_ref(piece)))
    }
}

/// A line's words, and when they are read.
struct Reader<'a> {
    tokens: &'a [Token],
    now: NaiveDateTime,
    english: bool,
}

impl Reader<'_> {
    /// The word there; nothing beyond the end.
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    fn follows(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.word(at + index) == *word)
    }

    /// Whether what is said ends with this word.
    fn is_last(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.ends)
            || self
                .tokens
                .get(at + 1)
                .is_none_or(|next| next.text.starts_with(['@', '!', '—', '–']) || next.text == "-")
    }
}

/// A part of a deadline and its words, from one to before the other.
struct Found<T> {
    what: T,
    from: usize,
    to: usize,
}

impl<T> Found<T> {
    fn range(&self) -> Range<usize> {
        self.from..self.to
    }
}

/// Parts of a deadline, in the order in which they stand.
#[derive(Default)]
struct Parts {
    days: Vec<Found<Day>>,
    times: Vec<Found<u32>>,
    parts: Vec<Found<u32>>,
    spans: Vec<Found<i64>>,
}

/// Reads a line. What is in `refused` is left in the title.
pub fn understand(line: &str, facts: Facts<'_>, refused: &[(Kind, String)]) -> Understood {
    let tokens = lexer::tokens(line);
    let reader = Reader { tokens: &tokens, now: facts.now, english: facts.english };
    let mut understood = Understood::default();
    let mut parts = Parts::default();
    let mut people = None;
    let mut priority = None;
    let mut at = 0;
    let mut by_day = false;
    while at < tokens.len() {
        let was_by_day = std::mem::take(&mut by_day);
        if let Some((found, words)) = people::named(&tokens, at, facts.names, facts.own) {
            people = Some(Found { what: found, from: at, to: at + words });
            at += words;
        } else if let Some(level) = urgency(reader.word(at)) {
            priority = Some(Found { what: level, from: at, to: at + 1 });
            at += 1;
        } else if let Some((what, to)) = reader.span(at) {
            parts.spans.push(Found { what, from: at, to });
            at = to;
        } else if let Some((what, to)) =
            reader.time(at, was_by_day).filter(|_| was_by_day || reader.day(at).is_none())
        {
            parts.times.push(Found { what, from: at, to });
            at = to;
        } else if let Some((what, to)) = reader.day(at) {
            if reader.word(at) == "tonight" {
                parts.parts.push(Found { what: 19 * 60, from: at, to });
            }
            parts.days.push(Found { what, from: at, to });
            by_day = true;
            at = to;
        } else if let Some((what, to)) =
            reader.part_of_day(at).filter(|(_, to)| was_by_day || reader.day(*to).is_some())
        {
            parts.parts.push(Found { what, from: at, to });
            by_day = was_by_day;
            at = to;
        } else {
            at += 1;
        }
    }
    if let Some((when, ranges)) = deadline(&parts, facts.now)
        && understood.take(Kind::Deadline, line, &tokens, &ranges, refused)
    {
        understood.deadline = Some(when);
    }
    if let Some(found) = people
        && understood.take(Kind::Assignee, line, &tokens, &[found.range()], refused)
    {
        understood.assignees = found.what;
    }
    if let Some(found) = priority
        && understood.take(Kind::Priority, line, &tokens, &[found.range()], refused)
    {
        understood.priority = Some(found.what);
    }
    understood.title = title(line, &understood.pieces);
    understood
}

impl Understood {
    /// Notes the words of a piece, unless they were refused.
    fn take(
        &mut self,
        kind: Kind,
        line: &str,
        tokens: &[Token],
        ranges: &[Range<usize>],
        refused: &[(Kind, String)],
    ) -> bool {
        let mut words = String::new();
        let mut spans = Vec::new();
        for range in ranges {
            let (Some(first), Some(last)) =
                (tokens.get(range.start), tokens.get(range.end.saturating_sub(1)))
            else {
                continue;
            };
            let mut span = first.span.start..last.span.end;
            // «янв.» goes with its full stop, «(завтра)» with its brackets.
            let is_short = last.text.chars().count() <= 4 && last.text.ends_with(char::is_alphabetic);
            if is_short && line.get(span.end..).is_some_and(|after| after.starts_with('.')) {
                span.end += 1;
            }
            let is_bracketed = line.get(..span.start).is_some_and(|before| before.ends_with('('))
                && line.get(span.end..).is_some_and(|after| after.starts_with(')'));
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(line.get(span.clone()).unwrap_or_default());
            if is_bracketed {
                span = span.start - 1..span.end + 1;
            }
            spans.push(span);
        }
        let is_refused = refused.iter().any(|(refused, text)| *refused == kind && *text == words);
        if !is_refused {
            self.pieces.push(Piece { kind, words, spans });
        }
        !is_refused
    }
}

/// «!высокий», «!!»
fn urgency(word: &str) -> Option<TaskPriority> {
    let level = word.strip_prefix('!')?;
    let starts = |stems: &[&str]| stems.iter().any(|stem| level.starts_with(stem));
    if level.starts_with('!') && level.trim_matches('!').is_empty()
        || starts(&["высок", "выс", "сроч", "важн", "high", "urgent"])
    {
        Some(TaskPriority::High)
    } else if starts(&["низк", "low"]) {
        Some(TaskPriority::Low)
    } else if starts(&["обычн", "средн", "norm"]) {
        Some(TaskPriority::Normal)
    } else {
        None
    }
}

/// Puts a deadline together, with the words that it takes.
fn deadline(parts: &Parts, now: NaiveDateTime) -> Option<(When, Vec<Range<usize>>)> {
    if let Some(span) = parts.spans.last() {
        return Some((When::After(TimeDelta::minutes(span.what)), vec![span.range()]));
    }
    let Some(day) = parts.days.last() else {
        let time = parts.times.last()?;
        let today = at_minute(now, time.what)?;
        let moment = if today > now { today } else { today.checked_add_days(Days::new(1))? };
        return Some((When::At(moment), vec![time.range()]));
    };
    let mut named = day.what;
    let mut ranges = vec![day.range()];
    // «в пятницу, 27 ноября»: one day said twice.
    let twin = parts.days.iter().find(|other| {
        other.to == day.from
            && other.what.by_weekday != named.by_weekday
            && weekday_of(other.what) == weekday_of(named)
    });
    if let Some(twin) = twin {
        named = if named.by_weekday { twin.what } else { named };
        ranges.insert(0, twin.range());
    }
    let part = parts
        .parts
        .iter()
        .rev()
        .find(|part| part.from >= day.from && part.from <= day.to || part.to == day.from);
    let is_beside = |time: &&Found<u32>| {
        time.from == day.to || time.to == day.from || part.is_some_and(|part| time.from == part.to)
    };
    let time = parts.times.iter().find(is_beside).or(parts.times.last());
    let minutes = match (time, part) {
        // «вечером в 8»
        (Some(time), Some(part)) if part.what > 12 * 60 && time.what < 12 * 60 => Some(time.what + 12 * 60),
        (Some(time), _) => Some(time.what),
        (None, part) => part.map(|part| part.what),
    };
    let ranges_of = [part, time].into_iter().flatten().map(|found| found.range());
    ranges.extend(ranges_of.filter(|found| *found != day.range()));
    ranges.sort_by_key(|range| range.start);
    if named.by_weekday && named.date == now.date() {
        let is_to_come =
            minutes.and_then(|minutes| at_minute(now, minutes)).is_some_and(|moment| moment > now);
        if !is_to_come {
            named.date = named.date.checked_add_days(Days::new(7))?;
        }
    }
    let midnight = named.date.and_time(NaiveTime::MIN);
    let moment = at_minute(midnight, minutes.unwrap_or(END_OF_DAY))?;
    let moment = if time.is_none() && moment <= now { at_minute(midnight, LAST_MINUTE)? } else { moment };
    Some((When::At(moment), ranges))
}

fn weekday_of(day: Day) -> chrono::Weekday {
    chrono::Datelike::weekday(&day.date)
}

/// So many minutes into the day of `moment`.
fn at_minute(moment: NaiveDateTime, minutes: u32) -> Option<NaiveDateTime> {
    moment.date().and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minutes.into()))
}

/// The line without these words, and without the punctuation that only they needed.
fn title(line: &str, pieces: &[Piece]) -> String {
    let mut spans: Vec<_> = pieces.iter().flat_map(|piece| piece.spans.iter().cloned()).collect();
    spans.sort_by_key(|span| span.start);
    let mut title = String::new();
    let mut from = 0;
    for span in &spans {
        let kept = line.get(from..span.start).unwrap_or_default();
        push_words(&mut title, kept);
        from = span.end;
    }
    push_words(&mut title, line.get(from..).unwrap_or_default());
    if spans.is_empty() {
        return title;
    }
    title
        .trim_matches(|char: char| char.is_whitespace() || matches!(char, ',' | ';' | ':' | '-' | '—' | '–'))
        .to_owned()
}

/// Adds the words of `text`, one space between any two; punctuation alone joins the word before it.
fn push_words(title: &mut String, text: &str) {
    for word in text.split_whitespace() {
        let joins = word.trim_matches([',', '.', ';', ':', '!', '?', ')']).is_empty();
        if joins && title.ends_with([',', '.', ';', ':', '!', '?']) {
            continue;
        }
        if !title.is_empty() && !joins {
            title.push(' ');
        }
        title.push_str(word);
    }
}
