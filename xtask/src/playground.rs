//! The playground: GraphiQL and what it needs, from npm, bundled into `target/playground` for the server to embed. It
//! works without a network; nothing in it comes from elsewhere.

use std::fs;

use anyhow::{Context, Result};

use crate::bundle::Bundle;
use crate::fingerprint::Inputs;
use crate::tools::Packages;
use crate::{tools, workspace};

/// Files of packages, and what they are called in the playground.
const PACKAGED: [(&str, &str); 5] = [
    ("react/umd/react.production.min.js", "react.js"),
    ("react-dom/umd/react-dom.production.min.js", "react-dom.js"),
    ("graphql-ws/umd/graphql-ws.min.js", "graphql-ws.js"),
    ("graphiql/graphiql.min.js", "graphiql.js"),
    ("graphiql/graphiql.min.css", "graphiql.css"),
];

/// The playground's own files. Its page is the server's to write.
const OWN: [&str; 2] = ["playground.js", "playground.css"];

/// Bundles the playground; `release` compresses it as well. What is up to date is left alone.
pub(crate) fn build(release: bool) -> Result<()> {
    let source = workspace::root().join("server").join("playground");
    let destination = workspace::target().join("playground");
    let stamp = workspace::target().join("playground.stamp");
    if !destination.is_dir() && stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    let inputs = OWN.map(|name| source.join(name)).into_iter().chain([source.join("package-lock.json")]);
    let variant = if release { "release" } else { "debug" };
    Inputs::new(variant, inputs).changed(&stamp, || {
        tools::npm_ci(&source, Packages::Needed)?;
        let bundle = Bundle::new(destination)?;
        for (file, name) in PACKAGED {
            let file = source.join("node_modules").join(file);
            let contents = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            bundle.write(name, &contents)?;
        }
        for name in OWN {
            bundle
                .write(name, &fs::read(source.join(name)).with_context(|| format!("cannot read {name}"))?)?;
        }
        if release {
            bundle.compress()?;
        }
        bundle.finish()
    })?;
    Ok(())
}
