//! Lines into blocks. A container takes its lines without its own marks and reads them in turn.

use super::{Block, DEEPEST, Item, inline};

/// Columns of a tab at the start of a line.
const TAB: usize = 4;

/// Reads lines that stand at this depth.
pub fn read(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = vec![];
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        rest = if line.trim().is_empty() {
            after
        } else if let Some(fence) = Fence::opening(line) {
            take_code(fence, after, &mut blocks)
        } else if let Some((level, text)) = heading(line) {
            blocks.push(Block::Heading(level, inline::read(text)));
            after
        } else if is_rule(line) {
            blocks.push(Block::Rule);
            after
        } else if depth < DEEPEST && quoted(line).is_some() {
            take_quote(rest, depth, &mut blocks)
        } else if let Some(marker) = Marker::of(line).filter(|_| depth < DEEPEST) {
            take_list(&marker, rest, depth, &mut blocks)
        } else {
            take_paragraph(rest, depth, &mut blocks)
        };
    }
    blocks
}

fn take_paragraph<'a, 'b>(lines: &'b [&'a str], depth: usize, blocks: &mut Vec<Block>) -> &'b [&'a str] {
    let goes_on = |line: &&str| !line.trim().is_empty() && !interrupts(line, depth);
    let count = 1 + lines.iter().skip(1).take_while(|line| goes_on(line)).count();
    let (own, rest) = lines.split_at(count.min(lines.len()));
    let own: Vec<&str> = own.iter().map(|line| line.trim()).collect();
    blocks.push(Block::Paragraph(inline::read(&own.join("\n"))));
    rest
}

/// Whether a line ends the paragraph above it without an empty line between. A number does only as the first of its list: a
/// sentence may well go on with «2026.».
fn interrupts(line: &str, depth: usize) -> bool {
    let starts_list = |marker: Marker| marker.number.is_none_or(|number| number == 1) && !marker.is_empty;
    Fence::opening(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || (depth < DEEPEST && (quoted(line).is_some() || Marker::of(line).is_some_and(starts_list)))
}

/// A row of three or more of ` or ~.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opening(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = run(line, mark);
        // What follows names the language; with a ` in it this is code within a line.
        let names_language = !line.trim_start_matches(mark).contains('`');
        (length >= 3 && names_language).then_some(Self { mark, length })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        run(line, self.mark) >= self.length && line.trim_start_matches(self.mark).is_empty()
    }
}

fn run(line: &str, mark: char) -> usize {
    line.chars().take_while(|character| *character == mark).count()
}

/// Code that is not closed goes on to the end.
fn take_code<'a, 'b>(fence: Fence, lines: &'b [&'a str], blocks: &mut Vec<Block>) -> &'b [&'a str] {
    let end = lines.iter().position(|line| fence.is_closed_by(line)).unwrap_or(lines.len());
    let (code, rest) = lines.split_at(end);
    blocks.push(Block::Code(code.join("\n")));
    rest.get(1..).unwrap_or_default()
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let level = run(line, '#');
    let text = line.trim_start_matches('#');
    let is_heading = (1..=6).contains(&level) && text.starts_with(' ');
    is_heading.then(|| (level, text.trim_end_matches('#').trim()))
}

/// Three or more of the same mark and nothing else.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|character| !character.is_whitespace());
    let Some(mark) = marks.next().filter(|mark| matches!(mark, '-' | '*' | '_')) else { return false };
    let mut count = 1;
    for other in marks {
        if other != mark {
            return false;
        }
        count += 1;
    }
    count >= 3
}

fn quoted(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix('>')?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

fn take_quote<'a, 'b>(lines: &'b [&'a str], depth: usize, blocks: &mut Vec<Block>) -> &'b [&'a str] {
    let inner: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
    blocks.push(Block::Quote(read(&inner, depth + 1)));
    lines.get(inner.len()..).unwrap_or_default()
}

