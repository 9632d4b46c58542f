//! The client: compiled for browsers, bound to JavaScript, and bundled into `target/web`.
//!
//! `index.html` is the one file whose address does not change; it leads to all others by names that change with their
//! contents. The binding is the library of the same version as the crate, so no tool has to be installed for it. The wasm is
//! cut into chunks before it is bound: the first page's, and those that `web/src/page/chunk.rs` names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::budget;
use crate::bundle::{self, Asset, Bundle};
use crate::fingerprint::Inputs;
use crate::tools::Packages;
use crate::{names, process, tools, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// The chunk that `boot.js` fetches beside the first, for the pages that are in it.
const FETCHED_EARLY: &str = "split_planning.wasm";

/// How much is done for the client's size and speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimised {
    /// Compiled in seconds, several times as large
    Hardly,
    /// As it is tested and delivered: small, compressed, and held to its budget
    Wholly,
}

impl Optimised {
    fn profile(self) -> &'static str {
        match self {
            Optimised::Hardly => "client-quick",
            Optimised::Wholly => "client",
        }
    }
}

/// Compiles the client and bundles it. What is up to date is left alone.
pub(crate) fn build(optimised: Optimised) -> Result<()> {
    let profile = optimised.profile();
    process::run(process::cargo().args([
        "build",
        "--package",
        "web",
        "--target",
        TARGET,
        "--profile",
        profile,
    ]))?;

    let root = workspace::root();
    let web = root.join("web");
    let wasm = workspace::target().join(TARGET).join(profile).join("web.wasm");
    let mut inputs = vec![wasm.clone()];
    inputs.extend(["index.html", "look.js", "boot.js", "sw.js"].map(|file| web.join(file)));
    inputs.extend(["style", "static", "fonts"].map(|folder| web.join(folder)));
    inputs.push(root.join("xtask").join("package-lock.json"));

    let stamp = workspace::target().join("web.stamp");
    let destination = workspace::target().join("web");
    if !destination.join("index.html").is_file() && stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    Inputs::new(&format!("{optimised:?}"), inputs)
        .changed(&stamp, || assemble(&web, &wasm, destination, optimised == Optimised::Wholly))?;
    Ok(())
}

fn assemble(web: &Path, wasm: &Path, destination: PathBuf, small: bool) -> Result<()> {
    let bound = workspace::target().join("web.bound");
    if bound.exists() {
        fs::remove_dir_all(&bound)?;
    }
    bind(wasm, &bound)?;
    name(&bound)?;
    if small {
        optimise(&bound)?;
    }

    let bundle = Bundle::new(destination)?;
    bundle.copy(&web.join("static"))?;

    let mut fonts = Vec::new();
    for font in bundle::files(&web.join("fonts"))? {
        let source = format!("fonts/{}", bundle::relative(&font, &web.join("fonts"))?);
        let contents = fs::read(&font)?;
        if source.ends_with(".woff2") {
            fonts.push(bundle.asset(&source, &contents)?);
        } else {
            bundle.write(&source, &contents)?;
        }
    }
    let style = bundle.asset("style.css", bundle::rewrite(&style(&web.join("style"))?, &fonts).as_bytes())?;

    // The script and the wasm refer to each other by name, so they are named as a whole: by their folder.
    let code = bundle.folder("client", &bound)?;
    let (begun_with, later): (Vec<Asset>, Vec<Asset>) =
        code.into_iter().partition(|asset| ["web.js", "web_bg.wasm"].contains(&asset.source.as_str()));
    let mut begun = begun_with.clone();
    begun.extend(later.iter().filter(|asset| asset.source == FETCHED_EARLY).cloned());
    let boot = referring(&script(&web.join("boot.js"), small)?, &begun)?;
    let boot = bundle.asset("boot.js", boot.as_bytes())?;
    let look = bundle.asset("look.js", script(&web.join("look.js"), small)?.as_bytes())?;

    // The worker keeps all of them, and is another whenever one of them is.
    let mut kept = vec![style.clone(), look.clone(), boot.clone()];
    kept.extend(begun_with.iter().chain(&fonts).cloned());
    let worker = referring(&script(&web.join("sw.js"), small)?, &kept)?;
    bundle.write("sw.js", listing(&worker, "/later", &later)?.as_bytes())?;

    // Fonts, script and wasm may be preloaded by the page; style, look and boot have to be in it.
    let page = referring(&read(&web.join("index.html"))?, &[style, look, boot])?;
    fonts.extend(begun_with);
    bundle.write("index.html", bundle::rewrite(&page, &fonts).as_bytes())?;
    if small {
        budget::hold(&bundle.compress()?)?;
    }
    bundle.finish()
}

