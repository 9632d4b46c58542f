//! A paragraph into what stands in its lines, in one pass: what was opened waits on a stack until it is closed, and what never is
//! becomes the text that it was.

use super::{Inline, link};

/// What may be open at once; more is text.
const OPEN: usize = 24;

/// The longest row of ` that encloses code; a longer one is text.
const BACKTICKS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Strong(char),
    Emphasis(char),
    Struck,
    Link,
}

/// Something that was opened, and what has been read since.
struct Frame {
    mark: Mark,
    /// How it was written.
    source: &'static str,
    content: Vec<Inline>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    root: Vec<Inline>,
    open: Vec<Frame>,
    /// Whether code of that many ` is known not to be closed any more.
    unclosed: [bool; BACKTICKS],
}

/// Reads a paragraph.
pub fn read(text: &str) -> Vec<Inline> {
    let mut reader = Reader { text, at: 0, root: vec![], open: vec![], unclosed: [false; BACKTICKS] };
    while reader.step() {}
    while let Some(frame) = reader.open.pop() {
        reader.give_up(frame);
    }
    reader.root
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads one thing; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(next) = rest.chars().next() else { return false };
        match next {
            '\\' => self.escape(rest),
            '\n' => {
                self.at += 1;
                self.put(Inline::Break);
            }
            '`' => self.code(rest),
            '*' | '_' => self.stress(rest, next),
            '~' if rest.starts_with("~~") => self.toggle(Mark::Struck, "~~", 2),
            '!' if rest.starts_with("![") => self.open(Mark::Link, "!["),
            '[' => self.open(Mark::Link, "["),
            ']' => self.close_link(rest),
            'h' | 'H' if !self.before().is_some_and(char::is_alphanumeric) => match link::bare(rest) {
                Some(address) => {
                    self.at += address.len();
                    let text = Inline::Text(address.to_owned());
                    self.put(if link::fits(address) {
                        Inline::Link(address.to_owned(), vec![text])
                    } else {
                        text
                    });
                }
                None => self.plain(rest),
            },
            _ => self.plain(rest),
        }
        true
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at).and_then(|text| text.chars().next_back())
    }

    /// Puts it where reading is.
    fn put(&mut self, inline: Inline) {
        let place = self.open.last_mut().map_or(&mut self.root, |frame| &mut frame.content);
        if let (Some(Inline::Text(last)), Inline::Text(more)) = (place.last_mut(), &inline) {
            last.push_str(more);
        } else {
            place.push(inline);
        }
    }

    fn put_text(&mut self, text: &str) {
        self.put(Inline::Text(text.to_owned()));
    }

    /// At least one character, and all up to the next that may mean something.
    fn plain(&mut self, rest: &'a str) {
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let is_special = |character: char| "\\\n`*_~![]hH".contains(character);
        let more = rest.get(first..).unwrap_or_default();
        let length = first + more.find(is_special).unwrap_or(more.len());
        self.at += length;
        self.put_text(rest.get(..length).unwrap_or_default());
    }

    fn escape(&mut self, rest: &'a str) {
        let path = path(self.text.get(..self.at).unwrap_or_default(), rest);
        if path > 0 {
            self.at += path;
            self.put_text(rest.get(..path).unwrap_or_default());
            return;
        }
        // Two are two: people write \\ in paths and hardly ever to escape anything.
        match rest.chars().nth(1).filter(|next| next.is_ascii_punctuation() && *next != '\\') {
            Some(escaped) => {
                self.at += 2;
                self.put_text(escaped.encode_utf8(&mut [0; 4]));
            }
            None => self.plain(rest),
        }
    }

    fn code(&mut self, rest: &'a str) {
        let row = rest.len() - rest.trim_start_matches('`').len();
        let (fence, inner) = rest.split_at(row);
        let known = self.unclosed.get_mut(row - 1);
        let end = known.as_ref().filter(|known| !***known).and_then(|_| closing(inner, row));
        match (known, end) {
            (Some(_), Some(end)) => {
                let code = inner.get(..end).unwrap_or_default().replace('\n', " ");
                // A space on both sides lets code begin with a `.
                let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
                let code = bare.filter(|bare| !bare.trim().is_empty()).map_or(code.clone(), str::to_owned);
                self.at += row + end + row;
                self.put(Inline::Code(code));
            }
            (known, _) => {
                if let Some(known) = known {
                    *known = true;
                }
                self.at += row;
                self.put_text(fence);
            }
        }
    }

    /// A row of * or _: what it may close it closes, innermost first, and the rest of it opens.
    fn stress(&mut self, rest: &'a str, mark: char) {
        let row = rest.len() - rest.trim_start_matches(mark).len();
        let (before, after) = (self.before(), rest.chars().nth(row));
        let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        let is_digit = |character: Option<char>| character.is_some_and(char::is_numeric);
        // _ does nothing within a word, and * nothing between two numbers.
        let within = if mark == '_' { is_word } else { is_digit };
        let stands_within = within(before) && within(after);
        let can_open = after.is_some_and(|after| !after.is_whitespace())
            && !stands_within
            && (mark == '*' || !is_word(before));
        let can_close = before.is_some_and(|before| !before.is_whitespace())
            && !stands_within
            && (mark == '*' || !is_word(after));
        let mut left = row;
        while can_close && left > 0 {
            let fits = |frame: &Frame| match frame.mark {
                Mark::Strong(open) => open == mark && left >= 2,
                Mark::Emphasis(open) => open == mark,
                Mark::Struck | Mark::Link => false,
            };
            let Some(place) = self.reachable(fits) else { break };
            left -= if self.close(place) { 2 } else { 1 };
        }
        self.at += row - left;
        while can_open && left > 0 && self.open.len() < OPEN {
            let (kind, source, width) = match (left, mark) {
                (1, '*') => (Mark::Emphasis(mark), "*", 1),
                (1, _) => (Mark::Emphasis(mark), "_", 1),
                (_, '*') => (Mark::Strong(mark), "**", 2),
                (_, _) => (Mark::Strong(mark), "__", 2),
            };
            self.open(kind, source);
            left -= width;
        }
        self.at += left;
        let text = rest.get(row - left..row).unwrap_or_default();
        self.put_text(text);
    }

    fn toggle(&mut self, mark: Mark, source: &'static str, width: usize) {
        let after = self.rest().chars().nth(width);
        match self.reachable(|frame| frame.mark == mark) {
            Some(place) if self.before().is_some_and(|before| !before.is_whitespace()) => {
                self.at += width;
                self.close(place);
            }
            Some(_) | None if after.is_some_and(|after| !after.is_whitespace()) => self.open(mark, source),
            Some(_) | None => {
                self.at += width;
                self.put_text(source);
            }
        }
    }

    /// The innermost open frame that fits; one outside of an open link is not reached.
    fn reachable(&self, fits: impl Fn(&Frame) -> bool) -> Option<usize> {
        let place = self.open.iter().rposition(|frame| frame.mark == Mark::Link || fits(frame))?;
        self.open.get(place).filter(|frame| fits(frame)).map(|_| place)
    }

    fn open(&mut self, mark: Mark, source: &'static str) {
        self.at += source.len();
        if self.open.len() < OPEN {
            self.open.push(Frame { mark, source, content: vec![] });
        } else {
            self.put_text(source);
        }
    }

    /// Closes what stands at that place, and gives up what was opened in it. True for what is marked by two characters.
    fn close(&mut self, place: usize) -> bool {
        while self.open.len() > place + 1 {
            if let Some(inner) = self.open.pop() {
                self.give_up(inner);
            }
        }
        let Some(frame) = self.open.pop() else { return false };
        let content = frame.content;
        let (inline, is_double) = match frame.mark {
            Mark::Strong(_) => (Inline::Strong(content), true),
            Mark::Struck => (Inline::Struck(content), true),
            Mark::Emphasis(_) | Mark::Link => (Inline::Emphasis(content), false),
        };
        self.put(inline);
        is_double
    }

    fn close_link(&mut self, rest: &'a str) {
        let place = self.open.iter().rposition(|frame| frame.mark == Mark::Link);
        let address = rest.strip_prefix("](").and_then(link::in_brackets);
        while place.is_some_and(|place| self.open.len() > place + 1) {
            if let Some(inner) = self.open.pop() {
                self.give_up(inner);
            }
        }
        let frame = if place.is_some() { self.open.pop() } else { None };
        match (frame, address) {
            (Some(frame), Some(address)) => {
                self.at += "](".len() + address.len() + ")".len();
                let mut content = without_links(frame.content);
                if content.is_empty() {
                    content.push(Inline::Text(address.to_owned()));
                }
                self.put(Inline::Link(address.to_owned(), content));
            }
            (frame, _) => {
                if let Some(frame) = frame {
                    self.give_up(frame);
                }
                self.at += 1;
                self.put_text("]");
            }
        }
    }

    /// What was never closed is the text that it was.
    fn give_up(&mut self, frame: Frame) {
        self.put_text(frame.source);
        for inline in frame.content {
            self.put(inline);
        }
    }
}

