//! What Ctrl+B, Ctrl+I and Ctrl+K do to a text while it is typed.

/// A way to set off what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Strong,
    Emphasis,
    Link,
}

impl Format {
    /// By the physical key, so that a Russian layout works.
    pub fn of_key(code: &str) -> Option<Self> {
        match code {
            "KeyB" => Some(Self::Strong),
            "KeyI" => Some(Self::Emphasis),
            "KeyK" => Some(Self::Link),
            _ => None,
        }
    }
}

/// What to put in place of a range, and what to select then. Places are counted in UTF-16 code units, as browsers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub range: (u32, u32),
    pub text: String,
    pub selection: (u32, u32),
}

/// Sets off the selection, or takes off what sets it off.
pub fn format(text: &str, selection: (u32, u32), format: Format) -> Replacement {
    let (from, to) = selection;
    let units: Vec<u16> = text.encode_utf16().collect();
    let part = |from: u32, to: u32| {
        let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        let units = range.and_then(|(from, to)| units.get(from..to)).unwrap_or_default();
        String::from_utf16_lossy(units)
    };
    let chosen = part(from, to);
    let mark = match format {
        Format::Strong => "**",
        Format::Emphasis => "_",
        Format::Link => return link(selection, &chosen),
    };
    let width = units_of(mark);
    let is_set_off = from >= width && part(from - width, from) == mark && part(to, to + width) == mark;
    if is_set_off {
        let start = from - width;
        return Replacement {
            range: (start, to + width),
            selection: (start, start + units_of(&chosen)),
            text: chosen,
        };
    }
    let start = from + width;
    Replacement {
        range: selection,
        selection: (start, start + units_of(&chosen)),
        text: [mark, &chosen, mark].concat(),
    }
}

/// The words of a link, or its address, whichever was not selected, is selected to be typed.
fn link(range: (u32, u32), chosen: &str) -> Replacement {
    let (from, _) = range;
    let is_address = super::link::is_safe(chosen);
    let (words, address) = if is_address { ("", chosen) } else { (chosen, "") };
    let text = ["[", words, "](", address, ")"].concat();
    let place = from + 1 + if is_address || chosen.is_empty() { 0 } else { units_of(words) + 2 };
    Replacement { range, text, selection: (place, place) }
}

fn units_of(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(0)
}
