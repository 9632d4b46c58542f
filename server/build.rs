//! Makes the folders that the client and the playground are read from. rust-embed looks up their real path when the server
//! is compiled, and would find nothing in them later had they not been there.

fn main() -> std::io::Result<()> {
    for folder in ["../target/web", "../target/playground"] {
        std::fs::create_dir_all(folder)?;
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
