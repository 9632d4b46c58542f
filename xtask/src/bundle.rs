//! Files for browsers: named by their contents, references rewritten, compressed, put in place as a whole. Knows nothing
//! of what is in them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Extensions worth compressing ahead of time; fonts and pictures are compressed as they are.
const COMPRESSED: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];

/// A folder under construction. It takes the place of `destination` only when it is complete, so a server that reads from
/// there never sees half of it.
pub(crate) struct Bundle {
    destination: PathBuf,
    building: PathBuf,
}

/// A file that was named by its contents: what sources call it, and the address it got.
#[derive(Clone)]
pub(crate) struct Asset {
    pub(crate) source: String,
    pub(crate) address: String,
}

/// What a file weighs, in bytes.
pub(crate) struct Weight {
    /// Inside the bundle.
    pub(crate) path: String,
    pub(crate) whole: usize,
    /// As it is sent: compressed, if it gains by that.
    pub(crate) sent: usize,
}

impl Bundle {
    pub(crate) fn new(destination: PathBuf) -> Result<Self> {
        let building = destination.with_extension("next");
        remove(&building)?;
        fs::create_dir_all(&building).with_context(|| format!("cannot create {}", building.display()))?;
        Ok(Self { destination, building })
    }

    /// Writes `path` as it is.
    pub(crate) fn write(&self, path: &str, contents: &[u8]) -> Result<()> {
        let file = self.building.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, contents).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Copies all files of `folder` to the root, keeping its folders. A folder that does not exist is empty.
    pub(crate) fn copy(&self, folder: &Path) -> Result<()> {
        for file in files(folder)? {
            self.write(&relative(&file, folder)?, &fs::read(&file)?)?;
        }
        Ok(())
    }

    /// Writes the file under `/assets/` with a name that changes with its contents, so that it may be cached for ever.
    pub(crate) fn asset(&self, source: &str, contents: &[u8]) -> Result<Asset> {
        let name = source.rsplit('/').next().unwrap_or(source);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let path = format!("assets/{stem}-{}.{extension}", short(&Sha256::digest(contents)));
        self.write(&path, contents)?;
        Ok(Asset { source: source.to_owned(), address: format!("/{path}") })
    }

    /// Writes a folder under `/assets/` with a name that changes with the contents of any of its files, for files that
    /// refer to each other by their own names.
    pub(crate) fn folder(&self, name: &str, folder: &Path) -> Result<Vec<Asset>> {
        let mut hash = Sha256::new();
        let mut contents = Vec::new();
        for file in files(folder)? {
            let source = relative(&file, folder)?;
            let bytes = fs::read(&file)?;
            hash.update(&source);
            hash.update(Sha256::digest(&bytes));
            contents.push((source, bytes));
        }
        let path = format!("assets/{name}-{}", short(&hash.finalize()));
        let mut assets = Vec::new();
        for (source, bytes) in contents {
            let path = format!("{path}/{source}");
            self.write(&path, &bytes)?;
            assets.push(Asset { source, address: format!("/{path}") });
        }
        Ok(assets)
    }

    /// Writes a `.br` beside each file that gains by it. Quality 11, window 22: the strongest that browsers read. Gives what
    /// each file weighs on the way.
    pub(crate) fn compress(&self) -> Result<Vec<Weight>> {
        let mut weights = Vec::new();
        for file in files(&self.building)? {
            let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let contents = fs::read(&file)?;
            let mut sent = contents.len();
            if COMPRESSED.contains(&extension) {
                let mut compressed = Vec::new();
                brotli::CompressorWriter::new(&mut compressed, 64 * 1024, 11, 22).write_all(&contents)?;
                if compressed.len() < contents.len() {
                    sent = compressed.len();
                    fs::write(file.with_extension(format!("{extension}.br")), compressed)?;
                }
            }
            weights.push(Weight { path: relative(&file, &self.building)?, whole: contents.len(), sent });
        }
        Ok(weights)
    }

    /// Puts the folder in its place.
    pub(crate) fn finish(self) -> Result<()> {
        remove(&self.destination)?;
        fs::rename(&self.building, &self.destination)
            .with_context(|| format!("cannot put {} in place", self.destination.display()))
    }
}

