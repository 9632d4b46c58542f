//! Which parts of a task's text are what was asked for. Gives texts with marks beside them, never markup.

use super::analysis::tokens;
use super::relevance::Words;

/// Characters of a description around what was found.
const AROUND: usize = 60;
/// Fragments of a description that are shown.
const FRAGMENTS: usize = 3;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The text as it stands.
    pub text: String,
    /// Whether it is what was asked for.
    pub is_match: bool,
}

/// A whole text with what was found in it; `None` where nothing was.
pub fn whole(words: &Words, text: &str) -> Option<Vec<Part>> {
    let found = matches(words, text);
    (!found.is_empty()).then(|| parts(text, 0, text.len(), &found))
}

/// Fragments of a long text around what was found in it, at most three.
pub fn fragments(words: &Words, text: &str) -> Vec<Vec<Part>> {
    let found = matches(words, text);
    let mut fragments: Vec<(usize, usize)> = Vec::new();
    for &(start, end) in &found {
        let (from, to) = (before(text, start), after(text, end));
        let is_full = fragments.len() == FRAGMENTS;
        match fragments.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            Some(_) | None if is_full => break,
            Some(_) | None => fragments.push((from, to)),
        }
    }
    fragments.into_iter().map(|(from, to)| parts(text, from, to, &found)).collect()
}

fn matches(words: &Words, text: &str) -> Vec<(usize, usize)> {
    if words.is_empty() {
        return Vec::new();
    }
    let found = tokens(text).into_iter().filter(|token| words.has(token));
    found.map(|token| (token.range.start, token.range.end)).collect()
}

/// The start of a word some way before a place.
fn before(text: &str, place: usize) -> usize {
    let Some(head) = text.get(..place) else { return 0 };
    let Some((far, _)) = head.char_indices().rev().nth(AROUND) else { return 0 };
    let rest = head.get(far..).unwrap_or_default();
    rest.find(char::is_whitespace).map_or(place, |blank| {
        let blank = far.saturating_add(blank);
        let word = text.get(blank..).and_then(|rest| rest.find(|it: char| !it.is_whitespace()));
        blank.saturating_add(word.unwrap_or_default())
    })
}

/// The end of a word some way after a place.
fn after(text: &str, place: usize) -> usize {
    let Some(tail) = text.get(place..) else { return text.len() };
    let Some((far, _)) = tail.char_indices().nth(AROUND) else { return text.len() };
    let near = tail.get(..far).unwrap_or_default();
    place.saturating_add(near.rfind(char::is_whitespace).unwrap_or_default())
}

fn parts(text: &str, from: usize, to: usize, found: &[(usize, usize)]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut put = |from: usize, to: usize, is_match: bool| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            parts.push(Part { text: text.to_owned(), is_match });
        }
    };
    let mut at = from;
    for &(start, end) in found.iter().filter(|(start, end)| *start >= from && *end <= to) {
        put(at, start, false);
        put(start, end, true);
        at = end;
    }
    put(at, to, false);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[Part]) -> String {
        parts
            .iter()
            .map(|part| if part.is_match { format!("[{}]", part.text) } else { part.text.clone() })
            .collect()
    }

    #[test]
    fn words_are_marked_in_all_their_forms() {
        let marked =
            |question: &str, text: &str| whole(&Words::parse(question), text).map(|parts| shown(&parts));
        assert_eq!(marked("договор", "Два договора, Договор").as_deref(), Some("Два [договора], [Договор]"));
        assert_eq!(marked("ljujdjh", "<b>Договор</b>").as_deref(), Some("<b>[Договор]</b>"));
        assert_eq!(marked("отчет", "Отчёт").as_deref(), Some("[Отчёт]"));
        assert_eq!(marked("акт", "Договор"), None);
    }

    #[test]
    fn a_long_text_shows_where_it_was_found() {
        let text =
            format!("{} договор {} договор {}", "слово ".repeat(40), "иное ".repeat(60), "конец ".repeat(40));
        let found = fragments(&Words::parse("договор"), &text);
        assert_eq!(found.len(), 2);
        for fragment in &found {
            let shown = shown(fragment);
            assert!(shown.contains("[договор]") && shown.chars().count() < 2 * AROUND + 20, "{shown}");
            let whole_words = ["слово", "иное", "конец", "[договор]"];
            assert!(shown.split_whitespace().all(|word| whole_words.contains(&word)), "{shown}");
        }
        assert_eq!(fragments(&Words::parse("акт"), &text), Vec::<Vec<Part>>::new());
    }
}
