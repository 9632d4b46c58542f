//! Quotation marks around what people wrote, which may hold quotation marks itself: those become the inner ones of the language.

/// «Проверить „Альфу“».
pub fn russian(text: &str) -> String {
    quoted(text, ['«', '»'], ['„', '“'])
}

/// “Check ‘Alpha’”.
pub fn english(text: &str) -> String {
    quoted(text, ['“', '”'], ['‘', '’'])
}

fn quoted(text: &str, outer: [char; 2], inner: [char; 2]) -> String {
    let [opens, closes] = outer;
    let [opens_inside, closes_inside] = inner;
    let mut quoted = String::with_capacity(text.len() + 4);
    quoted.push(opens);
    quoted.extend(text.chars().map(|character| {
        if character == opens {
            opens_inside
        } else if character == closes {
            closes_inside
        } else {
            character
        }
    }));
    quoted.push(closes);
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_within_quotes_become_the_inner_ones() {
        assert_eq!(russian("Отчёт"), "«Отчёт»");
        assert_eq!(russian("Договор с «Альфой»"), "«Договор с „Альфой“»");
        assert_eq!(russian("«Альфа» и «Бета»"), "«„Альфа“ и „Бета“»");
        assert_eq!(russian("как „есть“"), "«как „есть“»");
        assert_eq!(english("Deal with “Alpha”"), "“Deal with ‘Alpha’”");
    }
}
