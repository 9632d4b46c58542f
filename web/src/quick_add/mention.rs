//! The `@` that is being typed.

use std::ops::Range;

use crate::text::typed::fold;

/// A word that starts with `@`, with the caret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Folded, without the `@`; empty right after it.
    pub word: String,
    span: Range<usize>,
}

impl Mention {
    /// The mention at the caret, which browsers count in units of UTF-16.
    pub fn at(line: &str, caret: Option<u32>) -> Option<Self> {
        let mut units = usize::try_from(caret?).ok()?;
        let mut end = 0;
        for char in line.chars() {
            units = match units.checked_sub(char.len_utf16()) {
                Some(units) => units,
                None => break,
            };
            end += char.len_utf8();
        }
        let before = line.get(..end)?;
        let start = before.rfind(char::is_whitespace).map_or(0, |space| {
            space + before.get(space..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        let rest = line.get(end..)?;
        let end = end + rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = line.get(start..end)?.strip_prefix('@')?;
        Some(Self { word: fold(word.trim_end_matches([',', '.', ';'])), span: start..end })
    }

    /// The line with this person named in full, and the words that name them.
    pub fn replace(&self, line: &str, name: &str) -> (String, String) {
        let named = format!("@{name}");
        let before = line.get(..self.span.start).unwrap_or_default();
        let after = line.get(self.span.end..).unwrap_or_default().trim_start();
        (format!("{before}{named} {after}"), named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_around_the_caret() {
        let word = |line: &str, caret| Mention::at(line, Some(caret)).map(|mention| mention.word);
        assert_eq!(word("Отчёт @Ив", 9).as_deref(), Some("ив"));
        assert_eq!(word("Отчёт @Ив завтра", 8).as_deref(), Some("ив"));
        assert_eq!(word("Отчёт @", 7).as_deref(), Some(""));
        assert_eq!(word("😀 @я", 5).as_deref(), Some("я"));
        assert_eq!(word("Отчёт @Ив завтра", 12), None);
        assert_eq!(word("a@b.c", 5), None);
        assert_eq!(word("", 0), None);
    }

    #[test]
    fn the_person_takes_its_place() {
        let mention = Mention::at("Отчёт @ив завтра", Some(9)).unwrap();
        let (line, named) = mention.replace("Отчёт @ив завтра", "Пётр Иванов");
        assert_eq!((line.as_str(), named.as_str()), ("Отчёт @Пётр Иванов завтра", "@Пётр Иванов"));
    }
}
