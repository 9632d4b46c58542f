//! The limits of every input. Answers with codes, never with sentences: those are the edge's, in the person's language.

use alloc::borrow::ToOwned;
use alloc::string::String;

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
}

/// Lengths in characters (Unicode scalar values), after surrounding white space is cut off.
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
}

/// A task's title: one line, 1 to 200 characters.
pub fn title(input: &str) -> Result<String, Violation> {
    line(input, limit::TITLE)
}

/// A task's description: Markdown, possibly empty, at most 20,000 characters.
pub fn description(input: &str) -> Result<String, Violation> {
    let text = input.trim_end();
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

/// A person's name: one line, 1 to 100 characters.
pub fn name(input: &str) -> Result<String, Violation> {
    line(input, limit::NAME)
}

/// An address to sign in by, in lower case. Whether mail reaches it is not asked.
pub fn email(input: &str) -> Result<String, Violation> {
    let text = input.trim();
    if text.is_empty() {
        return Err(Violation::Required);
    }
    at_most(text, limit::EMAIL)?;
    let (local, domain) = text.rsplit_once('@').ok_or(Violation::Invalid)?;
    let well_formed = !local.is_empty()
        && local.chars().count() <= limit::EMAIL_LOCAL_PART
        && !local.contains('@')
        && !domain.is_empty()
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
        && !domain.contains("..")
        && !text.chars().any(|character| character.is_whitespace() || character.is_control());
    if well_formed { Ok(text.to_lowercase()) } else { Err(Violation::Invalid) }
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

/// A deadline: after the present moment. Both in the same unit.
pub fn deadline<T: Ord>(deadline: &T, now: &T) -> Result<(), Violation> {
    if deadline > now { Ok(()) } else { Err(Violation::InThePast) }
}

/// Text as lists compare it: lower case, ё as е, white space folded.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }));
    }
    folded
}

fn line(input: &str, most: usize) -> Result<String, Violation> {
    let text = input.trim();
    if text.is_empty() {
        return Err(Violation::Required);
    }
    at_most(text, most)?;
    if text.chars().any(char::is_control) { Err(Violation::Invalid) } else { Ok(text.to_owned()) }
}

fn paragraph(input: &str, most: usize) -> Result<String, Violation> {
    let text = input.trim();
    if text.is_empty() {
        return Err(Violation::Required);
    }
    at_most(text, most)?;
    no_control_characters(text)?;
    Ok(text.to_owned())
}

fn at_most(text: &str, most: usize) -> Result<(), Violation> {
    if text.chars().count() > most { Err(Violation::TooLong(most)) } else { Ok(()) }
}

fn no_control_characters(text: &str) -> Result<(), Violation> {
    let allowed = |character: char| matches!(character, '\n' | '\r' | '\t') || !character.is_control();
    if text.chars().all(allowed) { Ok(()) } else { Err(Violation::Invalid) }
}
