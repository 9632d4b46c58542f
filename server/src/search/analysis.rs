//! What a word is: how text becomes words that can be compared, the same for tasks and for questions, and for both engines.
//! Knows nothing of engines, weights or tasks.

use std::ops::Range;
use std::sync::LazyLock;

use domain::character::is_ignorable;
use domain::fold::{composed, is_sign, letter};
use frostem::{Algorithm, Stemmer};

/// A word is compared by so many letters at the most; what follows is not looked at.
const LONGEST: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is compared: lower case, ё as е.
    pub word: String,
    /// The word without its endings, by Snowball's Russian or English; the word itself where it is of neither language.
    pub stem: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// The words of a text with their stems.
pub fn tokens(text: &str) -> Vec<Token> {
    words(text).into_iter().map(|(word, range)| Token { stem: stem(&word), word, range }).collect()
}

/// The words of a text: runs of letters and digits, as they are compared, and where each stands.
pub fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut range = 0..0;
    for (at, character) in text.char_indices() {
        let end = at.saturating_add(character.len_utf8());
        if is_folded(character) || character.is_alphanumeric() {
            if word.is_empty() {
                range.start = at;
            }
            if is_folded(character) {
                word.push(character);
            } else {
                let folded = character.to_lowercase().filter(|folded| folded.is_alphanumeric());
                word.extend(folded.map(letter));
            }
            range.end = end;
        } else if !word.is_empty() && (is_sign(character) || is_ignorable(character)) {
            // A letter and its sign apart, as some systems write й and ё; soft hyphens, which stand inside words.
            if let Some(letter) = word.chars().next_back().and_then(|last| composed(last, character)) {
                word.pop();
                word.push(letter);
            }
            range.end = end;
        } else if !word.is_empty() {
            words.push((cut(std::mem::take(&mut word)), range.clone()));
        }
    }
    if !word.is_empty() {
        words.push((cut(word), range));
    }
    words
}

/// Most letters are; to look them up in the tables of Unicode takes far longer.
fn is_folded(character: char) -> bool {
    matches!(character, 'а'..='я' | 'a'..='z' | '0'..='9')
}

fn cut(mut word: String) -> String {
    if let Some((cut, _)) = word.char_indices().nth(LONGEST) {
        word.truncate(cut);
    }
    word
}

/// The word without its endings.
pub fn stem(word: &str) -> String {
    static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Russian));
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
    let stemmed = if word.chars().all(|letter| matches!(letter, 'а'..='я')) {
        RUSSIAN.stem(word)
    } else if word.chars().all(|letter| letter.is_ascii_lowercase()) {
        ENGLISH.stem(word)
    } else {
        word.into()
    };
    if stemmed.is_empty() { word.to_owned() } else { stemmed.into_owned() }
}

/// How many letters may be wrong in a word, a swap of neighbours counting as one: none in short words, where every other
/// word would be near, and none where there are digits, which mean what they say.
pub fn forgiven_edits(word: &str) -> u8 {
    if word.chars().any(char::is_numeric) {
        return 0;
    }
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether two words differ by at most so many letters, a swap of neighbours counting as one.
pub fn within_edits(one: &str, other: &str, edits: u8) -> bool {
    let edits = usize::from(edits);
    let apart = one.chars().count().abs_diff(other.chars().count());
    apart <= edits && strsim::osa_distance(one, other) <= edits
}

/// Words that say little: a text need not have them to be found by a question that does.
pub fn says_little(word: &str) -> bool {
    const RUSSIAN: [&str; 32] = [
        "а", "без", "в", "во", "для", "до", "же", "за", "и", "из", "или", "к", "как", "ко", "ли", "на", "не",
        "но", "о", "об", "обо", "от", "по", "под", "при", "про", "с", "со", "то", "у", "что", "это",
    ];
    const ENGLISH: [&str; 18] = [
        "a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "up",
        "with", "we",
    ];
    RUSSIAN.contains(&word) || ENGLISH.contains(&word)
}

/// The keys of a Russian and of an English layout, in the same order.
const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";
const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ";

/// What the same keys give on the other keyboard layout; `None` where there is no letter to be taken for another, or where
/// both alphabets are used already.
pub fn on_other_layout(text: &str) -> Option<String> {
    let latin = text.chars().any(|character| character.is_ascii_alphabetic());
    let cyrillic = text.chars().any(|character| matches!(character, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    let (from, to) = match (latin, cyrillic) {
        (true, false) => (LATIN_KEYS, CYRILLIC_KEYS),
        (false, true) => (CYRILLIC_KEYS, LATIN_KEYS),
        (true, true) | (false, false) => return None,
    };
    let other = |key: char| from.chars().zip(to.chars()).find(|(it, _)| *it == key).map_or(key, |(_, it)| it);
    Some(text.chars().map(other).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        super::words(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_in_lower_case() {
        assert_eq!(
            words("Отчёт «ООО Ромашка-2» за 1-й кв."),
            ["отчет", "ооо", "ромашка", "2", "за", "1", "й", "кв"]
        );
        assert_eq!(words("— , . !"), [""; 0]);
        assert_eq!(words("ко\u{ad}пия Йод ие\u{308} \u{418}\u{306}од"), ["копия", "йод", "ие", "йод"]);
        assert_eq!(
            words("за\u{301}мок до\u{200b}говор re\u{301}sumé, résumé"),
            ["замок", "договор", "resume", "resume"]
        );
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Счёт, ёлка";
        let found = tokens(text);
        assert_eq!(
            found.iter().map(|token| &text[token.range.clone()]).collect::<Vec<_>>(),
            ["Счёт", "ёлка"]
        );
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (one, other) in [
            ("договор", "договоров"),
            ("отчет", "отчетами"),
            ("заявка", "заявкой"),
            ("согласование", "согласования"),
            ("reports", "report"),
            ("running", "run"),
        ] {
            assert_eq!(stem(one), stem(other), "{one}");
        }
        assert_eq!(stem("2026"), "2026");
        assert_eq!(stem("1с"), "1с");
    }

    #[test]
    fn the_other_layout_is_that_of_the_same_keys() {
        assert_eq!(on_other_layout("ljujdjh").as_deref(), Some("договор"));
        assert_eq!(on_other_layout("<.l;tn").as_deref(), Some("Бюджет"));
        assert_eq!(on_other_layout("кузщке").as_deref(), Some("report"));
        assert_eq!(on_other_layout("2026"), None);
        assert_eq!(on_other_layout("1с-retail"), None);
        assert_eq!(LATIN_KEYS.chars().count(), CYRILLIC_KEYS.chars().count());
    }

    #[test]
    fn a_swap_counts_as_one_and_short_words_forgive_nothing() {
        assert!(within_edits("договро", "договор", 1));
        assert!(within_edits("дговор", "договор", 1));
        assert!(!within_edits("догвро", "договор", 1));
        assert_eq!(["акт", "план", "договор", "договоры", "план1"].map(forgiven_edits), [0, 1, 1, 2, 0]);
    }
}
