//! Addresses to sign in by, in the one form in which they are stored and compared. A browser sends the host's name in letters or in
//! the ASCII that stands for them, whichever it likes: both are one address, kept in letters. UTS 46,
//! <https://www.unicode.org/reports/tr46/>.

use domain::validate::{self, Violation};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;

/// The form of an address that somebody gave: see [`validate::email`].
///
/// # Errors
/// What is wrong with it.
pub fn email(input: &str) -> Result<String, Violation> {
    let address = validate::email(&input.nfc().collect::<String>())?;
    let (local, host) = address.rsplit_once('@').ok_or(Violation::Invalid)?;
    // Signs that are none of a host's were refused already, but for the underscore that some have.
    let ascii = Uts46::new()
        .to_ascii(host.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Verify)
        .map_err(|_| Violation::Invalid)?;
    validate::email(&format!("{local}@{}", in_letters(&ascii)))
}

/// A host's name, or part of one, in letters.
fn in_letters(ascii: &str) -> String {
    Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow).0.into_owned()
}

/// What of an address was typed to find it by: as addresses are stored, as far as it is one.
pub fn sought(text: &str) -> String {
    email(text).unwrap_or_else(|_| {
        let text = text.to_lowercase();
        if text.contains("xn--") {
            text.split('@').map(in_letters).collect::<Vec<_>>().join("@")
        } else {
            text
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_what_stands_for_them_are_one_address() {
        for given in [
            "yuri@почта.рф",
            "Yuri@ПОЧТА.РФ",
            "yuri@xn--80a1acny.xn--p1ai",
            "YURI@XN--80A1ACNY.XN--P1AI",
            "yuri@почта。рф",
        ] {
            assert_eq!(email(given).as_deref(), Ok("yuri@почта.рф"), "{given}");
        }
        // й in two, and letters of full width.
        assert_eq!(email("андреи\u{306}@b.ru").as_deref(), Ok("андрей@b.ru"));
        assert_eq!(email("a@ｂ.ru").as_deref(), Ok("a@b.ru"));
        assert_eq!(email("a@my_host").as_deref(), Ok("a@my_host"));
        assert_eq!(email("admin@localhost").as_deref(), Ok("admin@localhost"));
        for wrong in ["a@xn--a.ru", "a@\u{301}b.ru", "a@xn--.ru", &format!("a@{}.ru", "b".repeat(64))] {
            assert_eq!(email(wrong), Err(Violation::Invalid), "{wrong}");
        }
    }

    #[test]
    fn a_part_of_an_address_is_sought_as_it_is_stored() {
        assert_eq!(sought("XN--80A1ACNY"), "почта");
        assert_eq!(sought("Yuri@xn--80a1acny"), "yuri@почта");
        assert_eq!(sought("Юрий <yuri@b.ru>;"), "yuri@b.ru");
        assert_eq!(sought("Юр"), "юр");
    }
}
