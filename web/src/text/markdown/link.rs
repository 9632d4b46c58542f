//! Which addresses are links, and where one that stands in a text ends.

/// What an address may start with. Anything else, `javascript:` and `data:` among it, is text.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The longest address that becomes a link, in bytes: longer than any that browsers exchange reliably.
const LONGEST: usize = 2_000;

/// Brackets within each other in an address.
const BRACKETS: usize = 4;

/// Whether an address may be a link.
pub fn is_safe(address: &str) -> bool {
    let scheme = SCHEMES.into_iter().find(|scheme| has_prefix(address, scheme));
    scheme.is_some_and(|scheme| address.len() > scheme.len())
        && !address.chars().any(|character| character.is_whitespace() || character.is_control())
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The address between brackets, of a text that starts behind the opening one: `https://example.com)`.
pub fn in_brackets(text: &str) -> Option<&str> {
    // Asked first, so that what cannot be an address is not read to its end for nothing.
    if !SCHEMES.into_iter().any(|scheme| has_prefix(text, scheme)) {
        return None;
    }
    let mut open = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '(' if open < BRACKETS => open += 1,
            ')' if open > 0 => open -= 1,
            ')' => return text.get(..index).filter(|address| is_safe(address)),
            '(' | '[' | '<' | '"' => return None,
            other if other.is_whitespace() || index > LONGEST => return None,
            _ => {}
        }
    }
    None
}

/// The address with which a text begins, where it begins with one of the web. Whether it is too long for a link is not asked.
///
/// What is not an address is known by its first characters, so that no text is read over and over.
pub fn bare(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| has_prefix(text, scheme))?;
    if !text.get(scheme.len()..)?.starts_with(char::is_alphanumeric) {
        return None;
    }
    let ends = |(index, character): (usize, char)| {
        character.is_whitespace()
            || character.is_control()
            || "<>\"`«»“”„".contains(character)
            // Here the words of a link end.
            || (character == ']' && text.get(index + 1..).is_some_and(|after| after.starts_with('(')))
    };
    let end = text.char_indices().find(|place| ends(*place)).map_or(text.len(), |(index, _)| index);
    let mut address = text.get(..end)?;
    let closing = address.matches(')').count();
    let mut unbalanced = closing.saturating_sub(address.matches('(').count());
    // What ends the sentence does not belong to the address, nor does a bracket that was opened before it.
    while let Some(last) = address.chars().next_back() {
        let drops = match last {
            ')' if unbalanced > 0 => {
                unbalanced -= 1;
                true
            }
            last => ".,;:!?…'*_~]|".contains(last),
        };
        if !drops {
            break;
        }
        address = address.get(..address.len() - last.len_utf8())?;
    }
    Some(address)
}

/// Whether an address is short enough for a link.
pub fn fits(address: &str) -> bool {
    address.len() <= LONGEST
}
