//! What a person typed, made comparable: case and ё/е folded, and read as on the other layout where that was meant.

/// In small letters, with е for ё.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|char| if char == 'ё' { 'е' } else { char }).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_yo_are_folded() {
        assert_eq!(fold("Пётр ЁЖИК Anna"), "петр ежик anna");
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
