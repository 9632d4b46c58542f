//! How well a text fits what was typed.

use super::typed::{fold, other_layout};

/// What was typed, folded, and the same keys on the other layout.
pub struct Typed {
    words: Vec<String>,
    other: Vec<String>,
}

impl Typed {
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Self { other: words(&other_layout(&folded)), words: words(&folded) }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How far the text is from it, 0 being nearest; `None` where it does not fit at all.
    pub fn rank(&self, text: &str) -> Option<u32> {
        let text = fold(text);
        let all = |words: &[String]| words.iter().map(|word| distance(word, &text)).sum::<Option<u32>>();
        all(&self.words).or_else(|| Some(all(&self.other)? + 1))
    }
}

/// The start of a word, then any part of the text, then letters in their order with others between.
fn distance(word: &str, text: &str) -> Option<u32> {
    if text.starts_with(word) {
        return Some(0);
    }
    if text.split(|char: char| !char.is_alphanumeric()).any(|part| part.starts_with(word)) {
        return Some(1);
    }
    if text.contains(word) {
        return Some(3);
    }
    let mut rest = text.chars();
    let in_order = word.chars().count() > 2 && word.chars().all(|char| rest.any(|other| other == char));
    in_order.then_some(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(typed: &str, text: &str) -> Option<u32> {
        Typed::new(typed).rank(text)
    }

    #[test]
    fn nearer_texts_come_first() {
        let texts = ["Уведомления", "Новые уведомления", "Неувед", "Установить версию драйвера"];
        let ranks: Vec<_> = texts.iter().map(|text| rank("увед", text)).collect();
        assert_eq!(ranks, [Some(0), Some(1), Some(3), Some(8)]);
        assert_eq!(rank("увед", "Профиль"), None);
        assert_eq!(rank("", "Профиль"), Some(0));
    }

    #[test]
    fn every_word_has_to_fit() {
        assert_eq!(rank("тема тем", "Тема: Тёмная"), Some(0));
        assert_eq!(rank("тема свет", "Тема: Тёмная"), None);
    }

    #[test]
    fn either_layout_will_do() {
        assert_eq!(rank("pflfxf", "Задача"), Some(1));
        assert_eq!(rank("ыгзукмшыщк", "Anna Supervisor"), Some(2));
        assert_eq!(rank("отчет", "Отчёт"), Some(0));
    }
}
