//! What was found, page after page. Pure.

use std::collections::HashSet;

use crate::api::TaskId;
use crate::api::search::{Highlight, HighlightPart, TaskSearchConnection, TaskSearchInput};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The question to which this is the answer.
    pub asked: TaskSearchInput,
    pub hits: Vec<Hit>,
    /// Where the next page begins.
    pub more: Option<String>,
    /// On all pages.
    pub total: i32,
    pub is_degraded: bool,
}

/// A task that was found. The task itself is in the store, and changes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: TaskId,
    highlights: Vec<Highlight>,
}

impl Found {
    /// The first page, or what was found before and its next page.
    pub fn with(before: Option<&Self>, asked: TaskSearchInput, page: TaskSearchConnection) -> Self {
        let mut hits = before.map(|before| before.hits.clone()).unwrap_or_default();
        let mut known: HashSet<TaskId> = hits.iter().map(|hit| hit.id.clone()).collect();
        for edge in page.edges {
            // What was reordered between two pages may come again.
            if known.insert(edge.node.id.clone()) {
                hits.push(Hit { id: edge.node.id, highlights: edge.highlights });
            }
        }
        let more = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
        Self { asked, hits, more, total: page.total_count, is_degraded: page.degraded }
    }
}

impl Hit {
    fn fragments(&self, field: &str) -> &[Vec<HighlightPart>] {
        let highlight = self.highlights.iter().find(|highlight| highlight.field == field);
        highlight.map_or(&[], |highlight| &highlight.fragments)
    }

    /// The title in parts, with what was looked for; none where it has been changed since.
    pub fn title(&self, now: &str) -> Option<&[HighlightPart]> {
        let parts = self.fragments("title").first()?;
        let text: String = parts.iter().map(|part| part.text.as_str()).collect();
        (text == now).then_some(parts)
    }

    /// Pieces of the description around what was looked for.
    pub fn pieces(&self) -> &[Vec<HighlightPart>] {
        self.fragments("description")
    }
}

/// A part of a description without the signs of Markdown: in a few words of it they say nothing.
pub fn plain(text: &str) -> String {
    let mut lines = text.split('\n');
    // It may begin in the middle of a line.
    let first = lines.next().unwrap_or_default();
    let rest = lines.map(|line| line.trim_start_matches(|sign: char| "#>-*+ \t".contains(sign)));
    let rest = rest.map(|line| line.trim_start_matches("[ ] ").trim_start_matches("[x] "));
    let lines: Vec<&str> = std::iter::once(first).chain(rest).collect();
    let text =
        ["```", "`", "**", "~~"].into_iter().fold(lines.join("\n"), |text, sign| text.replace(sign, ""));
    without_emphasis(&text)
}

/// Emphasis begins or ends a word; the same signs inside one or alone are said: `a * b`, `snake_case`.
fn without_emphasis(text: &str) -> String {
    let is_word = |sign: Option<&char>| sign.is_some_and(|sign| sign.is_alphanumeric());
    let mut plain = String::with_capacity(text.len());
    let mut before = None;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_emphasis = matches!(sign, '_' | '*') && is_word(before.as_ref()) != is_word(signs.peek());
        if !is_emphasis {
            plain.push(sign);
        }
        before = Some(sign);
    }
    plain
}

/// Where an arrow leads from a result, or from the field, which stands over the first: to a result, or with `None` to the field.
pub fn step(from: Option<usize>, down: bool, count: usize) -> Option<usize> {
    match (from, down) {
        (None, true) => (count > 0).then_some(0),
        (Some(at), true) => Some((at + 1).min(count.saturating_sub(1))),
        (Some(at), false) => at.checked_sub(1),
        (None, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, is_match: bool) -> HighlightPart {
        HighlightPart { text: text.to_owned(), is_match }
    }

    fn hit(field: &str, parts: Vec<HighlightPart>) -> Hit {
        let highlights = vec![Highlight { field: field.to_owned(), fragments: vec![parts] }];
        Hit { id: TaskId::from("a"), highlights }
    }

    #[test]
    fn a_title_is_marked_while_it_is_what_was_found() {
        let parts = vec![part("Согласовать ", false), part("<b>договор</b>", true)];
        let found = hit("title", parts.clone());
        assert_eq!(found.title("Согласовать <b>договор</b>"), Some(parts.as_slice()));
        assert_eq!(found.title("Согласовать смету"), None, "changed since");
        assert!(found.pieces().is_empty());
        assert_eq!(hit("description", parts).title("Согласовать <b>договор</b>"), None);
    }

    #[test]
    fn pieces_are_plain() {
        let cases = [
            ("из — в: a * b - c", "из — в: a * b - c"),
            (
                "план\n\n## Разделы\n- **расходы** и ~~прочее~~\n  - [x] аренда",
                "план\n\nРазделы\nрасходы и прочее\nаренда",
            ),
            ("> начало", "> начало"),
            ("прогноз на _декабрь_, *срочно*", "прогноз на декабрь, срочно"),
            ("файл_отчёта 2*2 и _ * отдельно", "файл_отчёта 2*2 и _ * отдельно"),
            ("`код`\n```\n=СУММ(A1)\n```", "код\n\n=СУММ(A1)\n"),
        ];
        for (text, shown) in cases {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn arrows_go_from_the_field_through_the_results_and_back() {
        let walk = |downs: [bool; 6], count| {
            let mut at = None;
            downs.map(|down| {
                at = step(at, down, count);
                at
            })
        };
        let there_and_back = [true, true, true, false, false, false];
        assert_eq!(walk(there_and_back, 2), [Some(0), Some(1), Some(1), Some(0), None, None]);
        assert_eq!(walk(there_and_back, 0), [None; 6]);
    }
}
