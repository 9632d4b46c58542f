//! Whom `@` names: by the first name or the surname, unfinished, in any case of Russian declension or in Latin letters.

use super::lexer::Token;
use crate::text::typed::{fold, in_latin, other_layout};

/// What Russian names end in as they stand in a list. The longer ones first.
const NOMINATIVE: [&str; 12] = ["ия", "ья", "ий", "ый", "ой", "ая", "ей", "а", "я", "й", "ь", "о"];
/// What any case of them may end in.
const ENDINGS: [&str; 34] = [
    "", "а", "я", "у", "ю", "е", "ы", "и", "ой", "ей", "ом", "ем", "ым", "им", "ого", "его", "ому", "ему",
    "ою", "ею", "ый", "ий", "ая", "ую", "ия", "ию", "ии", "ией", "ью", "ье", "ья", "ьи", "ьей", "ьи",
];
/// Shorter stems would fit too many.
const SHORTEST_STEM: usize = 2;

/// What whoever types calls themselves.
const SELF: [&str; 4] = ["я", "мне", "себе", "me"];

/// Whether a folded word is this folded name or the start of it, in whatever case.
pub fn fits(word: &str, name: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let declined = |name: &str| {
        let ends = NOMINATIVE.iter().filter_map(|ending| name.strip_suffix(ending)).chain([name]);
        ends.filter(|stem| stem.chars().count() >= SHORTEST_STEM)
            .any(|stem| word.strip_prefix(stem).is_some_and(|rest| ENDINGS.contains(&rest)))
    };
    let is_latin = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    name.starts_with(word)
        || is_latin && in_latin(name).starts_with(&in_latin(word))
        || declined(name)
        || without_fleeting_vowel(name).is_some_and(|name| declined(&name))
}

/// «Павел» as it stands in «Павла».
fn without_fleeting_vowel(name: &str) -> Option<String> {
    let mut chars: Vec<char> = name.chars().collect();
    let place = chars.len().checked_sub(2).filter(|place| *place >= SHORTEST_STEM)?;
    matches!(chars.get(place), Some('е' | 'о')).then(|| {
        chars.remove(place);
        chars.into_iter().collect()
    })
}

/// Those whose name the word may begin, folded; everyone where there is none yet.
pub fn offered<'a>(word: &str, names: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    let find = |word: &str| -> Vec<usize> {
        let fitting = names.clone().enumerate().filter(|(_, name)| {
            fold(name).split_whitespace().any(|part| word.is_empty() || fits(word, part))
        });
        fitting.map(|(index, _)| index).collect()
    };
    let found = find(word);
    if found.is_empty() { find(&other_layout(word)) } else { found }
}

/// A part of the word that is in the name whatever its case.
pub fn stem(word: &str) -> String {
    let letters = word.chars().count();
    word.chars().take(letters.saturating_sub(2).max(2)).collect()
}

/// Whom the word at `at` names, and how many words that takes: the other part of the name may follow.
pub fn named(
    tokens: &[Token],
    at: usize,
    names: &[String],
    own: Option<usize>,
) -> Option<(Vec<usize>, usize)> {
    let word = tokens.get(at)?.text.strip_prefix('@')?;
    let parts: Vec<Vec<String>> =
        names.iter().map(|name| fold(name).split_whitespace().map(str::to_owned).collect()).collect();
    if word.is_empty() {
        return None;
    }
    let mut found = offered(word, names.iter().map(String::as_str));
    if SELF.contains(&word) {
        found.retain(|index| Some(*index) != own);
        found.splice(0..0, own);
    }
    if found.is_empty() {
        return None;
    }
    let ends = tokens.get(at).is_none_or(|token| token.ends);
    if let Some(next) =
        tokens.get(at + 1).map(|token| token.text.as_str()).filter(|next| !ends && next.chars().count() > 1)
    {
        let both = |index: &usize| {
            let parts = parts.get(*index).map(Vec::as_slice).unwrap_or_default();
            parts.iter().enumerate().any(|(first, part)| {
                fits(word, part)
                    && parts.iter().enumerate().any(|(second, other)| first != second && fits(next, other))
            })
        };
        let narrowed: Vec<usize> = found.iter().copied().filter(both).collect();
        if !narrowed.is_empty() {
            return Some((narrowed, 2));
        }
    }
    Some((found, 1))
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    #[test]
    fn names_in_every_case() {
        let cases = [
            ("петр", "петра петру петром петре петр пет"),
            ("иванов", "иванова иванову ивановым иванове иванов"),
            ("соколова", "соколовой соколову соколова соколов"),
            ("достоевский", "достоевского достоевскому достоевским достоевском"),
            ("анна", "анны анне анну анной"),
            ("ольга", "ольги ольге ольгу ольгой оль"),
            ("мария", "марии марию марией"),
            ("наталья", "натальи наталье наталью натальей"),
            ("илья", "ильи илье илью ильей"),
            ("андрей", "андрея андрею андреем андрее"),
            ("игорь", "игоря игорю игорем игоре"),
            ("юрий", "юрия юрию юрием юрии"),
            ("павел", "павла павлу павлом павле"),
            ("толстая", "толстой толстую"),
            ("шевченко", "шевченко"),
        ];
        for (name, forms) in cases {
            for form in forms.split(' ') {
                assert!(fits(form, name), "{form} is {name}");
            }
        }
    }

    #[test]
    fn other_names_do_not_fit() {
        for (word, name) in [
            ("иваненко", "иванов"),
            ("петренко", "петр"),
            ("анатолию", "анна"),
            ("", "анна"),
            ("павлова", "павел"),
        ] {
            assert!(!fits(word, name), "{word} is not {name}");
        }
    }

    #[test]
    fn a_second_word_narrows() {
        let names = ["Пётр Иванов", "Анна Иванова", "Пётр Сидоров"].map(str::to_owned);
        let who = |line: &str| named(&tokens(line), 0, &names, Some(1));
        assert_eq!(who("@иванова"), Some((vec![0, 1], 1)));
        assert_eq!(who("@петр"), Some((vec![0, 2], 1)));
        assert_eq!(who("@Петру Сидорову отчёт"), Some((vec![2], 2)));
        assert_eq!(who("@Иванову Петру"), Some((vec![0], 2)));
        assert_eq!(who("@анне, Иванову"), Some((vec![1], 1)), "a comma ends the name");
        assert_eq!(who("@fyyf"), Some((vec![1], 1)), "typed on the other layout");
        assert_eq!(who("@pyotr Sidorov"), Some((vec![2], 2)), "in Latin letters");
        assert_eq!(who("@никто"), None);
        assert_eq!(who("@мне"), Some((vec![1], 1)));
    }
}