/// Cuts the wasm into chunks and binds the first of them, which loads the others, to JavaScript.
fn bind(wasm: &Path, bound: &Path) -> Result<()> {
    let input = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let first = bound.with_extension("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = bound;
    options.main_out_path = &first;
    options.main_module = "./web.js";
    if let Err(reason) = wasm_split_cli_support::transform(options) {
        bail!("cannot cut the client into chunks: {reason:#}");
    }
    Bindgen::new()
        .input_path(&first)
        .out_name("web")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        // The other chunks use the memory, the table and the stack of the first.
        .keep_lld_exports(true)
        .generate(bound)
        .context("cannot bind the client to JavaScript")
}

/// Gives what the files of a folder know each other by names that compress.
fn name(folder: &Path) -> Result<()> {
    let files = bundle::files(folder)?;
    let mut contents = files.iter().map(fs::read).collect::<std::io::Result<Vec<_>>>()?;
    names::count(&mut contents)?;
    for (file, contents) in files.iter().zip(contents) {
        fs::write(file, contents)?;
    }
    Ok(())
}

/// The style sheets in the order of their names, as one.
fn style(folder: &Path) -> Result<String> {
    let mut style = String::new();
    for file in bundle::files(folder)? {
        style.push_str(&read(&file)?);
        style.push('\n');
    }
    Ok(style)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The text with its references rewritten; each of `assets` has to be referred to.
fn referring(text: &str, assets: &[Asset]) -> Result<String> {
    let mut text = text.to_owned();
    for asset in assets {
        let rewritten = bundle::rewrite(&text, std::slice::from_ref(asset));
        if rewritten == text {
            bail!("nothing refers to {}", asset.source);
        }
        text = rewritten;
    }
    Ok(text)
}

/// The text with `mark`, an element of a list, replaced by the addresses of `assets`.
fn listing(text: &str, mark: &str, assets: &[Asset]) -> Result<String> {
    let addresses: Vec<_> = assets.iter().map(|asset| format!("'{}'", asset.address)).collect();
    for quote in ['\'', '"'] {
        let mark = format!("{quote}{mark}{quote}");
        if text.contains(&mark) {
            return Ok(text.replace(&mark, &addresses.join(", ")));
        }
    }
    bail!("nothing to put in the place of {mark}")
}

/// Makes the chunks and the scripts of a folder small: by `wasm-opt` from npm, since the distributions' is too old for what
/// this compiler emits, and by `esbuild`.
fn optimise(folder: &Path) -> Result<()> {
    for file in bundle::files(folder)? {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => {
                let mut node = process::command("node");
                node.arg(program("binaryen", "wasm-opt")?).arg("-Oz").arg(&file).arg("-o").arg(&file);
                process::run(&mut node)?;
            }
            Some("js") => fs::write(&file, script(&file, true)?)?,
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// A script, without its comments and long names if it has to be small.
fn script(file: &Path, small: bool) -> Result<String> {
    if !small {
        return read(file);
    }
    let mut node = process::command("node");
    node.arg(program("esbuild", "esbuild")?).arg(file);
    // What the binding repeats in an object is the same each time.
    node.args(["--minify", "--format=esm", "--target=es2022", "--log-override:duplicate-object-key=silent"]);
    process::output(&mut node)
}

/// A program of a package from npm.
fn program(package: &str, name: &str) -> Result<PathBuf> {
    let home = workspace::root().join("xtask");
    tools::npm_ci(&home, Packages::Needed)?;
    Ok(home.join("node_modules").join(package).join("bin").join(name))
}
