//! Packs the large files of the catalogue into the tables that the program embeds.

use std::path::Path;
use std::{env, error, fs};

#[path = "src/catalogue/pack/mod.rs"]
#[expect(
    dead_code,
    reason = "parts of the layout are for the reader, which is in the program"
)]
mod pack;

/// How hard the policies are compressed. It does not make reading them slower.
const EFFORT: u32 = 10;

fn main() -> Result<(), Box<dyn error::Error>> {
    let out = env::var("OUT_DIR")?;
    let actions = pack::actions(&read("actions.json")?, &read("amendments.json")?);
    let policies = pack::managed_policies(&read("managed-policies.json")?, EFFORT);
    for (name, packed) in [("actions.bin", actions), ("managed-policies.bin", policies)] {
        let bytes = packed.map_err(|error| format!("rules/catalogue, {name}: {error}"))?;
        fs::write(Path::new(&out).join(name), bytes)?;
    }
    Ok(())
}

/// The text of a file of the catalogue; the script runs again when it changes.
fn read(name: &str) -> Result<String, Box<dyn error::Error>> {
    let path = Path::new("rules/catalogue").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    Ok(fs::read_to_string(path)?)
}
