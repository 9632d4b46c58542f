//! The limits of every input, and what of it is kept. Answers with codes, never with sentences: those are the edge's, in the
//! person's language. Letters are taken as they come: that text is in Unicode's form NFC is seen to where it arrives.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::character::{is_blank, is_ignorable, is_tag, joins, turns_text};
pub use crate::fold::fold;

/// What is wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Nothing was given where something is needed.
    Required,
    /// Fewer characters than this.
    TooShort(usize),
    /// More characters than this.
    TooLong(usize),
    /// Not of the form that is asked for.
    Invalid,
    /// A moment that has passed.
    InThePast,
    /// A moment so far ahead that nobody can mean it.
    TooFarAhead,
}

/// Lengths in characters (Unicode scalar values), of what is kept of a text.
pub mod limit {
    /// A task's title.
    pub const TITLE: usize = 200;
    /// A task's description.
    pub const DESCRIPTION: usize = 20_000;
    /// Why work is returned.
    pub const REASON: usize = 1_000;
    /// A comment.
    pub const COMMENT: usize = 10_000;
    /// A person's name.
    pub const NAME: usize = 100;
    /// An address, RFC 5321 section 4.5.3.1.3 less the angle brackets.
    pub const EMAIL: usize = 254;
    /// The part of an address before the at sign, RFC 5321 section 4.5.3.1.1.
    pub const EMAIL_LOCAL_PART: usize = 64;
    /// A password at the least, ASVS 6.2.1.
    pub const PASSWORD_MIN: usize = 8;
    /// A password at the most, ASVS 6.2.9 asks for 64 or more.
    pub const PASSWORD_MAX: usize = 256;
    /// An idempotency key.
    pub const IDEMPOTENCY_KEY: usize = 64;
    /// Text of a filter.
    pub const FILTER_TEXT: usize = 200;
    /// Ids in one list of an input.
    pub const IDS: usize = 100;
    /// Rows on a page.
    pub const PAGE: usize = 100;
    /// Filters counted at once.
    pub const COUNTED_FILTERS: usize = 20;
    /// Days of a calendar.
    pub const CALENDAR_DAYS: usize = 62;
    /// Days of statistics: a leap year.
    pub const STATISTICS_DAYS: usize = 366;
    /// Days from the present moment to a deadline: a hundred years.
    pub const DEADLINE_DAYS: u64 = 36_525;
}

/// A task's title: one line, 1 to 200 characters. See [`name`].
pub fn title(input: &str) -> Result<String, Violation> {
    line(input, limit::TITLE)
}

/// A task's description: Markdown, possibly empty, at most 20,000 characters. Lines end by a line feed alone; what turns text
/// round is left out, and text that shows nothing is none.
pub fn description(input: &str) -> Result<String, Violation> {
    let text = lines(input);
    if text.chars().all(is_blank) {
        return Ok(String::new());
    }
    let text = text.trim_end();
    at_most(text, limit::DESCRIPTION)?;
    no_control_characters(text)?;
    Ok(text.to_owned())
}

/// Why work is returned: 1 to 1,000 characters.
pub fn reason(input: &str) -> Result<String, Violation> {
    paragraph(input, limit::REASON)
}

/// A comment: 1 to 10,000 characters.
pub fn comment(input: &str) -> Result<String, Violation> {
    paragraph(input, limit::COMMENT)
}

/// A person's name: one line, 1 to 100 characters. White space of any kind and length, the end of a line included, is one space.
/// What shows nothing and joins nothing is left out, as is what turns text round: two names that look alike are alike.
pub fn name(input: &str) -> Result<String, Violation> {
    line(input, limit::NAME)
}

/// An address to sign in by, in lower case, taken out of what mail programs put around it: `Anna <anna@example.ru>;`,
/// `mailto:anna@example.ru`. Whether mail reaches it is not asked, and what form its host's name has neither.
pub fn email(input: &str) -> Result<String, Violation> {
    let shown: String = input.chars().filter(|character| !is_ignorable(*character)).collect();
    let text = within_mail(&shown);
    if text.is_empty() {
        return Err(Violation::Required);
    }
    at_most(text, limit::EMAIL)?;
    let (local, domain) = text.rsplit_once('@').ok_or(Violation::Invalid)?;
    let is_named = |name: &str, signs: &str| {
        name.chars().all(|character| {
            character.is_ascii_alphanumeric()
                || signs.contains(character)
                || !character.is_ascii() && !character.is_control() && !is_blank(character)
        })
    };
    let well_formed = !local.is_empty()
        && local.chars().count() <= limit::EMAIL_LOCAL_PART
        // RFC 5322 section 3.2.3, atext; a quoted part is nobody's.
        && is_named(local, "!#$%&'*+/=?^_`{|}~.-")
        && !domain.is_empty()
        && is_named(domain, "-_.")
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
        && !domain.contains("..");
    if well_formed { Ok(text.to_lowercase()) } else { Err(Violation::Invalid) }
}

