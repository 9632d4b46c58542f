//! Registers the contract, so that a query which does not fit it fails to compile.

fn main() -> Result<(), cynic_codegen::registration::SchemaRegistrationError> {
    cynic_codegen::register_schema("vekha").from_sdl_file("../schema.graphql")?.as_default()?;
    Ok(())
}
