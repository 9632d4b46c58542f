//! What the program says to whoever typed its name.

use std::fmt::Display;
use std::io::Write;

/// Writes a line. A reader that went away is no reason to fail.
pub(crate) fn to(out: &mut impl Write, line: impl Display) {
    let _gone = writeln!(out, "{line}").and_then(|()| out.flush());
}