/// What stands where an address is plain to see: after the name and in the brackets of a letter's head, after the scheme of a
/// link, before what separates it from the next.
fn within_mail(input: &str) -> &str {
    const AROUND: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('«', '»'), ('“', '”'), ('(', ')')];
    let mut text = input;
    loop {
        let mut inner = text.trim().trim_end_matches([';', ',']).trim_end();
        if let Some((_, bracketed)) = inner.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            inner = bracketed;
        }
        for (open, close) in AROUND {
            inner = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or(inner);
        }
        if let Some((scheme, rest)) = inner.split_once(':')
            && scheme.eq_ignore_ascii_case("mailto")
        {
            inner = rest.split_once('?').map_or(rest, |(address, _)| address);
        }
        if inner == text {
            return text;
        }
        text = inner;
    }
}

/// A password: 8 to 256 characters, taken as it is. Whether it is a common one is asked where the list is kept.
pub fn password(input: &str) -> Result<(), Violation> {
    if input.is_empty() {
        return Err(Violation::Required);
    }
    if input.chars().count() < limit::PASSWORD_MIN {
        return Err(Violation::TooShort(limit::PASSWORD_MIN));
    }
    at_most(input, limit::PASSWORD_MAX)
}

/// A key that makes a repeated request one: 1 to 64 visible ASCII characters.
pub fn idempotency_key(input: &str) -> Result<(), Violation> {
    if input.is_empty() {
        return Err(Violation::Required);
    }
    at_most(input, limit::IDEMPOTENCY_KEY)?;
    if input.chars().all(|character| character.is_ascii_graphic()) { Ok(()) } else { Err(Violation::Invalid) }
}

/// A deadline: after the present moment and not after the last that may be one. All in the same unit.
pub fn deadline<T: Ord>(deadline: &T, now: &T, last: &T) -> Result<(), Violation> {
    if deadline <= now {
        Err(Violation::InThePast)
    } else if deadline > last {
        Err(Violation::TooFarAhead)
    } else {
        Ok(())
    }
}

fn line(input: &str, most: usize) -> Result<String, Violation> {
    let mut text = String::with_capacity(input.len());
    let mut is_apart = false;
    let mut rest = input.chars().peekable();
    while let Some(character) = rest.next() {
        if character.is_whitespace() {
            is_apart = true;
            continue;
        }
        let before = if is_apart { None } else { text.chars().next_back() };
        if is_ignorable(character) && !joins(before, character, rest.peek().copied()) {
            continue;
        }
        if is_apart && !text.is_empty() {
            text.push(' ');
        }
        is_apart = false;
        text.push(character);
    }
    if text.chars().all(is_blank) {
        return Err(Violation::Required);
    }
    at_most(&text, most)?;
    if text.chars().any(char::is_control) { Err(Violation::Invalid) } else { Ok(text) }
}

fn paragraph(input: &str, most: usize) -> Result<String, Violation> {
    let text = lines(input);
    if text.chars().all(is_blank) {
        return Err(Violation::Required);
    }
    let text = text.trim();
    at_most(text, most)?;
    no_control_characters(text)?;
    Ok(text.to_owned())
}

/// The text with a line feed at the end of each line, whatever ended it, without what turns text round, the mark of a file's
/// encoding, and tags that are of no flag.
fn lines(input: &str) -> String {
    let mut text = String::with_capacity(input.len());
    let mut rest = input.chars().peekable();
    while let Some(character) = rest.next() {
        let is_hidden = turns_text(character)
            || character == '\u{feff}'
            || is_tag(character) && !joins(text.chars().next_back(), character, None);
        match character {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' => text.push('\n'),
            _ if is_hidden => {}
            _ => text.push(character),
        }
    }
    text
}

fn at_most(text: &str, most: usize) -> Result<(), Violation> {
    if text.chars().count() > most { Err(Violation::TooLong(most)) } else { Ok(()) }
}

fn no_control_characters(text: &str) -> Result<(), Violation> {
    let allowed = |character: char| matches!(character, '\n' | '\t') || !character.is_control();
    if text.chars().all(allowed) { Ok(()) } else { Err(Violation::Invalid) }
}
