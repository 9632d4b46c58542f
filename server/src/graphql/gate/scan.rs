//! What of a document can be told from its characters, before anything is built of it. Judges nothing: the limits are the gate's.

/// What can be told of a document before it is parsed.
pub(super) struct Scanned {
    /// How deep brackets nest.
    pub(super) deepest: usize,
    pub(super) names: usize,
}

/// Looks at what is outside strings and comments.
pub(super) fn scan(query: &str) -> Scanned {
    let mut rest = query.as_bytes();
    let (mut open, mut deepest, mut names) = (0_usize, 0_usize, 0_usize);
    let mut in_name = false;
    while let Some((&byte, after)) = rest.split_first() {
        let is_of_name = byte.is_ascii_alphanumeric() || byte == b'_';
        if is_of_name && !in_name && !byte.is_ascii_digit() {
            names = names.saturating_add(1);
        }
        in_name = is_of_name;
        rest = match byte {
            b'#' => after_line(after),
            b'"' => match after {
                [b'"', b'"', block @ ..] => after_block_string(block),
                _ => after_string(after),
            },
            b'{' | b'[' | b'(' => {
                open = open.saturating_add(1);
                deepest = deepest.max(open);
                after
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                after
            }
            _ => after,
        };
    }
    Scanned { deepest, names }
}

fn after_line(mut rest: &[u8]) -> &[u8] {
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if matches!(byte, b'\n' | b'\r') {
            break;
        }
    }
    rest
}

fn after_string(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [b'\\', _, after @ ..] => after,
            [b'"' | b'\n' | b'\r', after @ ..] => return after,
            [_, after @ ..] => after,
            [] => return rest,
        };
    }
}

fn after_block_string(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [b'\\', b'"', b'"', b'"', after @ ..] => after,
            [b'"', b'"', b'"', after @ ..] => return after,
            [_, after @ ..] => after,
            [] => return rest,
        };
    }
}