/// How long a path of Windows is that goes on here: after its drive, or from the two \ before a server. Nothing in it means
/// anything, up to a space or to what is closed behind it.
fn path(before: &str, rest: &str) -> usize {
    let is_apart =
        |before: &str| !before.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '\\');
    let drive =
        before.strip_suffix(':').and_then(|before| before.strip_suffix(|it: char| it.is_ascii_alphabetic()));
    let server = rest.strip_prefix("\\\\").is_some_and(|name| name.starts_with(char::is_alphanumeric));
    let begins_path = drive.is_some_and(is_apart) || (server && is_apart(before));
    if !begins_path {
        return 0;
    }
    let path = rest.find(char::is_whitespace).and_then(|end| rest.get(..end)).unwrap_or(rest);
    let path = path.find("](").and_then(|end| path.get(..end)).unwrap_or(path);
    path.trim_end_matches(['*', '_', '~', '`', ')', ']', '.', ',']).len()
}

/// Where a row of exactly that many ` begins.
fn closing(text: &str, row: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let from = text.get(start..)?;
        let length = from.len() - from.trim_start_matches('`').len();
        if length == row {
            return Some(start);
        }
        at = start + length;
    }
    None
}

/// There is no link within a link.
fn without_links(content: Vec<Inline>) -> Vec<Inline> {
    let mut plain = vec![];
    for inline in content {
        match inline {
            Inline::Link(_, inner) => plain.extend(inner),
            Inline::Strong(inner) => plain.push(Inline::Strong(without_links(inner))),
            Inline::Emphasis(inner) => plain.push(Inline::Emphasis(without_links(inner))),
            Inline::Struck(inner) => plain.push(Inline::Struck(without_links(inner))),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => plain.push(inline),
        }
    }
    plain
}
