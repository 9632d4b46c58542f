//! Which passwords are guessed first: the most common ones, Russian words in either layout of the keyboard, the product's name, and what
//! is known of the person themselves (ASVS 6.2.4, 6.2.11, 6.2.12). Nothing is asked of what a password is made of (ASVS 6.2.5).
//!
//! The lists are part of the binary, 0.95 MB, sorted, and searched where they lie: a password is looked up in some twenty
//! comparisons, and nothing is unpacked or kept. `guessable/README.md` names their sources and licences.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// The most common passwords of at least 8 characters, in lower case, sorted by bytes, one a line.
const PASSWORDS: &str = include_str!("guessable/passwords.txt");
/// Words that Russian passwords are made of, in lower case, `ё` as `е`.
const RUSSIAN_WORDS: &str = include_str!("guessable/russian.txt");
/// What stands around a word without making it another: `Пароль2026!`. Characters.
const ADORNMENT: usize = 5;
/// Names shorter than this are part of too many other words.
const SHORTEST_NAME: usize = 4;
/// With fewer letters than this of its own, a password is its person's or the product's name.
const OWN_LETTERS: usize = 4;
const PRODUCT: [&str; 2] = ["vekha", "веха"];

/// The keys of the two layouts, each under the other.
const LATIN_KEYS: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC_KEYS: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/// Whether the password is guessed among the first: it is common, or made of these names (of the person, of their address).
pub(super) fn is_guessable(password: &str, names: &[&str]) -> bool {
    let password = folded(password);
    let names: BTreeSet<String> = names
        .iter()
        .copied()
        .chain(PRODUCT)
        .flat_map(words)
        .flat_map(|word| [transliterated(&word), word])
        .filter(|word| word.chars().count() >= SHORTEST_NAME)
        .collect();
    let written =
        [typed(&password, CYRILLIC_KEYS, LATIN_KEYS), typed(&password, LATIN_KEYS, CYRILLIC_KEYS), password];
    written.iter().any(|password| {
        is_common(password) || is_russian_word(&unhardened(password)) || is_made_of(&names, password)
    })
}

/// In one form, lower case.
fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

/// With `ё` as `е`.
fn unhardened(text: &str) -> String {
    text.replace('ё', "е")
}

fn words(text: &str) -> Vec<String> {
    let text = unhardened(&folded(text));
    text.split(|character: char| !character.is_alphanumeric()).map(str::to_owned).collect()
}

/// As if typed in the other layout.
fn typed(text: &str, from: &str, to: &str) -> String {
    let key = |character: char| {
        let place = from.chars().position(|key| key == character)?;
        to.chars().nth(place)
    };
    text.chars().map(|character| key(character).unwrap_or(character)).collect()
}

/// By bisection of the file itself: its lines are sorted.
fn is_common(password: &str) -> bool {
    let (mut low, mut high) = (0, PASSWORDS.len());
    while low < high {
        let middle = low.midpoint(high);
        let before = PASSWORDS.as_bytes().get(..middle).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place.saturating_add(1));
        let line = PASSWORDS.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        match password.as_bytes().cmp(line.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = start.saturating_add(line.len()).saturating_add(1),
        }
    }
    false
}

/// A Russian word as it is, twice, or in Latin letters, with little around it.
fn is_russian_word(password: &str) -> bool {
    let stem = password.trim_matches(|character: char| !character.is_alphabetic());
    let adornment = password.chars().count().saturating_sub(stem.chars().count());
    if stem.is_empty() || adornment > ADORNMENT {
        return false;
    }
    let half = stem.len() / 2;
    let once = match (stem.get(..half), stem.get(half..)) {
        (Some(first), Some(second)) if first == second => first,
        _ => stem,
    };
    RUSSIAN_WORDS.lines().any(|word| word == once || transliterated(word) == once)
}

/// Whether little is left of it without these names.
fn is_made_of(names: &BTreeSet<String>, password: &str) -> bool {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let password = unhardened(password);
    let rest = names.iter().fold(password.clone(), |rest, name| rest.replace(name.as_str(), " "));
    rest != password && rest.chars().filter(|character| character.is_alphabetic()).count() < OWN_LETTERS
}

/// As Russian is written in Latin letters where there are no others.
fn transliterated(word: &str) -> String {
    let mut latin = String::with_capacity(word.len());
    for letter in word.chars() {
        let written = match letter {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'ё' | 'э' => "e",
            'ж' => "zh",
            'з' => "z",
            'и' => "i",
            'й' | 'ы' => "y",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "h",
            'ц' => "c",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "sch",
            'ъ' | 'ь' => "",
            'ю' => "yu",
            'я' => "ya",
            other => {
                latin.push(other);
                continue;
            }
        };
        latin.push_str(written);
    }
    latin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(password: &str) -> bool {
        is_guessable(password, &[])
    }

    #[test]
    fn the_list_is_sorted_and_every_line_of_it_is_found() {
        let lines: Vec<&str> = PASSWORDS.lines().collect();
        assert!(lines.len() >= 100_000, "{}", lines.len());
        assert!(lines.is_sorted_by(|one, other| one < other));
        assert!(lines.iter().all(|line| line.chars().count() >= domain::validate::limit::PASSWORD_MIN));
        assert!(lines.iter().all(|line| is_common(line)));
        assert!(!is_common("") && !is_common("\u{10ffff}") && !is_common("1q2w3e4r\n1q2w3e4r5t"));
    }

    #[test]
    fn what_most_people_use_is_refused_however_it_is_written() {
        for password in [
            "987654321",
            "11111111",
            "admin123",
            "QwertyUiop",
            "P@ssw0rd",
            "1q2w3e4r",
            "Aa123456",
            "zag12wsx",
            "Qwerty123!",
            "йцукенгшщз",
            "Йцукен12345",
            "солнышко",
            "cjkysirj",
            "Привет123",
            "привет2026!",
            "ghbdtn2026",
            "privet2026",
            "пароль12",
            "приветпривет",
            "Екатерина1990",
            "любовь123",
            "k.,jdm123",
            "спартак1",
        ] {
            assert!(common(password), "{password}");
        }
    }

    #[test]
    fn what_nobody_would_guess_is_taken() {
        for password in [
            "восемь 8",
            "        ",
            "correct horse battery",
            "пароль от почты деда",
            "gT7#kkq2",
            "привет123456789",
        ] {
            assert!(!common(password), "{password}");
        }
    }

    #[test]
    fn ones_own_name_and_address_and_the_product_are_no_passwords() {
        let of_olga = |password| is_guessable(password, &["Ольга Ковалёва", "okovaleva@stroymash.example"]);
        for password in [
            "Ковалева1985",
            "ковалёва!!",
            "kovaleva1985",
            "Okovaleva",
            "jkmufRjdfktdf",
            "stroymash2026",
            "ОльгаОльга",
            "vekha2026",
            "Vekha-Vekha",
            "веха12345",
        ] {
            assert!(of_olga(password), "{password}");
        }
        for password in ["Ковалева едет в отпуск", "vekha opens the door"] {
            assert!(!of_olga(password), "{password}");
        }
        assert!(!is_guessable("Ковалева1985", &["Пётр Иванов", "petr@example.ru"]));
        assert!(!is_guessable("янтарь87хи", &["Ян Ли", "ya@example.ru"]), "short names are in many words");
    }
}
