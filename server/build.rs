//! Makes the folders that the client and the playground are read from. rust-embed looks up their real path when the server
//! is compiled, and would find nothing in them later had they not been there.

fn main() -> std::io::Result<()> {
    for folder in ["../target/web", "../target/playground"] {
        std::fs::create_dir_all(folder)?;
    }
    announce("cargo::rerun-if-changed=build.rs");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "how a build script speaks with cargo")]
fn announce(instruction: &str) {
    println!("{instruction}");
}
