//! Registers the contract, so that a query which does not fit it fails to compile, and has the linker keep what the
//! client is cut into chunks by (see `src/page/chunk.rs`).

use std::env;

fn main() -> Result<(), cynic_codegen::registration::SchemaRegistrationError> {
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    cynic_codegen::register_schema("vekha").from_sdl_file("../schema.graphql")?.as_default()?;
    Ok(())
}
