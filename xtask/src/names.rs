//! The names by which the client's wasm and its script know each other.
//!
//! The binding ends each of some three hundred with a hash of sixteen digits, lest the names of two crates meet. Random digits do not
//! compress, and they are sent twice. Within one client names need only differ, so here they are counted instead. They stay as
//! long as they were: in the wasm nothing moves.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use regex::bytes::{Captures, Regex};

/// The digits of a hash.
const DIGITS: usize = 16;

/// Counts the names of files that know each other.
///
/// # Errors
///
/// When there is no such name: then the binding names things in another way.
pub(crate) fn count(files: &mut [Vec<u8>]) -> Result<()> {
    let name = Regex::new(r"(?-u)(?<stem>__wbg_\w+_)(?<hash>[0-9a-f]{16})\b")?;
    let mut hashes: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for found in files.iter().flat_map(|file| name.captures_iter(file)) {
        hashes.entry(found["stem"].to_vec()).or_default().insert(found["hash"].to_vec());
    }
    if hashes.is_empty() {
        bail!("none of the binding's names ends with a hash");
    }
    let counted = |found: &Captures<'_>| {
        let before =
            hashes.get(&found["stem"]).map_or(0, |hashes| hashes.range(..found["hash"].to_vec()).count());
        [&found["stem"], format!("{before:0DIGITS$}").as_bytes()].concat()
    };
    for file in files {
        *file = name.replace_all(file, counted).into_owned();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_on_both_sides_and_as_long_as_before() {
        let script = "{__wbg_body_5f971cbc6950ca4f:f,__wbg_new_ba40181b3f24ac80:g,__wbg_new_07eab48280c9cd7e:h,__wbindgen_free:i}";
        let wasm = b"\x0d__wbg_new_07eab48280c9cd7e\x00\x01\x1b__wbg_new_ba40181b3f24ac80\x00__wbg_body_5f971cbc6950ca4f\x00";
        let mut files = [script.as_bytes().to_vec(), wasm.to_vec()];
        count(&mut files).unwrap();
        let [now_script, now_wasm] = files;
        let expected = "{__wbg_body_0000000000000000:f,__wbg_new_0000000000000001:g,__wbg_new_0000000000000000:h,__wbindgen_free:i}";
        assert_eq!(String::from_utf8(now_script).unwrap(), expected);
        let expected = b"\x0d__wbg_new_0000000000000000\x00\x01\x1b__wbg_new_0000000000000001\x00__wbg_body_0000000000000000\x00";
        assert_eq!(now_wasm, expected);
    }

    #[test]
    fn a_binding_without_such_names_is_noticed() {
        assert!(count(&mut [b"{__wbg_body_f:f}".to_vec()]).is_err());
    }
}
