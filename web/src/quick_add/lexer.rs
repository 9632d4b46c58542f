//! A line cut into words, each with its place in the line.

use std::ops::Range;

use crate::text::typed::fold;

/// A word without the punctuation around it. `@` and `!` at its start are part of it.
#[derive(Clone, Debug)]
pub struct Token {
    /// In bytes of the line.
    pub span: Range<usize>,
    /// Folded. Empty inside quotation marks: what is quoted is a name, and says nothing of deadlines or people.
    pub text: String,
    /// Punctuation follows: what is said ends here.
    pub ends: bool,
}

pub fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut quote = None;
    for word in line.split(char::is_whitespace) {
        let inner = word.trim_start_matches(['(', '«', '"', '\'', '[', ',']);
        let from = start + word.len() - inner.len();
        let trailing: &[char] = if inner.starts_with('!') {
            &[',', '.', ')']
        } else {
            &[',', '.', ';', ':', '!', '?', ')', '»', '"', '\'', ']', '…']
        };
        let text = inner.trim_end_matches(trailing);
        let (before, after) =
            (line.get(start..from).unwrap_or_default(), inner.get(text.len()..).unwrap_or_default());
        quote = quote.or_else(|| {
            let rest = line.get(from..).unwrap_or_default();
            [('«', '»'), ('"', '"')]
                .into_iter()
                .find(|(open, close)| before.contains(*open) && rest.contains(*close))
        });
        if !text.is_empty() {
            let span = from..from + text.len();
            let text_read = if quote.is_some() { String::new() } else { fold(text) };
            tokens.push(Token { span, text: text_read, ends: text.len() < inner.len() });
        }
        quote = quote.filter(|(_, close)| !after.contains(*close));
        start += word.len();
        start += line.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    tokens
}

/// The number that a word starts with, and the rest of the word: «25-го», «9am», «2ч».
pub fn number(word: &str) -> Option<(u32, &str)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = word.split_at_checked(digits).filter(|_| digits <= 4)?;
    Some((number.parse().ok()?, rest))
}

/// The numbers of a word that a sign divides, as «15.12.2026» and «10:30»: two or three of them, and nothing else.
pub fn divided(word: &str, sign: char) -> Option<(u32, u32, Option<u32>)> {
    let mut parts = word
        .split(sign)
        .map(|part| number(part).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number));
    let (first, second) = (parts.next()??, parts.next()??);
    let third = match parts.next() {
        Some(third) => Some(third?),
        None => None,
    };
    parts.next().is_none().then_some((first, second, third))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place() {
        let line = "  Отчёт («важно»), завтра в 15:00!  !! «в пятницу";
        let words: Vec<_> = tokens(line)
            .into_iter()
            .map(|token| (line[token.span].to_owned(), token.text, token.ends))
            .collect();
        let expected = [
            ("Отчёт", "отчет", false),
            ("важно", "", true),
            ("завтра", "завтра", false),
            ("в", "в", false),
            ("15:00", "15:00", true),
            ("!!", "!!", false),
            ("в", "в", false),
            ("пятницу", "пятницу", false),
        ];
        assert_eq!(words, expected.map(|(raw, text, ends)| (raw.to_owned(), text.to_owned(), ends)));
    }

    #[test]
    fn numbers_inside_words() {
        assert_eq!(number("25-го"), Some((25, "-го")));
        assert_eq!(number("абв"), None);
        assert_eq!(divided("15.12.2026", '.'), Some((15, 12, Some(2026))));
        assert_eq!(divided("10:30", ':'), Some((10, 30, None)));
        assert_eq!(divided("1.2.3.4", '.'), None);
        assert_eq!(divided("1.x", '.'), None);
    }
}