/// Replaces each reference to `assets` in a text: quoted or in `url(...)`, from the root or relative.
pub(crate) fn rewrite(text: &str, assets: &[Asset]) -> String {
    let mut text = text.to_owned();
    for asset in assets {
        for (open, close) in [('"', '"'), ('\'', '\''), ('`', '`'), ('(', ')')] {
            for prefix in ["/", "./", "../", ""] {
                let reference = format!("{open}{prefix}{}{close}", asset.source);
                text = text.replace(&reference, &format!("{open}{}{close}", asset.address));
            }
        }
    }
    text
}

/// All files of a folder and its folders, in the order of their names. A folder that does not exist is empty.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                found.extend(files(&path)?);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The path of a file inside `folder`, with forward slashes.
pub(crate) fn relative(file: &Path, folder: &Path) -> Result<String> {
    let path = file.strip_prefix(folder).with_context(|| format!("{} is elsewhere", file.display()))?;
    Ok(path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// Of a hash as much as names need.
fn short(hash: &[u8]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_every_form_are_rewritten_and_nothing_else() {
        let assets = [
            Asset { source: "web.js".into(), address: "/assets/web-1.js".into() },
            Asset { source: "fonts/text.woff2".into(), address: "/assets/text-2.woff2".into() },
        ];
        assert_eq!(
            rewrite(r#"import init from "./web.js";"#, &assets),
            r#"import init from "/assets/web-1.js";"#
        );
        assert_eq!(rewrite("src: url(/fonts/text.woff2)", &assets), "src: url(/assets/text-2.woff2)");
        assert_eq!(rewrite("src: url('../fonts/text.woff2')", &assets), "src: url('/assets/text-2.woff2')");
        assert_eq!(
            rewrite("the file web.js and \"/web.json\"", &assets),
            "the file web.js and \"/web.json\""
        );
    }

    #[test]
    fn a_name_follows_the_contents() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bundle = Bundle::new(folder.path().join("web")).expect("created");
        let one = bundle.asset("style.css", b"a {}").expect("written");
        let same = bundle.asset("style.css", b"a {}").expect("written");
        let other = bundle.asset("style.css", b"b {}").expect("written");
        assert_eq!(one.address, same.address);
        assert_ne!(one.address, other.address);
        bundle.finish().expect("in place");
        assert!(folder.path().join("web").join(one.address.trim_start_matches('/')).is_file());
    }

    #[test]
    fn a_folder_is_another_when_any_of_its_files_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bundle = Bundle::new(folder.path().join("web")).expect("created");
        let code = folder.path().join("code");
        fs::create_dir(&code).expect("made");
        fs::write(code.join("web.js"), "import './web.wasm'").expect("written");
        fs::write(code.join("web.wasm"), "1").expect("written");
        let one = bundle.folder("client", &code).expect("written");
        let same = bundle.folder("client", &code).expect("written");
        fs::write(code.join("web.wasm"), "2").expect("written");
        let other = bundle.folder("client", &code).expect("written");
        let addresses =
            |assets: &[Asset]| assets.iter().map(|asset| asset.address.clone()).collect::<Vec<_>>();
        assert_eq!(addresses(&one), addresses(&same));
        assert_ne!(
            addresses(&one)[0],
            addresses(&other)[0],
            "the script did not change, and what it loads did"
        );
        assert!(addresses(&one)[0].ends_with("/web.js"));
    }

    #[test]
    fn text_is_compressed_and_pictures_are_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bundle = Bundle::new(folder.path().join("web")).expect("created");
        bundle.write("style.css", "a { color: red }\n".repeat(100).as_bytes()).expect("written");
        bundle.write("icon.png", "png".repeat(100).as_bytes()).expect("written");
        bundle.compress().expect("compressed");
        bundle.finish().expect("in place");
        let names: Vec<_> = files(&folder.path().join("web")).expect("listed").into_iter().collect();
        let names: Vec<_> = names.iter().filter_map(|file| file.file_name()?.to_str()).collect();
        assert_eq!(names, ["icon.png", "style.css", "style.css.br"]);
    }
}
