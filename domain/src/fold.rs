//! Text as lists and searches compare it: what a person means by it, without what only changes how it is written.

use alloc::string::String;

use crate::character::is_ignorable;

/// Letters with signs of Latin languages in their small forms, after the letter that they are compared as.
const LATIN: [&str; 21] = [
    "aàáâãäåāăą",
    "cçćĉċč",
    "dďđ",
    "eèéêëēĕėęě",
    "gĝğġģ",
    "hĥħ",
    "iìíîïĩīĭįı",
    "jĵ",
    "kķ",
    "lĺļľŀł",
    "nñńņň",
    "oòóôõöøōŏő",
    "rŕŗř",
    "sśŝşš",
    "tţťŧ",
    "uùúûüũūŭůűų",
    "wŵ",
    "yýÿŷ",
    "zźżž",
    "еёѐ",
    "иѝ",
];

/// Text as lists compare it: see [`letters`]; white space at the ends goes, and between words is one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let from = folded.len();
        if from > 0 {
            folded.push(' ');
        }
        push(&mut folded, word);
        // A word of nothing that shows is none.
        if from > 0 && folded.ends_with(' ') {
            folded.truncate(from);
        }
    }
    folded
}

/// Small letters, ё as е, Latin letters without their signs. Stress marks and soft hyphens go, a letter whose sign is written
/// apart is that letter: й is not и, however some system writes it.
pub fn letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    push(&mut folded, text);
    folded
}

/// The letter as it is compared, which is small already.
pub fn letter(small: char) -> char {
    if matches!(small, 'а'..='я' | '\0'..='\u{7f}') || small > 'ѝ' {
        return small;
    }
    let row = LATIN.iter().find(|row| row.contains(small));
    row.and_then(|row| row.chars().next()).unwrap_or(small)
}

/// The letter that one and the sign after it are, where the sign makes another letter of it.
pub fn composed(small: char, sign: char) -> Option<char> {
    match (small, sign) {
        ('и', '\u{306}') => Some('й'),
        ('у', '\u{306}') => Some('ў'),
        ('і', '\u{308}') => Some('ї'),
        _ => None,
    }
}

/// Whether it is a sign upon a letter: Combining Diacritical Marks of Unicode.
pub fn is_sign(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

fn push(folded: &mut String, text: &str) {
    for character in text.chars() {
        if matches!(character, 'а'..='я' | 'a'..='z' | '0'..='9') {
            folded.push(character);
        } else if is_sign(character) {
            if let Some(letter) = folded.chars().next_back().and_then(|last| composed(last, character)) {
                folded.pop();
                folded.push(letter);
            }
        } else if !is_ignorable(character) {
            folded.extend(character.to_lowercase().filter(|small| !is_sign(*small)).map(letter));
        }
    }
}
