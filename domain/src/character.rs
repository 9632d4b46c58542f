//! What single characters of text from outside do: show nothing, turn text round, join their neighbours. The tables are by hand,
//! from the Unicode Character Database 16.0, <https://www.unicode.org/Public/16.0.0/ucd/>.

/// Bidi_Control of `PropList.txt`: marks, embeddings, overrides and isolates of a direction.
pub(crate) fn turns_text(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Default_Ignorable_Code_Point of `DerivedCoreProperties.txt`: shows nothing of itself, though it may change how its neighbours
/// look. Soft hyphens, joiners, variation selectors, Hangul fillers, tags, and what turns text.
pub fn is_ignorable(character: char) -> bool {
    character == '\u{ad}'
        || character >= '\u{34f}'
            && matches!(
                character,
                '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
                    | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
                    | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
                    | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            )
}

/// Shows nothing: white space, what is ignorable, and the braille pattern without dots.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_ignorable(character) || character == '\u{2800}'
}

/// A tag of `PropList.txt`'s emoji flags; anywhere else it is text that nobody sees.
pub(crate) fn is_tag(character: char) -> bool {
    matches!(character, '\u{e0000}'..='\u{e007f}')
}

/// Whether an ignorable character between these two makes them look as they should: emoji that are joined or have a selector,
/// keycaps, flags of tags, and the joiners of scripts whose letters change by their neighbours.
pub(crate) fn joins(before: Option<char>, character: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match character {
        '\u{200c}' | '\u{200d}' => {
            is_joining_letter(before) || is_emoji(before) && after.is_some_and(is_emoji)
        }
        // A digit with a selector is a keycap's.
        '\u{fe0f}' if matches!(before, '0'..='9' | '#' | '*') => after == Some('\u{20e3}'),
        '\u{fe00}'..='\u{fe0f}' => is_emoji(before) || is_joining_letter(before) || is_ideograph(before),
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1800}'..='\u{18af}'),
        '\u{e0100}'..='\u{e01ef}' => is_ideograph(before),
        '\u{e0020}'..='\u{e007f}' => before == '\u{1f3f4}' || is_tag(before),
        _ => false,
    }
}

/// Letters of Hebrew to Mongolian, Arabic's forms among them: their scripts have joiners.
fn is_joining_letter(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{18af}' | '\u{a840}'..='\u{a8ff}' | '\u{a900}'..='\u{abff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10a00}'..='\u{11fff}'
    ) && !is_ignorable(character)
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && !is_ignorable(character)
}

/// Symbols that are drawn as pictures, with the selector that says so.
fn is_emoji(character: char) -> bool {
    matches!(
        character,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{20e3}' | '\u{2100}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}'
            | '\u{3299}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}'
    ) && character != '\u{2800}'
}