/// What stands before an entry of a list.
struct Marker {
    /// Columns before the mark.
    indent: usize,
    /// Columns before the text.
    content: usize,
    number: Option<u32>,
    sign: char,
    is_empty: bool,
}

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let indent = columns(line);
        let line = line.trim_start();
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        let (number, after) = line.split_at(digits);
        let mut signs = after.chars();
        let sign = signs.next()?;
        let number = match (digits, sign) {
            (0, '-' | '*' | '+') => None,
            (1..=9, '.' | ')') => Some(number.parse().ok()?),
            (_, _) => return None,
        };
        let text = signs.as_str();
        let spaces = text.chars().take_while(|character| *character == ' ').count();
        let is_empty = text.trim().is_empty();
        (spaces > 0 || is_empty).then_some(Self {
            indent,
            content: indent + digits + 1 + spaces.clamp(1, 4),
            number,
            sign,
            is_empty,
        })
    }

    /// Whether that one stands in the same list.
    fn has_sibling(&self, other: &Self) -> bool {
        other.sign == self.sign
            && other.number.is_some() == self.number.is_some()
            && other.indent <= self.indent + 1
    }
}

fn columns(line: &str) -> usize {
    line.chars()
        .map_while(|character| match character {
            ' ' => Some(1),
            '\t' => Some(TAB),
            _ => None,
        })
        .sum()
}

/// The line without that many columns of white space at its start, or without all that it has.
fn outdented(line: &str, columns: usize) -> &str {
    let mut left = columns;
    line.trim_start_matches(|character| {
        let width = match character {
            ' ' => 1,
            '\t' => TAB,
            _ => return false,
        };
        let fits = left > 0;
        left = left.saturating_sub(width);
        fits
    })
}

/// Takes every entry that follows; each is marked, and what is indented below it belongs to it.
fn take_list<'a, 'b>(
    first: &Marker,
    lines: &'b [&'a str],
    depth: usize,
    blocks: &mut Vec<Block>,
) -> &'b [&'a str] {
    let mut items = vec![];
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let Some(marker) = Marker::of(line).filter(|marker| first.has_sibling(marker)) else { break };
        if is_rule(line) {
            break;
        }
        let mut own = vec![outdented_text(line, &marker)];
        let mut taken = 0;
        let mut is_after_blank = false;
        for (index, line) in after.iter().enumerate() {
            if line.trim().is_empty() {
                is_after_blank = true;
                continue;
            }
            let is_inside = columns(line) > marker.indent + 1;
            // Text may go on at the margin, but not below an empty line.
            let goes_on = !is_after_blank && !interrupts(line, depth) && Marker::of(line).is_none();
            if !is_inside && !goes_on {
                break;
            }
            if is_after_blank {
                own.push("");
            }
            is_after_blank = false;
            own.push(outdented(line, marker.content));
            taken = index + 1;
        }
        let done = own.first().and_then(|line| checkbox(line));
        if let (Some((_, text)), Some(line)) = (done, own.first_mut()) {
            *line = text;
        }
        items.push(Item { done: done.map(|(done, _)| done), blocks: read(&own, depth + 1) });
        let after = after.get(taken..).unwrap_or_default();
        // An empty line between two entries does not part them.
        let blank = after.iter().take_while(|line| line.trim().is_empty()).count();
        rest = after.get(blank..).unwrap_or_default();
    }
    blocks.push(Block::List(first.number, items));
    rest
}

fn outdented_text<'a>(line: &'a str, marker: &Marker) -> &'a str {
    let line = line.trim_start();
    let mark = marker.content.saturating_sub(marker.indent);
    // The mark and what parts it from the text are ASCII.
    line.get(mark..).or_else(|| line.get(mark.saturating_sub(1)..)).unwrap_or_default()
}

fn checkbox(line: &str) -> Option<(bool, &str)> {
    let (done, text) = if let Some(text) = line.strip_prefix("[ ]") {
        (false, text)
    } else {
        (true, line.strip_prefix("[x]").or_else(|| line.strip_prefix("[X]"))?)
    };
    (text.is_empty() || text.starts_with(' ')).then(|| (done, text.trim_start()))
}
