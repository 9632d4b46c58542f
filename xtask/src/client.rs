//! The client: compiled for browsers, bound to JavaScript, and bundled into `target/web`.
//!
//! `index.html` is the one file whose address does not change; it leads to all others by names that change with their
//! contents. The binding is the library of the same version as the crate, so no tool has to be installed for it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::bundle::{self, Asset, Bundle};
use crate::fingerprint::Inputs;
use crate::{process, tools, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// How much is done for the client's size and speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimised {
    /// Compiled in seconds, several times as large
    Hardly,
    /// As it is tested
    ByTheCompiler,
    /// As it is delivered: `wasm-opt` as well, and compressed
    Wholly,
}

impl Optimised {
    fn profile(self) -> &'static str {
        match self {
            Optimised::Hardly => "client-quick",
            Optimised::ByTheCompiler | Optimised::Wholly => "client",
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
    inputs.extend(["index.html", "boot.js", "sw.js"].map(|file| web.join(file)));
    inputs.extend(["style", "static", "fonts"].map(|folder| web.join(folder)));
    inputs.push(root.join("xtask").join("package-lock.json"));

    let stamp = workspace::target().join("web.stamp");
    let destination = workspace::target().join("web");
    if !destination.join("index.html").is_file() && stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    let release = optimised == Optimised::Wholly;
    Inputs::new(&format!("{optimised:?}"), inputs)
        .changed(&stamp, || assemble(&web, &wasm, destination, release))?;
    Ok(())
}

fn assemble(web: &Path, wasm: &Path, destination: PathBuf, release: bool) -> Result<()> {
    let bound = workspace::target().join("web.bound");
    if bound.exists() {
        fs::remove_dir_all(&bound)?;
    }
    Bindgen::new()
        .input_path(wasm)
        .out_name("web")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .generate(&bound)
        .context("cannot bind the client to JavaScript")?;
    let bound_wasm = bound.join("web_bg.wasm");
    if release {
        optimise(&bound_wasm)?;
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

    let wasm = bundle.asset("web_bg.wasm", &fs::read(&bound_wasm)?)?;
    let snippets = bound.join("snippets");
    for snippet in bundle::files(&snippets)? {
        bundle.write(
            &format!("assets/snippets/{}", bundle::relative(&snippet, &snippets)?),
            &fs::read(&snippet)?,
        )?;
    }
    let script = bundle.asset("web.js", &fs::read(bound.join("web.js"))?)?;
    let boot = referring(&web.join("boot.js"), &[script.clone(), wasm.clone()])?;
    let boot = bundle.asset("boot.js", boot.as_bytes())?;

    // The worker keeps all of them, and is another whenever one of them is.
    let mut kept = vec![style.clone(), boot.clone(), script.clone(), wasm.clone()];
    kept.extend(fonts.iter().cloned());
    bundle.write("sw.js", referring(&web.join("sw.js"), &kept)?.as_bytes())?;

    // Fonts, script and wasm may be preloaded by the page; style and boot have to be in it.
    let page = referring(&web.join("index.html"), &[style, boot])?;
    fonts.extend([script, wasm]);
    bundle.write("index.html", bundle::rewrite(&page, &fonts).as_bytes())?;
    if release {
        bundle.compress()?;
    }
    bundle.finish()
}

/// The style sheets in the order of their names, as one.
fn style(folder: &Path) -> Result<String> {
    let mut style = String::new();
    for file in bundle::files(folder)? {
        style
            .push_str(&fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?);
        style.push('\n');
    }
    Ok(style)
}

/// The text of a file with its references rewritten; each of `assets` has to be referred to.
fn referring(file: &Path, assets: &[Asset]) -> Result<String> {
    let mut text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    for asset in assets {
        let rewritten = bundle::rewrite(&text, std::slice::from_ref(asset));
        if rewritten == text {
            bail!("{} does not refer to {}", file.display(), asset.source);
        }
        text = rewritten;
    }
    Ok(text)
}

/// `wasm-opt -Oz`, from npm: the distributions' are too old for what this compiler emits.
fn optimise(wasm: &Path) -> Result<()> {
    let folder = workspace::root().join("xtask");
    tools::npm_ci(&folder)?;
    let program = folder.join("node_modules").join("binaryen").join("bin").join("wasm-opt");
    process::run(process::command("node").arg(program).arg("-Oz").arg(wasm).arg("-o").arg(wasm))
}
