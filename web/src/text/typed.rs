//! What a person typed, made comparable: case and ё/е folded, read as on the other layout where that was meant, and names in Latin
//! letters.

pub use domain::fold::letters as fold;

/// The keys of a Latin layout in small letters, and what the same keys write on the Russian one.
const LATIN: &str = "qwertyuiop[]asdfghjkl;\u{27}zxcvbnm,.`";
const RUSSIAN: &str = "йцукенгшщзхъфывапролджэячсмитьбюе";

/// The same keys pressed on the other layout, of folded text: «pflfxf» is «задача», «ыгзукмшыщк» is «supervisor».
pub fn other_layout(folded: &str) -> String {
    let is_russian = folded.chars().any(|char| RUSSIAN.contains(char));
    let (from, to) = if is_russian { (RUSSIAN, LATIN) } else { (LATIN, RUSSIAN) };
    let press = |char| {
        from.chars().zip(to.chars()).find(|(known, _)| *known == char).map_or(char, |(_, other)| other)
    };
    folded.chars().map(press).collect()
}

/// How the letters of a Russian name are written in Latin ones, from «а» to «я».
const ROMAN: [&str; 32] = [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
    "h", "ts", "ch", "sh", "sh", "", "i", "", "e", "iu", "ia",
];

/// A folded name in Latin letters such that its usual spellings come to the same: «ольга» and «olga», «юлия», «yulia» and «julia».
pub fn in_latin(folded: &str) -> String {
    let letter = |char: char| {
        let place = u32::from(char).checked_sub(u32::from('а')).and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| ROMAN.get(place)).map_or_else(|| char.to_string(), |roman| (*roman).to_owned())
    };
    let mut latin: String = folded.chars().map(letter).collect();
    // What is written y or j is i, and pairs that tell one spelling from another become one.
    for (from, to) in
        [("y", "i"), ("j", "i"), ("shch", "sh"), ("kh", "h"), ("x", "ks"), ("io", "e"), ("ie", "e")]
    {
        latin = latin.replace(from, to);
    }
    let mut before = None;
    latin.retain(|char| before.replace(char) != Some(char));
    latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_yo_are_folded() {
        assert_eq!(fold("Пётр ЁЖИК Anna"), "петр ежик anna");
    }

    #[test]
    fn names_in_latin_letters() {
        for (name, spellings) in [
            ("ольга", "olga"),
            ("анна", "anna"),
            ("петр", "petr pyotr"),
            ("юлия", "yulia yuliya julia iuliia"),
            ("дмитрий", "dmitry dmitriy dmitri dmitrij"),
            ("евгений", "evgeny yevgeny evgeniy"),
            ("сергей", "sergey sergei"),
            ("михаил", "mikhail mihail"),
            ("наталья", "natalya natalia"),
            ("щукина", "shchukina shukina"),
        ] {
            for spelling in spellings.split(' ') {
                assert_eq!(in_latin(spelling), in_latin(name), "{spelling}");
            }
        }
        assert_ne!(in_latin("olga"), in_latin("олег"));
    }

    #[test]
    fn keys_pressed_on_the_other_layout() {
        for (typed, meant) in
            [("pflfxf", "задача"), ("ыгзукмшыщк", "supervisor"), ("bdfyjd", "иванов"), ("", "")]
        {
            assert_eq!(other_layout(typed), meant);
        }
        assert_eq!(other_layout("nfcr 12"), "таск 12");
    }
}
